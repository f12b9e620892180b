import { isDeepStrictEqual } from 'node:util';
import { GraphQLError } from 'graphql';
import { isGatewayError } from '../../graphql/errors.ts';
import { requireOwn } from '../../graphql/policy.ts';
import type { Context } from '../../graphql/context.ts';
import type { IdempotencyKey } from '../../writes/key.ts';
import type { KeyedPayload, Payload } from '../../graphql/payload.ts';
import { type ListValue } from '../../graphql/relay.ts';
import { notFound } from '../../graphql/user-errors.ts';
import { prepareWrite, refuse } from '../../writes/settle.ts';
import { NovuError } from '../../upstream/errors.ts';
import { lookUpConnection, requireOwnConnection } from '../channel-connections/types.ts';
import { createRow, identify } from '../../writes/create-row.ts';
import { emptyList, isAskable, type ListArgs, listRows } from '../../rest/listing.ts';
import { forgetReads } from '../../rest/reads.ts';
import { checkFilterText, type RowFilter, toRowFilter } from '../../rest/row-filter.ts';
import { updateRow } from '../../writes/update-row.ts';
import { deleteRow } from '../common/row-writes.ts';
import { occupantFinder } from './occupant.ts';
import { chosenIdentifier, unknownConnection } from '../common/row-refusals.ts';
import { isOf, wasUpdated } from '../../rest/row.ts';
import { toContextKeys } from '../common/contexts.ts';
import { endpoints } from './api.ts';
import {
  type CreateChannelEndpointBody,
  CreateChannelEndpointInput,
  type UpdateChannelEndpointBody,
  UpdateChannelEndpointInput,
} from './input.ts';
import { parseAddress } from './address.ts';
import { hidesSome, isAmbiguous, kindOf } from './kinds.ts';
import { createRules, deleteRules, updateRules, wrongForm } from './refusals.ts';
import type { ChannelEndpoint } from './wire.ts';

export type ChannelEndpointFilter = RowFilter & { connectionIdentifier?: string | null | undefined };

/** What a list stands below: its endpoints alone are in it. */
export type ListParent = { subscriberId?: string; connectionIdentifier?: string };

/** A page of endpoints. */
export async function listEndpoints(
  context: Context,
  args: ListArgs<ChannelEndpointFilter>,
  parent: ListParent = {},
): Promise<ListValue<ChannelEndpoint>> {
  const { filter, asked } = toRowFilter(args.filter ?? {}, parent.subscriberId);
  checkFilterText('connectionIdentifier', args.filter?.connectionIdentifier);
  const connectionIdentifier = parent.connectionIdentifier ?? args.filter?.connectionIdentifier;
  if (!isAskable(parent.connectionIdentifier)) return emptyList(context, args);
  const narrow = { ...filter, ...(connectionIdentifier != null && { connectionIdentifier }) };
  return listRows(context, endpoints, args, asked, ['channel-endpoints', narrow], (query) => {
    // Endpoints know no connectionMode: every one has a subscriber.
    const { connectionMode: _, ...rest } = query;
    return endpoints.list(context, { ...rest, ...narrow });
  });
}

/** The first endpoints that name a connection which is gone; null when Novu can't be asked. */
export async function listRemaining(
  context: Context,
  connectionIdentifier: string,
): Promise<ListValue<ChannelEndpoint> | null> {
  try {
    return await listEndpoints(context, {}, { connectionIdentifier });
  } catch (error) {
    if (error instanceof GraphQLError && isGatewayError(error)) return null;
    throw error;
  }
}

/** Creates an endpoint once: see `CreateOnce` for what that takes. */
export async function createEndpoint(
  context: Context,
  input: unknown,
  idempotencyKey: IdempotencyKey,
): Promise<KeyedPayload<ChannelEndpoint>> {
  const identity = identify(context, 'create-channel-endpoint', 'chendp_', idempotencyKey);
  const prepared = prepareWrite(CreateChannelEndpointInput, input, idempotencyKey, (checked) => {
    const { address, identifier, ...rest } = checked;
    requireOwn(context.caller, {
      subscriberId: rest.subscriberId,
      contextKeys: toContextKeys(rest.context),
    });
    return { identifier: identifier ?? identity.derive(), ...rest, ...address };
  });
  if ('refused' in prepared) return prepared.refused;
  const { checked, sent, body, secrets } = prepared;
  const chosen = chosenIdentifier(context.caller, checked);
  if (chosen.length > 0) return refuse(chosen, idempotencyKey);
  // A connection that is not the caller's looks as if there were none; Novu would take it.
  if (sent.connectionIdentifier !== undefined && context.caller.kind === 'user') {
    if ((await lookUpConnection(context, sent.connectionIdentifier)) !== 'own')
      return refuse([notFound(unknownConnection.message, unknownConnection.path)], idempotencyKey);
  }

  const { identifier, connectionIdentifier } = sent;
  const payload = await createRow<ChannelEndpoint>(context, idempotencyKey, {
    identity,
    identifier,
    identifierIsDerived: checked.identifier === undefined,
    body,
    secrets,
    create: endpoints.create,
    get: endpoints.get,
    isSame: (row) => isMadeFrom(row, sent),
    recheck:
      connectionIdentifier === undefined
        ? undefined
        : (call) => requireOwnConnection(context, connectionIdentifier, call),
    findOccupant: occupantFinder(context.novu, sent),
    rules: createRules(kindOf(sent.type).input),
    find: async (existing) => endpoints.load(context, existing),
  });
  forgetReads(context);
  return payload;
}

/** Replaces the address of an endpoint by another of the same type. */
export async function updateEndpoint(
  context: Context,
  identifier: string,
  input: unknown,
  idempotencyKey: IdempotencyKey,
): Promise<KeyedPayload<ChannelEndpoint>> {
  const prepared = prepareWrite(
    UpdateChannelEndpointInput,
    input,
    idempotencyKey,
    ({ address }): UpdateChannelEndpointBody => ({ endpoint: address.endpoint }),
  );
  if ('refused' in prepared) return prepared.refused;
  const { checked, body, secrets } = prepared;
  const { address } = checked;
  const { type } = address;
  const wanted = parseAddress(type, address.endpoint);
  const isUser = context.caller.kind === 'user';
  const payload = await updateRow<ChannelEndpoint>(context, idempotencyKey, {
    operation: 'update-channel-endpoint',
    identifier,
    body,
    secrets,
    update: endpoints.update,
    get: endpoints.get,
    matches: (row) => isDeepStrictEqual(row.address, wanted),
    showsAll: !hidesSome(type),
    requireFit:
      isUser || isAmbiguous(type)
        ? async (row, call) => {
            if (row.type !== null && row.type !== type)
              throw new NovuError('validation', { issues: [{ field: 'endpoint', text: wrongForm }] });
            if (isUser && row.connectionIdentifier !== null)
              await requireOwnConnection(context, row.connectionIdentifier, call);
          }
        : undefined,
    findOccupant: (before, call) =>
      occupantFinder(context.novu, { ...before, ...address, identifier })?.(call) ?? Promise.resolve(null),
    rules: updateRules(kindOf(type).input),
    find: async (existing) => endpoints.load(context, existing),
  });
  forgetReads(context);
  return payload;
}

/** Deletes an endpoint. The value is the identifier. */
export async function deleteEndpoint(context: Context, identifier: string): Promise<Payload<string>> {
  return deleteRow(context, endpoints, identifier, deleteRules);
}

/** Whether a stored row is what this body makes, as far as it shows. */
function isMadeFrom(row: ChannelEndpoint, body: CreateChannelEndpointBody & { identifier: string }): boolean {
  const { identifier, integrationIdentifier, subscriberId, connectionIdentifier = null } = body;
  return (
    row.identifier === identifier &&
    isOf(row, { integrationIdentifier, subscriberId, contextKeys: toContextKeys(body.context) }) &&
    (row.connectionIdentifier === connectionIdentifier || kindOf(body.type).isTool === true) &&
    row.type === body.type &&
    (wasUpdated(row) || isDeepStrictEqual(row.address, parseAddress(body.type, body.endpoint)))
  );
}
