import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  CallBudget,
  type CallContext,
  createNovu,
  type Novu,
  wasUncertain,
} from '../../src/upstream/client.ts';
import { Deadline } from '../../src/upstream/deadline.ts';
import { NovuError } from '../../src/upstream/errors.ts';
import type { UpstreamOptions } from '../../src/upstream/options.ts';
import type { TryEvent } from '../../src/upstream/observer.ts';
import type { Outgoing, Transport } from '../../src/upstream/transport.ts';
import type { CallerShare } from '../../src/upstream/lines.ts';
import { deadUrl, failureOf, type Handler, json, type Served, serve } from './serve.ts';

const secretKey = 'novu-secret-key-of-the-tests';
const backend: CallerShare = { id: 'service:backend', kind: 'service' };
const person: CallerShare = { id: 'user:person', kind: 'user' };
const call = (timeoutMs = 10_000, more: Partial<CallContext> = {}): CallContext => ({
  deadline: new Deadline(timeoutMs),
  caller: backend,
  ...more,
});
const read = { method: 'GET', path: '/v1/rows/1' } as const;
const write = { method: 'POST', path: '/v1/rows', body: '{}', idempotencyKey: 'key-1' } as const;

type Started = AsyncDisposable & { novu: Novu; server: Served };

async function start(handler: Handler, options: Partial<UpstreamOptions> = {}): Promise<Started> {
  const server = await serve(handler);
  const novu = createNovu({ url: server.url, secretKey, ...options });
  return {
    novu,
    server,
    async [Symbol.asyncDispose]() {
      await novu.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Answers the first requests one after the other, and everything after that with the last. */
const inTurn =
  (...handlers: Handler[]): Handler =>
  (request, response, index) =>
    handlers[Math.min(index, handlers.length - 1)]?.(request, response, index);
const ok: Handler = (_request, response) => json(response, 200, { data: { identifier: '1' } });
const status =
  (code: number, message = 'x', headers: Record<string, string> = {}): Handler =>
  (request, response) =>
    json(
      response,
      code,
      {
        statusCode: code,
        timestamp: '2026-01-01T00:00:00.000Z',
        path: request.path,
        message,
        ...(code === 500 && { errorId: 'e1' }),
      },
      headers,
    );
/** Novu's own limiter. */
const limited = (retryAfter: string) =>
  status(429, 'API rate limit exceeded', {
    'retry-after': retryAfter,
    'ratelimit-limit': '100',
    'ratelimit-remaining': '0',
  });
const reset: Handler = (_request, response) => response.socket?.resetAndDestroy();
const hang: Handler = () => undefined;
const page: Handler = (_request, response) => response.writeHead(502).end('<html>');
const broken: Handler = (_request, response) => response.writeHead(200).end('{');

describe('a call to Novu', () => {
  it('gives the parsed body and the facts beside it', async () => {
    await using one = await start((_request, response) =>
      json(response, 200, { data: { a: 1 } }, { 'ratelimit-limit': '100', 'idempotency-key': 'k' }),
    );
    expect(await one.novu.request(read, call())).toMatchObject({
      status: 200,
      body: { data: { a: 1 } },
      facts: { rateLimit: { limit: 100 }, idempotencyHonoured: true },
      uncertain: false,
    });
  });

  it('has no body for a 204', async () => {
    await using one = await start((_request, response) => response.writeHead(204).end());
    expect(await one.novu.request({ method: 'DELETE', path: '/v1/rows/1' }, call())).toMatchObject({
      status: 204,
      body: undefined,
    });
  });

  it('hides headers that repeat the key of Novu or a secret of the call', async () => {
    const token = 'xoxb-secret-of-the-call';
    await using one = await start((_request, response) =>
      json(response, 200, {}, { 'x-key': secretKey, 'x-token': `a ${token}`, 'x-fine': 'yes' }),
    );
    const { facts } = await one.novu.request(write, call(10_000, { secrets: [token] }));
    expect(facts.headers.map(({ name }) => name)).toContain('x-fine');
    expect(JSON.stringify(facts)).not.toContain('x-key');
    expect(JSON.stringify(facts)).not.toContain('x-token');
  });

  it('is a bad response when a 2xx is no JSON; a write is then open', async () => {
    await using one = await start((_request, response) => response.writeHead(200).end('<html>'));
    expect(await failureOf(one.novu.request(write, call()))).toMatchObject({
      kind: 'bad-response',
      status: 200,
      applied: 'unknown',
    });
    expect(one.server.seen).toHaveLength(1);
  });

  it.each([
    ['url', { secretKey: 'k', url: new URL('http://novu'), readTimeoutMs: 0 }, /readTimeoutMs/],
    ['connections', { secretKey: 'k', url: new URL('http://novu'), connections: 1.5 }, /connections/],
    ['maxQueue', { secretKey: 'k', url: new URL('http://novu'), maxQueue: -1 }, /maxQueue/],
  ])('needs sensible options (%s)', (_name, options, message) => {
    expect(() => createNovu(options)).toThrow(message);
  });
});

describe('a write', () => {
  it.each([
    ['is reset', reset, 'reset'],
    ['is answered 500', status(500), 'unavailable'],
    ['is answered by a page of a proxy', page, 'unavailable'],
  ])('that %s is not repeated, and its outcome is open', async (_name, handler, kind) => {
    await using one = await start(handler);
    const failure = await failureOf(one.novu.request(write, call()));
    expect(failure).toMatchObject({ kind, applied: 'unknown' });
    // No try before this one.
    expect(wasUncertain(failure)).toBe(false);
    expect(one.server.seen).toHaveLength(1);
  });

  it('that was not sent is tried five times, and nothing is open', async () => {
    let tries = 0;
    const wire: Transport = {
      send: () => {
        tries += 1;
        return Promise.reject(new NovuError('not-sent', { cause: new Error('refused') }));
      },
      close: () => Promise.resolve(),
    };
    const novu = createNovu({ url: new URL('http://novu.test'), secretKey }, wire);
    const failure = await failureOf(novu.request(write, call()));
    expect(failure).toMatchObject({ kind: 'not-sent', applied: 'no' });
    expect(wasUncertain(failure)).toBe(false);
    expect(tries).toBe(5);
    await novu.close();
  });

  it('that is limited is sent again under the same key', async () => {
    await using one = await start(inTurn(limited('0'), ok));
    expect((await one.novu.request(write, call())).status).toBe(200);
    expect(one.server.seen.map(({ headers }) => headers['idempotency-key'])).toEqual(['key-1', 'key-1']);
  });

  it('that is limited for longer than it has time fails at once, with the time to wait', async () => {
    await using one = await start(limited('60'));
    expect(await failureOf(one.novu.request(write, call()))).toMatchObject({
      kind: 'rate-limited',
      retryAfterMs: 60_000,
      applied: 'no',
    });
    expect(await failureOf(one.novu.request(write, call()))).toMatchObject({ kind: 'paced', applied: 'no' });
    expect(one.server.seen).toHaveLength(1);
  });

  it('that may happen twice is repeated under fresh keys, and says that an earlier try may have been it', async () => {
    await using one = await start(inTurn(reset, status(500), ok));
    const answer = await one.novu.request({ ...write, method: 'PATCH', repeat: 'always' }, call());
    expect(answer).toMatchObject({ status: 200, uncertain: true });
    const keys = one.server.seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toBe('key-1');
    expect(new Set(keys).size).toBe(3);
    expect(new Set(one.server.seen.map(({ body }) => body)).size).toBe(1);
  });

  it('that is refused after a try that may have been it says so', async () => {
    await using one = await start(inTurn(reset, status(404)));
    const failure = await failureOf(one.novu.request({ ...write, repeat: 'always' }, call()));
    expect(failure).toMatchObject({ kind: 'not-found', applied: 'no' });
    expect(wasUncertain(failure)).toBe(true);
  });

  it('that is answered from a store of errors is asked again under a fresh key', async () => {
    await using one = await start(
      inTurn(
        status(404, 'Integration not found: x', { 'idempotency-key': 'key-1', 'idempotency-replay': 'true' }),
        ok,
      ),
    );
    expect((await one.novu.request(write, call())).status).toBe(200);
    expect(one.server.seen[1]?.headers['idempotency-key']).not.toBe('key-1');
  });

  it('runs to its end when the caller leaves', async () => {
    const caller = new AbortController();
    await using one = await start((_request, response) => {
      caller.abort();
      ok(_request, response, 0);
    });
    expect((await one.novu.request(write, call(10_000, { signal: caller.signal }))).status).toBe(200);
  });

  it('leaves half of its time to find out what became of it', async () => {
    const given: number[] = [];
    const wire: Transport = {
      send: (_outgoing: Outgoing, { timeoutMs }) => {
        given.push(timeoutMs);
        return Promise.reject(new NovuError('timeout', { applied: 'unknown' }));
      },
      close: () => Promise.resolve(),
    };
    const novu = createNovu({ url: new URL('http://novu.test'), secretKey }, wire);
    await failureOf(novu.request(write, call(10_000)));
    await failureOf(novu.request(read, call(10_000)));
    expect(given[0]).toBeLessThanOrEqual(5_000);
    expect(given[1]).toBeGreaterThan(5_000);
    await novu.close();
  });
});

describe('a read', () => {
  it.each([
    ['a reset', reset],
    ['a 500', status(500)],
    ['a 503', status(503)],
    ['a page of a proxy', page],
    ['an answer that is no JSON', broken],
    ['a 429', limited('0')],
  ])('survives %s', async (_name, handler) => {
    await using one = await start(inTurn(handler, handler, ok));
    expect((await one.novu.request(read, call())).status).toBe(200);
    expect(one.server.seen).toHaveLength(3);
  });

  it.each([400, 401, 404, 409, 422])('that is answered %d is not repeated', async (code) => {
    await using one = await start(status(code));
    expect((await failureOf(one.novu.request(read, call()))).status).toBe(code);
    expect(one.server.seen).toHaveLength(1);
  });

  it('ends when the caller leaves', async () => {
    await using one = await start(hang);
    const caller = new AbortController();
    const failure = failureOf(one.novu.request(read, call(10_000, { signal: caller.signal })));
    await one.server.until(1);
    caller.abort();
    expect((await failure).kind).toBe('aborted');
  });

  it('ends while it waits for its next try when the caller leaves', async () => {
    await using one = await start(limited('5'));
    const caller = new AbortController();
    const failure = failureOf(one.novu.request(read, call(10_000, { signal: caller.signal })));
    await one.server.until(1);
    await setImmediate();
    caller.abort();
    expect((await failure).kind).toMatch(/aborted|rate-limited/);
    expect(one.server.seen).toHaveLength(1);
  });

  it('is repeated no more often than a fifth of the traffic and three times', async () => {
    await using one = await start(status(500), { breakerThreshold: 10_000 });
    const calls = 100;
    for (let batch = 0; batch < 10; batch += 1)
      await Promise.all(
        Array.from({ length: calls / 10 }, (_, index) =>
          failureOf(one.novu.request({ ...read, path: `/v1/rows/${batch}-${index}` }, call())),
        ),
      );
    const retries = one.server.seen.length - calls;
    expect(retries).toBeLessThanOrEqual(3 + calls / 5);
    expect(retries).toBeGreaterThanOrEqual(calls / 5);
  });
});

describe('identical reads in flight', () => {
  const asked = (callerId: string, more: Partial<CallContext> = {}) => call(10_000, { callerId, ...more });
  /** Answers only when told to. */
  function held(): { handler: Handler; answer: () => void } {
    const open: (() => void)[] = [];
    return {
      handler: (request, response, index) => open.push(() => ok(request, response, index)),
      answer: () => {
        for (const one of open.splice(0)) one();
      },
    };
  }

  it('of one caller are one call', async () => {
    const { handler, answer } = held();
    await using one = await start(handler);
    const reads = Array.from({ length: 20 }, () => one.novu.request(read, asked('a')));
    await one.server.until(1);
    answer();
    expect(new Set(await Promise.all(reads)).size).toBe(1);
    expect(one.server.seen).toHaveLength(1);
  });

  it('of two callers, of other paths or one after the other are calls of their own', async () => {
    await using one = await start(ok);
    await Promise.all([
      one.novu.request(read, asked('a')),
      one.novu.request(read, asked('b')),
      one.novu.request({ ...read, path: '/v1/rows/2' }, asked('a')),
      one.novu.request(read, call()),
      one.novu.request(read, call()),
    ]);
    await one.novu.request(read, asked('a'));
    expect(one.server.seen).toHaveLength(6);
  });

  it('go on for the others when one leaves, also the first', async () => {
    const { handler, answer } = held();
    await using one = await start(handler);
    const first = new AbortController();
    const gone = failureOf(one.novu.request(read, asked('a', { signal: first.signal })));
    const stays = one.novu.request(read, asked('a', { signal: new AbortController().signal }));
    await one.server.until(1);
    first.abort();
    expect((await gone).kind).toBe('aborted');
    answer();
    expect((await stays).status).toBe(200);
  });

  it('end at Novu when all have left, and the next one asks anew', async () => {
    const closed = Promise.withResolvers<void>();
    await using one = await start(
      inTurn((_request, response) => {
        response.on('close', () => closed.resolve());
      }, ok),
    );
    const callers = [new AbortController(), new AbortController()];
    const gone = callers.map(({ signal }) => failureOf(one.novu.request(read, asked('a', { signal }))));
    await one.server.until(1);
    for (const caller of callers) caller.abort();
    for (const failure of await Promise.all(gone)) expect(failure.kind).toBe('aborted');
    await closed.promise;
    expect((await one.novu.request(read, asked('a'))).status).toBe(200);
    expect(one.server.seen).toHaveLength(2);
  });

  it('are asked anew right after all have left', async () => {
    await using one = await start(inTurn(hang, ok));
    const caller = new AbortController();
    const gone = failureOf(one.novu.request(read, asked('a', { signal: caller.signal })));
    await one.server.until(1);
    caller.abort();
    const next = one.novu.request(read, asked('a'));
    expect((await gone).kind).toBe('aborted');
    expect((await next).status).toBe(200);
  });

  it('share a failure', async () => {
    await using one = await start(status(404));
    const failures = await Promise.all([
      failureOf(one.novu.request(read, asked('a'))),
      failureOf(one.novu.request(read, asked('a'))),
    ]);
    expect(failures.map(({ kind }) => kind)).toEqual(['not-found', 'not-found']);
    expect(one.server.seen).toHaveLength(1);
  });

  it('never answer with what was read before a write had ended', async () => {
    const { handler, answer } = held();
    await using one = await start((request, response, index) =>
      request.method === 'GET' && index === 0
        ? handler(request, response, index)
        : ok(request, response, index),
    );
    const before = one.novu.request(read, asked('a'));
    await one.server.until(1);
    await one.novu.request(write, call());
    await one.novu.request(read, asked('a'));
    answer();
    await before;
    expect(one.server.seen.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET']);
  });

  it('do not end early for one who joins somebody with little time', async () => {
    const { handler, answer } = held();
    await using one = await start(handler);
    const hurried = failureOf(one.novu.request(read, call(300, { callerId: 'a' })));
    const patient = one.novu.request(read, asked('a'));
    expect((await hurried).kind).toBe('timeout');
    answer();
    expect((await patient).status).toBe(200);
  });

  it('let one with little time go when it is over', async () => {
    const { handler, answer } = held();
    await using one = await start(handler);
    const patient = one.novu.request(read, asked('a'));
    const hurried = failureOf(one.novu.request(read, call(100, { callerId: 'a' })));
    expect((await hurried).kind).toBe('timeout');
    answer();
    expect((await patient).status).toBe(200);
    expect(one.server.seen).toHaveLength(1);
  });
});

describe('the breaker', () => {
  /** A Novu that can be taken down. */
  function switchable(down: Handler): { handler: Handler; isDown: boolean } {
    const novu = {
      isDown: true,
      handler: ((request, response, index) => (novu.isDown ? down : ok)(request, response, index)) as Handler,
    };
    return novu;
  }
  const options = { breakerThreshold: 3, breakerProbeMs: 50 };
  /** The failures of two callers, three in all. */
  const breakIt = async (one: Started) => {
    for (const caller of [backend, person, backend])
      await failureOf(one.novu.request(write, call(10_000, { caller })));
  };
  const paths = (server: Served) => server.seen.map(({ path }) => path);

  it.each([
    ['resets', reset],
    ['503', status(503)],
    ['pages of a proxy', page],
  ])('opens after outages in a row (%s), and calls then fail at once', async (_name, down) => {
    await using one = await start(down, { ...options, breakerProbeMs: 60_000 });
    expect(one.novu.reachable).toBe(true);
    await breakIt(one);
    expect(one.novu.reachable).toBe(false);
    for (const request of [read, write]) {
      expect(await failureOf(one.novu.request(request, call()))).toMatchObject({
        kind: 'busy',
        applied: 'no',
        retryAfterMs: 60_000,
      });
    }
    expect(one.server.seen).toHaveLength(3);
  });

  it('opens when nobody listens', async () => {
    const novu = createNovu({ url: await deadUrl(), secretKey, ...options, breakerProbeMs: 60_000 });
    await failureOf(novu.request(write, call()));
    expect(novu.reachable).toBe(false);
    await novu.close();
  });

  it('opens when Novu hangs for several callers who had the usual time', async () => {
    await using one = await start(hang, { ...options, breakerProbeMs: 60_000, readTimeoutMs: 100 });
    await Promise.all(
      [backend, person, backend].map((caller, id) =>
        failureOf(one.novu.request({ ...read, path: `/v1/rows/${id}` }, call(100, { caller }))),
      ),
    );
    expect(one.novu.reachable).toBe(false);
    expect(one.server.seen).toHaveLength(3);
  });

  it.each([
    ['reads', read],
    ['writes', { ...write, method: 'PATCH', repeat: 'always' }],
  ] as const)(
    'does not open for callers who give their %s less than the usual time',
    async (_name, request) => {
      await using one = await start(hang, { ...options, readTimeoutMs: 100, writeTimeoutMs: 1_000 });
      for (const caller of [backend, person, backend, person, backend, person])
        await failureOf(one.novu.request(request, call(80, { caller })));
      expect(one.novu.reachable).toBe(true);
      expect(paths(one.server)).not.toContain('/v1/health-check');
    },
  );

  it('does not open for what one caller alone does to Novu, when a probe is answered', async () => {
    const probed = Promise.withResolvers<void>();
    await using one = await start((request, response, index) => {
      if (request.path !== '/v1/health-check') return reset(request, response, index);
      status(503)(request, response, index);
      response.on('close', () => probed.resolve());
    }, options);
    for (let count = 0; count < 3; count += 1) await failureOf(one.novu.request(write, call()));
    await probed.promise;
    expect(one.novu.reachable).toBe(true);
    expect(paths(one.server).filter((path) => path === '/v1/health-check')).toHaveLength(1);
  });

  it('opens for what one caller sees when a probe sees it too', async () => {
    await using one = await start(reset, { ...options, breakerProbeMs: 60_000 });
    for (let count = 0; count < 3; count += 1) await failureOf(one.novu.request(write, call()));
    while (one.novu.reachable) await setImmediate();
    expect(paths(one.server)).toEqual([write.path, write.path, write.path, '/v1/health-check']);
  });

  it('probes beside the calls, not behind or before them', async () => {
    await using one = await start(
      inTurn(reset, (request, response, index) => {
        if (request.path !== '/v1/health-check') ok(request, response, index);
      }),
      { connections: 1, breakerThreshold: 1 },
    );
    const first = failureOf(one.novu.request(write, call()));
    const second = one.novu.request({ ...write, path: '/v1/rows/2' }, call());
    await first;
    expect((await second).status).toBe(200);
    expect(paths(one.server).toSorted()).toEqual(['/v1/health-check', '/v1/rows', '/v1/rows/2']);
  });

  it('does not open for what undici refuses to send', async () => {
    await using one = await start(ok, options);
    for (const caller of [backend, person, backend])
      await failureOf(one.novu.request({ ...write, path: '/v1/rows/ü' }, call(500, { caller })));
    expect(one.novu.reachable).toBe(true);
    expect(one.server.seen).toHaveLength(0);
  });

  it('ends those who wait for their turn when it opens', async () => {
    await using one = await start(
      (request, response, index) => (index < 2 ? hang : reset)(request, response, index),
      { ...options, breakerProbeMs: 60_000, connections: 3, maxInFlightPerCaller: 1 },
    );
    const caller = new AbortController();
    const hanging = failureOf(one.novu.request(read, call(10_000, { signal: caller.signal })));
    const waiting = failureOf(one.novu.request({ ...read, path: '/v1/rows/2' }, call()));
    await one.server.until(1);
    const others: CallerShare[] = ['a', 'b', 'c'].map((id) => ({ id, kind: 'user' }));
    const ends = new AbortController();
    const second = failureOf(one.novu.request(read, call(10_000, { caller: person, signal: ends.signal })));
    await one.server.until(2);
    for (const other of others) await failureOf(one.novu.request(write, call(10_000, { caller: other })));
    expect(await waiting).toMatchObject({ kind: 'busy', applied: 'no' });
    caller.abort();
    ends.abort();
    await Promise.all([hanging, second]);
  });

  it.each([400, 401, 404, 409, 422, 429, 500])(
    'does not open for %d, which shows that Novu is there',
    async (code) => {
      await using one = await start(status(code), options);
      for (let count = 0; count < 5; count += 1) await failureOf(one.novu.request(write, call(50)));
      expect(one.novu.reachable).toBe(true);
    },
  );

  it('does not open for outages with answers between them, refusals too', async () => {
    await using one = await start(
      (request, response, index) => (index % 2 ? status(404) : reset)(request, response, index),
      options,
    );
    for (let count = 0; count < 12; count += 1) await failureOf(one.novu.request(write, call()));
    expect(one.novu.reachable).toBe(true);
  });

  it('closes again by itself, though no call comes', async () => {
    const switched = switchable(reset);
    await using one = await start(switched.handler, options);
    await breakIt(one);
    expect(one.novu.reachable).toBe(false);
    await one.server.until(5);
    expect(one.novu.reachable).toBe(false);
    switched.isDown = false;
    await one.server.until(one.server.seen.length + 1);
    while (!one.novu.reachable) await setImmediate();
    expect(one.server.seen.at(-1)).toMatchObject({ method: 'GET', path: '/v1/health-check' });
    expect((await one.novu.request(write, call())).status).toBe(200);
  });

  it('probes by itself, and nobody waits for it', async () => {
    const open: (() => void)[] = [];
    await using one = await start(
      inTurn(reset, reset, reset, (request, response, index) => {
        open.push(() => ok(request, response, index));
      }),
      options,
    );
    await breakIt(one);
    expect(one.novu.reachable).toBe(false);
    await one.server.until(4);
    expect((await failureOf(one.novu.request(write, call()))).kind).toBe('busy');
    for (const answer of open) answer();
    while (!one.novu.reachable) await setImmediate();
    expect(one.server.seen).toHaveLength(4);
  });

  it('stops probing when the client is closed', async () => {
    const one = await start(reset, options);
    const { novu, server } = one;
    await breakIt(one);
    await novu.close();
    expect(server.seen).toHaveLength(3);
    await server[Symbol.asyncDispose]();
  });
});

describe('the places towards Novu', () => {
  /** Answers nothing until told to, then everything. */
  function gate() {
    const open: (() => void)[] = [];
    let isOpen = false;
    return {
      handler: ((request, response, index) => {
        if (isOpen) ok(request, response, index);
        else open.push(() => ok(request, response, index));
      }) satisfies Handler,
      answerAll() {
        isOpen = true;
        for (const answer of open.splice(0)) answer();
      },
    };
  }
  const readsOf = (one: Started, caller: CallerShare, count: number, more: Partial<CallContext> = {}) =>
    Array.from({ length: count }, (_, index) =>
      one.novu.request(
        { ...read, path: `/v1/rows/${caller.id}-${index}` },
        call(10_000, { caller, ...more }),
      ),
    );

  it('serve five hundred calls that one caller makes at once', async () => {
    await using one = await start(ok);
    const answers = await Promise.all(readsOf(one, backend, 500));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 500 }, () => 200));
    expect(one.novu.load).toEqual({ inFlight: 0, waiting: 0 });
  });

  it('are left for a caller who comes after 240 reads that hang', async () => {
    const { handler, answerAll } = gate();
    await using one = await start(
      (request, response, index) =>
        request.path.includes('person') ? ok(request, response, index) : handler(request, response, index),
      { connections: 8 },
    );
    const greedy = readsOf(one, backend, 240);
    await one.server.until(6);
    expect(one.novu.load).toEqual({ inFlight: 6, waiting: 234 });
    const polite = await Promise.all(readsOf(one, person, 12));
    expect(polite.map((answer) => answer.status)).toEqual(Array.from({ length: 12 }, () => 200));
    // Nothing of the other's was answered in the meantime.
    expect(one.novu.load.inFlight).toBe(6);
    answerAll();
    await Promise.all(greedy);
  });

  it('are shared in turn when all of them are taken: a service weighs as much as set', async () => {
    const { handler, answerAll } = gate();
    await using one = await start(handler, { connections: 1, serviceWeight: 3 });
    const first = readsOf(one, { id: 'user:first', kind: 'user' }, 1);
    await one.server.until(1);
    const calls = [readsOf(one, backend, 9), readsOf(one, person, 3)].flat();
    answerAll();
    await Promise.all([...first, ...calls]);
    const order = one.server.seen.slice(1).map(({ path }) => (path.includes('person') ? 'P' : 'B'));
    expect(order.join('')).toBe('BBBPBBBPBBBP');
  });

  it('refuse one call more of a caller than may wait, and nobody else', async () => {
    const { handler, answerAll } = gate();
    await using one = await start(handler, { connections: 1, maxQueuePerCaller: 2 });
    const calls = readsOf(one, backend, 3);
    await one.server.until(1);
    expect(await failureOf(one.novu.request(write, call()))).toMatchObject({ kind: 'busy', applied: 'no' });
    const other = readsOf(one, person, 1);
    answerAll();
    await Promise.all([...calls, ...other]);
    expect(one.server.seen).toHaveLength(4);
  });

  it('refuse the newest call of who has most waiting when nobody more may wait', async () => {
    const { handler, answerAll } = gate();
    await using one = await start(handler, { connections: 1, maxQueue: 20, serviceWeight: 8 });
    const calls = readsOf(one, backend, 21);
    await one.server.until(1);
    const refused = failureOf(calls[20] ?? Promise.resolve());
    const other = readsOf(one, person, 1);
    expect(await refused).toMatchObject({ kind: 'busy', applied: 'no' });
    answerAll();
    await Promise.all([...calls.slice(0, 20), ...other]);
  });

  it('end a wait by the deadline of who waits', async () => {
    const { handler, answerAll } = gate();
    await using one = await start(handler, { connections: 1 });
    const first = one.novu.request(read, call());
    await one.server.until(1);
    expect(await failureOf(one.novu.request(write, call(50)))).toMatchObject({ kind: 'busy', applied: 'no' });
    answerAll();
    await first;
    expect(one.server.seen).toHaveLength(1);
  });

  it('are free again when calls have ended, however they did', async () => {
    await using one = await start(inTurn(ok, status(404), reset, page, broken, status(500), ok), {
      connections: 1,
      maxQueue: 0,
      breakerThreshold: 100,
    });
    for (let count = 0; count < 7; count += 1)
      await one.novu.request(write, call()).catch((error: unknown) => {
        expect(error).toBeInstanceOf(NovuError);
      });
    expect(one.server.seen).toHaveLength(7);
    expect(one.novu.load).toEqual({ inFlight: 0, waiting: 0 });
  });

  it('are given to nobody whose time is over', async () => {
    await using one = await start(ok);
    expect(await failureOf(one.novu.request(write, call(0)))).toMatchObject({
      kind: 'timeout',
      applied: 'no',
    });
    expect(one.server.seen).toHaveLength(0);
  });
});

describe('retries', () => {
  it('of one caller do not use up those of another', async () => {
    await using one = await start(status(500), { breakerThreshold: 10_000 });
    const asks = (caller: CallerShare, count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, index) =>
          failureOf(
            one.novu.request({ ...read, path: `/v1/rows/${caller.id}-${index}` }, call(10_000, { caller })),
          ),
        ),
      );
    await asks(backend, 30);
    const before = one.server.seen.length;
    await asks(person, 1);
    // The first try and the three that everybody has to begin with.
    expect(one.server.seen.length - before).toBe(4);
  });
});

describe('a 429 of a proxy', () => {
  it('is not believed for as long as it asks: one call finds out, and all go on', async () => {
    await using one = await start(inTurn(status(429, 'x', { 'retry-after': '30' }), ok));
    const first = one.novu.request(read, call(10_000));
    await one.server.until(1);
    const rest = ['2', '3'].map((id) => one.novu.request({ ...read, path: `/v1/rows/${id}` }, call(10_000)));
    expect((await Promise.all([first, ...rest])).map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect(one.server.seen).toHaveLength(4);
  });
});

describe('the budget of an operation', () => {
  it('counts each request, retries too, and ends what is beyond it unsent', async () => {
    await using one = await start(inTurn(status(500), ok));
    const budget = new CallBudget(3);
    expect((await one.novu.request(read, call(10_000, { budget }))).status).toBe(200);
    expect((await one.novu.request(write, call(10_000, { budget }))).status).toBe(200);
    for (const request of [read, write])
      expect(await failureOf(one.novu.request(request, call(10_000, { budget })))).toMatchObject({
        kind: 'too-many-calls',
        applied: 'no',
      });
    expect(one.server.seen).toHaveLength(3);
  });

  it('leaves the failure of the last try when there is none for another', async () => {
    await using one = await start(status(500));
    const budget = new CallBudget(2);
    const failure = await failureOf(
      one.novu.request({ ...write, method: 'PATCH', repeat: 'always' }, call(10_000, { budget })),
    );
    expect(failure).toMatchObject({ kind: 'unavailable', applied: 'unknown' });
    expect(wasUncertain(failure)).toBe(true);
    expect(one.server.seen).toHaveLength(2);
  });

  it('is not touched by who joins a read in flight, and its end is not shared', async () => {
    await using one = await start(ok);
    const spent = new CallBudget(0);
    const refused = failureOf(one.novu.request(read, call(10_000, { callerId: 'a', budget: spent })));
    const budget = new CallBudget(1);
    const answers = [1, 2, 3].map(() => one.novu.request(read, call(10_000, { callerId: 'a', budget })));
    expect((await refused).kind).toBe('too-many-calls');
    expect((await Promise.all(answers)).map((answer) => answer.status)).toEqual([200, 200, 200]);
    const joined = one.novu.request(read, call(10_000, { callerId: 'a', budget: new CallBudget(1) }));
    expect((await one.novu.request(read, call(10_000, { callerId: 'a', budget: spent }))).status).toBe(200);
    await joined;
    expect(one.server.seen).toHaveLength(2);
  });
});

describe('an observer', () => {
  it('is told of each try, without identifiers, and of the breaker', async () => {
    const events: TryEvent[] = [];
    const changes: boolean[] = [];
    await using one = await start(inTurn(status(500), ok, reset), {
      breakerThreshold: 1,
      breakerProbeMs: 60_000,
      observer: {
        tried: (event) => void events.push(event),
        breakerChanged: (isOpen) => void changes.push(isOpen),
      },
    });
    const path = '/v1/channel-connections/private-1?subscriberId=private-2';
    await one.novu.request({ method: 'GET', path }, call(10_000, { requestId: 'r1' }));
    await failureOf(one.novu.request({ ...write, path: '/v1/channel-connections' }, call()));
    while (one.novu.reachable) await setImmediate();
    await failureOf(one.novu.request(write, call()));
    const route = '/v1/channel-connections/{identifier}';
    expect(events).toMatchObject([
      { method: 'GET', route, tries: 1, status: 500, kind: 'unavailable', errorId: 'e1', requestId: 'r1' },
      { method: 'GET', route, tries: 2, status: 200, kind: null, errorId: null, callerId: backend.id },
      { method: 'POST', route: '/v1/channel-connections', tries: 1, status: null, kind: 'reset' },
      { method: 'POST', kind: 'busy', status: null, novuMs: null, requestId: null },
    ]);
    expect(events.slice(0, 3).every(({ queuedMs, novuMs }) => queuedMs >= 0 && (novuMs ?? -1) >= 0)).toBe(
      true,
    );
    expect(JSON.stringify(events)).not.toContain('private');
    expect(changes).toEqual([true]);
  });

  it('that throws changes nothing', async () => {
    const faulty = () => {
      throw new Error('faulty');
    };
    await using one = await start(ok, { observer: { tried: faulty, breakerChanged: faulty } });
    expect((await one.novu.request(write, call())).status).toBe(200);
  });
});
