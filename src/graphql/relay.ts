import type { Scope } from '../callers/caller.ts';
import type { RateLimitFacts } from '../upstream/facts.ts';
import { type BuilderTypes, builder } from './builder.ts';
import { gatewayError } from './errors.ts';
import { RateLimit } from './response-facts.ts';

export type ConnectionArgs = {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
};

export type RelayConnection<T> = {
  edges: { cursor: string; node: T }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
  totalCount: number;
  totalCountCapped: boolean;
};

/** A page of a list as a Relay connection, with what Novu said of its rate limit. */
export type ListValue<T> = RelayConnection<T> & { rateLimit: RateLimitFacts | null };

const PageInfo = builder.objectRef<RelayConnection<unknown>['pageInfo']>('PageInfo').implement({
  shareable: true,
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { nullable: false }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', { nullable: false }),
    startCursor: t.exposeString('startCursor'),
    endCursor: t.exposeString('endCursor'),
  }),
});

export const OrderDirection = builder.enumType('OrderDirection', { values: ['ASC', 'DESC'] as const });
const ChannelConnectionOrderField = builder.enumType('ChannelConnectionOrderField', {
  values: ['CREATED_AT', 'UPDATED_AT'] as const,
});
export const ChannelConnectionOrder = builder.inputType('ChannelConnectionOrder', {
  fields: (t) => ({
    field: t.field({ type: ChannelConnectionOrderField, required: true, defaultValue: 'CREATED_AT' }),
    direction: t.field({ type: OrderDirection, required: true, defaultValue: 'DESC' }),
  }),
});
export type Order = { field: 'CREATED_AT' | 'UPDATED_AT'; direction: 'ASC' | 'DESC' };

type Ref<T> = ReturnType<typeof builder.objectRef<T>>;

/**
 * The two types of a list, named as Relay wants them: `<name>Connection` and `<name>Edge`. `scope` is that of the
 * rows.
 */
export function createListTypes<T>(name: string, node: Ref<T>, scope: Scope): Ref<ListValue<T>> {
  const edge = builder.objectRef<ListValue<T>['edges'][number]>(`${name}Edge`);
  builder.objectType(edge, {
    fields: (t) => ({
      cursor: t.exposeString('cursor', { nullable: false }),
      node: t.field({ type: node, nullable: false, resolve: (value) => value.node as never }),
    }),
  });
  const list = builder.objectRef<ListValue<T>>(`${name}Connection`);
  builder.objectType(list, {
    novu: { scope },
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        nullable: { list: false, items: false },
        resolve: (value) => value.edges,
      }),
      nodes: t.field({
        type: [node],
        nullable: { list: false, items: false },
        resolve: (value) => value.edges.map((one) => one.node) as never,
      }),
      pageInfo: t.field({ type: PageInfo, nullable: false, resolve: (value) => value.pageInfo }),
      totalCount: t.exposeInt('totalCount', { nullable: false }),
      totalCountCapped: t.exposeBoolean('totalCountCapped', {
        nullable: false,
        description: 'True when there are more than the 50,000 that Novu counts to.',
      }),
      rateLimit: t.field({ type: RateLimit, nullable: true, resolve: (value) => value.rateLimit }),
    }),
  });
  return list;
}

/** The Relay arguments: at most 100 a page, 10 when neither `first` nor `last` is given. */
export const pageArgs = (
  t: Pick<PothosSchemaTypes.InputFieldBuilder<BuilderTypes, 'Arg'>, 'int' | 'string'>,
) => ({
  first: t.int({ description: '1 to 100; 10 when neither first nor last is given.' }),
  after: t.string({ description: 'Goes on after the edge with this cursor.' }),
  last: t.int({ description: '1 to 100, from the end.' }),
  before: t.string({ description: 'Ends before the edge with this cursor.' }),
});

/** A fault in an argument that no userErrors entry can hold. */
export function badArgument(argument: string, message: string): Error {
  return gatewayError('BAD_USER_INPUT', `Argument "${argument}" ${message}.`, { argument });
}
