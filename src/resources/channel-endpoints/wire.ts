import { isRecord } from '../../upstream/json.ts';
import { toText } from '../../upstream/tolerant.ts';
import { parseRow, type Row, type RowOrKey, toRowReference } from '../../rest/row.ts';
import { type Address, parseAddress } from './address.ts';

/** Where messages for a subscriber go in one channel: Novu's GetChannelEndpointResponseDto. */
export type ChannelEndpoint = Row & {
  __typename: 'ChannelEndpoint';
  connectionIdentifier: string | null;
  /** As Novu spells it. */
  type: string | null;
  address: Address;
};

/** What stands for an endpoint that a reference names and that is gone or not the caller's. */
export function toEndpointReference({ identifier }: Pick<Row, 'identifier'>): RowOrKey<ChannelEndpoint> {
  return {
    ...toRowReference(identifier),
    __typename: 'ChannelEndpoint',
    connectionIdentifier: null,
    type: null,
    address: null,
  };
}

/** The endpoint, or undefined when the body lacks even an identifier. */
export function parseChannelEndpoint(body: unknown): ChannelEndpoint | undefined {
  if (!isRecord(body)) return undefined;
  const row = parseRow(body);
  if (row === undefined) return undefined;
  const type = toText(body['type']);
  return {
    ...row,
    __typename: 'ChannelEndpoint',
    connectionIdentifier: toText(body['connectionIdentifier']),
    type,
    address: parseAddress(type, body['endpoint']),
  };
}
