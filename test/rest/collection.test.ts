import { describe, expect, it } from 'vitest';
import { isOwn } from '../../src/callers/access.ts';
import { type Caller, scopes, serviceCaller } from '../../src/callers/caller.ts';
import { type Context, createContext, readCall, writeCall } from '../../src/graphql/context.ts';
import { collection } from '../../src/rest/collection.ts';
import { forgetReads } from '../../src/rest/reads.ts';
import { createNovu } from '../../src/upstream/client.ts';
import { isRecord } from '../../src/upstream/json.ts';
import { type Handler, json, serve } from '../upstream/serve.ts';

/** A row whose path has two segments, as Novu's contexts have. */
type Pair = { type: string; id: string; size: unknown };

const pairs = collection<Pair, { limit?: number }>('/v2/pairs', {
  parse(body) {
    if (!isRecord(body) || typeof body['type'] !== 'string' || typeof body['id'] !== 'string')
      return undefined;
    return { type: body['type'], id: body['id'], size: body['size'] ?? null };
  },
  key: ['type', 'id'],
  fields: ['size'],
  category: 'global',
  isVisible: (caller, { type, id }) => isOwn(caller, { contextKeys: [`${type}:${id}`] }),
});

const user: Caller = {
  kind: 'user',
  id: 'user:ada',
  name: 'ada',
  scopes: new Set(scopes),
  subscriberId: 'ada',
  contextKeys: new Set(['team:a b']),
};

/** A server that answers like this, and a request of the caller to it. */
async function start(handler: Handler, caller: Caller = serviceCaller('backend', false)) {
  const served = await serve(handler);
  const novu = createNovu({ url: served.url, secretKey: 'novu-secret-key' });
  const context: Context = createContext({ caller, novu });
  return {
    context,
    calls: () => served.seen.map(({ method, path }) => `${method} ${path}`),
    bodies: () => served.seen.map(({ body }) => body),
    async [Symbol.asyncDispose]() {
      await novu.close();
      await served[Symbol.asyncDispose]();
    },
  };
}

const pair = (id: string) => ({ type: 'team', id, size: 7 });
/** Two rows in each list, else the row whose path it is. */
const answer: Handler = ({ path }, response) => {
  const [, , , , id = ''] = path.split('/');
  json(response, 200, path.includes('?') ? { data: [pair('one'), pair('two')] } : { data: pair(id) });
};
const notFound: Handler = (_request, response) =>
  json(response, 404, {
    statusCode: 404,
    message: 'Context not found',
    timestamp: '2026-07-01T10:00:00.000Z',
    path: '/v2/pairs/team/a',
  });

describe('the rows of a collection whose keys have two parts', () => {
  it('are read by a path of two encoded segments', async () => {
    await using started = await start(answer);
    const { context, calls } = started;
    expect(await pairs.find(context, ['team', 'a/b ?'])).toEqual({
      type: 'team',
      id: 'a%2Fb%20%3F',
      size: 7,
    });
    expect(calls()).toEqual(['GET /v2/pairs/team/a%2Fb%20%3F']);
  });

  it.each([[['team', '']], [['..', 'a']], [['team', '\ud800']]])(
    'are none for the key %j, and Novu is not asked',
    async (key) => {
      await using started = await start(answer);
      const { context, calls } = started;
      expect(await pairs.find(context, key)).toBeNull();
      await expect(pairs.remove(context.novu, key, writeCall(context, []))).rejects.toMatchObject({
        kind: 'not-found',
      });
      expect(calls()).toEqual([]);
    },
  );

  it('are null when there is none', async () => {
    await using started = await start(notFound);
    expect(await pairs.find(started.context, ['team', 'a'])).toBeNull();
    expect(await pairs.lookUp(started.context, ['team', 'a'])).toBe('missing');
  });

  it('take their key from the call when Novu does not say it', async () => {
    await using started = await start((_request, response) => json(response, 200, { data: { size: 1 } }));
    expect(await pairs.find(started.context, ['team', 'a'])).toEqual({ type: 'team', id: 'a', size: 1 });
  });

  it('are none of a body that has nothing of a row', async () => {
    await using started = await start((_request, response) => json(response, 200, { data: { hello: 1 } }));
    const { context } = started;
    await expect(pairs.find(context, ['team', 'a'])).rejects.toMatchObject({
      extensions: { code: 'UPSTREAM_BAD_RESPONSE' },
    });
  });

  it('are changed and deleted by their path', async () => {
    await using started = await start(answer);
    const { context, calls, bodies } = started;
    const call = writeCall(context, []);
    const key = ['team', 'a'];
    expect((await pairs.update(context.novu, key, '{"size":8}', 'key-1', call)).value.id).toBe('a');
    await pairs.remove(context.novu, key, call);
    expect(calls()).toEqual(['PATCH /v2/pairs/team/a', 'DELETE /v2/pairs/team/a']);
    expect(bodies()[0]).toBe('{"size":8}');
  });

  it('are told apart by both parts', () => {
    const row = { type: 'a', id: 'b', size: 1 };
    expect(pairs.isRow(row, ['a', 'b'])).toBe(true);
    expect(pairs.isRow(row, ['a:b', ''])).toBe(false);
    expect(pairs.isRow(row, ['b', 'a'])).toBe(false);
  });

  it('are hidden from a caller who may not see them', async () => {
    await using started = await start((_request, response) => json(response, 200, { data: pair('b') }), user);
    expect(await pairs.find(started.context, ['team', 'b'])).toBeNull();
    expect(await pairs.lookUp(started.context, ['team', 'b'])).toBe('foreign');
  });
});

describe('a POST', () => {
  const failFirst: Handler = (_request, response, index) =>
    index === 0 ? response.writeHead(502).end('bad gateway') : json(response, 201, { data: pair('a') });

  it('is not repeated after an answer that leaves it open: it may make one more', async () => {
    await using started = await start(failFirst);
    const { context, calls } = started;
    await expect(pairs.create(context.novu, '{}', 'key-1', writeCall(context, []))).rejects.toMatchObject({
      applied: 'unknown',
    });
    expect(calls()).toEqual(['POST /v2/pairs']);
  });
});

describe('a request', () => {
  it('asks for a row once, however many of its fields want it', async () => {
    await using started = await start(answer);
    const { context, calls } = started;
    await Promise.all([pairs.find(context, ['team', 'a']), pairs.find(context, ['team', 'a'])]);
    await pairs.find(context, ['team', 'a']);
    expect(calls()).toEqual(['GET /v2/pairs/team/a']);
  });

  it('asks for a list once, and for no row that was in it', async () => {
    await using started = await start(answer);
    const { context, calls } = started;
    const [one, other] = await Promise.all([
      pairs.list(context, { limit: 2 }),
      pairs.list(context, { limit: 2 }),
    ]);
    expect(one.page).toBe(other.page);
    expect(pairs.isKnown(context, ['team', 'two'])).toBe(true);
    expect(await pairs.find(context, ['team', 'two'])).toEqual(pair('two'));
    expect(pairs.isKnown(context, ['team', 'three'])).toBe(false);
    expect(calls()).toEqual(['GET /v2/pairs?limit=2']);
  });

  it('asks anew after a write, also for what was on its way when the write ended', async () => {
    const held = Promise.withResolvers<void>();
    await using started = await start((request, response, index) => {
      if (index === 0) void held.promise.then(() => answer(request, response, index));
      else answer(request, response, index);
    });
    const { context, calls } = started;
    const early = pairs.list(context, { limit: 2 });
    forgetReads(context);
    held.resolve();
    await early;
    expect(pairs.isKnown(context, ['team', 'one'])).toBe(false);
    await pairs.list(context, { limit: 2 });
    await pairs.find(context, ['team', 'one']);
    forgetReads(context);
    await pairs.find(context, ['team', 'one']);
    expect(calls()).toEqual(['GET /v2/pairs?limit=2', 'GET /v2/pairs?limit=2', 'GET /v2/pairs/team/one']);
  });

  it('knows nothing of what another has read', async () => {
    await using started = await start(answer);
    const { context, calls } = started;
    await pairs.find(context, ['team', 'a']);
    await pairs.find(createContext({ caller: context.caller, novu: context.novu }), ['team', 'a']);
    expect(calls()).toHaveLength(2);
  });

  it('has at most eight calls in progress, and those that wait come in order', async () => {
    const held: (() => void)[] = [];
    await using started = await start((request, response, index) => {
      held.push(() => answer(request, response, index));
      if (held.length >= 8) for (const go of held.splice(0)) go();
    });
    const { context, calls } = started;
    const ids = Array.from({ length: 24 }, (_, index) => `${index}`);
    const rows = await Promise.all(ids.map((id) => pairs.find(context, ['team', id])));
    expect(rows.map((row) => row?.id)).toEqual(ids);
    for (const from of [0, 8, 16])
      expect(
        calls()
          .slice(from, from + 8)
          .toSorted(),
      ).toEqual(
        ids
          .slice(from, from + 8)
          .map((id) => `GET /v2/pairs/team/${id}`)
          .toSorted(),
      );
  });

  it('goes on with the others when one call fails', async () => {
    await using started = await start((request, response, index) =>
      request.path.endsWith('/bad') ? json(response, 422, {}) : answer(request, response, index),
    );
    const { context } = started;
    const ids = ['bad', ...Array.from({ length: 20 }, (_, index) => `${index}`)];
    const outcomes = await Promise.allSettled(ids.map((id) => pairs.find(context, ['team', id])));
    expect(outcomes.map(({ status }) => status)).toEqual([
      'rejected',
      ...ids.slice(1).map(() => 'fulfilled'),
    ]);
  });

  it('reads past what it remembers where a write must know', async () => {
    await using started = await start(answer);
    const { context, calls } = started;
    await pairs.find(context, ['team', 'a']);
    await pairs.get(context.novu, ['team', 'a'], readCall(context));
    expect(calls()).toHaveLength(2);
  });
});
