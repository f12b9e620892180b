import { builder } from '../../graphql/builder.ts';
import { defineEntity } from '../../graphql/federation.ts';

type SubscriberValue = { __typename: 'Subscriber'; subscriberId: string };

export const toSubscriber = (subscriberId: string): SubscriberValue => ({
  __typename: 'Subscriber',
  subscriberId,
});

export const Subscriber = builder.objectRef<SubscriberValue>('Subscriber');
builder.objectType(Subscriber, {
  description:
    'A person or device that Novu notifies. Other subgraphs refer to it by key; this one adds the connections.',
  fields: (t) => ({ subscriberId: t.exposeID('subscriberId', { nullable: false }) }),
});
defineEntity(Subscriber, {
  key: 'subscriberId',
  // An end user sees no subscriber but themself, whether there are others or not.
  resolveReference: (subscriberId, { caller }) =>
    caller.kind === 'user' && caller.subscriberId !== subscriberId ? null : toSubscriber(subscriberId),
});
