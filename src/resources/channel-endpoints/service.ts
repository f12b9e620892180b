import { isDeepStrictEqual } from 'node:util';
import { requireOwn } from '../../graphql/policy.ts';
import type { Context } from '../../graphql/context.ts';
import type { IdempotencyKey } from '../../writes/key.ts';
import type { KeyedPayload, Payload } from '../../graphql/payload.ts';
import { type ListValue } from '../../graphql/relay.ts';
import { emptyList } from '../../rest/list-page.ts';
import { notFound } from '../../graphql/user-errors.ts';
import { ownWriteCall, prepareWrite, refuse, settleWrite } from '../../writes/settle.ts';
import { readDeleted } from '../../upstream/answer.ts';
import { NovuError } from '../../upstream/errors.ts';
import { lookUpConnection } from '../channel-connections/types.ts';
import { createRow, identify } from '../../writes/create-row.ts';
import { updateRow } from '../../writes/update-row.ts';
import {
  checkFilterText,
  isAskable,
  type ListArgs,
  listRows,
  type RowFilter,
  toRowFilter,
} from '../../rest/listing.ts';
import { unknownConnection } from '../common/row-refusals.ts';
import { isOf, wasUpdated } from '../../rest/row.ts';
import { toContextKeys } from '../common/contexts.ts';
import {
  createChannelEndpoint,
  deleteChannelEndpoint,
  getChannelEndpoint,
  listChannelEndpoints,
  updateChannelEndpoint,
} from './api.ts';
import { endpointLoader } from './find.ts';
import { occupantFinder, tools } from './occupant.ts';
import { createBody, secretsOf, updateBody } from './input.ts';
import { createRules, deleteRules, updateRules, wrongForm } from './refusals.ts';
import {
  type ChannelEndpoint,
  type CreateChannelEndpointBody,
  type EndpointType,
  parseAddress,
} from './wire.ts';

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
  if (!isAskable(parent.connectionIdentifier)) return emptyList(args);
  const narrow = { ...filter, ...(connectionIdentifier != null && { connectionIdentifier }) };
  const loader = endpointLoader(context);
  // Endpoints know no connectionMode: every one has a subscriber.
  return listRows(context, args, asked, ['channel-endpoints', narrow], async (query, call) => {
    const { connectionMode: _, ...rest } = query;
    const fetched = await listChannelEndpoints(context.novu, { ...rest, ...narrow }, call);
    for (const row of fetched.page.items) loader.prime(row.identifier, row);
    return fetched;
  });
}

/** Creates an endpoint once: see `CreateOnce` for what that takes. */
export async function createEndpoint(
  context: Context,
  input: unknown,
  idempotencyKey: IdempotencyKey,
): Promise<KeyedPayload<ChannelEndpoint>> {
  const identity = identify(context, 'create-channel-endpoint', 'chendp_', idempotencyKey);
  const prepared = prepareWrite(createBody, input, idempotencyKey, ({ body }) => {
    requireOwn(context.caller, {
      subscriberId: body.subscriberId,
      contextKeys: toContextKeys(body.context),
    });
    return { ...body, identifier: body.identifier ?? identity.derive() };
  });
  if ('refused' in prepared) return prepared.refused;
  const { sent, body } = prepared;
  // A connection that is not the caller's looks as if there were none; Novu would take it.
  if (sent.connectionIdentifier !== undefined && context.caller.kind === 'user') {
    if ((await lookUpConnection(context, sent.connectionIdentifier)) !== 'own')
      return refuse([notFound(unknownConnection.message, unknownConnection.path)], idempotencyKey);
  }

  const { identifier, connectionIdentifier } = sent;
  const loader = endpointLoader(context);
  const payload = await createRow<ChannelEndpoint>(context, idempotencyKey, {
    identity,
    identifier,
    identifierIsDerived: prepared.checked.body.identifier === undefined,
    body,
    secrets: secretsOf(sent),
    create: createChannelEndpoint,
    get: getChannelEndpoint,
    isSame: (row) => isMadeFrom(row, sent),
    recheck:
      connectionIdentifier === undefined
        ? undefined
        : async (call) => {
            if ((await lookUpConnection(context, connectionIdentifier, call)) !== 'own')
              throw new NovuError('not-found', { text: 'Channel connection not found' });
          },
    findOccupant: occupantFinder(context.novu, sent),
    rules: createRules(prepared.checked.addressName),
    find: (existing) => loader.load(existing),
  });
  loader.clear(identifier);
  return payload;
}

/** Types whose address another type could have as well: Novu would store it without a word. */
const ambiguous: ReadonlySet<EndpointType> = new Set([
  'slack_user',
  'ms_teams_user',
  'line_user',
  'webhook',
  'grafana_oncall_integration',
  'tool_webhook',
]);

/** Replaces the address of an endpoint by another of the same type. */
export async function updateEndpoint(
  context: Context,
  identifier: string,
  input: unknown,
  idempotencyKey: IdempotencyKey,
): Promise<KeyedPayload<ChannelEndpoint>> {
  const prepared = prepareWrite(updateBody, input, idempotencyKey, ({ address }) => ({
    endpoint: address.endpoint,
  }));
  if ('refused' in prepared) return prepared.refused;
  const { checked, body } = prepared;

  const { address } = checked;
  const { type } = address;
  const isUser = context.caller.kind === 'user';
  const loader = endpointLoader(context);
  const wanted = parseAddress(type, address.endpoint);
  const payload = await updateRow<ChannelEndpoint>(context, idempotencyKey, {
    operation: 'update-channel-endpoint',
    identifier,
    body,
    secrets: secretsOf(address),
    update: updateChannelEndpoint,
    get: getChannelEndpoint,
    matches: (row) => isDeepStrictEqual(row.address, wanted),
    showsAll: !hidesSome.has(type),
    requireFit:
      isUser || ambiguous.has(type)
        ? (row) => {
            if (row.type !== null && row.type !== type)
              throw new NovuError('validation', { issues: [{ field: 'endpoint', text: wrongForm }] });
          }
        : undefined,
    findOccupant: (before, call) =>
      occupantFinder(context.novu, { ...before, ...address, identifier })?.(call) ?? Promise.resolve(null),
    rules: updateRules(address.name),
    find: (existing) => loader.load(existing),
  });
  loader.clear(identifier);
  return payload;
}

/** Types of which a row does not show the whole address. */
const hidesSome: ReadonlySet<EndpointType> = new Set([
  'webhook',
  'pagerduty_service',
  'opsgenie_integration',
  'grafana_oncall_integration',
  'tool_webhook',
]);

/** Deletes an endpoint. The value is the identifier. */
export async function deleteEndpoint(context: Context, identifier: string): Promise<Payload<string>> {
  const remove = async () => {
    const call = await ownWriteCall(context, (reading) =>
      getChannelEndpoint(context.novu, identifier, reading),
    );
    const facts = await readDeleted(deleteChannelEndpoint(context.novu, identifier, call));
    return { value: identifier, facts };
  };
  const written = await settleWrite(remove(), deleteRules, { identifier });
  endpointLoader(context).clear(identifier);
  return written;
}

/** Whether a stored row is what this body makes, as far as it shows. */
function isMadeFrom(row: ChannelEndpoint, body: CreateChannelEndpointBody & { identifier: string }): boolean {
  const { identifier, integrationIdentifier, subscriberId, connectionIdentifier = null } = body;
  return (
    row.identifier === identifier &&
    isOf(row, { integrationIdentifier, subscriberId, contextKeys: toContextKeys(body.context) }) &&
    (row.connectionIdentifier === connectionIdentifier || tools.has(body.type)) &&
    row.type === body.type &&
    (wasUpdated(row) || isDeepStrictEqual(row.address, parseAddress(body.type, body.endpoint)))
  );
}
