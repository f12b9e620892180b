import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/embed.ts';
import { Places } from '../../src/server/places.ts';
import { backendKey, readerKey, startHarness } from '../support/harness.ts';

const service = 2;
const user = 1 / 4;

describe('places', () => {
  it('leave a third free beside one service that asks for all of them', () => {
    const places = new Places({ max: 99, perCaller: 99 });
    let held = 0;
    while (places.enter('greedy', service)) held += 1;
    expect(held).toBe(66);
    expect(places.enter('polite', service)).toBe(true);
    expect(places.enter('somebody', user)).toBe(true);
  });

  it('leave some to whoever comes next, however many greedy callers there are', () => {
    const places = new Places({ max: 1_000, perCaller: 1_000 });
    for (let caller = 0; caller < 5; caller += 1) while (places.enter(`greedy-${caller}`, service)) continue;
    expect(places.taken).toBeLessThan(1_000);
    expect(places.enter('polite', user)).toBe(true);
  });

  it('are no more than the bound for one caller, and none when all are taken', () => {
    const places = new Places({ max: 10, perCaller: 2 });
    expect([1, 2, 3].map(() => places.enter('a', service))).toEqual([true, true, false]);
    places.leave('a');
    expect(places.enter('a', service)).toBe(true);
    const one = new Places({ max: 1, perCaller: 5 });
    expect([one.enter('a', service), one.enter('b', service)]).toEqual([true, false]);
    one.leave('a');
    expect(one.enter('b', service)).toBe(true);
  });

  it('forget callers that hold none, so that many of them take no memory', () => {
    const places = new Places({ max: 10, perCaller: 5 });
    for (let caller = 0; caller < 5_000; caller += 1) {
      expect(places.enter(`caller-${caller}`, user)).toBe(true);
      places.leave(`caller-${caller}`);
    }
    expect(places.taken).toBe(0);
  });
});

describe('a server with few places', () => {
  it('serves another caller while the bodies of one trickle in', async () => {
    await using harness = await startHarness();
    const { server } = createApp({ ...harness.config, maxInFlight: 4 }, { novu: harness.novu });
    const url = await server.listen(0, '127.0.0.1');
    const sockets = Array.from({ length: 3 }, () => connect(Number(new URL(url).port), '127.0.0.1'));
    for (const socket of sockets) {
      await once(socket, 'connect');
      socket.write(
        `POST /graphql HTTP/1.1\r\nhost: a\r\nx-api-key: ${backendKey}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"query"`,
      );
    }
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': readerKey },
      body: '{"query":"{ __typename }"}',
    });
    expect(response.status).toBe(200);
    for (const socket of sockets) socket.destroy();
    const after = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': backendKey },
      body: '{"query":"{ __typename }"}',
    });
    expect(after.status).toBe(200);
    await server.drain(0);
  });

  it('ends an answer that nobody reads after a time', async () => {
    await using harness = await startHarness();
    const { server } = createApp(
      { ...harness.config, playground: true },
      { novu: harness.novu, timeouts: { answerTimeoutMs: 300 } },
    );
    const url = await server.listen(0, '127.0.0.1');
    const page = await (await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } })).text();
    const asset = /src="(\.[^"]+\.js)"/.exec(page)?.[1] ?? '';
    const { pathname } = new URL(asset, `${url}/graphql`);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.pause();
    // Asked for so often that no buffer on the way holds all of it.
    for (let times = 0; times < 20; times += 1) socket.write(`GET ${pathname} HTTP/1.1\r\nhost: a\r\n\r\n`);
    socket.on('error', () => undefined);
    const ended = new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (!socket.write('\r\n')) return;
        if (socket.destroyed || socket.errored) {
          clearInterval(look);
          resolve();
        }
      }, 50);
      socket.once('close', () => {
        clearInterval(look);
        resolve();
      });
    });
    await ended;
    expect(socket.destroyed).toBe(true);
    await server.drain(0);
  });
});
