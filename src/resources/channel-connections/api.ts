import { collection } from '../../rest/collection.ts';
import { type RowQuery, rowSpec } from '../../rest/row.ts';
import { type ChannelConnection, parseChannelConnection } from './wire.ts';

export type ListQuery = RowQuery & { connectionMode?: 'subscriber' | 'shared' };

export const connections = collection<ChannelConnection, ListQuery>('/v1/channel-connections', {
  parse: parseChannelConnection,
  ...rowSpec,
});
