import { describe, expect, test } from 'vitest';
import { asRecord, CONNECTIONS, connection, type Json, start } from './start.ts';

const CONTEXTS = '/v2/contexts';
const idsOf = (json: Json): unknown[] =>
  Array.isArray(json['data']) ? json['data'].map((row: unknown) => asRecord(row)['id']) : [];

describe('a context', () => {
  test('is made, read, changed as a whole and deleted', async () => {
    let now = Date.UTC(2026, 0, 1);
    await using novu = await start({ clock: () => now });
    const made = await novu.call('POST', CONTEXTS, {
      type: 'tenant',
      id: 'acme',
      data: { plan: 'pro', seats: 3 },
    });
    expect([made.status, made.json]).toEqual([
      201,
      {
        data: {
          type: 'tenant',
          id: 'acme',
          data: { plan: 'pro', seats: 3 },
          createdAt: '2026-01-01T00:00:00.000Z',
          updatedAt: '2026-01-01T00:00:00.000Z',
        },
      },
    ]);
    const path = `${CONTEXTS}/tenant/acme`;
    expect((await novu.call('GET', path)).json).toEqual(made.json);
    now += 1000;
    const changed = await novu.call('PATCH', path, { data: { plan: 'free' } });
    expect([changed.status, changed.data['data'], changed.data['updatedAt']]).toEqual([
      200,
      { plan: 'free' },
      '2026-01-01T00:00:01.000Z',
    ]);
    const deleted = await novu.call('DELETE', path);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await novu.call('GET', path)).status).toBe(404);
  });

  test('of a connection is the same row, and its data stays when the connection names other data', async () => {
    await using novu = await start();
    await novu.call('POST', CONTEXTS, { type: 'tenant', id: 'acme', data: { plan: 'pro' } });
    const context = {
      tenant: { id: 'acme', data: { plan: 'free' } },
      region: { id: 'eu', data: { zone: 1 } },
    };
    await novu.call('POST', CONNECTIONS, connection({ identifier: 'c', context }));
    expect((await novu.call('GET', `${CONTEXTS}/tenant/acme`)).data['data']).toEqual({ plan: 'pro' });
    expect((await novu.call('GET', `${CONTEXTS}/region/eu`)).data['data']).toEqual({ zone: 1 });
    await novu.call('DELETE', `${CONTEXTS}/tenant/acme`);
    expect((await novu.call('GET', `${CONNECTIONS}/c`)).data['contextKeys']).toEqual([
      'region:eu',
      'tenant:acme',
    ]);
  });

  test('is refused with more data than Novu takes', async () => {
    await using novu = await start();
    const body = { type: 'tenant', id: 'acme', data: { text: 'x'.repeat(66_000) } };
    expect((await novu.call('POST', CONTEXTS, body)).status).toBe(422);
  });
});

test.each([
  ['type=tenant', ['b', 'a']],
  ['id=a', ['a']],
  ['search=ANT:b', ['b']],
  ['type=tenant&limit=1', ['b']],
  ['orderDirection=ASC', ['a', 'b', 'eu']],
  ['type=other', []],
])('contexts are listed by %s', async (query, ids) => {
  await using novu = await start();
  for (const [type, id] of [
    ['tenant', 'a'],
    ['tenant', 'b'],
    ['region', 'eu'],
  ])
    await novu.call('POST', CONTEXTS, { type, id });
  const { json, headers } = await novu.call('GET', `${CONTEXTS}?${query}`);
  expect(idsOf(json)).toEqual(ids);
  expect(headers.get('ratelimit-policy')).toContain('category="global"');
});
