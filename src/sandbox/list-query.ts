import { type CursorQuery, filterOf, parseCursorQuery } from './cursor.ts';
import type { Query } from './http.ts';
import type { ResolvedOptions } from './options.ts';
import { CHANNELS, PROVIDER_IDS } from './providers.ts';
import { CONNECTION_MODES, collectChecks } from './validation.ts';

export type ListQuery = CursorQuery & {
  subscriberId: string | undefined;
  channel: string | undefined;
  providerId: string | undefined;
  integrationIdentifier: string | undefined;
  connectionIdentifier: string | undefined;
  connectionMode: string | undefined;
  /** undefined is no filter, empty means rows without context. */
  contextKeys: string[] | undefined;
};

const STRINGS = ['subscriberId', 'integrationIdentifier', 'connectionIdentifier'] as const;

export function parseListQuery(query: Query, command: string, options: ResolvedOptions): ListQuery {
  const checks = collectChecks();
  for (const name of STRINGS) checks.optionalString(query[name], name);
  checks.optionalOneOf(query['channel'], 'channel', CHANNELS);
  if (options.providerIdFilter === 'works')
    checks.optionalOneOf(query['providerId'], 'providerId', PROVIDER_IDS);
  else if (query['providerId'] !== undefined) checks.fail('providerId must be one of the following values: ');
  if (options.subscriberFilter !== 'exact') {
    checks.optionalOneOf(query['connectionMode'], 'connectionMode', CONNECTION_MODES);
  }
  return {
    ...parseCursorQuery(query, command, checks),
    subscriberId: filterOf(query['subscriberId']),
    channel: filterOf(query['channel']),
    providerId: filterOf(query['providerId']),
    integrationIdentifier: filterOf(query['integrationIdentifier']),
    connectionIdentifier: filterOf(query['connectionIdentifier']),
    connectionMode: filterOf(query['connectionMode']),
    contextKeys: contextKeys(query['contextKeys']),
  };
}

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
