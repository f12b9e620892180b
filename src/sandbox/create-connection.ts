import { storableAuth } from './connection-auth.ts';
import { conflict, notFound } from './errors.ts';
import { ENVIRONMENT_ID } from './seed.ts';
import {
  type Call,
  guardInsert,
  knowsSubscriber,
  requireIntegration,
  resolveContexts,
  type State,
} from './state.ts';
import { slotOf } from './slots.ts';
import { generateIdentifier } from './store.ts';
import type { StoredConnection } from './rows.ts';
import { checkConnectionMode, type Json, textOf } from './validation.ts';

/** Novu's use case: what the route and the OAuth callback do with a validated body. */
export async function createConnection(
  state: State,
  body: Json,
  beforeWrite: Call['beforeWrite'],
): Promise<StoredConnection> {
  checkConnectionMode(body);
  const integration = requireIntegration(state, body['integrationIdentifier']);
  const auth = storableAuth(body['auth'], integration, state.options.clock());
  const contextKeys = resolveContexts(state, body['context']);
  const subscriberId = textOf(body['subscriberId']) || null;
  if (subscriberId && !knowsSubscriber(state, subscriberId))
    throw notFound(`Subscriber not found: ${subscriberId}`);

  // The raw subscriberId is looked for even in shared mode, where the stored row holds none.
  const twin = state.connections.inSlot(slotOf(integration.identifier, subscriberId, contextKeys));
  if (twin) {
    const owner = subscriberId ? `subscriberId "${subscriberId}"` : 'no subscriberId';
    const context = contextKeys.length > 0 ? `context [${contextKeys.join(', ')}]` : 'no context';
    throw conflict(
      `A channel connection already exists for integration "${integration.identifier}" with ${owner} and ${context}. Connection ID: ${twin.identifier}`,
    );
  }
  const identifier = textOf(body['identifier']) || generateIdentifier('chconn', state.options);
  if (state.connections.byIdentifier(identifier)) {
    throw conflict(
      `Channel connection with identifier "${identifier}" already exists in environment "${ENVIRONMENT_ID}"`,
    );
  }

  if (beforeWrite) await beforeWrite();
  guardInsert(state, state.connections, identifier);
  const now = new Date(state.options.clock()).toISOString();
  const row: StoredConnection = {
    _id: state.nextId(),
    identifier,
    channel: integration.channel,
    providerId: integration.providerId,
    integrationIdentifier: integration.identifier,
    subscriberId: body['connectionMode'] === 'shared' ? null : subscriberId,
    contextKeys,
    workspace: { ...Object(body['workspace']) },
    auth,
    createdAt: now,
    updatedAt: now,
  };
  state.connections.insert(row);
  return row;
}

/** Workspace and auth are replaced as a whole: a stored refresh token that the body lacks is gone. */
export function replaceTarget(state: State, row: StoredConnection, body: Json): void {
  const now = state.options.clock();
  const integration = state.integrations.get(row.integrationIdentifier);
  const auth: Json = { ...Object(body['auth']) };
  if (auth['refreshToken'] && !integration) {
    throw notFound(`Integration "${row.integrationIdentifier}" not found`);
  }
  state.connections.change(row, {
    workspace: { ...Object(body['workspace']) },
    auth: integration ? storableAuth(auth, integration, now) : auth,
    updatedAt: new Date(now).toISOString(),
  });
}
