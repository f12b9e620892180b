import { type OwnerFilter, toOwnFilter } from '../callers/access.ts';
import type { Context } from '../graphql/context.ts';
import { gatewayError, toTopLevelError } from '../graphql/errors.ts';
import type { ConnectionArgs, ListValue, Order } from '../graphql/relay.ts';
import { noFacts } from '../upstream/facts.ts';
import type { Listed, Rows } from './collection.ts';
import { InvalidCursorError, PageArgumentError, paginate } from './paginate.ts';
import type { PageQuery, Row, RowQuery } from './row.ts';

export type ListArgs<F> = ConnectionArgs & {
  filter?: F | null | undefined;
  orderBy?: Order | null | undefined;
};

const newestFirst: Order = { field: 'CREATED_AT', direction: 'DESC' };
const opposite = { ASC: 'DESC', DESC: 'ASC' } as const;

/** How a list of a collection is read. */
export type ListSpec<T> = {
  /** What names the list in its cursors, so that a cursor of another list is refused: resource and filter. */
  scope: unknown;
  /** How Novu spells the time of creation as an order. @default 'createdAt' */
  createdAt?: string;
  /** Asks Novu for a page in this order. */
  fetchPage: (page: PageQuery) => Promise<Listed<T>>;
};

/** A page of a collection's rows, of those that the caller may see. */
export async function listCollection<T>(
  context: Context,
  { idOf, isVisible }: Pick<Rows<T>, 'idOf' | 'isVisible'>,
  args: ListArgs<unknown>,
  { scope, createdAt = 'createdAt', fetchPage }: ListSpec<T>,
): Promise<ListValue<T>> {
  const { caller, novu } = context;
  const order = args.orderBy ?? newestFirst;
  const orderBy = order.field === 'CREATED_AT' ? createdAt : 'updatedAt';
  let facts = noFacts;
  try {
    const page = await paginate<T>(
      args,
      async ({ reverse, ...request }) => {
        const orderDirection = reverse === true ? opposite[order.direction] : order.direction;
        const listed = await fetchPage({ ...request, orderBy, orderDirection });
        ({ facts } = listed);
        return listed.page;
      },
      {
        scope: JSON.stringify([scope, order]),
        key: novu.cursorKey,
        idOf,
        isVisible: caller.kind === 'service' ? undefined : (row) => isVisible(caller, row),
      },
    );
    page.facts = facts;
    return page;
  } catch (error) {
    throw toListError(error);
  }
}

const nothing: Listed<never> = {
  page: { items: [], next: null, previous: null, totalCount: 0, totalCountCapped: false },
  facts: noFacts,
};

/** A page of nothing; the arguments are checked all the same. */
export const emptyList = (context: Context, args: ConnectionArgs): Promise<ListValue<never>> =>
  listCollection<never>(context, { idOf: String, isVisible: () => false }, args, {
    scope: 'nothing',
    fetchPage: async () => nothing,
  });

/** Whether Novu can be asked for what belongs to this: an empty string would mean the rows of all, and no URL carries a lone surrogate. */
export const isAskable = (owner: string | undefined): boolean =>
  owner === undefined || (owner !== '' && owner.isWellFormed());

/** A page of the rows that the caller may see, asked for with the filter that is forced upon the caller. */
export async function listRows<T extends Row>(
  context: Context,
  rows: Pick<Rows<T>, 'idOf' | 'isVisible'>,
  args: ListArgs<unknown>,
  asked: OwnerFilter,
  scope: readonly unknown[],
  fetchPage: (query: RowQuery & OwnerFilter) => Promise<Listed<T>>,
): Promise<ListValue<T>> {
  const own = toOwnFilter(context.caller, asked);
  if (own === null || !isAskable(own.subscriberId)) return emptyList(context, args);
  return listCollection(context, rows, args, {
    scope: [...scope, own],
    fetchPage: (page) => fetchPage({ ...page, ...own }),
  });
}

function toListError(error: unknown): unknown {
  if (error instanceof InvalidCursorError)
    return gatewayError('INVALID_CURSOR', error.message, { argument: error.argument });
  if (error instanceof PageArgumentError)
    return gatewayError('BAD_USER_INPUT', error.message, { argument: error.argument });
  return toTopLevelError(error);
}
