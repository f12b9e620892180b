import { showAuth } from './connection-auth.ts';
import { createConnection, replaceTarget } from './create-connection.ts';
import { paginate } from './cursor.ts';
import { httpError, notFound } from './errors.ts';
import { isListed, parseListQuery } from './list-query.ts';
import { type Call, type Handlers, requireFeature, type State } from './state.ts';
import { shortId } from './store.ts';
import type { StoredConnection } from './rows.ts';
import { CONNECTION_MODES, type Checks, collectChecks, type Json } from './validation.ts';

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
    const row = await createConnection(state, body, beforeWrite);
    wrote('create', 'connections', row.identifier);
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
    replaceTarget(state, row, body);
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

/** connectionMode has no effect without a subscriber. */
function* ownedRows(
  state: State,
  subscriberId: string | undefined,
  mode: string | undefined,
): Iterable<StoredConnection> {
  const { connections, options } = state;
  if (subscriberId === undefined) return yield* connections.all();
  const isShared = options.subscriberFilter !== 'exact' && mode === 'shared';
  const isMixed = options.subscriberFilter === 'mixed' && mode === undefined;
  if (!isShared) yield* connections.of(subscriberId);
  if (isShared || isMixed) yield* connections.of(null);
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
