import { isVisible } from '../callers/access.ts';
import type { OrKey } from '../graphql/federation.ts';
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

/** A row, or its key alone where a reference names one that is gone or not the caller's. */
export type RowOrKey<T extends Row> = OrKey<T, 'identifier'>;

export const toRowReference = (identifier: string): RowOrKey<Row> => ({
  identifier,
  channel: null,
  providerId: null,
  integrationIdentifier: null,
  subscriberId: null,
  contextKeys: null,
  createdAt: null,
  updatedAt: null,
});

/** Whether it is the key alone: every row of Novu's has a list of contexts. */
export const isKeyAlone = ({ contextKeys }: RowOrKey<Row>): boolean => contextKeys === null;

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

/** What `collection` takes of resources with such rows. */
export const rowSpec = {
  key: ['identifier'],
  fields: [
    'channel',
    'providerId',
    'integrationIdentifier',
    'subscriberId',
    'contextKeys',
    'createdAt',
    'updatedAt',
  ],
  isVisible,
} as const;

/** After an update a row says nothing any more about its create. */
export function wasUpdated({ createdAt, updatedAt }: Pick<Row, 'createdAt' | 'updatedAt'>): boolean {
  return createdAt !== null && updatedAt !== null && updatedAt > createdAt;
}

/** What all cursor lists of Novu take. */
export type PageQuery = {
  limit: number;
  after?: string;
  before?: string;
  orderBy?: string;
  orderDirection?: 'ASC' | 'DESC';
};

/** What lists of rows take beside it; an empty `contextKeys` asks for rows without any. */
export type RowQuery = PageQuery & {
  subscriberId?: string;
  channel?: string;
  providerId?: string;
  integrationIdentifier?: string;
  contextKeys?: readonly string[];
};

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
