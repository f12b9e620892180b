import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAuthenticate } from '../../src/callers/authenticate.ts';
import type { Gateway } from '../../src/server/gateway.ts';
import { unauthenticated } from '../../src/server/admission.ts';
import { toRefusalBody } from '../../src/server/refusal.ts';
import { backendKey, type Execution, type Harness, startHarness, toExecution } from '../support/harness.ts';
import { createSigner, scopeClaim, type Signer, startKeyServer, unsignedToken } from '../support/tokens.ts';

const newerKey = 'backend-key-that-came-later';
const digestedKey = 'a-key-of-which-only-the-digest-is-known';
const routerSecret = 'router-secret-0123456789';
const hmacSecret = 'hmac-secret-0123456789';
const keys = [
  `backend:${backendKey}`,
  `backend:${newerKey}`,
  `digested:sha256:${createHash('sha256').update(digestedKey).digest('hex')}`,
].join(',');

type Body = { query?: unknown; variables?: unknown; extensions?: unknown; operationName?: string };
type Door = (headers: Record<string, string>, body?: unknown) => Promise<Execution>;

const query = '{ __typename }';

/** Yoga alone, as a Worker runs it, and node:http in front of it. */
const doors: Record<string, (harness: Harness) => Promise<Door>> = {
  'yoga.fetch':
    async ({ gateway }) =>
    (headers, body) =>
      knock((init) => gateway.fetch('http://gateway.test/graphql', init), headers, body),
  'node:http': async (harness) => {
    const url = await harness.listen();
    return (headers, body) => knock((init) => fetch(url, init), headers, body);
  },
};

async function knock(
  send: (init: RequestInit) => Promise<Response> | Response,
  headers: Record<string, string>,
  body: unknown = { query },
): Promise<Execution> {
  const response = await send({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return toExecution(response.status, await response.text(), response.headers);
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Hive Gateway's own: json-stable-stringify of query and variables, HMAC-SHA256, base64. */
function sign(serialised: string, secret = hmacSecret): string {
  return createHmac('sha256', secret).update(serialised).digest('base64');
}
const signed = (body: Body, serialised: string, secret?: string): Body => ({
  ...body,
  extensions: { 'hmac-signature': sign(serialised, secret) },
});

/** Everything that is refused at the door looks alike, and repeats nothing of what was sent. */
function expectRefused(answer: Execution, sent: readonly string[] = []): void {
  expect(answer.status).toBe(401);
  expect(answer.text).toBe(toRefusalBody(unauthenticated));
  expect(answer.headers.get('www-authenticate')).toBe('ApiKey, Bearer');
  expect(JSON.parse(answer.text)).toEqual({
    errors: [{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED' } }],
  });
  const said = `${answer.text} ${JSON.stringify([...answer.headers])}`;
  for (const text of sent.flatMap((one) => one.split(/[. ]/)).filter((part) => part.length > 7))
    expect(said).not.toContain(text);
}

const isIn = ({ status, data }: Execution) => status === 200 && data?.__typename === 'Query';

let signer: Signer;
let stranger: Signer;
beforeAll(async () => {
  signer = await createSigner();
  stranger = await createSigner();
});

describe.each(Object.entries(doors))('through %s', (_name, open) => {
  describe('with API keys', () => {
    let harness: Harness;
    let door: Door;
    beforeAll(async () => {
      harness = await startHarness({ env: { GATEWAY_API_KEYS: keys, GATEWAY_SECRET_READERS: '' } });
      door = await open(harness);
    });
    afterAll(() => harness[Symbol.asyncDispose]());

    it.each([
      ['x-api-key', { 'x-api-key': backendKey }],
      ['Authorization: ApiKey', { authorization: `ApiKey ${backendKey}` }],
      ['apikey in another case', { authorization: `aPIkEY  ${backendKey}` }],
      ['the second key of the same name', { 'x-api-key': newerKey }],
      ['a key of which only the digest is configured', { 'x-api-key': digestedKey }],
      [
        'the same key twice, in both headers',
        { 'x-api-key': backendKey, authorization: `ApiKey ${backendKey}` },
      ],
    ])('lets in: %s', async (_key, headers) => {
      expect(isIn(await door(headers))).toBe(true);
    });

    it.each([
      ['nothing', {}],
      ['a wrong key', { 'x-api-key': 'backend-key-012345678' }],
      ['the key and more', { 'x-api-key': `${backendKey}0` }],
      ['the key in another case', { 'x-api-key': backendKey.toUpperCase() }],
      ['an empty key', { 'x-api-key': '' }],
      ['a huge key', { 'x-api-key': backendKey.repeat(300) }],
      [
        'the digest instead of the key',
        { 'x-api-key': createHash('sha256').update(digestedKey).digest('hex') },
      ],
      [
        'the digest as it is configured',
        { 'x-api-key': `sha256:${createHash('sha256').update(digestedKey).digest('hex')}` },
      ],
      ['the name of the key', { 'x-api-key': 'backend' }],
      ['the entry of the configuration', { 'x-api-key': `backend:${backendKey}` }],
      ['two keys that are both good', { 'x-api-key': backendKey, authorization: `ApiKey ${newerKey}` }],
      ['a good key and a bad one', { 'x-api-key': backendKey, authorization: 'ApiKey wrong-key-0123456789' }],
      ['an empty Authorization beside a good key', { 'x-api-key': backendKey, authorization: '' }],
      ['Authorization without a scheme', { authorization: backendKey }],
      ['the scheme alone', { authorization: 'ApiKey' }],
      ['a key with a blank in it', { authorization: `ApiKey ${backendKey} ${backendKey}` }],
      ['two keys in one line, as proxies join them', { 'x-api-key': `${backendKey}, ${backendKey}` }],
      ['Basic', { authorization: `Basic ${btoa(`backend:${backendKey}`)}` }],
      ['Basic beside a good key', { 'x-api-key': backendKey, authorization: 'Basic eDp5' }],
      ['a token, where tokens are not configured', { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' }],
      [
        'a token beside a good key, where tokens are not configured',
        { 'x-api-key': backendKey, authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' },
      ],
      ['the key as a token', { authorization: `Bearer ${backendKey}` }],
      ["a router's secret, where none is configured", { 'router-authorization': routerSecret }],
      ["Novu's own key", { authorization: 'ApiKey novu-secret-key-of-the-tests' }],
      ['a key in a cookie', { cookie: `x-api-key=${backendKey}` }],
    ])('refuses: %s', async (_key, headers) => {
      expectRefused(await door(headers), Object.values(headers));
    });

    it('refuses before it looks at the body', async () => {
      const good = await door({});
      for (const body of ['', 'x', '{"query":', '[]', '{"query":"{ nope }"}', 'x'.repeat(200_000)]) {
        const answer = await door({ 'content-type': 'text/plain' }, body);
        expect(answer.text).toBe(good.text);
        expect(answer.status).toBe(401);
      }
      expect(harness.sandbox.requests).toEqual([]);
    });
  });

  describe('with tokens of end users and no API key at all', () => {
    let harness: Harness;
    let door: Door;
    beforeAll(async () => {
      harness = await startHarness({
        env: { GATEWAY_API_KEYS: '', GATEWAY_SECRET_READERS: '', ...signer.env },
      });
      door = await open(harness);
    });
    afterAll(() => harness[Symbol.asyncDispose]());

    it('lets end users in, and nobody else', async () => {
      expect(isIn(await door(bearer(await signer.sign())))).toBe(true);
      expectRefused(await door({}));
      expectRefused(await door({ 'x-api-key': backendKey }), [backendKey]);
      expectRefused(await door({ 'x-api-key': backendKey, ...bearer(await signer.sign()) }), [backendKey]);
    });

    it('refuses every bad token alike, and says nothing of it', async () => {
      const good = await signer.sign();
      const tokens = [
        'no-token-at-all',
        unsignedToken({ alg: 'none' }),
        await stranger.sign(),
        await signer.sign({ iss: 'https://another-issuer.test' }),
        await signer.sign({ aud: 'another-audience' }),
        await signer.sign({ exp: 1_000_000 }),
        await signer.sign({ exp: undefined }),
        await signer.sign({ sub: undefined }),
        await signer.sign({ sub: 42 }),
        good.slice(0, -8),
        `${good}.${good}`,
        'x'.repeat(9_000),
      ];
      for (const token of tokens) expectRefused(await door(bearer(token)), [token]);
      expectRefused(await door({ authorization: `Bearer ${good} ${good}` }), [good]);
      expectRefused(await door({ authorization: `Bearer ${good}, Bearer ${good}` }), [good]);
      expectRefused(await door({ authorization: 'Bearer' }));
      expectRefused(await door({ 'x-api-key': good }), [good]);
      expect(harness.sandbox.requests).toEqual([]);
    });

    it('refuses every method alike', async () => {
      const url = 'http://gateway.test/graphql?query=%7B__typename%7D';
      for (const method of ['GET', 'PUT', 'DELETE', 'PATCH'])
        expect((await harness.gateway.fetch(url, { method })).status).toBe(401);
    });
  });

  describe('with a key server that is gone', () => {
    it('refuses tokens and still lets services in', async () => {
      const { url } = await (async () => {
        await using keyServer = await startKeyServer(signer);
        return keyServer;
      })();
      const { JWT_PUBLIC_KEY: _, ...env } = signer.env;
      await using harness = await startHarness({ env: { ...env, JWT_JWKS_URL: url.href } });
      const door = await open(harness);
      const token = await signer.sign();
      expectRefused(await door(bearer(token)), [token, url.host]);
      expect(isIn(await door({ 'x-api-key': backendKey }))).toBe(true);
    });
  });

  describe('behind a router', () => {
    let harness: Harness;
    let door: Door;
    beforeAll(async () => {
      harness = await startHarness({ env: { ...signer.env, ROUTER_SECRET: routerSecret } });
      door = await open(harness);
    });
    afterAll(() => harness[Symbol.asyncDispose]());
    beforeEach(() => harness.sandbox.reset());

    const sdl = { query: '{ _service { sdl } }' };

    it.each([
      ['a service key', { 'x-api-key': backendKey }],
      ["the router's secret", { 'router-authorization': routerSecret }],
      ["the router's secret as a bearer", { 'router-authorization': `Bearer ${routerSecret}` }],
    ])('%s alone is a service', async (_name, headers) => {
      const answer = await door(headers, sdl);
      expect(answer.errors).toEqual([]);
      expect(answer.data._service.sdl).toContain('type ChannelConnection');
    });

    it.each([
      ['a service key', { 'x-api-key': backendKey }],
      ["the router's secret", { 'router-authorization': routerSecret }],
      ['both', { 'x-api-key': backendKey, 'router-authorization': routerSecret }],
      ['neither', {}],
    ])('%s with a good token is the end user, whose rules hold', async (_name, headers) => {
      const all = { ...(headers as Record<string, string>), ...bearer(await signer.sign(scopeClaim())) };
      expect(isIn(await door(all))).toBe(true);
      expect((await door(all, sdl)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      const read = await door(all, { query: '{ channelConnection(identifier: "x") { identifier } }' });
      expect(read.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      expect(harness.sandbox.requests).toEqual([]);
    });

    it('a bad token beside good secrets is nobody', async () => {
      const token = await signer.sign({ exp: 1_000_000 });
      for (const headers of [
        { 'x-api-key': backendKey },
        { 'router-authorization': routerSecret },
        { 'x-api-key': backendKey, 'router-authorization': routerSecret },
      ])
        expectRefused(await door({ ...headers, ...bearer(token) }), [token]);
    });

    it.each([
      ['wrong', 'wrong-router-secret-0123'],
      ['empty', ''],
      ['huge', routerSecret.repeat(300)],
      ['sent twice in one line', `${routerSecret}, ${routerSecret}`],
    ])('a secret that is %s is nobody, beside what is good too', async (_name, secret) => {
      expectRefused(await door({ 'router-authorization': secret }), [secret]);
      expectRefused(await door({ 'router-authorization': secret, 'x-api-key': backendKey }));
      expectRefused(await door({ 'router-authorization': secret, ...bearer(await signer.sign()) }));
    });

    it('a good secret beside a wrong key is nobody', async () => {
      expectRefused(
        await door({ 'router-authorization': routerSecret, 'x-api-key': 'wrong-key-0123456789' }),
      );
    });

    it("the router's secret is no API key", async () => {
      expectRefused(await door({ 'x-api-key': routerSecret }), [routerSecret]);
      expectRefused(await door({ authorization: `ApiKey ${routerSecret}` }), [routerSecret]);
      expectRefused(await door({ 'router-authorization': backendKey }), [backendKey]);
    });
  });

  describe("with Hive Gateway's signature", () => {
    let harness: Harness;
    let door: Door;
    beforeAll(async () => {
      harness = await startHarness({
        env: { HMAC_SECRET: hmacSecret, LIMIT_BATCH: '3', ...signer.env },
      });
      door = await open(harness);
    });
    afterAll(() => harness[Symbol.asyncDispose]());
    beforeEach(() => harness.sandbox.reset());

    const read =
      'query R($b: Boolean!, $a: ID!) { channelConnection(identifier: $a) { id @include(if: $b) __typename } }';
    const variables = { b: true, a: 'nobody' };
    const serialised = `{"query":${JSON.stringify(read)},"variables":{"a":"nobody","b":true}}`;
    const good = signed({ query: read, variables }, serialised);

    it('lets in what is signed', async () => {
      const answer = await door({}, good);
      expect(answer).toMatchObject({ status: 200, data: { channelConnection: null }, errors: [] });
      expect(harness.sandbox.requests).toHaveLength(1);
    });

    it.each([
      ['no variables', undefined],
      ['null', null],
      ['none in them', {}],
    ])('signs the query alone with %s', async (_name, none) => {
      const answer = await door({}, signed({ query, variables: none }, `{"query":${JSON.stringify(query)}}`));
      expect(isIn(answer)).toBe(true);
    });

    it('lets a service see the SDL, as routers do', async () => {
      const text = '{ _service { sdl } }';
      const answer = await door({}, signed({ query: text }, `{"query":"${text}"}`));
      expect(answer.data._service.sdl).toContain('type Query');
    });

    it.each<[string, Body]>([
      ['no signature', { query: read, variables }],
      ['no extensions', { query: read, variables, extensions: null }],
      ['an empty signature', { ...good, extensions: { 'hmac-signature': '' } }],
      ['a signature that is no text', { ...good, extensions: { 'hmac-signature': [sign(serialised)] } }],
      ['a signature in another extension', { ...good, extensions: { signature: sign(serialised) } }],
      ['a huge signature', { ...good, extensions: { 'hmac-signature': sign(serialised).repeat(50) } }],
      [
        'the beginning of the signature',
        { ...good, extensions: { 'hmac-signature': sign(serialised).slice(0, 20) } },
      ],
      ['another query', { ...good, query: `${read} ` }],
      ['other variables', { ...good, variables: { ...variables, a: 'somebody' } }],
      ['one variable more', { ...good, variables: { ...variables, c: 1 } }],
      ['no variables', { query: read, extensions: good.extensions }],
      ['another secret', signed({ query: read, variables }, serialised, 'another-secret-0123456789')],
    ])('refuses %s', async (_name, body) => {
      expectRefused(await door({}, body));
      expect(harness.sandbox.requests).toEqual([]);
    });

    it.each([10, 1_000, 10_000, 50_000])('refuses a body nested %i levels deep', async (depth) => {
      const variables = `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
      const extensions = JSON.stringify({ 'hmac-signature': sign(serialised) });
      const answer = await door(
        {},
        `{"query":"{ __typename }","variables":${variables},"extensions":${extensions}}`,
      );
      expect([400, 401]).toContain(answer.status);
      expect(answer.errors).toHaveLength(1);
    });

    it('calls what is no GraphQL request just that: nobody could have signed it', async () => {
      for (const body of ['', '{', '{"variables":{}}', '"text"']) {
        const answer = await door({}, body);
        expect(answer.status).toBe(400);
        expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
      }
    });

    it('does not let the signature of one operation open the door for its neighbours in a batch', async () => {
      const answer = await door({}, [
        good,
        { query: '{ channelConnection(identifier: "unsigned") { id } }' },
        good,
      ]);
      expect(answer.text).toContain('UNAUTHENTICATED');
      expect(harness.sandbox.requests.filter(({ path }) => path.includes('unsigned'))).toEqual([]);
    });

    const several = `query A { __typename } query B { _service { sdl } }`;
    const signedSeveral = (operationName: string) => ({
      ...signed({ query: several }, `{"query":"${several}"}`),
      operationName,
    });

    it.each(['A', 'B'])(
      'refuses a document with several operations, since it does not say which: %s',
      async (name) => {
        expectRefused(await door({}, signedSeveral(name)));
      },
    );

    it('does not forbid several operations to callers who are known otherwise', async () => {
      expect(isIn(await door({ 'x-api-key': backendKey }, signedSeveral('A')))).toBe(true);
      expect(isIn(await door(bearer(await signer.sign()), signedSeveral('A')))).toBe(true);
    });

    it('does not make up for a bad token or key', async () => {
      expectRefused(await door(bearer(await stranger.sign()), good));
      expectRefused(await door({ 'x-api-key': 'wrong-key-0123456789' }, good));
    });

    it('is not asked of services, nor of end users', async () => {
      expect(isIn(await door({ 'x-api-key': backendKey }))).toBe(true);
      expect(isIn(await door(bearer(await signer.sign())))).toBe(true);
    });

    it('with a good token is the end user', async () => {
      const answer = await door(bearer(await signer.sign(scopeClaim())), good);
      expect(answer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    });
  });
});

describe('the callers of two requests', () => {
  const shared = {};
  type Host = (gateway: Gateway) => Promise<{ url: string; fetch: typeof fetch } & AsyncDisposable>;
  const hosts: Record<string, Host> = {
    'gateway.fetch': async (gateway) => ({
      url: 'http://gateway.test/graphql',
      fetch: async (url, init) => gateway.fetch(url as string, init ?? {}, shared),
      [Symbol.asyncDispose]: async () => undefined,
    }),
    'gateway.handleNodeRequestAndResponse': async (gateway) => {
      const answer = async (req: IncomingMessage, res: ServerResponse) => {
        const response = await gateway.handleNodeRequestAndResponse(req, res, shared);
        res.writeHead(response.status).end(await response.text());
      };
      const server = createServer((req, res) => void answer(req, res));
      await once(server.listen(0, '127.0.0.1'), 'listening');
      return {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
        fetch,
        async [Symbol.asyncDispose]() {
          server.closeAllConnections();
          server.close();
        },
      };
    },
  };

  it.each(Object.entries(hosts))(
    'never mix, even when a host hands one context object for all to %s',
    async (_name, start) => {
      await using harness = await startHarness({ env: { HMAC_SECRET: hmacSecret } });
      await using host = await start(harness.gateway);
      const send = (headers: Record<string, string>, body: Body) =>
        host.fetch(host.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        });
      const signedBody = signed({ query }, `{"query":"${query}"}`);
      expect((await send({ 'x-api-key': backendKey }, { query })).status).toBe(200);
      expect((await send({}, { query })).status).toBe(401);
      expect((await send({}, signedBody)).status).toBe(200);
      expect((await send({}, { query })).status).toBe(401);
    },
  );
});

/** Sends bytes over a socket of its own and resolves with everything that came back until the other side closed. */
async function overSocket(harness: Harness, ...lines: string[]): Promise<string> {
  const { port } = new URL(await harness.listen());
  const socket = connect(Number(port), '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  // Whoever writes on after the other side has closed gets a reset.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(lines.join('\r\n'));
  await once(socket, 'close');
  return text;
}

const post = [
  'POST /graphql HTTP/1.1',
  'host: gateway.test',
  'content-type: application/json',
  'connection: close',
];
const payload = JSON.stringify({ query });
const whole = [`content-length: ${payload.length}`, '', payload];

describe('a request over a raw socket', () => {
  it.each([
    ['promises a body that never comes', ['content-length: 100000', '', '']],
    ['begins a body that never ends', ['content-length: 100000', '', '{"query":"']],
    ['sends a chunk and never another', ['transfer-encoding: chunked', '', '5', '{"que', '']],
    ['waits to be asked for its body', ['content-length: 100000', 'expect: 100-continue', '', '']],
  ])('that %s gets its 401 at once', async (_name, rest) => {
    await using harness = await startHarness();
    const answer = await overSocket(harness, ...post.slice(0, 3), 'x-api-key: wrong-key-0123456789', ...rest);
    expect(answer).toMatch(/HTTP\/1\.1 401 /);
    expect(answer.toLowerCase()).toContain('connection: close');
    expect(answer).toContain(toRefusalBody(unauthenticated));
  });

  it('comes in with one good line', async () => {
    await using harness = await startHarness();
    expect(await overSocket(harness, ...post, `x-api-key: ${backendKey}`, ...whole)).toMatch(
      /^HTTP\/1\.1 200 /,
    );
  });

  it.each([
    [
      'two Authorization lines',
      [`authorization: ApiKey ${backendKey}`, 'authorization: ApiKey wrong-key-0123456789'],
    ],
    ['two that are equal', [`authorization: ApiKey ${backendKey}`, `Authorization: ApiKey ${backendKey}`]],
    [
      'two where the second is good',
      ['authorization: ApiKey wrong-key-0123456789', `AUTHORIZATION: ApiKey ${backendKey}`],
    ],
    ['two keys', [`x-api-key: ${backendKey}`, 'X-Api-Key: wrong-key-0123456789']],
    ['two of a router', ['router-authorization: a', 'router-authorization: b']],
  ])('with %s is refused', async (_name, headers) => {
    await using harness = await startHarness({ env: { ROUTER_SECRET: routerSecret } });
    expect(await overSocket(harness, ...post, ...headers, ...whole)).toMatch(/^HTTP\/1\.1 40[01] /);
    const get = [
      'GET /graphql?query=%7B__typename%7D HTTP/1.1',
      'host: x',
      'connection: close',
      'apollo-require-preflight: 1',
    ];
    expect(await overSocket(harness, ...get, ...headers, '', '')).toMatch(/^HTTP\/1\.1 40[01] /);
  });

  it.each([
    ['a header of 20 kB', [`x-api-key: ${'x'.repeat(20_000)}`]],
    [
      'a thousand headers of twenty bytes',
      Array.from({ length: 1000 }, (_, index) => `x-filler-${index}: 0123456789`),
    ],
  ])('with %s is refused', async (_name, headers) => {
    await using harness = await startHarness();
    expect(await overSocket(harness, ...post, ...headers, ...whole)).toMatch(/^HTTP\/1\.1 (?:400|431) /);
  });
});

describe('without any configuration of callers', () => {
  it('nobody comes in, unless somebody is said to come without credentials', () => {
    const nothing = { authorization: undefined, apiKey: undefined };
    expect(createAuthenticate({ apiKeys: [] })(nothing)).toBeNull();
    const anonymous = { kind: 'service' as const, id: 'a', name: 'a', scopes: new Set<never>() };
    expect(createAuthenticate({ apiKeys: [], anonymous })(nothing)).toBe(anonymous);
  });

  it('nobody comes without credentials where anything is configured', () => {
    const anonymous = { kind: 'service' as const, id: 'a', name: 'a', scopes: new Set<never>() };
    const nothing = { authorization: undefined, apiKey: undefined };
    const apiKeys = [{ name: 'one', sha256: Buffer.alloc(32) }];
    expect(createAuthenticate({ apiKeys, anonymous })(nothing)).toBeNull();
    expect(createAuthenticate({ apiKeys: [], anonymous, routerSecret })(nothing)).toBeNull();
    expect(createAuthenticate({ apiKeys: [], anonymous, hmacSecret })(nothing)).toBe('signature');
    const jwt = { keys: { publicKey: signer.publicPem }, issuer: 'i', audience: 'a' };
    expect(createAuthenticate({ apiKeys: [], anonymous, jwt })(nothing)).toBeNull();
  });
});
