import { builder } from '../../graphql/builder.ts';
import type { Address, AddressOf, EndpointType, UnrecognizedAddress as UnrecognizedValue } from './wire.ts';

const ToolRegion = builder.enumType('ToolRegion', {
  description: "The tool's data centre; UNRECOGNIZED when Novu knows one that this gateway does not.",
  values: ['US', 'EU', 'UNRECOGNIZED'] as const,
});
const toRegion = (region: string | null) =>
  region === null ? null : region === 'us' ? 'US' : region === 'eu' ? 'EU' : 'UNRECOGNIZED';

const WebhookMethod = builder.enumType('WebhookMethod', {
  description: 'UNRECOGNIZED when Novu knows one that this gateway does not.',
  values: ['POST', 'PUT', 'PATCH', 'UNRECOGNIZED'] as const,
});
const toMethod = (method: string | null) =>
  method === null || method === 'POST' || method === 'PUT' || method === 'PATCH' ? method : 'UNRECOGNIZED';

const SlackChannelAddress = builder.objectRef<AddressOf<'slack_channel'>>('SlackChannelAddress').implement({
  fields: (t) => ({ channelId: t.exposeID('channelId', { nullable: false }) }),
});
const SlackUserAddress = builder.objectRef<AddressOf<'slack_user'>>('SlackUserAddress').implement({
  fields: (t) => ({ userId: t.exposeID('userId', { nullable: false }) }),
});
const WebhookAddress = builder.objectRef<AddressOf<'webhook'>>('WebhookAddress').implement({
  description: 'The URL is a secret: whoever has it can post.',
  fields: (t) => ({ channel: t.exposeString('channel') }),
});
const PhoneAddress = builder.objectRef<AddressOf<'phone'>>('PhoneAddress').implement({
  fields: (t) => ({ phoneNumber: t.exposeString('phoneNumber', { nullable: false }) }),
});
const MsTeamsChannelAddress = builder
  .objectRef<AddressOf<'ms_teams_channel'>>('MsTeamsChannelAddress')
  .implement({
    fields: (t) => ({
      teamId: t.exposeID('teamId', { nullable: false }),
      channelId: t.exposeID('channelId', { nullable: false }),
    }),
  });
const MsTeamsUserAddress = builder.objectRef<AddressOf<'ms_teams_user'>>('MsTeamsUserAddress').implement({
  fields: (t) => ({ userId: t.exposeID('userId', { nullable: false }) }),
});
const TelegramChatAddress = builder.objectRef<AddressOf<'telegram_chat'>>('TelegramChatAddress').implement({
  fields: (t) => ({ chatId: t.exposeID('chatId', { nullable: false }) }),
});
const WebexRoomAddress = builder.objectRef<AddressOf<'webex_room'>>('WebexRoomAddress').implement({
  fields: (t) => ({
    roomId: t.exposeID('roomId', { nullable: false }),
    parentId: t.exposeID('parentId'),
  }),
});
const WebexPersonAddress = builder.objectRef<AddressOf<'webex_person'>>('WebexPersonAddress').implement({
  fields: (t) => ({ personId: t.exposeID('personId'), personEmail: t.exposeString('personEmail') }),
});
const LineUserAddress = builder.objectRef<AddressOf<'line_user'>>('LineUserAddress').implement({
  fields: (t) => ({ userId: t.exposeID('userId', { nullable: false }) }),
});
const PagerDutyServiceAddress = builder
  .objectRef<AddressOf<'pagerduty_service'>>('PagerDutyServiceAddress')
  .implement({
    description: 'The routing key is a secret.',
    fields: (t) => ({
      region: t.field({ type: ToolRegion, nullable: true, resolve: ({ region }) => toRegion(region) }),
    }),
  });
const OpsgenieIntegrationAddress = builder
  .objectRef<AddressOf<'opsgenie_integration'>>('OpsgenieIntegrationAddress')
  .implement({
    description: 'The API key is a secret.',
    fields: (t) => ({
      region: t.field({ type: ToolRegion, nullable: true, resolve: ({ region }) => toRegion(region) }),
    }),
  });
const GrafanaOnCallIntegrationAddress = builder
  .objectRef<AddressOf<'grafana_oncall_integration'>>('GrafanaOnCallIntegrationAddress')
  .implement({
    description: 'The URL and the token are secrets.',
    fields: (t) => ({ hasAuthToken: t.exposeBoolean('hasAuthToken', { nullable: false }) }),
  });
const ToolWebhookAddress = builder.objectRef<AddressOf<'tool_webhook'>>('ToolWebhookAddress').implement({
  description: 'The URL and the values of the headers are secrets.',
  fields: (t) => ({
    method: t.field({ type: WebhookMethod, nullable: true, resolve: ({ method }) => toMethod(method) }),
    headerNames: t.exposeStringList('headerNames', { nullable: { list: false, items: false } }),
  }),
});
const UnrecognizedAddress = builder.objectRef<UnrecognizedValue>('UnrecognizedAddress').implement({
  description: 'An address in a form that this gateway does not know: its values may be secrets.',
  fields: (t) => ({
    type: t.string({
      nullable: false,
      description: 'As Novu spells it; empty when Novu named none.',
      resolve: ({ novuType }) => novuType,
    }),
    fieldNames: t.exposeStringList('fieldNames', {
      nullable: { list: false, items: false },
      description: 'The names of its fields.',
    }),
  }),
});

const addressTypes = {
  slack_channel: SlackChannelAddress,
  slack_user: SlackUserAddress,
  webhook: WebhookAddress,
  phone: PhoneAddress,
  ms_teams_channel: MsTeamsChannelAddress,
  ms_teams_user: MsTeamsUserAddress,
  telegram_chat: TelegramChatAddress,
  webex_room: WebexRoomAddress,
  webex_person: WebexPersonAddress,
  line_user: LineUserAddress,
  pagerduty_service: PagerDutyServiceAddress,
  opsgenie_integration: OpsgenieIntegrationAddress,
  grafana_oncall_integration: GrafanaOnCallIntegrationAddress,
  tool_webhook: ToolWebhookAddress,
} satisfies Record<EndpointType, unknown>;

export const ChannelEndpointAddress = builder.unionType('ChannelEndpointAddress', {
  description: 'Where an endpoint leads, without the secrets in it.',
  types: [...Object.values(addressTypes), UnrecognizedAddress],
  resolveType: ({ type }: Address) => (type === null ? UnrecognizedAddress : addressTypes[type]).name,
});

const userIdInput = (name: string) =>
  builder.inputType(name, { fields: (t) => ({ userId: t.id({ required: true }) }) });

const WebhookHeaderInput = builder.inputType('WebhookHeaderInput', {
  fields: (t) => ({
    name: t.string({ required: true }),
    value: t.field({ type: 'Secret', required: true }),
  }),
});

const addressInputs = {
  slackChannel: builder.inputType('SlackChannelAddressInput', {
    fields: (t) => ({ channelId: t.id({ required: true }) }),
  }),
  slackUser: userIdInput('SlackUserAddressInput'),
  webhook: builder.inputType('WebhookAddressInput', {
    fields: (t) => ({ url: t.field({ type: 'Secret', required: true }), channel: t.string() }),
  }),
  phone: builder.inputType('PhoneAddressInput', {
    fields: (t) => ({ phoneNumber: t.string({ required: true }) }),
  }),
  msTeamsChannel: builder.inputType('MsTeamsChannelAddressInput', {
    fields: (t) => ({ teamId: t.id({ required: true }), channelId: t.id({ required: true }) }),
  }),
  msTeamsUser: userIdInput('MsTeamsUserAddressInput'),
  telegramChat: builder.inputType('TelegramChatAddressInput', {
    fields: (t) => ({ chatId: t.id({ required: true }) }),
  }),
  webexRoom: builder.inputType('WebexRoomAddressInput', {
    fields: (t) => ({ roomId: t.id({ required: true }), parentId: t.id() }),
  }),
  webexPerson: builder.inputType('WebexPersonAddressInput', {
    description: 'One of the two.',
    fields: (t) => ({ personId: t.id(), personEmail: t.string() }),
  }),
  lineUser: userIdInput('LineUserAddressInput'),
  pagerDutyService: builder.inputType('PagerDutyServiceAddressInput', {
    fields: (t) => ({
      routingKey: t.field({ type: 'Secret', required: true }),
      region: t.field({ type: ToolRegion, required: true }),
    }),
  }),
  opsgenieIntegration: builder.inputType('OpsgenieIntegrationAddressInput', {
    fields: (t) => ({
      apiKey: t.field({ type: 'Secret', required: true }),
      region: t.field({ type: ToolRegion, required: true }),
    }),
  }),
  grafanaOnCallIntegration: builder.inputType('GrafanaOnCallIntegrationAddressInput', {
    fields: (t) => ({
      url: t.field({ type: 'Secret', required: true }),
      authToken: t.field({ type: 'Secret' }),
    }),
  }),
  toolWebhook: builder.inputType('ToolWebhookAddressInput', {
    fields: (t) => ({
      url: t.field({ type: 'Secret', required: true }),
      headers: t.field({ type: [WebhookHeaderInput], description: 'Sent with each call; each name once.' }),
      method: t.field({ type: WebhookMethod, description: 'POST when left out.' }),
    }),
  }),
};

export const ChannelEndpointAddressInput = builder.inputType('ChannelEndpointAddressInput', {
  description: 'Exactly one of the fields: it says the type too. What is a secret goes in and never out.',
  isOneOf: true,
  fields: (t) => ({
    slackChannel: t.field({ type: addressInputs.slackChannel }),
    slackUser: t.field({ type: addressInputs.slackUser }),
    webhook: t.field({ type: addressInputs.webhook }),
    phone: t.field({ type: addressInputs.phone }),
    msTeamsChannel: t.field({ type: addressInputs.msTeamsChannel }),
    msTeamsUser: t.field({ type: addressInputs.msTeamsUser }),
    telegramChat: t.field({ type: addressInputs.telegramChat }),
    webexRoom: t.field({ type: addressInputs.webexRoom }),
    webexPerson: t.field({ type: addressInputs.webexPerson }),
    lineUser: t.field({ type: addressInputs.lineUser }),
    pagerDutyService: t.field({ type: addressInputs.pagerDutyService }),
    opsgenieIntegration: t.field({ type: addressInputs.opsgenieIntegration }),
    grafanaOnCallIntegration: t.field({ type: addressInputs.grafanaOnCallIntegration }),
    toolWebhook: t.field({ type: addressInputs.toolWebhook }),
  }),
});
