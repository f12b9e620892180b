import { badRequest, commandError } from './errors.ts';
import type { Query } from './http.ts';
import type { ResolvedOptions } from './options.ts';
import { CHANNELS, PROVIDER_IDS } from './providers.ts';
import { CONNECTION_MODES, collectChecks } from './validation.ts';

const MAX_COUNT = 50_000;

export type ListQuery = {
  after: string | undefined;
  before: string | undefined;
  limit: number;
  descending: boolean;
  orderBy: string;
  includeCursor: boolean;
  subscriberId: string | undefined;
  channel: string | undefined;
  providerId: string | undefined;
  integrationIdentifier: string | undefined;
  connectionIdentifier: string | undefined;
  connectionMode: string | undefined;
  /** undefined is no filter, empty means rows without context. */
  contextKeys: string[] | undefined;
};

export type Page<R> = {
  data: R[];
  next: string | null;
  previous: string | null;
  totalCount: number;
  totalCountCapped: boolean;
};

const STRINGS = ['after', 'before', 'subscriberId', 'integrationIdentifier', 'connectionIdentifier'] as const;

export function parseListQuery(query: Query, command: string, options: ResolvedOptions): ListQuery {
  const checks = collectChecks();
  for (const name of STRINGS) checks.optionalString(query[name], name);
  const limit = query['limit'] ? Number(query['limit']) : 10;
  if (!(limit <= 100)) checks.fail('limit must not be greater than 100');
  checks.optionalOneOf(query['channel'], 'channel', CHANNELS);
  if (options.providerIdFilter === 'works')
    checks.optionalOneOf(query['providerId'], 'providerId', PROVIDER_IDS);
  else if (query['providerId'] !== undefined) checks.fail('providerId must be one of the following values: ');
  if (options.subscriberFilter === 'new') {
    checks.optionalOneOf(query['connectionMode'], 'connectionMode', CONNECTION_MODES);
  }
  checks.done();
  if (limit < 0) {
    throw commandError(command, { limit: { messages: ['limit must not be less than 1'], value: limit } });
  }
  return {
    after: text(query['after']),
    before: text(query['before']),
    limit: Math.floor(limit) || 10,
    descending: !query['orderDirection'] || query['orderDirection'] === 'DESC',
    orderBy: text(query['orderBy']) ?? 'createdAt',
    includeCursor: query['includeCursor'] === 'true',
    subscriberId: text(query['subscriberId']),
    channel: text(query['channel']),
    providerId: text(query['providerId']),
    integrationIdentifier: text(query['integrationIdentifier']),
    connectionIdentifier: text(query['connectionIdentifier']),
    connectionMode: text(query['connectionMode']),
    contextKeys: contextKeys(query['contextKeys']),
  };
}

/** An empty value filters nothing. */
const text = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const contextKeys = (value: string | string[] | undefined): string[] | undefined =>
  value === undefined ? undefined : [value].flat().filter((key) => key !== '');

type Listed = {
  _id: string;
  channel: string;
  providerId: string;
  integrationIdentifier: string;
  connectionIdentifier?: string | null;
  contextKeys: readonly string[];
};

/** Every filter but the subscriber's, which differs between tables. */
export function isListed(row: Listed, query: ListQuery): boolean {
  return (
    (query.channel === undefined || row.channel === query.channel) &&
    (query.providerId === undefined || row.providerId === query.providerId) &&
    (query.integrationIdentifier === undefined ||
      row.integrationIdentifier === query.integrationIdentifier) &&
    (query.connectionIdentifier === undefined || row.connectionIdentifier === query.connectionIdentifier) &&
    (query.contextKeys === undefined || isSameSet(row.contextKeys, query.contextKeys))
  );
}

export const isSameSet = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && others.every((key) => some.includes(key));

/**
 * One page of `rows`, already filtered. `findCursor` looks a cursor up without the filters: it names a row, not a
 * position, so that a deleted one gives an empty page, and text that is no ObjectId makes the query fail.
 */
export function paginate<R extends { _id: string }>(
  rows: R[],
  query: ListQuery,
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

/** A field that a row lacks, or that holds no text, sorts as missing: any name is accepted. */
function sortKey(row: object, orderBy: string): string | undefined {
  const value: unknown = Object.hasOwn(row, orderBy) ? Reflect.get(row, orderBy) : undefined;
  return typeof value === 'string' ? value : undefined;
}

const compare = (a: string | undefined, b: string | undefined): number =>
  a === b ? 0 : a === undefined || (b !== undefined && a < b) ? -1 : 1;
