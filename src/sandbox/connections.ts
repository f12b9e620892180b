import { showAuth, storableAuth } from './connection-auth.ts';
import { conflict, httpError, notFound } from './errors.ts';
import { isListed, paginate, parseListQuery } from './paging.ts';
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
} from './state.ts';
import { type StoredConnection, shortId } from './store.ts';
import {
  CONNECTION_MODES,
  type Checks,
  checkConnectionMode,
  collectChecks,
  type Json,
  resolveContexts,
  textOf,
} from './validation.ts';

const TOKEN_LIFE_MS = 12 * 3_600_000;

type Operation = 'list' | 'create' | 'retrieve' | 'update' | 'remove' | 'verify';

export const connectionHandlers = (state: State): Handlers<Operation> => ({
  list({ query }: Call): unknown {
    const list = parseListQuery(query, 'ListChannelConnectionsCommand', state.options);
    requireFeature(state);
    const rows = [...ownedRows(state, list.subscriberId, list.connectionMode)].filter((row) =>
      isListed(row, list),
    );
    const page = paginate(rows, list, state.connections.byId);
    return { ...page, data: page.data.map((row) => show(state, row)) };
  },

  async create({ body, beforeWrite, wrote }: Call): Promise<unknown> {
    const checks = collectChecks();
    checks.optionalString(body['identifier'], 'identifier');
    checks.optionalString(body['subscriberId'], 'subscriberId');
    checks.context(body['context']);
    checks.optionalOneOf(body['connectionMode'], 'connectionMode', CONNECTION_MODES);
    checks.string(body['integrationIdentifier'], 'integrationIdentifier');
    checkTarget(checks, body);
    checks.done();
    requireFeature(state);
    checkConnectionMode(body);

    const integration = requireIntegration(state, body['integrationIdentifier']);
    const auth = storableAuth(body['auth'], integration, state.options.clock());
    const contextKeys = resolveContexts(body['context'], state.contexts);
    const subscriberId = typeof body['subscriberId'] === 'string' ? body['subscriberId'] : null;
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
    const identifier = textOf(body['identifier']) || `chconn_${shortId(12)}`;
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
    wrote('create', 'connections', identifier);
    return show(state, row);
  },

  retrieve({ identifier }: Call): unknown {
    requireFeature(state);
    return show(state, requireConnection(state, identifier));
  },

  update({ identifier, body, wrote }: Call): unknown {
    const checks = collectChecks();
    checkTarget(checks, body);
    checks.done();
    requireFeature(state);
    const row = state.connections.byIdentifier(identifier);
    if (!row) throw notFound(`Channel connection with identifier "${identifier}" not found`);
    const integration = state.integrations.get(row.integrationIdentifier);
    const auth = integration
      ? storableAuth(body['auth'], integration, state.options.clock())
      : { ...Object(body['auth']) };
    row.workspace = { ...Object(body['workspace']) };
    row.auth = auth;
    row.updatedAt = new Date(state.options.clock()).toISOString();
    wrote('update', 'connections', identifier);
    return show(state, row);
  },

  remove({ identifier, wrote }: Call): void {
    requireFeature(state);
    state.connections.remove(requireConnection(state, identifier));
    wrote('delete', 'connections', identifier);
  },

  /**
   * Exchanges a stored refresh token, without a provider: a refresh token that begins with "revoked" is refused,
   * one that begins with "busy" meets a held lock, any other gives new tokens.
   */
  verify({ identifier, wrote }: Call): unknown {
    requireFeature(state);
    const row = requireConnection(state, identifier);
    const refreshToken = row.auth['refreshToken'];
    if (typeof refreshToken !== 'string' || refreshToken === '') return show(state, row);
    if (!state.integrations.get(row.integrationIdentifier)?.credentials)
      throw new Error('Credentials are gone');
    if (refreshToken.startsWith('revoked')) {
      throw httpError(
        502,
        'Slack token refresh failed: invalid_refresh_token. Reconnect the Slack channel connection.',
      );
    }
    if (refreshToken.startsWith('busy')) {
      throw httpError(
        502,
        'A token refresh for the Slack channel connection is already in progress. Retry the verification in a few seconds.',
      );
    }
    const now = state.options.clock();
    row.auth = {
      ...row.auth,
      accessToken: `sandbox-access-${shortId(16)}`,
      refreshToken: `sandbox-refresh-${shortId(16)}`,
      expiresAt: new Date(now + TOKEN_LIFE_MS).toISOString(),
    };
    row.updatedAt = new Date(now).toISOString();
    wrote('update', 'connections', identifier);
    return show(state, row);
  },
});

function requireConnection(state: State, identifier: string): StoredConnection {
  const row = state.connections.byIdentifier(identifier);
  if (!row) throw notFound(`Channel connection with identifier '${identifier}' not found`);
  return row;
}

function* ownedRows(
  state: State,
  subscriberId: string | undefined,
  mode: string | undefined,
): Iterable<StoredConnection> {
  const { connections, options } = state;
  if (subscriberId === undefined) return yield* connections.all();
  if (options.subscriberFilter === 'old') return yield* connections.of(subscriberId);
  if (mode !== 'shared') yield* connections.of(subscriberId);
  if (mode !== 'subscriber') yield* connections.of(null);
}

function checkTarget(checks: Checks, body: Json): void {
  checks.nested(body['workspace'], 'workspace', (workspace) => {
    checks.string(workspace['id'], 'workspace.id');
    checks.optionalString(workspace['name'], 'workspace.name');
    checks.optionalString(workspace['botUserId'], 'workspace.botUserId');
  });
  checks.nested(body['auth'], 'auth', (auth) => {
    checks.string(auth['accessToken'], 'auth.accessToken');
    for (const name of ['refreshToken', 'expiresAt', 'refreshTokenExpiresAt']) {
      checks.optionalString(auth[name], `auth.${name}`);
    }
  });
}

function show(state: State, row: StoredConnection): Json {
  const { identifier, channel, providerId, integrationIdentifier, subscriberId, contextKeys, workspace } =
    row;
  return {
    identifier,
    channel,
    providerId,
    integrationIdentifier,
    subscriberId,
    contextKeys,
    workspace,
    ...showAuth(state.options, row),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
