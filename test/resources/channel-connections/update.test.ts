import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/sandbox.ts';
import { type Execution, type Harness, startHarness } from '../../support/harness.ts';
import { asUser, callsOf, codesOf, seedConnection } from '../../support/rows.ts';
import { createSigner } from '../../support/tokens.ts';

const document = /* GraphQL */ `
  mutation ($identifier: ID!, $input: UpdateChannelConnectionInput!, $key: String) {
    updateChannelConnection(identifier: $identifier, input: $input, idempotencyKey: $key) {
      channelConnection { identifier subscriberId workspace { id name botUserId } auth { hasAccessToken hasRefreshToken } updatedAt }
      idempotency { key source replayed honouredUpstream }
      rateLimit { limit }
      headers { name values }
      userErrors { __typename code message path ... on NovuIdempotencyError { idempotencyKey } }
    }
  }
`;

const token = 'xoxb-new-token-canary';
type Changes = { identifier?: string; key?: string; workspace?: object; auth?: object };
const toVariables = ({ identifier = 'mine', key, workspace, auth }: Changes = {}) => ({
  identifier,
  key,
  input: {
    workspace: { id: 'T2', name: 'New', ...workspace },
    auth: { accessToken: token, ...auth },
  },
});
const update = (harness: Harness, changes?: Changes): Promise<Execution> =>
  harness.execute(document, toVariables(changes));
const payloadOf = ({ data }: Execution) => data.updateChannelConnection;
const errorsOf = (execution: Execution) => payloadOf(execution).userErrors;

async function start(options?: Parameters<typeof startHarness>[0], changes = {}): Promise<Harness> {
  const harness = await startHarness(options);
  await seedConnection(harness, { identifier: 'mine', ...changes });
  return harness;
}

describe('updateChannelConnection', () => {
  it('replaces workspace and tokens whole', async () => {
    await using harness = await start({}, { workspace: { id: 'T1', name: 'Old', botUserId: 'B1' } });
    const { result, calls } = await callsOf(harness, () => update(harness, { key: 'k-1' }));
    expect(result.errors).toEqual([]);
    expect(payloadOf(result)).toMatchObject({
      channelConnection: {
        identifier: 'mine',
        workspace: { id: 'T2', name: 'New', botUserId: null },
        auth: { hasAccessToken: true, hasRefreshToken: null },
      },
      idempotency: { key: 'k-1', source: 'ARGUMENT', replayed: false, honouredUpstream: true },
      rateLimit: { limit: expect.any(Number) },
      userErrors: [],
    });
    expect(calls).toEqual(['PATCH /v1/channel-connections/mine']);
    expect(harness.sandbox.connections()[0]).toMatchObject({
      workspace: { id: 'T2', name: 'New' },
      auth: { accessToken: token },
      subscriberId: 'subscriber-123',
    });
    expect(result.text).not.toContain(token);
  });

  it.each<[object, string[]]>([
    [{ workspace: { id: '' } }, ['input', 'workspace', 'id']],
    [{ auth: { accessToken: '' } }, ['input', 'auth', 'accessToken']],
    [{ workspace: { name: 'a\uD800' } }, ['input', 'workspace', 'name']],
  ])('finds what is wrong with %j by itself', async (changes, path) => {
    await using harness = await start();
    const { result, calls } = await callsOf(harness, () => update(harness, changes));
    expect(errorsOf(result)).toMatchObject([
      { __typename: 'NovuValidationError', code: 'INVALID_INPUT', path },
    ]);
    expect(calls).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['where the provider does not rotate', { integrationIdentifier: 'discord-prod' }, 'does not take'],
    ['where the integration cannot', { integrationIdentifier: 'slack-dev' }, 'needs clientId and secretKey'],
  ])('refuses a refresh token %s', async (_name, changes, words) => {
    await using harness = await start({}, changes);
    const execution = await update(harness, { auth: { refreshToken: 'refresh-canary' } });
    expect(errorsOf(execution)).toMatchObject([
      { message: expect.stringContaining(words), path: ['input', 'auth', 'refreshToken'] },
    ]);
    expect(execution.text).not.toContain('refresh-canary');
  });

  it.each(['nope', '', '.', 'a\uD800b'])(
    'says of the identifier %j that there is none',
    async (identifier) => {
      await using harness = await start();
      expect(errorsOf(await update(harness, { identifier }))).toEqual([
        {
          __typename: 'NovuNotFoundError',
          code: 'NOT_FOUND',
          message: 'No channel connection has this identifier.',
          path: ['identifier'],
        },
      ]);
    },
  );

  it('refuses what is larger than Novu takes', async () => {
    await using harness = await start();
    const { result, calls } = await callsOf(harness, () =>
      update(harness, { workspace: { name: 'x'.repeat(101 * 1024) } }),
    );
    expect(errorsOf(result)).toMatchObject([{ code: 'INVALID_INPUT', path: ['input'] }]);
    expect(calls).toEqual([]);
  });

  it('is unsupported where the feature is off', async () => {
    await using harness = await startHarness({ sandbox: { featureEnabled: false } });
    expect(errorsOf(await update(harness))).toMatchObject([{ __typename: 'NovuUnsupportedError' }]);
  });

  it('does not tell what Novu says of a field, nor its value', async () => {
    await using harness = await start();
    harness.sandbox.fail({
      kind: 'status',
      status: 422,
      body: {
        statusCode: 422,
        timestamp: '2026-01-01T00:00:00.000Z',
        path: '/v1/channel-connections',
        message: `Validation Error ${token}`,
        errors: {
          general: {
            messages: [`auth.accessToken ${token} is odd`, 'workspace.id must be a string'],
            value: token,
          },
        },
      },
    });
    const execution = await update(harness);
    expect(errorsOf(execution)).toMatchObject([
      { message: 'Novu refused this value.', path: ['input', 'auth', 'accessToken'] },
      { message: 'Must be a string.', path: ['input', 'workspace', 'id'] },
    ]);
    expect(execution.text).not.toContain(token);
  });

  it('hides a header that repeats the token', async () => {
    await using harness = await start();
    harness.sandbox.fail({ kind: 'headers', headers: { 'x-echo': `a ${token} b` } });
    expect((await update(harness)).text).not.toContain(token);
  });

  it.each<Fault>([
    { kind: 'reset-before' },
    { kind: 'reset-after' },
    { kind: 'error-before', status: 503 },
    { kind: 'truncate' },
    { kind: 'html' },
    { kind: 'rate-limited', retryAfterSeconds: 0 },
  ])('ends well although $kind happens: it may be repeated', async (fault) => {
    await using harness = await start();
    harness.sandbox.fail(fault);
    const execution = await update(harness, { key: 'k-1' });
    expect(execution.errors).toEqual([]);
    expect(payloadOf(execution).channelConnection.workspace.id).toBe('T2');
  });
});

describe('updateChannelConnection with an idempotency key', () => {
  it('is replayed by Novu for an equal call', async () => {
    await using harness = await start();
    await update(harness, { key: 'k-1' });
    expect(payloadOf(await update(harness, { key: 'k-1' })).idempotency).toMatchObject({ replayed: true });
    expect(harness.sandbox.journal.filter(({ kind }) => kind === 'update')).toHaveLength(1);
  });

  it.each<[string, Changes]>([
    ['another input', { workspace: { id: 'T3' } }],
    ['another connection', { identifier: 'other' }],
  ])('is refused for %s', async (_name, changes) => {
    await using harness = await start();
    await seedConnection(harness, { identifier: 'other', context: undefined });
    await update(harness, { key: 'k-1' });
    expect(errorsOf(await update(harness, { key: 'k-1', ...changes }))).toMatchObject([
      { __typename: 'NovuIdempotencyError', code: 'IDEMPOTENCY_KEY_REUSED', idempotencyKey: 'k-1' },
    ]);
  });

  it('that is none is refused', async () => {
    await using harness = await start();
    const { result, calls } = await callsOf(harness, () => update(harness, { key: 'ü' }));
    expect(errorsOf(result)).toMatchObject([{ path: ['idempotencyKey'] }]);
    expect(calls).toEqual([]);
  });
});

describe('updateChannelConnection by an end user', () => {
  it('works for what is their own, and shared in their contexts', async () => {
    const signer = await createSigner();
    await using harness = await start({ env: signer.env });
    await seedConnection(harness, {
      identifier: 'shared',
      subscriberId: undefined,
      context: { key: 'acme' },
    });
    const execute = asUser(harness, signer, { contexts: ['key:acme'] });
    for (const identifier of ['mine', 'shared'])
      expect(errorsOf(await execute(document, toVariables({ identifier })))).toEqual([]);
  });

  it("answers for another subscriber's exactly as for none, and writes nothing", async () => {
    const signer = await createSigner();
    await using harness = await start({ env: signer.env }, { subscriberId: 'subscriber-456' });
    const execute = asUser(harness, signer);
    const theirs = errorsOf(await execute(document, toVariables()));
    expect(theirs).toMatchObject([{ __typename: 'NovuNotFoundError' }]);
    expect(theirs).toEqual(errorsOf(await execute(document, toVariables({ identifier: 'nope' }))));
    expect(harness.sandbox.requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
  });

  it('does not meet the key of another caller', async () => {
    const signer = await createSigner();
    await using harness = await start({ env: signer.env });
    await update(harness, { key: 'k-1' });
    const execution = await asUser(harness, signer)(
      document,
      toVariables({ key: 'k-1', workspace: { id: 'T3' } }),
    );
    expect(payloadOf(execution)).toMatchObject({
      userErrors: [],
      idempotency: { key: 'k-1', replayed: false },
    });
    const keys = harness.sandbox.requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys.filter((key) => key === 'k-1')).toHaveLength(1);
  });

  it('without the scope to write is forbidden; without that to read it is done but not shown', async () => {
    const signer = await createSigner();
    await using harness = await start({ env: signer.env });
    const reader = await asUser(harness, signer, { scope: 'channel-connections:read' })(
      document,
      toVariables(),
    );
    expect(codesOf(reader)).toEqual(['FORBIDDEN']);
    expect(harness.sandbox.journal).toHaveLength(1);
    const writer = await asUser(harness, signer, { scope: 'channel-connections:write' })(
      document,
      toVariables(),
    );
    expect(codesOf(writer)).toEqual(['FORBIDDEN']);
    expect(payloadOf(writer)).toMatchObject({ channelConnection: null, userErrors: [] });
    expect(harness.sandbox.journal).toHaveLength(2);
  });
});
