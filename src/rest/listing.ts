import { isVisible, type OwnerFilter, toOwnFilter } from '../callers/access.ts';
import { type Context, readCall } from '../graphql/context.ts';
import { inTurn } from './loader.ts';
import { badArgument, type ConnectionArgs, type ListValue, type Order } from '../graphql/relay.ts';
import { emptyList, type FetchedPage, listPage } from './list-page.ts';
import type { CallContext } from '../upstream/client.ts';
import type { Row, RowQuery } from './row.ts';

export type RowFilter = {
  subscriberId?: string | null | undefined;
  channel?: string | null | undefined;
  providerId?: string | null | undefined;
  integrationIdentifier?: string | null | undefined;
  contextKeys?: readonly string[] | null | undefined;
};

export type ListArgs<F> = ConnectionArgs & {
  filter?: F | null | undefined;
  orderBy?: Order | null | undefined;
};

/** Throws BAD_USER_INPUT when a text of the filter can't be asked for. */
export function checkFilterText(name: string, value: string | null | undefined): void {
  if (value === '') throw badArgument(`filter.${name}`, 'must not be empty');
  if (value?.isWellFormed() === false) throw badArgument(`filter.${name}`, 'must be valid Unicode');
}

/** Whether Novu can be asked for what belongs to this: an empty text would mean everybody's, and there is no URL for half a character. */
export const isAskable = (owner: string | undefined): boolean =>
  owner === undefined || (owner !== '' && owner.isWellFormed());

/** The filter as Novu takes it, in two parts: what narrows, and whose rows. `parent` is the subscriber above the list. */
export function toRowFilter(
  { subscriberId, channel, providerId, integrationIdentifier, contextKeys }: RowFilter,
  parent: string | undefined,
): { filter: Omit<RowQuery, 'limit'>; asked: OwnerFilter } {
  if (channel === 'UNRECOGNIZED') throw badArgument('filter.channel', 'can be any channel but UNRECOGNIZED');
  for (const [name, value] of Object.entries({ subscriberId, providerId, integrationIdentifier }))
    checkFilterText(name, value);
  if (contextKeys?.some((key) => key === '' || !key.isWellFormed()))
    throw badArgument('filter.contextKeys', 'must hold texts like type:id');
  if (parent !== undefined && subscriberId != null && subscriberId !== parent)
    throw badArgument('filter.subscriberId', 'must be left out here, or be the subscriber itself');
  const owner = parent ?? subscriberId;
  return {
    filter: {
      ...(channel != null && { channel: channel.toLowerCase() }),
      ...(providerId != null && { providerId }),
      ...(integrationIdentifier != null && { integrationIdentifier }),
    },
    asked: {
      ...(owner != null && { subscriberId: owner }),
      ...(contextKeys != null && { contextKeys }),
    },
  };
}

const newestFirst: Order = { field: 'CREATED_AT', direction: 'DESC' };

/**
 * A page of what the caller may see. `scope` names the list in its cursors; `fetchPage` asks Novu with the filter
 * that is forced upon the caller.
 */
export async function listRows<T extends Row>(
  context: Context,
  args: ListArgs<unknown>,
  asked: OwnerFilter,
  scope: readonly unknown[],
  fetchPage: (query: RowQuery & OwnerFilter, call: CallContext) => Promise<FetchedPage<T>>,
): Promise<ListValue<T>> {
  const own = toOwnFilter(context.caller, asked);
  if (own === null || !isAskable(own.subscriberId)) return emptyList(args);
  return listPage(
    args,
    args.orderBy ?? newestFirst,
    { scope: [...scope, own], cursorKey: context.novu.cursorKey },
    async (page) => {
      const fetched = await inTurn(context, () => fetchPage({ ...page, ...own }, readCall(context)));
      fetched.page.items = fetched.page.items.filter((row) => isVisible(context.caller, row));
      return fetched;
    },
  );
}
