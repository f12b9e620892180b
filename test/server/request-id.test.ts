import { describe, expect, it } from 'vitest';
import { backendKey, connectionInput, readerKey, startHarness } from '../support/harness.ts';
import { createSigner } from '../support/tokens.ts';

const create = /* GraphQL */ `
  mutation ($input: CreateChannelConnectionInput!) {
    created: createChannelConnection(input: $input) {
      channelConnection { identifier }
      idempotency { key source replayed }
      userErrors { code }
    }
  }
`;
const { identifier: _identifier, ...input } = connectionInput();
const other = { ...input, workspace: { id: 'T2' }, context: [{ type: 'key', id: 'other' }] };

describe('X-Request-Id', () => {
  it('is given back, and sent to Novu', async () => {
    await using harness = await startHarness();
    const { headers } = await harness.execute(
      '{ channelConnection(identifier: "x") { channel } }',
      {},
      {
        headers: { 'x-request-id': 'request~1' },
      },
    );
    expect(headers.get('x-request-id')).toBe('request~1');
    expect(harness.sandbox.requests[0]?.headers['x-request-id']).toBe('request~1');
  });

  it.each([
    ['there is none', {}],
    ['it is empty', { 'x-request-id': '' }],
    ['it has a space', { 'x-request-id': 'a b' }],
    ['it is longer than 128 characters', { 'x-request-id': 'x'.repeat(129) }],
  ])('is made where %s', async (_name, headers) => {
    await using harness = await startHarness();
    const ids = [];
    for (let time = 0; time < 2; time += 1)
      ids.push(
        (await harness.execute('{ __typename }', {}, { headers, once: true })).headers.get('x-request-id'),
      );
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-/);
    expect(ids[0]).not.toBe(ids[1]);
  });

  it.each([
    ['an answer', { method: 'POST', body: '{"query":"{ __typename }"}' }, 200],
    ['a refusal', { method: 'POST', body: '{' }, 400],
    ['an answer to GET', { method: 'GET' }, 400],
  ])('is given back with %s', async (_name, init, status) => {
    await using harness = await startHarness();
    const response = await harness.fetch({
      ...init,
      headers: { 'content-type': 'application/json', 'x-api-key': backendKey, 'x-request-id': 'r' },
    });
    expect([response.status, response.headers.get('x-request-id')]).toEqual([status, 'r']);
    await response.text();
  });
});

describe('a create without a key, of a service that sends X-Request-Id', () => {
  const headers = { 'x-request-id': 'request-1' };

  it('is made once however often it is sent', async () => {
    await using harness = await startHarness();
    const answers = [];
    for (let time = 0; time < 3; time += 1)
      answers.push((await harness.execute(create, { input }, { headers })).data.created);
    expect(harness.sandbox.connections()).toHaveLength(1);
    expect(answers.map(({ idempotency }) => [idempotency.source, idempotency.replayed])).toEqual([
      ['REQUEST_ID', false],
      ['REQUEST_ID', true],
      ['REQUEST_ID', true],
    ]);
    expect(new Set(answers.map(({ idempotency }) => idempotency.key)).size).toBe(1);
    expect(answers[0].idempotency.key).toMatch(/^req-[0-9a-f]{64}$/);
  });

  it('is another call with another input, another id, or of another service', async () => {
    await using harness = await startHarness();
    const keys = [];
    for (const [given, options] of [
      [input, { headers }],
      [other, { headers }],
      [input, { headers: { 'x-request-id': 'request-2' } }],
      [input, { headers, key: readerKey }],
    ] as const)
      keys.push((await harness.execute(create, { input: given }, options)).data.created.idempotency.key);
    expect(new Set(keys).size).toBe(4);
  });

  it('is another call under another name in the same document', async () => {
    await using harness = await startHarness();
    const field = 'createChannelConnection(input: $input) { idempotency { key } }';
    const { data } = await harness.execute(
      `mutation ($input: CreateChannelConnectionInput!) { one: ${field} two: ${field} }`,
      { input },
      { headers },
    );
    expect(data.one.idempotency.key).not.toBe(data.two.idempotency.key);
  });

  it('has the key that was given, where one was', async () => {
    await using harness = await startHarness();
    const { data } = await harness.execute(
      create,
      { input },
      { headers: { ...headers, 'idempotency-key': 'mine' } },
    );
    expect(data.created.idempotency).toMatchObject({ key: 'mine', source: 'HEADER' });
  });

  it('has a key of its own within a batch, where the same call may be meant twice', async () => {
    await using harness = await startHarness({ env: { LIMIT_BATCH: '2' } });
    const response = await harness.fetch({
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': backendKey, ...headers },
      body: JSON.stringify([
        { query: create, variables: { input } },
        { query: create, variables: { input } },
      ]),
    });
    const answers = (await response.json()) as { data: { created: { idempotency: { source: string } } } }[];
    expect(answers.map(({ data }) => data.created.idempotency.source)).toEqual(['GENERATED', 'GENERATED']);
  });

  it('has a key of its own when an end user sends the header', async () => {
    const { env, sign } = await createSigner();
    await using harness = await startHarness({ env });
    const { data } = await harness.execute(
      create,
      { input: { ...input, context: undefined } },
      { key: null, headers: { ...headers, authorization: `Bearer ${await sign()}` } },
    );
    expect(data.created.idempotency.source).toBe('GENERATED');
  });
});
