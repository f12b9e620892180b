import { builder } from '../../graphql/builder.ts';
import { type BodyOf, defineInput, type Shape, type SpanningRule } from '../../graphql/define-input.ts';
import { anyText, choice, id, list, secret, string } from '../../graphql/input-fields.ts';
import { isRecord } from '../../upstream/json.ts';
import { toFlag } from '../../upstream/tolerant.ts';

const ChannelToolRegion = builder.enumType('ChannelToolRegion', {
  description: "The tool's data centre; UNRECOGNIZED when Novu knows one that this gateway does not.",
  values: ['US', 'EU', 'UNRECOGNIZED'] as const,
});
const ChannelWebhookMethod = builder.enumType('ChannelWebhookMethod', {
  description: 'UNRECOGNIZED when Novu knows one that this gateway does not.',
  values: ['POST', 'PUT', 'PATCH', 'UNRECOGNIZED'] as const,
});

const region = choice(
  ChannelToolRegion,
  { US: 'us', EU: 'eu' },
  { required: true, description: 'The data centre of the account.' },
);

const ChannelWebhookHeaderInput = defineInput(
  'ChannelWebhookHeaderInput',
  'A header that Novu sends with each call of a webhook.',
  {
    name: string({ required: true, description: 'The name of the header.' }),
    value: secret({ required: true, description: 'Its value.', rule: anyText }),
  },
);

const headers = list(ChannelWebhookHeaderInput, {
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
  /** The description of that field. */
  meaning: string;
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
    meaning: 'A Slack channel.',
    name: 'SlackChannelEndpointAddress',
    fields: { channelId: id({ required: true, description: "Slack's id of the channel." }) },
  }),
  slack_user: kind({
    input: 'slackUser',
    meaning: 'A Slack user, by direct message.',
    name: 'SlackUserEndpointAddress',
    fields: { userId: id({ required: true, description: "Slack's id of the user." }) },
    isChatUser: true,
  }),
  webhook: kind({
    input: 'webhook',
    meaning: 'A webhook of a chat provider.',
    name: 'WebhookEndpointAddress',
    description: 'The URL is a secret: whoever has it can post.',
    fields: {
      url: secret({ required: true, description: 'The URL of the webhook.' }),
      channel: string({
        description: 'The channel, where the provider lets a webhook choose it.',
        rule: anyText,
      }),
    },
  }),
  phone: kind({
    input: 'phone',
    meaning: 'A phone number.',
    name: 'PhoneEndpointAddress',
    fields: {
      phoneNumber: string({ required: true, description: 'The number as E.164, for example +81312345678.' }),
    },
  }),
  ms_teams_channel: kind({
    input: 'msTeamsChannel',
    meaning: 'A channel of a Microsoft Teams team.',
    name: 'MsTeamsChannelEndpointAddress',
    fields: {
      teamId: id({ required: true, description: "Microsoft's id of the team." }),
      channelId: id({ required: true, description: "Microsoft's id of the channel." }),
    },
  }),
  ms_teams_user: kind({
    input: 'msTeamsUser',
    meaning: 'A Microsoft Teams user.',
    name: 'MsTeamsUserEndpointAddress',
    fields: { userId: id({ required: true, description: "Microsoft's id of the user." }) },
    isChatUser: true,
  }),
  telegram_chat: kind({
    input: 'telegramChat',
    meaning: 'A Telegram chat.',
    name: 'TelegramChatEndpointAddress',
    fields: { chatId: id({ required: true, description: "Telegram's id of the chat." }) },
  }),
  webex_room: kind({
    input: 'webexRoom',
    meaning: 'A Webex room.',
    name: 'WebexRoomEndpointAddress',
    fields: {
      roomId: id({ required: true, description: "Webex's id of the room." }),
      parentId: id({ description: 'The message to reply to, for a thread.' }),
    },
  }),
  webex_person: kind({
    input: 'webexPerson',
    meaning: 'A Webex user.',
    name: 'WebexPersonEndpointAddress',
    inputDescription: 'Exactly one of the fields.',
    fields: {
      personId: id({ description: "Webex's id of the user." }),
      personEmail: string({ description: 'The email address of the user.' }),
    },
    rule: oneOfPersons,
  }),
  line_user: kind({
    input: 'lineUser',
    meaning: 'A LINE user.',
    name: 'LineUserEndpointAddress',
    fields: { userId: id({ required: true, description: "LINE's id of the user." }) },
  }),
  pagerduty_service: kind({
    input: 'pagerDutyService',
    meaning: 'A PagerDuty service.',
    name: 'PagerDutyServiceEndpointAddress',
    description: 'The routing key is a secret.',
    fields: {
      routingKey: secret({ required: true, description: 'The integration key of the Events API v2.' }),
      region,
    },
    isTool: true,
  }),
  opsgenie_integration: kind({
    input: 'opsgenieIntegration',
    meaning: 'An Opsgenie integration.',
    name: 'OpsgenieIntegrationEndpointAddress',
    description: 'The API key is a secret.',
    fields: { apiKey: secret({ required: true, description: 'The key of the API integration.' }), region },
    isTool: true,
  }),
  grafana_oncall_integration: kind({
    input: 'grafanaOnCallIntegration',
    meaning: 'A Grafana OnCall integration.',
    name: 'GrafanaOnCallIntegrationEndpointAddress',
    description: 'The URL and the token are secrets.',
    fields: {
      url: secret({
        required: true,
        description: 'The URL of the incoming webhook, which has the key in its path.',
      }),
      authToken: secret({
        description: 'The token of a service account, where the integration wants one.',
        rule: anyText,
      }),
    },
    shows: { hasAuthToken },
    isTool: true,
  }),
  tool_webhook: kind({
    input: 'toolWebhook',
    meaning: 'A webhook of any other tool.',
    name: 'ToolWebhookEndpointAddress',
    description: 'The URL and the values of the headers are secrets.',
    fields: {
      url: secret({ required: true, description: 'The URL that Novu calls.' }),
      headers,
      method: choice(
        ChannelWebhookMethod,
        { POST: 'POST', PUT: 'PUT', PATCH: 'PATCH' },
        { description: 'The method of the calls; that of the integration when left out.' },
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
