import { readdirSync, readFileSync } from 'node:fs';
import { getIntrospectionQuery, type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { errorCodes } from '../../src/graphql/errors.ts';
import { schema } from '../../src/schema/schema.ts';
import {
  backendKey,
  connectionInput,
  createDocument,
  type Harness,
  startHarness,
  toExecution,
} from '../support/harness.ts';
import { positionsOf } from './inputs.ts';
import { worstDocuments } from './worst-documents.ts';

const repeat = (text: string, times: number) => Array.from({ length: times }, () => text).join(' ');
const count = (times: number, make: (index: number) => string) =>
  Array.from({ length: times }, (_, index) => make(index)).join(' ');

const json = 'application/json';
const graphqlJson = 'application/graphql-response+json';

async function ask(harness: Harness, body: object | string, accept: string) {
  const response = await harness.fetch({
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': backendKey, accept },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return toExecution(response.status, await response.text(), response.headers);
}

/** What is one too many for each limit, and what just fits. */
const limits: [code: string, tooMuch: string, fits: string, env?: Record<string, string>][] = [
  [
    'TOO_MANY_TOKENS',
    `{ channelConnection(identifier: "a") { ${count(500, (i) => `...F${i % 3}`)} } }`,
    '{ __typename }',
  ],
  [
    'TOO_DEEP',
    `{ channelConnection(identifier: "a") { ${nested(5)} } }`,
    `{ channelConnection(identifier: "a") { ${nested(3)} } }`,
  ],
  [
    'TOO_COMPLEX',
    `{ ${count(31, (i) => `a${i}: __typename`)} }`,
    `{ ${count(30, (i) => `a${i}: __typename`)} }`,
  ],
  [
    'TOO_MANY_DIRECTIVES',
    `query ($a: Boolean! = true) { __typename @skip(if: $a) @include(if: $a) }`,
    `query ($a: Boolean! = true) { __typename @skip(if: $a) }`,
    { LIMIT_DIRECTIVES: '1' },
  ],
  [
    'TOO_MANY_MUTATIONS',
    `mutation { ${count(11, (i) => `a${i}: deleteChannelConnection(identifier: "a${i}") { __typename }`)} }`,
    `mutation { ${count(10, (i) => `a${i}: deleteChannelConnection(identifier: "a${i}") { __typename }`)} }`,
  ],
  ['TOO_MANY_CHARACTERS', `{ __typename } # ${'x'.repeat(15_000)}`, `{ __typename } # ${'x'.repeat(14_000)}`],
  [
    'TOO_MANY_FIELDS',
    // Doubled eight times: in 400 characters, 2,560 fields.
    `{ ...F8 } ${count(8, (i) => `fragment F${i + 1} on Query { ...F${i} ...F${i} }`)} fragment F0 on Query { channelConnection(identifier: "a") { ${count(9, (i) => `i${i}: id`)} } }`,
    `{ ...F2 } ${count(2, (i) => `fragment F${i + 1} on Query { ...F${i} ...F${i} }`)} fragment F0 on Query { channelConnection(identifier: "a") { ${count(9, (i) => `i${i}: id`)} } }`,
  ],
  [
    'TOO_MANY_VALUES',
    `{ _entities(representations: [${repeat('{ __typename: "Subscriber", subscriberId: "a" }', 50)}]) { ... on Subscriber { ${count(30, (i) => `a${i}: subscriberId`)} } } }`,
    `{ _entities(representations: [${repeat('{ __typename: "Subscriber", subscriberId: "a" }', 50)}]) { ... on Subscriber { ${count(10, (i) => `a${i}: subscriberId`)} } } }`,
    { LIMIT_SIZE: '1000' },
  ],
  [
    'TOO_COMPLEX',
    `{ ${repeat('channelConnections { totalCount }', 111)} }`,
    `{ ${repeat('channelConnections { totalCount }', 75)} }`,
  ],
  [
    'TOO_COMPLEX',
    `{ ${repeat(`channelConnections { ${repeat('nodes { id }', 8)} }`, 16)} }`,
    `{ ${repeat(`channelConnections { ${repeat('nodes { id }', 4)} }`, 12)} }`,
  ],
  ['TOO_COMPLEX', `{ ${repeat('... { __typename }', 120)} }`, `{ ${repeat('... { __typename }', 100)} }`],
  [
    'TOO_COMPLEX',
    `{ ${count(31, (i) => `a${i}: __typename`)} }`,
    `{ ${count(30, (i) => `a${i}: __typename`)} }`,
  ],
  [
    'TOO_COMPLEX',
    `{ __typename } ${count(60, (i) => `fragment A${i} on Query { __typename }`)}`,
    '{ __typename }',
  ],
  [
    'TOO_MANY_ITEMS',
    `{ channelConnections(filter: { contextKeys: [${repeat('"a:b"', 11)}] }) { totalCount } }`,
    `{ channelConnections(filter: { contextKeys: [${repeat('"a:b"', 10)}] }) { totalCount } }`,
    { LIMIT_LIST_ITEMS: '10' },
  ],
  [
    'TOO_MANY_ITEMS',
    `mutation { createChannelConnection(input: { integrationIdentifier: "a", workspace: { id: "a" }, auth: { accessToken: "a" }, context: [{ type: "a", id: "a", data: { ${count(11, (i) => `k${i}: 1`)} } }] }) { __typename } }`,
    '{ __typename }',
    { LIMIT_LIST_ITEMS: '10' },
  ],
  [
    'TOO_COSTLY',
    '{ channelConnections(first: 100) { nodes { subscriber { channelConnections(first: 100) { nodes { subscriber { subscriberId } } } } } } }',
    '{ channelConnections(first: 10) { nodes { subscriber { channelConnections(first: 10) { nodes { subscriber { subscriberId } } } } } } }',
  ],
];

function nested(levels: number): string {
  return `${'subscriber { channelConnections { nodes { '.repeat(levels)} id ${'} } } '.repeat(levels)}`;
}

describe.each([json, graphqlJson])('a limit, for clients that accept %s,', (accept) => {
  // Gateways of Apollo carry on with the errors of a 200 alone; with the newer media type the status says it, too.
  const statusOfRefusal = accept === json ? 200 : 400;

  it.each(limits)(
    'answers with a code of its own, and a status that this media type has: %s (%#)',
    async (code, tooMuch, fits, env) => {
      await using harness = await startHarness(env === undefined ? {} : { env });
      const refused = await ask(harness, { query: tooMuch }, accept);
      expect([refused.status, refused.errors.map(({ extensions }) => extensions['code'])]).toEqual([
        statusOfRefusal,
        [code],
      ]);
      expect(refused.errors[0]?.message).toMatch(/at most \d+/);
      expect(harness.sandbox.requests).toEqual([]);
      const taken = await ask(harness, { query: fits }, accept);
      expect(taken.errors, JSON.stringify(taken.errors)).toEqual([]);
      expect(taken.status).toBe(200);
    },
  );

  it('answers 413 where the body is too large', async () => {
    await using harness = await startHarness({ env: { LIMIT_BODY_BYTES: '1024' } });
    const large = { query: `{ __typename } # ${'x'.repeat(1024)}` };
    const direct = await ask(harness, large, accept);
    expect([direct.status, direct.errors[0]?.extensions['code']]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });

  it('counts the size of a page in a variable and in its default', async () => {
    await using harness = await startHarness();
    const query =
      'query ($n: Int = 100) { channelConnections(first: $n) { nodes { subscriber { channelConnections(first: $n) { nodes { subscriber { subscriberId } } } } } } }';
    for (const variables of [{}, { n: 100 }]) {
      const answer = await ask(harness, { query, variables }, accept);
      expect([answer.status, answer.errors[0]?.extensions['code']]).toEqual([statusOfRefusal, 'TOO_COSTLY']);
    }
    expect((await ask(harness, { query, variables: { n: 5 } }, accept)).errors).toEqual([]);
  });

  it('counts a page as what null means, whatever the default of the variable', async () => {
    await using harness = await startHarness({ env: { LIMIT_COST: '100' } });
    const query =
      'query ($n: Int = 1) { channelConnections(first: $n) { nodes { subscriber { channelConnections(first: 1) { totalCount } } } } }';
    expect((await ask(harness, { query }, accept)).errors).toEqual([]);
    const answer = await ask(harness, { query, variables: { n: null } }, accept);
    expect([answer.status, answer.errors[0]?.extensions['code']]).toEqual([statusOfRefusal, 'TOO_COSTLY']);
  });

  it('counts the keys of objects in variables, whose errors graphql-js would repeat whole', async () => {
    await using harness = await startHarness();
    const query =
      'mutation ($input: CreateChannelConnectionInput!) { createChannelConnection(input: $input) { __typename } }';
    const unknown = (keys: number) => ({
      input: Object.fromEntries(Array.from({ length: keys }, (_, index) => [`unknown${index}`, 'x'])),
    });
    const many = await ask(harness, { query, variables: unknown(1001) }, accept);
    expect([many.status, many.errors.map(({ extensions }) => extensions['code'])]).toEqual([
      statusOfRefusal,
      ['TOO_MANY_ITEMS'],
    ]);
    const few = await ask(harness, { query, variables: unknown(900) }, accept);
    expect(few.errors).toHaveLength(1);
    expect(few.text.length).toBeLessThan(500);
  });

  it('is the same for a fragment and for its text written out, as a router may send either', async () => {
    await using harness = await startHarness();
    const fields = 'identifier channel provider workspace { id name } createdAt';
    const spread = `{ ${count(10, (i) => `c${i}: channelConnection(identifier: "a${i}") { ...F subscriber { channelConnections(first: 1) { nodes { ...F } } } }`)} } fragment F on ChannelConnection { ${fields} }`;
    const written = spread
      .replace(/ fragment F .*$/, '')
      .replaceAll('...F', `... on ChannelConnection { ${fields} }`);
    const answers = [];
    for (const query of [spread, written]) answers.push(await ask(harness, { query }, accept));
    expect(answers.map(({ status, errors }) => [status, errors])).toEqual([
      [200, []],
      [200, []],
    ]);
  });

  it('counts the items of lists in variables, however deep', async () => {
    await using harness = await startHarness({ env: { LIMIT_LIST_ITEMS: '10' } });
    const query = 'query ($f: ChannelConnectionFilter) { channelConnections(filter: $f) { totalCount } }';
    const of = (size: number) => ({
      f: { contextKeys: Array.from({ length: size }, (_, index) => `a:${index}`) },
    });
    const answer = await ask(harness, { query, variables: of(11) }, accept);
    expect([answer.status, answer.errors[0]?.extensions['code']]).toEqual([
      statusOfRefusal,
      'TOO_MANY_ITEMS',
    ]);
    expect(harness.sandbox.requests).toEqual([]);
    expect((await ask(harness, { query, variables: of(10) }, accept)).errors).toEqual([]);
  });

  it('counts the representations of entities', async () => {
    await using harness = await startHarness({ env: { LIMIT_COST: '1000' } });
    const query =
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Subscriber { channelConnections { totalCount } } } }';
    const of = (size: number) => ({
      r: Array.from({ length: size }, (_, index) => ({
        __typename: 'Subscriber',
        subscriberId: `s${index}`,
      })),
    });
    const answer = await ask(harness, { query, variables: of(200) }, accept);
    expect([answer.status, answer.errors[0]?.extensions['code']]).toEqual([statusOfRefusal, 'TOO_COSTLY']);
    expect((await ask(harness, { query, variables: of(5) }, accept)).errors).toEqual([]);
  });

  it('counts what fragments hold, used or not', async () => {
    await using harness = await startHarness();
    const deep = `query { __typename } fragment A on ChannelConnection { ${nested(5)} }`;
    const mutations = `mutation { ...A ...B } fragment A on Mutation { ${count(6, (i) => `a${i}: __typename`)} } fragment B on Mutation { ${count(6, (i) => `b${i}: __typename`)} }`;
    for (const [query, code] of [
      [deep, 'TOO_DEEP'],
      [mutations, 'TOO_MANY_MUTATIONS'],
    ] as const) {
      const answer = await ask(harness, { query }, accept);
      expect([answer.status, answer.errors[0]?.extensions['code']]).toEqual([statusOfRefusal, code]);
    }
  });
});

describe('every limit', () => {
  it('has a variable of its own', () => {
    const config = parseConfig({
      LIMIT_BODY_BYTES: '2048',
      LIMIT_TOKENS: '101',
      LIMIT_DEPTH: '8',
      LIMIT_DOCUMENT_CHARACTERS: '1001',
      LIMIT_FIELDS: '102',
      LIMIT_SIZE: '1003',
      LIMIT_NOVU_CALLS: '12',
      LIMIT_CALLER_IN_FLIGHT: '13',
      LIMIT_MUTATIONS: '4',
      LIMIT_DIRECTIVES: '5',
      LIMIT_LIST_ITEMS: '11',
      LIMIT_COST: '106',
      LIMIT_BATCH: '7',
    });
    expect(config.limits).toEqual({
      bodyBytes: 2048,
      tokens: 101,
      depth: 8,
      documentCharacters: 1001,
      fields: 102,
      values: 1003,
      novuCalls: 12,
      callerInFlight: 13,
      mutations: 4,
      directives: 5,
      listItems: 11,
      cost: 106,
      batch: 7,
    });
  });

  it('has a code of its own', () => {
    const codes = new Set(limits.map(([code]) => code));
    expect(errorCodes.filter((code) => code.startsWith('TOO_'))).toEqual(expect.arrayContaining([...codes]));
    // What an operation asks of Novu is counted as it runs, see test/upstream.
    const ofDocuments = errorCodes.filter(
      (code) => code.startsWith('TOO_') && code !== 'TOO_MANY_NOVU_CALLS',
    );
    expect([...codes].sort()).toEqual(ofDocuments.toSorted());
  });

  it('holds for a document that is known, by the variables that come with it', async () => {
    await using harness = await startHarness();
    const url = await harness.listen();
    const query =
      'query ($n: Int) { channelConnections(first: $n) { nodes { subscriber { channelConnections(first: $n) { nodes { subscriber { subscriberId } } } } } } }';
    for (const n of [1, 1, 100, 1, 100]) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': json, accept: graphqlJson, 'x-api-key': backendKey },
        body: JSON.stringify({ query, variables: { n } }),
      });
      expect([n, response.status]).toEqual([n, n === 1 ? 200 : 400]);
    }
  });
});

describe('with the default limits', () => {
  const folder = new URL('../../schema/operations/', import.meta.url);
  const documented = readdirSync(folder)
    .filter((name) => name.endsWith('.graphql'))
    .flatMap((name) => {
      const text = readFileSync(new URL(name, folder), 'utf8');
      return parse(text).definitions.map((definition) => ({
        name: (definition as OperationDefinitionNode).name!.value,
        text,
      }));
    });
  const isLimit = (codes: unknown[]) =>
    codes.some(
      (code) => typeof code === 'string' && (code.startsWith('TOO_') || code === 'PAYLOAD_TOO_LARGE'),
    );
  const codesOf = (answer: { errors: { extensions: Record<string, unknown> }[] }) =>
    answer.errors.map(({ extensions }) => extensions['code']);

  it.each(documented)('the documented example $name passes', async ({ name, text }) => {
    await using harness = await startHarness();
    const operation = parse(text).definitions.find(
      (one) => (one as OperationDefinitionNode).name!.value === name,
    );
    for (const query of [text, text.slice(operation!.loc!.start, operation!.loc!.end)]) {
      const answer = await harness.execute(query, {}, { operationName: name });
      expect(isLimit(codesOf(answer)), JSON.stringify(answer.errors)).toBe(false);
    }
  });

  it('a query of seven levels passes', async () => {
    await using harness = await startHarness();
    const { errors } = await harness.execute(
      '{ channelConnections(first: 20) { edges { node { subscriber { channelConnections(first: 10) { nodes { workspace { id name } auth { hasAccessToken } } } } } } } }',
    );
    expect(errors).toEqual([]);
  });

  it('the whole answer of every field passes, with __typename everywhere, as caches ask for it', async () => {
    await using harness = await startHarness({ sandbox: { knowsEverySubscriber: true } });
    for (const position of positionsOf(schema)) {
      const { query, variables } = position.request(undefined);
      const answer = await harness.execute(query, variables);
      expect(isLimit(codesOf(answer)), `${position.name}: ${answer.text.slice(0, 300)}`).toBe(false);
    }
  });

  it('a page of a hundred with all that belongs to each passes', async () => {
    await using harness = await startHarness();
    await harness.execute(createDocument, { input: connectionInput() });
    const { errors } = await harness.execute(
      '{ channelConnections(first: 100) { totalCount pageInfo { endCursor hasNextPage } nodes { id subscriber { channelConnections(first: 10) { nodes { id workspace { name } } } } } } }',
    );
    expect(errors).toEqual([]);
  });

  it('ten creates in one document pass', async () => {
    await using harness = await startHarness();
    const query = `mutation (${count(10, (i) => `$i${i}: CreateChannelConnectionInput!`)}) { ${count(10, (i) => `c${i}: createChannelConnection(input: $i${i}) { channelConnection { identifier workspace { id } } userErrors { __typename code message path } }`)} }`;
    const variables = Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [
        `i${i}`,
        connectionInput({ identifier: `c${i}`, context: [{ type: 't', id: `c${i}` }] }),
      ]),
    );
    const { errors, data } = await harness.execute(query, variables);
    expect(errors).toEqual([]);
    expect(data.c9.channelConnection.identifier).toBe('c9');
  });

  it.each([json, graphqlJson])("GraphiQL's introspection passes in the sandbox: %s", async (accept) => {
    await using harness = await startHarness({ env: { INTROSPECTION: 'on' } });
    const query = getIntrospectionQuery({
      descriptions: true,
      directiveIsRepeatable: true,
      inputValueDeprecation: true,
      oneOf: true,
      schemaDescription: true,
      specifiedByUrl: true,
    });
    const answer = await ask(harness, { query, operationName: 'IntrospectionQuery' }, accept);
    expect(answer.errors).toEqual([]);
    expect(answer.data.__schema.types.length).toBeGreaterThan(20);
  });
});

describe('the worst documents', () => {
  it.each(worstDocuments)('are refused or answered: %s', async (_name, query) => {
    await using harness = await startHarness();
    for (const accept of [json, graphqlJson]) {
      const answer = await ask(harness, { query }, accept);
      const [error] = answer.errors;
      expect(answer.status).toBeLessThan(500);
      expect(errorCodes).toContain(error?.extensions['code'] ?? 'BAD_REQUEST');
      expect(error?.extensions['code']).not.toBe('INTERNAL_SERVER_ERROR');
      expect(answer.text.length).toBeLessThan(20_000);
      if (answer.data === null) expect(error).toBeDefined();
    }
  });
});

describe('the calls to Novu of one operation', () => {
  it('are at most LIMIT_NOVU_CALLS: the rows beyond are errors of their own, the others stand', async () => {
    await using harness = await startHarness({ env: { LIMIT_NOVU_CALLS: '10' } });
    const representations = Array.from({ length: 30 }, (_, index) => ({
      __typename: 'ChannelConnection',
      identifier: `c${index}`,
    }));
    const { data, errors } = await harness.execute(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on ChannelConnection { channel } } }',
      { r: representations },
      { once: true },
    );
    expect(harness.sandbox.requests).toHaveLength(10);
    expect(new Set(errors.map(({ extensions }) => extensions['code']))).toEqual(
      new Set(['TOO_MANY_NOVU_CALLS']),
    );
    expect(errors).toHaveLength(20);
    expect(data._entities).toHaveLength(30);
  });

  it('may last no longer than the caller waits, however many they are', async () => {
    await using harness = await startHarness({ env: { UPSTREAM_TIMEOUT_MS: '60000' } });
    harness.sandbox.onRequest = () => ({ kind: 'hang-before' });
    const query = `mutation { ${count(10, (i) => `a${i}: deleteChannelConnection(identifier: "a${i}") { __typename }`)} }`;
    const { errors } = await harness.execute(query, {}, { headers: { 'x-request-timeout-ms': '200' } });
    expect(errors).toHaveLength(10);
    // The budget is that of the request: what came after the first had no time left to be sent.
    expect(harness.sandbox.requests.length).toBeLessThan(4);
  });
});
