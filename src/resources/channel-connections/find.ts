import type { Context } from '../../graphql/context.ts';
import { createRequestCache } from '../../graphql/request-cache.ts';
import { Batch } from '../../rest/batch.ts';
import type { Standing } from '../../rest/collection.ts';
import type { CallContext } from '../../upstream/client.ts';
import type { Page } from '../../upstream/envelope.ts';
import { NovuError } from '../../upstream/errors.ts';
import { connections } from './api.ts';
import type { ChannelConnection } from './wire.ts';

/** A connection by its identifier, with what is known of it: many of one integration or subscriber are listed at once. */
export type ConnectionKey = {
  identifier: string;
  integrationIdentifier?: string | null;
  subscriberId?: string | null;
};

/** One connection, or null when there is none by that identifier that the caller may see. */
export function findChannelConnection(
  context: Context,
  key: ConnectionKey,
): Promise<ChannelConnection | null> {
  const { identifier } = key;
  // One that no list could hold, as far as is known, is asked for at once.
  return isListable(context, key) && !connections.isKnown(context, identifier)
    ? findWithOthers(context, key)
    : connections.find(context, identifier);
}

async function findWithOthers(context: Context, key: ConnectionKey): Promise<ChannelConnection | null> {
  await wantedOf(context).add({ context, key });
  return connections.find(context, key.identifier);
}

/** For the rules of other resources: whether there is such a connection, and whether it is the caller's to use. */
export const lookUpConnection = (
  context: Context,
  identifier: string,
  call?: CallContext,
): Promise<Standing> => connections.lookUp(context, identifier, call);

/**
 * Before each further try of an end user's write that names a connection: rejects with a NovuError, as Novu itself would
 * say it, when the connection is not there or not theirs to use.
 */
export async function requireOwnConnection(
  context: Context,
  identifier: string,
  call: CallContext,
): Promise<void> {
  if ((await lookUpConnection(context, identifier, call)) !== 'own')
    throw new NovuError('not-found', { text: 'Channel connection not found' });
}

type Wanted = { context: Context; key: ConnectionKey };

/** The connections that a request asks for at the same time: lists that hold several of them are read first. */
const wantedOf = createRequestCache(() => new Batch<Wanted>(listWanted));

const isText = (value: string | null | undefined): value is string =>
  value != null && value !== '' && value.isWellFormed();

const isListable = ({ caller }: Context, { integrationIdentifier, subscriberId }: ConnectionKey): boolean =>
  caller.kind === 'user' || isText(subscriberId) || isText(integrationIdentifier);

const pageSize = 100;
/** Fewer than this are asked for one by one: a list may turn out to hold none of them. */
const worthListing = 3;
/** One after the other, where single reads go eight at a time. */
const maxPages = 10;

/** Reads the lists that promise fewer calls than asking for each connection. */
async function listWanted(wanted: readonly Wanted[]): Promise<void> {
  const [first] = wanted;
  if (first === undefined || wanted.length < worthListing) return;
  const { context } = first;
  const keys = wanted.map(({ key }) => key);
  const groups = groupKeys(context, keys).filter(({ wanted }) => wanted.size >= worthListing);
  await Promise.all(groups.map((group) => listGroup(context, group)));
}

type Scope = { integrationIdentifier?: string; subscriberId?: string };
type Group = { scope: Scope; wanted: Set<string> };

/** By subscriber or by integration, whichever makes fewer lists; an end user's all fit into their own list. */
function groupKeys({ caller }: Context, keys: readonly ConnectionKey[]): Group[] {
  if (caller.kind === 'user') {
    const wanted = new Set(keys.map(({ identifier }) => identifier));
    return [{ scope: { subscriberId: caller.subscriberId }, wanted }];
  }
  const bySubscriber = groupBy(keys, 'subscriberId');
  const byIntegration = groupBy(keys, 'integrationIdentifier');
  if (bySubscriber.length === 0) return byIntegration;
  return byIntegration.length > 0 && byIntegration.length < bySubscriber.length
    ? byIntegration
    : bySubscriber;
}

function groupBy(keys: readonly ConnectionKey[], field: keyof Scope): Group[] {
  const groups = new Map<string, Group>();
  for (const { identifier, [field]: value } of keys) {
    if (!isText(value)) continue;
    const group = groups.get(value) ?? { scope: { [field]: value }, wanted: new Set() };
    groups.set(value, group);
    group.wanted.add(identifier);
  }
  return [...groups.values()];
}

/** Page after page while each finds enough; `wanted` becomes what is still missing. */
async function listGroup(context: Context, { scope, wanted }: Group): Promise<void> {
  let after: string | undefined;
  for (let pages = 0; pages < maxPages && wanted.size >= worthListing; pages += 1) {
    const page = await readQuietly(context, scope, after);
    if (page === undefined) return;
    const before = wanted.size;
    for (const row of page.items) wanted.delete(row.identifier);
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
    return (await connections.list(context, query)).page;
  } catch (error) {
    if (error instanceof NovuError) return undefined;
    throw error;
  }
}
