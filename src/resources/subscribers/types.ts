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
  key: ['subscriberId'],
  // Its fields are null or empty where there is no such subscriber, and for another one than the end user who asks.
  resolveReference: ({ subscriberId }) => toSubscriber(subscriberId),
  keyAlone: ({ subscriberId }) => toSubscriber(subscriberId),
});
