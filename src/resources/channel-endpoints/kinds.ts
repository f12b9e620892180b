import { builder } from '../../graphql/builder.ts';
import { type BodyOf, defineInput, type Shape, type SpanningRule } from '../../graphql/define-input.ts';
import { anyText, choice, id, list, secret, string } from '../../graphql/input-fields.ts';
import { isRecord } from '../../upstream/json.ts';
import { toFlag } from '../../upstream/tolerant.ts';

const ToolRegion = builder.enumType('ToolRegion', {
  description: "The tool's data centre; UNRECOGNIZED when Novu knows one that this gateway does not.",
  values: ['US', 'EU', 'UNRECOGNIZED'] as const,
});
const WebhookMethod = builder.enumType('WebhookMethod', {
  description: 'UNRECOGNIZED when Novu knows one that this gateway does not.',
  values: ['POST', 'PUT', 'PATCH', 'UNRECOGNIZED'] as const,
});

const region = choice(ToolRegion, { US: 'us', EU: 'eu' }, { required: true });

const WebhookHeaderInput = defineInput('WebhookHeaderInput', undefined, {
  name: string({ required: true }),
  value: secret({ required: true, rule: anyText }),
});

const headers = list(WebhookHeaderInput, {
  description: 'Sent with each call; each name once.',
  called: ['header', 'headers'],
  atMost: 50,
  unique: 'name',
  // fromEntries defines properties, so that a header named __proto__ stays a key.
  write: (all): Record<string, string> => Object.fromEntries(all.map(({ name, value }) => [name, value])),
});

const oneOfPersons: SpanningRule = ({ personId, personEmail }, fault) => {
  if ((personId == null) === (personEmail == null)) fault('needs either personId or personEmail');
};

/** What an address shows in place of a secret field. */
type Shown = { type: 'Boolean' | 'Names'; read: (endpoint: Readonly<Record<string, unknown>>) => unknown };

const hasAuthToken: Shown = {
  type: 'Boolean',
  read: ({ authToken, hasAuthToken }) => toFlag(hasAuthToken) ?? Boolean(authToken),
};
const headerNames: Shown = {
  type: 'Names',
  read: (endpoint) => (isRecord(endpoint['headers']) ? Object.keys(endpoint['headers']) : []),
};

export type Kind<S extends Shape> = {
  /** The field of the one-of input. */
  input: string;
  /** The type of the address; that of its input has `Input` behind it. */
  name: string;
  /** What an endpoint is made with, field for field; what is neither a secret nor a list is shown. */
  fields: S;
  /** @default none */
  description?: string;
  inputDescription?: string;
  rule?: SpanningRule;
  /** What is shown in place of the others. @default nothing */
  shows?: Readonly<Record<string, Shown>>;
  /** Novu keeps no connection for it, and one for an integration and subscriber. @default false */
  isTool?: boolean;
  /** Novu keeps one for an integration and user of the provider, whoever the subscriber is (index of 3.19). @default false */
  isChatUser?: boolean;
};

const kind = <const S extends Shape>(of: Kind<S>): Kind<S> => of;

/** The kinds of endpoints by Novu's names for them: to add one, add a row. */
const kinds = {
  slack_channel: kind({
    input: 'slackChannel',
    name: 'SlackChannelAddress',
    fields: { channelId: id({ required: true }) },
  }),
  slack_user: kind({
    input: 'slackUser',
    name: 'SlackUserAddress',
    fields: { userId: id({ required: true }) },
    isChatUser: true,
  }),
  webhook: kind({
    input: 'webhook',
    name: 'WebhookAddress',
    description: 'The URL is a secret: whoever has it can post.',
    fields: { url: secret({ required: true }), channel: string({ rule: anyText }) },
  }),
  phone: kind({
    input: 'phone',
    name: 'PhoneAddress',
    fields: { phoneNumber: string({ required: true }) },
  }),
  ms_teams_channel: kind({
    input: 'msTeamsChannel',
    name: 'MsTeamsChannelAddress',
    fields: { teamId: id({ required: true }), channelId: id({ required: true }) },
  }),
  ms_teams_user: kind({
    input: 'msTeamsUser',
    name: 'MsTeamsUserAddress',
    fields: { userId: id({ required: true }) },
    isChatUser: true,
  }),
  telegram_chat: kind({
    input: 'telegramChat',
    name: 'TelegramChatAddress',
    fields: { chatId: id({ required: true }) },
  }),
  webex_room: kind({
    input: 'webexRoom',
    name: 'WebexRoomAddress',
    fields: { roomId: id({ required: true }), parentId: id() },
  }),
  webex_person: kind({
    input: 'webexPerson',
    name: 'WebexPersonAddress',
    inputDescription: 'One of the two.',
    fields: { personId: id(), personEmail: string() },
    rule: oneOfPersons,
  }),
  line_user: kind({
    input: 'lineUser',
    name: 'LineUserAddress',
    fields: { userId: id({ required: true }) },
  }),
  pagerduty_service: kind({
    input: 'pagerDutyService',
    name: 'PagerDutyServiceAddress',
    description: 'The routing key is a secret.',
    fields: { routingKey: secret({ required: true }), region },
    isTool: true,
  }),
  opsgenie_integration: kind({
    input: 'opsgenieIntegration',
    name: 'OpsgenieIntegrationAddress',
    description: 'The API key is a secret.',
    fields: { apiKey: secret({ required: true }), region },
    isTool: true,
  }),
  grafana_oncall_integration: kind({
    input: 'grafanaOnCallIntegration',
    name: 'GrafanaOnCallIntegrationAddress',
    description: 'The URL and the token are secrets.',
    fields: { url: secret({ required: true }), authToken: secret({ rule: anyText }) },
    shows: { hasAuthToken },
    isTool: true,
  }),
  tool_webhook: kind({
    input: 'toolWebhook',
    name: 'ToolWebhookAddress',
    description: 'The URL and the values of the headers are secrets.',
    fields: {
      url: secret({ required: true }),
      headers,
      method: choice(
        WebhookMethod,
        { POST: 'POST', PUT: 'PUT', PATCH: 'PATCH' },
        { description: 'POST when left out.' },
      ),
    },
    shows: { headerNames },
    isTool: true,
  }),
};

export type EndpointType = keyof typeof kinds;
export const endpointTypes = Object.keys(kinds) as EndpointType[];
export const isEndpointType = (type: string | null): type is EndpointType =>
  type !== null && Object.hasOwn(kinds, type);

/** The `endpoint` of each type as Novu takes it, key for key: it refuses any other. */
export type EndpointBodies = { [T in EndpointType]: BodyOf<(typeof kinds)[T]['fields']> };

/** `type` and `endpoint` as they are sent. */
export type AddressBody = {
  [T in EndpointType]: { type: T; endpoint: EndpointBodies[T] };
}[EndpointType];

export const kindOf = (type: EndpointType): Kind<Shape> => kinds[type];

const requiredNames = (type: EndpointType): string =>
  Object.entries(kindOf(type).fields)
    .filter(([, { required }]) => required)
    .map(([name]) => name)
    .join(' ');

/** Types whose address another type could have as well: Novu would store it without an error. */
const ambiguous: ReadonlySet<EndpointType> = new Set(
  endpointTypes.filter((type) =>
    endpointTypes.some((other) => other !== type && requiredNames(other) === requiredNames(type)),
  ),
);
export const isAmbiguous = (type: EndpointType): boolean => ambiguous.has(type);

/** Whether a row does not show all of an address of this type: the secrets in it, the tool webhook's headers too. */
export const hidesSome = (type: EndpointType): boolean =>
  type === 'tool_webhook' || Object.values(kindOf(type).fields).some(({ isSecret }) => isSecret === true);
