import { once } from 'node:events';
import { createServer as createNovuServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
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

  it('gives up on a Novu that hangs when its grace is over', async () => {
    await using harness = await startHarness();
    const server = serverOf(harness);
    const url = await server.listen(0, '127.0.0.1');
    const held = holdNext(harness, 'GET');
    const answer = post(url, read).catch(() => 'cut');
    await held.arrived;
    expect(await server.drain(50)).toBe(false);
    expect(await answer).toBe('cut');
    held.letGo();
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
