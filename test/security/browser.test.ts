import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/embed.ts';
import { backendKey, type Harness, startHarness } from '../support/harness.ts';
import { startProcess } from '../support/process.ts';

const key = { 'x-api-key': backendKey };
const json = { 'content-type': 'application/json' };
const query = '{ channelConnections { totalCount } }';
const body = JSON.stringify({ query });
const mine = 'https://app.example.com';
const evil = 'https://evil.example';

const headersOf = ({ headers }: Response) => Object.fromEntries(headers);
const corsHeadersOf = (response: Response) =>
  Object.keys(headersOf(response)).filter((name) => name.startsWith('access-control-'));

/** Every answer that the server can give, by what gets it. */
const answers: [string, number, (url: string) => Promise<Response>][] = [
  ['an answer', 200, (url) => fetch(url, { method: 'POST', headers: { ...key, ...json }, body })],
  [
    'an answer over GET',
    200,
    (url) =>
      fetch(`${url}?query=${encodeURIComponent(query)}`, {
        headers: { ...key, 'apollo-require-preflight': '1' },
      }),
  ],
  [
    'a document with an error',
    200,
    (url) => fetch(url, { method: 'POST', headers: { ...key, ...json }, body: '{"query":"{ x }"}' }),
  ],
  [
    'a document with an error for new clients',
    400,
    (url) =>
      fetch(url, {
        method: 'POST',
        headers: { ...key, ...json, accept: 'application/graphql-response+json' },
        body: '{"query":"{ x }"}',
      }),
  ],
  [
    'a limit',
    200,
    (url) =>
      fetch(url, {
        method: 'POST',
        headers: { ...key, ...json },
        body: JSON.stringify({ query: `{ ${'__typename '.repeat(200)} }` }),
      }),
  ],
  ['no JSON', 400, (url) => fetch(url, { method: 'POST', headers: { ...key, ...json }, body: '{' })],
  ['no credentials', 401, (url) => fetch(url, { method: 'POST', headers: json, body })],
  ['no credentials over GET', 401, (url) => fetch(`${url}?query=${query}`)],
  ['no credentials to nowhere', 401, (url) => fetch(new URL('/nowhere', url))],
  [
    'another site',
    403,
    (url) =>
      fetch(url, {
        method: 'POST',
        headers: { ...key, ...json, 'sec-fetch-site': 'cross-site', origin: evil },
        body,
      }),
  ],
  ['an unguarded GET', 400, (url) => fetch(`${url}?query=${query}`, { headers: key })],
  [
    'a mutation over GET',
    405,
    (url) =>
      fetch(`${url}?query=mutation{__typename}`, { headers: { ...key, 'apollo-require-preflight': '1' } }),
  ],
  ['an unknown address', 404, (url) => fetch(new URL('/nowhere', url), { headers: key })],
  ['another verb', 405, (url) => fetch(url, { method: 'PUT', headers: key })],
  [
    'a preflight',
    401,
    (url) =>
      fetch(url, { method: 'OPTIONS', headers: { origin: mine, 'access-control-request-method': 'POST' } }),
  ],
  [
    'a body that is too large',
    413,
    (url) =>
      fetch(url, {
        method: 'POST',
        headers: { ...key, ...json },
        body: JSON.stringify({ query: '#'.repeat(300_000) }),
      }),
  ],
  [
    'another type',
    415,
    (url) => fetch(url, { method: 'POST', headers: { ...key, 'content-type': 'text/plain' }, body }),
  ],
  [
    'a body that is compressed in a way that is not taken',
    415,
    (url) => fetch(url, { method: 'POST', headers: { ...key, ...json, 'content-encoding': 'zstd' }, body }),
  ],
  ['/health', 200, (url) => fetch(new URL('/health', url))],
  ['/ready', 200, (url) => fetch(new URL('/ready', url))],
];

describe('security headers', () => {
  it.each(answers)('are on %s (%i)', async (_name, status, ask) => {
    await using harness = await startHarness();
    const url = await harness.listen();
    // The second of equal requests may take a shorter way.
    for (let round = 0; round < 2; round += 1) {
      const response = await ask(url);
      expect([response.status, headersOf(response)]).toMatchObject([
        status,
        {
          'x-content-type-options': 'nosniff',
          'cache-control': 'no-store',
          'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
          'referrer-policy': 'no-referrer',
          'x-frame-options': 'DENY',
        },
      ]);
      expect(response.headers.has('x-powered-by')).toBe(false);
      expect(response.headers.has('server')).toBe(false);
      expect(response.headers.has('set-cookie')).toBe(false);
      expect(corsHeadersOf(response)).toEqual([]);
    }
  });

  it('are on the answer of a server that has too much to do', async () => {
    await using harness = await startHarness();
    await using server = await listen(harness, { maxInFlight: 0 });
    const response = await fetch(server.url, { method: 'POST', headers: { ...key, ...json }, body });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(headersOf(response)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });

  it('are strict on the page of the playground', async () => {
    await using harness = await startHarness({ env: { PLAYGROUND: 'on' } });
    const response = await fetch(await harness.listen(), { headers: { accept: 'text/html' } });
    expect(response.status).toBe(200);
    const policy = response.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|https?:/);
  });
});

describe('other origins', () => {
  const preflight = (url: string, origin: string) =>
    fetch(url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-api-key',
      },
    });
  const call = (url: string, origin: string, more: Record<string, string> = {}) =>
    fetch(url, { method: 'POST', headers: { ...key, ...json, origin, ...more }, body });

  it.each([mine, evil, 'null'])('are given nothing by default: %s', async (origin) => {
    await using harness = await startHarness();
    const url = await harness.listen();
    expect(corsHeadersOf(await preflight(url, origin))).toEqual([]);
    expect(corsHeadersOf(await call(url, origin))).toEqual([]);
  });

  it.each([[mine], [`${mine},https://other.example`]])(
    'are let in where they are listed: %s',
    async (list) => {
      await using harness = await startHarness({ env: { CORS_ORIGINS: list } });
      const url = await harness.listen();
      const asked = await preflight(url, mine);
      expect(asked.status).toBe(204);
      expect(headersOf(asked)).toMatchObject({
        'access-control-allow-origin': mine,
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': expect.stringContaining('x-api-key'),
      });
      const answer = await call(url, mine, { 'sec-fetch-site': 'cross-site' });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('access-control-allow-origin')).toBe(mine);
      // With one origin the answer is the same for all who ask.
      if (list.includes(',')) expect(asked.headers.get('vary')?.toLowerCase()).toContain('origin');
      for (const response of [asked, answer])
        expect(response.headers.has('access-control-allow-credentials')).toBe(false);
    },
  );

  it.each([
    evil,
    'null',
    'http://app.example.com',
    'https://app.example.com.evil.example',
    'https://app.example.com:8443',
    'https://evilapp.example.com',
    'https://sub.app.example.com',
    'HTTPS://APP.EXAMPLE.COM',
    '*',
  ])('are kept out where they are not: %s', async (origin) => {
    for (const list of [mine, `${mine},https://other.example`]) {
      await using harness = await startHarness({ env: { CORS_ORIGINS: list } });
      const url = await harness.listen();
      for (const response of [await preflight(url, origin), await call(url, origin)]) {
        const allowed = response.headers.get('access-control-allow-origin');
        expect([null, mine]).toContain(allowed);
        expect(allowed).not.toBe(origin);
        expect(response.headers.has('access-control-allow-credentials')).toBe(false);
      }
    }
  });

  it.each([
    '*',
    'https://app.example.com/',
    'https://app.example.com/path',
    'app.example.com',
    'null',
    'https://*.example.com',
  ])('can only be listed one by one: %s', async (list) => {
    await expect(startHarness({ env: { CORS_ORIGINS: list } })).rejects.toThrow('CORS_ORIGINS');
  });
});

describe('a page of another site', () => {
  it.each(['cross-site', 'same-site'])('cannot make a browser call: %s', async (site) => {
    await using harness = await startHarness({ env: { CORS_ORIGINS: mine } });
    const url = await harness.listen();
    const headers = { ...key, ...json, 'apollo-require-preflight': '1', 'sec-fetch-site': site };
    for (const origin of [{}, { origin: evil }, { origin: 'null' }]) {
      const posted = await fetch(url, { method: 'POST', headers: { ...headers, ...origin }, body });
      expect([posted.status, await posted.json()]).toMatchObject([
        403,
        { errors: [{ extensions: { code: 'CROSS_SITE_REQUEST' } }] },
      ]);
      const got = await fetch(`${url}?query=${encodeURIComponent(query)}`, {
        headers: { ...headers, ...origin },
      });
      expect(got.status).toBe(403);
    }
    expect(harness.sandbox.requests).toEqual([]);
  });

  it.each(['same-origin', 'none'])('is another matter than one of its own: %s', async (site) => {
    await using harness = await startHarness();
    const url = await harness.listen();
    const answer = await fetch(url, {
      method: 'POST',
      headers: { ...key, ...json, 'sec-fetch-site': site },
      body,
    });
    expect(answer.status).toBe(200);
  });

  it('cannot make an old browser call by a form, an image or a script', async () => {
    await using harness = await startHarness();
    const url = await harness.listen();
    const forms = ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain'];
    for (const type of forms)
      expect(
        (await fetch(url, { method: 'POST', headers: { ...key, 'content-type': type }, body })).status,
      ).toBe(415);
    const image = await fetch(`${url}?query=${encodeURIComponent(query)}`, { headers: key });
    expect([image.status, await image.json()]).toMatchObject([
      400,
      { errors: [{ extensions: { code: 'CROSS_SITE_REQUEST' } }] },
    ]);
    expect(harness.sandbox.requests).toEqual([]);
  });
});

describe('GET', () => {
  const get = (url: string, text: string, more: Record<string, string> = {}) =>
    fetch(`${url}?query=${encodeURIComponent(text)}`, { headers: { ...key, ...more } });

  it.each(['x-apollo-operation-name', 'apollo-require-preflight', 'graphql-require-preflight'])(
    'answers queries that come with %s',
    async (name) => {
      await using harness = await startHarness();
      const answer = await get(await harness.listen(), query, { [name]: 'x' });
      expect([answer.status, await answer.json()]).toEqual([
        200,
        { data: { channelConnections: { totalCount: 0 } } },
      ]);
    },
  );

  it('answers queries alone, in the sandbox as well', async () => {
    const mutation = 'mutation { deleteChannelConnection(identifier: "x") { __typename } }';
    await using harness = await startHarness();
    const url = await harness.listen();
    for (const text of [
      mutation,
      `query A { __typename } ${mutation.replace('mutation', 'mutation B')}`,
      'mutation { __typename }',
    ]) {
      const answer = await get(url, text, { 'apollo-require-preflight': '1' });
      expect(answer.status, text).toBeGreaterThanOrEqual(400);
    }
    const named = await fetch(
      `${url}?operationName=B&query=${encodeURIComponent(`query A { __typename } mutation B { deleteChannelConnection(identifier: "x") { __typename } }`)}`,
      { headers: { ...key, 'apollo-require-preflight': '1' } },
    );
    expect(named.status).toBe(405);
    expect(harness.sandbox.requests).toEqual([]);

    await using gateway = startProcess();
    const open = await fetch(`${await gateway.url}?query=${encodeURIComponent(mutation)}`);
    expect(open.status).toBe(405);
  });
});

describe('a name that was made to point to this machine', () => {
  /** What a browser sends whose page came from the name. */
  async function ask(
    url: string,
    host: string,
    { verb = 'POST', key = backendKey }: { verb?: string; key?: string | null } = {},
  ): Promise<string> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.write(
      `${verb} /graphql HTTP/1.1\r\nHost: ${host}\r\n${key === null ? '' : `x-api-key: ${key}\r\n`}Accept: text/html,*/*\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    await once(socket, 'close');
    return answer;
  }
  const foreign = [
    'evil.example',
    'evil.example:4000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '127.0.0.1.nip.io',
    '0.0.0.0',
    '192.168.0.1',
    '[::2]',
    'localhost.',
    '2130706433',
    '0x7f.1',
  ];
  const own = [
    'localhost',
    'localhost:4000',
    'LOCALHOST:4000',
    '127.0.0.1',
    '127.0.0.1:4000',
    '127.1.2.3',
    '[::1]:4000',
  ];

  it.each(foreign)('opens nothing where only this machine is let in: %s', async (host) => {
    await using harness = await startHarness();
    await using server = await listen(harness, { isSandbox: true });
    for (const verb of ['POST', 'GET', 'OPTIONS']) {
      const answer = await ask(server.url, host, { verb });
      expect(answer).toMatch(/^HTTP\/1\.1 40[03] /);
      expect(answer).not.toContain('<html');
    }
    expect(harness.sandbox.requests).toEqual([]);
  });

  it.each(own)('is told from the names that it has: %s', async (host) => {
    await using harness = await startHarness();
    await using server = await listen(harness, { isSandbox: true });
    expect(await ask(server.url, host)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('opens nothing in the sandbox, which asks nobody for a key', async () => {
    await using gateway = startProcess();
    const url = await gateway.url;
    const open = { key: null };
    expect(await ask(url, 'localhost', open)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await ask(url, 'evil.example', open)).toMatch(/^HTTP\/1\.1 403 /);
    expect(await ask(url, 'evil.example', { ...open, verb: 'GET' })).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('is as good as any other where a key is asked for', async () => {
    await using harness = await startHarness();
    expect(await ask(await harness.listen(), 'gateway.internal:8080')).toMatch(/^HTTP\/1\.1 200 /);
  });
});

/** A server of its own for the same sandbox, with some of its configuration changed. */
async function listen(
  harness: Harness,
  changes: Partial<Harness['config']>,
): Promise<AsyncDisposable & { url: string }> {
  const app = createApp({ ...harness.config, ...changes }, { novu: harness.novu });
  const url = await app.server.listen(0, '127.0.0.1');
  return { url: `${url}/graphql`, [Symbol.asyncDispose]: () => app.server.drain(0).then(() => undefined) };
}
