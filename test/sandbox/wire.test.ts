import { describe, expect, test } from 'vitest';
import { CONNECTIONS, connection, ENDPOINTS, start } from './start.ts';

const UNAUTHORIZED = { error: 'Unauthorized', statusCode: 401 };

describe('the wire format', () => {
  test('wraps a document and sends a list as it is', async () => {
    await using novu = await start();
    const created = await novu.call('POST', CONNECTIONS, connection());
    expect(created.status).toBe(201);
    expect(created.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(Object.keys(created.json)).toEqual(['data']);
    const listed = await novu.call('GET', CONNECTIONS);
    expect(Object.keys(listed.json)).toEqual(['data', 'next', 'previous', 'totalCount', 'totalCountCapped']);
    const integrations = await novu.call('GET', '/v1/integrations');
    expect(Object.keys(integrations.json)).toEqual(['data']);
  });

  test('answers a deletion with 204 and nothing else', async () => {
    await using novu = await start();
    await novu.call('POST', CONNECTIONS, connection({ identifier: 'acme' }));
    const deleted = await novu.call('DELETE', `${CONNECTIONS}/acme`);
    expect([deleted.status, deleted.text, deleted.headers.get('content-type')]).toEqual([204, '', null]);
  });

  test('repeats ctx at the top of an error, with path and query', async () => {
    await using novu = await start({ clock: () => Date.UTC(2026, 6, 1, 10) });
    const refused = await novu.call('GET', `${CONNECTIONS}/nobody?a=b`);
    expect(refused.text).toBe(
      JSON.stringify({
        error: 'Not Found',
        statusCode: 404,
        timestamp: '2026-07-01T10:00:00.000Z',
        path: `${CONNECTIONS}/nobody?a=b`,
        message: "Channel connection with identifier 'nobody' not found",
        ctx: { error: 'Not Found', statusCode: 404 },
      }),
    );
  });

  test('hides what went wrong inside behind an errorId', async () => {
    await using novu = await start();
    const { status, json } = await novu.call('GET', `${CONNECTIONS}?after=zzz`);
    expect(status).toBe(500);
    expect(Object.keys(json)).toEqual(['statusCode', 'timestamp', 'path', 'message', 'errorId']);
    expect(json['message']).toBe('Internal server error, contact support and provide them with the errorId');
  });

  test('knows no other route or verb', async () => {
    await using novu = await start();
    const unknown = await novu.call('GET', '/v1/nope?x=1');
    expect([unknown.status, unknown.json['message']]).toEqual([404, 'Cannot GET /v1/nope?x=1']);
    const verb = await novu.call('PUT', CONNECTIONS, {});
    expect([verb.status, verb.json['message']]).toEqual([404, `Cannot PUT ${CONNECTIONS}`]);
    expect(verb.headers.get('ratelimit-limit')).toBeNull();
  });

  test('reports a path that cannot be decoded', async () => {
    await using novu = await start();
    const { status, json } = await novu.call('GET', `${CONNECTIONS}/%E0%A4%A`);
    expect([status, json['message']]).toEqual([400, "Failed to decode param '%E0%A4%A'"]);
  });
});

describe('authentication', () => {
  test.each([
    ['Token abc', 'Invalid authentication scheme: "Token"', UNAUTHORIZED],
    ['apikey sandbox-secret-key', 'Invalid authentication scheme: "apikey"', UNAUTHORIZED],
    ['sandbox-secret-key', 'Invalid authentication scheme: "sandbox-secret-key"', UNAUTHORIZED],
    ['ApiKey wrong', 'API Key not found', UNAUTHORIZED],
    ['ApiKey ', 'Unauthorized', { statusCode: 401 }],
  ])('refuses "%s"', async (authorization, message, ctx) => {
    await using novu = await start();
    const refused = await novu.call('GET', CONNECTIONS, undefined, { Authorization: authorization });
    expect(refused.status).toBe(401);
    expect(refused.json).toMatchObject({ message, ctx });
    expect(refused.headers.get('ratelimit-limit')).toBeNull();
  });

  test('refuses a request without the header', async () => {
    await using novu = await start();
    const response = await fetch(`${novu.url}${CONNECTIONS}`);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({
      message: 'Missing authorization header',
      ctx: UNAUTHORIZED,
    });
  });
});

describe('the body', () => {
  const NO_KEY = { Authorization: 'Token x' };

  test('is refused beyond 100 KB before anyone asks for a key', async () => {
    await using novu = await start();
    const refused = await novu.call('POST', CONNECTIONS, JSON.stringify({ a: 'x'.repeat(102_400) }), NO_KEY);
    expect(refused.status).toBe(413);
    expect(refused.json).toMatchObject({ message: 'Payload Too Large', ctx: { statusCode: 413 } });
    expect(refused.json['error']).toBeUndefined();
  });

  test('of exactly 100 KB is read', async () => {
    await using novu = await start();
    const frame = JSON.stringify(connection({ padding: '' })).length;
    const { status } = await novu.call(
      'POST',
      CONNECTIONS,
      connection({ padding: 'x'.repeat(102_400 - frame) }),
    );
    expect(status).toBe(201);
  });

  test.each(['{"a":', '"text"', 'nonsense'])(
    'that is not JSON (%s) is refused before anyone asks for a key',
    async (body) => {
      await using novu = await start();
      const refused = await novu.call('POST', CONNECTIONS, body, NO_KEY);
      expect(refused.status).toBe(400);
      expect(refused.json['error']).toBe('Bad Request');
      expect(refused.json['message']).toMatch(/JSON/);
    },
  );

  test('of another type counts as empty', async () => {
    await using novu = await start();
    const body = JSON.stringify(connection());
    const refused = await novu.call('POST', CONNECTIONS, body, { 'Content-Type': 'text/plain' });
    expect(refused.status).toBe(422);
  });
});

describe('validation', () => {
  test('of the pipe names every field in one list', async () => {
    await using novu = await start();
    const refused = await novu.call('POST', CONNECTIONS, { integrationIdentifier: 1, workspace: {} });
    expect(refused.status).toBe(422);
    expect(refused.json).toMatchObject({ message: 'Validation Error', ctx: {}, statusCode: 422 });
    expect(refused.json['errors']).toEqual({
      general: {
        messages: [
          'integrationIdentifier must be a string',
          'workspace.id should not be null or undefined',
          'auth should not be null or undefined',
        ],
        value: 'No Value Recorded',
      },
    });
  });

  test('of a command names each field and echoes its value', async () => {
    await using novu = await start();
    const refused = await novu.call('POST', ENDPOINTS, {
      integrationIdentifier: 'slack-prod',
      subscriberId: 'user-1',
      type: 'slack_user',
      endpoint: { channelId: 'C1' },
    });
    const text = 'Endpoint must match the required format for type "slack_user"';
    expect(refused.status).toBe(422);
    expect(refused.json).toMatchObject({
      message: `Validation failed for CreateChannelEndpointCommand: endpoint: ${text}`,
      ctx: {},
      errors: { endpoint: { messages: [text], value: { channelId: 'C1' } } },
    });
  });

  test.each([
    ['limit=101', ['limit must not be greater than 100']],
    ['limit=ten', ['limit must not be greater than 100']],
    ['channel=pigeon', ['channel must be one of the following values: in_app, email, sms, chat, push, tool']],
    ['connectionMode=both', ['connectionMode must be one of the following values: subscriber, shared']],
    ['subscriberId=a&subscriberId=b', ['subscriberId must be a string']],
  ])('refuses the query %s', async (query, messages) => {
    await using novu = await start();
    const { status, json } = await novu.call('GET', `${CONNECTIONS}?${query}`);
    expect(status).toBe(422);
    expect(json['errors']).toMatchObject({ general: { messages } });
  });

  test('refuses a negative limit in the command', async () => {
    await using novu = await start();
    const { status, json } = await novu.call('GET', `${CONNECTIONS}?limit=-1`);
    expect(status).toBe(422);
    expect(json['errors']).toEqual({ limit: { messages: ['limit must not be less than 1'], value: -1 } });
  });
});
