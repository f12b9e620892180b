import { orNull, readOne, readPage } from '../../upstream/answer.ts';
import type { CallContext, Novu, NovuAnswer } from '../../upstream/client.ts';
import type { Answered } from '../../upstream/create-once.ts';
import type { Page } from '../../upstream/envelope.ts';
import { NovuError } from '../../upstream/errors.ts';
import type { ResponseFacts } from '../../upstream/facts.ts';
import { encodeSegment, type QueryValue, toQuery } from '../../upstream/path.ts';
import { type ChannelConnection, parseChannelConnection } from './wire.ts';

const collection = '/v1/channel-connections';

/** The path of one connection. Nothing that a path can't carry exists: `not-found`, and Novu is not asked. */
function pathOf(identifier: string): string {
  const segment = encodeSegment(identifier);
  if (segment === undefined) throw new NovuError('not-found');
  return `${collection}/${segment}`;
}

/** POST /v1/channel-connections. `body` is serialised JSON, so that every try of a call sends the same bytes. */
export async function createChannelConnection(
  novu: Novu,
  body: string,
  idempotencyKey: string,
  call: CallContext,
): Promise<Answered<ChannelConnection>> {
  return readOne(
    await novu.request({ method: 'POST', path: collection, body, idempotencyKey }, call),
    parseChannelConnection,
  );
}

/** GET /v1/channel-connections/{identifier}; null when there is none. */
export async function getChannelConnection(
  novu: Novu,
  identifier: string,
  call: CallContext,
): Promise<Answered<ChannelConnection> | null> {
  if (encodeSegment(identifier) === undefined) return null;
  const answer = await orNull(novu.request({ method: 'GET', path: pathOf(identifier) }, call));
  return answer && readOne(answer, parseChannelConnection);
}

/** Novu's list query; an empty `contextKeys` asks for rows without any. */
export type ListQuery = {
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
  connectionMode?: 'subscriber' | 'shared';
};

/** GET /v1/channel-connections. */
export async function listChannelConnections(
  novu: Novu,
  query: ListQuery,
  call: CallContext,
): Promise<{ page: Page<ChannelConnection>; facts: ResponseFacts }> {
  const path = collection + toQuery(query satisfies Record<string, QueryValue>);
  return readPage(await novu.request({ method: 'GET', path }, call), parseChannelConnection);
}

/** PATCH /v1/channel-connections/{identifier}: workspace and auth are replaced whole, so it may be repeated. */
export async function updateChannelConnection(
  novu: Novu,
  identifier: string,
  body: string,
  idempotencyKey: string,
  call: CallContext,
): Promise<Answered<ChannelConnection>> {
  const answer = await novu.request(
    { method: 'PATCH', path: pathOf(identifier), body, idempotencyKey, repeat: 'always' },
    call,
  );
  return readOne(answer, parseChannelConnection);
}

/** DELETE /v1/channel-connections/{identifier}. */
export async function deleteChannelConnection(
  novu: Novu,
  identifier: string,
  call: CallContext,
): Promise<NovuAnswer> {
  return novu.request({ method: 'DELETE', path: pathOf(identifier), repeat: 'always' }, call);
}

/** POST /v1/channel-connections/{identifier}/verify; not on every server. */
export async function verifyChannelConnection(
  novu: Novu,
  identifier: string,
  call: CallContext,
): Promise<NovuAnswer> {
  return novu.request({ method: 'POST', path: `${pathOf(identifier)}/verify` }, call);
}
