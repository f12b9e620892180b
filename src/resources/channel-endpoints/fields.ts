import { isOwn } from '../../callers/access.ts';
import { idempotencyKeyArg, identifierArg } from '../../graphql/arguments.ts';
import { builder } from '../../graphql/builder.ts';
import { defineEntity } from '../../graphql/federation.ts';
import { resolveCreateKey, resolveKey } from '../../writes/key.ts';
import { createDeletePayload, createKeyedRowPayload } from '../../graphql/payload.ts';
import { ChannelConnectionOrder, pageArgs } from '../../graphql/relay.ts';
import { ChannelConnection, DeleteChannelConnectionPayload } from '../channel-connections/types.ts';
import { Subscriber, toSubscriber } from '../subscribers/types.ts';
import { findChannelEndpoint } from './find.ts';
import { CreateChannelEndpointInput, UpdateChannelEndpointInput } from './input.ts';
import { createEndpoint, deleteEndpoint, listEndpoints, listRemaining, updateEndpoint } from './service.ts';
import { toEndpointReference } from './wire.ts';
import { isKeyAlone } from '../../rest/row.ts';
import './existing.ts';
import { ChannelEndpoint, ChannelEndpointFilter, ChannelEndpointsConnection } from './types.ts';

defineEntity(ChannelEndpoint, {
  key: ['identifier'],
  resolveReference: ({ identifier }, context) => findChannelEndpoint(context, identifier),
  keyAlone: toEndpointReference,
});

builder.objectField(ChannelEndpoint, 'subscriber', (t) =>
  t.field({
    type: Subscriber,
    nullable: true,
    resolve: ({ subscriberId }) => (subscriberId === null ? null : toSubscriber(subscriberId)),
  }),
);

builder.objectField(Subscriber, 'channelEndpoints', (t) =>
  t.field({
    type: ChannelEndpointsConnection,
    nullable: true,
    novu: { asks: 'page' },
    description: "The subscriber's endpoints, newest first.",
    args: {
      ...pageArgs(t.arg),
      filter: t.arg({ type: ChannelEndpointFilter, description: 'Which endpoints.' }),
    },
    resolve: ({ subscriberId }, args, context) =>
      isOwn(context.caller, { subscriberId, contextKeys: [] })
        ? listEndpoints(context, args, { subscriberId })
        : null,
  }),
);

builder.objectField(ChannelConnection, 'endpoints', (t) =>
  t.field({
    type: ChannelEndpointsConnection,
    nullable: true,
    novu: { asks: 'page' },
    description: 'The endpoints whose messages go through this connection, newest first.',
    args: pageArgs(t.arg),
    resolve: (connection, args, context) =>
      isKeyAlone(connection)
        ? null
        : listEndpoints(context, args, { connectionIdentifier: connection.identifier }),
  }),
);

builder.objectField(DeleteChannelConnectionPayload, 'remainingEndpoints', (t) =>
  t.field({
    type: ChannelEndpointsConnection,
    nullable: true,
    novu: { asks: 'page', when: ({ value }) => value !== null },
    description:
      'The endpoints that still name the connection, as far as the caller may see them: the number and the first ten; `channelEndpoints` with the filter connectionIdentifier has the rest. Asked for after the delete. Null when the connection was not deleted, and when Novu does not say.',
    resolve: ({ value }, _args, context) => (value === null ? null : listRemaining(context, value)),
  }),
);

builder.queryField('channelEndpoint', (t) =>
  t.field({
    novu: { asks: 'one' },
    type: ChannelEndpoint,
    nullable: true,
    description: 'One endpoint, or null when Novu knows none by that identifier in this environment.',
    args: { identifier: identifierArg(t.arg, 'endpoint') },
    resolve: (_root, { identifier }, context) => findChannelEndpoint(context, identifier),
  }),
);

builder.queryField('channelEndpoints', (t) =>
  t.field({
    type: ChannelEndpointsConnection,
    nullable: true,
    novu: { asks: 'page' },
    description: 'The endpoints of the environment, newest first unless ordered otherwise.',
    args: {
      ...pageArgs(t.arg),
      filter: t.arg({ type: ChannelEndpointFilter, description: 'Which endpoints.' }),
      orderBy: t.arg({ type: ChannelConnectionOrder, description: 'Newest first when left out.' }),
    },
    resolve: (_root, args, context) => listEndpoints(context, args),
  }),
);

const CreateChannelEndpointPayload = createKeyedRowPayload(
  'CreateChannelEndpointPayload',
  'channelEndpoint',
  ChannelEndpoint,
);
const UpdateChannelEndpointPayload = createKeyedRowPayload(
  'UpdateChannelEndpointPayload',
  'channelEndpoint',
  ChannelEndpoint,
);
const DeleteChannelEndpointPayload = createDeletePayload('DeleteChannelEndpointPayload');

const writes = 'channel-endpoints:write';

builder.mutationFields((t) => ({
  createChannelEndpoint: t.field({
    novu: { scope: writes, asks: 'one' },
    type: CreateChannelEndpointPayload,
    nullable: true,
    description:
      'Tells Novu where a subscriber is reached in one channel. Created once per idempotency key, also when calls are repeated or answers get lost.',
    args: {
      input: t.arg({ type: CreateChannelEndpointInput, required: true, description: 'The endpoint.' }),
      idempotencyKey: idempotencyKeyArg(t.arg),
    },
    resolve: (_root, { input, idempotencyKey }, context, info) =>
      createEndpoint(context, input, resolveCreateKey(idempotencyKey, input, context, info)),
  }),
  updateChannelEndpoint: t.field({
    novu: { scope: writes, asks: 'one' },
    type: UpdateChannelEndpointPayload,
    nullable: true,
    description: 'Replaces the address by another of the same type.',
    args: {
      identifier: identifierArg(t.arg, 'endpoint'),
      input: t.arg({
        type: UpdateChannelEndpointInput,
        required: true,
        description: 'What is stored instead.',
      }),
      idempotencyKey: idempotencyKeyArg(t.arg),
    },
    resolve: (_root, { identifier, input, idempotencyKey }, context, info) =>
      updateEndpoint(context, identifier, input, resolveKey(idempotencyKey, context, info)),
  }),
  deleteChannelEndpoint: t.field({
    novu: { scope: writes, asks: 'one' },
    type: DeleteChannelEndpointPayload,
    nullable: true,
    description: 'Deletes the endpoint: nothing reaches the subscriber through it any more.',
    args: { identifier: identifierArg(t.arg, 'endpoint') },
    resolve: (_root, { identifier }, context) => deleteEndpoint(context, identifier),
  }),
}));
