import { isOwn } from '../../callers/access.ts';
import { idempotencyKeyArg, identifierArg } from '../../graphql/arguments.ts';
import { builder } from '../../graphql/builder.ts';
import { defineEntity } from '../../graphql/federation.ts';
import { resolveCreateKey, resolveKey } from '../../writes/key.ts';
import { createKeyedRowPayload, createRowPayload } from '../../graphql/payload.ts';
import { ChannelConnectionOrder, pageArgs } from '../../graphql/relay.ts';
import { ChannelEndpoint } from '../channel-endpoints/types.ts';
import { Subscriber, toSubscriber } from '../subscribers/types.ts';
import { toConnectionReference } from './wire.ts';
import { deleteConnection } from './delete.ts';
import { findChannelConnection } from './find.ts';
import { CreateChannelConnectionInput, UpdateChannelConnectionInput } from './input.ts';
import { createConnection, listConnections, updateConnection, verifyConnection } from './service.ts';
import {
  ChannelConnection,
  ChannelConnectionFilter,
  ChannelConnectionsConnection,
  DeleteChannelConnectionPayload,
} from './types.ts';

defineEntity(ChannelConnection, {
  key: ['identifier'],
  resolveReference: (key, context) => findChannelConnection(context, key),
  keyAlone: toConnectionReference,
});

builder.objectField(ChannelConnection, 'subscriber', (t) =>
  t.field({
    type: Subscriber,
    nullable: true,
    resolve: ({ subscriberId }) => (subscriberId === null ? null : toSubscriber(subscriberId)),
  }),
);

builder.objectField(Subscriber, 'channelConnections', (t) =>
  t.field({
    type: ChannelConnectionsConnection,
    nullable: true,
    novu: { asks: 'page' },
    description:
      "The subscriber's own, without shared ones (connectionMode=subscriber is sent: some older Novu servers mix them in).",
    args: {
      ...pageArgs(t.arg),
      filter: t.arg({ type: ChannelConnectionFilter, description: 'Which connections.' }),
      orderBy: t.arg({ type: ChannelConnectionOrder, description: 'Newest first when left out.' }),
    },
    resolve: ({ subscriberId }, args, context) =>
      isOwn(context.caller, { subscriberId, contextKeys: [] })
        ? listConnections(context, args, subscriberId)
        : null,
  }),
);

builder.objectField(ChannelEndpoint, 'connection', (t) =>
  t.field({
    novu: { asks: 'one', when: ({ connectionIdentifier }) => connectionIdentifier !== null },
    type: ChannelConnection,
    nullable: true,
    description:
      "Null when the endpoint has none, when it exists no longer, and for end users when it isn't theirs to use.",
    resolve: ({ connectionIdentifier, integrationIdentifier, subscriberId }, _args, context) =>
      connectionIdentifier === null
        ? null
        : findChannelConnection(context, {
            identifier: connectionIdentifier,
            integrationIdentifier,
            subscriberId,
          }),
  }),
);

builder.queryField('channelConnection', (t) =>
  t.field({
    novu: { asks: 'one' },
    type: ChannelConnection,
    nullable: true,
    description: 'One connection, or null when Novu knows none by that identifier in this environment.',
    args: { identifier: identifierArg(t.arg, 'connection') },
    resolve: (_root, { identifier }, context) => findChannelConnection(context, { identifier }),
  }),
);

builder.queryField('channelConnections', (t) =>
  t.field({
    type: ChannelConnectionsConnection,
    nullable: true,
    novu: { asks: 'page' },
    description: 'The connections of the environment, newest first unless ordered otherwise.',
    args: {
      ...pageArgs(t.arg),
      filter: t.arg({ type: ChannelConnectionFilter, description: 'Which connections.' }),
      orderBy: t.arg({ type: ChannelConnectionOrder, description: 'Newest first when left out.' }),
    },
    resolve: (_root, args, context) => listConnections(context, args),
  }),
);

const CreateChannelConnectionPayload = createKeyedRowPayload(
  'CreateChannelConnectionPayload',
  'channelConnection',
  ChannelConnection,
);
const UpdateChannelConnectionPayload = createKeyedRowPayload(
  'UpdateChannelConnectionPayload',
  'channelConnection',
  ChannelConnection,
);
const VerifyChannelConnectionPayload = createRowPayload(
  'VerifyChannelConnectionPayload',
  'channelConnection',
  ChannelConnection,
);

const writes = 'channel-connections:write';

builder.mutationFields((t) => ({
  createChannelConnection: t.field({
    novu: { scope: writes, asks: 'one' },
    type: CreateChannelConnectionPayload,
    nullable: true,
    description:
      'Links a chat workspace with its tokens to a subscriber or to contexts. Created once per idempotency key, also when calls are repeated or answers get lost.',
    args: {
      input: t.arg({ type: CreateChannelConnectionInput, required: true, description: 'The connection.' }),
      idempotencyKey: idempotencyKeyArg(t.arg),
    },
    resolve: (_root, { input, idempotencyKey }, context, info) =>
      createConnection(context, input, resolveCreateKey(idempotencyKey, input, context, info)),
  }),
  updateChannelConnection: t.field({
    novu: { scope: writes, asks: 'one' },
    type: UpdateChannelConnectionPayload,
    nullable: true,
    description:
      'Replaces workspace and tokens as a whole: what is left out of them is deleted, a stored refresh token too.',
    args: {
      identifier: identifierArg(t.arg, 'connection'),
      input: t.arg({
        type: UpdateChannelConnectionInput,
        required: true,
        description: 'What is stored instead.',
      }),
      idempotencyKey: idempotencyKeyArg(t.arg),
    },
    resolve: (_root, { identifier, input, idempotencyKey }, context, info) =>
      updateConnection(context, identifier, input, resolveKey(idempotencyKey, context, info)),
  }),
  deleteChannelConnection: t.field({
    novu: { scope: writes, asks: 'one' },
    type: DeleteChannelConnectionPayload,
    nullable: true,
    description:
      'Deletes the connection. Endpoints that name it stay, unless `withEndpoints` is true; those of an end user who deletes it never do.',
    args: {
      identifier: identifierArg(t.arg, 'connection'),
      withEndpoints: t.arg.boolean({
        defaultValue: false,
        description:
          'Deletes the endpoints that name it first, with the scope channel-endpoints:write; when one of them fails, the connection stays.',
      }),
    },
    resolve: (_root, { identifier, withEndpoints }, context) =>
      deleteConnection(context, identifier, withEndpoints === true),
  }),
  verifyChannelConnection: t.field({
    novu: { scope: writes, asks: 'one' },
    type: VerifyChannelConnectionPayload,
    nullable: true,
    description: 'Asks Novu to check the stored tokens with the provider now.',
    deprecationReason:
      'No release of Novu has this route (POST /v1/channel-connections/{identifier}/verify): the answer is UNSUPPORTED.',
    args: { identifier: identifierArg(t.arg, 'connection') },
    resolve: (_root, { identifier }, context) => verifyConnection(context, identifier),
  }),
}));
