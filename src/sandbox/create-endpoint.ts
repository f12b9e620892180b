import { checkCreateCommand } from './endpoint-types.ts';
import { badRequest, conflict, notFound } from './errors.ts';
import { isSameSet } from './list-query.ts';
import { ENVIRONMENT_ID } from './seed.ts';
import {
  type Call,
  createSubscriber,
  duplicateKey,
  guardInsert,
  hasEndpointIndex,
  knowsSubscriber,
  requireIntegration,
  resolveContexts,
  type State,
} from './state.ts';
import { endpointSlot, TOOL_TYPES } from './slots.ts';
import { generateIdentifier } from './store.ts';
import type { StoredEndpoint, StoredIntegration } from './rows.ts';
import { type Json, textOf } from './validation.ts';

const WEBEX_TYPES: ReadonlySet<string> = new Set(['webex_room', 'webex_person']);

/** Which provider a tool type needs, with the article and name that the refusal uses. */
const TOOL_PROVIDERS: Readonly<Record<string, readonly [string, string]>> = {
  pagerduty_service: ['pagerduty', 'a PagerDuty'],
  opsgenie_integration: ['opsgenie', 'an Opsgenie'],
  grafana_oncall_integration: ['grafana', 'a Grafana'],
  tool_webhook: ['tool-webhook', 'a Tool webhook'],
};

/** Novu's command and use case: the route and the OAuth callback both go through it. */
export async function createEndpoint(
  state: State,
  body: Json,
  beforeWrite: Call['beforeWrite'],
): Promise<StoredEndpoint> {
  const { type, endpoint, subscriberId } = checkCreateCommand(body);
  const integration = requireIntegration(state, body['integrationIdentifier']);
  const contextKeys = resolveContexts(state, body['context']);
  if (subscriberId && !knowsSubscriber(state, subscriberId)) {
    if (body['createSubscriberIfMissing'] !== true) {
      throw notFound(
        `Subscriber not found: ${subscriberId}. Pass createSubscriberIfMissing: true to create it, or provision it via POST /v1/subscribers.`,
      );
    }
    createSubscriber(state, subscriberId);
  }
  const identifier = textOf(body['identifier']) || generateIdentifier('chendp', state.options);
  if (state.endpoints.byIdentifier(identifier)) {
    throw conflict(
      `Channel endpoint with identifier "${identifier}" already exists in environment "${ENVIRONMENT_ID}"`,
    );
  }
  checkIntegration(type, integration);
  const connectionIdentifier = attachedConnection(state, body, type, integration, contextKeys);

  if (beforeWrite) await beforeWrite();
  guardSlot(state, { integrationIdentifier: integration.identifier, subscriberId, type, endpoint });
  guardInsert(state, state.endpoints, identifier);
  const now = new Date(state.options.clock()).toISOString();
  const row: StoredEndpoint = {
    _id: state.nextId(),
    identifier,
    channel: integration.channel,
    providerId: integration.providerId,
    integrationIdentifier: integration.identifier,
    connectionIdentifier,
    subscriberId,
    contextKeys,
    type,
    endpoint: { ...endpoint },
    createdAt: now,
    updatedAt: now,
  };
  state.endpoints.insert(row);
  return row;
}

/** Novu turns the index error into a conflict for tools only; for a chat user it stays an opaque 500. */
function guardSlot(state: State, row: Parameters<typeof endpointSlot>[0]): void {
  const slot = endpointSlot(row);
  if (slot === undefined || !hasEndpointIndex(state, row.type) || !state.endpoints.inSlot(slot)) return;
  const label = TOOL_TYPES[row.type];
  if (label === undefined) throw duplicateKey(slot);
  throw conflict(
    `${label} endpoint already exists for subscriber "${row.subscriberId}" on integration "${row.integrationIdentifier}"`,
  );
}

function checkIntegration(type: string, { providerId, credentials }: StoredIntegration): void {
  const tool = TOOL_PROVIDERS[type];
  if (tool && providerId !== tool[0]) {
    throw badRequest(`Channel endpoint type "${type}" requires ${tool[1]} integration`);
  }
  if (type === 'tool_webhook' && credentials?.['routingMode'] !== 'dynamic') {
    throw badRequest(
      'tool_webhook endpoints require the Tool webhook integration to use dynamic routingMode',
    );
  }
  if (WEBEX_TYPES.has(type) && providerId !== 'webex-messaging') {
    throw badRequest(`Channel endpoint type "${type}" requires a Webex Messaging integration`);
  }
}

/** Tool types never keep a connection; the one of any other type must be of the same integration. */
function attachedConnection(
  state: State,
  body: Json,
  type: string,
  integration: StoredIntegration,
  contextKeys: readonly string[],
): string | null {
  if (type in TOOL_TYPES) return null;
  const identifier = textOf(body['connectionIdentifier']);
  const isWebex = WEBEX_TYPES.has(type);
  if (!identifier) {
    if (isWebex) throw badRequest(`Channel endpoint type "${type}" requires a connectionIdentifier`);
    return null;
  }
  const connection = state.connections.byIdentifier(identifier);
  if (!connection || connection.integrationIdentifier !== integration.identifier) {
    throw notFound(`Channel connection not found: ${identifier}`);
  }
  if (isWebex && !isSameSet(contextKeys, connection.contextKeys)) {
    throw badRequest(`Webex endpoint context must match channel connection "${identifier}" context`);
  }
  return connection.identifier;
}
