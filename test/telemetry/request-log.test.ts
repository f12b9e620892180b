import { once } from 'node:events';
import { connect } from 'node:net';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/embed.ts';
import {
  backendKey,
  connectionInput,
  createDocument,
  door,
  type HarnessOptions,
  novuKey,
  startHarness,
} from '../support/harness.ts';
import { createSigner } from '../support/tokens.ts';

type Line = Record<string, unknown> & { msg: string };

async function start({ level = 'info', ...options }: HarnessOptions & { level?: string } = {}) {
  const lines: Line[] = [];
  const log = pino({ level, base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const harness = await startHarness({ log, ...options });
  return {
    ...harness,
    log,
    lines,
    /** The lines of requests, once there are so many. */
    async requests(count: number): Promise<Line[]> {
      const found = () => lines.filter(({ msg }) => msg === 'request');
      await expect.poll(() => found().length).toBe(count);
      return found();
    },
    [Symbol.asyncDispose]: () => harness[Symbol.asyncDispose](),
  };
}

const create = { input: connectionInput(), key: 'key-1' };

describe('the log of requests', () => {
  it('has one line for each: who, which operation, how it ended, what it took of Novu', async () => {
    await using gateway = await start();
    await gateway.execute(createDocument, create);
    expect(await gateway.requests(1)).toEqual([
      {
        level: 30,
        time: expect.any(Number),
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        caller: 'backend',
        method: 'POST',
        status: 200,
        outcome: 'ok',
        ms: expect.any(Number),
        operation: 'Create',
        kind: 'mutation',
        document: expect.stringMatching(/^[0-9a-f]{16}$/),
        novu: { calls: 1, tries: 1, ms: expect.any(Number), queuedMs: expect.any(Number), statuses: [201] },
        msg: 'request',
      },
    ]);
  });

  it('says of a replay that it is one, and of a refusal its codes', async () => {
    await using gateway = await start();
    await gateway.execute(createDocument, create);
    await gateway.execute(createDocument, create);
    await gateway.execute(createDocument, { input: connectionInput({ workspace: { id: '' } }) });
    const [first, second, third] = await gateway.requests(3);
    expect(first).not.toHaveProperty('replayed');
    expect(second).toMatchObject({ outcome: 'ok', replayed: true });
    expect(third).toMatchObject({ outcome: 'user-error', status: 200, userErrors: ['INVALID_INPUT'] });
    expect(third).not.toHaveProperty('novu');
  });

  it('says that a write was rescued, and warns of it', async () => {
    await using gateway = await start();
    gateway.sandbox.fail({ kind: 'error-after' });
    await gateway.execute(createDocument, create);
    const [line] = await gateway.requests(1);
    expect(line).toMatchObject({
      outcome: 'ok',
      recovered: true,
      novu: { calls: 2, tries: 2, statuses: [500, 200], errorId: expect.any(String) },
    });
    const [warning, ...others] = gateway.lines.filter(({ level }) => level === 40);
    expect(others).toEqual([]);
    expect(warning).toMatchObject({
      ...line,
      level: 40,
      time: expect.any(Number),
      msg: expect.stringMatching(/^a write was rescued/),
    });
  });

  it('warns of an outcome that stays unknown, at level warn too', async () => {
    await using gateway = await start({ level: 'warn', env: { WRITE_TIMEOUT_MS: '300' } });
    gateway.sandbox.onRequest = () => ({ kind: 'hang-before' });
    await gateway.execute(createDocument, create);
    await expect
      .poll(() => gateway.lines)
      .toMatchObject([
        {
          level: 40,
          outcome: 'unknown',
          errors: ['OUTCOME_UNKNOWN'],
          operation: 'Create',
          novu: { failures: expect.arrayContaining(['timeout']) },
          msg: 'the outcome of a write is unknown',
        },
      ]);
  });

  it('warns once of a value of an enum that Novu has and the schema has not', async () => {
    await using gateway = await start({ level: 'warn' });
    gateway.sandbox.onRequest = () => ({
      kind: 'status',
      status: 200,
      body: { data: { identifier: 'x', channel: 'smoke-signals', providerId: 'slack' } },
    });
    const read = '{ channelConnection(identifier: "x") { channel } }';
    await gateway.execute(read);
    await gateway.execute(read);
    expect(gateway.lines).toMatchObject([{ level: 40, enum: 'NovuChannelType' }]);
    expect(JSON.stringify(gateway.lines)).not.toContain('smoke');
  });

  it('has the name that the document declares, not the one that was sent beside it', async () => {
    await using gateway = await start();
    const two = 'query First { __typename } query Second { a: __typename }';
    await gateway.execute(two, {}, { operationName: 'Second', once: true });
    await gateway.execute('{ __typename }', {}, { once: true });
    await gateway.execute(two, {}, { operationName: 'Third', once: true });
    const lines = await gateway.requests(3);
    expect(
      lines.map(({ operation, outcome, status, errors }) => [operation, outcome, status, errors]),
    ).toEqual([
      ['Second', 'ok', 200, undefined],
      [null, 'ok', 200, undefined],
      [null, 'refused', 400, ['BAD_REQUEST']],
    ]);
  });

  it('has the same hash for documents that differ in string literals alone', async () => {
    await using gateway = await start();
    for (const text of ['a', 'b'])
      await gateway.execute(`{ channelConnection(identifier: "${text}") { channel } }`, {}, { once: true });
    await gateway.execute('{ channelConnection(identifier: "a") { identifier } }', {}, { once: true });
    const [first, second, third] = await gateway.requests(3);
    expect(first?.['document']).toBe(second?.['document']);
    expect(first?.['document']).not.toBe(third?.['document']);
  });

  it('has neither aliases nor names of variables and fragments, nor values', async () => {
    await using gateway = await start({ level: 'trace' });
    await gateway.execute(
      'query Read($variableName: ID! = "default-value") { aliasName: channelConnection(identifier: $variableName) { ...FragmentName } other: channelConnection(identifier: "literal-value") { id } } fragment FragmentName on ChannelConnection { identifier }',
      { variableName: 'variable-value' },
      { once: true },
    );
    await gateway.requests(1);
    expect(JSON.stringify(gateway.lines)).not.toMatch(/aliasName|variableName|FragmentName|-value/);
  });

  it('has the codes of errors, not their words', async () => {
    await using gateway = await start();
    const query = '{ channelConnections(first: 1000) { totalCount } }';
    await gateway.execute(query, {}, { once: true });
    await gateway.execute(
      'query ($n: Int!) { channelConnections(first: $n) { totalCount } }',
      { n: 'x' },
      { once: true },
    );
    await gateway.execute('{ nope }', {}, { once: true });
    await gateway.execute('{', {}, { once: true });
    const lines = await gateway.requests(4);
    expect(lines.map(({ errors, outcome }) => [outcome, errors])).toEqual([
      ['error', ['BAD_USER_INPUT']],
      ['refused', ['BAD_USER_INPUT']],
      ['refused', ['GRAPHQL_VALIDATION_FAILED']],
      ['refused', ['GRAPHQL_PARSE_FAILED']],
    ]);
    expect(JSON.stringify(lines)).not.toContain('1000');
  });

  it('is silent at level error', async () => {
    await using gateway = await start({ level: 'error' });
    await gateway.execute('{ __typename }');
    gateway.sandbox.fail({ kind: 'error-after' });
    await gateway.execute(createDocument, create);
    expect(gateway.lines).toEqual([]);
  });

  it('names end users', async () => {
    const { env, sign } = await createSigner();
    await using gateway = await start({ env });
    await gateway.execute(
      '{ __typename }',
      {},
      {
        key: null,
        headers: { authorization: `Bearer ${await sign({ sub: 'subscriber-1' })}` },
        once: true,
      },
    );
    expect(await gateway.requests(1)).toMatchObject([{ caller: 'end user' }]);
  });
});

describe('the page of the playground', () => {
  it('has one line, too', async () => {
    await using gateway = await start({ env: { PLAYGROUND: 'on' } });
    const page = await gateway.fetch({ headers: { accept: 'text/html' } });
    await page.text();
    await gateway.execute('{ __typename }', {}, { once: true });
    expect(await gateway.requests(2)).toMatchObject([
      { method: 'GET', status: 200, outcome: 'ok', caller: null },
      { method: 'POST', caller: 'backend' },
    ]);
  });
});

describe('a request that was refused', () => {
  const json = { 'content-type': 'application/json' };
  const known = { ...json, 'x-api-key': backendKey };
  it.each<[string, number, string | undefined, RequestInit, string?]>([
    ['no credentials', 401, 'UNAUTHENTICATED', { method: 'POST', headers: json, body: '{}' }],
    ['another address', 404, 'BAD_REQUEST', { method: 'POST', headers: known, body: '{}' }, '/nowhere'],
    [
      'a page of another origin',
      403,
      'CROSS_SITE_REQUEST',
      { method: 'POST', headers: { ...known, 'sec-fetch-site': 'cross-site' }, body: '{}' },
    ],
    [
      'another media type',
      415,
      'BAD_REQUEST',
      { method: 'POST', headers: { 'x-api-key': backendKey }, body: '{}' },
    ],
    [
      'a body that is too large',
      413,
      'PAYLOAD_TOO_LARGE',
      { method: 'POST', headers: known, body: 'x'.repeat(200_000) },
    ],
    ['a body that is not JSON', 400, 'BAD_REQUEST', { method: 'POST', headers: known, body: '{' }],
    [
      'a GET without its header',
      400,
      'CROSS_SITE_REQUEST',
      { headers: { 'x-api-key': backendKey } },
      '/graphql?query={__typename}',
    ],
    [
      'an operation that is too deep',
      200,
      'TOO_DEEP',
      {
        method: 'POST',
        headers: known,
        body: JSON.stringify({ query: `{ ${'a { '.repeat(20)} b ${'}'.repeat(20)} }` }),
      },
    ],
  ])('for %s has a line', async (_name, status, code, init, path) => {
    await using gateway = await start();
    const response = await gateway.fetch(init, path);
    await response.text();
    expect([response.status, await gateway.requests(1)]).toMatchObject([
      status,
      [
        {
          status,
          outcome: 'refused',
          errors: [code],
          method: init.method ?? 'GET',
          requestId: response.headers.get('x-request-id'),
        },
      ],
    ]);
  });

  it.skipIf(door === 'fetch')('because it was no HTTP has a line, and the answer that it had', async () => {
    await using gateway = await start();
    const { port } = new URL(await gateway.listen());
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('NONSENSE\r\n\r\n');
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    expect(chunk.toString()).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    socket.destroy();
    await expect
      .poll(() => gateway.lines)
      .toMatchObject([
        { caller: null, status: 400, outcome: 'refused', errors: ['HPE_INVALID_METHOD'], msg: 'request' },
      ]);
  });

  it.skipIf(door === 'fetch')('by its caller, who left, has a line when its work has ended', async () => {
    await using gateway = await start();
    const until = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    gateway.sandbox.onRequest = ({ method }) => {
      if (method !== 'POST') return undefined;
      asked.resolve();
      return { kind: 'slow', until: until.promise, at: 'start' };
    };
    const leaving = new AbortController();
    const answer = gateway.execute(createDocument, create, { signal: leaving.signal });
    await asked.promise;
    leaving.abort();
    await expect(answer).rejects.toThrow();
    until.resolve();
    expect(await gateway.requests(1)).toMatchObject([
      { status: null, outcome: 'aborted', operation: 'Create', novu: { statuses: [201] } },
    ]);
  });
});

describe('the log of calls to Novu', () => {
  it('has a line for each try at level debug', async () => {
    await using gateway = await start({ level: 'debug' });
    const app = createApp(gateway.config, { log: gateway.log });
    const url = await app.server.listen(0, '127.0.0.1');
    gateway.sandbox.fail({ kind: 'reset-before' });
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': backendKey, 'x-request-id': 'one' },
      body: JSON.stringify({ query: '{ channelConnection(identifier: "secret-name") { channel } }' }),
    });
    await response.text();
    await app.server.drain(1_000);
    await app.close();
    const calls = gateway.lines.filter(({ msg }) => msg === 'call to Novu');
    expect(calls).toMatchObject([
      {
        requestId: 'one',
        method: 'GET',
        route: '/v1/channel-connections/{identifier}',
        tries: 1,
        kind: 'reset',
      },
      { requestId: 'one', tries: 2, status: 404 },
    ]);
    expect(JSON.stringify(gateway.lines)).not.toMatch(/secret-name/);
    expect(JSON.stringify(gateway.lines)).not.toContain(novuKey);
  });
});
