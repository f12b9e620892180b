import type { Context } from '../../graphql/context.ts';
import { writeCall } from '../../graphql/context.ts';
import { toTopLevelError, type WriteHandle } from '../../graphql/errors.ts';
import { isAskable } from '../../rest/listing.ts';
import { inTurn } from '../../rest/reads.ts';
import { readDeleted } from '../../upstream/answer.ts';
import { NovuError } from '../../upstream/errors.ts';
import { WriteError } from '../../upstream/write-error.ts';
import { ownWriteCall } from '../../writes/settle.ts';
import { endpoints } from './api.ts';
import type { ChannelEndpoint } from './wire.ts';

const pageSize = 100;

/** Where the identifiers of deleted endpoints are put, also when a later one fails. */
type Deletion = WriteHandle & { done: { deletedEndpointIdentifiers: string[] } };

/**
 * Deletes the endpoints that name the connection; for an end user their own alone. Page after page, and as many calls as
 * the operation may still make. Rejects with a top-level error when one can't be deleted; none is begun after that.
 */
export async function deleteEndpointsOf(
  context: Context,
  connectionIdentifier: string,
  deletion: Deletion,
): Promise<void> {
  const { caller, novu } = context;
  const own = caller.kind === 'user' ? { subscriberId: caller.subscriberId } : {};
  // An empty filter would mean everybody's.
  if (connectionIdentifier === '' || !isAskable(connectionIdentifier) || !isAskable(own.subscriberId)) return;
  const { deletedEndpointIdentifiers: deleted } = deletion.done;
  const tried = new Set<string>();
  const isWanted = (row: ChannelEndpoint) =>
    row.connectionIdentifier === connectionIdentifier &&
    endpoints.isVisible(caller, row) &&
    !tried.has(row.identifier);
  let after: string | undefined;
  try {
    for (;;) {
      const query = { limit: pageSize, connectionIdentifier, ...own, ...(after !== undefined && { after }) };
      const { page } = await endpoints.listNow(novu, query, writeCall(context, []));
      const wanted = page.items.filter(isWanted);
      for (const { identifier } of wanted) tried.add(identifier);
      await deleteAll(context, wanted, deleted);
      if (page.next === null) return;
      // What is gone leaves its place on the first page to others; where nothing went, they are on the next one.
      after = wanted.length > 0 ? undefined : page.next;
    }
  } catch (error) {
    throw toTopLevelError(error, deletion);
  }
}

/** Rejects with the first failure, when all that was begun has ended. */
async function deleteAll(
  context: Context,
  rows: readonly ChannelEndpoint[],
  deleted: string[],
): Promise<void> {
  const failures: unknown[] = [];
  await Promise.all(
    rows.map((row) =>
      inTurn(context, async () => {
        if (failures.length > 0) return;
        try {
          if (await deleteOne(context, row)) deleted.push(row.identifier);
        } catch (error) {
          failures.push(error);
        }
      }),
    ),
  );
  if (failures.length > 0) throw failures.find(isOpen) ?? failures[0];
}

/** Whether nobody knows what became of it: such a failure is told before others. */
const isOpen = (error: unknown): boolean =>
  error instanceof WriteError
    ? error.outcome === 'unknown'
    : error instanceof NovuError && error.applied === 'unknown';

/** False when it is gone already, or is another one by now. */
async function deleteOne(
  context: Context,
  { identifier, connectionIdentifier }: ChannelEndpoint,
): Promise<boolean> {
  try {
    const call = await ownWriteCall(context, async (reading) => {
      const row = await endpoints.get(context.novu, identifier, reading);
      return row?.value.connectionIdentifier === connectionIdentifier ? row : null;
    });
    await readDeleted(endpoints.remove(context.novu, identifier, call));
    return true;
  } catch (error) {
    const failure = error instanceof WriteError ? error.failure : error;
    if (failure instanceof NovuError && failure.kind === 'not-found') return false;
    throw error;
  }
}
