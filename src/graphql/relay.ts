import type { Page } from '../upstream/envelope.ts';
import { noFacts, type RateLimitFacts, type ResponseFacts } from '../upstream/facts.ts';
import { type BuilderTypes, builder } from './builder.ts';
import { type ConnectionArgs, type PageRequest, paginate, type RelayConnection } from './connection.ts';
import { gatewayError, toTopLevelError } from './errors.ts';
import { RateLimit } from './response-facts.ts';

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

/** The two types of a list, named as Relay wants them: `<name>Connection` and `<name>Edge`. */
export function createListTypes<T>(name: string, node: Ref<T>): Ref<ListValue<T>> {
  const edge = builder.objectRef<ListValue<T>['edges'][number]>(`${name}Edge`);
  builder.objectType(edge, {
    fields: (t) => ({
      cursor: t.exposeString('cursor', { nullable: false }),
      node: t.field({ type: node, nullable: false, resolve: (value) => value.node as never }),
    }),
  });
  const list = builder.objectRef<ListValue<T>>(`${name}Connection`);
  builder.objectType(list, {
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

/** What a router that plans by cost may know of a list: it asks Novu, and its page holds as many rows as are asked for. */
export const listDirectives = {
  cost: { weight: 10 },
  listSize: {
    assumedSize: 10,
    slicingArguments: ['first', 'last'],
    sizedFields: ['edges', 'nodes'],
    requireOneSlicingArgument: false,
  },
};

/** The same of a field that asks Novu for one thing. */
export const upstreamDirectives = { cost: { weight: 10 } };

/** The Relay arguments: at most 100 a page, 10 when neither `first` nor `last` is given. */
export const pageArgs = (
  t: Pick<PothosSchemaTypes.InputFieldBuilder<BuilderTypes, 'Arg'>, 'int' | 'string'>,
) => ({
  first: t.int({ description: '1 to 100; 10 when neither first nor last is given.' }),
  after: t.string({ description: 'Goes on after the edge with this cursor.' }),
  last: t.int({ description: '1 to 100, from the end.' }),
  before: t.string({ description: 'Ends before the edge with this cursor.' }),
});

export type FetchedPage<T> = { page: Page<T>; facts: ResponseFacts };

/**
 * One page of a list of Novu's. `scope` names the list (resource, filter, order), so that a cursor of another list
 * is refused; `cursorKey` signs them; `fetchPage` asks Novu for rows in `order`, turned around where the request says so.
 */
export async function listPage<T extends { identifier: string }>(
  args: ConnectionArgs,
  order: Order,
  { scope, cursorKey }: { scope: unknown; cursorKey: Buffer },
  fetchPage: (
    page: Omit<PageRequest, 'reverse'> & { orderBy: string; orderDirection: 'ASC' | 'DESC' },
  ) => Promise<FetchedPage<T>>,
): Promise<ListValue<T>> {
  let rateLimit: RateLimitFacts | null = null;
  const orderBy = order.field === 'CREATED_AT' ? 'createdAt' : 'updatedAt';
  const opposite = order.direction === 'ASC' ? 'DESC' : 'ASC';
  try {
    const connection = await paginate<T>(
      args,
      async ({ reverse, ...request }) => {
        const { page, facts } = await fetchPage({
          ...request,
          orderBy,
          orderDirection: reverse === true ? opposite : order.direction,
        });
        rateLimit = facts.rateLimit;
        return page;
      },
      { scope: JSON.stringify([scope, order]), key: cursorKey },
    );
    return { ...connection, rateLimit };
  } catch (error) {
    throw toTopLevelError(error);
  }
}

/** A page of nothing; the arguments are checked all the same. */
export async function emptyList(args: ConnectionArgs): Promise<ListValue<never>> {
  const nothing = { items: [], next: null, previous: null, totalCount: 0, totalCountCapped: false };
  return listPage<never>(
    args,
    { field: 'CREATED_AT', direction: 'DESC' },
    { scope: [], cursorKey: Buffer.alloc(0) },
    async () => ({
      page: nothing,
      facts: noFacts,
    }),
  );
}

/** A fault in an argument that no userErrors entry can hold. */
export function badArgument(argument: string, message: string): Error {
  return gatewayError('BAD_USER_INPUT', `Argument "${argument}" ${message}.`, { argument });
}
