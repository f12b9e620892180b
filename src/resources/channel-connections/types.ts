import { builder } from '../../graphql/builder.ts';
import { type Payload, payloadFields } from '../../graphql/payload.ts';
import { createListTypes } from '../../graphql/relay.ts';
import type { RowOrKey } from '../../rest/row.ts';
import { nullOfKeyAlone, rowFields } from '../common/row-fields.ts';
import { NovuChannelType, ChannelConnectionMode } from '../common/channel-types.ts';
import type { ChannelConnection as ChannelConnectionValue } from './wire.ts';

export { lookUpConnection, requireOwnConnection } from './find.ts';

const ChannelWorkspace = builder
  .objectRef<NonNullable<ChannelConnectionValue['workspace']>>('ChannelWorkspace')
  .implement({
    description: 'The workspace of the chat provider, for example a Slack team.',
    fields: (t) => ({
      id: t.exposeID('id', { nullable: false }),
      name: t.exposeString('name'),
      botUserId: t.exposeID('botUserId'),
    }),
  });

/** Novu 3.19 shows the access token alone, whatever else is stored. */
const unsaid = 'Null when Novu does not say, as Novu 3.19 never does: it may be stored all the same.';

const ChannelConnectionAuth = builder
  .objectRef<ChannelConnectionValue['auth']>('ChannelConnectionAuth')
  .implement({
    description:
      'What is known of the stored tokens. The tokens themselves are for callers with the scope channel-connections:read-secrets alone.',
    fields: (t) => ({
      hasAccessToken: t.exposeBoolean('hasAccessToken', { nullable: false }),
      hasRefreshToken: t.exposeBoolean('hasRefreshToken', {
        description: `Whether a refresh token is stored. ${unsaid}`,
      }),
      expiresAt: t.expose('expiresAt', {
        type: 'DateTime',
        description: `When the access token expires. ${unsaid}`,
      }),
      refreshTokenExpiresAt: t.expose('refreshTokenExpiresAt', {
        type: 'DateTime',
        description: `When the refresh token expires. ${unsaid}`,
      }),
      accessToken: t.string({
        tag: ['internal'],
        nullable: true,
        description:
          'FORBIDDEN without the scope channel-connections:read-secrets; null when Novu withholds it.',
        novu: { scope: 'channel-connections:read-secrets', asks: 'nothing' },
        resolve: ({ accessToken }) => accessToken?.reveal() ?? null,
      }),
    }),
  });

export const ChannelConnection = builder.objectRef<RowOrKey<ChannelConnectionValue>>('ChannelConnection');
const reads = 'channel-connections:read';
builder.objectType(ChannelConnection, {
  novu: { scope: reads },
  description:
    "A chat workspace with its tokens, linked to a subscriber or to contexts. Mirrors Novu's GetChannelConnectionResponseDto.",
  fields: (t) => ({
    ...rowFields(t),
    workspace: t.expose('workspace', { type: ChannelWorkspace, nullable: true }),
    auth: t.expose('auth', { type: ChannelConnectionAuth, nullable: true, description: nullOfKeyAlone }),
  }),
});

export const ChannelConnectionFilter = builder.inputType('ChannelConnectionFilter', {
  description:
    'channel: UNRECOGNIZED is refused; contextKeys: [] means connections without a context. Without connectionMode, services get what Novu returns for a subscriberId: on Novu 3.19 those of the subscriber alone, on some older servers shared ones too. End users get their own without it, and the shared ones with SHARED and contextKeys of their token.',
  fields: (t) => ({
    subscriberId: t.id({ description: 'Of this subscriber.' }),
    channel: t.field({ type: NovuChannelType, description: 'Of this channel.' }),
    providerId: t.string({ description: 'Of this provider, as Novu spells it, for example slack.' }),
    integrationIdentifier: t.id({ description: 'Of this integration.' }),
    contextKeys: t.stringList({ description: 'Exactly these contexts, in any order, each as type:id.' }),
    connectionMode: t.field({ type: ChannelConnectionMode, description: 'For one subscriber, or shared.' }),
  }),
});

export const ChannelConnectionsConnection = createListTypes('ChannelConnections', ChannelConnection, reads);

/** How a delete ended: the value is the identifier. */
export type ConnectionDeletion = Payload<string> & {
  /** Of the endpoints that went before it. */
  deletedEndpointIdentifiers: readonly string[];
};

export const DeleteChannelConnectionPayload = builder.objectRef<ConnectionDeletion>(
  'DeleteChannelConnectionPayload',
);
builder.objectType(DeleteChannelConnectionPayload, {
  fields: (t) => ({
    deletedIdentifier: t.id({ nullable: true, resolve: ({ value }) => value }),
    deletedEndpointIdentifiers: t.idList({
      nullable: { list: false, items: false },
      description: 'The endpoints that were deleted before the connection, also when it stayed.',
      resolve: ({ deletedEndpointIdentifiers }) => deletedEndpointIdentifiers,
    }),
    ...payloadFields(t),
  }),
});
