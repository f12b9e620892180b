import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectionArgs, RelayConnection } from '../../src/graphql/relay.ts';
import { InvalidCursorError, PageArgumentError, paginate } from '../../src/rest/paginate.ts';
import { createNovuList, type ListedRow, type StoredRow, storedRow } from '../support/novu-list.ts';

type List = ReturnType<typeof createNovuList>;

const runs = { numRuns: 500 };
const scope = 'connections createdAt DESC';
const ours = {
  scope,
  key: createSecretKey(Buffer.alloc(32, 7)),
  idOf: (row: ListedRow) => row.identifier,
};
const sizes = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 100 }));

/** Lists of up to `maxLength` rows, many of which tie. */
function lists(minLength: number, maxLength: number): fc.Arbitrary<List> {
  return fc
    .record({
      values: fc.array(fc.nat(20), { minLength, maxLength, size: 'max' }),
      direction: fc.constantFrom('ASC' as const, 'DESC' as const),
    })
    .map(({ values, direction }) =>
      createNovuList(
        values.map((value, seed) => storedRow(seed, value)),
        { direction },
      ),
    );
}

async function ask(list: List, args: ConnectionArgs) {
  const before = list.requests.length;
  const outcome = await paginate(args, list.fetchPage, ours).catch((error: unknown) => error);
  return { outcome, calls: list.requests.length - before };
}

async function page(list: List, args: ConnectionArgs) {
  const { outcome, calls } = await ask(list, args);
  if (outcome instanceof Error) throw outcome;
  return { connection: outcome as RelayConnection<ListedRow>, calls };
}

const identifiers = (connection: RelayConnection<ListedRow>) =>
  connection.edges.map((edge) => edge.node.identifier);

/** What the list itself says that the arguments mean. */
function expected(list: List, { first, after, last, before }: ConnectionArgs, row?: string) {
  const order = list.order();
  const at = row === undefined ? -1 : order.indexOf(row);
  if (last == null && before == null) {
    const start = at + 1;
    const end = Math.min(order.length, start + (first ?? 10));
    return { rows: order.slice(start, end), hasNextPage: end < order.length, hasPreviousPage: after != null };
  }
  const end = at < 0 ? order.length : at;
  const start = Math.max(0, end - (last ?? 10));
  return { rows: order.slice(start, end), hasNextPage: before != null, hasPreviousPage: start > 0 };
}

function expectTruth(list: List, args: ConnectionArgs, connection: RelayConnection<ListedRow>, row?: string) {
  const { rows, ...flags } = expected(list, args, row);
  expect(identifiers(connection)).toEqual(rows);
  expect(connection.pageInfo).toMatchObject(flags);
  expect(connection.pageInfo.startCursor).toBe(connection.edges.at(0)?.cursor ?? null);
  expect(connection.pageInfo.endCursor).toBe(connection.edges.at(-1)?.cursor ?? null);
  expect(connection).toMatchObject({ totalCount: list.order().length, totalCountCapped: false });
}

function stepArgs(forwards: boolean, size: number, cursor: string | undefined): ConnectionArgs {
  return forwards ? { first: size, after: cursor ?? null } : { last: size, before: cursor ?? null };
}

const steps = (maxLength: number) =>
  fc.array(
    fc.record({ forwards: fc.boolean(), size: sizes, edge: fc.nat(100_000), change: fc.nat(100_000) }),
    {
      minLength: 1,
      maxLength,
    },
  );

describe('walking', () => {
  it.each([true, false])(
    'costs one call a page and yields what Novu lists (forwards: %s)',
    async (forwards) => {
      await fc.assert(
        fc.asyncProperty(lists(0, 150), fc.infiniteStream(sizes), async (list, stream) => {
          const seen: string[] = [];
          let cursor: string | undefined;
          for (const size of stream) {
            const args = stepArgs(forwards, size, cursor);
            const { connection, calls } = await page(list, args);
            expect(calls).toBe(1);
            expectTruth(list, args, connection, forwards ? seen.at(-1) : seen.at(0));
            if (forwards) seen.push(...identifiers(connection));
            else seen.unshift(...identifiers(connection));
            const { pageInfo } = connection;
            cursor = (forwards ? pageInfo.endCursor : pageInfo.startCursor) ?? undefined;
            if (!(forwards ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) break;
          }
          expect(seen).toEqual(list.order());
        }),
        runs,
      );
    },
  );

  it('goes on from any edge in either direction, in at most two calls while the list stays as it is', async () => {
    await fc.assert(
      fc.asyncProperty(lists(0, 300), steps(8), async (list, walk) => {
        const edges: { cursor: string; node: ListedRow }[] = [];
        for (const { forwards, size, edge } of walk) {
          const from = edge % 3 === 0 ? undefined : edges[Math.floor(edge / 3) % Math.max(1, edges.length)];
          const args = stepArgs(forwards, size, from?.cursor);
          const { connection, calls } = await page(list, args);
          expect(calls).toBeLessThanOrEqual(from === undefined ? 1 : 2);
          expectTruth(list, args, connection, from?.node.identifier);
          edges.push(...connection.edges);
        }
      }),
      runs,
    );
  });

  it('goes on from the last row of the list once rows follow it', async () => {
    const list = createNovuList([storedRow(0, 0), storedRow(1, 1)], { direction: 'ASC' });
    const { connection } = await page(list, { first: 5 });
    const after = connection.pageInfo.endCursor;
    expect((await page(list, { first: 5, after })).connection.edges).toEqual([]);
    list.put(storedRow(2, 2));
    const later = await page(list, { first: 5, after });
    expect(identifiers(later.connection)).toEqual([storedRow(2, 2).identifier]);
    expect(later.calls).toBe(1);
  });

  it('takes ten rows unless told, before a cursor as after it', async () => {
    const list = createNovuList(Array.from({ length: 40 }, (_, seed) => storedRow(seed, seed)));
    const first = await page(list, {});
    expectTruth(list, {}, first.connection);
    expect(first.connection.edges).toHaveLength(10);
    const cursor = first.connection.pageInfo.endCursor;
    const row = list.order()[9];
    expectTruth(list, { after: cursor }, (await page(list, { after: cursor })).connection, row);
    expectTruth(list, { before: cursor }, (await page(list, { before: cursor })).connection, row);
  });
});

describe('while the list changes', () => {
  /** Adds, removes or moves a row. */
  function change(list: List, choice: number, seed: number) {
    const order = list.order();
    const row = list.get(order[Math.floor(choice / 84) % Math.max(1, order.length)] ?? '');
    const value = Math.floor(choice / 4) % 21;
    if (choice % 4 === 0) list.put(storedRow(seed, value));
    if (row === undefined) return;
    if (choice % 4 === 1) list.remove(row.identifier);
    if (choice % 4 === 2) list.put({ ...row, sortBy: value });
  }

  it('never shifts, whatever is added, removed or moved around the cursor in a list of up to a hundred', async () => {
    await fc.assert(
      fc.asyncProperty(lists(1, 90), steps(10), async (list, walk) => {
        const edges: { cursor: string; node: ListedRow }[] = [];
        let seed = 1000;
        for (const { forwards, size, edge, change: choice } of walk) {
          const from = edge % 4 === 0 ? undefined : edges[Math.floor(edge / 4) % Math.max(1, edges.length)];
          change(list, choice, seed++);
          const args = stepArgs(forwards, size, from?.cursor);
          const { outcome, calls } = await ask(list, args);
          expect(calls).toBeLessThanOrEqual(4);
          if (from !== undefined && !list.order().includes(from.node.identifier)) {
            expect(outcome).toBeInstanceOf(InvalidCursorError);
          } else {
            const connection = outcome as RelayConnection<ListedRow>;
            expectTruth(list, args, connection, from?.node.identifier);
            edges.push(...connection.edges);
          }
        }
      }),
      runs,
    );
  });

  /** A list with room between its rows, and a page of it that is over a hundred rows from both ends. */
  async function middlePage(forwards: boolean, size: number) {
    const list = createNovuList(Array.from({ length: 500 }, (_, seed) => storedRow(seed, seed * 1000)));
    const top = await page(list, stepArgs(forwards, 100, undefined));
    const outer = (forwards ? top.connection.edges.at(-1) : top.connection.edges.at(0))?.cursor;
    const second = await page(list, stepArgs(forwards, 100, outer));
    const cursor = (forwards ? second.connection.edges.at(-1) : second.connection.edges.at(0))?.cursor;
    const { connection } = await page(list, stepArgs(forwards, size, cursor));
    return { list, edges: connection.edges };
  }

  /** Puts rows between a row and the next (1) or the one before it (-1). */
  function insertBeside(list: List, identifier: string, side: 1 | -1, amount: number) {
    const sortBy = list.get(identifier)?.sortBy ?? 0;
    for (let step = 1; step <= amount; step++)
      list.put(storedRow(sortBy * 10 + side * step, sortBy - side * step));
  }

  async function expectExact(
    list: List,
    edge: { cursor: string; node: ListedRow } | undefined,
    size: number,
  ) {
    for (const forwards of [true, false]) {
      const args = stepArgs(forwards, size, edge?.cursor);
      const { connection, calls } = await page(list, args);
      expect(calls).toBeLessThanOrEqual(4);
      expectTruth(list, args, connection, edge?.node.identifier);
    }
  }

  it('never shifts when both rows named on the page of the cursor go, however long the list', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.integer({ min: 3, max: 100 }),
        fc.nat(),
        sizes,
        async (came, pageSize, index, size) => {
          const { list, edges } = await middlePage(came, pageSize);
          const edge = edges[1 + (index % (pageSize - 2))];
          list.remove(edges.at(0)?.node.identifier ?? '');
          list.remove(edges.at(-1)?.node.identifier ?? '');
          await expectExact(list, edge, size);
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each([true, false])(
    'finds a row although a hundred came in on both sides of it (walk forwards: %s)',
    async (came) => {
      const { list, edges } = await middlePage(came, 9);
      insertBeside(list, edges[4]?.node.identifier ?? '', 1, 120);
      insertBeside(list, edges[4]?.node.identifier ?? '', -1, 120);
      await expectExact(list, edges[4], 5);
      await expectExact(list, edges[4], 100);
      for (const side of [1, -1] as const) {
        const uneven = await middlePage(came, 9);
        insertBeside(uneven.list, uneven.edges[4]?.node.identifier ?? '', side, 110);
        insertBeside(uneven.list, uneven.edges[4]?.node.identifier ?? '', side === 1 ? -1 : 1, 180);
        await expectExact(uneven.list, uneven.edges[4], 50);
      }
    },
  );

  it.each([true, false])(
    'finds a row beyond a hundred that came in, with the other side gone (walk forwards: %s)',
    async (came) => {
      for (const side of [1, -1] as const) {
        const { list, edges } = await middlePage(came, 9);
        list.remove(edges.at(side === 1 ? 0 : -1)?.node.identifier ?? '');
        insertBeside(list, edges[4]?.node.identifier ?? '', side, 90);
        await expectExact(list, edges[4], 5);
      }
    },
  );

  it.each([true, false])(
    'finds a row near the end that it goes to when every row named around it is gone (forwards: %s)',
    async (forwards) => {
      const list = createNovuList(Array.from({ length: 400 }, (_, seed) => storedRow(seed, seed)));
      const outer = await page(list, stepArgs(!forwards, 30, undefined));
      const cursor = outer.connection.pageInfo[forwards ? 'startCursor' : 'endCursor'] ?? undefined;
      const { connection } = await page(list, stepArgs(!forwards, 60, cursor));
      const edge = connection.edges[30];
      const named = [
        outer.connection.edges.at(forwards ? 0 : -1),
        connection.edges.at(0),
        connection.edges.at(-1),
      ];
      for (const other of named) list.remove(other?.node.identifier ?? '');
      const args = stepArgs(forwards, 20, edge?.cursor);
      const next = await page(list, args);
      expect(next.calls).toBe(4);
      expectTruth(list, args, next.connection, edge?.node.identifier);
    },
  );

  it('knows in one call that a row is gone when that shows the whole list', async () => {
    const list = createNovuList(Array.from({ length: 20 }, (_, seed) => storedRow(seed, seed)));
    const { connection } = await page(list, { first: 20 });
    list.remove(connection.edges[4]?.node.identifier ?? '');
    const { outcome, calls } = await ask(list, { first: 100, after: connection.edges[4]?.cursor });
    expect(outcome).toBeInstanceOf(InvalidCursorError);
    expect(calls).toBe(1);
  });

  it('finds a row from its other side when more than a hundred came in on one', async () => {
    const list = createNovuList(Array.from({ length: 300 }, (_, seed) => storedRow(seed, seed)));
    const { connection } = await page(list, { first: 9 });
    const edge = connection.edges[4];
    for (let seed = 300; seed < 600; seed++) list.put(storedRow(seed, seed));
    for (const forwards of [true, false]) {
      const args = stepArgs(forwards, 20, edge?.cursor);
      const next = await page(list, args);
      expect(next.calls).toBeLessThanOrEqual(4);
      expectTruth(list, args, next.connection, edge?.node.identifier);
    }
  });

  it('refuses, and never shifts, when every row named around the cursor is gone far from the ends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(100), sizes, fc.boolean(), async (start, size, forwards) => {
        const list = createNovuList(Array.from({ length: 500 }, (_, seed) => storedRow(seed, seed)));
        const top = await page(list, { first: 100 });
        const middle = await page(list, { first: 100, after: top.connection.pageInfo.endCursor });
        const edge = middle.connection.edges[Math.max(1, Math.min(98, start))];
        const [left, right] = [middle.connection.edges.at(0), middle.connection.edges.at(-1)];
        for (const row of [top.connection.edges.at(-1), left, right]) list.remove(row?.node.identifier ?? '');
        const args = stepArgs(forwards, size, edge?.cursor);
        const { outcome, calls } = await ask(list, args);
        expect(calls).toBeLessThanOrEqual(4);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(InvalidCursorError);
        else expectTruth(list, args, outcome as RelayConnection<ListedRow>, edge?.node.identifier);
      }),
      { numRuns: 100 },
    );
  });

  it('refuses a cursor whose row was removed, in at most four calls', async () => {
    await fc.assert(
      fc.asyncProperty(lists(1, 300), sizes, fc.nat(), fc.boolean(), sizes, async (list, ...rest) => {
        const [size, index, forwards, nextSize] = rest;
        const { connection } = await page(list, stepArgs(index % 2 === 0, size, undefined));
        const edge = connection.edges[index % connection.edges.length];
        list.remove(edge?.node.identifier ?? '');
        const { outcome, calls } = await ask(list, stepArgs(forwards, nextSize, edge?.cursor));
        expect(outcome).toBeInstanceOf(InvalidCursorError);
        expect(outcome).toMatchObject({ argument: forwards ? 'after' : 'before' });
        expect(calls).toBeLessThanOrEqual(4);
      }),
      runs,
    );
  });

  it('refuses a cursor whose row left the list by the filter, as far as Novu tells', async () => {
    const hidden = new Set<string>();
    const rows = Array.from({ length: 5 }, (_, seed) => storedRow(seed, seed));
    const list = createNovuList(rows, { filter: (row: StoredRow) => !hidden.has(row.identifier) });
    const { connection } = await page(list, { first: 1 });
    hidden.add(connection.edges[0]?.node.identifier ?? '');
    const { outcome } = await ask(list, { first: 2, after: connection.pageInfo.endCursor });
    expect(outcome).toBeInstanceOf(InvalidCursorError);
  });

  it('gives a short page, and says that more follow, when a row goes away between two calls', async () => {
    const list = createNovuList(Array.from({ length: 300 }, (_, seed) => storedRow(seed, seed)));
    const order = list.order();
    const { connection } = await page(list, { first: 90 });
    const cursor = connection.edges[49]?.cursor;
    const fetchPage: typeof list.fetchPage = async (request) => {
      const answer = await list.fetchPage(request);
      list.remove(order[99] ?? '');
      return answer;
    };
    const next = await paginate({ first: 80, after: cursor }, fetchPage, ours);
    expect(identifiers(next)).toEqual(order.slice(50, 100));
    expect(next.pageInfo.hasNextPage).toBe(true);
    const rest = await ask(list, { first: 5, after: next.edges.at(-2)?.cursor });
    expect(identifiers(rest.outcome as RelayConnection<ListedRow>)).toEqual(order.slice(100, 105));
  });
});

describe('a list with rows that are hidden from the caller', () => {
  /** A list of which `hidden` of ten rows can't be seen, and the options to read it with. */
  const mixed = (list: List, hidden: number) => {
    const isVisible = ({ identifier }: ListedRow) => (Number(/\d+/.exec(identifier)?.[0]) * 7) % 10 >= hidden;
    return { visible: list.order().filter((identifier) => isVisible({ identifier })), isVisible };
  };

  it.each([true, false])(
    'is walked to its end by full pages, in at most four calls each (forwards: %s)',
    async (forwards) => {
      await fc.assert(
        fc.asyncProperty(
          lists(0, 250),
          fc.infiniteStream(sizes),
          fc.integer({ min: 0, max: 10 }),
          async (list, stream, hidden) => {
            const { visible, isVisible } = mixed(list, hidden);
            const seen: string[] = [];
            let cursor: string | undefined;
            for (const size of stream) {
              const before = list.requests.length;
              const args = stepArgs(forwards, size, cursor);
              const page = await paginate(args, list.fetchPage, { ...ours, isVisible });
              const calls = list.requests.length - before;
              expect(calls).toBeLessThanOrEqual(4);
              if (forwards) seen.push(...identifiers(page));
              else seen.unshift(...identifiers(page));
              const { pageInfo } = page;
              const hasMore = forwards ? pageInfo.hasNextPage : pageInfo.hasPreviousPage;
              cursor = (forwards ? pageInfo.endCursor : pageInfo.startCursor) ?? undefined;
              if (!hasMore) break;
              expect(cursor).toBeDefined();
              if (calls < 4) expect(page.nodes).toHaveLength(size);
            }
            expect(seen).toEqual(visible);
          },
        ),
        runs,
      );
    },
  );

  it('goes on from any of its edges', async () => {
    await fc.assert(
      fc.asyncProperty(lists(20, 90), fc.nat(), sizes, fc.boolean(), async (list, index, size, forwards) => {
        const { visible, isVisible } = mixed(list, 5);
        fc.pre(visible.length > 0);
        const options = { ...ours, isVisible };
        const all = await paginate({ first: 100 }, list.fetchPage, options);
        expect(identifiers(all)).toEqual(visible);
        const at = index % visible.length;
        const args = stepArgs(forwards, size, all.edges[at]?.cursor);
        const page = await paginate(args, list.fetchPage, options);
        expect(identifiers(page)).toEqual(
          forwards ? visible.slice(at + 1, at + 1 + size) : visible.slice(Math.max(0, at - size), at),
        );
      }),
      runs,
    );
  });

  it('says that there is no more when only hidden rows follow, as far as it has read', async () => {
    const list = createNovuList(Array.from({ length: 30 }, (_, seed) => storedRow(seed, seed)));
    const visible = new Set(list.order().slice(0, 3));
    const isVisible = ({ identifier }: ListedRow) => visible.has(identifier);
    const page = await paginate({ first: 5 }, list.fetchPage, { ...ours, isVisible });
    expect(identifiers(page)).toEqual([...visible]);
    expect(page.pageInfo).toMatchObject({ hasNextPage: false, endCursor: page.edges[2]?.cursor });
  });

  it('has a page without rows, and a cursor to go on from, where four calls find none', async () => {
    const list = createNovuList(Array.from({ length: 700 }, (_, seed) => storedRow(seed, seed)));
    const last = list.order().at(-1);
    const isVisible = ({ identifier }: ListedRow) => identifier === last;
    const options = { ...ours, isVisible };
    const page = await paginate({ first: 5 }, list.fetchPage, options);
    expect(list.requests).toHaveLength(4);
    expect(page.edges).toEqual([]);
    expect(page.pageInfo).toMatchObject({ hasNextPage: true, startCursor: page.pageInfo.endCursor });
    const next = await paginate({ first: 5, after: page.pageInfo.endCursor }, list.fetchPage, options);
    const end = await paginate({ first: 5, after: next.pageInfo.endCursor }, list.fetchPage, options);
    expect(identifiers(end)).toEqual([last]);
    expect(end.pageInfo.hasNextPage).toBe(false);
  });
});

describe('a page', () => {
  it('makes no edge and signs no cursor before they are asked for', async () => {
    const list = createNovuList(Array.from({ length: 30 }, (_, seed) => storedRow(seed, seed)));
    let asked = 0;
    const idOf = ({ identifier }: ListedRow) => {
      asked += 1;
      return identifier;
    };
    const page = await paginate({ first: 10 }, list.fetchPage, { ...ours, idOf });
    expect(page.nodes).toHaveLength(10);
    expect(page.pageInfo.hasNextPage).toBe(true);
    expect(asked).toBe(0);
    expect(page.edges[4]?.cursor).toBeTypeOf('string');
    expect(asked).toBe(1);
    expect(page.edges).toBe(page.edges);
  });
});

describe('a cursor that is not ours', () => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const forms = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.base64String(),
    fc.json().map((json) => Buffer.from(json).toString('base64url')),
    fc.tuple(fc.constant(1), fc.string(), fc.string()).map(encode),
    fc
      .tuple(fc.constantFrom(0, 1, 2), fc.string(), fc.string(), fc.array(fc.anything()), fc.anything())
      .map(encode),
    fc.string({ minLength: 257, maxLength: 5000, size: 'max' }),
  );

  it('is refused without a call', async () => {
    await fc.assert(
      fc.asyncProperty(
        forms,
        fc.constantFrom('after' as const, 'before' as const),
        async (text, argument) => {
          const list = createNovuList([storedRow(0, 0)]);
          const { outcome, calls } = await ask(list, { [argument]: text });
          expect(outcome).toBeInstanceOf(InvalidCursorError);
          expect(outcome).toMatchObject({ argument });
          expect(calls).toBe(0);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is refused without a call when it was ours but is written another way', async () => {
    const list = createNovuList(Array.from({ length: 30 }, (_, seed) => storedRow(seed, seed)));
    const { connection } = await page(list, { first: 10 });
    for (const { cursor } of connection.edges) {
      const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
      const spaced = Buffer.from(JSON.stringify(value, null, 1)).toString('base64url');
      const oversized = encode((value as unknown[]).concat([[null, 1]]));
      for (const text of [`${cursor}=`, `${cursor}A`, ` ${cursor}`, cursor.slice(0, -4), spaced, oversized]) {
        const { outcome, calls } = await ask(list, { after: text });
        expect(outcome).toBeInstanceOf(InvalidCursorError);
        expect(calls).toBe(0);
      }
    }
  });

  it('is refused without a call when it was made for another list', async () => {
    const list = createNovuList(Array.from({ length: 30 }, (_, seed) => storedRow(seed, seed)));
    const { connection } = await page(list, { first: 10 });
    for (const { cursor } of connection.edges) {
      const calls = list.requests.length;
      for (const other of [
        { scope: 'endpoints createdAt DESC' },
        { key: createSecretKey(Buffer.alloc(32, 8)) },
      ]) {
        await expect(paginate({ after: cursor }, list.fetchPage, { ...ours, ...other })).rejects.toThrow(
          InvalidCursorError,
        );
      }
      expect(list.requests).toHaveLength(calls);
    }
  });

  it('is not repeated in the error, nor is a row', async () => {
    const list = createNovuList(Array.from({ length: 30 }, (_, seed) => storedRow(seed, seed)));
    const { connection } = await page(list, { first: 10 });
    for (const { cursor, node } of connection.edges) {
      const row = list.get(node.identifier);
      list.remove(node.identifier);
      const { outcome } = await ask(list, { after: cursor });
      const { message } = outcome as Error;
      for (const secret of [cursor, node.identifier, row?.id ?? '', scope])
        expect(message).not.toContain(secret);
    }
  });
});

describe('a cursor', () => {
  it('has at most 256 characters, however long an identifier and its scope are', async () => {
    const rows = Array.from({ length: 300 }, (_, seed) => ({
      ...storedRow(seed, seed),
      identifier: `${'x'.repeat(5000)}${seed}`,
    }));
    const list = createNovuList(rows);
    const options = { ...ours, scope: 'y'.repeat(5000) };
    const top = await paginate({ first: 100 }, list.fetchPage, options);
    const next = await paginate({ first: 100, after: top.pageInfo.endCursor }, list.fetchPage, options);
    for (const { cursor } of [...top.edges, ...next.edges]) {
      expect(cursor.length).toBeLessThanOrEqual(256);
      expect(cursor).toMatch(/^[\w-]+$/);
      await paginate({ first: 1, after: cursor }, list.fetchPage, options);
    }
  });
});

describe('arguments', () => {
  it.each<[ConnectionArgs, keyof ConnectionArgs]>([
    [{ first: 0 }, 'first'],
    [{ first: -1 }, 'first'],
    [{ first: 101 }, 'first'],
    [{ first: 1.5 }, 'first'],
    [{ last: 0 }, 'last'],
    [{ last: 101 }, 'last'],
    [{ first: 1, last: 1 }, 'last'],
    [{ after: 'a', before: 'b' }, 'before'],
    [{ first: 1, before: 'b' }, 'before'],
    [{ last: 1, after: 'a' }, 'after'],
  ])('%o are refused by the name of %s, without a call', async (args, argument) => {
    const list = createNovuList([storedRow(0, 0)]);
    const { outcome, calls } = await ask(list, args);
    expect(outcome).toBeInstanceOf(PageArgumentError);
    expect(outcome).toMatchObject({ argument, message: expect.stringContaining(`"${argument}"`) });
    expect(calls).toBe(0);
  });

  it('may be null', async () => {
    const list = createNovuList([storedRow(0, 0)]);
    const args = { first: null, after: null, last: null, before: null };
    expectTruth(list, args, (await page(list, args)).connection);
  });
});

describe("the model of Novu's list", () => {
  const rows = [storedRow(0, 1), storedRow(1, 2), storedRow(2, 2), storedRow(3, 2), storedRow(4, 3)];

  it('walks by next and previous through the same rows', async () => {
    const list = createNovuList(rows);
    const forwards: string[] = [];
    let next: string | null = null;
    do {
      const answer = await list.fetchPage({ limit: 2, ...(next === null ? {} : { after: next }) });
      forwards.push(...answer.items.map((item) => item.identifier));
      next = answer.next;
    } while (next !== null);
    expect(forwards).toEqual(list.order());
    const reversed = await list.fetchPage({ limit: 100, reverse: true });
    expect(reversed.items.map((item) => item.identifier)).toEqual(list.order().toReversed());
  });

  it('repeats with includeCursor the cursor row and all that tie with it', async () => {
    const list = createNovuList(rows);
    const order = list.order();
    const cursor = list.get(order[2] ?? '')?.id ?? '';
    const including = await list.fetchPage({ limit: 100, after: cursor, includeCursor: true });
    expect(including.items.map((item) => item.identifier)).toEqual(order.slice(1));
    const excluding = await list.fetchPage({ limit: 100, before: cursor });
    expect(excluding.items.map((item) => item.identifier)).toEqual(order.slice(0, 2));
    expect(excluding).toMatchObject({ previous: null, next: list.get(order[1] ?? '')?.id, totalCount: 5 });
  });

  it('answers a cursor whose row is gone with an empty list, and the last row with an empty page', async () => {
    const list = createNovuList(rows);
    const last = list.get(list.order().at(-1) ?? '');
    const empty = { items: [], next: null, previous: null };
    const after = last?.id ?? '';
    expect(await list.fetchPage({ limit: 5, after })).toMatchObject({ ...empty, totalCount: 5 });
    list.remove(last?.identifier ?? '');
    expect(await list.fetchPage({ limit: 5, after })).toMatchObject({ ...empty, totalCount: 0 });
  });
});
