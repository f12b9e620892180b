import type { Page } from '../upstream/envelope.ts';
import { noFacts, type RateLimitFacts, type ResponseFacts } from '../upstream/facts.ts';
import { gatewayError, toTopLevelError } from '../graphql/errors.ts';
import type { ConnectionArgs, ListValue, Order } from '../graphql/relay.ts';
import { InvalidCursorError, PageArgumentError, type PageRequest, paginate } from './paginate.ts';

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
    throw toListError(error);
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

function toListError(error: unknown): unknown {
  if (error instanceof InvalidCursorError)
    return gatewayError('INVALID_CURSOR', error.message, { argument: error.argument });
  if (error instanceof PageArgumentError)
    return gatewayError('BAD_USER_INPUT', error.message, { argument: error.argument });
  return toTopLevelError(error);
}
