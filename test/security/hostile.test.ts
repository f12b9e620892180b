import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type AppDeps, createApp } from '../../src/embed.ts';
import { schema } from '../../src/schema/schema.ts';
import { patience } from '../../src/server/node-server.ts';
import {
  backendKey,
  connectionInput,
  createDocument,
  type Harness,
  startHarness,
  toExecution,
} from '../support/harness.ts';
import { type Position, positionsOf, seededIdentifier } from './inputs.ts';

const positions = positionsOf(schema);
const ofTexts = positions.filter(({ type }) => ['String', 'ID', 'NovuSecret'].includes(type));
const keysOf = ({ name }: Position) => /\((.*)\)$/.exec(name)![1]!.split('.');

/** The raw answer to whatever is written to the server; ends when the server closes the connection. */
async function converse(url: string, write: (socket: Socket) => void): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const closed = Promise.withResolvers<void>();
  socket.once('close', () => closed.resolve());
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
  // A server that has said enough may close while more is on its way.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  write(socket);
  await closed.promise;
  return answer;
}

const post = (url: string, body: BodyInit, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': backendKey, ...headers },
    body,
  }).then(async (response) => toExecution(response.status, await response.text(), response.headers));

/** A body written by hand: `DATA` becomes the data of a context, as it stands. */
const withData = (data: string, identifier = 'with-data') =>
  JSON.stringify({
    query: createDocument,
    variables: {
      input: connectionInput({ identifier, context: [{ type: 'tenant', id: 'a', data: 'DATA' }] }),
    },
  }).replace('"DATA"', data);

const lastBody = ({ sandbox }: Harness) =>
  JSON.parse(sandbox.requests.findLast(({ body }) => body !== undefined && body !== '')?.body ?? 'null');

const codesOf = (answer: { errors: { extensions: Record<string, unknown> }[] }) =>
  answer.errors.map(({ extensions }) => extensions['code']);

describe('an idempotency key', () => {
  const notKeys: [string, string][] = [
    ['a line feed', 'a\nb'],
    ['a carriage return', 'a\rb'],
    ['a header of its own', 'a\r\nx-evil: 1'],
    ['a request of its own', 'a\r\n\r\nGET /v1/integrations HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a NUL', 'a\0b'],
    ['a tab', 'a\tb'],
    ['a blank', 'a b'],
    ['blanks alone', '  '],
    ['nothing', ''],
    ['letters beyond ASCII', 'kéy'],
    ['an emoji', 'key\u{1F511}'],
    ['half an emoji', 'key\uD83D'],
    ['10 KB', 'k'.repeat(10_240)],
    ['256 characters', 'k'.repeat(256)],
    ['a line separator', 'a\u2028b'],
    ['a C1 control', 'a\u0085b'],
    ['DEL', 'a\u007Fb'],
  ];
  const withKey = positions.filter((position) => keysOf(position).join('.') === 'idempotencyKey');

  it.each(notKeys)('with %s is refused and sends nothing', async (_name, key) => {
    await using harness = await startHarness();
    expect(withKey.length).toBeGreaterThan(2);
    for (const position of withKey) {
      const { query, variables } = position.request(key);
      const { data } = await harness.execute(query, variables);
      const [payload] = Object.values<{ userErrors: object[] }>(data);
      expect(payload?.userErrors[0], position.name).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['idempotencyKey'],
      });
    }
    expect(harness.sandbox.requests).toEqual([]);
  });

  it('of 255 visible signs goes to Novu as it is', async () => {
    await using harness = await startHarness();
    const key = `${'k'.repeat(161)}${Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).join('')}`;
    const { data } = await harness.execute(createDocument, { input: connectionInput(), key });
    expect(data.createChannelConnection.userErrors).toEqual([]);
    expect(harness.sandbox.requests[0]?.headers['idempotency-key']).toBe(key);
  });

  it('in the HTTP header is held to the same rules', async () => {
    await using harness = await startHarness();
    const url = await harness.listen();
    const body = JSON.stringify({ query: createDocument, variables: { input: connectionInput() } });
    for (const key of ['a b', 'k\u00e9y', 'k'.repeat(10_240)]) {
      const { data } = await post(url, body, { 'idempotency-key': key });
      expect(data.createChannelConnection.userErrors).toMatchObject([{ code: 'INVALID_INPUT' }]);
    }
    expect(harness.sandbox.requests).toEqual([]);
  });
});

describe('an identifier', () => {
  const hostile: [string, string][] = [
    ['..', '..'],
    ['.', '.'],
    ['../', '../'],
    ['a way up', '../integrations'],
    ['a way up and away', '../../v1/integrations'],
    ['a way up within', 'a/../../integrations'],
    ['an encoded way up', '..%2fintegrations'],
    ['encoded dots', '%2e%2e'],
    ['encoded dots and slash', '%2e%2e%2fintegrations'],
    ['doubly encoded', '%252e%252e%252f'],
    ['a back slash', '..\\integrations'],
    ['an absolute path', '/v1/integrations'],
    ['another host', '//evil.example/x'],
    ['another address', 'http://evil.example/x'],
    ['a query', 'x?subscriberId=other'],
    ['a fragment', 'x#y'],
    ['a matrix parameter', 'x;y=1'],
    ['an ampersand', 'x&contextKeys='],
    ['the verb of another route', 'x/verify'],
    ['nothing', ''],
    ['a blank', ' '],
    ['blanks around dots', ' .. '],
    ['a line break', 'x\r\nHost: evil.example'],
    ['a NUL', 'x\0y'],
    ['full-width dots', '\uFF0E\uFF0E\uFF0F'],
    ['letters beyond ASCII', 'ünïcode-\u{1F600}'],
    ['text that runs to the left', '\u202Egnp.exe'],
    ['half an emoji', 'x\uD83D'],
    ['the other half', '\uDE00x'],
    ['10 KB', 'x'.repeat(10_240)],
    ['10 KB of slashes', '/'.repeat(10_240)],
    ['1024 letters that are encoded', 'é'.repeat(1024)],
    ['a property of every object', '__proto__'],
    ['another', 'constructor'],
    ['a bad escape', '%zz%'],
  ];
  /** Every place whose text goes into a path or query, by the name of its argument or field. */
  const places = ofTexts.filter((position) =>
    /^(?:identifier|connectionIdentifier|integrationIdentifier|subscriberId|providerId|contextKeys|after|before|type|id|search)$/.test(
      keysOf(position).at(-1)!,
    ),
  );
  /** What may come before and after it in a path of Novu's. */
  const route =
    /^\/v(?:1\/(?:channel-connections|channel-endpoints|integrations)(?:\/([^/]*)(?:\/verify|\/oauth|\/link)?)?|2\/subscribers(?:\/([^/]*))?|2\/contexts(?:\/([^/]*)\/([^/]*))?)$/;
  const fixed = new Set(['active', 'chat', 'channel-connections', 'channel-endpoints']);

  it.each(hostile)('of %s reaches Novu as it was meant, or not at all', async (_name, value) => {
    await using harness = await startHarness({ sandbox: { knowsEverySubscriber: true } });
    expect(places.length).toBeGreaterThan(20);
    for (const position of places) {
      const before = harness.sandbox.requests.length;
      const { query, variables } = position.request(value);
      const answer = await harness.execute(query, variables);
      expect(codesOf(answer), `${position.name}: ${answer.text.slice(0, 400)}`).not.toContain(
        'INTERNAL_SERVER_ERROR',
      );
      for (const { path, query: sent, body, rawHeaders } of harness.sandbox.requests.slice(before)) {
        expect(route.test(path), `${position.name}: ${path}`).toBe(true);
        // Encoded or not, servers and proxies in between read this as a way up.
        expect(path, position.name).not.toMatch(/\/(?:\.|%2e){1,2}(?:\/|$)/i);
        const meant = [value, seededIdentifier, 'subscriber-123', 'tenant', 'T123'];
        for (const segment of route.exec(path)?.slice(1) ?? [])
          if (segment !== undefined && !fixed.has(segment) && !isGenerated(segment))
            expect(meant, `${position.name}: ${path}`).toContain(decodeURIComponent(segment));
        // A value that splits would show as parameters or fields that nobody sends.
        for (const name of Object.keys(sent)) expect(known, `${position.name}: ${name}`).toContain(name);
        if (body) for (const name of Object.keys(JSON.parse(body))) expect(known).toContain(name);
        expect(
          rawHeaders.filter((_text, index) => index % 2 === 0).map((name) => name.toLowerCase()),
        ).not.toContain('x-evil');
      }
    }
  });

  const known = [
    'limit',
    'after',
    'before',
    'orderBy',
    'orderDirection',
    'includeCursor',
    'subscriberId',
    'channel',
    'providerId',
    'integrationIdentifier',
    'connectionIdentifier',
    'contextKeys',
    'connectionMode',
    'identifier',
    'context',
    'workspace',
    'auth',
    'type',
    'endpoint',
    'createSubscriberIfMissing',
    'contextHash',
    'scope',
    'userScope',
    'mode',
    'autoLinkUser',
    'redirectUrl',
    'redirectUri',
    'providerMetadata',
    'id',
    'search',
    'name',
    'email',
    'phone',
    'firstName',
    'lastName',
    'avatar',
    'locale',
    'timezone',
    'data',
  ];
  /** Made by the gateway from an idempotency key. */
  const isGenerated = (segment: string) => /^ch(?:conn|endp)_[0-9a-z]{24}$/.test(segment);

  it('is stored and found again, letter for letter, where Novu takes it', async () => {
    await using harness = await startHarness();
    for (const [, identifier] of hostile) {
      const workspace = { id: `T-${harness.sandbox.requests.length}` };
      const context = [{ type: 't', id: `c${harness.sandbox.requests.length}` }];
      const created = await harness.execute(createDocument, {
        input: connectionInput({ identifier, workspace, context }),
      });
      const { channelConnection, userErrors } = created.data.createChannelConnection;
      if (channelConnection === null) {
        expect(userErrors[0].path, JSON.stringify(identifier)).toEqual(['input', 'identifier']);
        continue;
      }
      expect(channelConnection.identifier).toBe(identifier);
      const found = await harness.execute(
        'query ($identifier: ID!) { channelConnection(identifier: $identifier) { identifier workspace { id } } }',
        { identifier },
      );
      expect(found.data.channelConnection, JSON.stringify(identifier)).toEqual({ identifier, workspace });
    }
    const stored = harness.sandbox.connections().map(({ identifier }) => identifier);
    expect(stored.length).toBeGreaterThan(20);
    for (const identifier of stored) expect(hostile.map(([, value]) => value)).toContain(identifier);
  });
});

describe('texts that are no Unicode', () => {
  it.each([
    ['half an emoji', '\uD83D'],
    ['the other half', 'a\uDE00b'],
    ['both, the wrong way round', '\uDE00\uD83D'],
  ])('are refused or arrive as they are, wherever they stand: %s', async (_name, value) => {
    await using harness = await startHarness({ sandbox: { knowsEverySubscriber: true } });
    for (const position of positions) {
      const given =
        position.type === 'JSONObject'
          ? { [value]: value }
          : position.type === '_Any'
            ? { __typename: 'Subscriber', subscriberId: value }
            : value;
      const { query, variables } = position.request(given);
      const before = harness.sandbox.requests.length;
      const answer = await harness.execute(query, variables);
      expect(codesOf(answer), `${position.name}: ${answer.text.slice(0, 300)}`).not.toContain(
        'INTERNAL_SERVER_ERROR',
      );
      expect(answer.status).toBeLessThan(500);
      // U+FFFD is what a careless writer makes of it.
      for (const { path, body, query: sent } of harness.sandbox.requests.slice(before))
        expect(`${path} ${body} ${JSON.stringify(sent)}`, position.name).not.toMatch(/\uFFFD|%EF%BF%BD/i);
    }
  });
});

describe('keys that every object has', () => {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__'];

  it.each(names)('are data like any other in the data of a context: %s', async (name) => {
    await using harness = await startHarness();
    const url = await harness.listen();
    const data = `{ "${name}": { "polluted": true }, "deep": [{ "${name}": 1 }] }`;
    const answer = await post(url, withData(data));
    expect(answer.data.createChannelConnection.userErrors).toEqual([]);
    expect(JSON.stringify(lastBody(harness).context.tenant.data)).toBe(JSON.stringify(JSON.parse(data)));
    const literal = await post(
      url,
      JSON.stringify({
        query: `mutation { createChannelConnection(input: { identifier: "literal", subscriberId: "subscriber-123", integrationIdentifier: "teams-prod", context: [{ type: "tenant", id: "b", data: { ${name}: { polluted: true } } }], workspace: { id: "T" }, auth: { accessToken: "secret" } }) { userErrors { message } } }`,
      }),
    );
    expect(literal.data.createChannelConnection.userErrors).toEqual([]);
    expect(harness.sandbox.requests.at(-1)?.body).toContain(`"data":{"${name}":{"polluted":true}}`);
    expectCleanObjects();
  });

  it.each(names)('are types of contexts like any other: %s', async (type) => {
    await using harness = await startHarness();
    const answer = await harness.execute(createDocument, {
      input: connectionInput({ context: [{ type, id: 'x' }] }),
    });
    expect(answer.data.createChannelConnection.userErrors).toEqual([]);
    expect(answer.data.createChannelConnection.channelConnection.contextKeys).toEqual([`${type}:x`]);
    expect(harness.sandbox.requests[0]?.body).toContain(`"context":{"${type}":"x"}`);
    expectCleanObjects();
  });

  it.each(names)('are unknown everywhere else: %s', async (name) => {
    await using harness = await startHarness({ env: { APQ: 'on' } });
    const url = await harness.listen();
    const pollution = '{ "polluted": true, "query": "{ __typename }" }';
    const bodies = [
      `{ "${name}": ${pollution} }`,
      `{ "query": "{ __typename }", "${name}": ${pollution} }`,
      `{ "query": "{ __typename }", "variables": { "${name}": ${pollution} } }`,
      `{ "query": "{ __typename }", "extensions": { "${name}": ${pollution} } }`,
      `{ "extensions": { "persistedQuery": { "${name}": ${pollution} } } }`,
      `{ "query": "query ($${name}: JSONObject) { __typename }", "variables": { "${name}": ${pollution} } }`,
      `{ "query": "query A { __typename }", "operationName": "${name}" }`,
      `{ "query": "{ ${name} }" }`,
      `{ "query": "{ __type(name: \\"${name}\\") { name } }" }`,
      `{ "query": "{ ...${name} }" }`,
      `{ "query": "{ ${name}: __typename }" }`,
      `{ "query": "{ __typename @${name} }" }`,
      `{ "query": "{ channelConnections(filter: { ${name}: 1 }) { totalCount } }" }`,
      `{ "query": "{ channelConnections(orderBy: { field: ${name} }) { totalCount } }" }`,
      `{ "query": "{ _entities(representations: [{ __typename: \\"${name}\\" }]) { __typename } }" }`,
      `{ "query": "query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }", "variables": { "r": [{ "__typename": "${name}", "${name}": ${pollution} }] } }`,
      withData('{}').replace('"subscriberId"', `"${name}": ${pollution}, "subscriberId"`),
    ];
    for (const body of bodies) {
      const answer = await post(url, body);
      expect(answer.status, body).toBeLessThan(500);
      expect(codesOf(answer), body).not.toContain('INTERNAL_SERVER_ERROR');
      expectCleanObjects();
    }
  });

  function expectCleanObjects(): void {
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(({} as Record<string, unknown>)['query']).toBeUndefined();
  }
});

describe('JSON of another kind', () => {
  it('with a key given twice means the last one, on the way through as well', async () => {
    await using harness = await startHarness();
    const url = await harness.listen();
    const body = withData('{ "a": 1, "a": 2 }').replace(
      '"subscriberId"',
      '"subscriberId": "subscriber-999", "subscriberId"',
    );
    expect(
      (await post(url, `{ "query": "{ broken", ${body.slice(1)}`)).data.createChannelConnection.userErrors,
    ).toEqual([]);
    expect(lastBody(harness)).toMatchObject({
      subscriberId: 'subscriber-123',
      context: { tenant: { data: { a: 2 } } },
    });
  });

  it('with a key given twice in a document is refused', async () => {
    await using harness = await startHarness();
    const answer = await harness.execute(
      'mutation { updateChannelConnection(identifier: "x", input: { workspace: { id: "a", id: "b" }, auth: { accessToken: "abc" } }) { __typename } }',
    );
    expect(codesOf(answer)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });

  it.each([
    [
      'bytes that are no UTF-8',
      Buffer.concat([
        Buffer.from('{"query":"{ __typename } # '),
        Buffer.from([0xff, 0xfe]),
        Buffer.from('"}'),
      ]),
    ],
    [
      'an overlong slash',
      Buffer.concat([
        Buffer.from('{"query":"{ __typename } # '),
        Buffer.from([0xc0, 0xaf]),
        Buffer.from('"}'),
      ]),
    ],
    [
      'half an emoji in UTF-8',
      Buffer.concat([
        Buffer.from('{"query":"{ __typename } # '),
        Buffer.from([0xed, 0xa0, 0xbd]),
        Buffer.from('"}'),
      ]),
    ],
    ['UTF-16', Buffer.from('{"query":"{ __typename }"}', 'utf16le')],
    ['nothing', Buffer.alloc(0)],
    ['a NUL', Buffer.from('\0')],
    ['a number', Buffer.from('1')],
    ['a text', Buffer.from('"{ __typename }"')],
    ['null', Buffer.from('null')],
    ['NaN', Buffer.from('{"query":"{ __typename }","variables":{"a":NaN}}')],
    ['Infinity', Buffer.from('{"query":"{ __typename }","variables":{"a":Infinity}}')],
    ['a hexadecimal number', Buffer.from('{"query":"{ __typename }","variables":{"a":0x10}}')],
    ['single quotes', Buffer.from("{'query':'{ __typename }'}")],
    ['a comment', Buffer.from('{"query":"{ __typename }"} // x')],
    ['two documents', Buffer.from('{"query":"{ __typename }"}{"query":"{ __typename }"}')],
    ['a text with a raw line break', Buffer.from('{"query":"{ __typename \n}"}')],
    [
      '10,000 levels of objects',
      Buffer.from(`{"query":"{ __typename }","variables":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`),
    ],
    [
      '10,000 levels of lists',
      Buffer.from(`{"query":"{ __typename }","variables":{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`),
    ],
    [
      '10,000 levels in the extensions',
      Buffer.from(`{"query":"{ __typename }","extensions":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`),
    ],
    ['10,000 levels around everything', Buffer.from(`${'['.repeat(10_000)}${']'.repeat(10_000)}`)],
    ['60,000 levels that do not end', Buffer.from('['.repeat(60_000))],
  ])('is refused: %s', async (_name, body) => {
    await using harness = await startHarness();
    const answer = await post(await harness.listen(), new Uint8Array(body));
    expect(answer.status).toBe(400);
    expect(codesOf(answer)).toEqual(['BAD_REQUEST']);
  });

  it.each([1000, 5000, 10_000, 20_000])(
    'is refused where Novu would get it %i levels deep',
    async (levels) => {
      await using harness = await startHarness();
      const url = await harness.listen();
      const data = `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
      expect((await post(url, withData(data))).status).toBe(400);
      const signed = await startHarness({ env: { HMAC_SECRET: 'hmac-secret-0123456789' } });
      await using _closed = signed;
      const unsigned = await fetch(await signed.listen(), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: withData(data).replace(/\}$/, ',"extensions":{"hmac-signature":"eA=="}}'),
      });
      expect(unsigned.status).toBeLessThan(500);
      expect(harness.sandbox.requests).toEqual([]);
      expect(signed.sandbox.requests).toEqual([]);
    },
  );

  it('is taken where it is deep within reason', async () => {
    await using harness = await startHarness();
    const data = `${'{"a":'.repeat(50)}1${'}'.repeat(50)}`;
    expect(
      (await post(await harness.listen(), withData(data))).data.createChannelConnection.userErrors,
    ).toEqual([]);
    expect(JSON.stringify(lastBody(harness).context.tenant.data)).toBe(data);
  });
});

describe('numbers', () => {
  it.each([
    '1e400',
    '-1e400',
    '9007199254740993',
    '-9007199254740993',
    '123456789012345678901234567890',
    '1e21',
  ])('that no reader of JSON agrees on are refused: %s', async (number) => {
    await using harness = await startHarness();
    const answer = await post(await harness.listen(), withData(`{ "a": [{ "b": ${number} }] }`));
    expect(answer.status).toBe(400);
    expect(codesOf(answer)).toEqual(['BAD_REQUEST']);
    expect(harness.sandbox.requests).toEqual([]);
  });

  it.each(['1e400', '9007199254740993', '-123456789012345678901234567890'])(
    'that no reader of JSON agrees on are refused in a document: %s',
    async (number) => {
      await using harness = await startHarness();
      const answer = await harness.execute(
        `mutation { createChannelConnection(input: { subscriberId: "subscriber-123", integrationIdentifier: "slack-prod", context: [{ type: "t", id: "x", data: { a: [${number}] } }], workspace: { id: "T" }, auth: { accessToken: "secret" } }) { userErrors { message } } }`,
      );
      expect(codesOf(answer)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
      expect(harness.sandbox.requests).toEqual([]);
    },
  );

  it.each(['0', '-0', '1.5', '1e-400', '9007199254740991', '-1', '1E3'])(
    'that are clear arrive: %s',
    async (number) => {
      await using harness = await startHarness();
      await post(await harness.listen(), withData(`{ "a": ${number} }`));
      expect(lastBody(harness).context.tenant.data.a).toBe(Number(number) + 0);
    },
  );

  it.each([
    '1e400',
    '-1',
    '0',
    '101',
    '2147483648',
    '1.5',
    '1e2',
    '-0',
    '00',
    '0x1',
    'NaN',
    'Infinity',
    '"1"',
    'true',
    '[1, 2]',
    '{}',
  ])('as the size of a page are right or refused: %s', async (literal) => {
    await using harness = await startHarness();
    const url = await harness.listen();
    for (const body of [
      JSON.stringify({ query: `{ channelConnections(first: ${literal}) { totalCount } }` }),
      `{ "query": "query ($n: Int) { channelConnections(first: $n) { totalCount } }", "variables": { "n": ${literal} } }`,
    ]) {
      const answer = await post(url, body);
      expect(answer.status).toBeLessThan(500);
      expect(answer.errors.length, body).toBe(literal === '1e2' && body.includes('$n') ? 0 : 1);
      expect(codesOf(answer)).not.toContain('INTERNAL_SERVER_ERROR');
    }
    for (const { query } of harness.sandbox.requests) expect(query['limit']).toBe('100');
  });
});

describe('a request that is not JSON in UTF-8 by POST', () => {
  const query = '{"query":"mutation { deleteChannelConnection(identifier: \\"x\\") { __typename } }"}';

  it.each([
    'text/plain',
    'text/plain; application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
    'application/graphql+json',
    'application/json+evil',
    'application/jsonx',
    'application/json, text/plain',
    'application/json; charset=utf-16',
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf-8; charset=utf-16',
    'application/json; boundary=x',
    'text/json',
    '*/*',
    '',
  ])('is refused: %s', async (type) => {
    await using harness = await startHarness();
    const url = await harness.listen();
    const answer = await post(url, query, { 'content-type': type });
    expect(answer.status).toBe(415);
    expect(codesOf(answer)).toEqual(['BAD_REQUEST']);
    const direct = await harness.gateway.fetch('http://gateway.test/graphql', {
      method: 'POST',
      headers: { 'content-type': type, 'x-api-key': backendKey },
      body: query,
    });
    expect(direct.status).toBe(415);
    expect(harness.sandbox.requests).toEqual([]);
  });

  it('is refused without a type', async () => {
    await using harness = await startHarness();
    const url = await harness.listen();
    const answer = await converse(url, (socket) =>
      socket.write(
        `POST /graphql HTTP/1.1\r\nHost: a\r\nx-api-key: ${backendKey}\r\nContent-Length: ${query.length}\r\nConnection: close\r\n\r\n${query}`,
      ),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 415 /);
    expect(harness.sandbox.requests).toEqual([]);
  });

  it.each(['zstd', 'gzip, gzip', 'x-evil', '__proto__'])('is refused in %s', async (coding) => {
    await using harness = await startHarness();
    const answer = await post(await harness.listen(), new Uint8Array(gzipSync(query)), {
      'content-encoding': coding,
    });
    expect(answer.status).toBe(415);
    expect(harness.sandbox.requests).toEqual([]);
  });

  it.each([
    'PUT',
    'PATCH',
    'DELETE',
    'HEAD',
    'OPTIONS',
    'TRACE',
    'PROPFIND',
    'QUERY',
    'SEARCH',
    'CONNECT',
    'FOO',
    'post',
  ])('is refused as %s', async (verb) => {
    await using harness = await startHarness();
    const url = await harness.listen();
    const answer = await converse(url, (socket) =>
      socket.write(
        `${verb} /graphql HTTP/1.1\r\nHost: a\r\nx-api-key: ${backendKey}\r\nContent-Type: application/json\r\nContent-Length: ${query.length}\r\nConnection: close\r\n\r\n${query}`,
      ),
    );
    expect(answer).toMatch(/^(?:HTTP\/1\.1 40[0-9] |$)/);
    expect(harness.sandbox.requests).toEqual([]);
  });
});

describe('a batch', () => {
  const one = { query: '{ __typename }' };
  const batch = (size: number) => JSON.stringify(Array.from({ length: size }, () => one));

  it.each([0, 1, 2, 10, 1000])('of %i is refused unless batches are asked for', async (size) => {
    await using harness = await startHarness();
    const answer = await post(await harness.listen(), batch(size));
    expect(answer.status).toBe(400);
    expect(codesOf(answer)).toEqual(['BAD_REQUEST']);
  });

  it('is bounded when batches are asked for', async () => {
    await using harness = await startHarness({ env: { LIMIT_BATCH: '3' } });
    const url = await harness.listen();
    expect(JSON.parse((await post(url, batch(3))).text)).toHaveLength(3);
    expect((await post(url, batch(4))).status).toBe(413);
  });
});

describe('an address or header that is no proper one', () => {
  const ask = (harness: Harness, line: string, headers: string) =>
    harness
      .listen()
      .then((url) =>
        converse(url, (socket) => socket.write(`${line}\r\n${headers}Connection: close\r\n\r\n`)),
      );
  const key = `x-api-key: ${backendKey}\r\napollo-require-preflight: 1\r\n`;
  const get = 'GET /graphql?query={__typename} HTTP/1.1';

  it.each([
    '[',
    ']',
    'a b',
    'a:b:c',
    'a:99999',
    '%',
    '1.2.3.999',
    'evil/graphql?x=',
    'a#b',
    'a@b',
    'ü',
    '<script>',
    '[::1',
  ])('is refused without a stack: Host: %s', async (host) => {
    await using harness = await startHarness();
    const answer = await ask(harness, get, `Host: ${host}\r\n${key}`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).not.toMatch(/ at |node_modules|\.ts|\.js/);
  });

  it.each([
    'http://evil.example/graphql?query={__typename}',
    '*',
    'graphql',
    '//evil.example/graphql?query={__typename}',
    '/graphql%2f?query={__typename}',
    '/graphql%00?query={__typename}',
    '/GRAPHQL?query={__typename}',
    '/graphqlx?query={__typename}',
  ])('is refused: %s', async (target) => {
    await using harness = await startHarness();
    const answer = await ask(harness, `GET ${target} HTTP/1.1`, `Host: a\r\n${key}`);
    expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
  });

  it.each([
    'variables=%zz',
    'variables={',
    'variables=[1]',
    'variables="a"',
    'extensions=%zz',
    'extensions=1',
    'query=',
    'query[]=1',
    `variables=${encodeURIComponent('{"a":1e400}')}`,
  ])('is a bad request, not a failure: %s', async (search) => {
    await using harness = await startHarness();
    const url = `${await harness.listen()}?${search}${search.startsWith('query') ? '' : '&query={__typename}'}`;
    const answer = await fetch(url, {
      headers: { 'x-api-key': backendKey, 'apollo-require-preflight': '1' },
    });
    expect(answer.status, await answer.text()).toBe(400);
  });

  it.each([
    ['no Host', `${get}\r\n${key}`],
    ['two lengths', `POST /graphql HTTP/1.1\r\nHost: a\r\n${key}Content-Length: 1\r\nContent-Length: 2\r\n`],
    [
      'a length and chunks',
      `POST /graphql HTTP/1.1\r\nHost: a\r\n${key}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n`,
    ],
    ['chunks that are none', `POST /graphql HTTP/1.1\r\nHost: a\r\n${key}Transfer-Encoding: xchunked\r\n`],
    ['a folded line', `${get}\r\nHost: a\r\nx-a: b\r\n c\r\n${key}`],
    ['a blank before the colon', `${get}\r\nHost : a\r\n${key}`],
    ['a NUL', `${get}\r\nHost: a\r\nx-a: \0\r\n${key}`],
    ['two keys', `${get}\r\nHost: a\r\n${key}x-api-key: other\r\n`],
    [
      'two authorizations',
      `${get}\r\nHost: a\r\n${key}Authorization: ApiKey ${backendKey}\r\nAuthorization: ApiKey other-key-0123456789\r\n`,
    ],
    ['a version of its own', `GET /graphql?query={__typename} HTTP/9.9\r\nHost: a\r\n${key}`],
  ])('is refused: %s', async (_name, head) => {
    await using harness = await startHarness();
    const url = await harness.listen();
    const answer = await converse(url, (socket) => socket.write(`${head}Connection: close\r\n\r\n`));
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
  });

  it('takes the second of two authorizations into account however many headers come before', async () => {
    await using harness = await startHarness();
    const many = 'a: b\r\n'.repeat(2400);
    const answer = await ask(
      harness,
      get,
      `Host: a\r\nAuthorization: ApiKey ${backendKey}\r\n${many}Authorization: ApiKey other-key-0123456789\r\napollo-require-preflight: 1\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 40[01] /);
  });

  it.each([
    ['a million headers', (socket: Socket) => flood(socket, 'a: b\r\n'.repeat(1000), 1000)],
    ['one header of a megabyte', (socket: Socket) => flood(socket, `x-a: ${'a'.repeat(1_000_000)}\r\n`, 1)],
    [
      'a path of a megabyte',
      (socket: Socket) => flood(socket, '', 0, `GET /graphql?query=${'a'.repeat(1_000_000)} HTTP/1.1\r\n`),
    ],
  ])('is cut off: %s', async (_name, write) => {
    await using harness = await startHarness();
    const answer = await converse(await harness.listen(), write);
    expect(answer).toMatch(/^(?:HTTP\/1\.1 4(?:00|31) |$)/);
  });

  function flood(socket: Socket, text: string, times: number, line = `${get}\r\nHost: a\r\n`): void {
    socket.write(line);
    for (let sent = 0; sent < times && !socket.destroyed; sent += 1) socket.write(text);
  }
});

describe('a body', () => {
  const tooLarge = 'x'.repeat(200_000);

  it.each([
    ['whose length is given', (socket: Socket) => socket.write(`Content-Length: 200000\r\n\r\n`)],
    [
      'that comes in chunks',
      (socket: Socket) =>
        socket.write(`Transfer-Encoding: chunked\r\n\r\n${tooLarge.length.toString(16)}\r\n${tooLarge}\r\n`),
    ],
    ['whose length is a lie', (socket: Socket) => socket.write(`Content-Length: 99999999999\r\n\r\n`)],
  ])('that is too large is refused before all of it is there: %s', async (_name, write) => {
    await using harness = await startHarness();
    await using server = await listen(harness);
    const answer = await converse(server.url, (socket) => {
      socket.write(
        `POST /graphql HTTP/1.1\r\nHost: a\r\nx-api-key: ${backendKey}\r\nContent-Type: application/json\r\n`,
      );
      write(socket);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('PAYLOAD_TOO_LARGE');
  });

  it('is not read before it is known who sends it', async () => {
    await using harness = await startHarness();
    await using server = await listen(harness);
    const answer = await converse(server.url, (socket) =>
      socket.write(
        'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n',
      ),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe('what never ends', () => {
  const times = { headersTimeoutMs: 60, requestTimeoutMs: 120 };

  it('has less than 30 seconds unless the server is told otherwise', () => {
    const { headersTimeoutMs, requestTimeoutMs, checkEveryMs } = patience;
    expect(Math.max(headersTimeoutMs, requestTimeoutMs) + checkEveryMs).toBeLessThan(30_000);
  });

  it.each([
    ['the first line', 'GET /graphql'],
    ['the headers', 'GET /graphql HTTP/1.1\r\nHost: a\r\nx-a: b'],
    [
      'a body',
      `POST /graphql HTTP/1.1\r\nHost: a\r\nx-api-key: ${backendKey}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"query"`,
    ],
    [
      'the chunks of a body',
      `POST /graphql HTTP/1.1\r\nHost: a\r\nx-api-key: ${backendKey}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n`,
    ],
  ])('is cut: %s', async (_name, text) => {
    await using harness = await startHarness();
    await using server = await listen(harness, times);
    expect(await converse(server.url, (socket) => socket.write(text))).toMatch(/^(?:HTTP\/1\.1 408 |$)/);
    expect(harness.sandbox.requests).toEqual([]);
  });

  it('is cut though a byte comes now and then', async () => {
    await using harness = await startHarness();
    await using server = await listen(harness, times);
    let drip: NodeJS.Timeout | undefined;
    await converse(server.url, (socket) => {
      socket.write(
        `POST /graphql HTTP/1.1\r\nHost: a\r\nx-api-key: ${backendKey}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n`,
      );
      drip = setInterval(() => socket.write(' '), 5);
    });
    clearInterval(drip);
    expect(harness.sandbox.requests).toEqual([]);
  });
});

/** A server of its own with this patience. */
async function listen(
  harness: Harness,
  timeouts: NonNullable<AppDeps['timeouts']> = {},
): Promise<AsyncDisposable & { url: string }> {
  const app = createApp(harness.config, { novu: harness.novu, timeouts });
  const url = await app.server.listen(0, '127.0.0.1');
  return { url: `${url}/graphql`, [Symbol.asyncDispose]: () => app.server.drain(0).then(() => undefined) };
}
