import { once } from 'node:events';
import { createServer as createNovuServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/embed.ts';
import {
  backendKey,
  connectionInput,
  createDocument,
  type Harness,
  startHarness,
} from '../support/harness.ts';

/** A server of its own in front of the same Novu. */
const serverOf = (harness: Harness, changes: Partial<Harness['config']> = {}) =>
  createApp({ ...harness.config, ...changes }, { novu: harness.novu }).server;

const post = (url: string, query: string, variables: object = {}, init: RequestInit = {}) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-api-key': backendKey,
      ...(init.headers as Record<string, string>),
    },
    body: JSON.stringify({ query, variables }),
    ...(init.signal && { signal: init.signal }),
  });

const read = '{ channelConnection(identifier: "x") { identifier } }';

/** Resolves when the sandbox has got a request of this method, which it then holds until it is let go. */
function holdNext(harness: Harness, method: string): { arrived: Promise<void>; letGo: () => void } {
  const arrived = Promise.withResolvers<void>();
  const until = Promise.withResolvers<void>();
  harness.sandbox.onRequest = (request) => {
    if (request.method !== method) return undefined;
    arrived.resolve();
    return { kind: 'slow', until: until.promise, at: 'start' };
  };
  return { arrived: arrived.promise, letGo: () => until.resolve() };
}

describe('a server that drains', () => {
  it('is not ready, but healthy', async () => {
    await using harness = await startHarness();
    const server = serverOf(harness);
    const url = await server.listen(0, '127.0.0.1');
    expect([(await fetch(`${url}/health`)).status, (await fetch(`${url}/ready`)).status]).toEqual([200, 200]);
    const held = holdNext(harness, 'GET');
    const answer = post(url, read);
    await held.arrived;
    // An idle connection would be closed; this one keeps asking.
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    const drained = server.drain(20_000);
    socket.write('GET /ready HTTP/1.1\r\nHost: x\r\n\r\n');
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    expect(chunk.toString()).toMatch(/^HTTP\/1\.1 503 /);
    socket.destroy();
    held.letGo();
    expect((await answer).status).toBe(200);
    expect(await drained).toBe(true);
  });

  it('ends the write of a caller who has left before it ends itself', async () => {
    await using harness = await startHarness();
    const server = serverOf(harness);
    const url = await server.listen(0, '127.0.0.1');
    const held = holdNext(harness, 'POST');
    const leaving = new AbortController();
    const answer = post(
      url,
      createDocument,
      { input: connectionInput(), key: 'left' },
      { signal: leaving.signal },
    );
    await held.arrived;
    leaving.abort();
    await expect(answer).rejects.toThrow();
    const drained = server.drain(20_000);
    held.letGo();
    expect(await drained).toBe(true);
    expect(harness.sandbox.connections()).toHaveLength(1);
  });

  it('tells the caller of a write that hangs that its outcome is unknown, before its grace is over', async () => {
    await using harness = await startHarness({ env: { UPSTREAM_TIMEOUT_MS: '600000' } });
    const server = serverOf(harness);
    const url = await server.listen(0, '127.0.0.1');
    const held = holdNext(harness, 'POST');
    const answer = post(url, createDocument, { input: connectionInput(), key: 'cut-by-the-drain' });
    await held.arrived;
    expect(await server.drain(2_000)).toBe(true);
    const { errors } = await (await answer).json();
    expect(errors).toMatchObject([
      {
        extensions: {
          code: 'OUTCOME_UNKNOWN',
          outcome: 'UNKNOWN',
          idempotencyKey: 'cut-by-the-drain',
          identifier: 'slack-prod-user123-abc4',
        },
      },
    ]);
    held.letGo();
  });

  it('tells callers whose calls wait for their turn, or for another try, that nothing was done', async () => {
    await using harness = await startHarness({
      env: { UPSTREAM_TIMEOUT_MS: '600000' },
      upstream: { connections: 1, maxInFlightPerCaller: 1 },
    });
    const server = serverOf(harness);
    const url = await server.listen(0, '127.0.0.1');
    const held = holdNext(harness, 'GET');
    const read = post(url, '{ channelConnection(identifier: "x") { identifier } }');
    await held.arrived;
    const write = post(url, createDocument, { input: connectionInput(), key: 'waits' });
    await expect.poll(() => harness.novu.load.waiting).toBe(1);
    expect(await server.drain(2_000)).toBe(true);
    const codes = [];
    for (const answer of [read, write]) {
      const [{ extensions }] = (await (await answer).json()).errors;
      codes.push([extensions.code, extensions.outcome]);
    }
    expect(codes).toEqual([
      ['UPSTREAM_TIMEOUT', undefined],
      ['UPSTREAM_TIMEOUT', 'NOT_APPLIED'],
    ]);
    held.letGo();
  });

  it('does not wait for a later try', async () => {
    await using harness = await startHarness({ env: { UPSTREAM_TIMEOUT_MS: '600000' } });
    const server = serverOf(harness);
    const url = await server.listen(0, '127.0.0.1');
    const asked = Promise.withResolvers<void>();
    harness.sandbox.onRequest = () => {
      asked.resolve();
      return { kind: 'status', status: 429, headers: { 'retry-after': '60' } };
    };
    const answer = post(url, read);
    await asked.promise;
    await expect.poll(() => harness.novu.load.inFlight).toBe(0);
    expect(await server.drain(2_000)).toBe(true);
    expect((await (await answer).json()).errors[0].extensions.code).toBe('RATE_LIMITED');
  });

  it.each([
    ['sent nothing', ''],
    ['sent half of its headers', 'POST /graphql HTTP/1.1\r\nHost: x\r\n'],
    [
      'sent half of its body',
      `POST /graphql HTTP/1.1\r\nHost: x\r\nx-api-key: ${backendKey}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`,
    ],
    [
      'began a second request',
      'GET /health HTTP/1.1\r\nHost: x\r\n\r\nPOST /graphql HTTP/1.1\r\nHost: x\r\n',
    ],
  ])('does not wait for a connection that %s', async (_name, bytes) => {
    await using harness = await startHarness();
    const server = serverOf(harness);
    const url = await server.listen(0, '127.0.0.1');
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.resume();
    await once(socket, 'connect');
    if (bytes !== '') await new Promise((resolve) => socket.write(bytes, resolve));
    // A later connection is answered, so that the server has seen this one.
    expect((await fetch(`${url}/health`, { headers: { connection: 'close' } })).status).toBe(200);
    expect(await server.drain(600_000)).toBe(true);
    await new Promise((resolve) => (socket.closed ? resolve(0) : socket.once('close', resolve)));
  });

  it('gives up on what can not be cut', async () => {
    await using harness = await startHarness();
    const until = Promise.withResolvers<null>();
    const { server } = createApp(harness.config, {
      novu: harness.novu,
      authenticate: () => until.promise,
    });
    const url = await server.listen(0, '127.0.0.1');
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => undefined).resume();
    socket.write(
      'POST /graphql HTTP/1.1\r\nHost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}',
    );
    expect((await fetch(`${url}/health`, { headers: { connection: 'close' } })).status).toBe(200);
    expect(await server.drain(100)).toBe(false);
    until.resolve(null);
  });
});

describe('a server with more requests than it may have in progress', () => {
  it('refuses the next one at once with 503 and Retry-After, and takes requests again after', async () => {
    await using harness = await startHarness();
    const server = serverOf(harness, { maxInFlight: 1 });
    const url = await server.listen(0, '127.0.0.1');
    const held = holdNext(harness, 'GET');
    const first = post(url, read);
    await held.arrived;
    const second = await post(url, read);
    expect(second.status).toBe(503);
    expect(second.headers.get('retry-after')).toBe('1');
    expect(await second.json()).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] });
    held.letGo();
    expect((await first).status).toBe(200);
    expect((await post(url, '{ __typename }')).status).toBe(200);
    await server.drain(0);
  });
});

describe('a Novu that is down', () => {
  it('makes the gateway not ready, and calls fail at once instead of being sent', async () => {
    await using harness = await startHarness({ upstream: { breakerThreshold: 2, breakerProbeMs: 60_000 } });
    const server = serverOf(harness);
    const url = await server.listen(0, '127.0.0.1');
    harness.sandbox.onRequest = () => ({ kind: 'reset-before' });
    await post(url, read);
    expect((await fetch(`${url}/ready`)).status).toBe(503);
    const sent = harness.sandbox.requests.length;
    const refused = await post(url, createDocument, { input: connectionInput(), key: 'down' });
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE', outcome: 'NOT_APPLIED', retryable: true } }],
    });
    expect(harness.sandbox.requests).toHaveLength(sent);
    await server.drain(0);
  });
});

describe('a caller who waits for less', () => {
  it('gets its answer by the time it asked for, in X-Request-Timeout-Ms', async () => {
    await using harness = await startHarness();
    harness.sandbox.onRequest = () => ({ kind: 'hang-before' });
    const { errors } = await harness.execute(read, {}, { headers: { 'x-request-timeout-ms': '100' } });
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_TIMEOUT' } }]);
  });

  it('can not ask for more than the gateway allows', async () => {
    await using harness = await startHarness({ env: { UPSTREAM_TIMEOUT_MS: '100' } });
    harness.sandbox.onRequest = () => ({ kind: 'hang-before' });
    const { errors } = await harness.execute(read, {}, { headers: { 'x-request-timeout-ms': '600000' } });
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_TIMEOUT' } }]);
  });

  it('leaves, and its read ends in Novu too', async () => {
    const arrived = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<string>();
    await using novu = createNovuServer((_request, response) => {
      response.once('close', () =>
        ended.resolve(response.writableEnded ? 'answered' : 'ended by the gateway'),
      );
      arrived.resolve();
    });
    novu.listen(0, '127.0.0.1');
    await once(novu, 'listening');
    await using harness = await startHarness({
      novuUrl: `http://127.0.0.1:${(novu.address() as AddressInfo).port}`,
    });
    const url = await harness.listen();
    const leaving = new AbortController();
    const answer = post(new URL(url).origin, read, {}, { signal: leaving.signal });
    await arrived.promise;
    leaving.abort();
    await expect(answer).rejects.toThrow();
    expect(await ended.promise).toBe('ended by the gateway');
    novu.closeAllConnections();
  });
});
