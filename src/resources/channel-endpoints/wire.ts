import { z } from 'zod';
import { isRecord } from '../../upstream/json.ts';
import { toFlag, toText } from '../../upstream/tolerant.ts';
import { parseRow, type Row } from '../../rest/row.ts';
import type { ContextMap } from '../common/contexts.ts';

const noText = z.unknown().optional().transform(toText);
const needed = z.preprocess(toText, z.string());
const flag = z.unknown().optional().transform(toFlag);

/** Of each type of endpoint what may be shown: routing keys, API keys, addresses of webhooks and tokens stay behind. */
const addresses = {
  slack_channel: z.object({ channelId: needed }),
  slack_user: z.object({ userId: needed }),
  webhook: z.object({ channel: noText }),
  phone: z.object({ phoneNumber: needed }),
  ms_teams_channel: z.object({ teamId: needed, channelId: needed }),
  ms_teams_user: z.object({ userId: needed }),
  telegram_chat: z.object({ chatId: needed }),
  webex_room: z.object({ roomId: needed, parentId: noText }),
  webex_person: z.object({ personId: noText, personEmail: noText }),
  line_user: z.object({ userId: needed }),
  pagerduty_service: z.object({ region: noText }),
  opsgenie_integration: z.object({ region: noText }),
  grafana_oncall_integration: z
    .object({ authToken: z.unknown().optional(), hasAuthToken: flag })
    .transform(({ authToken, hasAuthToken }) => ({ hasAuthToken: hasAuthToken ?? Boolean(authToken) })),
  tool_webhook: z
    .object({ method: noText, headers: z.unknown().optional() })
    .transform(({ method, headers }) => ({
      method,
      headerNames: isRecord(headers) ? Object.keys(headers) : [],
    })),
};

export type EndpointType = keyof typeof addresses;
export const endpointTypes = Object.keys(addresses) as EndpointType[];
const isKnown = (type: string | null): type is EndpointType =>
  type !== null && Object.hasOwn(addresses, type);

/** What is shown of where an endpoint leads; `type` is null for one that can't be read. */
export type Address =
  | { [T in EndpointType]: { type: T } & z.output<(typeof addresses)[T]> }[EndpointType]
  | UnrecognizedAddress;
export type UnrecognizedAddress = { type: null; novuType: string; fieldNames: string[] };
export type AddressOf<T extends EndpointType> = Extract<Address, { type: T }>;

/** Never fails: a type that is not known, or a known one without what it needs, becomes the names of its fields. */
export function parseAddress(type: string | null, endpoint: unknown): Address {
  const parsed = isKnown(type) ? addresses[type].safeParse(endpoint) : undefined;
  return parsed?.success
    ? ({ type, ...parsed.data } as Address)
    : { type: null, novuType: type ?? '', fieldNames: isRecord(endpoint) ? Object.keys(endpoint) : [] };
}

/** Where messages for a subscriber go in one channel: Novu's GetChannelEndpointResponseDto. */
export type ChannelEndpoint = Row & {
  __typename: 'ChannelEndpoint';
  connectionIdentifier: string | null;
  /** As Novu spells it. */
  type: string | null;
  address: Address;
};

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

/** The `endpoint` of each type as Novu takes it, key for key: it refuses any other. */
export type EndpointBodies = {
  slack_channel: { channelId: string };
  slack_user: { userId: string };
  webhook: { url: string; channel?: string };
  phone: { phoneNumber: string };
  ms_teams_channel: { teamId: string; channelId: string };
  ms_teams_user: { userId: string };
  telegram_chat: { chatId: string };
  webex_room: { roomId: string; parentId?: string };
  webex_person: { personId?: string; personEmail?: string };
  line_user: { userId: string };
  pagerduty_service: { routingKey: string; region: 'us' | 'eu' };
  opsgenie_integration: { apiKey: string; region: 'us' | 'eu' };
  grafana_oncall_integration: { url: string; authToken?: string };
  tool_webhook: { url: string; headers?: Record<string, string>; method?: 'POST' | 'PUT' | 'PATCH' };
};

export type AddressBody = {
  [T in EndpointType]: { type: T; endpoint: EndpointBodies[T] };
}[EndpointType];

/** Novu's Create…EndpointDto of every type; the order of the keys is the order on the wire. */
export type CreateChannelEndpointBody = {
  identifier?: string;
  subscriberId: string;
  createSubscriberIfMissing?: boolean;
  context?: ContextMap;
  integrationIdentifier: string;
  connectionIdentifier?: string;
} & AddressBody;

/** Novu's UpdateChannelEndpointRequestDto: the type stays what it is. */
export type UpdateChannelEndpointBody = { endpoint: AddressBody['endpoint'] };
