import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Execution, type Harness, startHarness } from '../support/harness.ts';
import { asUser, callsOf, codesOf, seedConnection, seedEndpoint } from '../support/rows.ts';
import { createSigner } from '../support/tokens.ts';
import { json, serve } from '../upstream/serve.ts';

const total = 37;

type Args = { first?: number; last?: number; after?: string | null; before?: string | null };
type Order = { field: 'CREATED_AT' | 'UPDATED_AT'; direction: 'ASC' | 'DESC' };
type Row = { _id: string; identifier: string; createdAt: string; updatedAt: string };

const collections = [
  {
    field: 'channelConnections',
    path: '/v1/channel-connections',
    seed: (harness: Harness, index: number) =>
      seedConnection(harness, { identifier: `row-${index}`, context: { key: `k${index}` } }),
    rows: ({ sandbox }: Harness): Row[] => sandbox.connections(),
  },
  {
    field: 'channelEndpoints',
    path: '/v1/channel-endpoints',
    seed: (harness: Harness, index: number) => seedEndpoint(harness, { identifier: `row-${index}` }),
    rows: ({ sandbox }: Harness): Row[] => sandbox.endpoints(),
  },
];

describe.each(collections)('$field', ({ field, path, seed, rows }) => {
  let harness: Harness;
  let now = Date.parse('2026-01-01T00:00:00Z');
  beforeAll(async () => {
    harness = await startHarness({ sandbox: { clock: () => now } });
    for (let index = 0; index < total; index += 1) {
      // Some rows share their time, as rows do that are made at once.
      if (index % 3 === 0) now += 1000;
      await seed(harness, index);
    }
  });
  afterAll(() => harness[Symbol.asyncDispose]());

  const document = /* GraphQL */ `
    query ($first: Int, $after: String, $last: Int, $before: String, $orderBy: ChannelConnectionOrder) {
      list: ${field}(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
        edges { cursor node { identifier } }
        nodes { identifier }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        totalCount totalCountCapped rateLimit { limit remaining }
      }
    }
  `;
  const list = async (args: Args = {}, orderBy?: Order): Promise<Execution> =>
    harness.execute(document, { ...args, orderBy });
  const identifiersOf = ({ data }: Execution): string[] =>
    data.list.nodes.map(({ identifier }: Row) => identifier);

  /** In Mongo's order: by the field, then by _id, both in one direction. */
  const sorted = ({ field: by, direction }: Order) => {
    const key = by === 'CREATED_AT' ? 'createdAt' : 'updatedAt';
    const rising = rows(harness).sort((a, b) =>
      a[key] === b[key] ? (a._id < b._id ? -1 : 1) : a[key] < b[key] ? -1 : 1,
    );
    return (direction === 'ASC' ? rising : rising.toReversed()).map(({ identifier }) => identifier);
  };
  const newestFirst: Order = { field: 'CREATED_AT', direction: 'DESC' };

  it('gives ten of the newest in one call when nothing is asked for', async () => {
    const { result, calls } = await callsOf(harness, () => list());
    expect(result.errors).toEqual([]);
    expect(identifiersOf(result)).toEqual(sorted(newestFirst).slice(0, 10));
    expect(result.data.list).toMatchObject({
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
      totalCount: total,
      totalCountCapped: false,
      rateLimit: { limit: expect.any(Number), remaining: expect.any(Number) },
    });
    expect(calls).toEqual([`GET ${path}?limit=10&orderBy=createdAt&orderDirection=DESC`]);
  });

  it('gives the last ones in one call', async () => {
    const { result, calls } = await callsOf(harness, () => list({ last: 5 }));
    expect(identifiersOf(result)).toEqual(sorted(newestFirst).slice(-5));
    expect(result.data.list.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect(calls).toEqual([`GET ${path}?limit=5&orderBy=createdAt&orderDirection=ASC`]);
  });

  it('gives all at once when that many are asked for', async () => {
    const { data } = await list({ first: 100 });
    expect(data.list).toMatchObject({ pageInfo: { hasNextPage: false, hasPreviousPage: false } });
    expect(data.list.edges).toHaveLength(total);
    expect(data.list.edges.map((edge: { node: Row }) => edge.node.identifier)).toEqual(
      data.list.nodes.map(({ identifier }: Row) => identifier),
    );
  });

  it.each<[Args, string]>([
    [{ first: 0 }, 'first'],
    [{ first: -1 }, 'first'],
    [{ first: 101 }, 'first'],
    [{ last: 0 }, 'last'],
    [{ last: 101 }, 'last'],
    [{ first: 1, last: 1 }, 'last'],
    [{ after: 'a', before: 'b' }, 'before'],
    [{ first: 1, before: 'b' }, 'before'],
    [{ last: 1, after: 'a' }, 'after'],
  ])('refuses %j by the name of the argument, and Novu is not asked', async (args, argument) => {
    const { result, calls } = await callsOf(harness, () => list(args));
    expect(codesOf(result)).toEqual(['BAD_USER_INPUT']);
    expect(result.errors[0]?.extensions['argument']).toBe(argument);
    expect(calls).toEqual([]);
  });

  it.each(['', 'x', 'bm90IG91cnM', '6863a0c2e4b0a1b2c3d4e5f6'])('refuses the cursor %j', async (after) => {
    const { result, calls } = await callsOf(harness, () => list({ after }));
    expect(codesOf(result)).toEqual(['INVALID_CURSOR']);
    expect(calls).toEqual([]);
  });

  it('refuses a cursor of another order', async () => {
    const { data } = await list({ first: 2 });
    const execution = await list(
      { first: 2, after: data.list.pageInfo.endCursor },
      { field: 'CREATED_AT', direction: 'ASC' },
    );
    expect(codesOf(execution)).toEqual(['INVALID_CURSOR']);
  });

  it('walked by any mix of page sizes yields exactly what Novu has, one call a page', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 8 }),
        fc.constantFrom<Order['field']>('CREATED_AT', 'UPDATED_AT'),
        fc.constantFrom<Order['direction']>('ASC', 'DESC'),
        fc.boolean(),
        async (sizes, by, direction, forwards) => {
          const order = { field: by, direction };
          const seen: string[] = [];
          let cursor: string | null = null;
          for (let page = 0; ; page += 1) {
            const size = sizes[page % sizes.length] ?? 1;
            const args: Args = forwards ? { first: size, after: cursor } : { last: size, before: cursor };
            const { result, calls } = await callsOf(harness, () => list(args, order));
            expect(result.errors).toEqual([]);
            expect(calls).toHaveLength(1);
            const { pageInfo } = result.data.list;
            if (forwards) seen.push(...identifiersOf(result));
            else seen.unshift(...identifiersOf(result));
            cursor = forwards ? pageInfo.endCursor : pageInfo.startCursor;
            if (!(forwards ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) break;
          }
          expect(seen).toEqual(sorted(order));
        },
      ),
      { numRuns: 12 },
    );
  });

  it('goes on from any edge in either direction, in at most four calls', async () => {
    const all = sorted(newestFirst);
    const { data } = await list({ first: total });
    const cursors: string[] = data.list.edges.map(({ cursor }: { cursor: string }) => cursor);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: total - 1 }),
        fc.integer({ min: 1, max: 20 }),
        fc.boolean(),
        async (at, size, forwards) => {
          const args = forwards ? { first: size, after: cursors[at] } : { last: size, before: cursors[at] };
          const { result, calls } = await callsOf(harness, () => list(args as Args));
          expect(result.errors).toEqual([]);
          expect(identifiersOf(result)).toEqual(
            forwards ? all.slice(at + 1, at + 1 + size) : all.slice(Math.max(0, at - size), at),
          );
          expect(calls.length).toBeLessThanOrEqual(4);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe.each(collections)('$field that changes', ({ field, seed }) => {
  const page = `query ($after: String) { list: ${field}(first: 2, after: $after) { nodes { identifier } pageInfo { endCursor } } }`;

  it('goes on after the row, whatever was added before it', async () => {
    await using harness = await startHarness();
    for (let index = 0; index < 4; index += 1) await seed(harness, index);
    const { data } = await harness.execute(page);
    await seed(harness, 4);
    const next = await harness.execute(page, { after: data.list.pageInfo.endCursor });
    const identifiers = [...data.list.nodes, ...next.data.list.nodes].map(
      ({ identifier }: Row) => identifier,
    );
    expect(identifiers).toEqual(['row-3', 'row-2', 'row-1', 'row-0']);
  });

  it('refuses the cursor of a row that is gone, instead of ending', async () => {
    await using harness = await startHarness();
    for (let index = 0; index < 4; index += 1) await seed(harness, index);
    const { data } = await harness.execute(page);
    const last = data.list.nodes.at(-1).identifier;
    const name = field === 'channelConnections' ? 'deleteChannelConnection' : 'deleteChannelEndpoint';
    await harness.execute(`mutation { ${name}(identifier: "${last}") { deletedIdentifier } }`);
    const next = await harness.execute(page, { after: data.list.pageInfo.endCursor });
    expect(codesOf(next)).toEqual(['INVALID_CURSOR']);
  });

  it('is UPSTREAM_UNSUPPORTED where Novu has it switched off', async () => {
    await using harness = await startHarness({ sandbox: { featureEnabled: false } });
    expect(codesOf(await harness.execute(page))).toEqual(['UPSTREAM_UNSUPPORTED']);
  });

  it('leaves out rows that are none, and keeps the rest', async () => {
    await using harness = await startHarness();
    await seed(harness, 0);
    harness.sandbox.fail({
      kind: 'body',
      body: (normal) => ({
        ...(normal as object),
        data: [null, 7, {}, ...(normal as { data: object[] }).data],
      }),
    });
    const { data, errors } = await harness.execute(page);
    expect(errors).toEqual([]);
    expect(data.list.nodes).toEqual([{ identifier: 'row-0' }]);
  });

  it('is UPSTREAM_BAD_RESPONSE when Novu sends no list', async () => {
    await using harness = await startHarness();
    harness.sandbox.fail({ kind: 'body', body: { hello: 'there' }, times: 99 });
    expect(codesOf(await harness.execute(page))).toEqual(['UPSTREAM_BAD_RESPONSE']);
  });
});

describe('an end user on a Novu that lists more than it was asked for', () => {
  it('gets full pages of their own rows, and each row once', async () => {
    const signer = await createSigner();
    await using novu = await startHarness({ sandbox: { knowsEverySubscriber: true } });
    for (let index = 0; index < 60; index += 1)
      await seedConnection(novu, {
        identifier: `c-${index}`,
        subscriberId: index % 6 === 0 ? 'subscriber-123' : `other-${index}`,
        context: { key: `k${index}` },
      });
    await using proxy = await serve(({ path, headers }, response) => {
      const url = new URL(path, novu.sandbox.url);
      for (const name of ['subscriberId', 'connectionMode']) url.searchParams.delete(name);
      const { authorization = '' } = headers;
      void fetch(url, { headers: { authorization } }).then(async (answer) =>
        json(response, answer.status, await answer.text()),
      );
    });
    await using harness = await startHarness({ novuUrl: proxy.url.href, env: signer.env });
    const seen: string[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < 10; pages += 1) {
      const { data, errors } = await asUser(harness, signer)(
        'query ($after: String) { channelConnections(first: 4, after: $after) { nodes { identifier } pageInfo { hasNextPage endCursor } } }',
        { after },
      );
      expect(errors).toEqual([]);
      const { nodes, pageInfo } = data.channelConnections;
      seen.push(...nodes.map(({ identifier }: Row) => identifier));
      if (!pageInfo.hasNextPage) break;
      expect(nodes).toHaveLength(4);
      expect(pageInfo.endCursor).toBeTypeOf('string');
      after = pageInfo.endCursor;
    }
    expect(seen).toEqual([54, 48, 42, 36, 30, 24, 18, 12, 6, 0].map((index) => `c-${index}`));
  });
});
