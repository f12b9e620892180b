import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { safeHeaders } from '../../src/server/refusal.ts';
import { backendKey, type Harness, startHarness } from '../support/harness.ts';

const listed = 'https://app.example.com';
const json = { 'content-type': 'application/json' };
const key = { 'x-api-key': backendKey };
const body = JSON.stringify({ query: '{ __typename }' });
const post = (headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { ...key, ...json, ...headers },
  body,
});
const get = (headers: Record<string, string> = {}): RequestInit => ({ headers: { ...key, ...headers } });
const query = '?query={__typename}';
const preflight = (origin: string): RequestInit => ({
  method: 'OPTIONS',
  headers: { origin, 'access-control-request-method': 'POST' },
});

type Door = 'the server' | 'gateway.fetch';

async function send(harness: Harness, door: Door, init: RequestInit, path: string) {
  const response =
    door === 'the server'
      ? await fetch(new URL(path, await harness.listen()), init)
      : await harness.gateway.fetch(`http://gateway.test${path}`, init);
  const text = await response.text();
  const { errors = [] } = (text.startsWith('{') ? JSON.parse(text) : {}) as {
    errors?: { extensions: { code: string } }[];
  };
  return { status: response.status, code: errors[0]?.extensions.code, headers: response.headers, text };
}

/** A rule, what breaks it, how that is refused, and what just keeps it. */
const rules: [
  rule: string,
  refused: [RequestInit, string?],
  status: number,
  code: string | undefined,
  taken: [RequestInit, string?],
][] = [
  ['an address', [post(), '/nowhere'], 404, 'BAD_REQUEST', [post()]],
  ['credentials', [{ ...post(), headers: json }], 401, 'UNAUTHENTICATED', [post()]],
  ['valid credentials', [post({ 'x-api-key': 'x'.repeat(20) })], 401, 'UNAUTHENTICATED', [post()]],
  [
    'a listed origin',
    [post({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' })],
    403,
    'CROSS_SITE_REQUEST',
    [post({ 'sec-fetch-site': 'cross-site', origin: listed })],
  ],
  [
    'a listed origin, of the same site, too',
    [post({ 'sec-fetch-site': 'same-site', origin: 'https://x.example.com' })],
    403,
    'CROSS_SITE_REQUEST',
    [post({ 'sec-fetch-site': 'same-site', origin: listed })],
  ],
  [
    'an origin that a sandboxed frame has not',
    [post({ 'sec-fetch-site': 'cross-site', origin: 'null' })],
    403,
    'CROSS_SITE_REQUEST',
    [post({ 'sec-fetch-site': 'same-origin' })],
  ],
  [
    'an origin at all',
    [post({ 'sec-fetch-site': 'cross-site' })],
    403,
    'CROSS_SITE_REQUEST',
    [post({ 'sec-fetch-site': 'none' })],
  ],
  [
    'a header that needs a preflight, for GET',
    [get(), `/graphql${query}`],
    400,
    'CROSS_SITE_REQUEST',
    [get({ 'apollo-require-preflight': '1' }), `/graphql${query}`],
  ],
  [
    'a body in JSON',
    [post({ 'content-type': 'text/plain' })],
    415,
    'BAD_REQUEST',
    [post({ 'content-type': 'application/json; charset=utf-8' })],
  ],
  [
    'a body in UTF-8',
    [post({ 'content-type': 'application/json; charset=latin1' })],
    415,
    'BAD_REQUEST',
    [post({ 'content-type': 'application/json;charset=UTF-8' })],
  ],
  [
    'a body that is compressed in a way that is taken',
    [post({ 'content-encoding': 'zstd' })],
    415,
    'BAD_REQUEST',
    [post({ 'content-encoding': 'identity' })],
  ],
  [
    'a body within its limit',
    [{ ...post(), body: JSON.stringify({ query: `{ __typename } #${'x'.repeat(2000)}` }) }],
    413,
    'PAYLOAD_TOO_LARGE',
    [post()],
  ],
  [
    'levels within their limit',
    [{ ...post(), body: `{"query":"{ __typename }","variables":{"a":${'['.repeat(70)}${']'.repeat(70)}}}` }],
    400,
    'BAD_REQUEST',
    [{ ...post(), body: `{"query":"{ __typename }","variables":{"a":${'['.repeat(50)}${']'.repeat(50)}}}` }],
  ],
  [
    'numbers that all readers of JSON agree on',
    [{ ...post(), body: '{"query":"{ __typename }","variables":{"a":9007199254740993}}' }],
    400,
    'BAD_REQUEST',
    [{ ...post(), body: '{"query":"{ __typename }","variables":{"a":9007199254740991}}' }],
  ],
];

describe.each<Door>(['the server', 'gateway.fetch'])('a request through %s', (door) => {
  it.each(rules)('needs %s', async (_rule, refused, status, code, taken) => {
    await using harness = await startHarness({
      env: { CORS_ORIGINS: `${listed},https://two.example`, LIMIT_BODY_BYTES: '1024' },
    });
    const no = await send(harness, door, refused[0], refused[1] ?? '/graphql');
    expect([no.status, no.code]).toEqual([status, code]);
    expect(Object.fromEntries(no.headers)).toMatchObject(safeHeaders);
    const yes = await send(harness, door, taken[0], taken[1] ?? '/graphql');
    expect([yes.status, yes.text]).toEqual([200, '{"data":{"__typename":"Query"}}']);
    expect(Object.fromEntries(yes.headers)).toMatchObject(safeHeaders);
    expect(harness.sandbox.requests).toEqual([]);
  });

  it('is read by the page of a listed origin, and a browser that asks first is told so', async () => {
    await using harness = await startHarness({ env: { CORS_ORIGINS: listed } });
    const asked = await send(harness, door, preflight(listed), '/graphql');
    expect(asked.status).toBe(204);
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': listed,
      'access-control-allow-methods': 'GET, POST',
      vary: expect.stringContaining('Origin'),
    });
    const answered = await send(
      harness,
      door,
      post({ origin: listed, 'sec-fetch-site': 'cross-site' }),
      '/graphql',
    );
    expect(answered.headers.get('access-control-allow-origin')).toBe(listed);
    const other = await send(harness, door, preflight('https://evil.example'), '/graphql');
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('is told by a refusal which variable lists the origins', async () => {
    await using harness = await startHarness();
    const { text } = await send(
      harness,
      door,
      post({ 'sec-fetch-site': 'cross-site', origin: listed }),
      '/graphql',
    );
    expect(text).toContain('CORS_ORIGINS');
  });
});

describe('the lines of a request, as only a server sees them,', () => {
  const lines = async (harness: Harness, ...head: string[]) => {
    const { port } = new URL(await harness.listen());
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `${[...head, 'content-type: application/json', `content-length: ${body.length}`, 'connection: close'].join('\r\n')}\r\n\r\n${body}`,
    );
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    await once(socket, 'close');
    return Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
  };

  it.each([
    ['two hosts', 400, ['POST /graphql HTTP/1.1', 'host: a', 'host: b', `x-api-key: ${backendKey}`]],
    [
      'the address of another host',
      400,
      ['POST //evil.example/graphql HTTP/1.1', 'host: a', `x-api-key: ${backendKey}`],
    ],
    [
      'the same with a backslash',
      400,
      ['POST /\\evil.example/graphql HTTP/1.1', 'host: a', `x-api-key: ${backendKey}`],
    ],
    [
      'two keys',
      401,
      ['POST /graphql HTTP/1.1', 'host: a', `x-api-key: ${backendKey}`, 'x-api-key: another'],
    ],
    [
      'two tokens',
      401,
      ['POST /graphql HTTP/1.1', 'host: a', `authorization: ApiKey ${backendKey}`, 'authorization: ApiKey b'],
    ],
    ['one of each', 200, ['POST /graphql HTTP/1.1', 'host: a', `x-api-key: ${backendKey}`]],
  ])('may not have %s', async (_name, status, head) => {
    await using harness = await startHarness();
    expect(await lines(harness, ...head)).toBe(status);
    expect(harness.sandbox.requests).toEqual([]);
  });
});
