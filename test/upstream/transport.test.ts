import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { resolveUpstreamOptions, type UpstreamOptions } from '../../src/upstream/options.ts';
import { createTransport, type Outgoing, type Transport } from '../../src/upstream/transport.ts';
import { deadUrl, failureOf, type Handler, json, type Served, serve } from './serve.ts';

const post: Outgoing = { method: 'POST', path: '/v1/rows', body: '{"a":1}' };
const get: Outgoing = { method: 'GET', path: '/v1/rows/1' };
const ample = { timeoutMs: 10_000 };

type Started = AsyncDisposable & { wire: Transport; server: Served };

async function start(handler: Handler, options: Partial<UpstreamOptions> = {}): Promise<Started> {
  const server = await serve(handler);
  const wire = createTransport(
    resolveUpstreamOptions({ url: server.url, secretKey: 'novu-key', ...options }),
  );
  return {
    wire,
    server,
    async [Symbol.asyncDispose]() {
      await wire.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('a try over HTTP', () => {
  it('sends what it is given, with the key, and gives back what was answered', async () => {
    await using novu = await start((_request, response) =>
      json(response, 201, { data: 1 }, { 'X-Two': 'yes', 'Set-Cookie': 'a=1' }),
    );
    const answer = await novu.wire.send({ ...post, idempotencyKey: 'key-1', requestId: 'request-1' }, ample);
    expect(answer).toMatchObject({ status: 201, text: '{"data":1}', headers: { 'x-two': 'yes' } });
    expect(novu.server.seen).toHaveLength(1);
    expect(novu.server.seen[0]).toMatchObject({
      method: 'POST',
      path: '/v1/rows',
      body: '{"a":1}',
      headers: {
        authorization: 'ApiKey novu-key',
        accept: 'application/json',
        'content-type': 'application/json',
        'content-length': '7',
        'idempotency-key': 'key-1',
        'x-request-id': 'request-1',
      },
    });
  });

  it('sends no more headers than these', async () => {
    await using novu = await start((_request, response) => json(response, 200, {}));
    await novu.wire.send(get, ample);
    expect(Object.keys(novu.server.seen[0]?.headers ?? {}).toSorted()).toEqual([
      'accept',
      'authorization',
      'connection',
      'host',
    ]);
  });

  it('keeps a path in the base address as prefix', async () => {
    const server = await serve((_request, response) => json(response, 200, {}));
    await using _server = server;
    const wire = createTransport(
      resolveUpstreamOptions({ url: new URL('/novu//', server.url), secretKey: 'k' }),
    );
    await wire.send(get, ample);
    await wire.close();
    expect(server.seen[0]?.path).toBe('/novu/v1/rows/1');
  });

  it('uses its connections again and again', async () => {
    await using novu = await start((_request, response) => json(response, 200, {}));
    for (let call = 0; call < 10; call += 1) await novu.wire.send(call % 2 ? post : get, ample);
    // The next call may come before undici has put the last one's connection back.
    expect(novu.server.connections()).toBeLessThanOrEqual(2);
  });

  it('opens no more connections than it may', async () => {
    await using novu = await start((_request, response) => json(response, 200, {}), { connections: 3 });
    await Promise.all(Array.from({ length: 30 }, () => novu.wire.send(get, ample)));
    expect(novu.server.connections()).toBe(3);
  });

  it('does not follow a redirect', async () => {
    await using novu = await start((_request, response) => {
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect((await novu.wire.send(get, ample)).status).toBe(302);
    expect(novu.server.seen).toHaveLength(1);
  });

  it.each([
    ['gzip', gzipSync],
    ['GZIP', gzipSync],
    ['x-gzip', gzipSync],
    ['br', brotliCompressSync],
  ] as const)('reads %s although nobody asked for it', async (encoding, compress) => {
    await using novu = await start((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(compress('{"data":1}'));
    });
    expect((await novu.wire.send(get, ample)).text).toBe('{"data":1}');
  });

  it('does not blow up what is compressed beyond the limit', async () => {
    await using novu = await start(
      (_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('a'.repeat(1_000_000)));
      },
      { maxResponseBytes: 10_000 },
    );
    expect((await novu.wire.send(get, ample)).text.length).toBeLessThan(10_000);
  });

  it('joins what comes in pieces, also within a character', async () => {
    await using novu = await start((_request, response) => {
      const bytes = Buffer.from('{"name":"ü😀"}');
      response.writeHead(200);
      for (const byte of bytes) response.write(Buffer.from([byte]));
      response.end();
    });
    expect((await novu.wire.send(get, ample)).text).toBe('{"name":"ü😀"}');
  });

  it('passes over early hints', async () => {
    await using novu = await start((_request, response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' });
      json(response, 200, { data: 1 });
    });
    expect(await novu.wire.send(get, ample)).toMatchObject({ status: 200, text: '{"data":1}' });
  });
});

describe('a try that fails', () => {
  it('was not sent when nobody listens', async () => {
    const wire = createTransport(resolveUpstreamOptions({ url: await deadUrl(), secretKey: 'k' }));
    expect(await failureOf(wire.send(post, ample))).toMatchObject({ kind: 'not-sent', applied: 'no' });
    await wire.close();
  });

  it('was not sent when the pool is closed', async () => {
    const { wire, server } = await start((_request, response) => json(response, 200, {}));
    await wire.close();
    expect(await failureOf(wire.send(post, ample))).toMatchObject({ kind: 'not-sent', applied: 'no' });
    await server[Symbol.asyncDispose]();
  });

  it.each([
    [post, 'unknown'],
    [get, 'no'],
  ] as const)(
    'leaves open what became of a write when it is reset before an answer',
    async (outgoing, applied) => {
      await using novu = await start((_request, response) => response.socket?.resetAndDestroy());
      expect(await failureOf(novu.wire.send(outgoing, ample))).toMatchObject({ kind: 'reset', applied });
      // undici by itself would send a GET again.
      expect(novu.server.seen).toHaveLength(1);
    },
  );

  it('is a bad response when it is reset within the answer', async () => {
    await using novu = await start((_request, response) => {
      response.writeHead(201, { 'content-length': '100' });
      response.write('{"data":', () => response.socket?.resetAndDestroy());
    });
    expect(await failureOf(novu.wire.send(post, ample))).toMatchObject({
      kind: 'bad-response',
      applied: 'unknown',
    });
  });

  it('is a bad response when the body ends too early', async () => {
    await using novu = await start((_request, response) => {
      response.writeHead(201, { 'content-length': '100' });
      response.write('{"data":1}', () => response.socket?.end());
    });
    expect(await failureOf(novu.wire.send(post, ample))).toMatchObject({
      kind: 'bad-response',
      applied: 'unknown',
    });
  });

  it('is a bad response when the answer is larger than allowed, and the connection is given up', async () => {
    let ended: (() => void) | undefined;
    const closed = new Promise<void>((resolve) => {
      ended = resolve;
    });
    await using novu = await start(
      (_request, response) => {
        response.on('close', () => ended?.());
        response.writeHead(200);
        response.write('a'.repeat(20_000));
      },
      { maxResponseBytes: 10_000 },
    );
    expect(await failureOf(novu.wire.send(post, ample))).toMatchObject({
      kind: 'bad-response',
      applied: 'unknown',
      status: 200,
    });
    await closed;
  });

  it('takes an answer that is just as large as allowed', async () => {
    await using novu = await start((_request, response) => response.end('a'.repeat(10_000)), {
      maxResponseBytes: 10_000,
    });
    expect((await novu.wire.send(get, ample)).text).toHaveLength(10_000);
  });

  it.each([
    [post, 'unknown'],
    [get, 'no'],
  ] as const)('ends by its own clock when Novu hangs', async (outgoing, applied) => {
    await using novu = await start(() => undefined);
    expect(await failureOf(novu.wire.send(outgoing, { timeoutMs: 100 }))).toMatchObject({
      kind: 'timeout',
      applied,
    });
  });

  it('ends by its own clock when Novu hangs within its answer', async () => {
    await using novu = await start((_request, response) => {
      response.writeHead(201);
      response.write('{"data"');
    });
    expect(await failureOf(novu.wire.send(post, { timeoutMs: 100 }))).toMatchObject({
      kind: 'timeout',
      applied: 'unknown',
    });
  });

  it('was not sent when its time ends while it waits for a connection, and is not sent after that', async () => {
    let free: (() => void) | undefined;
    await using novu = await start(
      (request, response) => {
        if (request.path === '/hangs') free = () => json(response, 200, {});
        else json(response, 200, {});
      },
      { connections: 1 },
    );
    const first = novu.wire.send({ method: 'GET', path: '/hangs' }, ample);
    await novu.server.until(1);
    expect(await failureOf(novu.wire.send(post, { timeoutMs: 50 }))).toMatchObject({
      kind: 'not-sent',
      applied: 'no',
    });
    free?.();
    await first;
    await novu.wire.send(get, ample);
    expect(novu.server.seen.map(({ path }) => path)).toEqual(['/hangs', '/v1/rows/1']);
  });

  it('ends when the caller leaves', async () => {
    await using novu = await start(() => undefined);
    const caller = new AbortController();
    const call = failureOf(novu.wire.send(get, { ...ample, signal: caller.signal }));
    await novu.server.until(1);
    caller.abort();
    expect(await call).toMatchObject({ kind: 'aborted', applied: 'no' });
  });

  it('is not sent for a caller who left before', async () => {
    await using novu = await start((_request, response) => json(response, 200, {}));
    expect(await failureOf(novu.wire.send(get, { ...ample, signal: AbortSignal.abort() }))).toMatchObject({
      kind: 'aborted',
    });
    await novu.wire.send(get, ample);
    expect(novu.server.seen).toHaveLength(1);
  });
});
