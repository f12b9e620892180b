import { isOwn } from '../../callers/access.ts';
import { builder } from '../../graphql/builder.ts';
import type { Context } from '../../graphql/context.ts';
import { defineEntity } from '../../graphql/federation.ts';
import { createListTypes } from '../../graphql/relay.ts';
import { shows } from '../common/row-behind.ts';
import { subscribers } from './api.ts';
import type { Subscriber as Row } from './wire.ts';

/** A row of Novu's, or the id alone where something refers to it. */
type SubscriberValue = Row | Pick<Row, '__typename' | 'subscriberId'>;

export const toSubscriber = (subscriberId: string): SubscriberValue => ({
  __typename: 'Subscriber',
  subscriberId,
});

/** The row; Novu is asked once for each subscriber of a request, and never for one who is not the caller's to see. */
function rowOf(value: SubscriberValue, context: Context): Row | null | Promise<Row | null> {
  if ('identifier' in value) return value;
  const { subscriberId } = value;
  return isOwn(context.caller, { subscriberId, contextKeys: [] })
    ? subscribers.find(context, subscriberId)
    : null;
}

const show = shows(rowOf);

export const reads = 'subscribers:read';
const novu = { scope: reads, asks: 'row' } as const;

export const Subscriber = builder.objectRef<SubscriberValue>('Subscriber');
builder.objectType(Subscriber, {
  description:
    'A person or device that Novu notifies. Other subgraphs refer to it by key. What is more than the key is null where Novu has no such subscriber, and for another one than the end user who asks.',
  fields: (t) => ({
    subscriberId: t.exposeID('subscriberId', { nullable: false }),
    firstName: t.string({ novu, nullable: true, resolve: show('firstName') }),
    lastName: t.string({ novu, nullable: true, resolve: show('lastName') }),
    email: t.string({ novu, nullable: true, resolve: show('email') }),
    phone: t.string({ novu, nullable: true, resolve: show('phone') }),
    avatar: t.string({ novu, nullable: true, description: 'The URL of a picture.', resolve: show('avatar') }),
    locale: t.string({ novu, nullable: true, resolve: show('locale') }),
    timezone: t.string({ novu, nullable: true, description: 'By its IANA name.', resolve: show('timezone') }),
    data: t.field({
      type: 'JSONObject',
      novu,
      nullable: true,
      description: 'What your backend keeps there.',
      resolve: show('data'),
    }),
    createdAt: t.field({ type: 'DateTime', novu, nullable: true, resolve: show('createdAt') }),
    updatedAt: t.field({ type: 'DateTime', novu, nullable: true, resolve: show('updatedAt') }),
  }),
});
defineEntity(Subscriber, {
  key: ['subscriberId'],
  resolveReference: ({ subscriberId }) => toSubscriber(subscriberId),
  keyAlone: ({ subscriberId }) => toSubscriber(subscriberId),
});

export const SubscribersConnection = createListTypes('Subscribers', Subscriber, reads);

export const SubscriberFilter = builder.inputType('SubscriberFilter', {
  description: 'All that is given must hold.',
  fields: (t) => ({
    subscriberId: t.id({ description: 'This subscriber.' }),
    email: t.string({ description: 'With this email address.' }),
    phone: t.string({ description: 'With this phone number.' }),
    name: t.string({ description: 'Whose first and last name have this in them.' }),
  }),
});
