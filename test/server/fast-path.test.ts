import { describe, expect, it } from 'vitest';
import { runFast } from '../../src/server/gateway.ts';
import { serviceCaller } from '../../src/callers/caller.ts';
import {
  backendKey,
  connectionInput,
  createDocument,
  type Harness,
  startHarness,
} from '../support/harness.ts';

const read =
  'query Read($identifier: ID!) { channelConnection(identifier: $identifier) { identifier createdAt auth { hasAccessToken accessToken } } }';
const list =
  'query List($first: Int) { channelConnections(first: $first) { totalCount nodes { identifier } } }';

const everything = `
  query Everything($identifier: ID!, $deep: Boolean!) {
    one: channelConnection(identifier: $identifier) { ...Row subscriber @include(if: $deep) { channelConnections(first: 1) { edges { cursor node { ...Row } } pageInfo { hasNextPage } } } }
    ... on Query { two: channelConnection(identifier: $identifier) { __typename auth { secret: accessToken } integration { name provider channel } } }
  }
  fragment Row on ChannelConnection { identifier provider channel contextKeys createdAt workspace { id name } auth { accessToken hasAccessToken } }
`;
const refused = `
  mutation Refused($input: CreateChannelConnectionInput!) {
    createChannelConnection(input: $input, idempotencyKey: "refused") {
      channelConnection { identifier }
      userErrors { __typename code message path ... on ConflictError { existingIdentifier existing { identifier auth { accessToken } } } }
    }
  }
`;

async function ask(url: string, query: string, variables: object, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': backendKey, ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const { date: _, connection: __, 'keep-alive': ___, ...rest } = Object.fromEntries(response.headers);
  return { status: response.status, headers: rest, body: await response.text() };
}

const isFast = (
  harness: Harness,
  gateway: Harness['gateway'],
  query: string,
  variables: object,
  accept?: string,
) =>
  runFast(
    gateway,
    { query, variables },
    {
      caller: serviceCaller('backend', false),
      headers: accept === undefined ? {} : { accept },
      signal: new AbortController().signal,
    },
  ) !== undefined && harness !== undefined;

describe('the short way through the gateway', () => {
  it.each([
    ['no Accept', {}],
    ['*/*', { accept: '*/*' }],
    ['JSON', { accept: 'application/json' }],
    ['GraphQL response JSON', { accept: 'application/graphql-response+json' }],
    ['what Apollo Client accepts', { accept: 'application/graphql-response+json,application/json;q=0.9' }],
    ['a list', { accept: 'application/graphql-response+json, application/json' }],
    ['an Accept that goes the long way', { accept: 'text/html, application/json;q=0.5' }],
  ])('answers %s as the long way does', async (_name, headers) => {
    await using harness = await startHarness();
    const url = await harness.listen();
    await harness.execute(createDocument, { input: connectionInput(), key: 'one' });
    for (const [query, variables] of [
      [`{ __typename } # ${_name}`, {}],
      [read, { identifier: 'slack-prod-user123-abc4' }],
      [read, { identifier: 'none' }],
      [
        '{ __proto__: __typename constructor: __typename two: channelConnections { __proto__: totalCount } }',
        {},
      ],
      [read, {}],
      [list, { first: 2 }],
      [list, { first: 0 }],
      [list, { first: 'x' }],
      [everything, { identifier: 'slack-prod-user123-abc4', deep: true }],
      [everything, { identifier: 'slack-prod-user123-abc4', deep: false }],
      [everything, { identifier: 'none', deep: true }],
      [
        refused,
        { input: connectionInput({ identifier: 'slack-prod-user123-abc4', subscriberId: 'subscriber-456' }) },
      ],
      [refused, { input: connectionInput({ workspace: { id: '' } }) }],
      [refused, { input: { auth: { accessToken: 5 } } }],
    ] as const) {
      const long = await ask(url, query, variables, headers);
      const short = await ask(url, query, variables, headers);
      expect(short).toEqual(long);
      expect(await ask(url, query, variables, headers)).toEqual(long);
    }
  });

  it('is taken by the second request of a document, and not by the first', async () => {
    await using harness = await startHarness();
    expect(isFast(harness, harness.gateway, list, {})).toBe(false);
    await harness.execute(list);
    expect(isFast(harness, harness.gateway, list, {})).toBe(true);
  });

  it.each([
    ['variables too deep', list, { first: JSON.parse('['.repeat(100) + ']'.repeat(100)) }],
    [
      'a cost above the limit',
      'query Costly($first: Int) { channelConnections(first: $first) { nodes { subscriber { channelConnections(first: $first) { nodes { subscriber { subscriberId } } } } } } }',
      { first: 100 },
    ],
  ])('leaves %s to the long way', async (_name, query, variables) => {
    await using harness = await startHarness();
    await harness.execute(query, { first: 1 });
    expect(isFast(harness, harness.gateway, query, { first: 1 })).toBe(true);
    expect(isFast(harness, harness.gateway, query, variables)).toBe(false);
  });

  it('runs a mutation once, also when its answer has errors', async () => {
    await using harness = await startHarness();
    const url = await harness.listen();
    const create = createDocument.replace('hasAccessToken', 'hasAccessToken accessToken');
    await ask(url, create, { input: connectionInput({ identifier: 'first' }), key: 'first' });
    const posts = () => harness.sandbox.requests.filter(({ method }) => method === 'POST').length;
    const before = posts();
    const { body } = await ask(url, create, {
      input: connectionInput({ identifier: 'second', subscriberId: 'subscriber-456' }),
      key: 'second',
    });
    expect(body).toContain('FORBIDDEN');
    expect(posts()).toBe(before + 1);
  });

  it('takes the idempotency key of the HTTP header', async () => {
    await using harness = await startHarness();
    const url = await harness.listen();
    for (const identifier of ['one', 'two']) {
      await ask(
        url,
        createDocument,
        {
          input: connectionInput({
            identifier,
            subscriberId: identifier === 'one' ? 'subscriber-123' : 'subscriber-456',
          }),
        },
        { 'idempotency-key': `key-${identifier}` },
      );
    }
    expect(
      harness.sandbox.requests
        .filter(({ method }) => method === 'POST')
        .map(({ headers }) => headers['idempotency-key']),
    ).toEqual(['key-one', 'key-two']);
  });
});

describe('a caller who leaves on the short way', () => {
  it('has its write done and its read ended, and harms nobody', async () => {
    await using harness = await startHarness();
    const url = await harness.listen();
    await ask(url, read, { identifier: 'none' });
    await ask(url, createDocument, { input: connectionInput({ identifier: 'before' }), key: 'before' });
    for (const [query, variables] of [
      [read, { identifier: 'held' }],
      [createDocument, { input: connectionInput({ subscriberId: 'subscriber-456' }), key: 'held' }],
    ] as const) {
      const arrived = Promise.withResolvers<void>();
      const until = Promise.withResolvers<void>();
      harness.sandbox.onRequest = () => {
        arrived.resolve();
        return { kind: 'slow', until: until.promise, at: 'start' };
      };
      const leaving = new AbortController();
      const answer = fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': backendKey },
        body: JSON.stringify({ query, variables }),
        signal: leaving.signal,
      });
      await arrived.promise;
      leaving.abort();
      await expect(answer).rejects.toThrow();
      harness.sandbox.onRequest = undefined;
      until.resolve();
    }
    const { body } = await ask(url, createDocument, {
      input: connectionInput({ subscriberId: 'subscriber-456' }),
      key: 'held',
    });
    expect(JSON.parse(body)).toMatchObject({ data: { createChannelConnection: { userErrors: [] } } });
    expect(harness.sandbox.connections().map(({ identifier }) => identifier)).toEqual([
      'before',
      'slack-prod-user123-abc4',
    ]);
  });
});
