import { badRequest, commandError } from './errors.ts';
import type { Query } from './http.ts';
import type { Checks } from './validation.ts';

const MAX_COUNT = 50_000;

export type CursorQuery = {
  after: string | undefined;
  before: string | undefined;
  limit: number;
  descending: boolean;
  orderBy: string;
  includeCursor: boolean;
};

export type Page<R> = {
  data: R[];
  next: string | null;
  previous: string | null;
  totalCount: number;
  totalCountCapped: boolean;
};

/** What every cursor list takes. `checks` holds the route's own checks and is done with here. */
export function parseCursorQuery(
  query: Query,
  command: string,
  checks: Checks,
  orderBy = 'createdAt',
): CursorQuery {
  for (const name of ['after', 'before']) checks.optionalString(query[name], name);
  const limit = query['limit'] ? Number(query['limit']) : 10;
  if (!(limit <= 100)) checks.fail('limit must not be greater than 100');
  checks.done();
  if (limit < 0) {
    throw commandError(command, { limit: { messages: ['limit must not be less than 1'], value: limit } });
  }
  return {
    after: filterOf(query['after']),
    before: filterOf(query['before']),
    limit: Math.floor(limit) || 10,
    descending: !query['orderDirection'] || query['orderDirection'] === 'DESC',
    orderBy: filterOf(query['orderBy']) ?? orderBy,
    includeCursor: query['includeCursor'] === 'true',
  };
}

/** An empty value filters nothing. */
export const filterOf = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/**
 * One page of `rows`, already filtered. `findCursor` looks a cursor up without the filters: it names a row, not a
 * position, so that a deleted one gives an empty page, and a string that is no ObjectId makes the query fail.
 */
export function paginate<R extends { _id: string }>(
  rows: R[],
  query: CursorQuery,
  findCursor: (id: string) => R | undefined,
): Page<R> {
  const { after, before, limit, descending, includeCursor } = query;
  if (before && after) {
    throw badRequest('Cannot specify both "before" and "after" cursors at the same time.');
  }
  const id = before ?? after;
  if (id !== undefined && !/^[0-9a-f]{24}$/i.test(id)) throw new Error('Cast to ObjectId failed');
  const cursor = id === undefined ? undefined : findCursor(id.toLowerCase());
  if (id !== undefined && !cursor) {
    return { data: [], next: null, previous: null, totalCount: 0, totalCountCapped: false };
  }

  const key = (row: R): string | undefined => sortKey(row, query.orderBy);
  const rising = (a: R, b: R): number => compare(key(a), key(b)) || compare(a._id, b._id);
  const sorted = rows.sort(descending ? (a, b) => rising(b, a) : rising);

  // Values of unlike kinds are not comparable in Mongo: a row without the field is neither before nor after one with it.
  const isPast = (row: R, mark: R, forward: boolean, inclusive: boolean): boolean => {
    const sign = forward === descending ? -1 : 1;
    const [a, b] = [key(row), key(mark)];
    if (typeof a !== typeof b) return false;
    const order = compare(a, b) * sign;
    if (order !== 0) return order > 0;
    if (inclusive) return true;
    return compare(row._id, mark._id) * sign > 0;
  };

  const forward = before === undefined;
  const reachable = cursor ? sorted.filter((row) => isPast(row, cursor, forward, includeCursor)) : sorted;
  const data = forward ? reachable.slice(0, limit) : reachable.slice(-limit);
  const hasExtra = reachable.length > limit;
  const [first, last] = [data[0], data.at(-1)];
  // The far ends of the sorted rows tell at once in the usual case.
  const hasLater = (row: R): boolean =>
    row !== sorted.at(-1) && sorted.findLast((other) => isPast(other, row, true, false)) !== undefined;
  const hasEarlier = (row: R): boolean =>
    row !== sorted[0] && sorted.some((other) => isPast(other, row, false, false));
  const hasNext = forward ? hasExtra : last !== undefined && hasLater(last);
  const hasPrevious = forward ? first !== undefined && hasEarlier(first) : hasExtra;

  return {
    data,
    next: hasNext && last ? last._id : null,
    previous: hasPrevious && first ? first._id : null,
    totalCount: Math.min(rows.length, MAX_COUNT),
    totalCountCapped: rows.length > MAX_COUNT,
  };
}

/** A field that a row lacks, or that holds no string, sorts as missing: any name is accepted. */
function sortKey(row: object, orderBy: string): string | undefined {
  const value: unknown = Object.hasOwn(row, orderBy) ? Reflect.get(row, orderBy) : undefined;
  return typeof value === 'string' ? value : undefined;
}

const compare = (a: string | undefined, b: string | undefined): number =>
  a === b ? 0 : a === undefined || (b !== undefined && a < b) ? -1 : 1;
