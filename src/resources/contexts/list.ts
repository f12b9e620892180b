import type { Context as RequestContext } from '../../graphql/context.ts';
import { toTopLevelError } from '../../graphql/errors.ts';
import type { ConnectionArgs, ListValue } from '../../graphql/relay.ts';
import { listCollection } from '../../rest/listing.ts';
import { checkFilterText } from '../../rest/row-filter.ts';
import { pageOf } from '../../rest/rows-at-hand.ts';
import { noFacts } from '../../upstream/facts.ts';
import { contexts } from './api.ts';
import { type Context, splitKey } from './wire.ts';

type Filter = Partial<Record<'type' | 'id' | 'search', string | null | undefined>>;

/** A page of contexts. Those of an end user are the ones of the token, which Novu has no filter for: asked for one by one. */
export async function listContexts(
  context: RequestContext,
  { filter, ...args }: ConnectionArgs & { filter?: Filter | null | undefined },
): Promise<ListValue<Context>> {
  const { type, id, search } = filter ?? {};
  for (const [field, value] of Object.entries(filter ?? {})) checkFilterText(field, value);
  const query = {
    ...(type != null && { type }),
    ...(id != null && { id }),
    ...(search != null && { search }),
  };
  const { caller } = context;
  const claimed = caller.kind === 'user' ? await findClaimed(context, query) : undefined;
  return listCollection(context, contexts, args, {
    scope: ['contexts', query, ...(caller.kind === 'user' ? [caller.subscriberId] : [])],
    fetchPage: async (page) =>
      claimed === undefined
        ? contexts.list(context, { ...page, ...query })
        : { page: pageOf(claimed, page), facts: noFacts },
  });
}

/** The contexts of the caller's token that Novu has, of those that the filter lets through, newest first. */
async function findClaimed(
  context: RequestContext,
  { type, id, search }: { type?: string; id?: string; search?: string },
): Promise<Context[]> {
  const { caller } = context;
  const keys = caller.kind === 'user' ? [...caller.contextKeys] : [];
  const wanted = keys.flatMap((key) => {
    const parts = splitKey(key);
    const isWanted =
      parts !== undefined &&
      (type === undefined || parts.type === type) &&
      (id === undefined || parts.id === id) &&
      (search === undefined || key.toLowerCase().includes(search.toLowerCase()));
    return isWanted ? [parts] : [];
  });
  try {
    const found = await Promise.all(wanted.map((one) => contexts.find(context, [one.type, one.id])));
    return found.filter((row) => row !== null);
  } catch (error) {
    throw toTopLevelError(error);
  }
}
