import { describe, expect, it } from 'vitest';
import { type Harness, startHarness } from '../../support/harness.ts';
import { asUser, callsOf, codesOf, seedConnection, seedEndpoint } from '../../support/rows.ts';
import { createSigner } from '../../support/tokens.ts';

const fields = 'type id data createdAt updatedAt';
const create = `mutation ($input: CreateContextInput!, $key: String) {
  createContext(input: $input, idempotencyKey: $key) {
    context { ${fields} } idempotency { replayed }
    userErrors { __typename code message path ... on NovuConflictError { existingIdentifier existing { __typename } } }
  }
}`;
const update = `mutation ($type: String!, $id: ID!, $input: UpdateContextInput!) {
  updateContext(type: $type, id: $id, input: $input) { context { ${fields} } userErrors { code message path } }
}`;
const remove = `mutation ($type: String!, $id: ID!) {
  deleteContext(type: $type, id: $id) { deletedIdentifier userErrors { code message path } }
}`;
const read = `query ($type: String!, $id: ID!) { context(type: $type, id: $id) { ${fields} } }`;
const acme = { type: 'tenant', id: 'acme', data: { name: 'Acme' } };
const key = { type: 'tenant', id: 'acme' };

const make = (harness: Harness, input: object = acme, idempotencyKey?: string) =>
  harness.execute(create, { input, key: idempotencyKey });

describe('createContext', () => {
  it('makes a context that is read back by its key', async () => {
    await using harness = await startHarness();
    const { data, errors } = await make(harness);
    expect(errors).toEqual([]);
    expect(data.createContext).toMatchObject({ context: acme, userErrors: [] });
    expect((await harness.execute(read, key)).data.context).toMatchObject(acme);
    expect(harness.sandbox.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v2/contexts',
      'GET /v2/contexts/tenant/acme',
    ]);
  });

  it('is done once for a key, and says when it was before', async () => {
    await using harness = await startHarness();
    await make(harness, acme, 'key-1');
    expect((await make(harness, acme, 'key-1')).data.createContext).toMatchObject({
      context: acme,
      idempotency: { replayed: true },
      userErrors: [],
    });
  });

  it('is in conflict with one that is there', async () => {
    await using harness = await startHarness();
    await make(harness);
    expect((await make(harness)).data.createContext).toMatchObject({
      context: null,
      userErrors: [
        {
          __typename: 'NovuConflictError',
          code: 'ALREADY_EXISTS',
          path: ['input', 'id'],
          existingIdentifier: 'tenant:acme',
          existing: null,
        },
      ],
    });
  });

  it.each([
    [{ kind: 'error-before' } as const],
    [{ kind: 'error-after' } as const],
    [{ kind: 'reset-before' } as const],
    [{ kind: 'reset-after' } as const],
    [{ kind: 'truncate' } as const],
  ])('is made once and told so after %j', async (fault) => {
    await using harness = await startHarness();
    harness.sandbox.fail(fault);
    const { data, errors } = await make(harness, acme, 'key-1');
    expect(errors).toEqual([]);
    expect(data.createContext).toMatchObject({ context: acme, userErrors: [] });
    expect(harness.sandbox.journal.filter(({ kind }) => kind === 'create')).toHaveLength(1);
  });

  it.each([
    [{ ...acme, type: '' }, 'type'],
    [{ ...acme, id: 'a b' }, 'id'],
    [{ ...acme, data: { text: 'x'.repeat(65 * 1024) } }, 'data'],
  ])('refuses what Novu would refuse, at the field, without asking: %#', async (input, name) => {
    await using harness = await startHarness();
    expect((await make(harness, input)).data.createContext.userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input', name] },
    ]);
    expect(harness.sandbox.requests).toEqual([]);
  });
});

describe('updateContext and deleteContext', () => {
  it('replace the data whole, and delete', async () => {
    await using harness = await startHarness();
    await make(harness);
    const updated = await harness.execute(update, { ...key, input: { data: { plan: 'pro' } } });
    expect(updated.data.updateContext).toMatchObject({ context: { data: { plan: 'pro' } }, userErrors: [] });
    expect((await harness.execute(remove, key)).data.deleteContext).toEqual({
      deletedIdentifier: 'tenant:acme',
      userErrors: [],
    });
    expect((await harness.execute(read, key)).data).toEqual({ context: null });
  });

  it('say that there is none, and not in which environment', async () => {
    await using harness = await startHarness();
    const updated = await harness.execute(update, { ...key, input: { data: {} } });
    const removed = await harness.execute(remove, key);
    for (const payload of [updated.data.updateContext, removed.data.deleteContext])
      expect(payload.userErrors).toEqual([
        { code: 'NOT_FOUND', message: 'No context has this type and id.', path: ['id'] },
      ]);
  });
});

describe('the contexts of a row', () => {
  it('are there without a call, and one call each when more than the key is wanted', async () => {
    await using harness = await startHarness();
    await seedConnection(harness, {
      context: { key: { id: 'org-acme', data: { plan: 'pro' } }, tenant: 'acme' },
    });
    await seedEndpoint(harness, { context: { key: 'org-acme' } });
    const keys =
      '{ channelConnections { nodes { contexts { type id } } } channelEndpoints { nodes { contexts { type id } } } }';
    const { result, calls } = await callsOf(harness, () => harness.execute(keys));
    expect(result.data).toEqual({
      channelConnections: {
        nodes: [
          {
            contexts: [
              { type: 'key', id: 'org-acme' },
              { type: 'tenant', id: 'acme' },
            ],
          },
        ],
      },
      channelEndpoints: { nodes: [{ contexts: [{ type: 'key', id: 'org-acme' }] }] },
    });
    expect(calls).toHaveLength(2);
    const more = await callsOf(harness, () =>
      harness.execute(keys.replaceAll('type id', 'type id data createdAt')),
    );
    expect(more.result.data.channelEndpoints.nodes[0].contexts[0].data).toEqual({ plan: 'pro' });
    expect(more.calls.slice(2).toSorted()).toEqual([
      'GET /v2/contexts/key/org-acme',
      'GET /v2/contexts/tenant/acme',
    ]);
  });

  it('that are gone have their key and null for all else', async () => {
    await using harness = await startHarness();
    const { data, errors } = await harness.execute(
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Context { ${fields} } } }`,
      {
        of: [
          { __typename: 'Context', ...key },
          { __typename: 'Context', type: 'tenant' },
        ],
      },
    );
    expect(data._entities).toEqual([{ ...key, data: null, createdAt: null, updatedAt: null }, null]);
    expect(errors).toMatchObject([{ path: ['_entities', 1], extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('contexts', () => {
  const list = `query ($first: Int, $after: String, $before: String, $last: Int, $filter: ContextFilter) {
    contexts(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      edges { cursor } nodes { type id } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;
  type Listed = { contexts: { nodes: { id: string }[] } };
  const ids = ({ contexts }: Listed) => contexts.nodes.map(({ id }) => id);

  async function withMany(env: Record<string, string> = {}) {
    const harness = await startHarness({ sandbox: { rateLimiting: false }, env });
    for (const id of ['a', 'b', 'c', 'd', 'e']) await make(harness, { type: 'tenant', id });
    await make(harness, { type: 'region', id: 'eu' });
    return harness;
  }

  it('are walked through page by page, and found by a filter', async () => {
    await using harness = await withMany();
    const first = await harness.execute(list, { first: 3, filter: { type: 'tenant' } });
    const { endCursor } = first.data.contexts.pageInfo as { endCursor: string };
    const second = await harness.execute(list, { first: 3, after: endCursor, filter: { type: 'tenant' } });
    expect([ids(first.data), ids(second.data)]).toEqual([
      ['e', 'd', 'c'],
      ['b', 'a'],
    ]);
    expect(ids((await harness.execute(list, { filter: { id: 'eu' } })).data)).toEqual(['eu']);
    expect(ids((await harness.execute(list, { filter: { search: 'egion' } })).data)).toEqual(['eu']);
  });

  it('of an end user are those of the token, page by page in both directions', async () => {
    const signer = await createSigner();
    await using harness = await withMany(signer.env);
    const claims = { contexts: ['tenant:a', 'tenant:c', 'tenant:e', 'region:eu', 'tenant:nobodys', 'odd'] };
    const execute = asUser(harness, signer, claims);
    const all = (await execute(list)).data;
    expect(ids(all)).toEqual(['eu', 'e', 'c', 'a']);
    expect(all.contexts).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: false } });
    const first = (await execute(list, { first: 2 })).data;
    expect(first.contexts.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const second = (await execute(list, { first: 2, after: first.contexts.pageInfo.endCursor })).data;
    expect([ids(first), ids(second)]).toEqual([
      ['eu', 'e'],
      ['c', 'a'],
    ]);
    const back = (await execute(list, { last: 1, before: second.contexts.pageInfo.startCursor })).data;
    expect(ids(back)).toEqual(['e']);
    expect(ids((await execute(list, { filter: { type: 'tenant', search: 'A' } })).data)).toEqual([
      'e',
      'c',
      'a',
    ]);
    expect(ids((await execute(list, { filter: { id: 'b' } })).data)).toEqual([]);
  });

  it('are read and listed by end users, and changed by services alone', async () => {
    const signer = await createSigner();
    await using harness = await withMany(signer.env);
    const execute = asUser(harness, signer, { contexts: ['tenant:a'] });
    expect((await execute(read, { type: 'tenant', id: 'a' })).data.context).toMatchObject({ id: 'a' });
    const before = harness.sandbox.requests.length;
    expect((await execute(read, { type: 'tenant', id: 'b' })).data).toEqual({ context: null });
    for (const [document, variables] of [
      [create, { input: acme }],
      [update, { type: 'tenant', id: 'a', input: { data: {} } }],
      [remove, { type: 'tenant', id: 'a' }],
    ] as const)
      expect(codesOf(await execute(document, variables))).toEqual(['FORBIDDEN']);
    expect(harness.sandbox.requests).toHaveLength(before);
  });

  it('outside the token of an end user show their key behind a reference, and Novu is not asked', async () => {
    const signer = await createSigner();
    await using harness = await startHarness({ env: signer.env });
    const { data, errors } = await asUser(harness, signer, { contexts: ['tenant:a'] })(
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Context { type id createdAt } } }',
      { of: [{ __typename: 'Context', type: 'tenant', id: 'b' }] },
    );
    expect(errors).toEqual([]);
    expect(data._entities).toEqual([{ type: 'tenant', id: 'b', createdAt: null }]);
    expect(harness.sandbox.requests).toEqual([]);
  });
});
