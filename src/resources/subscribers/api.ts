import { isVisible } from '../../callers/access.ts';
import { collection } from '../../rest/collection.ts';
import type { PageQuery } from '../../rest/row.ts';
import { parseSubscriber, type Subscriber } from './wire.ts';

export type ListQuery = PageQuery & { email?: string; name?: string; phone?: string; subscriberId?: string };

export const subscribers = collection<Subscriber, ListQuery>('/v2/subscribers', {
  parse: parseSubscriber,
  key: ['subscriberId'],
  fields: ['firstName', 'lastName', 'email', 'createdAt', 'updatedAt'],
  isVisible,
});
