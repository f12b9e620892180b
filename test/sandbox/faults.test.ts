import { describe, expect, test } from 'vitest';
import type { Fault } from '../../src/sandbox/sandbox.ts';
import { type Answer, CONNECTIONS, connection, start, type Started } from './start.ts';

const create = (novu: Started, changes = {}): Promise<Answer> =>
  novu.call('POST', CONNECTIONS, connection(changes), { 'Idempotency-Key': 'k' });

const rows = (novu: Started): number => novu.sandbox.connections().length;

async function causeOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    const cause: unknown = error instanceof Error ? error.cause : undefined;
    return cause instanceof Error && 'code' in cause ? cause.code : error;
  }
  throw new Error('It was answered');
}

describe('a fault of the connection', () => {
  test('reset-before writes nothing', async () => {
    await using novu = await start();
    novu.sandbox.fail({ kind: 'reset-before' });
    expect(await causeOf(create(novu))).toBe('ECONNRESET');
    expect(rows(novu)).toBe(0);
    expect((await create(novu)).status).toBe(201);
  });

  test('reset-after has written, and the key replays it', async () => {
    await using novu = await start();
    novu.sandbox.fail({ kind: 'reset-after' });
    expect(await causeOf(create(novu))).toBe('ECONNRESET');
    expect(rows(novu)).toBe(1);
    expect((await create(novu)).headers.get('idempotency-replay')).toBe('true');
  });

  test.each([
    ['hang-before', 0],
    ['hang-after', 1],
  ] as const)('%s is answered only by the end of the sandbox', async (kind, written) => {
    await using novu = await start();
    novu.sandbox.fail({ kind });
    const hanging = causeOf(create(novu));
    while (novu.sandbox.requests.length === 0) await novu.call('GET', '/sandbox/state');
    await novu.call('GET', '/v1/integrations');
    expect(rows(novu)).toBe(written);
    await novu.sandbox.close();
    expect(await hanging).toMatch(/UND_ERR_SOCKET|ECONNRESET/);
    expect(novu.sandbox.requests[0]?.status).toBeNull();
  });

  test('truncate has written and promises more than it sends', async () => {
    await using novu = await start();
    novu.sandbox.fail({ kind: 'truncate' });
    const response = await fetch(`${novu.url}${CONNECTIONS}`, {
      method: 'POST',
      headers: { Authorization: 'ApiKey sandbox-secret-key', 'Content-Type': 'application/json' },
      body: JSON.stringify(connection()),
    });
    expect(response.status).toBe(201);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(200);
    await expect(response.text()).rejects.toThrow();
    expect(rows(novu)).toBe(1);
  });
});

describe('a fault of the answer', () => {
  test('error-before is an error of the handler: kept under the key', async () => {
    await using novu = await start();
    novu.sandbox.fail({ kind: 'error-before' });
    expect((await create(novu)).json['errorId']).toBeDefined();
    expect((await create(novu)).status).toBe(500);
    expect(rows(novu)).toBe(0);
  });

  test('error-after is one too, with the row written', async () => {
    await using novu = await start();
    novu.sandbox.fail({ kind: 'error-after' });
    expect((await create(novu)).status).toBe(500);
    expect((await create(novu)).headers.get('idempotency-replay')).toBe('true');
    expect(rows(novu)).toBe(1);
  });

  test('error-after of a proxy leaves the success under the key', async () => {
    await using novu = await start();
    novu.sandbox.fail({ kind: 'error-after', status: 503, message: 'Away', cached: false });
    const failed = await create(novu);
    expect([failed.status, failed.json['message']]).toEqual([503, 'Away']);
    const retried = await create(novu);
    expect([retried.status, retried.headers.get('idempotency-replay')]).toEqual([201, 'true']);
  });

  test('rate-limited speaks as Novu does', async () => {
    await using novu = await start({ tier: 'free' });
    novu.sandbox.fail({ kind: 'rate-limited', retryAfterSeconds: 3 });
    const { status, headers, json } = await create(novu);
    expect(status).toBe(429);
    expect(json).toMatchObject({ message: 'API rate limit exceeded', ctx: {} });
    expect([
      headers.get('retry-after'),
      headers.get('ratelimit-remaining'),
      headers.get('ratelimit-reset'),
    ]).toEqual(['3', '0', '3']);
    expect(headers.get('ratelimit-policy')).toContain('serviceLevel="free"');
  });

  test.each<[Fault, { status: number; type: string; text: RegExp; written: number }]>([
    [
      { kind: 'not-json' },
      { status: 201, type: 'application/json; charset=utf-8', text: /^{"data": up/, written: 1 },
    ],
    [{ kind: 'html' }, { status: 502, type: 'text/html; charset=utf-8', text: /^<html>/, written: 0 }],
    [
      { kind: 'html', status: 504, applied: true },
      { status: 504, type: 'text/html; charset=utf-8', text: /504/, written: 1 },
    ],
    [
      { kind: 'status', status: 403, message: 'Insufficient permissions' },
      {
        status: 403,
        type: 'application/json; charset=utf-8',
        text: /"error":"Forbidden".*Insufficient/,
        written: 0,
      },
    ],
    [
      { kind: 'status', status: 402, body: { limit: 1 }, applied: true },
      { status: 402, type: 'application/json; charset=utf-8', text: /^{"limit":1}$/, written: 1 },
    ],
    [
      { kind: 'body', body: { data: null } },
      { status: 201, type: 'application/json; charset=utf-8', text: /^{"data":null}$/, written: 1 },
    ],
    [
      { kind: 'body', body: (normal: unknown) => ({ wrapped: normal }) },
      {
        status: 201,
        type: 'application/json; charset=utf-8',
        text: /^{"wrapped":{"data":{"identifier"/,
        written: 1,
      },
    ],
    [
      { kind: 'headers', headers: { 'content-type': 'text/plain', 'RateLimit-Limit': null } },
      { status: 201, type: 'text/plain', text: /^{"data":{/, written: 1 },
    ],
  ])('%j', async (fault, expected) => {
    await using novu = await start();
    novu.sandbox.fail(fault);
    const { status, headers, text } = await create(novu);
    expect([status, headers.get('content-type')]).toEqual([expected.status, expected.type]);
    expect(text).toMatch(expected.text);
    expect(rows(novu)).toBe(expected.written);
    if (fault.kind === 'headers') expect(headers.has('ratelimit-limit')).toBe(false);
    expect(novu.sandbox.requests[0]).toMatchObject({ status, fault: fault.kind });
  });

  test.each(['start', 'before-write', 'end'] as const)('slow holds the answer at "%s"', async (at) => {
    await using novu = await start();
    const gate = Promise.withResolvers<void>();
    novu.sandbox.fail({ kind: 'slow', at, until: gate.promise, delayMs: 1 });
    const slow = create(novu);
    while (novu.sandbox.requests.length === 0) await novu.call('GET', '/sandbox/state');
    await novu.call('GET', '/v1/integrations');
    expect(rows(novu)).toBe(at === 'end' ? 1 : 0);
    gate.resolve();
    expect((await slow).status).toBe(201);
  });
});

describe('a fault of a proxy', () => {
  test.each([
    [504, 'Gateway Timeout', {}],
    [303, 'See Other', { location: '/' }],
    [499, 'Client Closed Request', {}],
    [429, 'Too Many Requests', { 'retry-after': '30' }],
  ])('%i is told in the words of the proxy, not in those of Novu', async (status, error, expected) => {
    await using novu = await start();
    novu.sandbox.fail({ kind: 'proxy-error', status, ...(status === 429 && { retryAfterSeconds: 30 }) });
    const response = await fetch(`${novu.url}${CONNECTIONS}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { Authorization: 'ApiKey sandbox-secret-key', 'Content-Type': 'application/json' },
      body: JSON.stringify(connection()),
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ statusCode: status, error, message: `${error} at the proxy` });
    for (const [name, value] of Object.entries(expected)) expect(response.headers.get(name)).toBe(value);
    expect(rows(novu)).toBe(0);
  });

  test('may come after the work was done', async () => {
    await using novu = await start();
    novu.sandbox.fail({ kind: 'proxy-error', work: 'before' });
    expect((await create(novu)).status).toBe(504);
    expect(rows(novu)).toBe(1);
    expect((await create(novu)).headers.get('idempotency-replay')).toBe('true');
  });

  test('may come before work that is done late, when the caller has tried again', async () => {
    await using novu = await start({ idempotency: false });
    const gate = Promise.withResolvers<void>();
    novu.sandbox.fail({ kind: 'proxy-error', work: 'late', until: gate.promise });
    expect((await create(novu, { identifier: 'acme' })).status).toBe(504);
    expect(rows(novu)).toBe(0);
    gate.resolve();
    while (novu.sandbox.journal.length === 0) await novu.call('GET', '/sandbox/state');
    expect((await create(novu, { identifier: 'acme' })).status).toBe(409);
    expect(novu.sandbox.journal).toMatchObject([{ kind: 'create', identifier: 'acme', requestIndex: 0 }]);
  });

  test('does no late work in a sandbox that has ended', async () => {
    await using novu = await start();
    novu.sandbox.fail({ kind: 'proxy-error', work: 'late', delayMs: 600_000 });
    expect((await create(novu)).status).toBe(504);
    await novu.sandbox.restart();
    expect(rows(novu)).toBe(0);
  });

  test('mixed-up answers a create with another row, which was made all the same', async () => {
    await using novu = await start();
    await novu.call('POST', CONNECTIONS, connection({ identifier: 'theirs', subscriberId: 'user-2' }));
    novu.sandbox.fail({ kind: 'mixed-up' });
    const answer = await create(novu, { identifier: 'mine' });
    expect([answer.status, answer.data['identifier']]).toEqual([201, 'theirs']);
    expect(novu.sandbox.connections().map(({ identifier }) => identifier)).toEqual(['theirs', 'mine']);
  });

  test('mixed-up may leave the work undone, and names the row that it is told to', async () => {
    await using novu = await start();
    for (const identifier of ['one', 'two'])
      await novu.call('POST', CONNECTIONS, connection({ identifier, context: { tenant: identifier } }));
    novu.sandbox.fail({ kind: 'mixed-up', applied: false, identifier: 'one' });
    expect((await create(novu, { identifier: 'mine' })).data['identifier']).toBe('one');
    expect(rows(novu)).toBe(2);
  });

  test('mixed-up makes a row up where there is no other', async () => {
    await using novu = await start();
    novu.sandbox.fail({ kind: 'mixed-up', times: 2 });
    const answer = await create(novu, { identifier: 'mine' });
    expect(answer.data).toMatchObject({ identifier: 'stranger', integrationIdentifier: 'slack-prod' });
    expect((await novu.call('GET', `${CONNECTIONS}/mine`)).data['identifier']).toBe('stranger');
  });

  test.each([
    ['GET', `${CONNECTIONS}/mine`, 200],
    ['PATCH', `${CONNECTIONS}/mine`, 200],
    ['DELETE', `${CONNECTIONS}/mine`, 204],
    ['GET', '/v2/subscribers/user-1', 200],
    ['GET', '/v2/contexts/tenant/a', 200],
    ['GET', '/v1/integrations', 200],
  ])('mixed-up answers %s %s with the success of its route', async (method, path, status) => {
    await using novu = await start();
    await create(novu, { identifier: 'mine', context: { tenant: 'a', region: 'b' } });
    novu.sandbox.fail({ kind: 'mixed-up' });
    const { workspace, auth } = connection();
    const answer = await novu.call(method, path, method === 'PATCH' ? { workspace, auth } : undefined);
    expect(answer.status).toBe(status);
    expect(answer.data['identifier']).not.toBe('mine');
    expect(answer.data['subscriberId']).not.toBe('user-1');
    expect(answer.data['id']).not.toBe('a');
  });

  test('mixed-up answers a list with the list of another row', async () => {
    await using novu = await start();
    await create(novu, { identifier: 'mine' });
    novu.sandbox.fail({ kind: 'mixed-up' });
    expect((await novu.call('GET', CONNECTIONS)).json).toMatchObject({ totalCount: 1, next: null });
  });

  test('cached answers a read with what was, and a create with the row of another create', async () => {
    await using novu = await start();
    await create(novu, { identifier: 'mine' });
    const path = `${CONNECTIONS}/mine`;
    const before = await novu.call('GET', path);
    await novu.call('DELETE', path);
    novu.sandbox.fail({ kind: 'cached', times: 3 });
    const stale = await novu.call('GET', path);
    expect([stale.status, stale.text, stale.headers.get('age')]).toEqual([200, before.text, '60']);
    const second = await novu.call('POST', CONNECTIONS, connection({ identifier: 'other' }));
    expect([second.status, second.data['identifier']]).toEqual([201, 'mine']);
    expect(rows(novu)).toBe(0);
    expect((await novu.call('GET', `${CONNECTIONS}/none`)).status).toBe(404);
  });

  test('cached may stand before work that is done', async () => {
    await using novu = await start();
    await create(novu, { identifier: 'mine' });
    novu.sandbox.fail({ kind: 'cached', applied: true });
    const body = connection({ identifier: 'other', subscriberId: 'user-2' });
    expect((await novu.call('POST', CONNECTIONS, body)).data['identifier']).toBe('mine');
    expect(rows(novu)).toBe(2);
  });
});

describe('choosing a fault', () => {
  test('takes the oldest that matches, as often as it says', async () => {
    await using novu = await start();
    novu.sandbox.fail({
      kind: 'status',
      status: 503,
      times: 2,
      match: { method: 'post', path: CONNECTIONS },
    });
    novu.sandbox.fail({ kind: 'status', status: 504, match: { path: /integrations$/ } });
    novu.sandbox.fail({ kind: 'status', status: 502, match: { path: '^/v1/integrations/act' } });
    const seen: number[] = [];
    for (const path of [
      'GET /v1/integrations/active',
      'GET /v1/integrations/active',
      `GET ${CONNECTIONS}`,
      `POST ${CONNECTIONS}/acme/verify`,
      `POST ${CONNECTIONS}`,
      `POST ${CONNECTIONS}`,
      'GET /v1/integrations',
      'GET /v1/integrations',
    ]) {
      const [method = '', route = ''] = path.split(' ');
      seen.push((await novu.call(method, route, method === 'POST' ? connection() : undefined)).status);
    }
    expect(seen).toEqual([502, 200, 200, 503, 503, 201, 504, 200]);
  });

  test('asks the hook first, for every request', async () => {
    await using novu = await start();
    novu.sandbox.fail({ kind: 'status', status: 504 });
    novu.sandbox.onRequest = ({ method }) => (method === 'GET' ? { kind: 'status', status: 503 } : undefined);
    expect((await novu.call('GET', CONNECTIONS)).status).toBe(503);
    expect((await novu.call('GET', CONNECTIONS)).status).toBe(503);
    expect((await create(novu)).status).toBe(504);
    expect((await create(novu)).status).toBe(201);
  });

  test('can be taken back', async () => {
    await using novu = await start();
    novu.sandbox.fail({ kind: 'reset-before' });
    novu.sandbox.clearFaults();
    expect((await create(novu)).status).toBe(201);
  });

  test('tells of a hook that throws', async () => {
    await using novu = await start();
    novu.sandbox.onRequest = () => {
      throw new Error('my mistake');
    };
    const { status, text } = await create(novu);
    expect([status, text]).toEqual([500, 'Sandbox: Error: my mistake']);
  });
});

describe('what is recorded', () => {
  test('of a request: all that was sent and what was answered', async () => {
    await using novu = await start({ clock: () => 1234 });
    await novu.call('PATCH', `${CONNECTIONS}/a%2Fb?x=1&y=2&y=3`, { a: 1 }, { 'X-Custom': 'v' });
    expect(novu.sandbox.requests).toMatchObject([
      {
        index: 0,
        method: 'PATCH',
        path: `${CONNECTIONS}/a%2Fb`,
        query: { x: '1', y: ['2', '3'] },
        headers: { 'x-custom': 'v' },
        body: '{"a":1}',
        at: 1234,
        status: 422,
        fault: null,
      },
    ]);
    expect(novu.sandbox.requests[0]?.rawHeaders).toContain('X-Custom');
  });

  test('of a write: only what was applied', async () => {
    await using novu = await start({ clock: () => 1234 });
    await create(novu, { identifier: 'acme' });
    await create(novu, { identifier: 'acme' });
    await novu.call('POST', CONNECTIONS, connection({ identifier: 'acme' }));
    const { workspace, auth } = connection();
    await novu.call('PATCH', `${CONNECTIONS}/acme`, { workspace, auth });
    await novu.call('DELETE', `${CONNECTIONS}/acme`);
    await novu.call('DELETE', `${CONNECTIONS}/acme`);
    const entry = { table: 'connections', identifier: 'acme', at: 1234 };
    expect(novu.sandbox.journal).toEqual([
      { ...entry, kind: 'create', requestIndex: 0 },
      { ...entry, kind: 'update', requestIndex: 3 },
      { ...entry, kind: 'delete', requestIndex: 4 },
    ]);
  });
});
