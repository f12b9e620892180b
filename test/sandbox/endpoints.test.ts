import { describe, expect, test } from 'vitest';
import { CONNECTIONS, connection, ENDPOINTS, type Json, slackUser, start, type Started } from './start.ts';

async function message(novu: Started, body: Json): Promise<string> {
  const { status, json } = await novu.call('POST', ENDPOINTS, body);
  return `${status} ${String(json['message'])}`;
}

const KEY = 'a'.repeat(32);
const UUID = '00000000-0000-4000-8000-000000000000';

describe('the shape of an endpoint', () => {
  test.each([
    ['slack_channel', { channelId: 1 }],
    ['slack_user', { userId: 'U', extra: true }],
    ['webhook', { url: 'u', channel: 'c', other: 'o' }],
    ['webhook', { channel: 'c' }],
    ['phone', {}],
    ['ms_teams_channel', { teamId: 't' }],
    ['ms_teams_user', { userId: 'u', tenantId: 't' }],
    ['telegram_chat', { chatId: 1 }],
    ['webex_room', { roomId: '' }],
    ['webex_person', { personId: 'p', personEmail: 'e' }],
    ['webex_person', {}],
    ['line_user', { id: 'U' }],
    ['pagerduty_service', { routingKey: 'short', region: 'us' }],
    ['pagerduty_service', { routingKey: KEY, region: 'asia' }],
    ['opsgenie_integration', { apiKey: 'no-uuid', region: 'us' }],
    ['grafana_oncall_integration', { url: 'ftp://x', authToken: 't' }],
    ['tool_webhook', { url: 'https://x', method: 'GET' }],
    ['tool_webhook', { url: 'https://x', headers: { a: 1 } }],
    ['tool_webhook', { url: 'not a url' }],
  ])('of type %s is refused as %j', async (type, endpoint) => {
    await using novu = await start();
    const { status, json } = await novu.call('POST', ENDPOINTS, slackUser({ type, endpoint }));
    expect(status).toBe(422);
    expect(json['errors']).toEqual({
      endpoint: { messages: [`Endpoint must match the required format for type "${type}"`], value: endpoint },
    });
  });

  test('is unknown for an unknown type', async () => {
    await using novu = await start();
    const { status, json } = await novu.call('POST', ENDPOINTS, slackUser({ type: 'pigeon' }));
    expect(status).toBe(422);
    expect(Object.keys(json['errors'] ?? {})).toEqual(['type', 'endpoint']);
  });

  test('is named field by field when everything is missing', async () => {
    await using novu = await start();
    const { json } = await novu.call('POST', ENDPOINTS, {});
    expect(Object.keys(json['errors'] ?? {})).toEqual([
      'integrationIdentifier',
      'subscriberId',
      'type',
      'endpoint',
    ]);
  });

  test('stays the same in an update', async () => {
    await using novu = await start();
    await novu.call('POST', ENDPOINTS, slackUser({ identifier: 'acme' }));
    const path = `${ENDPOINTS}/acme`;
    const wrong = await novu.call('PATCH', path, { endpoint: { channelId: 'C1' } });
    expect([wrong.status, wrong.json['message']]).toEqual([
      400,
      'Endpoint must match the required format for type "slack_user"',
    ]);
    const none = await novu.call('PATCH', path, {});
    expect([none.status, Object.keys(none.json['errors'] ?? {})]).toEqual([422, ['general']]);
    const right = await novu.call('PATCH', path, { endpoint: { userId: 'U9' } });
    expect([right.status, right.data['endpoint'], right.data['type']]).toEqual([
      200,
      { userId: 'U9' },
      'slack_user',
    ]);
  });
});

test('a change to the address of a taken chat user is an opaque 500, and nothing is changed', async () => {
  await using novu = await start();
  await novu.call('POST', ENDPOINTS, slackUser({ identifier: 'first' }));
  await novu.call('POST', ENDPOINTS, slackUser({ identifier: 'second', endpoint: { userId: 'U2' } }));
  const change = (endpoint: Json) => novu.call('PATCH', `${ENDPOINTS}/second`, { endpoint });
  const taken = await change({ userId: 'U1' });
  expect([taken.status, typeof taken.json['errorId']]).toEqual([500, 'string']);
  expect((await novu.call('GET', `${ENDPOINTS}/second`)).data['endpoint']).toEqual({ userId: 'U2' });
  expect((await change({ userId: 'U2' })).status).toBe(200);
  expect((await change({ userId: 'U3' })).status).toBe(200);
  expect((await novu.call('POST', ENDPOINTS, slackUser({ endpoint: { userId: 'U2' } }))).status).toBe(201);
});

describe('creating an endpoint', () => {
  test('keeps every header of a tool webhook', async () => {
    await using novu = await start();
    const endpoint = { url: 'https://example.com', headers: { 'X-Key': 'v' }, method: 'PATCH' };
    const { data } = await novu.call(
      'POST',
      ENDPOINTS,
      slackUser({ integrationIdentifier: 'tool-webhook-prod', type: 'tool_webhook', endpoint }),
    );
    expect(data).toMatchObject({
      channel: 'tool',
      providerId: 'tool-webhook',
      connectionIdentifier: null,
      endpoint,
    });
    expect(data['identifier']).toMatch(/^chendp_[0-9a-z]{12}$/);
  });

  test.each([
    ['slack_user', 'slack-prod'],
    ['ms_teams_user', 'teams-prod'],
  ])('meets an opaque 500 for a second %s, whosever it is', async (type, integrationIdentifier) => {
    await using novu = await start();
    const body = slackUser({ type, integrationIdentifier });
    expect((await novu.call('POST', ENDPOINTS, body)).status).toBe(201);
    const second = await novu.call('POST', ENDPOINTS, { ...body, subscriberId: 'user-2' });
    expect([second.status, second.json['message']]).toEqual([
      500,
      'Internal server error, contact support and provide them with the errorId',
    ]);
    expect(second.json['errorId']).toMatch(/^[0-9a-f-]{36}$/);
    expect(novu.sandbox.endpoints()).toHaveLength(1);
  });

  test('allows one chat user on two integrations, and again when the first is gone', async () => {
    await using novu = await start();
    await novu.call('POST', ENDPOINTS, slackUser({ identifier: 'first' }));
    const other = slackUser({ integrationIdentifier: 'slack-hmac' });
    expect((await novu.call('POST', ENDPOINTS, other)).status).toBe(201);
    await novu.call('DELETE', `${ENDPOINTS}/first`);
    expect((await novu.call('POST', ENDPOINTS, slackUser())).status).toBe(201);
  });

  test('allows the same chat user twice where the index is missing', async () => {
    for (const options of [{ uniqueChatUsers: false }, { uniqueIndexes: false }]) {
      await using novu = await start(options);
      expect((await novu.call('POST', ENDPOINTS, slackUser())).status).toBe(201);
      expect((await novu.call('POST', ENDPOINTS, slackUser())).status).toBe(201);
    }
  });

  test.each([
    ['pagerduty-prod', 'pagerduty_service', { routingKey: KEY, region: 'us' }, 'PagerDuty', 'a PagerDuty'],
    ['opsgenie-prod', 'opsgenie_integration', { apiKey: UUID, region: 'us' }, 'Opsgenie', 'an Opsgenie'],
    ['grafana-prod', 'grafana_oncall_integration', { url: 'https://x.y' }, 'Grafana', 'a Grafana'],
    ['tool-webhook-prod', 'tool_webhook', { url: 'https://x.y' }, 'Tool webhook', 'a Tool webhook'],
  ])(
    'allows one tool of %s per subscriber',
    async (integrationIdentifier, type, endpoint, label, article) => {
      await using novu = await start();
      const body = slackUser({ integrationIdentifier, type, endpoint });
      expect((await novu.call('POST', ENDPOINTS, body)).status).toBe(201);
      expect(await message(novu, body)).toBe(
        `409 ${label} endpoint already exists for subscriber "user-1" on integration "${integrationIdentifier}"`,
      );
      expect((await novu.call('POST', ENDPOINTS, { ...body, subscriberId: 'user-2' })).status).toBe(201);
      expect(await message(novu, { ...body, integrationIdentifier: 'slack-prod' })).toBe(
        `400 Channel endpoint type "${type}" requires ${article} integration`,
      );
    },
  );

  test('creates an unknown subscriber on demand', async () => {
    await using novu = await start();
    const body = slackUser({ subscriberId: 'new-one' });
    expect(await message(novu, body)).toBe(
      '404 Subscriber not found: new-one. Pass createSubscriberIfMissing: true to create it, or provision it via POST /v1/subscribers.',
    );
    expect((await novu.call('POST', ENDPOINTS, { ...body, createSubscriberIfMissing: true })).status).toBe(
      201,
    );
    const another = { ...body, endpoint: { userId: 'U2' } };
    expect((await novu.call('POST', ENDPOINTS, another)).status).toBe(201);
    expect(novu.sandbox.subscribers().at(-1)).toMatchObject({ subscriberId: 'new-one', data: {} });
  });

  test('needs a connection of the same integration, when it names one', async () => {
    await using novu = await start();
    await novu.call(
      'POST',
      CONNECTIONS,
      connection({ identifier: 'teams', integrationIdentifier: 'teams-prod' }),
    );
    for (const connectionIdentifier of ['teams', 'gone']) {
      expect(await message(novu, slackUser({ connectionIdentifier }))).toBe(
        `404 Channel connection not found: ${connectionIdentifier}`,
      );
    }
  });

  test('asks more of Webex', async () => {
    await using novu = await start();
    const room = slackUser({ type: 'webex_room', endpoint: { roomId: 'r' } });
    expect(await message(novu, room)).toBe(
      '400 Channel endpoint type "webex_room" requires a Webex Messaging integration',
    );
    const webex = { ...room, integrationIdentifier: 'webex-prod' };
    expect(await message(novu, webex)).toBe(
      '400 Channel endpoint type "webex_room" requires a connectionIdentifier',
    );
    const context = { tenant: 'acme' };
    await novu.call(
      'POST',
      CONNECTIONS,
      connection({ identifier: 'w', integrationIdentifier: 'webex-prod', context }),
    );
    expect(await message(novu, { ...webex, connectionIdentifier: 'w' })).toBe(
      '400 Webex endpoint context must match channel connection "w" context',
    );
    const right = { ...webex, connectionIdentifier: 'w', context };
    expect((await novu.call('POST', ENDPOINTS, right)).data['connectionIdentifier']).toBe('w');
  });

  test('refuses a taken identifier', async () => {
    await using novu = await start();
    await novu.call('POST', ENDPOINTS, slackUser({ identifier: 'taken' }));
    expect(await message(novu, slackUser({ identifier: 'taken' }))).toBe(
      `409 Channel endpoint with identifier "taken" already exists in environment "${novu.sandbox.environmentId}"`,
    );
  });
});

test('a deleted connection leaves its endpoints dangling', async () => {
  await using novu = await start();
  await novu.call('POST', CONNECTIONS, connection({ identifier: 'acme' }));
  await novu.call('POST', ENDPOINTS, slackUser({ identifier: 'user', connectionIdentifier: 'acme' }));
  await novu.call('DELETE', `${CONNECTIONS}/acme`);
  expect((await novu.call('GET', `${ENDPOINTS}/user`)).data['connectionIdentifier']).toBe('acme');
});

test('an unknown endpoint is quoted in two ways', async () => {
  await using novu = await start();
  const path = `${ENDPOINTS}/gone`;
  const read = "Channel endpoint with identifier 'gone' not found";
  expect((await novu.call('GET', path)).json['message']).toBe(read);
  expect((await novu.call('DELETE', path)).json['message']).toBe(read);
  expect((await novu.call('PATCH', path, { endpoint: {} })).json['message']).toBe(
    `Channel endpoint with identifier "gone" not found in environment "${novu.sandbox.environmentId}"`,
  );
});
