import type { Context } from '../../graphql/context.ts';
import { forbidden } from '../../graphql/policy.ts';
import { forgetReads } from '../../rest/reads.ts';
import { readDeleted } from '../../upstream/answer.ts';
import { settleWrite } from '../../writes/settle.ts';
import { deleteEndpointsOf } from '../channel-endpoints/types.ts';
import { ownRowCall } from '../common/row-writes.ts';
import { connections } from './api.ts';
import { rules } from './refusals.ts';
import type { ConnectionDeletion } from './types.ts';

const endpointWrites = 'channel-endpoints:write';

/**
 * Deletes a connection. `withEndpoints` deletes the endpoints that name it first; of an end user's connection their own
 * endpoints always go first, so that none of them waits for whoever gets the identifier next. The connection stays
 * when an endpoint could not be deleted. What was done in part is told: `deletedEndpointIdentifiers` of the payload,
 * or of the extensions of a top-level error. Throws FORBIDDEN when `withEndpoints` lacks the scope for endpoints.
 */
export async function deleteConnection(
  context: Context,
  identifier: string,
  withEndpoints: boolean,
): Promise<ConnectionDeletion> {
  const { caller, novu } = context;
  if (withEndpoints && !caller.scopes.has(endpointWrites)) throw forbidden(endpointWrites);
  const deletedEndpointIdentifiers: string[] = [];
  const handle = { identifier, done: { deletedEndpointIdentifiers } };
  const remove = async () => {
    if (withEndpoints || caller.kind === 'user') {
      await ownRowCall(context, connections, identifier);
      await deleteEndpointsOf(context, identifier, handle);
    }
    // Checked again: the endpoints took their time.
    const call = await ownRowCall(context, connections, identifier);
    return { value: identifier, facts: await readDeleted(connections.remove(novu, identifier, call)) };
  };
  try {
    return { ...(await settleWrite(remove(), rules, handle)), deletedEndpointIdentifiers };
  } finally {
    forgetReads(context);
  }
}
