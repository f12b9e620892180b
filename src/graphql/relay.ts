import type { Scope } from '../callers/caller.ts';
import type { RateLimitFacts } from '../upstream/facts.ts';
import { type BuilderTypes, builder, type Ref } from './builder.ts';
import { gatewayError } from './errors.ts';
import { NovuRateLimit } from './response-facts.ts';

export type ConnectionArgs = {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
};

export type RelayConnection<T> = {
  nodes: readonly T[];
  edges: readonly { cursor: string; node: T }[];
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

export const NovuOrderDirection = builder.enumType('NovuOrderDirection', {
  values: ['ASC', 'DESC'] as const,
});
const ChannelConnectionOrderField = builder.enumType('ChannelConnectionOrderField', {
  values: ['CREATED_AT', 'UPDATED_AT'] as const,
});
export const ChannelConnectionOrder = builder.inputType('ChannelConnectionOrder', {
  description: 'The order of a list.',
  fields: (t) => ({
    field: t.field({
      type: ChannelConnectionOrderField,
      required: true,
      defaultValue: 'CREATED_AT',
      description: 'The time to order by.',
    }),
    direction: t.field({
      type: NovuOrderDirection,
      required: true,
      defaultValue: 'DESC',
      description: 'ASC: oldest first; DESC: newest first.',
    }),
  }),
});
export type Order = { field: 'CREATED_AT' | 'UPDATED_AT'; direction: 'ASC' | 'DESC' };

/**
 * The two types of a list, named as Relay wants them: `<name>Connection` and `<name>Edge`. `scope` is that of the
 * rows.
 */
export function createListTypes<T>(name: string, node: Ref<T>, scope: Scope): Ref<ListValue<T>> {
  // Pothos compares the rows with the type of the field, which it cannot for a type that is not known yet.
  const row = node as unknown as Ref<object>;
  const edge = builder.objectRef<ListValue<object>['edges'][number]>(`${name}Edge`).implement({
    fields: (t) => ({
      cursor: t.exposeString('cursor', { nullable: false }),
      node: t.expose('node', { type: row, nullable: false }),
    }),
  });
  const list = builder.objectRef<ListValue<object>>(`${name}Connection`).implement({
    novu: { scope },
    fields: (t) => ({
      edges: t.expose('edges', { type: [edge], nullable: { list: false, items: false } }),
      nodes: t.expose('nodes', { type: [row], nullable: { list: false, items: false } }),
      pageInfo: t.expose('pageInfo', { type: PageInfo, nullable: false }),
      totalCount: t.exposeInt('totalCount', { nullable: false }),
      totalCountCapped: t.exposeBoolean('totalCountCapped', {
        nullable: false,
        description: 'True when there are more than the 50,000 that Novu counts to.',
      }),
      rateLimit: t.field({
        tag: ['internal'],
        type: NovuRateLimit,
        nullable: true,
        description: 'Null for end users: it is that of the whole environment.',
        resolve: ({ rateLimit }, _args, { caller }) => (caller.kind === 'service' ? rateLimit : null),
      }),
    }),
  });
  return list as unknown as Ref<ListValue<T>>;
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
