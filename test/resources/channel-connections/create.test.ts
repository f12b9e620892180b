import { describe, expect, it } from 'vitest';
import type { AuthShape, Fault, RecordedRequest } from '../../../src/sandbox/sandbox.ts';
import {
  backendKey,
  connectionInput,
  createDocument,
  type Execution,
  type Harness,
  type HarnessOptions,
  novuKey,
  readerKey,
  startHarness,
} from '../../support/harness.ts';

const path = '/v1/channel-connections';
const token = 'xoxb-example-secret-token';

const posts = ({ sandbox }: Harness): RecordedRequest[] =>
  sandbox.requests.filter((request) => request.method === 'POST');
const sent = (harness: Harness): unknown => JSON.parse(posts(harness)[0]?.body ?? 'null');
const onPost = (fault: Fault): Fault => ({ ...fault, match: { method: 'POST' } });

const create = (
  harness: Harness,
  changes: Record<string, unknown> = {},
  key: string | null = 'key-1',
  options: Parameters<Harness['execute']>[2] = {},
): Promise<Execution> => harness.execute(createDocument, { input: connectionInput(changes), key }, options);

/** No secret of anybody's in what the caller gets. */
function expectNoSecret({ text, headers }: Execution): void {
  const all = text + JSON.stringify([...headers]);
  for (const secret of [token, novuKey, backendKey, readerKey]) {
    expect(all).not.toContain(secret);
    expect(all).not.toContain(Buffer.from(secret).toString('base64').slice(0, 16));
    expect(all).not.toContain(encodeURIComponent(secret));
  }
}

describe('what Novu is sent', () => {
  it('is the input field for field, in one order', async () => {
    await using harness = await startHarness();
    await create(harness, {
      // The order of the caller's fields does not count.
      auth: {
        refreshTokenExpiresAt: '2027-01-01T00:00:00Z',
        expiresAt: '2026-12-31T23:59:59.123+02:00',
        refreshToken: 'xoxe-1',
        accessToken: token,
      },
      workspace: { botUserId: 'B1', name: 'Acme HQ', id: 'T123456' },
      connectionMode: 'SUBSCRIBER',
      context: [
        { type: 'tenant', id: 'org-1', data: { plan: 'pro', __proto__x: 1 } },
        { type: 'app', id: 'a' },
      ],
    });
    expect(posts(harness)[0]?.body).toBe(
      JSON.stringify({
        identifier: 'slack-prod-user123-abc4',
        subscriberId: 'subscriber-123',
        context: { tenant: { id: 'org-1', data: { plan: 'pro', __proto__x: 1 } }, app: 'a' },
        connectionMode: 'subscriber',
        integrationIdentifier: 'slack-prod',
        workspace: { id: 'T123456', name: 'Acme HQ', botUserId: 'B1' },
        auth: {
          accessToken: token,
          refreshToken: 'xoxe-1',
          expiresAt: '2026-12-31T21:59:59.123Z',
          refreshTokenExpiresAt: '2027-01-01T00:00:00.000Z',
        },
      }),
    );
  });

  it('has nothing that the caller left out or set to null, but an identifier', async () => {
    await using harness = await startHarness();
    await create(harness, {
      identifier: undefined,
      context: null,
      connectionMode: null,
      workspace: { id: 'T1', name: null },
      auth: { accessToken: token, refreshToken: null, expiresAt: null },
    });
    expect(sent(harness)).toEqual({
      identifier: expect.stringMatching(/^chconn_[0-9a-z]{16,}$/) as string,
      subscriberId: 'subscriber-123',
      integrationIdentifier: 'slack-prod',
      workspace: { id: 'T1' },
      auth: { accessToken: token },
    });
  });

  it('keeps a context whose type is a name of JavaScript', async () => {
    await using harness = await startHarness();
    const created = await create(harness, {
      context: [
        { type: '__proto__', id: 'a' },
        { type: 'constructor', id: 'b' },
      ],
    });
    expect(posts(harness)[0]?.body).toContain('"context":{"__proto__":"a","constructor":"b"}');
    expect(created.data.createChannelConnection.channelConnection.contextKeys).toEqual([
      '__proto__:a',
      'constructor:b',
    ]);
  });

  it('is a shared connection when asked for', async () => {
    await using harness = await startHarness();
    const created = await create(harness, { subscriberId: undefined, connectionMode: 'SHARED' });
    expect(sent(harness)).toMatchObject({ connectionMode: 'shared' });
    expect(created.data.createChannelConnection.channelConnection).toMatchObject({
      subscriberId: null,
      contextKeys: ['key:org-acme'],
    });
  });

  it('goes with the key of Novu, JSON both ways, and nothing of the caller', async () => {
    await using harness = await startHarness();
    await create(harness, {}, 'key-1', { headers: { cookie: 'a=1', 'x-other': '1' } });
    const { headers } = posts(harness)[0]!;
    expect(headers).toMatchObject({
      authorization: `ApiKey ${novuKey}`,
      'content-type': 'application/json',
      accept: 'application/json',
      'idempotency-key': 'key-1',
    });
    expect(JSON.stringify(headers)).not.toMatch(new RegExp(`${backendKey}|cookie|x-other`));
  });
});

describe('what the caller gets', () => {
  it('is the connection, the headers, the rate limit and the idempotency facts of Novu', async () => {
    await using harness = await startHarness({ sandbox: { tier: 'free' } });
    const { data, errors } = await create(harness);
    expect(errors).toEqual([]);
    const payload = data.createChannelConnection;
    expect(payload.channelConnection).toEqual({
      identifier: 'slack-prod-user123-abc4',
      channel: 'CHAT',
      providerId: 'slack',
      provider: 'SLACK',
      integrationIdentifier: 'slack-prod',
      subscriberId: 'subscriber-123',
      contextKeys: ['key:org-acme'],
      workspace: { id: 'T123456', name: 'Acme HQ', botUserId: null },
      auth: { hasAccessToken: true, hasRefreshToken: null, expiresAt: null },
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      updatedAt: expect.stringMatching(/Z$/) as string,
    });
    expect(payload.idempotency).toEqual({
      key: 'key-1',
      source: 'ARGUMENT',
      replayed: false,
      honouredUpstream: true,
    });
    expect(payload.rateLimit).toMatchObject({ limit: 100, remaining: 109 });
    expect(payload.rateLimit.policy).toMatch(/^100;w=5;burst=110/);
    expect(payload.headers).toContainEqual({ name: 'ratelimit-limit', values: ['100'] });
    expect(payload.headers).toContainEqual({ name: 'idempotency-key', values: ['key-1'] });
    expect(payload.userErrors).toEqual([]);
  });

  it('says that a second call with the key was the first', async () => {
    await using harness = await startHarness();
    const first = await create(harness);
    const again = await create(harness);
    expect(again.data.createChannelConnection.channelConnection).toEqual(
      first.data.createChannelConnection.channelConnection,
    );
    expect(again.data.createChannelConnection.idempotency.replayed).toBe(true);
    expect(harness.sandbox.connections()).toHaveLength(1);
  });

  it('is the same for fifty calls with one key, made once though Novu has no idempotency', async () => {
    await using harness = await startHarness({ sandbox: { idempotency: false, latencyMs: 10 } });
    const all = await Promise.all(Array.from({ length: 50 }, () => create(harness)));
    const payloads = all.map(({ data }) => data.createChannelConnection);
    expect(new Set(payloads.map((one) => JSON.stringify(one.channelConnection))).size).toBe(1);
    expect(payloads.filter(({ idempotency }) => !idempotency.replayed)).toHaveLength(1);
    expect(posts(harness)).toHaveLength(1);
    expect(harness.sandbox.connections()).toHaveLength(1);
  });

  it.each<[AuthShape, boolean, boolean | null, string | null]>([
    ['full', true, true, '2030-01-01T00:00:00.000Z'],
    ['accessToken', true, null, null],
    ['hasAccessToken', true, null, null],
    ['empty', true, null, null],
    ['redacted', true, true, '2030-01-01T00:00:00.000Z'],
    ['missing', false, null, null],
  ])(
    'tells what is known of the tokens when Novu shows them as %s',
    async (authShape, has, hasRefresh, expiresAt) => {
      await using harness = await startHarness({ sandbox: { authShape } });
      const execution = await create(harness, {
        auth: { accessToken: token, refreshToken: 'xoxe-1', expiresAt: '2030-01-01T00:00:00Z' },
      });
      expect(execution.data.createChannelConnection.channelConnection.auth).toEqual({
        hasAccessToken: has,
        hasRefreshToken: hasRefresh,
        expiresAt,
      });
      expectNoSecret(execution);
    },
  );

  it.each([
    ['no envelope', (row: object) => row],
    [
      'more fields',
      (row: object) => ({ data: { ...row, contextHash: 'x', _id: '1', auth: { ...row, extra: 1 } } }),
    ],
  ])('is the same when Novu answers with %s', async (_name, body) => {
    await using harness = await startHarness();
    harness.sandbox.fail({ kind: 'body', body: (normal) => body((normal as { data: object }).data) });
    const { data, errors } = await create(harness);
    expect(errors).toEqual([]);
    expect(data.createChannelConnection.channelConnection).toMatchObject({
      identifier: 'slack-prod-user123-abc4',
      provider: 'SLACK',
    });
  });

  it('leaves out a header that repeats a secret', async () => {
    await using harness = await startHarness();
    harness.sandbox.fail({
      kind: 'headers',
      headers: {
        'X-Token': `Bearer ${token}`,
        'X-Key': novuKey,
        'X-Base': Buffer.from(`ab${token}`).toString('base64'),
        'X-Fine': 'yes',
        'Set-Cookie': 'a=1',
      },
    });
    const execution = await create(harness);
    const names = execution.data.createChannelConnection.headers.map(({ name }: { name: string }) => name);
    expect(names).toContain('x-fine');
    for (const hidden of ['x-token', 'x-key', 'x-base', 'set-cookie', 'connection', 'content-length'])
      expect(names).not.toContain(hidden);
    expectNoSecret(execution);
  });
});

describe('the idempotency key', () => {
  const keyOf = (harness: Harness, index = 0) => posts(harness)[index]?.headers['idempotency-key'];

  it('is the argument before the header', async () => {
    await using harness = await startHarness();
    const { data } = await create(harness, {}, 'from-argument', {
      headers: { 'idempotency-key': 'from-header' },
    });
    expect(keyOf(harness)).toBe('from-argument');
    expect(data.createChannelConnection.idempotency).toMatchObject({
      key: 'from-argument',
      source: 'ARGUMENT',
    });
  });

  it('is the header where the document has one mutation field', async () => {
    await using harness = await startHarness();
    const { data } = await create(harness, {}, null, { headers: { 'Idempotency-Key': 'from-header' } });
    expect(keyOf(harness)).toBe('from-header');
    expect(data.createChannelConnection.idempotency).toMatchObject({ key: 'from-header', source: 'HEADER' });
  });

  const two = /* GraphQL */ `
    mutation ($one: CreateChannelConnectionInput!, $two: CreateChannelConnectionInput!) {
      one: createChannelConnection(input: $one) { idempotency { key source } channelConnection { identifier } userErrors { code } }
      ... on Mutation { two: createChannelConnection(input: $two) { idempotency { key source } channelConnection { identifier } userErrors { code } } }
    }
  `;
  const twoInputs = {
    one: connectionInput({ identifier: undefined }),
    two: connectionInput({ identifier: undefined, subscriberId: 'subscriber-456' }),
  };

  it('is not the header where it has two: one key cannot serve both', async () => {
    await using harness = await startHarness();
    const { data } = await harness.execute(two, twoInputs, { headers: { 'idempotency-key': 'from-header' } });
    expect([data.one.idempotency.source, data.two.idempotency.source]).toEqual(['GENERATED', 'GENERATED']);
    expect(harness.sandbox.requests.map(({ headers }) => headers['idempotency-key'])).not.toContain(
      'from-header',
    );
  });

  it('is a new UUID otherwise, told to the caller', async () => {
    await using harness = await startHarness();
    const { data } = await harness.execute(two, twoInputs);
    const keys = [data.one.idempotency.key, data.two.idempotency.key];
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}$/);
    expect([keyOf(harness, 0), keyOf(harness, 1)]).toEqual(keys);
    expect(harness.sandbox.connections()).toHaveLength(2);
  });

  it.each([
    ['blank', '  '],
    ['empty', ''],
    ['too long', 'k'.repeat(256)],
    ['not ASCII', 'schlüssel'],
    ['with a line break', 'a\r\nx-evil: 1'],
    ['with a control character', 'a\u0000'],
    ['with a blank', 'a b'],
  ])('that is %s is refused, and Novu is not asked', async (_name, key) => {
    await using harness = await startHarness();
    const { data, errors } = await create(harness, {}, key);
    expect(errors).toEqual([]);
    expect(data.createChannelConnection).toMatchObject({
      channelConnection: null,
      userErrors: [{ __typename: 'NovuValidationError', code: 'INVALID_INPUT', path: ['idempotencyKey'] }],
    });
    expect(harness.sandbox.requests).toHaveLength(0);
  });

  it('that is refused as a header has no path in the arguments', async () => {
    await using harness = await startHarness();
    const { data } = await create(harness, {}, null, { headers: { 'idempotency-key': 'k'.repeat(256) } });
    expect(data.createChannelConnection.userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: null }]);
    expect(harness.sandbox.requests).toHaveLength(0);
  });

  it('may be 255 characters of any visible ASCII', async () => {
    await using harness = await startHarness();
    const key = `"\\{}'~!${'k'.repeat(248)}`;
    const { data } = await create(harness, {}, key);
    expect(data.createChannelConnection.userErrors).toEqual([]);
    expect(keyOf(harness)).toBe(key);
  });

  it('of one caller is not that of another', async () => {
    await using harness = await startHarness({ sandbox: { idempotency: false } });
    const one = await create(harness, { identifier: undefined });
    const other = await create(harness, { identifier: undefined, subscriberId: 'subscriber-456' }, 'key-1', {
      key: readerKey,
    });
    expect(other.data.createChannelConnection).toMatchObject({
      userErrors: [],
      idempotency: { replayed: false },
    });
    expect(other.data.createChannelConnection.channelConnection.identifier).not.toBe(
      one.data.createChannelConnection.channelConnection.identifier,
    );
  });

  it('that was used for another input is refused', async () => {
    await using harness = await startHarness();
    await create(harness);
    const { data } = await create(harness, { workspace: { id: 'T2' } });
    expect(data.createChannelConnection).toMatchObject({
      channelConnection: null,
      userErrors: [
        {
          __typename: 'NovuIdempotencyError',
          code: 'IDEMPOTENCY_KEY_REUSED',
          path: ['idempotencyKey'],
          idempotencyKey: 'key-1',
          retryAfterMs: null,
        },
      ],
    });
    expect(harness.sandbox.connections()).toHaveLength(1);
  });

  it('that another process used for another input is refused by what Novu says or holds', async () => {
    for (const idempotency of [true, false]) {
      await using harness = await startHarness({ sandbox: { idempotency } });
      await using elsewhere = await startHarness({ novuUrl: harness.sandbox.url });
      await create(harness, { identifier: undefined });
      const { data } = await create(elsewhere, { identifier: undefined, workspace: { id: 'T2' } });
      expect(data.createChannelConnection.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
      expect(harness.sandbox.connections()).toHaveLength(1);
    }
  });

  it('that Novu is still at work with is refused, with the time to wait', async () => {
    await using harness = await startHarness();
    harness.sandbox.onRequest = ({ method }) =>
      method === 'POST'
        ? {
            kind: 'status',
            status: 409,
            message: 'Request with key "key-1" is currently being processed. Please retry after 1 second',
            headers: { 'Retry-After': '1' },
          }
        : undefined;
    const { data } = await create(harness, {}, 'key-1', { headers: { 'x-request-timeout-ms': '1000' } });
    expect(data.createChannelConnection.userErrors).toMatchObject([
      {
        __typename: 'NovuIdempotencyError',
        code: 'IDEMPOTENCY_IN_PROGRESS',
        idempotencyKey: 'key-1',
        retryAfterMs: 1000,
      },
    ]);
  });
});

describe('an input that breaks a rule is refused with its path, and Novu is not asked', () => {
  const longId = 'x'.repeat(1025);
  it.each<[string, Record<string, unknown>, string[][]]>([
    ['an empty identifier', { identifier: '' }, [['input', 'identifier']]],
    ['a dot', { identifier: '.' }, [['input', 'identifier']]],
    ['two dots', { identifier: '..' }, [['input', 'identifier']]],
    ['an identifier that is too long', { identifier: longId }, [['input', 'identifier']]],
    ['an identifier with a lone surrogate', { identifier: 'a\uD800' }, [['input', 'identifier']]],
    ['an empty subscriberId', { subscriberId: '' }, [['input', 'subscriberId']]],
    ['a subscriberId with a lone surrogate', { subscriberId: '\uDC00' }, [['input', 'subscriberId']]],
    ['an empty integrationIdentifier', { integrationIdentifier: '' }, [['input', 'integrationIdentifier']]],
    ['an empty workspace id', { workspace: { id: '' } }, [['input', 'workspace', 'id']]],
    [
      'a workspace name with a lone surrogate',
      { workspace: { id: 'T', name: '\uD800' } },
      [['input', 'workspace', 'name']],
    ],
    [
      'a bot with a lone surrogate',
      { workspace: { id: 'T', botUserId: '\uD800' } },
      [['input', 'workspace', 'botUserId']],
    ],
    ['an empty token', { auth: { accessToken: '' } }, [['input', 'auth', 'accessToken']]],
    [
      'a token with a lone surrogate',
      { auth: { accessToken: 'a\uD800' } },
      [['input', 'auth', 'accessToken']],
    ],
    [
      'a refresh token with a lone surrogate',
      { auth: { accessToken: 'a', refreshToken: '\uD800' } },
      [['input', 'auth', 'refreshToken']],
    ],
    ['an empty list of contexts', { context: [] }, [['input', 'context']]],
    [
      'six contexts',
      { context: Array.from({ length: 6 }, (_, index) => ({ type: `t${index}`, id: 'a' })) },
      [['input', 'context']],
    ],
    [
      'a context twice',
      {
        context: [
          { type: 'a', id: '1' },
          { type: 'a', id: '2' },
        ],
      },
      [['input', 'context', '1', 'type']],
    ],
    [
      'a context id with other signs',
      { context: [{ type: 'a', id: 'ü' }] },
      [['input', 'context', '0', 'id']],
    ],
    ['an empty context id', { context: [{ type: 'a', id: '' }] }, [['input', 'context', '0', 'id']]],
    [
      'a context id that is too long',
      { context: [{ type: 'a', id: 'a'.repeat(101) }] },
      [['input', 'context', '0', 'id']],
    ],
    ['an empty context type', { context: [{ type: '', id: '1' }] }, [['input', 'context', '0', 'type']]],
    [
      'context data that is too large',
      { context: [{ type: 'a', id: '1', data: { a: 'x'.repeat(65_536) } }] },
      [['input', 'context', '0', 'data']],
    ],
    ['shared without context', { context: null, connectionMode: 'SHARED' }, [['input', 'context']]],
    [
      'subscriber without subscriberId',
      { subscriberId: null, connectionMode: 'SUBSCRIBER' },
      [['input', 'subscriberId']],
    ],
    ['neither subscriber nor context', { subscriberId: null, context: null }, [['input']]],
    [
      'several at once',
      { identifier: '', workspace: { id: '' }, auth: { accessToken: '' } },
      [
        ['input', 'identifier'],
        ['input', 'workspace', 'id'],
        ['input', 'auth', 'accessToken'],
      ],
    ],
  ])('(%s)', async (_name, changes, paths) => {
    await using harness = await startHarness();
    const execution = await create(harness, changes);
    expect(execution.errors).toEqual([]);
    const payload = execution.data.createChannelConnection;
    expect(payload.channelConnection).toBeNull();
    expect(payload.userErrors.map((error: { path: string[] }) => error.path)).toEqual(paths);
    for (const error of payload.userErrors)
      expect(error).toMatchObject({ __typename: 'NovuValidationError', code: 'INVALID_INPUT' });
    expect(payload.idempotency).toMatchObject({ key: 'key-1', replayed: false });
    expect(harness.sandbox.requests).toHaveLength(0);
    expectNoSecret(execution);
  });

  it('(larger than Novu takes)', async () => {
    await using harness = await startHarness();
    const { data } = await create(harness, { workspace: { id: 'T', name: 'x'.repeat(101 * 1024) } });
    expect(data.createChannelConnection.userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input'] },
    ]);
    expect(harness.sandbox.requests).toHaveLength(0);
  });

  it.each<[string, Record<string, unknown>]>([
    ['no integrationIdentifier', { integrationIdentifier: undefined }],
    ['no auth', { auth: undefined }],
    ['a token that is a number', { auth: { accessToken: 7 } }],
    ['a mode that does not exist', { connectionMode: 'PRIVATE' }],
    ['a time that is none', { auth: { accessToken: token, expiresAt: 'tomorrow' } }],
    ['a field that does not exist', { contextHash: token }],
  ])('(%s: not even GraphQL takes it)', async (_name, changes) => {
    await using harness = await startHarness();
    const execution = await create(harness, changes);
    expect(execution.data).toBeNull();
    expect(execution.errors).toHaveLength(1);
    expect(harness.sandbox.requests).toHaveLength(0);
    expectNoSecret(execution);
  });
});

describe('what Novu refuses', () => {
  type Refusal = [name: string, fault: Fault, type: string, code: string, path: string[] | null];
  const dto = (status: number, message: string): Fault => ({ kind: 'status', status, message });
  /** What makes a body Novu's own, whatever else is in it. */
  const novus = { statusCode: 422, timestamp: '2026-01-01T00:00:00.000Z', path: '/v1/channel-connections' };
  const refusals: Refusal[] = [
    [
      'a mode',
      dto(400, 'context is required when connectionMode is "shared"'),
      'NovuValidationError',
      'INVALID_INPUT',
      ['input', 'context'],
    ],
    [
      'the other mode',
      dto(400, 'subscriberId is required when connectionMode is "subscriber"'),
      'NovuValidationError',
      'INVALID_INPUT',
      ['input', 'subscriberId'],
    ],
    [
      'neither',
      dto(400, 'Either subscriberId or context must be provided'),
      'NovuValidationError',
      'INVALID_INPUT',
      ['input'],
    ],
    [
      'rotation',
      dto(
        400,
        'Token rotation is not supported for provider "x". Remove refreshToken from the connection auth.',
      ),
      'NovuValidationError',
      'INVALID_INPUT',
      ['input', 'auth', 'refreshToken'],
    ],
    [
      'credentials',
      dto(
        400,
        'Integration "x" must have clientId and secretKey configured to store a rotating refresh token.',
      ),
      'NovuValidationError',
      'INVALID_INPUT',
      ['input', 'auth', 'refreshToken'],
    ],
    [
      'contexts',
      dto(422, 'Too many contexts: 6 provided, maximum allowed is 5'),
      'NovuValidationError',
      'INVALID_INPUT',
      ['input', 'context'],
    ],
    [
      'something unknown',
      dto(400, `It does not like ${token}`),
      'NovuValidationError',
      'INVALID_INPUT',
      null,
    ],
    [
      'without a word',
      { kind: 'status', status: 422, body: novus },
      'NovuValidationError',
      'INVALID_INPUT',
      ['input'],
    ],
    [
      'an integration',
      dto(404, 'Integration not found: slack-prod'),
      'NovuNotFoundError',
      'NOT_FOUND',
      ['input', 'integrationIdentifier'],
    ],
    [
      'a subscriber',
      dto(404, 'Subscriber not found: subscriber-123'),
      'NovuNotFoundError',
      'NOT_FOUND',
      ['input', 'subscriberId'],
    ],
    ['the feature', dto(404, 'Feature not enabled'), 'NovuUnsupportedError', 'UNSUPPORTED', null],
    [
      'the route',
      dto(404, 'Cannot POST /v1/channel-connections'),
      'NovuUnsupportedError',
      'UNSUPPORTED',
      null,
    ],
    ['the size', dto(413, 'Payload Too Large'), 'NovuValidationError', 'INVALID_INPUT', ['input']],
    [
      'the size, by a proxy',
      { kind: 'html', status: 413 },
      'NovuValidationError',
      'INVALID_INPUT',
      ['input'],
    ],
    [
      'the key',
      dto(422, 'Request with key "key-1" is being reused for a different body'),
      'NovuIdempotencyError',
      'IDEMPOTENCY_KEY_REUSED',
      ['idempotencyKey'],
    ],
  ];
  it.each(refusals)(
    '(%s) is a userError that the caller can correct',
    async (_name, fault, type, code, where) => {
      await using harness = await startHarness();
      harness.sandbox.fail(onPost(fault));
      const execution = await create(harness);
      expect(execution.errors).toEqual([]);
      expect(execution.data.createChannelConnection).toMatchObject({
        channelConnection: null,
        userErrors: [{ __typename: type, code, path: where }],
      });
      expect(posts(harness)).toHaveLength(1);
      expect(harness.sandbox.connections()).toHaveLength(0);
      expectNoSecret(execution);
    },
  );

  it('in several fields is one userError each, with the path that the text names, never with the value', async () => {
    await using harness = await startHarness();
    const messages = [
      'workspace.id must be a string',
      'auth should not be null or undefined',
      'nested property auth must be either object or array',
      `${token} must be nice`,
      'secretField must be a string',
    ];
    harness.sandbox.fail(
      onPost({
        kind: 'status',
        status: 422,
        body: {
          ...novus,
          message: 'Validation Error',
          errors: { general: { messages, value: token } },
        },
      }),
    );
    const execution = await create(harness);
    const { userErrors } = execution.data.createChannelConnection;
    expect(userErrors.map((error: { path: unknown }) => error.path)).toEqual([
      ['input', 'workspace', 'id'],
      ['input', 'auth'],
      ['input', 'auth'],
      null,
      null,
    ]);
    expect(userErrors[0].message).toBe('Must be a string.');
    expectNoSecret(execution);
  });

  it('because the sandbox knows no such integration or subscriber is told likewise', async () => {
    await using harness = await startHarness();
    const integration = await create(harness, { integrationIdentifier: 'nope' }, 'a');
    const subscriber = await create(harness, { subscriberId: 'nope' }, 'b');
    expect(integration.data.createChannelConnection.userErrors[0].path).toEqual([
      'input',
      'integrationIdentifier',
    ]);
    expect(subscriber.data.createChannelConnection.userErrors[0].path).toEqual(['input', 'subscriberId']);
    expect(integration.text + subscriber.text).not.toContain('nope');
  });

  it('because older servers lack it all is told likewise', async () => {
    await using harness = await startHarness({ sandbox: { featureEnabled: false } });
    const { data } = await create(harness);
    expect(data.createChannelConnection.userErrors).toMatchObject([{ __typename: 'NovuUnsupportedError' }]);
  });
});

describe('a conflict', () => {
  const withExisting = createDocument.replace(
    'existingIdentifier }',
    'existingIdentifier existing { ... on ChannelConnection { identifier workspace { id } } } }',
  );

  it('names what is there already, without asking for it', async () => {
    await using harness = await startHarness();
    await create(harness, { identifier: 'first' }, 'a');
    const { data } = await create(harness, { identifier: 'second' }, 'b');
    expect(data.createChannelConnection).toMatchObject({
      channelConnection: null,
      userErrors: [
        {
          __typename: 'NovuConflictError',
          code: 'ALREADY_EXISTS',
          path: ['input'],
          existingIdentifier: 'first',
        },
      ],
    });
    expect(harness.sandbox.requests.map(({ method }) => method)).toEqual(['POST', 'POST']);
  });

  it('asks for what is there when the caller asks for it', async () => {
    await using harness = await startHarness();
    await create(harness, { identifier: 'first' }, 'a');
    const { data } = await harness.execute(withExisting, {
      input: connectionInput({ identifier: 'second' }),
      key: 'b',
    });
    expect(data.createChannelConnection.userErrors[0].existing).toEqual({
      identifier: 'first',
      workspace: { id: 'T123456' },
    });
    expect(harness.sandbox.requests.map(({ method }) => method)).toEqual(['POST', 'POST', 'GET']);
  });

  it('says that the identifier is taken when it is', async () => {
    await using harness = await startHarness();
    await create(harness, { identifier: 'first' }, 'a');
    const { data } = await create(harness, { identifier: 'first', subscriberId: 'subscriber-456' }, 'b');
    expect(data.createChannelConnection.userErrors).toMatchObject([
      {
        code: 'ALREADY_EXISTS',
        path: ['input', 'identifier'],
        existingIdentifier: 'first',
        message: 'The identifier is taken.',
      },
    ]);
  });

  it('is told likewise when it is found by reading, after a fault', async () => {
    await using harness = await startHarness();
    await create(harness, { identifier: 'first' }, 'a');
    harness.sandbox.fail(onPost({ kind: 'reset-before' }));
    const { data } = await create(harness, { identifier: 'first', subscriberId: 'subscriber-456' }, 'b');
    expect(data.createChannelConnection.userErrors).toMatchObject([
      { code: 'ALREADY_EXISTS', path: ['input', 'identifier'], existingIdentifier: 'first' },
    ]);
  });

  it('in words that are not known names no identifier', async () => {
    await using harness = await startHarness();
    harness.sandbox.fail({ ...onPost({ kind: 'status', status: 409, message: `no ${token}` }), times: 100 });
    const execution = await create(harness, {}, 'key-1', { headers: { 'x-request-timeout-ms': '5000' } });
    expect(execution.data.createChannelConnection.userErrors).toMatchObject([
      { code: 'ALREADY_EXISTS', existingIdentifier: null },
    ]);
    expectNoSecret(execution);
  });

  it('is one for a call without a key, though the input is the same', async () => {
    await using harness = await startHarness();
    await create(harness, {}, null);
    const { data } = await create(harness, {}, null);
    expect(data.createChannelConnection).toMatchObject({
      channelConnection: null,
      userErrors: [{ code: 'ALREADY_EXISTS', existingIdentifier: 'slack-prod-user123-abc4' }],
    });
  });

  it('finds identifiers with odd signs in the words of Novu', async () => {
    await using harness = await startHarness();
    const odd = 'a "b" already exists in environment "c" \'d\' ü/..';
    await create(harness, { identifier: odd }, 'a');
    const taken = await create(harness, { identifier: odd, subscriberId: 'subscriber-456' }, 'b');
    const there = await create(harness, { identifier: 'other' }, 'c');
    for (const { data } of [taken, there])
      expect(data.createChannelConnection.userErrors[0].existingIdentifier).toBe(odd);
  });
});

describe('what only the operator or time can resolve', () => {
  const hurry = { headers: { 'x-request-timeout-ms': '400' } };
  type Failure = [name: string, fault: Fault, code: string, outcome: string, retryable: boolean];
  const always = 100;
  const failures: Failure[] = [
    [
      'a 401',
      { kind: 'status', status: 401, message: `API Key not found: ${novuKey}` },
      'UPSTREAM_AUTH_FAILED',
      'NOT_APPLIED',
      false,
    ],
    ['a 403', { kind: 'status', status: 403 }, 'UPSTREAM_AUTH_FAILED', 'NOT_APPLIED', false],
    ['a 402', { kind: 'status', status: 402, message: token }, 'UPSTREAM_BAD_RESPONSE', 'NOT_APPLIED', false],
    [
      'a 402 of a proxy',
      { kind: 'status', status: 402, body: `{"message":"${token}"}` },
      'UPSTREAM_BAD_RESPONSE',
      'UNKNOWN',
      true,
    ],
    ['a 499 of a proxy', { kind: 'html', status: 499 }, 'UPSTREAM_BAD_RESPONSE', 'UNKNOWN', true],
    [
      'a redirect',
      { kind: 'status', status: 302, headers: { Location: `https://evil.test/?${token}` } },
      'UPSTREAM_BAD_RESPONSE',
      'UNKNOWN',
      true,
    ],
    ['a 429', { kind: 'rate-limited', retryAfterSeconds: 30 }, 'RATE_LIMITED', 'NOT_APPLIED', true],
    ['a 500 that wrote nothing', { kind: 'error-before' }, 'UPSTREAM_UNAVAILABLE', 'NOT_APPLIED', true],
    [
      'an error page',
      { kind: 'html', body: `<html>${token}</html>` },
      'UPSTREAM_UNAVAILABLE',
      'UNKNOWN',
      true,
    ],
    [
      'a 400 that is a page',
      { kind: 'html', status: 400, body: `<html>${token}</html>` },
      'UPSTREAM_BAD_RESPONSE',
      'UNKNOWN',
      true,
    ],
  ];
  it.each(failures)(
    '(%s) is a top-level error that says what became of the write',
    async (_name, fault, code, outcome, retryable) => {
      await using harness = await startHarness();
      harness.sandbox.fail({ ...onPost(fault), times: always });
      const execution = await create(harness);
      expect(execution.data).toEqual({ createChannelConnection: null });
      expect(execution.errors).toHaveLength(1);
      expect(execution.errors[0]).toMatchObject({
        path: ['createChannelConnection'],
        extensions: { code, outcome, retryable },
      });
      if (outcome === 'NOT_APPLIED') expect(harness.sandbox.connections()).toHaveLength(0);
      expectNoSecret(execution);
    },
  );

  it.each<[string, Fault]>([
    ['hangs', { kind: 'hang-before' }],
    ['hangs after its write', { kind: 'hang-after' }],
  ])('(Novu %s for reads too) is OUTCOME_UNKNOWN, with what to go on with', async (_name, fault) => {
    await using harness = await startHarness();
    harness.sandbox.fail({ ...fault, times: always });
    const execution = await create(harness, { identifier: undefined }, 'key-1', hurry);
    expect(execution.errors).toHaveLength(1);
    const { extensions } = execution.errors[0]!;
    expect(extensions).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      outcome: 'UNKNOWN',
      retryable: true,
      idempotencyKey: 'key-1',
      identifier: expect.stringMatching(/^chconn_/) as string,
    });
    expectNoSecret(execution);
    harness.sandbox.clearFaults();
    const resolved = await create(harness, { identifier: undefined });
    expect(resolved.data.createChannelConnection.channelConnection.identifier).toBe(extensions['identifier']);
    expect(harness.sandbox.connections()).toHaveLength(1);
  });

  it('(a 201 that tells nothing, and no read that does) is a bad response, posted once, not called a failure to write', async () => {
    await using harness = await startHarness();
    harness.sandbox.fail({ kind: 'body', body: { data: { weird: true } }, times: always });
    const execution = await create(harness);
    expect(execution.errors[0]?.extensions).toMatchObject({
      code: 'UPSTREAM_BAD_RESPONSE',
      outcome: 'UNKNOWN',
    });
    expect(posts(harness)).toHaveLength(1);
  });

  it('(a 201 that tells nothing) is resolved by a read', async () => {
    await using harness = await startHarness();
    harness.sandbox.fail(onPost({ kind: 'body', body: { data: { weird: true } } }));
    const { data, errors } = await create(harness);
    expect(errors).toEqual([]);
    expect(data.createChannelConnection.channelConnection.identifier).toBe('slack-prod-user123-abc4');
    expect(posts(harness)).toHaveLength(1);
  });

  it('(a 429) says how long to wait', async () => {
    await using harness = await startHarness();
    harness.sandbox.fail(onPost({ kind: 'rate-limited', retryAfterSeconds: 30 }));
    expect((await create(harness)).errors[0]?.extensions['retryAfterMs']).toBe(30_000);
    const next = (await create(harness, {}, 'key-2')).errors[0]?.extensions;
    expect(next).toMatchObject({ code: 'RATE_LIMITED', outcome: 'NOT_APPLIED' });
    expect(next?.['retryAfterMs']).toBeGreaterThan(20_000);
    expect(posts(harness)).toHaveLength(1);
  });

  it("(a 500) carries Novu's errorId", async () => {
    await using harness = await startHarness();
    harness.sandbox.fail(onPost({ kind: 'error-before', times: always }));
    expect((await create(harness)).errors[0]?.extensions['errorId']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('(a dead Novu) was not asked', async () => {
    await using harness = await startHarness();
    await harness.sandbox.close();
    const execution = await create(harness);
    expect(execution.errors[0]?.extensions).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      outcome: 'NOT_APPLIED',
      retryable: true,
    });
    expectNoSecret(execution);
  });

  it('(a Novu that never answers a connection) is over when the caller says', async () => {
    await using harness = await startHarness();
    harness.sandbox.fail({ kind: 'hang-before', times: always });
    const { errors } = await create(harness, {}, 'key-1', { headers: { 'x-request-timeout-ms': '100' } });
    expect(errors[0]?.extensions['outcome']).toBe('UNKNOWN');
  });

  it('leaves the siblings of the field standing', async () => {
    await using harness = await startHarness();
    harness.sandbox.onRequest = ({ body }) =>
      body?.includes('"bad"') ? { kind: 'status', status: 401 } : undefined;
    const { data, errors } = await harness.execute(
      /* GraphQL */ `
        mutation ($bad: CreateChannelConnectionInput!, $good: CreateChannelConnectionInput!) {
          bad: createChannelConnection(input: $bad) { channelConnection { identifier } }
          good: createChannelConnection(input: $good) { channelConnection { identifier } }
        }
      `,
      { bad: connectionInput({ identifier: 'bad' }), good: connectionInput({ identifier: 'good' }) },
    );
    expect(data).toEqual({ bad: null, good: { channelConnection: { identifier: 'good' } } });
    expect(errors.map((error) => error.path)).toEqual([['bad']]);
  });
});

describe('after any fault', () => {
  const kinds: Fault[] = [
    { kind: 'reset-before' },
    { kind: 'reset-after' },
    { kind: 'error-before' },
    { kind: 'error-after' },
    { kind: 'truncate' },
    { kind: 'not-json' },
    { kind: 'html', applied: true },
    { kind: 'rate-limited', retryAfterSeconds: 0 },
  ];
  const options: HarnessOptions[] = [{ sandbox: { idempotency: true } }, { sandbox: { idempotency: false } }];
  it.each(
    options.flatMap((option) =>
      kinds.map((fault) => [fault.kind, option.sandbox?.idempotency, fault] as const),
    ),
  )(
    '(%s, idempotency %s) the caller gets the connection, made once, and no secret',
    async (_kind, idempotency, fault) => {
      await using harness = await startHarness({ sandbox: { idempotency: idempotency ?? true } });
      harness.sandbox.fail(onPost(fault));
      const execution = await create(harness, { identifier: undefined });
      expect(execution.errors).toEqual([]);
      expect(execution.data.createChannelConnection).toMatchObject({
        channelConnection: { identifier: harness.sandbox.connections()[0]?.identifier },
        userErrors: [],
        idempotency: { key: 'key-1', replayed: false },
      });
      expect(harness.sandbox.connections()).toHaveLength(1);
      expectNoSecret(execution);
    },
  );
});

it('asks Novu at one path', async () => {
  await using harness = await startHarness();
  await create(harness);
  expect(harness.sandbox.requests.map((request) => request.path)).toEqual([path]);
});

describe('a row that Novu reads back with less than it stored', () => {
  it('is still the one that this call has made', async () => {
    await using harness = await startHarness();
    harness.sandbox.fail({ kind: 'reset-after' });
    harness.sandbox.fail({
      kind: 'body',
      match: { method: 'GET' },
      body: (normal) => {
        const {
          workspace: _,
          integrationIdentifier: __,
          ...rest
        } = (normal as { data: Record<string, unknown> }).data;
        return { data: rest };
      },
    });
    const { data } = await harness.execute(createDocument, { input: connectionInput(), key: 'sparse' });
    expect(data.createChannelConnection).toMatchObject({
      channelConnection: { identifier: 'slack-prod-user123-abc4', workspace: null },
      idempotency: { replayed: false },
      userErrors: [],
    });
    expect(harness.sandbox.connections()).toHaveLength(1);
  });
});
