import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GraphQLError } from 'graphql';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/embed.ts';
import type { Gateway } from '../../src/server/gateway.ts';
import { schema } from '../../src/schema/schema.ts';
import { FAULT_KINDS } from '../../src/sandbox/fault-docs.ts';
import { createSandbox, type Fault, type RecordedRequest, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { NovuError } from '../../src/upstream/errors.ts';
import type { Novu } from '../../src/upstream/client.ts';
import {
  backendKey,
  connectionInput,
  createDocument,
  type Harness,
  novuKey,
  startHarness,
} from '../support/harness.ts';
import { startProcess } from '../support/process.ts';
import { type Position, positionsOf, seededIdentifier } from './inputs.ts';
import { type Canary, createCanary, findLeak } from './leaks.ts';

/** What stands in positions of type Secret: nothing that leaves the process may hold it. */
const secret = createCanary('SecretCanaryXq7Zk3Wv9', 7_391_046_258_173_046);
/** What stands everywhere else: the answer repeats it where the schema says so, and nowhere else. */
const plain = createCanary('PlainCanaryHj4Rn8Pd2', 6_183_520_947_716_352);

const positions = positionsOf(schema);
const canaryOf = ({ isSecret }: Position): Canary => (isSecret ? secret : plain);
type Body = { query: string; variables?: Record<string, unknown>; operationName?: string };

/** Novu's answers and what was logged, of one gateway at the most talkative level. */
type Watched = AsyncDisposable & {
  harness: Harness;
  post(body: Body | string, headers?: Record<string, string>): Promise<string>;
  log(): string;
};

async function watch(env: Record<string, string> = {}): Promise<Watched> {
  let lines = '';
  const log = pino({ level: 'trace', base: null }, { write: (line: string) => (lines += line) });
  const harness = await startHarness({
    log,
    env: { READ_TIMEOUT_MS: '120', WRITE_TIMEOUT_MS: '120', INTROSPECTION: 'on', ...env },
    sandbox: { knowsEverySubscriber: true },
    // The breaker would keep most calls away from a Novu that always fails.
    upstream: { breakerThreshold: 1_000_000 },
  });
  await seed(harness.sandbox);
  return {
    harness,
    post: (body, headers) => postTo(harness.gateway, body, headers),
    log: () => lines,
    [Symbol.asyncDispose]: () => harness[Symbol.asyncDispose](),
  };
}

async function postTo(
  gateway: Gateway,
  body: Body | string,
  headers: Record<string, string> = {},
): Promise<string> {
  const response = await gateway.fetch('http://gateway.test/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': backendKey, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return toText(response);
}

/** Everything that the caller gets. */
async function toText(response: Response): Promise<string> {
  return `${response.status} ${JSON.stringify([...response.headers])}\n${await response.text()}`;
}

/** A connection and an endpoint that reads and writes find. */
async function seed({ url }: Sandbox): Promise<void> {
  const create = async (path: string, body: object) => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization: `ApiKey ${novuKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        identifier: seededIdentifier,
        subscriberId: 'subscriber-123',
        integrationIdentifier: 'slack-prod',
        ...body,
      }),
    });
    expect(response.status, await response.text()).toBe(201);
  };
  await create('/v1/channel-connections', { workspace: { id: 'T' }, auth: { accessToken: secret.text } });
  await create('/v1/channel-endpoints', { type: 'webhook', endpoint: { url: secret.text } });
}

/** What the contract repeats: data that the caller named or stored, apart from words about what is wrong with it. */
function withoutEchoes(text: string): string {
  const start = text.indexOf('\n') + 1;
  const body: unknown = JSON.parse(text.slice(start));
  const words = new Set(['message', 'path', 'code', '__typename']);
  const strip = (value: unknown, key: string, isWords: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item) => strip(item, key, isWords));
    // What somebody keeps with a subscriber or a context has keys of their own too.
    if (key === 'data' && !isWords) return null;
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, strip(inner, name, isWords || words.has(name))]),
      );
    return isWords ? value : null;
  };
  const { data, errors = [] } = body as { data?: unknown; errors?: { extensions: object }[] };
  const toldHandles = errors.map(({ extensions, ...error }) => ({
    ...error,
    extensions: { ...extensions, identifier: null, idempotencyKey: null, errorId: null },
  }));
  return text.slice(0, start) + JSON.stringify({ data: strip(data, '', false), errors: toldHandles });
}

/** Fails with the name of the case when an answer holds what it must not. */
function expectNoLeak(answer: string, where: string, mayEcho: boolean): void {
  expect(findLeak(secret, answer), `${where}: ${answer.slice(0, 600)}`).toBeNull();
  expect(
    findLeak(plain, mayEcho ? withoutEchoes(answer) : answer),
    `${where}: ${answer.slice(0, 600)}`,
  ).toBeNull();
}

function expectNothingLogged(log: string): void {
  for (const canary of [secret, plain]) {
    const line = log.split('\n').find((one) => findLeak(canary, one) !== null);
    expect(line).toBeUndefined();
  }
}

async function inParallel<T>(
  items: readonly T[],
  run: (item: T) => Promise<void>,
  width = 24,
): Promise<void> {
  const queue = [...items];
  const work = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: width }, work));
}

const takesText = (position: Position) => isText(position) || ['JSONObject', '_Any'].includes(position.type);
const isText = ({ type }: Position) => ['NovuSecret', 'String', 'ID'].includes(type);

/** The value in its own type, where a text can be one. */
function fit(position: Position): unknown {
  const { text } = canaryOf(position);
  if (position.type === 'JSONObject') return { [text]: [text, { deep: text }] };
  if (position.type === '_Any') return { __typename: 'ChannelConnection', identifier: text };
  return text;
}

/** Every wrong form of a position, as a body each. */
function illTyped(position: Position): [string, Body | string][] {
  const { text, number, nasty } = canaryOf(position);
  const asVariable: [string, unknown][] = [
    ['a number', number],
    ['a list', [[text]]],
    ['an object', { a: text, [text]: 1 }],
    ['a list of objects', [{ a: text }]],
    ...(isText(position)
      ? []
      : ([
          ['a text', text],
          ['a nasty text', nasty],
        ] as [string, unknown][])),
  ];
  const asLiteral: [string, string][] = [
    ['a number', String(number)],
    ['a list', `[["${text}"]]`],
    ['an object', `{ a: "${text}" }`],
    ['an enum value', text],
    ...(isText(position)
      ? []
      : ([
          ['a text', `"${text}"`],
          ['a block text', `"""${text}"""`],
        ] as [string, string][])),
    ['a text without its end', `"${text}`],
    ['a block text without its end', `"""${text}`],
    ['a text with a wrong escape', `"${text}\\q"`],
    ['a text with a wrong escape of Unicode', `"${text}\\u{${text}}"`],
    ['a text before a syntax error', `"${text}" %`],
    ['a text behind a syntax error', `% "${text}"`],
    ['a text next to another', `"${text}" "${text}"`],
    ['a number that goes on as a name', `${number}${text}`],
  ];
  return [
    ...asVariable.map(([form, value]): [string, Body] => [
      `${position.name}: ${form} in a variable`,
      position.request(value),
    ]),
    [`${position.name}: an unknown key in a variable`, position.request(text, { asUnknownKey: true })],
    ...asLiteral.map(([form, literal]): [string, Body] => [
      `${position.name}: ${form} as a literal`,
      position.request(undefined, { literal }),
    ]),
    [
      `${position.name}: an unknown key in a literal`,
      position.request(undefined, { literal: `"${text}"`, asUnknownKey: true }),
    ],
    [`${position.name}: JSON that breaks off`, brokenJson(position.request(text), text)],
    [`${position.name}: JSON with rubbish`, `${JSON.stringify(position.request(text))} ${text}`],
  ];
}

/** The body cut in the middle of the last canary, or behind it. */
function brokenJson(body: Body, text: string): string {
  const json = JSON.stringify(body);
  return json.slice(0, json.lastIndexOf(text) + text.length);
}

/** Novu with every failure that the sandbox can make; some repeat whatever they were sent, in every way they can. */
const failures: [string, (request: RecordedRequest) => Fault | undefined][] = [
  ['no failure', () => undefined],
  ['a reset before', () => ({ kind: 'reset-before' })],
  ['a reset after', () => ({ kind: 'reset-after' })],
  ['an error before', () => ({ kind: 'error-before' })],
  ['an error after', () => ({ kind: 'error-after' })],
  [
    'an uncached error',
    (request) => ({ kind: 'error-after', status: 502, cached: false, message: all(request) }),
  ],
  ['a rate limit', () => ({ kind: 'rate-limited' })],
  ['silence before', () => ({ kind: 'hang-before' })],
  ['silence after', () => ({ kind: 'hang-after' })],
  ['a truncated answer', () => ({ kind: 'truncate' })],
  ['an answer that is no JSON', (request) => ({ kind: 'not-json', body: `{"data": ${all(request)}` })],
  ['an error page that repeats the request', (request) => ({ kind: 'html', body: `<p>${all(request)}</p>` })],
  [
    "a proxy's error that repeats the request",
    (request) => ({ kind: 'proxy-error', status: 504, work: 'before', message: all(request) }),
  ],
  ["another row's answer", () => ({ kind: 'mixed-up', identifier: seededIdentifier })],
  ['an answer from a cache', () => ({ kind: 'cached' })],
  ['a slow answer', () => ({ kind: 'slow', delayMs: 20 })],
  ...[400, 401, 403, 404, 408, 409, 413, 418, 422, 429, 500, 502, 503].map(
    (status): [string, (request: RecordedRequest) => Fault] => [
      `${status} with the request in its message`,
      (request) => ({
        kind: 'status',
        status,
        message: all(request),
        headers: { 'retry-after': '0' },
      }),
    ],
  ),
  ['422 with the request in every place of its errors', (request) => status(422, echoedErrors(request))],
  ['400 with a list of errors', (request) => status(400, echoedList(request))],
  [
    'a conflict in the words of Novu',
    (request) =>
      status(409, {
        statusCode: 409,
        message: `A channel connection already exists for integration "I" with no subscriberId and no context. Connection ID: ${all(request)}`,
      }),
  ],
  [
    'a conflict over an identifier in the words of Novu',
    (request) =>
      status(409, {
        statusCode: 409,
        message: `Channel connection with identifier "${all(request)}" already exists in environment "E"`,
      }),
  ],
  [
    'a refused check of tokens',
    (request) =>
      status(502, { statusCode: 502, message: `Slack token refresh failed: ${all(request)}. Reconnect` }),
  ],
  [
    '500 with the request as its errorId',
    (request) => status(500, { statusCode: 500, message: 'x', errorId: found(request) }),
  ],
  [
    'a redirect to the request',
    (request) => ({
      kind: 'status',
      status: 302,
      body: '',
      headers: { location: `/x?${encodeURIComponent(all(request))}` },
    }),
  ],
  ['headers with the request in them', (request) => ({ kind: 'headers', headers: echoedHeaders(request) })],
  [
    'an error with the request in its headers',
    (request) => ({ kind: 'status', status: 400, message: 'x', headers: echoedHeaders(request) }),
  ],
  [
    'an answer with more than it should have',
    (request) => ({ kind: 'body', body: (normal) => more(normal, request) }),
  ],
];

/** In the shape of Novu's ErrorDto: what a proxy says in another is not looked at. */
const status = (code: number, body: object): Fault => ({
  kind: 'status',
  status: code,
  body: { timestamp: '2026-01-01T00:00:00.000Z', path: '/v1/channel-connections', ...body },
});
const all = ({ body = '', path, query, headers }: RecordedRequest) =>
  `${body} ${path} ${JSON.stringify(query)} ${String(headers['idempotency-key'])}`;
/** What of the canaries was sent, whole: a part of a secret is no secret. */
const found = (request: RecordedRequest) =>
  [secret.nasty, secret.text, plain.text].find((text) =>
    all(request).includes(JSON.stringify(text).slice(1, -1)),
  ) ?? 'none';
const parts = (request: RecordedRequest) => [
  ...new Set([
    found(request),
    ...(all(request).match(/"[^"]{3,100}"/g) ?? []).map((text) => text.slice(1, -1)),
  ]),
];

/** A list of allowed values is Novu's own, so that only a secret in it is one too many. */
const allowed = (part: string) =>
  `must be one of the following values: ${findLeak(secret, part) === null ? 'a, b' : part}`;
const echoedErrors = (request: RecordedRequest) => ({
  statusCode: 422,
  message: `Validation Error ${all(request)}`,
  errors: {
    general: {
      messages: parts(request).flatMap((part) => [
        `auth.accessToken ${part} must be a string`,
        `auth.${part} must be a string`,
        `${part} must be a string`,
        `workspace.${part}.id should not be empty`,
      ]),
      value: request.body,
    },
    ...Object.fromEntries(
      parts(request).flatMap((part) => [
        [`auth.${part}`, { messages: [`must be a string`], value: part }],
        [`endpoint.${part}`, { messages: [part], value: part }],
        [part, { messages: [allowed(part)], value: part }],
        ['workspace', { messages: [allowed(part)], value: part }],
      ]),
    ),
  },
});
const echoedList = (request: RecordedRequest) => ({
  statusCode: 400,
  message: [all(request)],
  errors: parts(request).flatMap((part) => [
    { path: ['auth', part], message: `must be a string` },
    { path: ['workspace', 'id', part], message: part },
  ]),
});
function echoedHeaders(request: RecordedRequest): Record<string, string> {
  const text = encodeURIComponent(all(request)).slice(0, 2000);
  const canary = found(request);
  const json = JSON.stringify(canary);
  // What no header can hold, no server sends.
  const isPlain = /^\w+$/.test(canary);
  const base64 = (offset: number) => Buffer.from(`${'xyz'.slice(0, offset)}${canary}tail`).toString('base64');
  return {
    ...(isPlain && {
      'x-plain': canary,
      'x-within': `a ${canary} b`,
      [`x-${canary}`]: '1',
      'ratelimit-policy': `10;comment="${canary}"`,
      'x-request-id': canary,
      'set-cookie': `token=${canary}`,
      'x-json': json,
    }),
    'x-percent': text,
    'x-percent-twice': encodeURIComponent(text),
    'x-all-percent': Buffer.from(canary).toString('hex').replaceAll(/../g, '%$&'),
    'x-all-json': canary
      .split('')
      .map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
    'x-base64-0': base64(0),
    'x-base64-1': base64(1),
    'x-base64-2': base64(2),
    'x-base64-url': Buffer.from(`??>${canary}`).toString('base64url'),
  };
}
function more(normal: unknown, request: RecordedRequest): unknown {
  const extra = {
    echo: all(request),
    errors: [all(request)],
    auth: { accessToken: found(request), note: all(request) },
  };
  if (typeof normal !== 'object' || normal === null) return extra;
  const { data } = normal as { data?: unknown };
  return typeof data === 'object' && data !== null && !Array.isArray(data)
    ? { ...normal, data: { ...data, ...extra } }
    : { ...normal, ...extra };
}

describe('a secret in a position of its own', () => {
  it('is looked for in every input of the schema', () => {
    const secrets = positions.filter(({ isSecret }) => isSecret).map(({ name }) => name);
    expect(secrets).toContain('Mutation.createChannelConnection(input.auth.accessToken)');
    expect(secrets).toContain('Mutation.updateChannelConnection(input.auth.refreshToken)');
    expect(positions.length).toBeGreaterThan(secrets.length);
  });

  // The row that is there has an address of another type, which is noticed before Novu is asked.
  const ofAnotherType = /^Mutation\.updateChannelEndpoint\(input\.address\.(?:grafana|toolWebhook)/;
  it.each(positions.filter(({ name, isSecret }) => isSecret && !ofAnotherType.test(name)))(
    'gets to Novu from $name',
    async (position) => {
      await using watched = await watch({ READ_TIMEOUT_MS: '5000', WRITE_TIMEOUT_MS: '5000' });
      const { query, variables } = position.request(secret.nasty);
      await watched.harness.execute(query, variables);
      const bodies = watched.harness.sandbox.requests.map(({ body }) =>
        JSON.stringify(JSON.parse(body || '{}')),
      );
      expect(bodies.some((body) => body.includes(JSON.stringify(secret.nasty)))).toBe(true);
    },
  );

  it.each(failures)('stays inside with %s', async (_name, fault) => {
    await using watched = await watch();
    watched.harness.sandbox.onRequest = fault;
    const bodies = positions.filter(takesText).flatMap((position): [Position, string, Body][] => {
      const { text, nasty } = canaryOf(position);
      const value = fit(position);
      return [
        [position, 'variable', position.request(value)],
        ...(position.isSecret
          ? ([
              [position, 'literal', position.request(undefined, { literal: JSON.stringify(text) })],
              [position, 'nasty variable', position.request(nasty)],
            ] as [Position, string, Body][])
          : []),
      ];
    });
    await inParallel(bodies, async ([position, form, body]) => {
      // The rows that an answer leads to may hold what another position has stored.
      expectNoLeak(await watched.post(body), `${position.name} as ${form}`, true);
    });
    // A Novu that was never asked proves nothing.
    expect(watched.harness.sandbox.requests.some(({ body = '' }) => findLeak(secret, body) !== null)).toBe(
      true,
    );
    expect(watched.log().split('\n').length).toBeGreaterThan(bodies.length / 2);
    expectNothingLogged(watched.log());
  });

  it('is crossed with every kind of failure that the sandbox has', () => {
    const request = { body: secret.text, path: '/', query: {}, headers: {} } as unknown as RecordedRequest;
    const kinds = new Set(failures.map(([, fault]) => fault(request)?.kind));
    expect([...kinds].filter((kind) => kind !== undefined).sort()).toEqual([...FAULT_KINDS].sort());
  });
});

describe('a value of the wrong form', () => {
  it('is not repeated, wherever it stands', async () => {
    await using watched = await watch();
    const cases = positions.flatMap(illTyped);
    await inParallel(cases, async ([name, body]) => {
      const answer = await watched.post(body);
      // Nothing came of it, so there is nothing that the contract would repeat; what Novu was asked with is another matter.
      expectNoLeak(answer, name, answer.includes('"data":{'));
    });
    expectNothingLogged(watched.log());
  });

  it('is not repeated in the default of a variable', async () => {
    await using watched = await watch();
    const { text, number, nasty } = secret;
    for (const literal of [
      `"${text}"`,
      String(number),
      `["${text}"]`,
      `{ a: "${text}" }`,
      text,
      JSON.stringify(nasty),
    ]) {
      for (const type of [
        'NovuSecret',
        'NovuSecret!',
        'Int',
        'ChannelConnectionMode',
        'ChannelConnectionAuthInput',
        'NoSuchType',
        'ChannelConnection',
      ]) {
        const query = `mutation M($v: ${type} = ${literal}) { updateChannelConnection(identifier: "x", input: { workspace: { id: "T" }, auth: { accessToken: $v } }) { __typename } }`;
        expectNoLeak(await watched.post({ query }), query, false);
        expectNoLeak(await watched.post({ query, variables: { v: text } }), query, false);
        expectNoLeak(await watched.post({ query, variables: { v: [text] } }), query, false);
      }
    }
    expectNothingLogged(watched.log());
  });

  it('is not repeated where a request is no request of GraphQL', async () => {
    await using watched = await watch();
    const { text } = secret;
    const query = '{ __typename }';
    const bodies: unknown[] = [
      text,
      [text],
      { query: text },
      { query: [text] },
      { query: { a: text } },
      { [text]: text },
      { query, [text]: text },
      { query, variables: text },
      { query, variables: [text] },
      { query, extensions: text },
      { query, operationName: text },
      { query, operationName: [text] },
      { query, operationName: { a: text } },
      { query: 'query A { __typename } query B { __typename }', operationName: text },
      { query, extensions: { persistedQuery: { version: 1, sha256Hash: text } } },
      { extensions: { persistedQuery: { version: 1, sha256Hash: text } } },
      { query: `{ __typename @include(if: "${text}") }` },
      { query: `{ __typename @include(if: ${text}) }` },
      { query: `{ __type(name: ["${text}"]) { name } }` },
      { query: `{ __type(name: "${text}") { name } }` },
      { query: `# ${text}\n{ __typename % }` },
      { query: `"${text}"` },
    ];
    for (const env of [{}, { APQ: 'on' }, { LIMIT_BATCH: '5' }])
      for (const body of bodies) {
        await using other = await watch(env);
        expectNoLeak(await other.post(JSON.stringify(body)), JSON.stringify(body), false);
        expectNothingLogged(other.log());
      }
    for (const rest of ['', '}', '"', '"}', ' x'])
      expectNoLeak(await watched.post(`{"query":"${text}${rest}`), rest, false);
  });
});

describe('a token in a header', () => {
  const { text } = secret;
  it.each([
    ['authorization', text],
    ['authorization', `Bearer ${text}`],
    ['authorization', `ApiKey ${text}`],
    ['authorization', `Basic ${Buffer.from(`x:${text}`).toString('base64')}`],
    [
      'authorization',
      `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(`{"sub":"${text}"}`).toString('base64url')}.`,
    ],
    ['x-api-key', text],
    ['router-authorization', text],
    ['accept', text],
    ['origin', `https://${text}.example`],
    ['content-type', text],
    ['content-type', `application/json; charset=${text}`],
    ['content-encoding', text],
    ['cookie', `token=${text}`],
    ['x-request-timeout-ms', text],
    ['sec-fetch-site', text],
    ['traceparent', text],
    ['user-agent', text],
    ['host', text],
  ])('stays inside: %s: %s', async (name, value) => {
    const environments = [
      {},
      { ROUTER_SECRET: 'router-secret-0123456789', CORS_ORIGINS: 'https://app.example.com' },
      { HMAC_SECRET: 'hmac-secret-0123456789' },
    ];
    for (const env of environments) {
      await using watched = await watch(env);
      const body = { query: '{ channelConnections { totalCount } }' };
      expectNoLeak(await watched.post(body, { [name]: value }), name, false);
      const url = await watched.harness.listen();
      for (const init of [
        { method: 'POST', body: JSON.stringify(body) },
        { method: 'GET' },
        { method: 'PUT' },
      ]) {
        const headers = { 'content-type': 'application/json', [name]: value };
        expectNoLeak(await toText(await fetch(url, { ...init, headers })), name, false);
      }
      expectNothingLogged(watched.log());
    }
  });

  it('is given back as the id of the request, as the contract has it, and in nothing else', async () => {
    await using watched = await watch();
    const answer = await watched.post(
      { query: '{ channelConnections { totalCount } nope }' },
      { 'x-request-id': text },
    );
    expect(answer.split(text)).toHaveLength(2);
    expect(answer).toContain(`"x-request-id","${text}"`);
    expectNothingLogged(watched.log().replaceAll(`"requestId":"${text}"`, ''));
  });

  it('is repeated as the key of a write, as the contract has it, and not logged', async () => {
    await using watched = await watch();
    const body = { query: createDocument, variables: { input: connectionInput() } };
    const answer = await watched.post(body, { 'idempotency-key': plain.text });
    expect(answer).toContain(`"key":"${plain.text}","source":"HEADER"`);
    expectNoLeak(answer, 'idempotency-key', true);
    expectNothingLogged(watched.log());
  });
});

describe('an exception that nobody foresaw', () => {
  const { text } = secret;
  const multiline = `first\n    at ${text} (/tmp/${text}:1:1)\n    at /tmp/${text}`;
  const withStack = Object.assign(new Error('x'), { stack: `Error: y\n    at /tmp/${text}` });
  it.each<[string, unknown]>([
    ['an Error', new Error(text)],
    ['an Error whose message looks like a stack', new Error(multiline)],
    ['an Error with another stack', withStack],
    ['an Error with a cause', new Error('x', { cause: new Error(text) })],
    ['an AggregateError', new AggregateError([new Error(text), text], text)],
    [
      'an Error with more in it',
      Object.assign(new TypeError(text), { token: text, extensions: { code: text, token: text } }),
    ],
    [
      'a GraphQLError of a library',
      new GraphQLError(text, {
        extensions: { code: text, token: text, http: { status: 400, headers: { 'x-a': text } } },
      }),
    ],
    ['an abort', new DOMException(text, 'AbortError')],
    ['a text', text],
    ['an object', { message: text, toString: () => text }],
    [
      'a failure of Novu with its words',
      new NovuError('validation', {
        text,
        issues: [{ field: 'auth.accessToken', text }],
        cause: new Error(text),
      }),
    ],
  ])('shows nothing of itself: %s', async (_name, thrown) => {
    await using watched = await watch();
    const { harness } = watched;
    let lines = '';
    const log = pino({ level: 'trace', base: null }, { write: (line: string) => (lines += line) });
    const novu: Novu = { ...harness.novu, reachable: true, request: () => Promise.reject(thrown) };
    const gateway = createGateway(harness.config, { novu, log });
    const bodies: Body[] = [
      { query: createDocument, variables: { input: connectionInput() } },
      { query: '{ channelConnections { totalCount } }' },
      { query: '{ channelConnection(identifier: "x") { identifier } }' },
      {
        query:
          '{ _entities(representations: [{ __typename: "Subscriber", subscriberId: "s" }]) { ... on Subscriber { channelConnections { totalCount } } } }',
      },
    ];
    for (const body of bodies) {
      const answer = await postTo(gateway, body);
      expectNoLeak(answer, body.query, false);
      expect(findLeak(secret, lines)).toBeNull();
    }
  });
});

describe.each(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])(
  'a process at log level %s',
  (level) => {
    it('prints no canary, writes no file and tells none', async () => {
      await using sandbox = createSandbox({ secretKey: novuKey, knowsEverySubscriber: true });
      await sandbox.listen();
      await seed(sandbox);
      const folder = await mkdtemp(join(tmpdir(), 'canary-'));
      try {
        const port = await freePort();
        await using gateway = startProcess({
          NOVU_API_URL: sandbox.url,
          NOVU_SECRET_KEY: novuKey,
          GATEWAY_API_KEYS: `backend:${backendKey}`,
          LOG_LEVEL: level,
          PORT: String(port),
          READ_TIMEOUT_MS: '200',
          WRITE_TIMEOUT_MS: '200',
          APQ: 'on',
          HOME: folder,
          TMPDIR: folder,
          // Nothing may be written at all.
          NODE_OPTIONS: '--permission --allow-fs-read=*',
        });
        const url = `http://127.0.0.1:${port}/graphql`;
        await whenListening(port);
        const post = async (body: Body | string) => {
          const response = await fetch(url, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'x-api-key': backendKey },
            body: typeof body === 'string' ? body : JSON.stringify(body),
          });
          expectNoLeak(await toText(response), JSON.stringify(body), false);
        };
        const secrets = positions.filter(({ isSecret }) => isSecret);
        const bodies = secrets.flatMap((position): (Body | string)[] => [
          position.request(secret.text),
          position.request(undefined, { literal: JSON.stringify(secret.text) }),
          position.request([secret.text]),
          position.request(undefined, { literal: secret.text }),
          brokenJson(position.request(secret.text), secret.text),
        ]);
        await inParallel(bodies, post, 8);
        for (const fault of [
          'a reset after',
          'an error page that repeats the request',
          '500 with the request in its message',
          'headers with the request in them',
        ]) {
          sandbox.onRequest = failures.find(([name]) => name === fault)![1];
          await inParallel(
            bodies.filter((_body, index) => index % 5 === 0),
            post,
            8,
          );
        }
        gateway.kill('SIGTERM');
        expect((await gateway.exited).code).toBe(0);
        const output = gateway.output() + gateway.errorOutput();
        expectNothingLogged(output);
        expect(findLeak({ ...secret, text: novuKey }, output)).toBeNull();
        expect(await readdir(folder)).toEqual([]);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  },
);

/** Resolves when the port takes connections. */
async function whenListening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
  }
}

/** Above `info` nothing says where the gateway listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
