import { builder } from '../../graphql/builder.ts';
import { createListTypes } from '../../graphql/relay.ts';
import { ContextInput } from '../common/contexts.ts';
import { rowFields } from '../common/row-fields.ts';
import { ChannelType } from '../common/channel-types.ts';
import type { ChannelConnection as ChannelConnectionValue } from './wire.ts';

export { lookUpConnection } from './find.ts';

export const ConnectionMode = builder.enumType('ConnectionMode', {
  values: {
    SUBSCRIBER: { description: 'For one subscriber; needs subscriberId.' },
    SHARED: { description: 'For everybody in a context; needs context, and no subscriber is stored.' },
  } as const,
});

const Workspace = builder.objectRef<NonNullable<ChannelConnectionValue['workspace']>>('Workspace').implement({
  description: 'The workspace of the chat provider, for example a Slack team.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false }),
    name: t.exposeString('name'),
    botUserId: t.exposeID('botUserId'),
  }),
});

const ConnectionAuth = builder.objectRef<ChannelConnectionValue['auth']>('ConnectionAuth').implement({
  description:
    'What is known of the stored tokens. The tokens themselves are for callers with the scope channel-connections:read-secrets alone.',
  fields: (t) => ({
    hasAccessToken: t.exposeBoolean('hasAccessToken', { nullable: false }),
    hasRefreshToken: t.exposeBoolean('hasRefreshToken', { nullable: false }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
    refreshTokenExpiresAt: t.expose('refreshTokenExpiresAt', { type: 'DateTime' }),
    accessToken: t.string({
      nullable: true,
      description:
        'FORBIDDEN without the scope channel-connections:read-secrets; null when Novu withholds it.',
      novu: { scope: 'channel-connections:read-secrets', asks: 'nothing' },
      resolve: ({ accessToken }) => accessToken?.reveal() ?? null,
    }),
  }),
});

export const ChannelConnection = builder.objectRef<ChannelConnectionValue>('ChannelConnection');
const reads = 'channel-connections:read';
builder.objectType(ChannelConnection, {
  novu: { scope: reads },
  description:
    "A chat workspace with its tokens, linked to a subscriber or to contexts. Mirrors Novu's GetChannelConnectionResponseDto.",
  fields: (t) => ({
    ...rowFields<ChannelConnectionValue>(t),
    workspace: t.expose('workspace', { type: Workspace, nullable: true }),
    auth: t.expose('auth', { type: ConnectionAuth, nullable: false }),
  }),
});

const WorkspaceInput = builder.inputType('WorkspaceInput', {
  fields: (t) => ({ id: t.id({ required: true }), name: t.string(), botUserId: t.id() }),
});

const ConnectionAuthInput = builder.inputType('ConnectionAuthInput', {
  fields: (t) => ({
    accessToken: t.field({ type: 'Secret', required: true }),
    refreshToken: t.field({ type: 'Secret', description: 'For providers whose tokens rotate.' }),
    expiresAt: t.field({ type: 'DateTime' }),
    refreshTokenExpiresAt: t.field({ type: 'DateTime' }),
  }),
});

export const CreateChannelConnectionInput = builder.inputType('CreateChannelConnectionInput', {
  description:
    "Mirrors Novu's CreateChannelConnectionRequestDto, field for field; `context` is its map written as a typed list.",
  fields: (t) => ({
    identifier: t.id({ description: 'Made from the idempotency key when left out.' }),
    subscriberId: t.id(),
    context: t.field({ type: [ContextInput] }),
    connectionMode: t.field({ type: ConnectionMode }),
    integrationIdentifier: t.id({ required: true }),
    workspace: t.field({ type: WorkspaceInput, required: true }),
    auth: t.field({ type: ConnectionAuthInput, required: true }),
  }),
});

export const UpdateChannelConnectionInput = builder.inputType('UpdateChannelConnectionInput', {
  description: 'Mirrors UpdateChannelConnectionRequestDto: both are replaced whole.',
  fields: (t) => ({
    workspace: t.field({ type: WorkspaceInput, required: true }),
    auth: t.field({ type: ConnectionAuthInput, required: true }),
  }),
});

export const ChannelConnectionFilter = builder.inputType('ChannelConnectionFilter', {
  description:
    'channel: UNRECOGNIZED is refused; contextKeys: [] means connections without a context. connectionMode narrows what a newer Novu returns for a subscriber.',
  fields: (t) => ({
    subscriberId: t.id(),
    channel: t.field({ type: ChannelType }),
    providerId: t.string(),
    integrationIdentifier: t.id(),
    contextKeys: t.stringList({ description: 'Exactly these contexts, in any order, each as type:id.' }),
    connectionMode: t.field({ type: ConnectionMode }),
  }),
});

export const ChannelConnectionsConnection = createListTypes('ChannelConnections', ChannelConnection, reads);
