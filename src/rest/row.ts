import { z } from 'zod';
import { isRecord } from '../upstream/json.ts';
import { text, texts, time } from '../upstream/tolerant.ts';

const nullTime = time.optional().default(null);

/** What Novu sends of connections and endpoints alike, read tolerantly: only the identifier must be there. */
export const rowShape = {
  identifier: z.preprocess((value) => (typeof value === 'number' ? String(value) : value), z.string().min(1)),
  channel: text.default(null),
  providerId: text.default(null),
  integrationIdentifier: text.default(null),
  subscriberId: text.default(null),
  contextKeys: texts.default([]),
  createdAt: nullTime,
  updatedAt: nullTime,
};

export type Row = {
  identifier: string;
  channel: string | null;
  providerId: string | null;
  integrationIdentifier: string | null;
  subscriberId: string | null;
  contextKeys: string[];
  createdAt: Date | null;
  updatedAt: Date | null;
};

/** What an update replaces says nothing any more about the create. */
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
    (isRecord(body) && Object.keys(rowShape).some((field) => field in body)
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
