import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/sandbox.ts';
import { createNovu } from '../../src/upstream/client.ts';
import { CreateOnce } from '../../src/writes/create-once.ts';
import { deriveIdentifier } from '../../src/writes/identifiers.ts';
import { deadUrl } from '../upstream/serve.ts';
import { path, secret, secretKey, specOf, start } from './start.ts';

const onPost = (fault: Fault): Fault => ({ ...fault, match: { method: 'POST' } });

/** Each way in which one create can go wrong, and the requests that it takes to put that right. */
const faults: [name: string, fault: Fault, posts: number, reads: number][] = [
  ['a reset before the write', { kind: 'reset-before' }, 2, 1],
  ['a reset before the write by a server that died', { kind: 'reset-before', leavesKey: true }, 2, 1],
  ['a reset after the write', { kind: 'reset-after' }, 1, 1],
  ['a 500 before the write', { kind: 'error-before' }, 2, 1],
  ['a 500 after the write', { kind: 'error-after' }, 1, 1],
  ['a 500 of a proxy before the write', { kind: 'error-before', cached: false }, 2, 1],
  ['a 503 after the write', { kind: 'error-after', status: 503 }, 1, 1],
  ['a 429', { kind: 'rate-limited', retryAfterSeconds: 0 }, 2, 0],
  ['a hang before the write', { kind: 'hang-before' }, 2, 1],
  ['a hang after the write', { kind: 'hang-after' }, 1, 1],
  ['a truncated answer', { kind: 'truncate' }, 1, 1],
  ['an answer that is no JSON', { kind: 'not-json' }, 1, 1],
  ['an error page without the write', { kind: 'html' }, 2, 1],
  ['an error page after the write', { kind: 'html', applied: true }, 1, 1],
  ['a timeout of a proxy after the write', { kind: 'html', status: 504, applied: true }, 1, 1],
  ['a 408 after the write', { kind: 'status', status: 408, applied: true }, 1, 1],
  ['a slow answer', { kind: 'slow', delayMs: 20 }, 1, 0],
  ['a 201 without its fields', { kind: 'body', body: { data: {} } }, 1, 1],
  ['a 201 with a body that is none of ours', { kind: 'body', body: { data: { weird: true } } }, 1, 1],
  ['a 201 with a list', { kind: 'body', body: [] }, 1, 1],
  ['a 201 with null', { kind: 'body', body: 'null' }, 1, 1],
  ['a 201 with nothing', { kind: 'body', body: '' }, 1, 1],
];

const ways = [
  ['idempotency on, the identifier derived', true, undefined],
  ['idempotency on, the identifier given', true, 'mine'],
  ['idempotency off, the identifier derived', false, undefined],
  ['idempotency off, the identifier given', false, 'mine'],
] as const;

describe.each(ways)('with %s, a create', (_name, idempotency, given) => {
  const identifier = given === undefined ? {} : { identifier: given };
  const made = given ?? deriveIdentifier('chconn_', 'service:a', 'key-1', secret);

  it.each(faults)('that meets %s is one row and a true answer', async (_fault, fault, posts, reads) => {
    await using novu = await start({ idempotency });
    novu.sandbox.fail(onPost(fault));
    // A hanging try costs half of what is left.
    const created = await novu.create({
      key: 'key-1',
      ...identifier,
      timeoutMs: fault.kind.startsWith('hang') ? 1_000 : 10_000,
    });
    expect(created.value.identifier).toBe(made);
    expect(created.replayed).toBe(false);
    expect(novu.sandbox.connections().map((row) => row.identifier)).toEqual([made]);
    expect([novu.posts(), novu.reads()]).toEqual([posts, reads]);
  });

  it('that meets nothing is one request', async () => {
    await using novu = await start({ idempotency });
    const created = await novu.create({ key: 'key-1', ...identifier });
    expect(created).toMatchObject({ replayed: false, honouredUpstream: idempotency });
    expect([novu.posts(), novu.reads()]).toEqual([1, 0]);
    expect(novu.sandbox.requests[0]?.headers['idempotency-key']).toBe('key-1');
  });

  it.each([
    ['in this process', false],
    ['in another one', true],
  ])('is not repeated by its key, %s', async (_where, elsewhere) => {
    await using novu = await start({ idempotency });
    const first = await novu.create({ key: 'key-1', ...identifier });
    const again = await novu.create(
      { key: 'key-1', ...identifier },
      elsewhere ? new CreateOnce() : undefined,
    );
    expect(again.value).toEqual(first.value);
    expect(again.replayed).toBe(true);
    expect(novu.sandbox.connections()).toHaveLength(1);
  });

  it.each(faults)('is not repeated by its key when that meets %s', async (_fault, fault) => {
    // The clock is an hour ahead for the second call, so that the row's age is beyond doubt.
    await using novu = await start({ idempotency, clock: () => Date.now() - 3_600_000 });
    await novu.create({ key: 'key-1', ...identifier });
    novu.sandbox.fail(onPost(fault));
    const again = await novu.create(
      { key: 'key-1', ...identifier, timeoutMs: fault.kind.startsWith('hang') ? 1_000 : 10_000 },
      new CreateOnce(),
    );
    expect(again).toMatchObject({ value: { identifier: made }, replayed: true });
    expect(novu.sandbox.connections()).toHaveLength(1);
  });

  it('that meets one fault after the other is one row', async () => {
    await using novu = await start({ idempotency });
    for (const kind of ['reset-before', 'error-before', 'html'] as const) novu.sandbox.fail(onPost({ kind }));
    novu.sandbox.fail(onPost({ kind: 'reset-after' }));
    expect((await novu.create({ key: 'key-1', ...identifier })).value.identifier).toBe(made);
    expect(novu.sandbox.connections()).toHaveLength(1);
    expect(novu.posts()).toBe(4);
    const keys = novu.sandbox.requests
      .filter(({ method }) => method === 'POST')
      .map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(4);
    const bodies = novu.sandbox.requests.filter(({ method }) => method === 'POST').map(({ body }) => body);
    expect(new Set(bodies).size).toBe(1);
  });

  it('whose row cannot be read back at first is one row', async () => {
    await using novu = await start({ idempotency });
    novu.sandbox.fail(onPost({ kind: 'reset-after' }));
    novu.sandbox.fail({ kind: 'status', status: 401, match: { method: 'GET' } });
    const created = await novu.create({ key: 'key-1', ...identifier });
    expect(created).toMatchObject({ value: { identifier: made }, replayed: false });
    expect(novu.sandbox.connections()).toHaveLength(1);
  });
});

describe('a 201 whose body surprises', () => {
  it.each([
    [
      'no more than an identifier',
      (normal: { data: object }) => ({ data: { identifier: Reflect.get(normal.data, 'identifier') } }),
    ],
    ['no envelope', (normal: { data: object }) => normal.data],
    [
      'an unknown provider and channel',
      (normal: { data: object }) => ({ data: { ...normal.data, providerId: 'new', channel: 7 } }),
    ],
  ])('(%s) is believed without another request', async (_name, body) => {
    await using novu = await start();
    novu.sandbox.fail({ kind: 'body', body: (normal) => body(normal as { data: object }) });
    expect((await novu.create({ key: 'key-1' })).replayed).toBe(false);
    expect([novu.posts(), novu.reads()]).toEqual([1, 0]);
  });

  it('and whose row cannot be read either is posted once and reported as open', async () => {
    await using novu = await start();
    novu.sandbox.onRequest = () => ({ kind: 'body', body: { data: { weird: true } } });
    expect(await novu.fail({ key: 'key-1' })).toMatchObject({
      failure: { kind: 'bad-response', applied: 'yes' },
      outcome: 'unknown',
      timedOut: false,
    });
    expect(novu.posts()).toBe(1);
  });
});

describe('calls at the same moment', () => {
  it('with one key and no idempotency of Novu are one POST, and one of fifty answers says that it made the row', async () => {
    await using novu = await start({ idempotency: false, latencyMs: 20, races: true });
    const all = await Promise.all(Array.from({ length: 50 }, () => novu.create({ key: 'key-1' })));
    expect(new Set(all.map(({ value }) => JSON.stringify(value))).size).toBe(1);
    expect(all.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(novu.posts()).toBe(1);
    expect(novu.sandbox.connections()).toHaveLength(1);
  });

  it('with one key share a failure, and the next one tries anew', async () => {
    await using novu = await start();
    novu.sandbox.fail(onPost({ kind: 'status', status: 404, message: 'Integration not found: x' }));
    const all = await Promise.all(Array.from({ length: 5 }, () => novu.fail({ key: 'key-1' })));
    expect(new Set(all).size).toBe(1);
    expect(novu.posts()).toBe(1);
    expect((await novu.create({ key: 'key-1' })).replayed).toBe(false);
  });

  it('with one key wait no longer than they may, and go on when the first gives up before', async () => {
    await using novu = await start();
    const done = Promise.withResolvers<void>();
    novu.sandbox.fail(onPost({ kind: 'slow', until: done.promise, at: 'before-write' }));
    const patient = novu.create({ key: 'key-1' });
    expect(await novu.fail({ key: 'key-1', timeoutMs: 50 })).toMatchObject({
      outcome: 'unknown',
      timedOut: true,
    });
    done.resolve();
    expect((await patient).replayed).toBe(false);

    novu.sandbox.fail({ kind: 'hang-before', times: 2 });
    const hurried = novu.fail({ key: 'key-2', timeoutMs: 300, subscriberId: 'user-2' });
    const other = novu.create({ key: 'key-2', subscriberId: 'user-2' });
    expect(await hurried).toMatchObject({ outcome: 'unknown', timedOut: true });
    expect((await other).value.subscriberId).toBe('user-2');
    expect(novu.sandbox.connections()).toHaveLength(2);
  });

  it.each([
    ['on', true],
    ['off', false],
  ])('with one key in two processes and idempotency %s end in one row', async (_name, idempotency) => {
    await using novu = await start({ idempotency, latencyMs: 30, races: true });
    const processes = [new CreateOnce(), new CreateOnce(), new CreateOnce()];
    const all = await Promise.all(processes.map((process) => novu.create({ key: 'key-1' }, process)));
    expect(new Set(all.map(({ value }) => JSON.stringify(value))).size).toBe(1);
    expect(novu.sandbox.connections()).toHaveLength(1);
    expect(all.some(({ replayed }) => !replayed)).toBe(true);
  });

  it('whose race Novu tells with a 409 end in one row, and the loser says so', async () => {
    await using novu = await start({ idempotency: false });
    const [won, lost] = [
      await novu.create({ key: 'key-1' }),
      await novu.create({ key: 'key-1' }, new CreateOnce()),
    ];
    expect(lost.value).toEqual(won.value);
    expect([won.replayed, lost.replayed]).toEqual([false, true]);
    expect(novu.sandbox.requests.map(({ status }) => status)).toEqual([201, 409, 200]);
  });

  it('whose race Novu tells with its 500 of a unique index end in one row', async () => {
    await using novu = await start({ idempotency: false });
    const written = Promise.withResolvers<void>();
    novu.sandbox.fail(onPost({ kind: 'slow', at: 'before-write', until: written.promise }));
    const slow = novu.create({ key: 'key-1' });
    while (novu.posts() === 0) await new Promise(setImmediate);
    const fast = await novu.create({ key: 'key-1' }, new CreateOnce());
    written.resolve();
    expect((await slow).value).toEqual(fast.value);
    expect(fast.replayed).toBe(false);
    expect(novu.sandbox.requests.map(({ status }) => status)).toEqual([500, 201, 200]);
    expect(novu.sandbox.connections()).toHaveLength(1);
  });

  it('of different owners with one key are different connections', async () => {
    await using novu = await start({ idempotency: false });
    const [one, other] = await Promise.all([
      novu.create({ key: 'key-1', owner: 'service:a', subscriberId: 'user-1' }),
      novu.create({ key: 'key-1', owner: 'service:b', subscriberId: 'user-2' }),
    ]);
    expect(one.value.identifier).not.toBe(other.value.identifier);
    expect([one.replayed, other.replayed]).toEqual([false, false]);
    expect(novu.sandbox.connections()).toHaveLength(2);
  });
});

describe('a key that was used for another input', () => {
  it('is refused while the first call is in flight, without a request', async () => {
    await using novu = await start({ latencyMs: 20 });
    const first = novu.create({ key: 'key-1' });
    expect(await novu.fail({ key: 'key-1', workspaceId: 'T2' })).toMatchObject({
      kind: 'key-reused',
      applied: 'no',
    });
    await first;
    expect(novu.posts()).toBe(1);
  });

  it('is refused later, without a request', async () => {
    await using novu = await start({ idempotency: false });
    await novu.create({ key: 'key-1' });
    expect(await novu.fail({ key: 'key-1', workspaceId: 'T2' })).toMatchObject({ kind: 'key-reused' });
    expect(novu.posts()).toBe(1);
  });

  it.each([
    ['on', true],
    ['off', false],
  ])('is refused by another process, with idempotency %s', async (_name, idempotency) => {
    await using novu = await start({ idempotency });
    await novu.create({ key: 'key-1' });
    for (const input of [{ workspaceId: 'T2' }, { subscriberId: 'user-2' }])
      expect(await novu.fail({ key: 'key-1', ...input }, new CreateOnce())).toMatchObject({
        kind: 'key-reused',
        applied: 'no',
      });
    expect(novu.sandbox.connections()).toHaveLength(1);
  });

  it('may be used again when the first call was refused', async () => {
    await using novu = await start({ idempotency: false });
    novu.sandbox.fail(onPost({ kind: 'status', status: 404, message: 'Subscriber not found: x' }));
    await novu.fail({ key: 'key-1' });
    expect((await novu.create({ key: 'key-1', workspaceId: 'T2' })).replayed).toBe(false);
  });
});

describe('what is there already', () => {
  it('is a conflict for a call whose key the gateway made: no earlier call can have used it', async () => {
    await using novu = await start();
    await novu.create({ identifier: 'mine' });
    const failure = await novu.fail({ identifier: 'mine' });
    expect(failure).toMatchObject({ kind: 'conflict', applied: 'no' });
    expect(novu.sandbox.connections()).toHaveLength(1);
  });

  it('is a conflict for it after a reset too', async () => {
    await using novu = await start({ clock: () => Date.now() - 3_600_000 });
    await novu.create({ identifier: 'mine' });
    novu.sandbox.fail(onPost({ kind: 'reset-before' }));
    expect(await novu.fail({ identifier: 'mine' })).toMatchObject({ kind: 'conflict', applied: 'no' });
  });

  it('under the identifier of another input is a conflict', async () => {
    await using novu = await start();
    await novu.create({ identifier: 'mine' });
    expect(await novu.fail({ key: 'key-1', identifier: 'mine', subscriberId: 'user-2' })).toMatchObject({
      kind: 'conflict',
      applied: 'no',
    });
  });

  it('for the same subscriber is a conflict', async () => {
    await using novu = await start();
    await novu.create({ key: 'key-1' });
    const failure = await novu.fail({ key: 'key-2' });
    expect(failure).toMatchObject({ kind: 'conflict', applied: 'no' });
    expect([novu.posts(), novu.reads()]).toEqual([2, 0]);
  });
});

describe('what Novu keeps under a key', () => {
  it.each([
    ['new', 'new'],
    ['old', 'old'],
  ] as const)('heals: a stored 500 (%s servers)', async (_name, replayMode) => {
    await using novu = await start({ replayMode });
    // All tries fail, so that the call gives up; the next one meets the stored answer first.
    novu.sandbox.fail(onPost({ kind: 'error-before', times: 6 }));
    expect(await novu.fail({ key: 'key-1' })).toMatchObject({ outcome: 'no' });
    const created = await novu.create({ key: 'key-1' });
    expect(created.replayed).toBe(false);
    expect(novu.sandbox.connections()).toHaveLength(1);
  });

  it('heals: a stored 404 of something that exists by now', async () => {
    await using novu = await start();
    expect(await novu.fail({ key: 'key-1', subscriberId: 'somebody' })).toMatchObject({ kind: 'not-found' });
    novu.sandbox.options.knowsEverySubscriber = true;
    expect((await novu.create({ key: 'key-1', subscriberId: 'somebody' })).replayed).toBe(false);
    expect(novu.sandbox.connections()).toHaveLength(1);
  });

  it('heals: a key that a crashed server left in progress', async () => {
    await using novu = await start();
    novu.sandbox.fail(onPost({ kind: 'reset-before', leavesKey: true }));
    novu.sandbox.fail({ kind: 'hang-before', match: { method: 'GET' } });
    expect(await novu.fail({ key: 'key-1', timeoutMs: 300 })).toMatchObject({ outcome: 'unknown' });
    const created = await novu.create({ key: 'key-1' }, new CreateOnce());
    expect(created.replayed).toBe(false);
    expect(novu.sandbox.connections()).toHaveLength(1);
  });

  it('heals: the same where there is no time to wait as Novu asks', async () => {
    await using novu = await start();
    novu.sandbox.fail(onPost({ kind: 'reset-before', leavesKey: true }));
    novu.sandbox.fail({ kind: 'hang-before', match: { method: 'GET' } });
    await novu.fail({ key: 'key-1', timeoutMs: 300 });
    const created = await novu.create({ key: 'key-1', timeoutMs: 900 }, new CreateOnce());
    expect(created.replayed).toBe(false);
    expect(novu.sandbox.connections()).toHaveLength(1);
  });

  it('is not believed of a connection that is gone', async () => {
    await using novu = await start();
    const { identifier } = (await novu.create({ key: 'key-1' })).value;
    await fetch(`${novu.sandbox.url}${path}/${identifier}`, {
      method: 'DELETE',
      headers: { authorization: `ApiKey ${secretKey}` },
    });
    expect((await novu.create({ key: 'key-1' })).replayed).toBe(false);
    expect(novu.sandbox.connections()).toHaveLength(1);
  });
});

describe('an outcome that is not known', () => {
  it.each([
    ['the POST was done', 'hang-after', 1],
    ['the POST was not done', 'hang-before', 0],
  ] as const)('is reported when time runs out (%s), and the key resolves it', async (_name, kind, rows) => {
    await using novu = await start({ idempotency: false });
    novu.sandbox.onRequest = () => ({ kind });
    expect(await novu.fail({ key: 'key-1', timeoutMs: 300 })).toMatchObject({
      outcome: 'unknown',
      timedOut: true,
    });
    novu.sandbox.onRequest = undefined;
    expect(novu.sandbox.connections()).toHaveLength(rows);
    const created = await novu.create({ key: 'key-1' });
    expect(created.value.identifier).toBe(deriveIdentifier('chconn_', 'service:a', 'key-1', secret));
    expect(novu.sandbox.connections()).toHaveLength(1);
  });

  it('stays so when a later try is refused: the first may have been done', async () => {
    await using novu = await start({ idempotency: false });
    novu.sandbox.fail(onPost({ kind: 'reset-before' }));
    novu.sandbox.fail(onPost({ kind: 'status', status: 401 }));
    expect(await novu.fail({ key: 'key-1' })).toMatchObject({
      failure: { kind: 'auth' },
      outcome: 'unknown',
    });
  });
});

describe('an outcome that is known', () => {
  it('is "not applied" when Novu was never reached', async () => {
    const novu = createNovu({ url: await deadUrl(), secretKey });
    const error = await new CreateOnce()
      .run(specOf(novu, { key: 'key-1' }))
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'not-sent', applied: 'no' });
    await novu.close();
  });

  it.each([400, 401, 403, 404, 413, 422])(
    'is "not applied" when Novu refuses with %d, at once',
    async (status) => {
      await using novu = await start();
      novu.sandbox.fail(onPost({ kind: 'status', status }));
      expect(await novu.fail({ key: 'key-1' })).toMatchObject({ status, applied: 'no' });
      expect([novu.posts(), novu.reads()]).toEqual([1, 0]);
    },
  );

  it('is "not applied" when Novu limits for longer than there is time', async () => {
    await using novu = await start();
    novu.sandbox.fail(onPost({ kind: 'rate-limited', retryAfterSeconds: 60 }));
    expect(await novu.fail({ key: 'key-1' })).toMatchObject({
      kind: 'rate-limited',
      retryAfterMs: 60_000,
      applied: 'no',
    });
  });

  it('is "not applied" when Novu\'s own 500 ended each try and no row is there', async () => {
    await using novu = await start({ idempotency: false });
    novu.sandbox.fail(onPost({ kind: 'error-before', times: 100 }));
    expect(await novu.fail({ key: 'key-1' })).toMatchObject({
      failure: { kind: 'unavailable' },
      outcome: 'no',
    });
    expect(novu.sandbox.connections()).toHaveLength(0);
    expect(novu.posts()).toBe(6);
  });
});
