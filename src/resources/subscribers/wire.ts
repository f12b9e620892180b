import { isRecord } from '../../upstream/json.ts';
import { type Time, toText, toTime } from '../../upstream/tolerant.ts';

/** A person or device that Novu notifies: Novu's SubscriberResponseDto, without its channels, which hold credentials. */
export type Subscriber = {
  __typename: 'Subscriber';
  subscriberId: string;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  phone: string | null;
  avatar: string | null;
  locale: string | null;
  timezone: string | null;
  data: Record<string, unknown> | null;
  createdAt: Time | null;
  updatedAt: Time | null;
  /** The id again, as writes name what they are about. */
  identifier: string;
  /** It is its own, and nobody's by a context. */
  contextKeys: readonly string[];
};

/** The subscriber, or undefined when the body lacks even the id. */
export function parseSubscriber(body: unknown): Subscriber | undefined {
  if (!isRecord(body)) return undefined;
  const subscriberId = toText(body['subscriberId']);
  if (subscriberId === null || subscriberId === '') return undefined;
  return {
    __typename: 'Subscriber',
    subscriberId,
    firstName: toText(body['firstName']),
    lastName: toText(body['lastName']),
    email: toText(body['email']),
    phone: toText(body['phone']),
    avatar: toText(body['avatar']),
    locale: toText(body['locale']),
    timezone: toText(body['timezone']),
    data: isRecord(body['data']) ? body['data'] : null,
    createdAt: toTime(body['createdAt']),
    updatedAt: toTime(body['updatedAt']),
    identifier: subscriberId,
    contextKeys: [],
  };
}
