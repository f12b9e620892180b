import { hash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePersistedOperations } from '../../src/operations/persisted-operations.ts';
import { backendKey, type Harness, novuKey, startHarness, toExecution } from '../support/harness.ts';
import { startProcess } from '../support/process.ts';

const trusted = 'query Trusted { channelConnections { totalCount } }';
const other = 'query Other { __typename }';
const sha256 = (text: string) => hash('sha256', text);
const persisted = (sha256Hash: string, query?: string, variables?: object) => ({
  ...(query !== undefined && { query }),
  ...(variables !== undefined && { variables }),
  extensions: { persistedQuery: { version: 1, sha256Hash } },
});

/** A gateway that trusts one document, asked with bodies as they are. */
async function start(env: Record<string, string>, documents?: ReadonlyMap<string, string>) {
  const harness = await startHarness({
    env:
      env['PERSISTED_OPERATIONS'] === undefined
        ? env
        : { PERSISTED_OPERATIONS_FILE: 'given-as-a-map', ...env },
    deps: documents === undefined ? {} : { persistedOperations: documents },
  });
  return {
    harness,
    ask: (body: object) => ask(harness, body),
    [Symbol.asyncDispose]: () => harness[Symbol.asyncDispose](),
  };
}
async function ask(harness: Harness, body: object) {
  const response = await harness.fetch({
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': backendKey },
    body: JSON.stringify(body),
  });
  const answer = toExecution(response.status, await response.text(), response.headers);
  return { ...answer, code: answer.errors[0]?.extensions['code'] };
}
const one = new Map([['trusted-id', trusted]]);
const done = { status: 200, errors: [], data: { channelConnections: { totalCount: 0 } } };

describe('a list of trusted documents', () => {
  it('alone is answered with PERSISTED_OPERATIONS=only', async () => {
    await using gateway = await start({ PERSISTED_OPERATIONS: 'only' }, one);
    expect(await gateway.ask(persisted('trusted-id'))).toMatchObject(done);
    expect(await gateway.ask({ query: trusted })).toMatchObject(done);
    for (const body of [
      { query: other },
      { query: `${trusted} ` },
      { query: `${trusted} # and more` },
      persisted('trusted-id', other),
      persisted(sha256(other), other),
      {},
      { query: '' },
    ])
      expect([JSON.stringify(body), await gateway.ask(body)]).toMatchObject([
        JSON.stringify(body),
        { status: 200, code: 'PERSISTED_QUERY_ONLY', data: null },
      ]);
    expect(await gateway.ask(persisted('unknown'))).toMatchObject({
      code: 'PERSISTED_QUERY_NOT_FOUND',
      data: null,
    });
    expect(gateway.harness.sandbox.requests).toHaveLength(2);
  });

  it('is all that there is with PERSISTED_OPERATIONS=only, whatever APQ says', async () => {
    await using gateway = await start({ PERSISTED_OPERATIONS: 'only', APQ: 'on' }, one);
    expect(await gateway.ask(persisted(sha256(other), other))).toMatchObject({
      code: 'PERSISTED_QUERY_ONLY',
    });
    expect(await gateway.ask(persisted(sha256(other)))).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
  });

  it('lets nothing through with PERSISTED_OPERATIONS=only where no list was given', async () => {
    await using gateway = await start({ PERSISTED_OPERATIONS: 'only' });
    expect(await gateway.ask({ query: other })).toMatchObject({ status: 200, code: 'PERSISTED_QUERY_ONLY' });
  });

  it('stands beside other documents with PERSISTED_OPERATIONS=prefer', async () => {
    await using gateway = await start({ PERSISTED_OPERATIONS: 'prefer' }, one);
    expect(await gateway.ask(persisted('trusted-id'))).toMatchObject(done);
    expect(await gateway.ask({ query: other })).toMatchObject({ data: { __typename: 'Query' } });
    expect(await gateway.ask(persisted(sha256(other), other))).toMatchObject({
      data: { __typename: 'Query' },
    });
    // Without APQ nothing was kept.
    expect(await gateway.ask(persisted(sha256(other)))).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
  });

  it('is held to the limits and rules that hold for all documents', async () => {
    const documents = new Map([
      [
        'deep',
        `{ ${'channelConnection(identifier: "a") { subscriber { channelConnections { nodes { '.repeat(4)} id ${'} } } } '.repeat(4)} }`,
      ],
      ['introspection', '{ __schema { types { name } } }'],
      ['wrong', '{ noSuchField }'],
    ]);
    await using gateway = await start({ PERSISTED_OPERATIONS: 'only' }, documents);
    expect(await gateway.ask(persisted('deep'))).toMatchObject({ data: null, errors: [{}] });
    expect(await gateway.ask(persisted('introspection'))).toMatchObject({
      code: 'GRAPHQL_VALIDATION_FAILED',
      data: null,
    });
    expect(await gateway.ask(persisted('wrong'))).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
  });

  it('takes an id over GET', async () => {
    await using harness = await startHarness({
      env: { PERSISTED_OPERATIONS: 'prefer', PERSISTED_OPERATIONS_FILE: 'x' },
      deps: {
        persistedOperations: new Map([
          ...one,
          ['write', 'mutation { deleteChannelConnection(identifier: "x") { __typename } }'],
        ]),
      },
    });
    const get = (id: string) =>
      harness.fetch(
        { headers: { 'x-api-key': backendKey, 'apollo-require-preflight': '1' } },
        `/graphql?extensions=${encodeURIComponent(JSON.stringify(persisted(id).extensions))}`,
      );
    expect(await (await get('trusted-id')).json()).toEqual({ data: done.data });
    expect((await get('write')).status).toBe(405);
  });

  it.each(['__proto__', 'constructor', 'toString', '', 'x'.repeat(1000), '../trusted-id'])(
    'knows no id that is not in it: %s',
    async (id) => {
      await using gateway = await start({ PERSISTED_OPERATIONS: 'only' }, one);
      const answer = await gateway.ask(persisted(id));
      expect(answer.data).toBeNull();
      expect(['PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_ONLY']).toContain(answer.code);
      expect(answer.text).not.toContain(id === '' ? 'undefined' : id);
    },
  );

  it.each([1, true, null, ['trusted-id'], { id: 'trusted-id' }])(
    'knows no id that is no text: %j',
    async (id) => {
      await using gateway = await start({ PERSISTED_OPERATIONS: 'only' }, one);
      const answer = await gateway.ask({ extensions: { persistedQuery: { version: 1, sha256Hash: id } } });
      expect(answer).toMatchObject({ status: 200, code: 'PERSISTED_QUERY_ONLY' });
    },
  );
});

describe('automatic persisted queries', () => {
  it('are kept once the document came with its hash', async () => {
    await using gateway = await start({ APQ: 'on' });
    const id = sha256(trusted);
    expect(await gateway.ask(persisted(id))).toMatchObject({
      status: 200,
      code: 'PERSISTED_QUERY_NOT_FOUND',
      errors: [{ message: 'PersistedQueryNotFound' }],
    });
    expect(await gateway.ask(persisted(id, trusted))).toMatchObject(done);
    expect(await gateway.ask(persisted(id))).toMatchObject(done);
  });

  it('are refused with a hash that is not that of the document', async () => {
    await using gateway = await start({ APQ: 'on' });
    for (const id of [sha256(other), sha256(trusted).toUpperCase(), 'x']) {
      expect(await gateway.ask(persisted(id, trusted))).toMatchObject({
        status: 400,
        code: 'BAD_REQUEST',
        data: null,
      });
      expect(await gateway.ask(persisted(id))).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
    }
    expect(gateway.harness.sandbox.requests).toEqual([]);
  });

  it('are off unless asked for', async () => {
    await using gateway = await start({});
    await gateway.ask(persisted(sha256(trusted), trusted));
    expect(await gateway.ask(persisted(sha256(trusted)))).toMatchObject({ data: null, errors: [{}] });
  });

  it('are only checked again, not trusted, when they are asked for by hash', async () => {
    await using gateway = await start({ APQ: 'on' });
    const wrong = '{ noSuchField }';
    expect(await gateway.ask(persisted(sha256(wrong), wrong))).toMatchObject({
      code: 'GRAPHQL_VALIDATION_FAILED',
    });
    expect((await gateway.ask(persisted(sha256(wrong)))).data).toBeNull();
  });

  it('are forgotten when there are too many', async () => {
    await using gateway = await start({ APQ: 'on', LIMIT_DOCUMENT_CHARACTERS: '200000' });
    const first = `{ __typename } # ${'first'.padEnd(100_000, 'x')}`;
    await gateway.ask(persisted(sha256(first), first));
    expect((await gateway.ask(persisted(sha256(first)))).errors).toEqual([]);
    for (let index = 0; index < 90; index += 1) {
      const document = `{ __typename } # ${String(index).padEnd(100_000, 'x')}`;
      await gateway.ask(persisted(sha256(document), document));
    }
    expect(await gateway.ask(persisted(sha256(first)))).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
  });

  const secret = 'xoxb-in-a-document';
  const input = (auth: string) => `input: { workspace: { id: "T" }, auth: ${auth} }`;
  it.each([
    [
      'a token',
      `mutation { updateChannelConnection(identifier: "x", ${input(`{ accessToken: "${secret}" }`)}) { __typename } }`,
    ],
    [
      'a token in a block text',
      `mutation { updateChannelConnection(identifier: "x", ${input(`{ accessToken: """${secret}""" }`)}) { __typename } }`,
    ],
    [
      'a token as the default of a variable',
      `mutation ($t: NovuSecret! = "${secret}") { updateChannelConnection(identifier: "x", ${input('{ accessToken: $t }')}) { __typename } }`,
    ],
    [
      'a token in the default of an input',
      `mutation ($a: ChannelConnectionAuthInput! = { accessToken: "${secret}" }) { updateChannelConnection(identifier: "x", ${input('$a')}) { __typename } }`,
    ],
    [
      'a token of the wrong type',
      `mutation { updateChannelConnection(identifier: "x", ${input(`{ accessToken: ["${secret}"] }`)}) { __typename } }`,
    ],
    [
      'a token as a number',
      `mutation { updateChannelConnection(identifier: "x", ${input('{ accessToken: 12345678 }')}) { __typename } }`,
    ],
    [
      'a token under an unknown key',
      `mutation { updateChannelConnection(identifier: "x", ${input(`{ token: "${secret}" }`)}) { __typename } }`,
    ],
    [
      'a token in an unknown argument',
      `mutation { updateChannelConnection(token: "${secret}") { __typename } }`,
    ],
    ['a token in an unknown field', `mutation { setToken(token: "${secret}") { __typename } }`],
    ['a token in an unknown directive', `{ __typename @token(is: "${secret}") }`],
    [
      'a token in free data',
      `mutation { createChannelConnection(input: { context: [{ type: "t", id: "x", data: { token: "${secret}" } }], integrationIdentifier: "slack-prod", workspace: { id: "T" }, auth: { accessToken: null } }) { __typename } }`,
    ],
    ['something that cannot be read', `{ "${secret}`],
  ])('are not kept with %s in them', async (_name, document) => {
    await using gateway = await start({ APQ: 'on' });
    await gateway.ask(persisted(sha256(document), document));
    expect(await gateway.ask(persisted(sha256(document)))).toMatchObject({
      code: 'PERSISTED_QUERY_NOT_FOUND',
    });
  });

  it('are kept with tokens in their variables, which are no part of them', async () => {
    await using gateway = await start({ APQ: 'on' });
    const document = `mutation ($t: NovuSecret!) { updateChannelConnection(identifier: "x", ${input('{ accessToken: $t }')}) { userErrors { code } } }`;
    const missing = { data: { updateChannelConnection: { userErrors: [{ code: 'NOT_FOUND' }] } } };
    expect(await gateway.ask(persisted(sha256(document), document, { t: secret }))).toMatchObject(missing);
    expect(await gateway.ask(persisted(sha256(document), undefined, { t: secret }))).toMatchObject(missing);
  });
});

describe('a file of trusted documents', () => {
  it("may be Apollo's manifest", () => {
    const operations = [{ id: 'a', body: trusted, name: 'Trusted', type: 'query' }];
    const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations };
    expect(parsePersistedOperations(JSON.stringify(manifest))).toEqual(new Map([['a', trusted]]));
  });

  it('may be an object of documents by id', () => {
    expect(parsePersistedOperations(JSON.stringify({ a: trusted, b: other }))).toEqual(
      new Map([
        ['a', trusted],
        ['b', other],
      ]),
    );
  });

  it.each([
    ['no JSON', '{ secret-text', 'is not JSON'],
    ['a list', '[]', 'neither'],
    ['numbers', '{ "a": 1 }', 'neither'],
    ['a manifest of another kind', '{ "format": "x", "operations": [] }', 'neither'],
    ['a document that cannot be parsed', '{ "a": "{ secret-text" }', "can't be parsed, with the id a"],
  ])('is refused without being repeated: %s', (_name, text, message) => {
    expect(() => parsePersistedOperations(text)).toThrow(message);
    expect(() => parsePersistedOperations(text)).not.toThrow('secret-text');
  });

  it('is read by the command, which does not start without it', async () => {
    await using harness = await startHarness();
    const folder = await mkdtemp(join(tmpdir(), 'persisted-'));
    try {
      const file = join(folder, 'operations.json');
      const env = {
        NOVU_API_URL: harness.sandbox.url,
        NOVU_SECRET_KEY: novuKey,
        GATEWAY_API_KEYS: `backend:${backendKey}`,
        PERSISTED_OPERATIONS: 'only',
        PERSISTED_OPERATIONS_FILE: file,
      };
      await using failed = startProcess(env);
      await expect(failed.url).rejects.toThrow();
      expect((await failed.exited).code).toBe(1);
      expect(failed.errorOutput()).toContain('PERSISTED_OPERATIONS_FILE');

      await writeFile(file, JSON.stringify({ 'trusted-id': trusted }));
      await using gateway = startProcess(env);
      const url = await gateway.url;
      const post = (body: object) =>
        fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-api-key': backendKey },
          body: JSON.stringify(body),
        });
      // Twice, since the second of two equal requests may take a shorter way.
      for (let round = 0; round < 2; round += 1) {
        expect((await post(persisted('trusted-id'))).status).toBe(200);
        expect((await post({ query: trusted })).status).toBe(200);
        expect(await (await post({ query: other })).text()).toContain('PERSISTED_QUERY_ONLY');
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
