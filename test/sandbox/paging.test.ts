import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asRecord, CONNECTIONS, connection, ENDPOINTS, slackUser, start, type Started } from './start.ts';

type Page = { identifiers: string[]; next: string | null; previous: string | null; totalCount: unknown };

async function list(
  novu: Started,
  query: Record<string, string | number> = {},
  path = CONNECTIONS,
): Promise<Page> {
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  const { status, json } = await novu.call('GET', `${path}?${search}`);
  expect(status).toBe(200);
  const { data, next, previous, totalCount } = json;
  const identifiers = Array.isArray(data)
    ? data.map((row: unknown) => String(asRecord(row)['identifier']))
    : [];
  return { identifiers, next: asCursor(next), previous: asCursor(previous), totalCount };
}

const asCursor = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Rows c0, c1 … whose creation times are apart by the given milliseconds; 0 makes a tie. */
async function fill(novu: Started, gaps: readonly number[], tick: (by: number) => void): Promise<void> {
  for (const [index, gap] of gaps.entries()) {
    tick(gap);
    const body = connection({ identifier: `c${index}`, context: { row: `${index}` } });
    expect((await novu.call('POST', CONNECTIONS, body)).status).toBe(201);
  }
}

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `c${from + index}`);

describe('walking', () => {
  test('by any limit and in both directions meets every row once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(0, 1, 1000), { maxLength: 15 }),
        fc.array(fc.nat({ max: 14 }), { maxLength: 4 }),
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom('ASC', 'DESC'),
        fc.constantFrom('createdAt', 'updatedAt', 'identifier', '_id', 'noSuchField'),
        async (gaps, touched, limit, orderDirection, orderBy) => {
          let now = 1_800_000_000_000;
          await using novu = await start({ clock: () => now, rateLimiting: false });
          await fill(novu, gaps, (gap) => {
            now += gap;
          });
          for (const index of touched) {
            now += 1;
            const { workspace, auth } = connection();
            await novu.call('PATCH', `${CONNECTIONS}/c${index}`, { workspace, auth });
          }
          const query = { limit, orderDirection, orderBy };
          const all = await list(novu, { ...query, limit: 100 });
          expect(all.identifiers.toSorted()).toEqual(gaps.map((_, index) => `c${index}`).toSorted());
          const key = (identifier: string): string => {
            const row = asRecord(novu.sandbox.connections().find((other) => other.identifier === identifier));
            const value = row[orderBy];
            return `${typeof value === 'string' ? value : ''} ${String(row['_id'])}`;
          };
          const keys = all.identifiers.map(key);
          expect(keys).toEqual(orderDirection === 'ASC' ? keys.toSorted() : keys.toSorted().toReversed());

          const forward: string[] = [];
          let page = await list(novu, query);
          expect(page.previous).toBeNull();
          forward.push(...page.identifiers);
          while (page.next !== null) {
            page = await list(novu, { ...query, after: page.next });
            expect(page.identifiers.length).toBeGreaterThan(0);
            forward.push(...page.identifiers);
          }
          expect(forward).toEqual(all.identifiers);
          expect(page.totalCount).toBe(gaps.length);

          const backward = [...page.identifiers];
          while (page.previous !== null) {
            page = await list(novu, { ...query, before: page.previous });
            expect(page.next).not.toBeNull();
            backward.unshift(...page.identifiers);
          }
          expect(backward).toEqual(all.identifiers);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('gives newest first and ten at most, unless asked', async () => {
    let now = 0;
    await using novu = await start({ clock: () => now });
    await fill(novu, Array<number>(12).fill(1), (gap) => {
      now += gap;
    });
    for (const limit of ['', '0']) {
      expect((await list(novu, { limit })).identifiers).toEqual(numbered(2, 11).toReversed());
    }
    expect((await list(novu, { limit: 100 })).identifiers).toHaveLength(12);
    // Only the exact text DESC descends.
    expect((await list(novu, { orderDirection: 'desc' })).identifiers[0]).toBe('c0');
  });

  test('ends early at a cursor whose row is gone', async () => {
    await using novu = await start();
    await fill(novu, [0, 0, 0, 0], () => undefined);
    const { next, identifiers } = await list(novu, { limit: 2 });
    await novu.call('DELETE', `${CONNECTIONS}/${identifiers[1]}`);
    const { json } = await novu.call('GET', `${CONNECTIONS}?after=${next}`);
    expect(json).toEqual({ data: [], next: null, previous: null, totalCount: 0, totalCountCapped: false });
  });

  test('refuses both cursors, and fails on one that is no ObjectId', async () => {
    await using novu = await start();
    const both = await novu.call('GET', `${CONNECTIONS}?after=a&before=b`);
    expect([both.status, both.json['message']]).toEqual([
      400,
      'Cannot specify both "before" and "after" cursors at the same time.',
    ]);
    expect((await novu.call('GET', `${CONNECTIONS}?before=${'g'.repeat(24)}`)).status).toBe(500);
  });

  test('repeats the cursor with includeCursor, and every row that ties with it', async () => {
    let now = 0;
    await using novu = await start({ clock: () => now });
    await fill(novu, [1, 1, 0, 0, 1], (gap) => {
      now += gap;
    });
    const ascending = { orderDirection: 'ASC', limit: 3 };
    const { next } = await list(novu, ascending);
    expect((await list(novu, { ...ascending, after: next ?? '' })).identifiers).toEqual(['c3', 'c4']);
    const inclusive = { ...ascending, limit: 9, includeCursor: 'true' };
    expect((await list(novu, { ...inclusive, after: next ?? '' })).identifiers).toEqual([
      'c1',
      'c2',
      'c3',
      'c4',
    ]);
    expect((await list(novu, { ...inclusive, before: next ?? '' })).identifiers).toEqual([
      'c0',
      'c1',
      'c2',
      'c3',
    ]);
    // Only the exact text true includes.
    const exclusive = { ...inclusive, includeCursor: '1', after: next ?? '' };
    expect((await list(novu, exclusive)).identifiers).toEqual(['c3', 'c4']);
  });

  test('gives 24 hex digits as cursors', async () => {
    await using novu = await start();
    await fill(novu, [0, 0, 0], () => undefined);
    const first = await list(novu, { limit: 1 });
    const second = await list(novu, { limit: 1, after: first.next ?? '' });
    expect([first.next, second.next, second.previous].join(' ')).toMatch(/^[0-9a-f]{24} ([0-9a-f]{24}) \1$/);
  });
});

describe('filters', () => {
  async function seeded(options = {}): Promise<Started> {
    const novu = await start(options);
    const make = async (identifier: string, changes: Record<string, unknown>): Promise<void> => {
      expect((await novu.call('POST', CONNECTIONS, connection({ identifier, ...changes }))).status).toBe(201);
    };
    await make('mine', {});
    await make('mine-acme', { context: { tenant: 'acme' } });
    await make('mine-two', { context: { tenant: 'acme', region: 'eu' } });
    await make('hers', { subscriberId: 'user-2', integrationIdentifier: 'teams-prod' });
    await make('shared', { subscriberId: undefined, connectionMode: 'shared', context: { tenant: 'acme' } });
    return novu;
  }

  const ascending = { orderDirection: 'ASC' };

  test.each([
    [{ integrationIdentifier: 'teams-prod' }, ['hers']],
    [{ providerId: 'msteams' }, ['hers']],
    [{ providerId: 'discord' }, []],
    [{ channel: 'email' }, []],
    [{ channel: 'chat', subscriberId: 'user-2', connectionMode: 'subscriber' }, ['hers']],
    [{ subscriberId: 'user-2' }, ['hers']],
    [{ subscriberId: 'user-2', connectionMode: 'shared' }, ['shared']],
    [{ connectionMode: 'shared' }, ['mine', 'mine-acme', 'mine-two', 'hers', 'shared']],
    [{ contextKeys: '' }, ['mine', 'hers']],
    [{ contextKeys: 'tenant:acme' }, ['mine-acme', 'shared']],
    [{ 'contextKeys[]': 'tenant:acme' }, ['mine-acme', 'shared']],
    [{ subscriberId: '' }, ['mine', 'mine-acme', 'mine-two', 'hers', 'shared']],
  ])('%j', async (query, expected) => {
    await using novu = await seeded();
    const page = await list(novu, { ...ascending, ...query });
    expect(page.identifiers).toEqual(expected);
    expect(page.totalCount).toBe(expected.length);
  });

  test('by several context keys match the exact set in any order', async () => {
    await using novu = await seeded();
    for (const query of [
      'contextKeys=tenant:acme&contextKeys=region:eu',
      'contextKeys[]=region:eu&contextKeys[]=tenant:acme',
    ]) {
      const { json } = await novu.call('GET', `${CONNECTIONS}?${query}`);
      expect(json['data']).toMatchObject([{ identifier: 'mine-two' }]);
    }
  });

  test('by subscriber bring shared rows along on some servers, unless the mode tells them apart', async () => {
    await using novu = await seeded({ subscriberFilter: 'mixed' });
    const found = async (query: Record<string, string>) =>
      (await list(novu, { ...ascending, subscriberId: 'user-2', ...query })).identifiers;
    expect(await found({})).toEqual(['hers', 'shared']);
    expect(await found({ connectionMode: 'subscriber' })).toEqual(['hers']);
    expect(await found({ connectionMode: 'shared' })).toEqual(['shared']);
  });

  test('by subscriber were exact on older servers', async () => {
    await using novu = await seeded({ subscriberFilter: 'exact' });
    expect((await list(novu, { subscriberId: 'user-2' })).identifiers).toEqual(['hers']);
    expect((await list(novu, { subscriberId: 'user-2', connectionMode: 'shared' })).identifiers).toEqual([
      'hers',
    ]);
  });

  test('hold while walking', async () => {
    await using novu = await seeded();
    const query = { ...ascending, contextKeys: 'tenant:acme', limit: 1 };
    const first = await list(novu, query);
    const second = await list(novu, { ...query, after: first.next ?? '' });
    expect([...first.identifiers, ...second.identifiers, second.next]).toEqual(['mine-acme', 'shared', null]);
  });

  test('of endpoints know the connection and take the subscriber exactly', async () => {
    await using novu = await seeded();
    await novu.call('POST', ENDPOINTS, slackUser({ identifier: 'with', connectionIdentifier: 'mine' }));
    await novu.call(
      'POST',
      ENDPOINTS,
      slackUser({ identifier: 'without', subscriberId: 'user-2', endpoint: { userId: 'U2' } }),
    );
    expect((await list(novu, { connectionIdentifier: 'mine' }, ENDPOINTS)).identifiers).toEqual(['with']);
    expect((await list(novu, { subscriberId: 'user-2' }, ENDPOINTS)).identifiers).toEqual(['without']);
  });
});
