import { builder } from '../../graphql/builder.ts';
import { resolveKey } from '../../graphql/keyed.ts';
import { keyedPayloadFields, type KeyedPayload } from '../../graphql/payload.ts';
import { ConflictError } from '../../graphql/user-errors.ts';
import { Subscriber } from '../subscribers/types.ts';
import { createConnection, findChannelConnection } from './service.ts';
import { ChannelConnection, CreateChannelConnectionInput } from './types.ts';
import type { ChannelConnection as ChannelConnectionValue } from './wire.ts';

builder.asEntity(ChannelConnection, {
  key: builder.selection<{ identifier: string }>('identifier'),
  resolveReference: ({ identifier }, context) => findChannelConnection(context, identifier),
});

builder.objectField(ChannelConnection, 'subscriber', (t) =>
  t.field({
    type: Subscriber,
    nullable: true,
    resolve: ({ subscriberId }) => (subscriberId === null ? null : { subscriberId }),
  }),
);

builder.queryField('channelConnection', (t) =>
  t.field({
    type: ChannelConnection,
    nullable: true,
    description: 'One connection, or null when Novu knows none by that identifier in this environment.',
    args: { identifier: t.arg.id({ required: true }) },
    resolve: (_root, { identifier }, context) => findChannelConnection(context, identifier),
  }),
);

builder.objectField(ConflictError, 'existing', (t) =>
  t.field({
    type: ChannelConnection,
    nullable: true,
    description: 'The connection that is in the way; asked for only when this field is.',
    resolve: ({ resource, existingIdentifier }, _args, context) =>
      resource === 'ChannelConnection' && existingIdentifier !== null
        ? findChannelConnection(context, existingIdentifier)
        : null,
  }),
);

const CreateChannelConnectionPayload = builder
  .objectRef<KeyedPayload<ChannelConnectionValue>>('CreateChannelConnectionPayload')
  .implement({
    fields: (t) => ({
      channelConnection: t.field({ type: ChannelConnection, nullable: true, resolve: ({ value }) => value }),
      ...keyedPayloadFields(t),
    }),
  });

builder.mutationField('createChannelConnection', (t) =>
  t.field({
    type: CreateChannelConnectionPayload,
    nullable: true,
    description:
      'Links a chat workspace with its tokens to a subscriber or to contexts. Made once per idempotency key, whatever the network does.',
    args: {
      input: t.arg({ type: CreateChannelConnectionInput, required: true }),
      idempotencyKey: t.arg.string({
        description:
          'Sent to Novu as the idempotency-key header. 1 to 255 visible ASCII characters. Made by the gateway when left out, and returned either way.',
      }),
    },
    resolve: (_root, { input, idempotencyKey }, context, info) =>
      createConnection(context, input, resolveKey(idempotencyKey, context, info)),
  }),
);
