import { builder } from '../../graphql/builder.ts';

export const Subscriber = builder.objectRef<{ __typename?: 'Subscriber'; subscriberId: string }>(
  'Subscriber',
);
builder.objectType(Subscriber, {
  description:
    'A person or device that Novu notifies. Other subgraphs refer to it by key; this one adds the connections.',
  fields: (t) => ({ subscriberId: t.exposeID('subscriberId', { nullable: false }) }),
});
builder.asEntity(Subscriber, {
  key: builder.selection<{ subscriberId: string }>('subscriberId'),
  // To an end user other subscribers don't exist, those that do and those that don't.
  resolveReference: ({ subscriberId }, { caller }) =>
    caller.kind === 'user' && caller.subscriberId !== subscriberId
      ? null
      : { __typename: 'Subscriber' as const, subscriberId },
});
