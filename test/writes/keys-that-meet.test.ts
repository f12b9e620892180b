import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/sandbox.ts';
import { noFacts } from '../../src/upstream/facts.ts';
import { CreateOnce } from '../../src/writes/create-once.ts';
import { deriveIdentifier } from '../../src/writes/identifiers.ts';
import { path, secret, secretKey, start } from './start.ts';

// In Novu a key belongs to the organization, whoever sends it and to whatever route.

const onPost = (fault: Fault): Fault => ({ ...fault, match: { method: 'POST' } });
const mine = deriveIdentifier('chconn_', 'service:a', 'key-1', secret);
const foreign = { identifier: 'of-somebody-else', subscriberId: 'user-1', workspace: { id: 'T1' } };
/** What Novu keeps under the key of another caller. */
const replayOfAnother: Fault = {
  kind: 'status',
  status: 201,
  body: { data: foreign },
  headers: { 'idempotency-key': 'key-1', 'idempotency-replay': 'true' },
};

describe('a key that another caller has used in Novu', () => {
  it('makes a row of its own, under a key of its own in Novu', async () => {
    await using novu = await start({ idempotency: true });
    await novu.create({ owner: 'service:b', key: 'key-1', subscriberId: 'user-2' });
    const created = await novu.create({ key: 'key-1' });
    expect(created).toMatchObject({
      value: { identifier: mine },
      replayed: false,
      honouredUpstream: false,
    });
    expect(novu.sandbox.connections()).toHaveLength(2);
    const keys = novu.sandbox.requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys.slice(0, 3)).toEqual(['key-1', 'key-1', undefined]);
    expect(keys[3]).not.toBe('key-1');
    expect(novu.sandbox.requests.map(({ status }) => status)).toEqual([201, 422, 404, 201]);
  });

  it('is repeated like any other', async () => {
    await using novu = await start({ idempotency: true });
    await novu.create({ owner: 'service:b', key: 'key-1', subscriberId: 'user-2' });
    await novu.create({ key: 'key-1' });
    for (const process of [undefined, new CreateOnce()]) {
      const again = await novu.create({ key: 'key-1' }, process);
      expect(again).toMatchObject({ value: { identifier: mine }, replayed: true, honouredUpstream: false });
    }
    expect(novu.sandbox.connections()).toHaveLength(2);
  });

  it('is not answered with what Novu keeps for that caller', async () => {
    await using novu = await start({ idempotency: true });
    novu.sandbox.fail(onPost(replayOfAnother));
    const created = await novu.create({ key: 'key-1' });
    expect(created).toMatchObject({
      value: { identifier: mine },
      replayed: false,
      honouredUpstream: false,
    });
    expect([novu.posts(), novu.reads()]).toEqual([2, 1]);
  });

  it('finds the row of its own earlier call beside what Novu keeps for that caller', async () => {
    await using novu = await start({ idempotency: true, clock: () => Date.now() - 3_600_000 });
    await novu.create({ key: 'key-1' });
    novu.sandbox.fail(onPost(replayOfAnother));
    const again = await novu.create({ key: 'key-1' }, new CreateOnce());
    expect(again).toMatchObject({ value: { identifier: mine }, replayed: true, honouredUpstream: false });
    expect(novu.posts()).toBe(2);
  });

  it('goes on while the row cannot be looked at: the identifier is the lock', async () => {
    await using novu = await start({ idempotency: true });
    await novu.create({ owner: 'service:b', key: 'key-1', subscriberId: 'user-2' });
    novu.sandbox.fail({ kind: 'status', status: 401, match: { method: 'GET' } });
    expect(await novu.create({ key: 'key-1' })).toMatchObject({ value: { identifier: mine } });
    expect(novu.sandbox.connections()).toHaveLength(2);
  });

  it('is refused where the identifier does not follow from it, and so proves nothing', async () => {
    await using novu = await start({ idempotency: true });
    await novu.create({ owner: 'service:b', key: 'key-1', subscriberId: 'user-2' });
    expect(await novu.fail({ key: 'key-1', identifier: 'given' })).toMatchObject({
      kind: 'key-reused',
      applied: 'no',
    });
    expect(novu.posts()).toBe(2);
  });
});

describe('a call that was refused', () => {
  it.each([
    ['in this process', false],
    ['in another one', true],
  ])('leaves its key to the corrected input, %s', async (_where, elsewhere) => {
    await using novu = await start({ idempotency: true });
    const typo = await novu.fail({ key: 'key-1', subscriberId: 'nobody' });
    expect(typo).toMatchObject({ kind: 'not-found', applied: 'no' });
    const created = await novu.create({ key: 'key-1' }, elsewhere ? new CreateOnce() : undefined);
    expect(created).toMatchObject({ value: { identifier: mine }, replayed: false });
    const again = await novu.create({ key: 'key-1' }, new CreateOnce());
    expect(again).toMatchObject({ value: { identifier: mine }, replayed: true });
    expect(novu.sandbox.connections()).toHaveLength(1);
  });
});

describe('a success with the row of another create', () => {
  const mixedUp = (applied: boolean): Fault =>
    onPost({ kind: 'status', status: 201, body: { data: foreign }, applied });

  it.each<[string, boolean, number, number]>([
    ['whose own work was done', true, 1, 1],
    ['whose own work was not done', false, 2, 1],
  ])('is not shown (%s)', async (_name, applied, posts, reads) => {
    await using novu = await start();
    novu.sandbox.fail(mixedUp(applied));
    const created = await novu.create({ key: 'key-1' });
    expect(created).toMatchObject({ value: { identifier: mine }, replayed: false });
    expect(novu.sandbox.connections().map(({ identifier }) => identifier)).toEqual([mine]);
    expect([novu.posts(), novu.reads()]).toEqual([posts, reads]);
  });

  it('is not shown either where the caller has chosen the identifier', async () => {
    await using novu = await start();
    novu.sandbox.fail(mixedUp(true));
    const created = await novu.create({ key: 'key-1', identifier: 'given' });
    expect(created.value.identifier).toBe('given');
  });

  it('again and again leaves the outcome open', async () => {
    await using novu = await start();
    novu.sandbox.fail({ ...mixedUp(false), times: 100 });
    expect(await novu.fail({ key: 'key-1' })).toMatchObject({ outcome: 'unknown' });
  });

  it('stays open when a later try is refused: the work of the first may be done late', async () => {
    await using novu = await start();
    novu.sandbox.fail(mixedUp(false));
    novu.sandbox.fail(onPost({ kind: 'status', status: 401 }));
    expect(await novu.fail({ key: 'key-1' })).toMatchObject({
      failure: { kind: 'auth' },
      outcome: 'unknown',
    });
  });

  it('is not believed when it is read back either', async () => {
    await using novu = await start();
    novu.sandbox.fail(onPost({ kind: 'reset-after' }));
    novu.sandbox.fail({ kind: 'body', body: { data: foreign }, match: { method: 'GET' } });
    const created = await novu.create({ key: 'key-1' });
    expect(created).toMatchObject({ value: { identifier: mine }, replayed: false });
    expect(novu.sandbox.connections()).toHaveLength(1);
  });
});

describe('a key that this process knows as done', () => {
  it.each([
    ['on', true],
    ['off', false],
  ])('is answered by one read, with idempotency %s', async (_name, idempotency) => {
    await using novu = await start({ idempotency });
    const first = await novu.create({ key: 'key-1' });
    const again = await novu.create({ key: 'key-1' });
    expect(again).toMatchObject({ value: first.value, replayed: true, honouredUpstream: idempotency });
    expect([novu.posts(), novu.reads()]).toEqual([1, 1]);
  });

  it.each([
    ['on', true],
    ['off', false],
  ])('makes the row anew when it is gone, with idempotency %s', async (_name, idempotency) => {
    await using novu = await start({ idempotency });
    await novu.create({ key: 'key-1' });
    await fetch(`${novu.sandbox.url}${path}/${mine}`, {
      method: 'DELETE',
      headers: { authorization: `ApiKey ${secretKey}` },
    });
    const again = await novu.create({ key: 'key-1' });
    expect(again).toMatchObject({ value: { identifier: mine }, replayed: false });
    expect(novu.sandbox.connections()).toHaveLength(1);
  });

  it('is asked of Novu when the row cannot be read', async () => {
    await using novu = await start({ idempotency: false });
    await novu.create({ key: 'key-1' });
    novu.sandbox.fail({ kind: 'status', status: 401, match: { method: 'GET' } });
    expect(await novu.create({ key: 'key-1' })).toMatchObject({
      value: { identifier: mine },
      replayed: true,
    });
    expect(novu.sandbox.connections()).toHaveLength(1);
  });

  it('is not believed of a row that is another one by now', async () => {
    await using novu = await start({ idempotency: false });
    await novu.create({ key: 'key-1', identifier: 'given' });
    const headers = { authorization: `ApiKey ${secretKey}` };
    await fetch(`${novu.sandbox.url}${path}/given`, { method: 'DELETE', headers });
    await novu.create({ owner: 'service:b', key: 'key-2', identifier: 'given', subscriberId: 'user-2' });
    expect(await novu.fail({ key: 'key-1', identifier: 'given' })).toMatchObject({
      kind: 'conflict',
      applied: 'no',
    });
  });
});

describe('calls that join one that is answered by what was there', () => {
  it('all say so', async () => {
    await using novu = await start({ idempotency: false, latencyMs: 10 });
    await novu.create({ key: 'key-1' });
    const all = await Promise.all(Array.from({ length: 5 }, () => novu.create({ key: 'key-1' })));
    expect(all.map(({ replayed }) => replayed)).toEqual([true, true, true, true, true]);
    expect([novu.posts(), novu.reads()]).toEqual([1, 1]);
  });
});

describe('a check before each further try', () => {
  it('is not made before the first one', async () => {
    await using novu = await start();
    let checks = 0;
    const recheck = async () => {
      checks += 1;
    };
    await novu.create({ key: 'key-1', changes: { recheck } });
    expect(checks).toBe(0);
    novu.sandbox.fail(onPost({ kind: 'reset-before' }));
    novu.sandbox.fail(onPost({ kind: 'error-before' }));
    await novu.create({ key: 'key-2', subscriberId: 'user-2', changes: { recheck } });
    expect(checks).toBe(2);
  });
});

describe('a row that the caller may not see', () => {
  it('is not shown when it is read back', async () => {
    await using novu = await start();
    novu.sandbox.fail(onPost({ kind: 'reset-after' }));
    expect(await novu.fail({ key: 'key-1', changes: { mayShow: () => false } })).toMatchObject({
      kind: 'key-reused',
    });
  });
});

describe('a call that runs for long', () => {
  it('is still joined after ten thousand others', async () => {
    await using novu = await start();
    const done = Promise.withResolvers<void>();
    novu.sandbox.fail(onPost({ kind: 'slow', until: done.promise }));
    const process = new CreateOnce();
    const slow = novu.create({ key: 'key-1' }, process);
    const post = async () => ({
      value: { identifier: 'other', subscriberId: null, workspaceId: null, createdAt: null },
      facts: noFacts,
    });
    for (let index = 0; index <= 10_000; index += 1)
      await novu.create({ key: `other-${index}`, identifier: 'other', changes: { post } }, process);
    const joined = novu.create({ key: 'key-1' }, process);
    done.resolve();
    expect([(await slow).replayed, (await joined).replayed]).toEqual([false, true]);
    expect(novu.posts()).toBe(1);
  });
});
