import { isVisible } from '../../callers/access.ts';
import { type Context, readCall } from '../../graphql/context.ts';
import { inTurn, loadEach, requestLoader } from '../../rest/loader.ts';
import type { CallContext } from '../../upstream/client.ts';
import type { Page } from '../../upstream/envelope.ts';
import { NovuError } from '../../upstream/errors.ts';
import { getChannelConnection, listChannelConnections } from './api.ts';
import type { ChannelConnection } from './wire.ts';

/** A connection by its identifier, with what is known of it: many of one integration or subscriber are listed at once. */
export type ConnectionKey = {
  identifier: string;
  integrationIdentifier?: string | null;
  subscriberId?: string | null;
};

type Found = Map<string, ChannelConnection>;
type Scope = { integrationIdentifier?: string; subscriberId?: string };

const connections = Symbol('channel connections');

/** Reads of this request by identifier: each distinct one is asked for once, and not at all when a list had it. */
export function connectionLoader(context: Context) {
  const loader = requestLoader<ConnectionKey, ChannelConnection | null, string>(
    context,
    connections,
    async (keys) => {
      const found = await listWanted(context, keys, (row) =>
        loader.prime({ identifier: row.identifier }, row),
      );
      const missing = keys.filter(({ identifier }) => !found.has(identifier));
      const rows = await loadEach(context, missing, ({ identifier }) =>
        getChannelConnection(context.novu, identifier, readCall(context)),
      );
      const got = new Map(missing.map(({ identifier }, index) => [identifier, rows[index] ?? null]));
      return keys.map(({ identifier }) => found.get(identifier) ?? got.get(identifier) ?? null);
    },
    ({ identifier }) => identifier,
  );
  return loader;
}

/** One connection, or null when there is none by that identifier that the caller may see. */
export async function findChannelConnection(
  context: Context,
  key: ConnectionKey,
): Promise<ChannelConnection | null> {
  const row = await connectionLoader(context).load(key);
  return row !== null && isVisible(context.caller, row) ? row : null;
}

/**
 * For the rules of other resources: whether there is such a connection, and whether it is the caller's to use. With a
 * `call` Novu is asked now, whatever this request has read before.
 */
export async function lookUpConnection(
  context: Context,
  identifier: string,
  call?: CallContext,
): Promise<'missing' | 'foreign' | 'own'> {
  const row =
    call === undefined
      ? await connectionLoader(context).load({ identifier })
      : ((await getChannelConnection(context.novu, identifier, call))?.value ?? null);
  if (row === null) return 'missing';
  return isVisible(context.caller, row) ? 'own' : 'foreign';
}

const pageSize = 100;
/** Fewer than this are asked for one by one: a list may turn out to hold none of them. */
const worthListing = 3;
/** One after the other, where single reads go eight at a time. */
const maxPages = 10;

/** Finds what it can in lists, where that promises fewer calls than asking for each. */
async function listWanted(
  context: Context,
  keys: readonly ConnectionKey[],
  onRow: (row: ChannelConnection) => void,
): Promise<Found> {
  const found: Found = new Map();
  if (keys.length < worthListing) return found;
  const groups = groupKeys(context, keys).filter(({ wanted }) => wanted.size >= worthListing);
  await Promise.all(
    groups.map(({ scope, wanted }) =>
      listGroup(context, scope, wanted, (row) => {
        found.set(row.identifier, row);
        onRow(row);
      }),
    ),
  );
  return found;
}

type Group = { scope: Scope; wanted: Set<string> };

/** By subscriber or by integration, whichever makes fewer lists; an end user's all fit into their own list. */
function groupKeys({ caller }: Context, keys: readonly ConnectionKey[]): Group[] {
  if (caller.kind === 'user') {
    const wanted = new Set(keys.map(({ identifier }) => identifier));
    return [{ scope: { subscriberId: caller.subscriberId }, wanted }];
  }
  const [bySubscriber, byIntegration] = (['subscriberId', 'integrationIdentifier'] as const).map((field) => {
    const groups = new Map<string, Group>();
    for (const { identifier, [field]: value } of keys) {
      if (value == null || value === '' || !value.isWellFormed()) continue;
      const group = groups.get(value) ?? { scope: { [field]: value }, wanted: new Set() };
      groups.set(value, group);
      group.wanted.add(identifier);
    }
    return [...groups.values()];
  });
  if (!bySubscriber?.length) return byIntegration ?? [];
  return byIntegration?.length && byIntegration.length < bySubscriber.length ? byIntegration : bySubscriber;
}

/** Page after page while each finds enough; `wanted` becomes what is still missing. */
async function listGroup(
  context: Context,
  scope: Scope,
  wanted: Set<string>,
  onRow: (row: ChannelConnection) => void,
): Promise<void> {
  let after: string | undefined;
  for (let pages = 0; pages < maxPages && wanted.size >= worthListing; pages += 1) {
    const page = await inTurn(context, () => readQuietly(context, scope, after));
    if (page === undefined) return;
    const before = wanted.size;
    for (const row of page.items) {
      onRow(row);
      wanted.delete(row.identifier);
    }
    if (before - wanted.size < worthListing || page.next === null) return;
    after = page.next;
  }
}

/** Undefined when the list can't be read: asking for each then says why, or works. */
async function readQuietly(
  context: Context,
  scope: Scope,
  after: string | undefined,
): Promise<Page<ChannelConnection> | undefined> {
  const query = { limit: pageSize, ...(after !== undefined && { after }), ...scope };
  try {
    return (await listChannelConnections(context.novu, query, readCall(context))).page;
  } catch (error) {
    if (error instanceof NovuError) return undefined;
    throw error;
  }
}
