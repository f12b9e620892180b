import { createHmac } from 'node:crypto';
import { ErrorDto, NovuError, ValidationErrorDto } from '@novu/api/models/errors/index.js';
import { describe, expect, test } from 'vitest';
import { createSdk } from '../support/novu-sdk.ts';
import { start } from './start.ts';

async function failure(call: Promise<unknown>): Promise<NovuError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof NovuError) return error;
  throw new Error('The SDK did not report an HTTP error', { cause: error });
}

const workspace = { id: 'T1', name: 'Acme' };
const auth = { accessToken: 'xoxb-1' };
const connectionOf = (subscriberId: string) => ({
  integrationIdentifier: 'slack-prod',
  subscriberId,
  workspace,
  auth,
});

describe('the official SDK on channel connections', () => {
  test('creates, retrieves, lists, updates and deletes', async () => {
    await using novu = await start();
    const { channelConnections } = createSdk(novu.url);

    const created = await channelConnections.create({
      ...connectionOf('user-1'),
      identifier: 'acme',
      context: { tenant: { id: 'acme', data: { plan: 'pro' } }, region: 'eu' },
    });
    expect(created.result).toMatchObject({
      identifier: 'acme',
      channel: 'chat',
      providerId: 'slack',
      integrationIdentifier: 'slack-prod',
      subscriberId: 'user-1',
      contextKeys: ['region:eu', 'tenant:acme'],
      workspace,
      auth,
    });

    const retrieved = await channelConnections.retrieve('acme');
    expect(retrieved.result).toEqual(created.result);

    const listed = await channelConnections.list({
      subscriberId: 'user-1',
      channel: 'chat',
      providerId: 'slack',
      integrationIdentifier: 'slack-prod',
      contextKeys: ['tenant:acme', 'region:eu'],
      connectionMode: 'subscriber',
      limit: 5,
      orderBy: 'updatedAt',
      orderDirection: 'ASC',
    });
    expect(listed.result).toEqual({
      data: [created.result],
      next: null,
      previous: null,
      totalCount: 1,
      totalCountCapped: false,
    });

    const changed = { workspace: { id: 'T2' }, auth: { accessToken: 'xoxb-2' } };
    const updated = await channelConnections.update(changed, 'acme');
    expect(updated.result).toMatchObject({ identifier: 'acme', ...changed });

    await channelConnections.delete('acme');
    expect(novu.sandbox.connections()).toEqual([]);
  });

  test('reaches an identifier with any characters', async () => {
    await using novu = await start();
    const { channelConnections } = createSdk(novu.url);
    const identifier = 'a/b c?d#é%';
    await channelConnections.create({ ...connectionOf('user-1'), identifier });
    expect((await channelConnections.retrieve(identifier)).result.identifier).toBe(identifier);
  });

  test('gets each documented refusal in the shape it can read', async () => {
    await using novu = await start();
    const { channelConnections } = createSdk(novu.url);

    const noOwner = await failure(
      channelConnections.create({ integrationIdentifier: 'slack-prod', workspace, auth }),
    );
    expect(noOwner).toBeInstanceOf(ErrorDto);
    expect([noOwner.statusCode, noOwner.message]).toEqual([
      400,
      'Either subscriberId or context must be provided',
    ]);

    const noKey = await failure(createSdk(novu.url, 'another-key').channelConnections.retrieve('acme'));
    expect([noKey.statusCode, noKey.message]).toEqual([401, 'API Key not found']);

    const unknown = await failure(channelConnections.retrieve('nobody'));
    expect([unknown.statusCode, unknown.message]).toEqual([
      404,
      "Channel connection with identifier 'nobody' not found",
    ]);

    await channelConnections.create(connectionOf('user-1'));
    const twice = await failure(channelConnections.create(connectionOf('user-1')));
    expect(twice).toBeInstanceOf(ErrorDto);
    expect(twice.statusCode).toBe(409);

    const invalid = await failure(channelConnections.create({ ...connectionOf('user-2'), context: {} }));
    expect(invalid).toBeInstanceOf(ValidationErrorDto);
    expect(invalid instanceof ValidationErrorDto && Object.keys(invalid.errors)).toEqual(['general']);

    const text = 'x'.repeat(60_000);
    const context = { a: { id: 'a', data: { text } }, b: { id: 'b', data: { text } } };
    const large = await failure(channelConnections.create({ ...connectionOf('user-2'), context }));
    expect(large).toBeInstanceOf(ErrorDto);
    expect([large.statusCode, large.message]).toEqual([413, 'Payload Too Large']);

    const broken = await failure(channelConnections.list({ after: 'no-object-id' }));
    expect(broken).toBeInstanceOf(ErrorDto);
    expect(broken instanceof ErrorDto && broken.errorId).toMatch(/^[0-9a-f-]{36}$/);
    expect(broken.statusCode).toBe(500);

    novu.sandbox.fail({ kind: 'rate-limited' });
    const limited = await failure(channelConnections.list({}));
    expect([limited.statusCode, limited.headers.get('retry-after')]).toEqual([429, '1']);
  });
});

describe('the official SDK on channel endpoints', () => {
  test('creates, retrieves, lists, updates and deletes', async () => {
    await using novu = await start();
    const { channelConnections, channelEndpoints } = createSdk(novu.url);
    await channelConnections.create({ ...connectionOf('user-1'), identifier: 'acme' });

    const created = await channelEndpoints.create({
      identifier: 'acme-user',
      integrationIdentifier: 'slack-prod',
      connectionIdentifier: 'acme',
      subscriberId: 'user-1',
      type: 'slack_user',
      endpoint: { userId: 'U1' },
    });
    expect(created.result).toMatchObject({
      identifier: 'acme-user',
      connectionIdentifier: 'acme',
      type: 'slack_user',
      endpoint: { userId: 'U1' },
      contextKeys: [],
    });
    expect((await channelEndpoints.retrieve('acme-user')).result).toEqual(created.result);
    expect((await channelEndpoints.list({ connectionIdentifier: 'acme' })).result.data).toEqual([
      created.result,
    ]);
    expect((await channelEndpoints.list({ connectionIdentifier: 'other' })).result.data).toEqual([]);

    const updated = await channelEndpoints.update({ endpoint: { userId: 'U2' } }, 'acme-user');
    expect(updated.result.endpoint).toEqual({ userId: 'U2' });

    await channelEndpoints.delete('acme-user');
    expect(novu.sandbox.endpoints()).toEqual([]);
  });

  test('creates every type', async () => {
    await using novu = await start();
    const { channelConnections, channelEndpoints } = createSdk(novu.url);
    await channelConnections.create({
      ...connectionOf('user-1'),
      integrationIdentifier: 'webex-prod',
      identifier: 'webex',
    });

    const subscriberId = 'user-1';
    const webex = { subscriberId, integrationIdentifier: 'webex-prod', connectionIdentifier: 'webex' };
    const slack = { subscriberId, integrationIdentifier: 'slack-prod' };
    const teams = { subscriberId, integrationIdentifier: 'teams-prod' };
    const made = [
      await channelEndpoints.create({ ...slack, type: 'slack_channel', endpoint: { channelId: 'C1' } }),
      await channelEndpoints.create({ ...slack, type: 'slack_user', endpoint: { userId: 'U1' } }),
      await channelEndpoints.create({
        ...slack,
        type: 'webhook',
        endpoint: { url: 'https://example.com/h' },
      }),
      await channelEndpoints.create({
        subscriberId,
        integrationIdentifier: 'whatsapp-prod',
        type: 'phone',
        endpoint: { phoneNumber: '+15550100' },
      }),
      await channelEndpoints.create({
        ...teams,
        type: 'ms_teams_channel',
        endpoint: { teamId: 't', channelId: 'c' },
      }),
      await channelEndpoints.create({ ...teams, type: 'ms_teams_user', endpoint: { userId: '29:1' } }),
      await channelEndpoints.create({
        subscriberId,
        integrationIdentifier: 'telegram-prod',
        type: 'telegram_chat',
        endpoint: { chatId: '1' },
      }),
      await channelEndpoints.create({
        ...webex,
        type: 'webex_room',
        endpoint: { roomId: 'r', parentId: 'p' },
      }),
      await channelEndpoints.create({
        ...webex,
        type: 'webex_person',
        endpoint: { personEmail: 'a@example.com' },
      }),
      await channelEndpoints.create({
        subscriberId,
        integrationIdentifier: 'line-prod',
        type: 'line_user',
        endpoint: { userId: 'U1' },
      }),
      await channelEndpoints.create({
        subscriberId,
        integrationIdentifier: 'pagerduty-prod',
        type: 'pagerduty_service',
        endpoint: { routingKey: 'a'.repeat(32), region: 'eu' },
      }),
      await channelEndpoints.create({
        subscriberId,
        integrationIdentifier: 'opsgenie-prod',
        type: 'opsgenie_integration',
        endpoint: { apiKey: '00000000-0000-4000-8000-000000000000', region: 'us' },
      }),
      await channelEndpoints.create({
        subscriberId,
        integrationIdentifier: 'grafana-prod',
        type: 'grafana_oncall_integration',
        endpoint: { url: 'https://grafana.example.com/hook', authToken: 't' },
      }),
      await channelEndpoints.create({
        subscriberId,
        integrationIdentifier: 'tool-webhook-prod',
        type: 'tool_webhook',
        endpoint: { url: 'https://example.com/tool', method: 'PUT' },
      }),
    ];
    const listed = await channelEndpoints.list({ limit: 100, orderDirection: 'ASC' });
    expect(listed.result.data).toEqual(made.map(({ result }) => result));
    expect(listed.result.totalCount).toBe(14);
  });

  test('gets each documented refusal in the shape it can read', async () => {
    await using novu = await start();
    const { channelEndpoints } = createSdk(novu.url);
    const valid = {
      integrationIdentifier: 'pagerduty-prod',
      subscriberId: 'user-1',
      type: 'pagerduty_service' as const,
      endpoint: { routingKey: 'a'.repeat(32), region: 'eu' as const },
    };
    const wrongProvider = await failure(
      channelEndpoints.create({ ...valid, integrationIdentifier: 'slack-prod' }),
    );
    expect([wrongProvider.statusCode, wrongProvider.message]).toEqual([
      400,
      'Channel endpoint type "pagerduty_service" requires a PagerDuty integration',
    ]);
    const noKey = await failure(createSdk(novu.url, 'another-key').channelEndpoints.create(valid));
    expect(noKey.statusCode).toBe(401);
    const stranger = await failure(channelEndpoints.create({ ...valid, subscriberId: 'stranger' }));
    expect([stranger.statusCode, stranger.message.slice(0, 30)]).toEqual([
      404,
      'Subscriber not found: stranger',
    ]);
    await channelEndpoints.create(valid);
    const twice = await failure(channelEndpoints.create(valid));
    expect([twice.statusCode, twice.message]).toEqual([
      409,
      'PagerDuty endpoint already exists for subscriber "user-1" on integration "pagerduty-prod"',
    ]);
    const invalid = await failure(
      channelEndpoints.create({ ...valid, endpoint: { routingKey: 'short', region: 'eu' } }),
    );
    expect(invalid).toBeInstanceOf(ValidationErrorDto);
    expect(invalid instanceof ValidationErrorDto && Object.keys(invalid.errors)).toEqual(['endpoint']);
    const mismatch = await failure(channelEndpoints.list({ before: 'a', after: 'b' }));
    expect(mismatch.statusCode).toBe(400);
  });
});

describe('the official SDK on subscribers', () => {
  test('creates, retrieves, searches, patches and deletes', async () => {
    await using novu = await start();
    const { subscribers } = createSdk(novu.url);
    const profile = {
      firstName: 'Ada',
      lastName: 'Lovelace',
      email: 'ada@example.com',
      locale: 'en_GB',
      timezone: 'Europe/London',
      data: { plan: 'pro' },
    };
    const created = await subscribers.create({ subscriberId: 'ada', ...profile });
    expect(created.result).toMatchObject({ subscriberId: 'ada', ...profile, deleted: false, channels: [] });
    expect((await subscribers.retrieve('ada')).result).toEqual(created.result);
    const found = await subscribers.search({ email: 'ada@example.com', limit: 1, includeCursor: false });
    expect(found.result).toMatchObject({ data: [{ subscriberId: 'ada' }], totalCount: 2 });
    expect((await subscribers.search({ subscriberId: 'ada' })).result.data).toEqual([created.result]);

    const patched = await subscribers.patch({ firstName: null, phone: '+15550100' }, 'ada');
    expect(patched.result).toMatchObject({ firstName: null, phone: '+15550100', data: { plan: 'pro' } });
    const upserted = await subscribers.create({ subscriberId: 'ada', firstName: 'Ada' });
    expect(upserted.result).toMatchObject({ firstName: 'Ada', lastName: 'Lovelace', data: {} });

    expect((await subscribers.delete('ada')).result).toEqual({ acknowledged: true, status: 'deleted' });
    expect((await failure(subscribers.retrieve('ada'))).statusCode).toBe(404);
  });

  test('reads channels with their credentials', async () => {
    await using novu = await start();
    const { result } = await createSdk(novu.url).subscribers.retrieve('subscriber-123');
    expect(result.channels?.map(({ providerId }) => providerId)).toEqual(['slack', 'fcm']);
    expect(result.channels?.[0]?.credentials.webhookUrl).toContain('sandbox-secret');
  });

  test('gets each documented refusal in the shape it can read', async () => {
    await using novu = await start();
    const { subscribers } = createSdk(novu.url);
    const seen = async (call: Promise<unknown>) => {
      const error = await failure(call);
      return [error.statusCode, error instanceof ErrorDto, error instanceof ValidationErrorDto];
    };
    // Novu documents a subscriber as the body of this one and sends an error, which the SDK can't read.
    expect(await seen(subscribers.create({ subscriberId: 'user-1' }, true))).toEqual([409, false, false]);
    expect(await seen(subscribers.patch({}, 'stranger'))).toEqual([404, true, false]);
    expect(await seen(subscribers.delete('stranger'))).toEqual([404, true, false]);
    expect(await seen(subscribers.create({ subscriberId: '' }))).toEqual([422, false, true]);
    expect(await seen(subscribers.search({ after: 'a', before: 'b' }))).toEqual([400, true, false]);
  });
});

describe('the official SDK on contexts', () => {
  test('creates, retrieves, lists, updates and deletes', async () => {
    await using novu = await start();
    const { contexts, channelConnections } = createSdk(novu.url);
    const created = await contexts.create({ type: 'tenant', id: 'acme', data: { plan: 'pro' } });
    expect(created.result).toMatchObject({ type: 'tenant', id: 'acme', data: { plan: 'pro' } });
    expect((await contexts.retrieve('acme', 'tenant')).result).toEqual(created.result);
    await channelConnections.create({ ...connectionOf('user-1'), context: { region: 'eu', tenant: 'acme' } });
    const listed = await contexts.list({ limit: 1, orderDirection: 'ASC' });
    expect(listed.result).toMatchObject({ data: [created.result], totalCount: 2, previous: null });
    expect(listed.result.next).toMatch(/^[0-9a-f]{24}$/);
    const found = await contexts.list({ search: 'region' });
    expect(found.result.data).toMatchObject([{ type: 'region', id: 'eu', data: {} }]);

    const updated = await contexts.update({
      type: 'tenant',
      id: 'acme',
      updateContextRequestDto: { data: { plan: 'free' } },
    });
    expect(updated.result.data).toEqual({ plan: 'free' });
    await contexts.delete('acme', 'tenant');
    expect((await failure(contexts.retrieve('acme', 'tenant'))).statusCode).toBe(404);
  });

  test('gets each documented refusal in the shape it can read', async () => {
    await using novu = await start();
    const { contexts } = createSdk(novu.url);
    await contexts.create({ type: 'tenant', id: 'acme' });
    const twice = await failure(contexts.create({ type: 'tenant', id: 'acme' }));
    expect([twice.statusCode, twice.message]).toEqual([
      409,
      "Context with type 'tenant' and id 'acme' already exists",
    ]);
    expect(twice).toBeInstanceOf(ErrorDto);
    expect(await failure(contexts.create({ type: 'a b', id: 'acme' }))).toBeInstanceOf(ValidationErrorDto);
    expect((await failure(contexts.delete('none', 'tenant'))).statusCode).toBe(404);
  });
});

describe('the official SDK on integrations', () => {
  test('lists all and the active ones, with credentials', async () => {
    await using novu = await start();
    const { integrations } = createSdk(novu.url);
    const all = (await integrations.list()).result;
    const active = (await integrations.listActive()).result;
    expect(all.length).toBe(active.length + 1);
    expect(all.find(({ identifier }) => identifier === 'slack-prod')).toMatchObject({
      providerId: 'slack',
      channel: 'chat',
      active: true,
      primary: true,
      deleted: false,
      environmentId: novu.sandbox.environmentId,
      credentials: { secretKey: 'sandbox-secret-slack' },
    });
    expect(active.some(({ identifier }) => identifier === 'slack-dev')).toBe(false);
  });

  test('gets the authorization links and the Telegram link', async () => {
    await using novu = await start({ clock: () => Date.UTC(2026, 0, 1) });
    const { integrations } = createSdk(novu.url);
    const owner = { integrationIdentifier: 'slack-prod', subscriberId: 'user-1' };

    const connect = new URL((await integrations.generateConnectOAuthUrl(owner)).result.url);
    expect(connect.origin + connect.pathname).toBe('https://slack.com/oauth/v2/authorize');
    expect(connect.searchParams.get('scope')).toContain('chat:write');

    const link = new URL((await integrations.generateLinkUserOAuthUrl(owner)).result.url);
    expect(link.searchParams.get('user_scope')).toBe('identity.basic');

    const teams = await integrations.generateConnectOAuthUrl({
      ...owner,
      integrationIdentifier: 'teams-prod',
    });
    expect(teams.result.url).toContain('https://login.microsoftonline.com/organizations/v2.0/adminconsent?');

    const chat = new URL(
      (await integrations.generateChatOAuthUrl({ ...owner, mode: 'link_user' })).result.url,
    );
    expect(chat.searchParams.get('user_scope')).toBe('identity.basic');

    const telegram = await integrations.linkChannelEndpoint({
      ...owner,
      integrationIdentifier: 'telegram-prod',
    });
    expect(telegram.result.url).toMatch(/^https:\/\/t\.me\/SandboxBot\?start=[\w-]{32}$/);
    expect(telegram.result.providerMetadata).toEqual({
      botUsername: 'SandboxBot',
      expiresAt: '2026-01-01T00:10:00.000Z',
    });
  });

  test('meets the opaque 500 of a chat user that is linked already', async () => {
    await using novu = await start();
    const { channelEndpoints } = createSdk(novu.url);
    const body = {
      integrationIdentifier: 'slack-prod',
      subscriberId: 'user-1',
      type: 'slack_user' as const,
      endpoint: { userId: 'U1' },
    };
    await channelEndpoints.create(body);
    const second = await failure(channelEndpoints.create({ ...body, subscriberId: 'user-2' }));
    expect([second.statusCode, second instanceof ErrorDto && typeof second.errorId]).toEqual([500, 'string']);
  });

  test('gets links of Webex and of Slack with a context and its hash', async () => {
    await using novu = await start();
    const { integrations } = createSdk(novu.url);
    const webex = { integrationIdentifier: 'webex-prod', subscriberId: 'newcomer' };
    const connect = await integrations.generateConnectOAuthUrl(webex);
    expect(connect.result.url).toContain('https://webexapis.com/v1/authorize?');
    const person = await integrations.generateLinkUserOAuthUrl({ ...webex, connectionIdentifier: 'webex' });
    expect(new URL(person.result.url).searchParams.get('scope')).toBe('spark:people_read');
    const contextHash = createHmac('sha256', 'sandbox-secret-key').update('{"tenant":"acme"}').digest('hex');
    const hashed = await integrations.generateConnectOAuthUrl({
      integrationIdentifier: 'slack-hmac',
      subscriberId: 'user-1',
      context: { tenant: 'acme' },
      contextHash,
    });
    expect(hashed.result.url).toContain('https://slack.com/');
  });

  test('gets the refusals of the links', async () => {
    await using novu = await start();
    const { integrations } = createSdk(novu.url);
    const message = async (call: Promise<unknown>) => {
      const error = await failure(call);
      return `${error.statusCode} ${error.message}`;
    };
    const environment = novu.sandbox.environmentId;
    const subscriberId = 'user-1';
    expect(
      await message(integrations.generateConnectOAuthUrl({ integrationIdentifier: 'gone', subscriberId })),
    ).toBe(`404 Integration not found: gone in environment ${environment}`);
    expect(
      await message(
        integrations.generateConnectOAuthUrl({ integrationIdentifier: 'discord-prod', subscriberId }),
      ),
    ).toBe(`404 Integration not found: discord-prod in environment ${environment}`);
    expect(
      await message(
        integrations.generateConnectOAuthUrl({ integrationIdentifier: 'slack-dev', subscriberId }),
      ),
    ).toBe('404 Slack integration missing credentials ');
    expect(
      await message(
        integrations.generateConnectOAuthUrl({
          integrationIdentifier: 'slack-prod',
          context: { tenant: 'acme' },
          scope: ['incoming-webhook'],
        }),
      ),
    ).toBe('400 subscriberId is required for incoming webhook');
    expect(
      await message(
        integrations.generateLinkUserOAuthUrl({
          integrationIdentifier: 'teams-prod',
          subscriberId: 'stranger',
        }),
      ),
    ).toBe('404 Subscriber not found: stranger');
    const guarded = { integrationIdentifier: 'slack-hmac', subscriberId, context: { tenant: 'acme' } };
    expect(await message(integrations.generateConnectOAuthUrl(guarded))).toBe(
      '400 A valid contextHash is required when HMAC validation is enabled.',
    );
    expect(await message(integrations.generateConnectOAuthUrl({ ...guarded, contextHash: 'wrong' }))).toBe(
      '400 Please provide a valid context HMAC hash',
    );
    const empty = await failure(
      integrations.generateLinkUserOAuthUrl({ integrationIdentifier: 'slack-prod', subscriberId: '' }),
    );
    expect(empty).toBeInstanceOf(ValidationErrorDto);
  });
});
