import { isOwn } from '../../callers/access.ts';
import { idempotencyKeyArg } from '../../graphql/arguments.ts';
import { builder } from '../../graphql/builder.ts';
import { createDeletePayload, createKeyedRowPayload } from '../../graphql/payload.ts';
import { pageArgs } from '../../graphql/relay.ts';
import { resolveKey } from '../../writes/key.ts';
import { subscribers } from './api.ts';
import { UpdateSubscriberInput, UpsertSubscriberInput } from './input.ts';
import { deleteSubscriber, listSubscribers, updateSubscriber, upsertSubscriber } from './service.ts';
import { reads, Subscriber, SubscriberFilter, SubscribersConnection } from './types.ts';

builder.queryFields((t) => ({
  subscriber: t.field({
    novu: { scope: reads, asks: 'one' },
    type: Subscriber,
    nullable: true,
    description: 'One subscriber, or null when Novu knows none by that id in this environment.',
    args: { subscriberId: t.arg.id({ required: true, description: 'The id of the subscriber.' }) },
    // What is not theirs to see is not there for end users, and Novu is not asked for it.
    resolve: (_root, { subscriberId }, context) =>
      isOwn(context.caller, { subscriberId, contextKeys: [] })
        ? subscribers.find(context, subscriberId)
        : null,
  }),
  subscribers: t.field({
    novu: { asks: 'page' },
    type: SubscribersConnection,
    nullable: true,
    description: 'The subscribers of the environment, newest first; end users find themself alone.',
    args: {
      ...pageArgs(t.arg),
      filter: t.arg({ type: SubscriberFilter, description: 'Which subscribers.' }),
    },
    resolve: (_root, args, context) => listSubscribers(context, args),
  }),
}));

const UpsertSubscriberPayload = createKeyedRowPayload('UpsertSubscriberPayload', 'subscriber', Subscriber);
const UpdateSubscriberPayload = createKeyedRowPayload('UpdateSubscriberPayload', 'subscriber', Subscriber);
const DeleteSubscriberPayload = createDeletePayload('DeleteSubscriberPayload');

const writes = 'subscribers:write';

builder.mutationFields((t) => ({
  upsertSubscriber: t.field({
    novu: { scope: writes, asks: 'one' },
    type: UpsertSubscriberPayload,
    nullable: true,
    description:
      "Creates the subscriber, or updates the one that is there: exactly Novu's upsert. Twice is as good as once.",
    args: {
      input: t.arg({ type: UpsertSubscriberInput, required: true, description: 'The subscriber.' }),
      idempotencyKey: idempotencyKeyArg(t.arg),
    },
    resolve: (_root, { input, idempotencyKey }, context, info) =>
      upsertSubscriber(context, input, resolveKey(idempotencyKey, context, info)),
  }),
  updateSubscriber: t.field({
    novu: { scope: writes, asks: 'one' },
    type: UpdateSubscriberPayload,
    nullable: true,
    description: 'Sets the given fields and leaves the others as they are.',
    args: {
      subscriberId: t.arg.id({ required: true, description: 'The id of the subscriber.' }),
      input: t.arg({ type: UpdateSubscriberInput, required: true, description: 'What is set.' }),
      idempotencyKey: idempotencyKeyArg(t.arg),
    },
    resolve: (_root, { subscriberId, input, idempotencyKey }, context, info) =>
      updateSubscriber(context, subscriberId, input, resolveKey(idempotencyKey, context, info)),
  }),
  deleteSubscriber: t.field({
    novu: { scope: writes, asks: 'one' },
    type: DeleteSubscriberPayload,
    nullable: true,
    description:
      'Deletes the subscriber with messages, preferences and topic subscriptions. Connections and endpoints stay: delete them before.',
    args: { subscriberId: t.arg.id({ required: true, description: 'The id of the subscriber.' }) },
    resolve: (_root, { subscriberId }, context) => deleteSubscriber(context, subscriberId),
  }),
}));
