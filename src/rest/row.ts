import { isRecord } from '../upstream/json.ts';
import { type Time, toText, toTexts, toTime } from '../upstream/tolerant.ts';

/** What Novu sends of connections and endpoints alike. */
export type Row = {
  identifier: string;
  channel: string | null;
  providerId: string | null;
  integrationIdentifier: string | null;
  subscriberId: string | null;
  contextKeys: string[];
  createdAt: Time | null;
  updatedAt: Time | null;
};

const rowFieldNames: readonly (keyof Row)[] = [
  'channel',
  'providerId',
  'integrationIdentifier',
  'subscriberId',
  'contextKeys',
  'createdAt',
  'updatedAt',
];

/**
 * The row, read tolerantly: only the identifier must be there, else undefined. Plain code here and in the resources,
 * since it reads every row of every answer: a schema that forgives as much costs ten times as much.
 */
export function parseRow(body: Readonly<Record<string, unknown>>): Row | undefined {
  const identifier = toText(body['identifier']);
  if (identifier === null || identifier === '') return undefined;
  return {
    identifier,
    channel: toText(body['channel']),
    providerId: toText(body['providerId']),
    integrationIdentifier: toText(body['integrationIdentifier']),
    subscriberId: toText(body['subscriberId']),
    contextKeys: toTexts(body['contextKeys']),
    createdAt: toTime(body['createdAt']),
    updatedAt: toTime(body['updatedAt']),
  };
}

/** After an update a row says nothing any more about its create. */
export function wasUpdated({ createdAt, updatedAt }: Pick<Row, 'createdAt' | 'updatedAt'>): boolean {
  return createdAt !== null && updatedAt !== null && updatedAt > createdAt;
}

/** Novu's list query, as far as all its lists go; an empty `contextKeys` asks for rows without any. */
export type RowQuery = {
  limit: number;
  after?: string;
  before?: string;
  orderBy?: string;
  orderDirection?: 'ASC' | 'DESC';
  subscriberId?: string;
  channel?: string;
  providerId?: string;
  integrationIdentifier?: string;
  contextKeys?: readonly string[];
};

/** For an answer about one row that was asked for by its identifier: a row that doesn't say its own has that one. */
export function named<T>(
  identifier: string,
  parse: (body: unknown) => T | undefined,
): (body: unknown) => T | undefined {
  return (body) =>
    parse(body) ??
    (isRecord(body) && rowFieldNames.some((field) => field in body)
      ? parse({ ...body, identifier })
      : undefined);
}

/** Whether a stored row is of this integration, subscriber and set of contexts. */
export function isOf(
  row: Row,
  {
    integrationIdentifier,
    subscriberId,
    contextKeys,
  }: Pick<Row, 'integrationIdentifier' | 'subscriberId' | 'contextKeys'>,
): boolean {
  return (
    // Novu never stores none: a row that does not say it is not of another one.
    (row.integrationIdentifier === null || row.integrationIdentifier === integrationIdentifier) &&
    row.subscriberId === subscriberId &&
    row.contextKeys.length === contextKeys.length &&
    contextKeys.every((key) => row.contextKeys.includes(key))
  );
}
