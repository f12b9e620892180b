import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { parseEnvironment } from '../../src/sandbox/environment.ts';
import { FAULT_KINDS } from '../../src/sandbox/fault-docs.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { asRecord, CONNECTIONS, connection, ENDPOINTS, slackUser, start } from './start.ts';

describe('bounds', () => {
  test('a full table takes no more rows', async () => {
    await using novu = await start({ maxRows: 2, knowsEverySubscriber: true });
    const create = (subscriberId: string) => novu.call('POST', CONNECTIONS, connection({ subscriberId }));
    await create('a');
    await create('b');
    const { status, json } = await create('c');
    expect([status, json['message']]).toEqual([400, 'Sandbox is full: 2 rows are stored (maxRows)']);
    expect((await novu.call('POST', ENDPOINTS, slackUser())).status).toBe(201);
  });

  test('records are kept up to their limit, the newest ones', async () => {
    await using novu = await start({ maxRecords: 10 });
    for (let call = 0; call < 25; call += 1) await novu.call('GET', CONNECTIONS);
    const indexes = novu.sandbox.requests.map(({ index }) => index);
    expect(indexes.length).toBeLessThanOrEqual(10);
    expect(indexes.at(-1)).toBe(24);
    expect(indexes).toEqual(indexes.map((_, position) => (indexes[0] ?? 0) + position));
  });

  test('only the loopback is listened on', async () => {
    const sandbox = createSandbox();
    const host: string = '0.0.0.0';
    await expect(Reflect.apply(sandbox.listen, sandbox, [0, host])).rejects.toThrow(
      'The sandbox listens on 127.0.0.1 only, not on 0.0.0.0',
    );
    expect(sandbox.url).toBe('');
    await sandbox.close();
  });

  test('what is handed out is a copy', async () => {
    await using novu = await start();
    await novu.call('POST', CONNECTIONS, connection({ identifier: 'acme' }));
    for (const row of novu.sandbox.connections()) row.identifier = 'changed';
    expect((await novu.call('GET', `${CONNECTIONS}/acme`)).status).toBe(200);
  });
});

describe('a restart', () => {
  test('drops what is at work and keeps the rows and the port', async () => {
    await using novu = await start();
    await novu.call('POST', CONNECTIONS, connection({ identifier: 'acme' }));
    novu.sandbox.fail({ kind: 'slow', delayMs: 600_000 });
    const lost = novu.call('POST', CONNECTIONS, connection({ subscriberId: 'user-2' }), {
      'Idempotency-Key': 'k',
    });
    const dropped = expect(lost).rejects.toThrow();
    while (novu.sandbox.requests.length < 2) await novu.call('GET', '/sandbox/state');
    await novu.call('GET', '/v1/integrations');
    await novu.sandbox.restart();
    await dropped;
    expect(novu.sandbox.url).toBe(novu.url);
    expect((await novu.call('GET', `${CONNECTIONS}/acme`)).status).toBe(200);
    expect(novu.sandbox.connections()).toHaveLength(1);
    const again = await novu.call('POST', CONNECTIONS, connection({ subscriberId: 'user-2' }), {
      'Idempotency-Key': 'k',
    });
    expect([again.status, again.headers.get('retry-after')]).toEqual([409, '1']);
  });

  test('does not let held work go on afterwards', async () => {
    await using novu = await start();
    const gate = Promise.withResolvers<void>();
    novu.sandbox.fail({ kind: 'slow', until: gate.promise });
    const lost = expect(novu.call('POST', CONNECTIONS, connection())).rejects.toThrow();
    while (novu.sandbox.requests.length < 1) await novu.call('GET', '/sandbox/state');
    await novu.sandbox.restart();
    gate.resolve();
    await lost;
    await novu.call('GET', CONNECTIONS);
    expect(novu.sandbox.connections()).toEqual([]);
  });
});

test('a reset goes back to the seed', async () => {
  await using novu = await start({ tier: 'free', clock: () => 0 });
  const body = slackUser({ subscriberId: 'made', createSubscriberIfMissing: true });
  await novu.call('POST', ENDPOINTS, body, { 'Idempotency-Key': 'k' });
  novu.sandbox.fail({ kind: 'reset-before' });
  novu.sandbox.reset();
  expect([novu.sandbox.requests, novu.sandbox.journal, novu.sandbox.endpoints()]).toEqual([[], [], []]);
  const again = await novu.call('POST', ENDPOINTS, slackUser({ subscriberId: 'made' }), {
    'Idempotency-Key': 'k',
  });
  expect([again.status, again.headers.get('ratelimit-remaining')]).toEqual([404, '109']);
});

describe('the control routes', () => {
  test('queue faults and forget them', async () => {
    await using novu = await start();
    const queued = await novu.call('POST', '/sandbox/faults', { kind: 'status', status: 503, times: 2 });
    expect([queued.status, queued.json]).toEqual([201, { queued: 1 }]);
    expect((await novu.call('GET', CONNECTIONS)).status).toBe(503);
    expect((await novu.call('DELETE', '/sandbox/faults')).status).toBe(204);
    expect((await novu.call('GET', CONNECTIONS)).status).toBe(200);
  });

  test('tell what faults there are, each with an example that is taken', async () => {
    await using novu = await start();
    const { status, json } = await novu.call('GET', '/sandbox/faults');
    expect([status, json['queued']]).toEqual([200, 0]);
    expect(Object.keys(asRecord(json['fields']))).toEqual(['kind', 'match', 'times']);
    const kinds = Object.entries(asRecord(json['kinds']));
    expect(kinds.map(([kind]) => kind)).toEqual(FAULT_KINDS);
    for (const [kind, doc] of kinds) {
      const { what, fields, example } = asRecord(doc);
      expect(what).toMatch(/\.$/);
      const named = Object.keys(asRecord(example)).filter(
        (name) => !['kind', 'match', 'times'].includes(name),
      );
      expect(Object.keys(asRecord(fields))).toEqual(expect.arrayContaining(named));
      expect([kind, (await novu.call('POST', '/sandbox/faults', example)).status]).toEqual([kind, 201]);
    }
  });

  test.each([
    ['{', 'A fault is sent as JSON'],
    [{ kind: 'earthquake' }, 'kind is one of'],
    [{ kind: 'slow', delayMs: '5' }, 'delayMs is a number'],
    [{ kind: 'status' }, 'status is required'],
    [{ kind: 'status', status: 99 }, 'status is 200 to 599'],
    [{ kind: 'headers' }, 'headers is required'],
    [{ kind: 'proxy-error', work: 'sometimes' }, 'work is never, before or late'],
    [{ kind: 'body' }, 'body is required'],
    [{ kind: 'html', match: { path: 1 } }, 'match.method and match.path are strings'],
    [{ kind: 'html', match: { path: '^(' } }, 'match.path is no valid pattern'],
  ])('refuse the fault %j', async (fault, text) => {
    await using novu = await start();
    const { status, json } = await novu.call('POST', '/sandbox/faults', fault);
    expect(status).toBe(400);
    expect(json['message']).toContain(text);
  });

  test('show the state without a secret', async () => {
    await using novu = await start();
    await novu.call(
      'POST',
      CONNECTIONS,
      connection({ identifier: 'acme', auth: { accessToken: 'xoxb-hidden' } }),
    );
    const endpoint = { routingKey: 'hidden00'.repeat(4), region: 'us' };
    await novu.call(
      'POST',
      ENDPOINTS,
      slackUser({ integrationIdentifier: 'pagerduty-prod', type: 'pagerduty_service', endpoint }),
    );
    const { json, text } = await novu.call('GET', '/sandbox/state');
    expect(json['connections']).toMatchObject([
      { identifier: 'acme', workspace: { id: 'T1', name: 'Acme' } },
    ]);
    expect(asRecord(json['counts'])).toMatchObject({ connections: 1, endpoints: 1, writes: 2, requests: 2 });
    expect(text).not.toContain('hidden');
    expect((await novu.call('POST', '/sandbox/reset')).status).toBe(204);
    expect(novu.sandbox.connections()).toEqual([]);
    expect((await novu.call('GET', '/sandbox/nothing')).status).toBe(404);
  });
});

describe('the command', () => {
  test('reads its options and reports every fault by name', () => {
    expect(parseEnvironment({})).toMatchObject({
      port: 3000,
      options: { idempotency: true, tier: 'unlimited' },
    });
    expect(
      parseEnvironment({
        SANDBOX_PORT: '0',
        SANDBOX_IDEMPOTENCY: 'off',
        SANDBOX_TIER: 'free',
        SANDBOX_LATENCY_MS: '20',
        SANDBOX_SECRET_KEY: 'key',
        SANDBOX_AUTH_SHAPE: 'redacted',
        SANDBOX_NOVU_VERSION: '3.15',
        SANDBOX_CONSENT_PAGES: 'sandbox',
      }),
    ).toEqual({
      port: 0,
      options: {
        idempotency: false,
        tier: 'free',
        latencyMs: 20,
        secretKey: 'key',
        authShape: 'redacted',
        novuVersion: '3.15',
        consentPages: 'sandbox',
      },
    });
    const wrong = parseEnvironment({
      SANDBOX_PORT: '70000',
      SANDBOX_IDEMPOTENCY: 'yes',
      SANDBOX_TIER: 'gold',
      SANDBOX_LATENCY_MS: '-1',
      SANDBOX_SECRET_KEY: 'a b',
      SANDBOX_AUTH_SHAPE: 'round',
      SANDBOX_NOVU_VERSION: '4',
      SANDBOX_CONSENT_PAGES: 'none',
    });
    expect('faults' in wrong && wrong.faults.map((fault) => fault.split(':')[0])).toEqual([
      'SANDBOX_SECRET_KEY',
      'SANDBOX_PORT',
      'SANDBOX_IDEMPOTENCY',
      'SANDBOX_TIER',
      'SANDBOX_LATENCY_MS',
      'SANDBOX_NOVU_VERSION',
      'SANDBOX_CONSENT_PAGES',
      'SANDBOX_AUTH_SHAPE',
    ]);
  });

  test('says where it is, serves, and ends when told to', async () => {
    const child = spawn(process.execPath, ['src/sandbox/main.ts'], {
      env: { ...process.env, SANDBOX_PORT: '0', SANDBOX_SECRET_KEY: 'my-key' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line]: unknown[] = await once(child.stdout.setEncoding('utf8'), 'data');
    expect(line).toMatch(/^Novu sandbox at http:\/\/127\.0\.0\.1:\d+ - Authorization: ApiKey my-key\n$/);
    const url = /http:\S+/.exec(String(line))?.[0];
    const response = await fetch(`${url}/v1/integrations`, { headers: { Authorization: 'ApiKey my-key' } });
    expect(response.status).toBe(200);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});
