import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/sandbox.ts';
import { type Execution, type Harness, startHarness } from '../../support/harness.ts';
import { asUser, callsOf, codesOf, seedConnection, seedEndpoint } from '../../support/rows.ts';
import { createSigner } from '../../support/tokens.ts';

const document = /* GraphQL */ `
  mutation ($input: CreateChannelEndpointInput!, $key: String) {
    createChannelEndpoint(input: $input, idempotencyKey: $key) {
      channelEndpoint {
        id identifier channel providerId provider integrationIdentifier connectionIdentifier subscriberId contextKeys type createdAt updatedAt
        subscriber { subscriberId }
        address {
          __typename
          ... on SlackChannelEndpointAddress { channelId }
          ... on SlackUserEndpointAddress { userId }
          ... on WebhookEndpointAddress { channel }
          ... on PhoneEndpointAddress { phoneNumber }
          ... on MsTeamsChannelEndpointAddress { teamId channelId }
          ... on MsTeamsUserEndpointAddress { userId }
          ... on TelegramChatEndpointAddress { chatId }
          ... on WebexRoomEndpointAddress { roomId parentId }
          ... on WebexPersonEndpointAddress { personId personEmail }
          ... on LineUserEndpointAddress { userId }
          ... on PagerDutyServiceEndpointAddress { region }
          ... on OpsgenieIntegrationEndpointAddress { region }
          ... on GrafanaOnCallIntegrationEndpointAddress { hasAuthToken }
          ... on ToolWebhookEndpointAddress { method headerNames }
          ... on UnrecognizedEndpointAddress { type fieldNames }
        }
      }
      idempotency { key source replayed honouredUpstream }
      rateLimit { limit }
      headers { name values }
      userErrors { __typename code message path ... on NovuConflictError { existingIdentifier existing { __typename ... on ChannelEndpoint { identifier } } } }
    }
  }
`;

const input = (changes: Record<string, unknown> = {}) => ({
  identifier: 'ada',
  subscriberId: 'subscriber-123',
  integrationIdentifier: 'slack-prod',
  address: { slackUser: { userId: 'U1' } },
  ...changes,
});

type Options = { key?: string };
const create = async (harness: Harness, changes = {}, { key }: Options = {}): Promise<Execution> =>
  harness.execute(document, { input: input(changes), key });
const payloadOf = ({ data }: Execution) => data.createChannelEndpoint;
const errorsOf = (execution: Execution) => payloadOf(execution).userErrors;

const routingKey = 'a'.repeat(31) + '7';
const apiKey = '0b54a1c2-9c1e-4b7e-8f2a-1c2d3e4f5a6b';
const hook = 'https://hooks.example.com/services/T0/B0/secret-part-of-the-url';
const webex = { integrationIdentifier: 'webex-prod', connectionIdentifier: 'webex' };

describe('createChannelEndpoint', () => {
  it('tells Novu where a subscriber is reached', async () => {
    await using harness = await startHarness();
    await seedConnection(harness, { identifier: 'acme' });
    const { result, calls } = await callsOf(harness, () =>
      create(
        harness,
        { connectionIdentifier: 'acme', context: [{ type: 'key', id: 'org-acme' }] },
        { key: 'k-1' },
      ),
    );
    expect(result.errors).toEqual([]);
    expect(calls).toEqual(['POST /v1/channel-endpoints']);
    expect(payloadOf(result)).toMatchObject({
      channelEndpoint: {
        id: 'ada',
        identifier: 'ada',
        channel: 'CHAT',
        providerId: 'slack',
        provider: 'SLACK',
        integrationIdentifier: 'slack-prod',
        connectionIdentifier: 'acme',
        subscriberId: 'subscriber-123',
        contextKeys: ['key:org-acme'],
        type: 'SLACK_USER',
        address: { __typename: 'SlackUserEndpointAddress', userId: 'U1' },
        subscriber: { subscriberId: 'subscriber-123' },
        createdAt: harness.sandbox.endpoints()[0]?.createdAt,
      },
      idempotency: { key: 'k-1', source: 'ARGUMENT', replayed: false, honouredUpstream: true },
      rateLimit: { limit: expect.any(Number) },
      userErrors: [],
    });
    expect(JSON.parse(harness.sandbox.requests.at(-1)?.body ?? '')).toEqual({
      identifier: 'ada',
      subscriberId: 'subscriber-123',
      context: { key: 'org-acme' },
      integrationIdentifier: 'slack-prod',
      connectionIdentifier: 'acme',
      type: 'slack_user',
      endpoint: { userId: 'U1' },
    });
  });

  it.each<[string, object, string, Record<string, unknown>, object, object?]>([
    [
      'a Slack channel',
      { slackChannel: { channelId: 'C1' } },
      'slack_channel',
      { channelId: 'C1' },
      { __typename: 'SlackChannelEndpointAddress', channelId: 'C1' },
    ],
    [
      'a webhook',
      { webhook: { url: hook, channel: '#ops' } },
      'webhook',
      { url: hook, channel: '#ops' },
      { __typename: 'WebhookEndpointAddress', channel: '#ops' },
      { integrationIdentifier: 'discord-prod' },
    ],
    [
      'a phone',
      { phone: { phoneNumber: '+15550100' } },
      'phone',
      { phoneNumber: '+15550100' },
      { __typename: 'PhoneEndpointAddress', phoneNumber: '+15550100' },
      { integrationIdentifier: 'whatsapp-prod' },
    ],
    [
      'a Teams channel',
      { msTeamsChannel: { teamId: 'T', channelId: 'C' } },
      'ms_teams_channel',
      { teamId: 'T', channelId: 'C' },
      { __typename: 'MsTeamsChannelEndpointAddress', teamId: 'T', channelId: 'C' },
      { integrationIdentifier: 'teams-prod' },
    ],
    [
      'a Teams user',
      { msTeamsUser: { userId: 'U' } },
      'ms_teams_user',
      { userId: 'U' },
      { __typename: 'MsTeamsUserEndpointAddress', userId: 'U' },
      { integrationIdentifier: 'teams-prod' },
    ],
    [
      'a Telegram chat',
      { telegramChat: { chatId: '42' } },
      'telegram_chat',
      { chatId: '42' },
      { __typename: 'TelegramChatEndpointAddress', chatId: '42' },
      { integrationIdentifier: 'telegram-prod' },
    ],
    [
      'a Webex room',
      { webexRoom: { roomId: 'R', parentId: 'P' } },
      'webex_room',
      { roomId: 'R', parentId: 'P' },
      { __typename: 'WebexRoomEndpointAddress', roomId: 'R', parentId: 'P' },
      webex,
    ],
    [
      'a Webex person',
      { webexPerson: { personEmail: 'ada@example.com' } },
      'webex_person',
      { personEmail: 'ada@example.com' },
      { __typename: 'WebexPersonEndpointAddress', personId: null, personEmail: 'ada@example.com' },
      webex,
    ],
    [
      'a LINE user',
      { lineUser: { userId: 'U' } },
      'line_user',
      { userId: 'U' },
      { __typename: 'LineUserEndpointAddress', userId: 'U' },
      { integrationIdentifier: 'line-prod' },
    ],
    [
      'a PagerDuty service',
      { pagerDutyService: { routingKey, region: 'EU' } },
      'pagerduty_service',
      { routingKey, region: 'eu' },
      { __typename: 'PagerDutyServiceEndpointAddress', region: 'EU' },
      { integrationIdentifier: 'pagerduty-prod' },
    ],
    [
      'an Opsgenie integration',
      { opsgenieIntegration: { apiKey, region: 'US' } },
      'opsgenie_integration',
      { apiKey, region: 'us' },
      { __typename: 'OpsgenieIntegrationEndpointAddress', region: 'US' },
      { integrationIdentifier: 'opsgenie-prod' },
    ],
    [
      'a Grafana integration',
      { grafanaOnCallIntegration: { url: hook, authToken: 'grafana-token-1' } },
      'grafana_oncall_integration',
      { url: hook, authToken: 'grafana-token-1' },
      { __typename: 'GrafanaOnCallIntegrationEndpointAddress', hasAuthToken: true },
      { integrationIdentifier: 'grafana-prod' },
    ],
    [
      'a tool webhook',
      {
        toolWebhook: {
          url: hook,
          method: 'PUT',
          headers: [
            { name: 'X-Token', value: 'header-value-1' },
            { name: '__proto__', value: 'p' },
          ],
        },
      },
      'tool_webhook',
      {
        url: hook,
        headers: Object.fromEntries([
          ['X-Token', 'header-value-1'],
          ['__proto__', 'p'],
        ]),
        method: 'PUT',
      },
      { __typename: 'ToolWebhookEndpointAddress', method: 'PUT', headerNames: ['X-Token', '__proto__'] },
      { integrationIdentifier: 'tool-webhook-prod' },
    ],
  ])(
    'takes %s, key for key, and shows no secret of it',
    async (_name, address, type, endpoint, shown, changes = {}) => {
      await using harness = await startHarness();
      await seedConnection(harness, {
        identifier: 'webex',
        integrationIdentifier: 'webex-prod',
        context: undefined,
      });
      const execution = await create(harness, { ...changes, address });
      expect(errorsOf(execution)).toEqual([]);
      expect(payloadOf(execution).channelEndpoint).toMatchObject({
        type: type.toUpperCase(),
        address: shown,
      });
      const sent = JSON.parse(harness.sandbox.requests.at(-1)?.body ?? '') as Record<string, unknown>;
      expect(sent['type']).toBe(type);
      expect(Object.entries(sent['endpoint'] as object)).toEqual(Object.entries(endpoint));
      for (const secret of [hook, routingKey, apiKey, 'grafana-token-1', 'header-value-1'])
        expect(execution.text).not.toContain(secret);
    },
  );

  it('lets Novu make the subscriber first, when asked to', async () => {
    await using harness = await startHarness();
    const refused = await create(harness, { subscriberId: 'newcomer' });
    expect(errorsOf(refused)).toMatchObject([
      { __typename: 'NovuNotFoundError', path: ['input', 'subscriberId'] },
    ]);
    const made = await create(harness, { subscriberId: 'newcomer', createSubscriberIfMissing: true });
    expect(payloadOf(made).channelEndpoint.subscriberId).toBe('newcomer');
  });

  it.each<[string, object, string[]]>([
    ['subscriberId', { subscriberId: '' }, ['input', 'subscriberId']],
    ['integrationIdentifier', { integrationIdentifier: '' }, ['input', 'integrationIdentifier']],
    ['connectionIdentifier', { connectionIdentifier: '' }, ['input', 'connectionIdentifier']],
    ['identifier', { identifier: '..' }, ['input', 'identifier']],
    ['context', { context: [] }, ['input', 'context']],
    [
      'a field of the address',
      { address: { slackUser: { userId: '' } } },
      ['input', 'address', 'slackUser', 'userId'],
    ],
    [
      'a Webex person twice',
      { address: { webexPerson: { personId: '1', personEmail: 'a@b' } } },
      ['input', 'address', 'webexPerson'],
    ],
    ['a Webex person without name', { address: { webexPerson: {} } }, ['input', 'address', 'webexPerson']],
    [
      'a region that is not known',
      { address: { pagerDutyService: { routingKey, region: 'UNRECOGNIZED' } } },
      ['input', 'address', 'pagerDutyService', 'region'],
    ],
    [
      'a method that is not known',
      { address: { toolWebhook: { url: hook, method: 'UNRECOGNIZED' } } },
      ['input', 'address', 'toolWebhook', 'method'],
    ],
    [
      'a header twice',
      {
        address: {
          toolWebhook: {
            url: hook,
            headers: [
              { name: 'A', value: '1' },
              { name: 'A', value: '2' },
            ],
          },
        },
      },
      ['input', 'address', 'toolWebhook', 'headers', '1', 'name'],
    ],
    [
      'more than fifty headers',
      {
        address: {
          toolWebhook: {
            url: hook,
            headers: Array.from({ length: 51 }, (_, index) => ({ name: `X-${index}`, value: '' })),
          },
        },
      },
      ['input', 'address', 'toolWebhook', 'headers'],
    ],
  ])('finds what is wrong with %s by itself', async (_name, changes, path) => {
    await using harness = await startHarness();
    const { result, calls } = await callsOf(harness, () => create(harness, changes));
    expect(errorsOf(result)).toMatchObject([
      { __typename: 'NovuValidationError', code: 'INVALID_INPUT', path },
    ]);
    expect(payloadOf(result).channelEndpoint).toBeNull();
    expect(calls).toEqual([]);
  });

  it.each([
    ['none', {}],
    ['two', { slackUser: { userId: 'U' }, lineUser: { userId: 'U' } }],
    ['null', { slackUser: null }],
  ])('refuses an address of %s', async (_name, address) => {
    await using harness = await startHarness();
    const { result, calls } = await callsOf(harness, () => create(harness, { address }));
    expect(codesOf(result)).toEqual(['BAD_USER_INPUT']);
    expect(calls).toEqual([]);
  });

  it.each<[string, object, string, string[]]>([
    [
      'an unknown integration',
      { integrationIdentifier: 'nope' },
      'NovuNotFoundError',
      ['input', 'integrationIdentifier'],
    ],
    ['an unknown subscriber', { subscriberId: 'nobody' }, 'NovuNotFoundError', ['input', 'subscriberId']],
    [
      'an unknown connection',
      { connectionIdentifier: 'nope' },
      'NovuNotFoundError',
      ['input', 'connectionIdentifier'],
    ],
    [
      'Webex without a connection',
      { integrationIdentifier: 'webex-prod', address: { webexRoom: { roomId: 'R' } } },
      'NovuValidationError',
      ['input', 'connectionIdentifier'],
    ],
    [
      'Webex of another context',
      { ...webex, context: [{ type: 'key', id: 'other' }], address: { webexRoom: { roomId: 'R' } } },
      'NovuValidationError',
      ['input', 'context'],
    ],
    [
      "Webex on Slack's integration",
      { connectionIdentifier: 'webex', address: { webexRoom: { roomId: 'R' } } },
      'NovuValidationError',
      ['input', 'integrationIdentifier'],
    ],
    [
      'a tool on another integration',
      { address: { opsgenieIntegration: { apiKey, region: 'US' } } },
      'NovuValidationError',
      ['input', 'integrationIdentifier'],
    ],
    [
      'a routing key that is none',
      {
        integrationIdentifier: 'pagerduty-prod',
        address: { pagerDutyService: { routingKey: 'short-canary', region: 'US' } },
      },
      'NovuValidationError',
      ['input', 'address', 'pagerDutyService'],
    ],
  ])('passes on that Novu refuses %s', async (_name, changes, __typename, path) => {
    await using harness = await startHarness();
    await seedConnection(harness, {
      identifier: 'webex',
      integrationIdentifier: 'webex-prod',
      context: undefined,
    });
    const execution = await create(harness, changes);
    expect(execution.errors).toEqual([]);
    expect(errorsOf(execution)).toMatchObject([{ __typename, path }]);
    expect(payloadOf(execution).channelEndpoint).toBeNull();
    expect(execution.text).not.toContain('short-canary');
  });

  it.each<[string, string[]]>([
    ['endpoint.routingKey', ['input', 'address', 'slackUser', 'routingKey']],
    ['endpoint', ['input', 'address', 'slackUser']],
    ['type', ['input', 'address']],
    ['createSubscriberIfMissing', ['input', 'createSubscriberIfMissing']],
  ])("puts Novu's fault in %s where the input has it, without the refused value", async (field, path) => {
    await using harness = await startHarness();
    harness.sandbox.fail({
      kind: 'status',
      status: 422,
      body: {
        statusCode: 422,
        timestamp: '2026-01-01T00:00:00.000Z',
        path: '/v1/channel-endpoints',
        message: 'Validation failed for CreateChannelEndpointCommand',
        errors: { [field]: { messages: ['must be a string'], value: { routingKey: 'echoed-canary' } } },
      },
    });
    const execution = await create(harness);
    expect(errorsOf(execution)).toEqual([
      { __typename: 'NovuValidationError', code: 'INVALID_INPUT', message: 'Must be a string.', path },
    ]);
    expect(execution.text).not.toContain('echoed-canary');
  });

  it('says that the identifier is taken', async () => {
    await using harness = await startHarness();
    await seedEndpoint(harness, { endpoint: { userId: 'somebody else' } });
    expect(errorsOf(await create(harness))).toMatchObject([
      {
        __typename: 'NovuConflictError',
        code: 'ALREADY_EXISTS',
        path: ['input', 'identifier'],
        existingIdentifier: 'ada',
        existing: { __typename: 'ChannelEndpoint', identifier: 'ada' },
      },
    ]);
  });

  it('says that a tool has its one endpoint already, in two calls and one for the row', async () => {
    await using harness = await startHarness();
    const changes = {
      integrationIdentifier: 'pagerduty-prod',
      address: { pagerDutyService: { routingKey, region: 'US' } },
    };
    await create(harness, changes);
    const { result, calls } = await callsOf(harness, () =>
      create(harness, { ...changes, identifier: 'another' }),
    );
    expect(errorsOf(result)).toMatchObject([
      {
        __typename: 'NovuConflictError',
        path: ['input'],
        existingIdentifier: 'ada',
        existing: { identifier: 'ada' },
      },
    ]);
    expect(calls).toHaveLength(3);
    expect(calls[0]).toBe('POST /v1/channel-endpoints');
    expect(calls[1]).toMatch(/^GET \/v1\/channel-endpoints\?limit=100&/);
  });

  it('is unsupported where the feature is off', async () => {
    await using harness = await startHarness({ sandbox: { featureEnabled: false } });
    expect(errorsOf(await create(harness))).toMatchObject([
      { __typename: 'NovuUnsupportedError', code: 'UNSUPPORTED' },
    ]);
  });

  it('hides a header of Novu that repeats a secret', async () => {
    await using harness = await startHarness();
    harness.sandbox.fail({ kind: 'headers', headers: { 'x-echo': `got ${hook}`, 'x-fine': 'yes' } });
    const execution = await create(harness, {
      integrationIdentifier: 'discord-prod',
      address: { webhook: { url: hook } },
    });
    const names = payloadOf(execution).headers.map(({ name }: { name: string }) => name);
    expect(names).toContain('x-fine');
    expect(names).not.toContain('x-echo');
  });
});

describe('createChannelEndpoint with an idempotency key', () => {
  it.each([true, false])(
    'makes one endpoint of two equal calls (Novu keeps keys: %s)',
    async (idempotency) => {
      await using harness = await startHarness({ sandbox: { idempotency } });
      const first = await create(harness, { identifier: undefined }, { key: 'k-1' });
      const second = await create(harness, { identifier: undefined }, { key: 'k-1' });
      expect(payloadOf(second)).toMatchObject({
        channelEndpoint: { identifier: payloadOf(first).channelEndpoint.identifier },
        idempotency: { replayed: true },
        userErrors: [],
      });
      expect(payloadOf(first).channelEndpoint.identifier).toMatch(/^chendp_[0-9a-z]{24}$/);
      expect(harness.sandbox.endpoints()).toHaveLength(1);
    },
  );

  it('makes one endpoint of a tool of two equal calls, though the tool can have but one', async () => {
    const changes = {
      identifier: undefined,
      integrationIdentifier: 'pagerduty-prod',
      address: { pagerDutyService: { routingKey, region: 'US' } },
    };
    await using harness = await startHarness({ sandbox: { idempotency: false } });
    await create(harness, changes, { key: 'k-1' });
    harness.sandbox.fail({
      kind: 'status',
      status: 409,
      message:
        'PagerDuty endpoint already exists for subscriber "subscriber-123" on integration "pagerduty-prod"',
      match: { method: 'POST' },
    });
    expect(payloadOf(await create(harness, changes, { key: 'k-1' }))).toMatchObject({
      channelEndpoint: { type: 'PAGERDUTY_SERVICE' },
      idempotency: { replayed: true },
    });
  });

  it.each<[string, Record<string, unknown>]>([
    ['address', { address: { slackUser: { userId: 'U2' } } }],
    ['type', { address: { slackChannel: { channelId: 'U1' } } }],
    ['subscriber', { subscriberId: 'subscriber-456' }],
    ['integration', { integrationIdentifier: 'slack-dev' }],
    ['context', { context: [{ type: 'key', id: 'x' }] }],
    ['connection', { connectionIdentifier: 'acme' }],
  ])('refuses the key for another %s, also after a restart', async (_name, changes) => {
    await using before = await startHarness({ sandbox: { idempotency: false } });
    await seedConnection(before, { identifier: 'acme' });
    await create(before, { identifier: undefined }, { key: 'k-1' });
    await using after = await startHarness({ novuUrl: before.sandbox.url });
    const execution = await create(after, { identifier: undefined, ...changes }, { key: 'k-1' });
    expect(errorsOf(execution)).toMatchObject([
      { __typename: 'NovuIdempotencyError', code: 'IDEMPOTENCY_KEY_REUSED' },
    ]);
    expect(before.sandbox.endpoints()).toHaveLength(1);
  });

  it.each<Fault>([
    { kind: 'reset-before' },
    { kind: 'reset-after' },
    { kind: 'error-before', status: 503 },
    { kind: 'error-after' },
    { kind: 'truncate' },
    { kind: 'html', applied: true },
    { kind: 'not-json' },
    { kind: 'rate-limited', retryAfterSeconds: 0 },
  ])('makes exactly one endpoint although $kind happens', async (fault) => {
    await using harness = await startHarness();
    harness.sandbox.fail({ ...fault, match: { method: 'POST' } });
    const execution = await create(harness, {}, { key: 'k-1' });
    expect(execution.errors).toEqual([]);
    expect(payloadOf(execution).channelEndpoint.identifier).toBe('ada');
    expect(harness.sandbox.journal.filter(({ kind }) => kind === 'create')).toHaveLength(1);
  });

  it.each([
    ['blank', ' '],
    ['too long', 'k'.repeat(256)],
  ])('refuses a %s key before Novu is asked', async (_name, key) => {
    await using harness = await startHarness();
    const { result, calls } = await callsOf(harness, () => create(harness, {}, { key }));
    expect(errorsOf(result)).toMatchObject([{ path: ['idempotencyKey'] }]);
    expect(calls).toEqual([]);
  });
});

describe('createChannelEndpoint by an end user', () => {
  it('works for themselves, through a connection that they may use', async () => {
    const signer = await createSigner();
    await using harness = await startHarness({ env: signer.env });
    await seedConnection(harness, {
      identifier: 'shared',
      subscriberId: undefined,
      context: { key: 'acme' },
    });
    const execute = asUser(harness, signer, { contexts: ['key:acme'] });
    const execution = await execute(document, {
      input: input({
        identifier: undefined,
        connectionIdentifier: 'shared',
        context: [{ type: 'key', id: 'acme' }],
      }),
    });
    expect(payloadOf(execution)).toMatchObject({
      channelEndpoint: { connectionIdentifier: 'shared' },
      userErrors: [],
    });
  });

  it.each<[string, Record<string, unknown>]>([
    ['for somebody else', { subscriberId: 'subscriber-456' }],
    ['in a context that is not theirs', { context: [{ type: 'key', id: 'other' }] }],
  ])('is forbidden %s, and Novu is not asked', async (_name, changes) => {
    const signer = await createSigner();
    await using harness = await startHarness({ env: signer.env });
    const { result, calls } = await callsOf(harness, () =>
      asUser(harness, signer)(document, { input: input(changes) }),
    );
    expect(codesOf(result)).toEqual(['FORBIDDEN']);
    expect(calls).toEqual([]);
  });

  it("answers for another subscriber's connection exactly as for none", async () => {
    const signer = await createSigner();
    await using harness = await startHarness({ env: signer.env });
    await seedConnection(harness, { identifier: 'theirs', subscriberId: 'subscriber-456' });
    const execute = asUser(harness, signer);
    const [theirs, nobodys] = await Promise.all(
      ['theirs', 'nobodys'].map(async (connectionIdentifier) =>
        errorsOf(await execute(document, { input: input({ identifier: undefined, connectionIdentifier }) })),
      ),
    );
    expect(theirs).toMatchObject([
      { __typename: 'NovuNotFoundError', path: ['input', 'connectionIdentifier'] },
    ]);
    expect(theirs).toEqual(nobodys);
    expect(harness.sandbox.endpoints()).toEqual([]);
  });

  it('is refused with an identifier of their choice, taken or not, and Novu is not asked', async () => {
    const signer = await createSigner();
    await using harness = await startHarness({ env: signer.env });
    await seedEndpoint(harness, { subscriberId: 'subscriber-456' });
    const execute = asUser(harness, signer);
    const { result, calls } = await callsOf(harness, () =>
      Promise.all(
        ['ada', 'nobodys'].map(async (identifier) =>
          errorsOf(await execute(document, { input: input({ identifier }) })),
        ),
      ),
    );
    expect(result[0]).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'identifier'] }]);
    expect(result[0]).toEqual(result[1]);
    expect(calls).toEqual([]);
  });

  it.each([
    ['channel-endpoints:write', 'channel-endpoints:read'],
    ['channel-endpoints:read', 'channel-endpoints:write'],
  ])('without the scope %s is forbidden', async (lacking, scope) => {
    const signer = await createSigner();
    await using harness = await startHarness({ env: signer.env });
    const execution = await asUser(harness, signer, { scope })(document, {
      input: input({ identifier: undefined }),
    });
    expect(codesOf(execution)).toEqual(['FORBIDDEN']);
    expect(execution.errors[0]?.message).toContain(lacking);
    expect(harness.sandbox.endpoints()).toHaveLength(lacking.endsWith(':read') ? 1 : 0);
  });
});
