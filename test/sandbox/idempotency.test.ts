import { describe, expect, test } from 'vitest';
import { type Answer, CONNECTIONS, connection, start, type Started } from './start.ts';

const HOUR = 3_600_000;
const DOCS = 'https://docs.novu.co/additional-resources/idempotency';

const create = (novu: Started, key: string, body: unknown = connection()): Promise<Answer> =>
  novu.call('POST', CONNECTIONS, body, { 'Idempotency-Key': key });

const facts = ({ status, headers }: Answer) => ({
  status,
  echo: headers.get('idempotency-key'),
  replay: headers.get('idempotency-replay'),
  link: headers.get('link'),
  retryAfter: headers.get('retry-after'),
});

const plain = { echo: 'k', replay: null, link: null, retryAfter: null };

/** A fault that holds the next write at work until it is let go. */
function hold(novu: Started): { reached: Promise<void>; release: () => void } {
  const gate = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  novu.sandbox.onRequest = () => {
    novu.sandbox.onRequest = undefined;
    reached.resolve();
    return { kind: 'slow', until: gate.promise };
  };
  return { reached: reached.promise, release: gate.resolve };
}

describe('the same key', () => {
  test('writes once and replays the answer', async () => {
    await using novu = await start();
    const first = await create(novu, 'k');
    const second = await create(novu, 'k');
    expect(facts(first)).toEqual({ ...plain, status: 201 });
    expect(facts(second)).toEqual({ ...plain, status: 201, replay: 'true' });
    expect(second.text).toBe(first.text);
    expect(novu.sandbox.journal).toHaveLength(1);
  });

  test('is refused while the first request is at work, whatever its body', async () => {
    await using novu = await start();
    const { reached, release } = hold(novu);
    const first = create(novu, 'k');
    await reached;
    for (const body of [connection(), connection({ subscriberId: 'user-2' })]) {
      const second = await create(novu, 'k', body);
      expect(facts(second)).toEqual({ status: 409, echo: 'k', replay: null, link: DOCS, retryAfter: '1' });
      expect(second.json['message']).toBe(
        'Request with key "k" is currently being processed. Please retry after 1 second',
      );
    }
    release();
    expect((await first).status).toBe(201);
    expect(facts(await create(novu, 'k'))).toMatchObject({ status: 201, replay: 'true' });
  });

  test('is refused for another body, and the order of keys counts', async () => {
    await using novu = await start();
    await create(novu, 'k');
    const { auth, ...rest } = connection();
    for (const body of [connection({ subscriberId: 'user-2' }), { auth, ...rest }]) {
      const reused = await create(novu, 'k', body);
      expect(facts(reused)).toEqual({ status: 422, echo: 'k', replay: null, link: DOCS, retryAfter: null });
      expect(reused.json['message']).toBe('Request with key "k" is being reused for a different body');
      expect(reused.json['errors']).toBeUndefined();
    }
  });

  test('replays a refusal in its words', async () => {
    await using novu = await start();
    const body = connection({ subscriberId: 'stranger' });
    const first = await create(novu, 'k', body);
    novu.sandbox.options.knowsEverySubscriber = true;
    const second = await create(novu, 'k', body);
    expect(facts(first)).toEqual({ ...plain, status: 404 });
    expect(facts(second)).toEqual({ ...plain, status: 404, replay: 'true' });
    expect(second.json['message']).toBe('Subscriber not found: stranger');
  });

  test('replays a refusal as 503 on older servers', async () => {
    await using novu = await start({ replayMode: 'old' });
    await create(novu, 'k', connection({ subscriberId: 'stranger' }));
    const second = await create(novu, 'k', connection({ subscriberId: 'stranger' }));
    expect(facts(second)).toEqual({ ...plain, status: 503, replay: 'true' });
    expect(second.json).toMatchObject({ message: 'Service Unavailable', ctx: { statusCode: 503 } });
  });

  test('replays a server error with a new errorId, though nothing is wrong any more', async () => {
    await using novu = await start();
    novu.sandbox.fail({ kind: 'error-before' });
    const first = await create(novu, 'k');
    const second = await create(novu, 'k');
    expect([first.status, facts(second)]).toEqual([500, { ...plain, status: 500, replay: 'true' }]);
    expect(second.json['errorId']).not.toBe(first.json['errorId']);
    expect(novu.sandbox.connections()).toEqual([]);
  });

  test('keeps a validation error, so that the mended body is refused too', async () => {
    await using novu = await start();
    expect((await create(novu, 'k', connection({ workspace: {} }))).status).toBe(422);
    expect((await create(novu, 'k')).json['message']).toMatch(/different body/);
  });

  test('answers on another route with what the first route said', async () => {
    await using novu = await start();
    const body = { integrationIdentifier: 'slack-prod', subscriberId: 'user-1' };
    const headers = { 'Idempotency-Key': 'k' };
    const oauth = await novu.call('POST', '/v1/integrations/channel-connections/oauth', body, headers);
    const link = await novu.call('POST', '/v1/integrations/channel-endpoints/link', body, headers);
    expect([oauth.status, link.status]).toEqual([201, 200]);
    expect(link.text).toBe(oauth.text);
  });

  test('works for PATCH and is not looked at by GET and DELETE', async () => {
    await using novu = await start();
    const path = `${CONNECTIONS}/acme`;
    const headers = { 'Idempotency-Key': 'k' };
    await novu.call('POST', CONNECTIONS, connection({ identifier: 'acme' }));
    const { workspace, auth } = connection();
    const call = (method: string) =>
      novu.call(method, path, method === 'PATCH' ? { workspace, auth } : undefined, headers);
    expect(facts(await call('GET')).echo).toBeNull();
    expect(facts(await call('PATCH')).echo).toBe('k');
    expect(facts(await call('PATCH')).replay).toBe('true');
    expect(facts(await call('DELETE'))).toEqual({ ...plain, echo: null, status: 204 });
  });

  test('is forgotten after a day', async () => {
    let now = 0;
    await using novu = await start({ clock: () => now });
    await create(novu, 'k');
    now += 24 * HOUR - 1;
    expect(facts(await create(novu, 'k')).replay).toBe('true');
    now += 1;
    expect(facts(await create(novu, 'k'))).toEqual({ ...plain, status: 409 });
  });

  test('stays in progress for five minutes after a crash', async () => {
    let now = 0;
    await using novu = await start({ clock: () => now });
    novu.sandbox.fail({ kind: 'reset-before', leavesKey: true });
    await expect(create(novu, 'k')).rejects.toThrow();
    now += 5 * 60_000 - 1;
    expect(facts(await create(novu, 'k'))).toMatchObject({ status: 409, retryAfter: '1' });
    now += 1;
    expect((await create(novu, 'k')).status).toBe(201);
  });
});

test('a key of 255 characters is taken, a longer one is not', async () => {
  await using novu = await start();
  expect((await create(novu, 'x'.repeat(255))).status).toBe(201);
  const long = 'x'.repeat(256);
  const refused = await create(novu, long);
  expect(facts(refused)).toEqual({ ...plain, echo: null, status: 400 });
  expect(refused.json['message']).toBe(
    `idempotencyKey "${long}" has exceeded the maximum allowed length of 255 characters`,
  );
});

test('nothing is kept of what fails before the handler', async () => {
  await using novu = await start();
  const key = { 'Idempotency-Key': 'k' };
  const attempts = [
    await novu.call('POST', CONNECTIONS, connection(), { ...key, Authorization: 'ApiKey wrong' }),
    await novu.call('POST', CONNECTIONS, '{', key),
    await novu.call('POST', CONNECTIONS, connection({ padding: 'x'.repeat(110_000) }), key),
  ];
  novu.sandbox.fail({ kind: 'rate-limited' });
  attempts.push(await create(novu, 'k'));
  expect(attempts.map(({ status }) => status)).toEqual([401, 400, 413, 429]);
  expect(attempts.map((answer) => facts(answer).echo)).toEqual([null, null, null, null]);
  expect(facts(await create(novu, 'k'))).toEqual({ ...plain, status: 201 });
});

test('a replay costs a rate token', async () => {
  await using novu = await start({ tier: 'free', clock: () => 0 });
  await create(novu, 'k');
  expect((await create(novu, 'k')).headers.get('ratelimit-remaining')).toBe('108');
});

test('switched off, a key is neither echoed nor honoured', async () => {
  await using novu = await start({ idempotency: false });
  expect(facts(await create(novu, 'k'))).toEqual({ ...plain, echo: null, status: 201 });
  expect(facts(await create(novu, 'k'))).toEqual({ ...plain, echo: null, status: 409 });
});
