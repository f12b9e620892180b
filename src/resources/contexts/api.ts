import { isVisible } from '../../callers/access.ts';
import { collection } from '../../rest/collection.ts';
import type { PageQuery } from '../../rest/row.ts';
import { type Context, parseContext } from './wire.ts';

export type ListQuery = PageQuery & { type?: string; id?: string; search?: string };

export const contexts = collection<Context, ListQuery>('/v2/contexts', {
  parse: parseContext,
  key: ['type', 'id'],
  fields: ['data', 'createdAt', 'updatedAt'],
  category: 'global',
  isVisible,
});
