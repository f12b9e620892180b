import { collection } from '../../rest/collection.ts';
import { type RowQuery, rowSpec } from '../../rest/row.ts';
import { type ChannelEndpoint, parseChannelEndpoint } from './wire.ts';

export type ListQuery = RowQuery & { connectionIdentifier?: string };

export const endpoints = collection<ChannelEndpoint, ListQuery>('/v1/channel-endpoints', {
  parse: parseChannelEndpoint,
  ...rowSpec,
});
