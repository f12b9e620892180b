import { requireOwn } from '../../graphql/policy.ts';
import type { Context } from '../../graphql/context.ts';
import type { IdempotencyKey } from '../../writes/key.ts';
import type { KeyedPayload, Payload } from '../../graphql/payload.ts';
import { badArgument, type ListValue } from '../../graphql/relay.ts';
import type { UserErrorValue } from '../../graphql/user-errors.ts';
import { prepareWrite, refuse, settleWrite } from '../../writes/settle.ts';
import { waitFor } from '../../upstream/deadline.ts';
import { NovuError } from '../../upstream/errors.ts';
import { delayFor } from '../../upstream/retry.ts';
import { createRow, identify } from '../../writes/create-row.ts';
import { connectionModes } from '../common/row-input.ts';
import { type ListArgs, listRows } from '../../rest/listing.ts';
import type { Rows } from '../../rest/collection.ts';
import { forgetReads } from '../../rest/reads.ts';
import { type RowFilter, toRowFilter } from '../../rest/row-filter.ts';
import { updateRow } from '../../writes/update-row.ts';
import { ownRowCall } from '../common/row-writes.ts';
import { chosenIdentifier, unknownInput } from '../common/row-refusals.ts';
import { isOf, wasUpdated } from '../../rest/row.ts';
import { toContextKeys } from '../common/contexts.ts';
import { connections } from './api.ts';
import {
  type CreateChannelConnectionBody,
  CreateChannelConnectionInput,
  UpdateChannelConnectionInput,
} from './input.ts';
import { rules } from './refusals.ts';
import type { ChannelConnection } from './wire.ts';

export type ChannelConnectionFilter = RowFilter & {
  connectionMode?: 'SUBSCRIBER' | 'SHARED' | null | undefined;
};

/** A server that knows no connectionMode answers an end user with their own rows. */
const sharedConnections: Pick<Rows<ChannelConnection>, 'idOf' | 'isVisible'> = {
  idOf: connections.idOf,
  isVisible: (caller, row) => row.subscriberId === null && connections.isVisible(caller, row),
};

/** A page of connections. `subscriberId` is that of the parent: only the subscriber's own, without shared ones. */
export async function listConnections(
  context: Context,
  args: ListArgs<ChannelConnectionFilter>,
  subscriberId?: string,
): Promise<ListValue<ChannelConnection>> {
  const { connectionMode } = args.filter ?? {};
  const { filter, asked } = toRowFilter(args.filter ?? {}, subscriberId);
  if (subscriberId !== undefined && connectionMode === 'SHARED')
    throw badArgument('filter.connectionMode', 'can only be SUBSCRIBER below a subscriber');
  const mode = subscriberId !== undefined ? 'SUBSCRIBER' : connectionMode;
  const owner = { ...asked, ...(mode != null && { connectionMode: connectionModes[mode] }) };
  const rows = mode === 'SHARED' ? sharedConnections : connections;
  return listRows(context, rows, args, owner, ['channel-connections', filter], (query) =>
    connections.list(context, { ...query, ...filter }),
  );
}

/** Creates a connection once: see `CreateOnce` for what that takes. */
export async function createConnection(
  context: Context,
  input: unknown,
  idempotencyKey: IdempotencyKey,
): Promise<KeyedPayload<ChannelConnection>> {
  const identity = identify(context, 'create-channel-connection', 'chconn_', idempotencyKey);
  const prepared = prepareWrite(
    CreateChannelConnectionInput,
    input,
    idempotencyKey,
    ({ identifier, ...rest }) => {
      requireOwn(context.caller, {
        subscriberId: rest.subscriberId,
        contextKeys: toContextKeys(rest.context),
      });
      return { identifier: identifier ?? identity.derive(), ...rest };
    },
  );
  if ('refused' in prepared) return prepared.refused;
  const { checked, sent, body, secrets } = prepared;
  const chosen = chosenIdentifier(context.caller, checked);
  if (chosen.length > 0) return refuse(chosen, idempotencyKey);

  const { identifier } = sent;
  const payload = await createRow<ChannelConnection>(context, idempotencyKey, {
    identity,
    identifier,
    identifierIsDerived: checked.identifier === undefined,
    body,
    secrets,
    create: connections.create,
    get: connections.get,
    isSame: (row) => isMadeFrom(row, sent),
    rules: { ...rules, subject: unknownInput },
    find: async (existing) => connections.load(context, existing),
  });
  forgetReads(context);
  return payload;
}

/** Replaces workspace and auth of a connection. */
export async function updateConnection(
  context: Context,
  identifier: string,
  input: unknown,
  idempotencyKey: IdempotencyKey,
): Promise<KeyedPayload<ChannelConnection>> {
  const prepared = prepareWrite(UpdateChannelConnectionInput, input, idempotencyKey, (body) => body);
  if ('refused' in prepared) return prepared.refused;
  const { sent, body, secrets } = prepared;

  const payload = await updateRow<ChannelConnection>(context, idempotencyKey, {
    operation: 'update-channel-connection',
    identifier,
    body,
    secrets,
    update: connections.update,
    get: connections.get,
    matches: (row) => isOfWorkspace(row, sent.workspace),
    // Not the tokens.
    showsAll: false,
    rules,
    find: async (existing) => connections.load(context, existing),
  });
  forgetReads(context);
  return payload;
}

const maxVerifyTries = 3;

/** Lets Novu check the stored tokens with the provider. */
export async function verifyConnection(
  context: Context,
  identifier: string,
): Promise<Payload<ChannelConnection>> {
  const verify = async () => {
    const call = await ownRowCall(context, connections, identifier);
    for (let tries = 1; ; tries += 1) {
      try {
        const answer = await connections.act(context.novu, identifier, 'verify', call);
        if (answer.body === undefined) {
          const row = await connections.get(context.novu, identifier, call);
          if (row !== null) return { value: row.value, facts: answer.facts };
        }
        return connections.read(answer, identifier);
      } catch (error) {
        // A second check does no harm, so an answer that got lost is asked for again; Novu's own word stands.
        const lost = error instanceof NovuError && error.applied === 'unknown' && !error.answeredByNovu;
        if (!lost || tries >= maxVerifyTries || !(await waitFor(delayFor(error, tries), call.deadline)))
          throw error;
      }
    }
  };
  const written = await settleWrite(verify(), { ...rules, other: toProviderError }, { identifier });
  forgetReads(context);
  return written;
}

/** Novu's two 502s of verify, by their texts; any other is of a proxy in front of it. */
function toProviderError(error: NovuError): UserErrorValue | null {
  if (error.status !== 502 || !error.answeredByNovu) return null;
  const path = ['identifier'];
  if (/token refresh .*already in progress/is.test(error.text)) {
    return {
      type: 'NovuProviderError',
      code: 'BUSY',
      message: 'A check of these tokens is running already: try again in a few seconds.',
      path,
    };
  }
  if (/token refresh failed/i.test(error.text)) {
    return {
      type: 'NovuProviderError',
      code: 'PROVIDER_REFUSED',
      message: 'The chat provider refused the stored tokens: connect the workspace again.',
      path,
    };
  }
  return null;
}

/** Whether a stored row is what this body makes: integration, subscriber, contexts and workspace. */
function isMadeFrom(
  row: ChannelConnection,
  body: CreateChannelConnectionBody & { identifier: string },
): boolean {
  const subscriberId = body.connectionMode === 'shared' ? null : (body.subscriberId ?? null);
  const { identifier, integrationIdentifier } = body;
  return (
    row.identifier === identifier &&
    isOf(row, { integrationIdentifier, subscriberId, contextKeys: toContextKeys(body.context) }) &&
    (wasUpdated(row) ||
      // What Novu leaves out of its answer says nothing against it.
      row.workspace === null ||
      isOfWorkspace(row, body.workspace))
  );
}

function isOfWorkspace(
  { workspace }: ChannelConnection,
  { id, name, botUserId }: CreateChannelConnectionBody['workspace'],
): boolean {
  return (
    workspace !== null &&
    workspace.id === id &&
    workspace.name === (name ?? null) &&
    workspace.botUserId === (botUserId ?? null)
  );
}
