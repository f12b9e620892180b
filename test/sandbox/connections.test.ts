import { describe, expect, test } from 'vitest';
import { asRecord, CONNECTIONS, connection, type Json, start, type Started } from './start.ts';

const shared = (changes: Json = {}): Json => {
  const { subscriberId: _, ...body } = connection({ connectionMode: 'shared', context: { tenant: 'acme' } });
  return { ...body, ...changes };
};

async function message(novu: Started, body: Json): Promise<string> {
  const { status, json } = await novu.call('POST', CONNECTIONS, body);
  return `${status} ${String(json['message'])}`;
}

describe('creating a connection', () => {
  test('generates an identifier and keeps unknown keys of the workspace', async () => {
    await using novu = await start();
    const { data } = await novu.call(
      'POST',
      CONNECTIONS,
      connection({ workspace: { id: 'T1', enterprise: { id: 'E1' } } }),
    );
    expect(data['identifier']).toMatch(/^chconn_[0-9a-z]{12}$/);
    expect(data['workspace']).toEqual({ id: 'T1', enterprise: { id: 'E1' } });
    expect(data['contextKeys']).toEqual([]);
  });

  test('takes an empty identifier for none', async () => {
    await using novu = await start();
    const { data } = await novu.call('POST', CONNECTIONS, connection({ identifier: '' }));
    expect(data['identifier']).toMatch(/^chconn_/);
  });

  test('sorts context keys and keeps the data a context had first', async () => {
    await using novu = await start();
    const { data } = await novu.call(
      'POST',
      CONNECTIONS,
      connection({ context: { tenant: 'b', app: { id: 'a', data: {} } } }),
    );
    expect(data['contextKeys']).toEqual(['app:a', 'tenant:b']);
  });

  test('asks of each mode what it needs', async () => {
    await using novu = await start();
    const { subscriberId: _, ...nobody } = connection();
    expect(await message(novu, nobody)).toBe('400 Either subscriberId or context must be provided');
    expect(await message(novu, { ...nobody, connectionMode: 'subscriber', context: { tenant: 'a' } })).toBe(
      '400 subscriberId is required when connectionMode is "subscriber"',
    );
    expect(await message(novu, connection({ connectionMode: 'shared' }))).toBe(
      '400 context is required when connectionMode is "shared"',
    );
  });

  test('drops the subscriber of a shared connection, who must exist all the same', async () => {
    await using novu = await start();
    const { data } = await novu.call('POST', CONNECTIONS, shared({ subscriberId: 'user-1' }));
    expect(data['subscriberId']).toBeNull();
    expect(await message(novu, shared({ subscriberId: 'stranger' }))).toBe(
      '404 Subscriber not found: stranger',
    );
  });

  test('checks in the order in which Novu does', async () => {
    await using novu = await start();
    await novu.call('POST', CONNECTIONS, connection({ identifier: 'taken' }));
    const rotating = { accessToken: 'x', refreshToken: 'y' };
    let body = connection({
      workspace: {},
      connectionMode: 'shared',
      integrationIdentifier: 'gone',
      auth: rotating,
      subscriberId: 'stranger',
      identifier: 'taken',
    });
    const seen: string[] = [];
    for (const fix of [
      { workspace: { id: 'T1' } },
      { connectionMode: undefined },
      { integrationIdentifier: 'discord-prod' },
      { auth: { accessToken: 'x' }, context: { tenant: 'made-on-the-way' } },
      { subscriberId: 'user-1', context: undefined, integrationIdentifier: 'slack-prod' },
      { subscriberId: 'user-2' },
      { identifier: 'free' },
    ]) {
      seen.push((await message(novu, body)).slice(0, 45));
      body = { ...body, ...fix };
    }
    expect(seen).toEqual([
      '422 Validation Error',
      '400 context is required when connectionMode i',
      '404 Integration not found: gone',
      '400 Token rotation is not supported for provi',
      '404 Subscriber not found: stranger',
      '409 A channel connection already exists for i',
      '409 Channel connection with identifier "taken',
    ]);
    expect((await novu.call('POST', CONNECTIONS, body)).status).toBe(201);
    const { counts } = (await novu.call('GET', '/sandbox/state')).json;
    expect(asRecord(counts)['contexts']).toBe(1);
  });

  test('allows one per integration, owner and exact context', async () => {
    await using novu = await start();
    const both = { tenant: 'acme', region: 'eu' };
    await novu.call('POST', CONNECTIONS, connection({ identifier: 'plain' }));
    await novu.call('POST', CONNECTIONS, connection({ identifier: 'both', context: both }));
    expect(await message(novu, connection())).toBe(
      '409 A channel connection already exists for integration "slack-prod" with subscriberId "user-1" and no context. Connection ID: plain',
    );
    expect(await message(novu, connection({ context: { region: 'eu', tenant: 'acme' } }))).toBe(
      '409 A channel connection already exists for integration "slack-prod" with subscriberId "user-1" and context [region:eu, tenant:acme]. Connection ID: both',
    );
    for (const other of [
      connection({ context: { tenant: 'acme' } }),
      connection({ subscriberId: 'user-2' }),
      connection({ integrationIdentifier: 'teams-prod' }),
    ]) {
      expect((await novu.call('POST', CONNECTIONS, other)).status).toBe(201);
    }
    await novu.call('DELETE', `${CONNECTIONS}/plain`);
    expect((await novu.call('POST', CONNECTIONS, connection())).status).toBe(201);
  });

  test('looks for the raw subscriber in shared mode', async () => {
    await using novu = await start();
    const owned = shared({ subscriberId: 'user-1' });
    expect((await novu.call('POST', CONNECTIONS, owned)).status).toBe(201);
    expect((await novu.call('POST', CONNECTIONS, owned)).status).toBe(201);
    expect(await message(novu, shared())).toMatch(/^409 .* with no subscriberId and context \[tenant:acme\]/);
    await novu.call('POST', CONNECTIONS, connection({ context: { tenant: 'acme' } }));
    expect(await message(novu, owned)).toMatch(/^409 /);
  });

  test.each([
    [{}, 'Invalid context payload structure.'],
    [[], 'Invalid context payload structure.'],
    [{ tenant: 'white space' }, 'Invalid context payload structure.'],
    [{ tenant: 'x'.repeat(101) }, 'Invalid context payload structure.'],
    [{ tenant: { data: {} } }, 'Invalid context payload structure.'],
    [
      { a: '1', b: '1', c: '1', d: '1', e: '1', f: '1' },
      'Too many contexts: 6 provided, maximum allowed is 5',
    ],
    [{ tenant: { id: 'a', data: { x: 'y'.repeat(66_000) } } }, "Context 'tenant' Data is too large"],
  ])('refuses the context %#', async (context, text) => {
    await using novu = await start();
    const { status, json } = await novu.call('POST', CONNECTIONS, connection({ context }));
    expect(status).toBe(422);
    expect(JSON.stringify(json['errors'])).toContain(text);
  });

  test('may race with itself when told to', async () => {
    await using novu = await start({ races: true, latencyMs: 250, idempotency: false });
    const twins = await Promise.all([1, 2].map(() => novu.call('POST', CONNECTIONS, connection())));
    expect(twins.map(({ status }) => status)).toEqual([201, 201]);
    const named = connection({ subscriberId: 'user-2', identifier: 'one' });
    const rivals = await Promise.all([1, 2].map(() => novu.call('POST', CONNECTIONS, named)));
    expect(rivals.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 500]);
  });
});

describe('rotating tokens', () => {
  const rotating = { accessToken: 'a', refreshToken: 'r' };

  test('are due at once without an expiry', async () => {
    await using novu = await start({ clock: () => Date.UTC(2026, 0, 1), authShape: 'full' });
    const { data } = await novu.call('POST', CONNECTIONS, connection({ auth: rotating }));
    expect(data['auth']).toEqual({ ...rotating, expiresAt: '2026-01-01T00:00:00.000Z' });
  });

  test('need an integration with credentials', async () => {
    await using novu = await start();
    expect(await message(novu, connection({ auth: rotating, integrationIdentifier: 'slack-dev' }))).toBe(
      '400 Integration "slack-dev" must have clientId and secretKey configured to store a rotating refresh token.',
    );
  });

  test('are exchanged by verify where a server has it, unless the provider refuses', async () => {
    await using novu = await start({ authShape: 'full', supportsVerify: true });
    const verify = (identifier: string) => novu.call('POST', `${CONNECTIONS}/${identifier}/verify`);
    await novu.call('POST', CONNECTIONS, connection({ identifier: 'plain' }));
    await novu.call(
      'POST',
      CONNECTIONS,
      connection({ identifier: 'good', subscriberId: 'user-2', auth: rotating }),
    );
    const revoked = { accessToken: 'a', refreshToken: 'revoked-1' };
    await novu.call(
      'POST',
      CONNECTIONS,
      connection({ identifier: 'bad', subscriberId: 'user-3', auth: revoked }),
    );
    const busy = { accessToken: 'a', refreshToken: 'busy-1' };
    await novu.call(
      'POST',
      CONNECTIONS,
      connection({ identifier: 'busy', subscriberId: 'user-4', auth: busy }),
    );

    const plain = await verify('plain');
    expect([plain.status, plain.data['auth']]).toEqual([200, { accessToken: 'xoxb-1' }]);
    const good = await verify('good');
    expect(good.status).toBe(200);
    expect(good.data['auth']).not.toMatchObject(rotating);
    const bad = await verify('bad');
    expect([bad.status, bad.json['message']]).toEqual([
      502,
      'Slack token refresh failed: invalid_refresh_token. Reconnect the Slack channel connection.',
    ]);
    expect((await verify('busy')).status).toBe(502);
    const gone = await verify('gone');
    expect([gone.status, gone.json['message']]).toEqual([
      404,
      "Channel connection with identifier 'gone' not found",
    ]);
  });

  test('cannot be verified on any release', async () => {
    await using novu = await start();
    const { status, json } = await novu.call('POST', `${CONNECTIONS}/acme/verify`);
    expect([status, json['message']]).toEqual([404, `Cannot POST ${CONNECTIONS}/acme/verify`]);
  });
});

describe('updating and deleting', () => {
  test('replaces workspace and auth as a whole and nothing else', async () => {
    let now = Date.UTC(2026, 0, 1);
    await using novu = await start({ clock: () => now, authShape: 'full' });
    const auth = { accessToken: 'a', refreshToken: 'r' };
    await novu.call('POST', CONNECTIONS, connection({ identifier: 'acme', auth }));
    now += 1000;
    const { status, data } = await novu.call('PATCH', `${CONNECTIONS}/acme`, {
      identifier: 'other',
      subscriberId: 'user-2',
      workspace: { id: 'T2' },
      auth: { accessToken: 'b' },
    });
    expect(status).toBe(200);
    expect(data).toMatchObject({
      identifier: 'acme',
      subscriberId: 'user-1',
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:01.000Z',
    });
    expect([data['workspace'], data['auth']]).toEqual([{ id: 'T2' }, { accessToken: 'b' }]);
  });

  test('needs both parts', async () => {
    await using novu = await start();
    const { status, json } = await novu.call('PATCH', `${CONNECTIONS}/acme`, { workspace: { id: 'T2' } });
    expect(status).toBe(422);
    expect(json['errors']).toMatchObject({ general: { messages: ['auth should not be null or undefined'] } });
  });

  test('quotes an unknown identifier in two ways', async () => {
    await using novu = await start();
    const { workspace, auth } = connection();
    const updated = await novu.call('PATCH', `${CONNECTIONS}/gone`, { workspace, auth });
    expect(updated.json['message']).toBe('Channel connection with identifier "gone" not found');
    const deleted = await novu.call('DELETE', `${CONNECTIONS}/gone`);
    expect(deleted.json['message']).toBe("Channel connection with identifier 'gone' not found");
  });
});

describe('what a read shows', () => {
  const auth = { accessToken: 'a', refreshToken: 'r', expiresAt: '2026-01-01T00:00:00.000Z', extra: 1 };

  test.each([
    ['full', { auth }],
    ['accessToken', { auth: { accessToken: 'a' } }],
    ['hasAccessToken', { auth: { hasAccessToken: true } }],
    ['empty', { auth: { accessToken: '' }, connected: true, connectionMode: 'subscriber' }],
    ['redacted', { auth: { accessToken: 'a', hasRefreshToken: true, expiresAt: auth.expiresAt } }],
    ['missing', { auth: undefined }],
  ] as const)('in the shape "%s"', async (authShape, expected) => {
    await using novu = await start();
    await novu.call('POST', CONNECTIONS, connection({ identifier: 'acme', auth }));
    novu.sandbox.options.authShape = authShape;
    const { data } = await novu.call('GET', `${CONNECTIONS}/acme`);
    for (const [name, value] of Object.entries(expected)) expect(data[name]).toEqual(value);
  });
});

describe('older servers', () => {
  test('know nothing of the feature when it is off', async () => {
    await using novu = await start({ featureEnabled: false });
    for (const path of [CONNECTIONS, `${CONNECTIONS}/a`, '/v1/channel-endpoints']) {
      const { status, json } = await novu.call('GET', path);
      expect([status, json['message']]).toEqual([404, 'Feature not enabled']);
    }
    expect((await novu.call('GET', '/v1/integrations')).status).toBe(200);
  });

  test('refuse every providerId filter', async () => {
    await using novu = await start({ providerIdFilter: 'fails' });
    const { status, text } = await novu.call('GET', `${CONNECTIONS}?providerId=slack`);
    expect(status).toBe(422);
    expect(text).toContain('providerId must be one of the following values');
  });
});
