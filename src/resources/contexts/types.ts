import { isOwn } from '../../callers/access.ts';
import { builder } from '../../graphql/builder.ts';
import type { Context as RequestContext } from '../../graphql/context.ts';
import { defineEntity } from '../../graphql/federation.ts';
import { createListTypes } from '../../graphql/relay.ts';
import { shows } from '../common/row-behind.ts';
import { contexts } from './api.ts';
import { type Context as Row, splitKey, toKey } from './wire.ts';

/** A row of Novu's, or the key alone where something refers to it. */
type ContextValue = Row | Pick<Row, '__typename' | 'type' | 'id'>;

const toContext = ({ type, id }: Pick<Row, 'type' | 'id'>): ContextValue => ({
  __typename: 'Context',
  type,
  id,
});

/** What the keys of a row refer to; null for the keys of a row that is null itself. */
export const toContexts = (keys: readonly string[] | null): readonly ContextValue[] | null =>
  keys?.flatMap((key) => {
    const parts = splitKey(key);
    return parts === undefined ? [] : [toContext(parts)];
  }) ?? null;

/** The row; Novu is asked once for each context of a request, and never for one that is not the caller's to see. */
function rowOf(value: ContextValue, context: RequestContext): Row | null | Promise<Row | null> {
  if ('identifier' in value) return value;
  const { type, id } = value;
  return isOwn(context.caller, { contextKeys: [toKey(type, id)] })
    ? contexts.find(context, [type, id])
    : null;
}
const show = shows(rowOf);

export const reads = 'contexts:read';
const novu = { scope: reads, asks: 'row' } as const;

export const Context = builder.objectRef<ContextValue>('Context');
builder.objectType(Context, {
  description:
    'Something that several subscribers share, for example a tenant. What is more than the key is null where Novu has no such context, and for end users whose token does not have it.',
  fields: (t) => ({
    type: t.exposeString('type', { nullable: false, description: 'For example tenant.' }),
    id: t.exposeID('id', { nullable: false, description: 'Unique within the type.' }),
    data: t.field({
      type: 'JSONObject',
      novu,
      nullable: true,
      description: 'What messages may say of it.',
      resolve: show('data'),
    }),
    createdAt: t.field({ type: 'DateTime', novu, nullable: true, resolve: show('createdAt') }),
    updatedAt: t.field({ type: 'DateTime', novu, nullable: true, resolve: show('updatedAt') }),
  }),
});
defineEntity(Context, { key: ['type', 'id'], resolveReference: toContext, keyAlone: toContext });

export const ContextsConnection = createListTypes('Contexts', Context, reads);

export const ContextFilter = builder.inputType('ContextFilter', {
  description: 'All that is given must hold.',
  fields: (t) => ({
    type: t.string({ description: 'Of this type.' }),
    id: t.id({ description: 'With this id.' }),
    search: t.string({ description: 'With this in the type or the id.' }),
  }),
});
