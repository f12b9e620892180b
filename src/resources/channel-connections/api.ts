import { orNull, readOne } from '../../upstream/answer.ts';
import type { CallContext, Novu } from '../../upstream/client.ts';
import type { Answered } from '../../upstream/create-once.ts';
import { encodeSegment } from '../../upstream/path.ts';
import { type ChannelConnection, parseChannelConnection } from './wire.ts';

const collection = '/v1/channel-connections';

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

/** GET /v1/channel-connections/{identifier}; null when there is none, or when no path could name it. */
export async function getChannelConnection(
  novu: Novu,
  identifier: string,
  call: CallContext,
): Promise<Answered<ChannelConnection> | null> {
  const segment = encodeSegment(identifier);
  if (segment === undefined) return null;
  const answer = await orNull(novu.request({ method: 'GET', path: `${collection}/${segment}` }, call));
  return answer && readOne(answer, parseChannelConnection);
}
