import type { Page } from '../upstream/envelope.ts';
import type { Time } from '../upstream/tolerant.ts';
import type { PageQuery } from './row.ts';

/** What orders rows that are all at hand: the time of creation, and the identifier where it is the same. */
type Row = { identifier: string; createdAt: Time | null };

const sortKey = ({ createdAt, identifier }: Row): string => `${createdAt ?? ''} ${identifier}`;

/** A page as Novu would answer it, of rows that are all at hand: their identifiers are what Novu's ids are in its pages. */
export function pageOf<T extends Row>(rows: readonly T[], query: PageQuery): Page<T> {
  const { after, before, limit, orderDirection } = query;
  const sign = orderDirection === 'ASC' ? 1 : -1;
  const sorted = rows.toSorted((one, other) => (sortKey(one) < sortKey(other) ? -sign : sign));
  const anchor = after ?? before;
  const at = anchor === undefined ? -1 : sorted.findIndex(({ identifier }) => identifier === anchor);
  const counted = { totalCount: rows.length, totalCountCapped: false };
  // As Novu answers a cursor whose row is gone.
  if (anchor !== undefined && at < 0)
    return { items: [], next: null, previous: null, totalCount: 0, totalCountCapped: false };
  const start = before === undefined ? at + 1 : Math.max(at - limit, 0);
  const end = before === undefined ? start + limit : at;
  const items = sorted.slice(start, end);
  return {
    ...counted,
    items,
    next: end < sorted.length ? (items.at(-1)?.identifier ?? null) : null,
    previous: start > 0 ? (items[0]?.identifier ?? null) : null,
  };
}
