import { describe, expect, test } from 'vitest';
import { asRecord, CONNECTIONS, connection, ENDPOINTS, type Json, slackUser, start } from './start.ts';

describe('Novu 3.15', () => {
  test('differs from today where it is known to', async () => {
    await using novu = await start({ novuVersion: '3.15' });
    const auth = { accessToken: 'a', expiresAt: '2026-01-01T00:00:00.000Z' };
    const made = await novu.call('POST', CONNECTIONS, connection({ auth }));
    expect(made.data['auth']).toEqual(auth);
    expect(made.data['identifier']).toMatch(/^chconn-[0-9a-z]{6}$/);
    expect((await novu.call('GET', `${CONNECTIONS}?providerId=slack`)).status).toBe(422);
    expect((await novu.call('POST', ENDPOINTS, slackUser())).data['identifier']).toMatch(
      /^chendp-[0-9a-z]{6}$/,
    );
    expect((await novu.call('POST', ENDPOINTS, slackUser())).status).toBe(201);
    const stranger = { integrationIdentifier: 'slack-prod', subscriberId: 'stranger' };
    expect((await novu.call('POST', '/v1/integrations/channel-connections/oauth', stranger)).status).toBe(
      404,
    );
    const wrong = connection({ subscriberId: 'stranger' });
    await novu.call('POST', CONNECTIONS, wrong, { 'Idempotency-Key': 'k' });
    expect((await novu.call('POST', CONNECTIONS, wrong, { 'Idempotency-Key': 'k' })).status).toBe(503);
  });

  test('gives way to single options', async () => {
    await using novu = await start({ novuVersion: '3.15', authShape: 'hasAccessToken' });
    const { data } = await novu.call('POST', CONNECTIONS, connection());
    expect(data['auth']).toEqual({ hasAccessToken: true });
  });

  test('lists integrations of other environments, one under the same identifier', async () => {
    await using novu = await start({ novuVersion: '3.15' });
    const rows = async () => {
      const { json } = await novu.call('GET', '/v1/integrations');
      return Array.isArray(json['data']) ? json['data'].map(asRecord) : [];
    };
    const slack = (await rows()).filter(({ identifier }) => identifier === 'slack-prod');
    expect(slack).toHaveLength(2);
    expect(new Set(slack.map((row) => row['_environmentId'])).size).toBe(2);
    novu.sandbox.options.listedIntegrations = 'environment';
    const today = await rows();
    expect(new Set(today.map((row) => row['_environmentId']))).toEqual(new Set([novu.sandbox.environmentId]));
  });
});

describe('without unique indexes', () => {
  test('two racing creates with one identifier both succeed', async () => {
    await using novu = await start({ uniqueIndexes: false, races: true, latencyMs: 250 });
    const rivals = await Promise.all(
      ['user-1', 'user-2'].map((subscriberId) =>
        novu.call('POST', CONNECTIONS, connection({ identifier: 'one', subscriberId })),
      ),
    );
    expect(rivals.map(({ status }) => status)).toEqual([201, 201]);
    expect(novu.sandbox.connections().map(({ identifier }) => identifier)).toEqual(['one', 'one']);
  });

  test('a create that comes later is still refused, and a deletion leaves the other row', async () => {
    await using novu = await start({ uniqueIndexes: false });
    const gate = Promise.withResolvers<void>();
    novu.sandbox.fail({ kind: 'slow', at: 'before-write', until: gate.promise });
    const first = novu.call('POST', CONNECTIONS, connection({ identifier: 'one' }));
    while (novu.sandbox.requests.length === 0) await novu.call('GET', '/sandbox/state');
    await novu.call('GET', '/v1/integrations');
    const body = connection({ identifier: 'one', subscriberId: 'user-2' });
    expect((await novu.call('POST', CONNECTIONS, body)).status).toBe(201);
    gate.resolve();
    expect((await first).status).toBe(201);
    expect((await novu.call('POST', CONNECTIONS, { ...body, subscriberId: 'user-3' })).status).toBe(409);
    expect((await novu.call('DELETE', `${CONNECTIONS}/one`)).status).toBe(204);
    expect((await novu.call('GET', `${CONNECTIONS}/one`)).status).toBe(200);
    expect((await novu.call('DELETE', `${CONNECTIONS}/one`)).status).toBe(204);
    expect((await novu.call('GET', `${CONNECTIONS}/one`)).status).toBe(404);
  });

  test('a tool may be added twice', async () => {
    await using novu = await start({ uniqueIndexes: false });
    const endpoint = { routingKey: 'a'.repeat(32), region: 'us' };
    const body = slackUser({ integrationIdentifier: 'pagerduty-prod', type: 'pagerduty_service', endpoint });
    expect((await novu.call('POST', ENDPOINTS, body)).status).toBe(201);
    expect((await novu.call('POST', ENDPOINTS, body)).status).toBe(201);
  });
});

describe('a stored refusal', () => {
  const replay = async (path: string, body: Json) => {
    await using novu = await start();
    const key = { 'Idempotency-Key': 'k' };
    const first = await novu.call('POST', path, body, key);
    return { first, second: await novu.call('POST', path, body, key) };
  };

  test('of a command comes back as 400 without errors, its values at the top', async () => {
    const body = slackUser({ endpoint: { channelId: 'C1' } });
    const { first, second } = await replay(ENDPOINTS, body);
    expect([first.status, second.status]).toEqual([422, 400]);
    expect(second.json['message']).toBe(first.json['message']);
    expect(second.json).not.toHaveProperty('errors');
    expect(second.json).toMatchObject({
      statusCode: 400,
      className: 'CreateChannelEndpointCommand',
      constraintsViolated: { endpoint: { value: { channelId: 'C1' } } },
    });
    expect(second.headers.get('idempotency-replay')).toBe('true');
  });

  test('of the pipe comes back as it was', async () => {
    const { first, second } = await replay(CONNECTIONS, connection({ workspace: {} }));
    expect([second.status, second.json['errors']]).toEqual([422, first.json['errors']]);
  });
});

test('an integration can be taken away by a command of the sandbox', async () => {
  await using novu = await start();
  expect((await novu.call('DELETE', '/sandbox/integrations/slack-prod')).status).toBe(204);
  expect((await novu.call('DELETE', '/sandbox/integrations/slack-prod')).status).toBe(404);
  expect((await novu.call('POST', CONNECTIONS, connection())).status).toBe(404);
});
