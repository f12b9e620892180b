import { badRequest, conflict, notFound } from './errors.ts';
import { checkCreateCommand, hasShape } from './endpoint-types.ts';
import { isListed, isSameSet, paginate, parseListQuery } from './paging.ts';
import { ENVIRONMENT_ID } from './seed.ts';
import {
  type Call,
  guardInsert,
  type Handlers,
  knowsSubscriber,
  requireFeature,
  requireIntegration,
  type State,
  slotOf,
  TOOL_TYPES,
} from './state.ts';
import { type StoredEndpoint, type StoredIntegration, shortId } from './store.ts';
import { collectChecks, isRecord, type Json, resolveContexts, textOf } from './validation.ts';

const WEBEX_TYPES: ReadonlySet<string> = new Set(['webex_room', 'webex_person']);

/** Which provider a tool type needs, with the article and name that the refusal uses. */
const TOOL_PROVIDERS: Readonly<Record<string, readonly [string, string]>> = {
  pagerduty_service: ['pagerduty', 'a PagerDuty'],
  opsgenie_integration: ['opsgenie', 'an Opsgenie'],
  grafana_oncall_integration: ['grafana', 'a Grafana'],
  tool_webhook: ['tool-webhook', 'a Tool webhook'],
};

type Operation = 'list' | 'create' | 'retrieve' | 'update' | 'remove';

export const endpointHandlers = (state: State): Handlers<Operation> => ({
  list({ query }: Call): unknown {
    const list = parseListQuery(query, 'ListChannelEndpointsCommand', state.options);
    requireFeature(state);
    const { subscriberId } = list;
    const owned = subscriberId === undefined ? state.endpoints.all() : state.endpoints.of(subscriberId);
    const page = paginate(
      [...owned].filter((row) => isListed(row, list)),
      list,
      state.endpoints.byId,
    );
    return { ...page, data: page.data.map(show) };
  },

  async create({ body, beforeWrite, wrote }: Call): Promise<unknown> {
    requireFeature(state);
    const { type, endpoint, subscriberId } = checkCreateCommand(body);
    const integration = requireIntegration(state, body['integrationIdentifier']);
    const contextKeys = resolveContexts(body['context'], state.contexts);
    if (subscriberId && !knowsSubscriber(state, subscriberId)) {
      if (body['createSubscriberIfMissing'] !== true) {
        throw notFound(
          `Subscriber not found: ${subscriberId}. Pass createSubscriberIfMissing: true to create it, or provision it via POST /v1/subscribers.`,
        );
      }
      state.subscribers.add(subscriberId);
    }
    const identifier = textOf(body['identifier']) || `chendp_${shortId(12)}`;
    if (state.endpoints.byIdentifier(identifier)) {
      throw conflict(
        `Channel endpoint with identifier "${identifier}" already exists in environment "${ENVIRONMENT_ID}"`,
      );
    }
    checkIntegration(type, integration);
    const connectionIdentifier = attachedConnection(state, body, type, integration, contextKeys);

    if (beforeWrite) await beforeWrite();
    const label = TOOL_TYPES[type];
    if (label !== undefined && state.endpoints.inSlot(slotOf(integration.identifier, subscriberId, []))) {
      throw conflict(
        `${label} endpoint already exists for subscriber "${subscriberId}" on integration "${integration.identifier}"`,
      );
    }
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
    wrote('create', 'endpoints', identifier);
    return show(row);
  },

  retrieve({ identifier }: Call): unknown {
    requireFeature(state);
    return show(requireEndpoint(state, identifier));
  },

  update({ identifier, body, wrote }: Call): unknown {
    const { endpoint } = body;
    const checks = collectChecks();
    if (endpoint === undefined || endpoint === null) checks.fail('endpoint should not be null or undefined');
    else if (!isRecord(endpoint)) checks.fail('endpoint must be an object');
    checks.done();
    requireFeature(state);
    const row = state.endpoints.byIdentifier(identifier);
    if (!row) {
      throw notFound(
        `Channel endpoint with identifier "${identifier}" not found in environment "${ENVIRONMENT_ID}"`,
      );
    }
    if (!isRecord(endpoint) || !hasShape(row.type, endpoint)) {
      throw badRequest(`Endpoint must match the required format for type "${row.type}"`);
    }
    row.endpoint = { ...endpoint };
    row.updatedAt = new Date(state.options.clock()).toISOString();
    wrote('update', 'endpoints', identifier);
    return show(row);
  },

  remove({ identifier, wrote }: Call): void {
    requireFeature(state);
    state.endpoints.remove(requireEndpoint(state, identifier));
    wrote('delete', 'endpoints', identifier);
  },
});

function requireEndpoint(state: State, identifier: string): StoredEndpoint {
  const row = state.endpoints.byIdentifier(identifier);
  if (!row) throw notFound(`Channel endpoint with identifier '${identifier}' not found`);
  return row;
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

function show(row: StoredEndpoint): Json {
  const { _id, ...shown } = row;
  return shown;
}
