import { idempotencyKeyArg } from '../../graphql/arguments.ts';
import { builder } from '../../graphql/builder.ts';
import { defineEntity } from '../../graphql/federation.ts';
import { resolveKey } from '../../writes/key.ts';
import { type KeyedPayload, keyedPayloadFields } from '../../graphql/payload.ts';
import { ChannelConnection } from '../channel-connections/types.ts';
import { ChannelEndpoint } from '../channel-endpoints/types.ts';
import { connectWorkspace, findIntegration, findIntegrations, linkEndpoint, linkUser } from './service.ts';
import { NovuChannelType, NovuProvider, toChannelType, toProvider } from '../common/channel-types.ts';
import {
  GenerateConnectOAuthUrlInput,
  GenerateLinkUserOAuthUrlInput,
  LinkChannelEndpointInput,
} from './input.ts';
import { type Integration as IntegrationValue, type Link, toIntegrationReference } from './wire.ts';

const Integration = builder.objectRef<IntegrationValue>('Integration');
builder.objectType(Integration, {
  novu: { scope: 'integrations:read' },
  description: 'An account with a provider, through which Novu sends. Its credentials stay with Novu.',
  fields: (t) => ({
    id: t.exposeID('identifier', {
      nullable: false,
      description: 'The identifier again, for clients that normalise their cache by `id`.',
    }),
    identifier: t.exposeID('identifier', { nullable: false }),
    name: t.exposeString('name'),
    providerId: t.exposeString('providerId', {
      description: 'The provider as Novu spells it, for example slack.',
    }),
    provider: t.field({
      type: NovuProvider,
      nullable: true,
      description: 'The same as an enum; UNRECOGNIZED when Novu knows a provider that this gateway does not.',
      resolve: ({ providerId }) => toProvider(providerId),
    }),
    channel: t.field({
      type: NovuChannelType,
      nullable: true,
      resolve: ({ channel }) => toChannelType(channel),
    }),
    active: t.exposeBoolean('active'),
    primary: t.exposeBoolean('primary', {
      description: 'The default of its channel: Novu sends through it when no integration is named.',
    }),
  }),
});
defineEntity(Integration, {
  key: ['identifier'],
  resolveReference: ({ identifier }, context) => findIntegration(context, identifier),
  keyAlone: toIntegrationReference,
});

builder.queryField('integrations', (t) =>
  t.field({
    novu: { asks: 'one' },
    type: [Integration],
    nullable: { list: true, items: false },
    description: 'The integrations of the environment, in the order in which Novu lists them.',
    args: {
      activeOnly: t.arg.boolean({
        required: true,
        defaultValue: false,
        description: 'Without those that are switched off.',
      }),
    },
    resolve: (_root, { activeOnly }, context) => findIntegrations(context, activeOnly),
  }),
);

builder.objectField(ChannelConnection, 'integration', (t) =>
  t.field({
    novu: { asks: 'one', when: ({ integrationIdentifier }) => integrationIdentifier !== null },
    type: Integration,
    nullable: true,
    resolve: ({ integrationIdentifier }, _args, context) =>
      integrationIdentifier === null ? null : findIntegration(context, integrationIdentifier),
  }),
);

builder.objectField(ChannelEndpoint, 'integration', (t) =>
  t.field({
    novu: { asks: 'one', when: ({ integrationIdentifier }) => integrationIdentifier !== null },
    type: Integration,
    nullable: true,
    resolve: ({ integrationIdentifier }, _args, context) =>
      integrationIdentifier === null ? null : findIntegration(context, integrationIdentifier),
  }),
);

const ChannelOAuthUrlPayload = builder.objectRef<KeyedPayload<Link>>('ChannelOAuthUrlPayload').implement({
  fields: (t) => ({
    url: t.string({ nullable: true, resolve: ({ value }) => value?.url }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        "Novu takes a link for five minutes: counted from the time that Novu wrote into it, or from now where that can't be read.",
      resolve: ({ value }) => value?.expiresAt,
    }),
    ...keyedPayloadFields(t),
  }),
});

const LinkChannelEndpointPayload = builder
  .objectRef<KeyedPayload<Link>>('LinkChannelEndpointPayload')
  .implement({
    fields: (t) => ({
      url: t.string({ nullable: true, resolve: ({ value }) => value?.url }),
      providerMetadata: t.field({
        type: 'JSONObject',
        nullable: true,
        description: 'What the provider adds, for example the name of the bot and when the link expires.',
        resolve: ({ value }) => value?.providerMetadata,
      }),
      ...keyedPayloadFields(t),
    }),
  });

builder.mutationFields((t) => ({
  generateConnectOAuthUrl: t.field({
    novu: { scope: 'channel-connections:write', asks: 'one' },
    type: ChannelOAuthUrlPayload,
    nullable: true,
    description:
      'A link to open in the browser that installs the app in a workspace; Novu then stores the channel connection. Lives five minutes. To wait for it, list channelConnections by integrationIdentifier, subscriberId and contextKeys, and look for an updatedAt after the moment at which the link was made: a connection that exists already is updated and keeps its identifier.',
    args: {
      input: t.arg({
        type: GenerateConnectOAuthUrlInput,
        required: true,
        description: 'What the link is for.',
      }),
      idempotencyKey: idempotencyKeyArg(t.arg),
    },
    resolve: (_root, { input, idempotencyKey }, context, info) =>
      connectWorkspace(context, input, resolveKey(idempotencyKey, context, info)),
  }),
  generateLinkUserOAuthUrl: t.field({
    novu: { scope: 'channel-endpoints:write', asks: 'one' },
    type: ChannelOAuthUrlPayload,
    nullable: true,
    description: 'A link that tells Novu which user of the chat provider the subscriber is.',
    args: {
      input: t.arg({
        type: GenerateLinkUserOAuthUrlInput,
        required: true,
        description: 'What the link is for.',
      }),
      idempotencyKey: idempotencyKeyArg(t.arg),
    },
    resolve: (_root, { input, idempotencyKey }, context, info) =>
      linkUser(context, input, resolveKey(idempotencyKey, context, info)),
  }),
  linkChannelEndpoint: t.field({
    novu: { scope: 'channel-endpoints:write', asks: 'one' },
    type: LinkChannelEndpointPayload,
    nullable: true,
    description:
      'A link that the subscriber opens in the chat app itself, for providers without OAuth: Telegram.',
    args: {
      input: t.arg({ type: LinkChannelEndpointInput, required: true, description: 'What the link is for.' }),
      idempotencyKey: idempotencyKeyArg(t.arg),
    },
    resolve: (_root, { input, idempotencyKey }, context, info) =>
      linkEndpoint(context, input, resolveKey(idempotencyKey, context, info)),
  }),
}));
