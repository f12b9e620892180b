import type { CallContext, Novu } from '../../upstream/client.ts';
import { createCollection, type Listed } from '../../rest/collection.ts';
import type { RowQuery } from '../../rest/row.ts';
import { type ChannelEndpoint, parseChannelEndpoint } from './wire.ts';

export type ListQuery = RowQuery & { connectionIdentifier?: string };

const rows = createCollection('/v1/channel-endpoints', parseChannelEndpoint);

export const {
  create: createChannelEndpoint,
  get: getChannelEndpoint,
  update: updateChannelEndpoint,
  remove: deleteChannelEndpoint,
} = rows;

export const listChannelEndpoints: (
  novu: Novu,
  query: ListQuery,
  call: CallContext,
) => Promise<Listed<ChannelEndpoint>> = rows.list;
