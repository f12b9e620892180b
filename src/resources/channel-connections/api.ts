import type { CallContext, Novu, NovuAnswer } from '../../upstream/client.ts';
import { createCollection, type Listed, rowPath } from '../../rest/collection.ts';
import type { RowQuery } from '../../rest/row.ts';
import { type ChannelConnection, parseChannelConnection } from './wire.ts';

const collection = '/v1/channel-connections';

export type ListQuery = RowQuery & { connectionMode?: 'subscriber' | 'shared' };

const rows = createCollection(collection, parseChannelConnection);

export const {
  create: createChannelConnection,
  get: getChannelConnection,
  update: updateChannelConnection,
  remove: deleteChannelConnection,
} = rows;

export const listChannelConnections: (
  novu: Novu,
  query: ListQuery,
  call: CallContext,
) => Promise<Listed<ChannelConnection>> = rows.list;

/** POST /v1/channel-connections/{identifier}/verify; not on every server. */
export async function verifyChannelConnection(
  novu: Novu,
  identifier: string,
  call: CallContext,
): Promise<NovuAnswer> {
  return novu.request({ method: 'POST', path: `${rowPath(collection, identifier)}/verify` }, call);
}
