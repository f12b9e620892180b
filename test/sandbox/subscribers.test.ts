import { describe, expect, test } from 'vitest';
import {
  asRecord,
  CONNECTIONS,
  connection,
  ENDPOINTS,
  type Json,
  slackUser,
  start,
  type Started,
} from './start.ts';

const SUBSCRIBERS = '/v2/subscribers';

const post = (novu: Started, body: Json, headers = {}) => novu.call('POST', SUBSCRIBERS, body, headers);
const idsOf = (json: Json): unknown[] =>
  Array.isArray(json['data']) ? json['data'].map((row: unknown) => asRecord(row)['subscriberId']) : [];

describe('a subscriber', () => {
  const profile = {
    firstName: 'Ada',
    lastName: null,
    email: 'ada@example.com',
    phone: '+15550100',
    avatar: 'a.png',
    locale: 'en_US',
    timezone: 'Europe/London',
    data: { plan: 'pro' },
  };

  test('is made with its profile, and shown whole', async () => {
    await using novu = await start({ clock: () => Date.UTC(2026, 0, 1) });
    const { status, data, json } = await post(novu, { subscriberId: 'ada', ...profile });
    expect(status).toBe(201);
    expect(Object.keys(json)).toEqual(['data']);
    expect(data).toEqual({
      _id: expect.stringMatching(/^[0-9a-f]{24}$/),
      subscriberId: 'ada',
      ...profile,
      channels: [],
      topics: [],
      isOnline: null,
      lastOnlineAt: null,
      deleted: false,
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
      _environmentId: novu.sandbox.environmentId,
      _organizationId: expect.any(String),
    });
    expect((await novu.call('GET', `${SUBSCRIBERS}/ada`)).data).toEqual(data);
  });

  test('has no fields that it was never given', async () => {
    await using novu = await start();
    const { data } = await post(novu, { subscriberId: 'ada' });
    expect(data).not.toHaveProperty('firstName');
    expect(data['data']).toEqual({});
  });

  test('that is there is updated: what is left out stays, and data is replaced by {}', async () => {
    await using novu = await start();
    await post(novu, { subscriberId: 'ada', ...profile });
    const { status, data } = await post(novu, { subscriberId: 'ada', lastName: 'Lovelace', email: null });
    expect(status).toBe(201);
    expect(data).toMatchObject({ firstName: 'Ada', lastName: 'Lovelace', email: null, data: {} });
    expect(novu.sandbox.journal.map(({ kind }) => kind)).toEqual(['create', 'update']);
  });

  test('keeps its data when a PATCH leaves it out', async () => {
    await using novu = await start();
    await post(novu, { subscriberId: 'ada', ...profile });
    const { status, data } = await novu.call('PATCH', `${SUBSCRIBERS}/ada`, {
      lastName: 'King',
      phone: null,
    });
    expect([status, data['lastName'], data['phone'], data['data']]).toEqual([
      200,
      'King',
      null,
      profile.data,
    ]);
  });

  test('shows the credentials of its channels', async () => {
    await using novu = await start();
    const { data } = await novu.call('GET', `${SUBSCRIBERS}/subscriber-123`);
    expect(JSON.stringify(data['channels'])).toMatch(
      /webhookUrl.*sandbox-secret.*deviceTokens.*sandbox-secret/,
    );
    expect((await novu.call('GET', '/sandbox/state')).text).not.toContain('sandbox-secret');
  });

  test('is deleted alone: connections and endpoints stay', async () => {
    await using novu = await start();
    await novu.call('POST', CONNECTIONS, connection({ identifier: 'acme' }));
    await novu.call('POST', ENDPOINTS, slackUser({ identifier: 'ada' }));
    const deleted = await novu.call('DELETE', `${SUBSCRIBERS}/user-1`);
    expect([deleted.status, deleted.json]).toEqual([
      200,
      { data: { acknowledged: true, status: 'deleted' } },
    ]);
    expect((await novu.call('GET', `${CONNECTIONS}/acme`)).status).toBe(200);
    expect((await novu.call('GET', `${ENDPOINTS}/ada`)).status).toBe(200);
    const body = connection({ identifier: 'b', context: { tenant: 'b' } });
    expect((await novu.call('POST', CONNECTIONS, body)).json['message']).toBe('Subscriber not found: user-1');
    const again = await novu.call('DELETE', `${SUBSCRIBERS}/user-1`);
    expect(again.json).toMatchObject({
      statusCode: 404,
      message: 'Subscriber was not found',
      externalSubscriberId: 'user-1',
      ctx: { externalSubscriberId: 'user-1' },
    });
  });

  test('made here is known to connections', async () => {
    await using novu = await start();
    await post(novu, { subscriberId: 'newcomer' });
    expect((await novu.call('POST', CONNECTIONS, connection({ subscriberId: 'newcomer' }))).status).toBe(201);
  });

  test('is made once per idempotency key', async () => {
    await using novu = await start();
    const key = { 'Idempotency-Key': 'k' };
    await post(novu, { subscriberId: 'ada' }, key);
    expect((await post(novu, { subscriberId: 'ada' }, key)).headers.get('idempotency-replay')).toBe('true');
    expect(novu.sandbox.journal).toHaveLength(1);
  });

  test('is not made beyond the bound of the sandbox', async () => {
    await using novu = await start({ maxRows: 8 });
    expect((await post(novu, { subscriberId: 'ninth' })).json['message']).toMatch(/^Sandbox is full/);
  });
});

describe('the list of subscribers', () => {
  test.each([
    ['email=grace@example.com', ['subscriber-456']],
    ['name=LOVE', ['subscriber-123']],
    ['name=ada%20love', ['subscriber-123']],
    ['phone=%2B15550101', ['subscriber-123']],
    ['subscriberId=user-2', ['user-2']],
    ['subscriberId=user', []],
  ])('filtered by %s', async (query, ids) => {
    await using novu = await start();
    const { json } = await novu.call('GET', `${SUBSCRIBERS}?${query}`);
    expect(idsOf(json)).toEqual(ids);
    expect(json['totalCount']).toBe(ids.length);
  });

  test('is walked by _id, the newest first', async () => {
    await using novu = await start();
    const seen: unknown[] = [];
    let next: unknown = '';
    while (typeof next === 'string') {
      const { json } = await novu.call('GET', `${SUBSCRIBERS}?limit=3&after=${next}`);
      seen.push(...idsOf(json));
      next = json['next'];
    }
    expect(seen).toEqual(
      novu.sandbox
        .subscribers()
        .map(({ subscriberId }) => subscriberId)
        .toReversed(),
    );
  });

  test('costs tokens of the bucket for configuration', async () => {
    await using novu = await start({ tier: 'free' });
    const { headers } = await novu.call('GET', SUBSCRIBERS);
    expect(headers.get('ratelimit-policy')).toContain('category="configuration"');
  });
});
