import { describe, expect, it } from 'vitest';
import type { AuthShape, Fault } from '../../../src/sandbox/sandbox.ts';
import {
  backendKey,
  connectionInput,
  createDocument,
  type Execution,
  type Harness,
  novuKey,
  readerKey,
  startHarness,
} from '../../support/harness.ts';

const token = 'xoxb-example-secret-token';
const read = /* GraphQL */ `
  query ($identifier: ID!) {
    channelConnection(identifier: $identifier) {
      id identifier channel providerId provider integrationIdentifier subscriberId contextKeys
      subscriber { subscriberId }
      workspace { id name botUserId }
      auth { hasAccessToken hasRefreshToken expiresAt refreshTokenExpiresAt }
      createdAt updatedAt
    }
  }
`;
const readToken = /* GraphQL */ `
  query ($identifier: ID!) {
    channelConnection(identifier: $identifier) { identifier auth { hasAccessToken accessToken } }
  }
`;

const ask = (harness: Harness, identifier: string, document = read, key = backendKey): Promise<Execution> =>
  harness.execute(document, { identifier }, { key });

/** A connection that is there; the requests that made it are forgotten. */
async function withConnection(
  options: Parameters<typeof startHarness>[0] = {},
  changes = {},
): Promise<Harness> {
  const harness = await startHarness(options);
  await harness.execute(createDocument, { input: connectionInput({ identifier: 'mine', ...changes }) });
  return harness;
}
const reads = ({ sandbox }: Harness) => sandbox.requests.filter(({ method }) => method === 'GET');

function expectNoSecret({ text }: Execution): void {
  for (const secret of [token, novuKey, backendKey, readerKey]) expect(text).not.toContain(secret);
}

describe('a connection', () => {
  it('is read by its identifier', async () => {
    await using harness = await withConnection();
    const execution = await ask(harness, 'mine');
    expect(execution.errors).toEqual([]);
    expect(execution.data.channelConnection).toEqual({
      id: 'mine',
      identifier: 'mine',
      channel: 'CHAT',
      providerId: 'slack',
      provider: 'SLACK',
      integrationIdentifier: 'slack-prod',
      subscriberId: 'subscriber-123',
      contextKeys: ['key:org-acme'],
      subscriber: { subscriberId: 'subscriber-123' },
      workspace: { id: 'T123456', name: 'Acme HQ', botUserId: null },
      auth: { hasAccessToken: true, hasRefreshToken: null, expiresAt: null, refreshTokenExpiresAt: null },
      createdAt: harness.sandbox.connections()[0]?.createdAt,
      updatedAt: harness.sandbox.connections()[0]?.updatedAt,
    });
    expect(reads(harness)).toHaveLength(1);
    expect(reads(harness)[0]).toMatchObject({
      path: '/v1/channel-connections/mine',
      headers: { authorization: `ApiKey ${novuKey}`, accept: 'application/json' },
    });
    expectNoSecret(execution);
  });

  it('that Novu does not know is null, without an error', async () => {
    await using harness = await startHarness();
    expect(await ask(harness, 'nope')).toMatchObject({ data: { channelConnection: null }, errors: [] });
    expect(reads(harness)).toHaveLength(1);
  });

  it.each([
    ['empty', ''],
    ['a dot', '.'],
    ['two dots', '..'],
    ['10 kB', 'x'.repeat(10_240)],
    ['a lone surrogate', 'a\uD800b'],
  ])('by an identifier that is %s is null, and Novu is not asked', async (_name, identifier) => {
    await using harness = await startHarness();
    expect(await ask(harness, identifier)).toMatchObject({ data: { channelConnection: null }, errors: [] });
    expect(harness.sandbox.requests).toHaveLength(0);
  });

  it.each([
    ['../x', '..%2Fx'],
    ['..\\x', '..%5Cx'],
    ['%2e%2e', '%252e%252e'],
    ['a/b?c=d#e', 'a%2Fb%3Fc%3Dd%23e'],
    ['a\r\nHost: evil', 'a%0D%0AHost%3A%20evil'],
    ['\u0000', '%00'],
    ['ü 😀', '%C3%BC%20%F0%9F%98%80'],
    ['__proto__', '__proto__'],
  ])('by %j is asked for by exactly that', async (identifier, encoded) => {
    await using harness = await withConnection({}, { identifier });
    const { data } = await ask(harness, identifier);
    expect(data.channelConnection?.identifier).toBe(identifier);
    expect(reads(harness).map(({ path }) => path)).toEqual([`/v1/channel-connections/${encoded}`]);
  });

  it('asked for many times in one document is one call', async () => {
    await using harness = await withConnection();
    const { data } = await harness.execute(
      '{ a: channelConnection(identifier: "mine") { id } b: channelConnection(identifier: "mine") { id } }',
    );
    expect(data).toEqual({ a: { id: 'mine' }, b: { id: 'mine' } });
    expect(reads(harness)).toHaveLength(1);
  });
});

describe('what Novu answers', () => {
  const answered = async (change: (row: Record<string, unknown>) => unknown): Promise<Execution> => {
    await using harness = await withConnection();
    harness.sandbox.fail({
      kind: 'body',
      body: (normal) => change((normal as { data: Record<string, unknown> }).data),
    });
    // Awaited here, as the harness ends with this function.
    return await ask(harness, 'mine');
  };

  it.each([
    ['wrapped', (row: object) => ({ data: row })],
    ['bare', (row: object) => row],
  ])('is read %s', async (_name, change) => {
    const { data, errors } = await answered(change);
    expect(errors).toEqual([]);
    expect(data.channelConnection).toMatchObject({ identifier: 'mine', provider: 'SLACK' });
  });

  it('may hold times as milliseconds, as number or text, or something else', async () => {
    const at = Date.parse('2026-07-01T10:00:00Z');
    const { data } = await answered((row) => ({
      ...row,
      createdAt: at,
      updatedAt: String(at),
      auth: { accessToken: token, expiresAt: at, refreshTokenExpiresAt: 'soon' },
    }));
    expect(data.channelConnection).toMatchObject({
      createdAt: '2026-07-01T10:00:00.000Z',
      updatedAt: '2026-07-01T10:00:00.000Z',
      auth: { expiresAt: '2026-07-01T10:00:00.000Z', refreshTokenExpiresAt: null },
    });
  });

  it('may hold a channel and a provider that this gateway does not know', async () => {
    const { data } = await answered((row) => ({
      ...row,
      channel: 'carrier_pigeon',
      providerId: 'google-chat-2',
    }));
    expect(data.channelConnection).toMatchObject({
      channel: 'UNRECOGNIZED',
      provider: 'UNRECOGNIZED',
      providerId: 'google-chat-2',
    });
  });

  it('may lack everything but the identifier', async () => {
    const { data, errors } = await answered(() => ({ data: { identifier: 'mine' } }));
    expect(errors).toEqual([]);
    expect(data.channelConnection).toEqual({
      id: 'mine',
      identifier: 'mine',
      channel: null,
      providerId: null,
      provider: null,
      integrationIdentifier: null,
      subscriberId: null,
      contextKeys: [],
      subscriber: null,
      workspace: null,
      auth: { hasAccessToken: false, hasRefreshToken: null, expiresAt: null, refreshTokenExpiresAt: null },
      createdAt: null,
      updatedAt: null,
    });
  });

  it('loses fields that are not known', async () => {
    const execution = await answered((row) => ({
      ...row,
      internalNote: 'private',
      workspace: { id: 'T', secretThing: 'private' },
      auth: { accessToken: token, custom: 'private' },
    }));
    expect(execution.data.channelConnection.workspace).toEqual({ id: 'T', name: null, botUserId: null });
    expect(execution.text).not.toContain('private');
    expectNoSecret(execution);
  });
});

describe('the stored tokens', () => {
  it.each<[AuthShape, boolean]>([
    ['full', true],
    ['accessToken', true],
    ['hasAccessToken', true],
    ['empty', true],
    ['redacted', true],
    ['missing', false],
  ])('are never shown by the shape %s, and known to be there: %s', async (authShape, known) => {
    await using harness = await withConnection({ sandbox: { authShape } });
    const execution = await ask(harness, 'mine');
    expect(execution.data.channelConnection.auth.hasAccessToken).toBe(known);
    expectNoSecret(execution);
  });

  it('are FORBIDDEN for a caller without the scope, and the rest of the answer stands', async () => {
    await using harness = await withConnection();
    const execution = await ask(harness, 'mine', readToken);
    expect(execution.data.channelConnection).toEqual({
      identifier: 'mine',
      auth: { hasAccessToken: true, accessToken: null },
    });
    expect(execution.errors).toMatchObject([
      { path: ['channelConnection', 'auth', 'accessToken'], extensions: { code: 'FORBIDDEN' } },
    ]);
    expectNoSecret(execution);
  });

  it.each<[AuthShape, string | null]>([
    ['full', token],
    ['accessToken', token],
    ['redacted', token],
    ['hasAccessToken', null],
    ['empty', null],
    ['missing', null],
  ])('are readable with the scope, as far as Novu shows them (%s)', async (authShape, shown) => {
    await using harness = await withConnection({ sandbox: { authShape } });
    const { data, errors } = await ask(harness, 'mine', readToken, readerKey);
    expect(errors).toEqual([]);
    expect(data.channelConnection.auth.accessToken).toBe(shown);
  });
});

describe('a read that fails', () => {
  const always = 1000;
  it.each<[string, Fault, string]>([
    [
      'a 401',
      { kind: 'status', status: 401, message: `Invalid authentication scheme: "${novuKey}"` },
      'UPSTREAM_AUTH_FAILED',
    ],
    ['a 403', { kind: 'status', status: 403 }, 'UPSTREAM_AUTH_FAILED'],
    [
      'a 404 of the feature',
      { kind: 'status', status: 404, message: 'Feature not enabled' },
      'UPSTREAM_UNSUPPORTED',
    ],
    [
      'a 404 of the route',
      { kind: 'status', status: 404, message: 'Cannot GET /v1/x' },
      'UPSTREAM_UNSUPPORTED',
    ],
    ['a 404 of a proxy', { kind: 'html', status: 404 }, 'UPSTREAM_BAD_RESPONSE'],
    ['a redirect', { kind: 'status', status: 301, headers: { Location: '/' } }, 'UPSTREAM_BAD_RESPONSE'],
    ['a 429', { kind: 'rate-limited', retryAfterSeconds: 60 }, 'RATE_LIMITED'],
    ['a 500', { kind: 'error-before' }, 'UPSTREAM_UNAVAILABLE'],
    ['an error page', { kind: 'html', body: `<p>${novuKey}</p>` }, 'UPSTREAM_UNAVAILABLE'],
    ['resets', { kind: 'reset-before' }, 'UPSTREAM_UNAVAILABLE'],
    ['truncated answers', { kind: 'truncate' }, 'UPSTREAM_BAD_RESPONSE'],
    ['answers that are no JSON', { kind: 'not-json', body: token }, 'UPSTREAM_BAD_RESPONSE'],
    [
      'answers of something else',
      { kind: 'body', body: { data: { weird: token } } },
      'UPSTREAM_BAD_RESPONSE',
    ],
    ['lists', { kind: 'body', body: [] }, 'UPSTREAM_BAD_RESPONSE'],
    ['null', { kind: 'body', body: 'null' }, 'UPSTREAM_BAD_RESPONSE'],
  ])('(%s) is a top-level error, not null in silence, and tells no secret', async (_name, fault, code) => {
    await using harness = await withConnection();
    harness.sandbox.fail({ ...fault, times: always });
    const execution = await ask(harness, 'mine');
    expect(execution.data).toEqual({ channelConnection: null });
    expect(execution.errors).toMatchObject([{ path: ['channelConnection'], extensions: { code } }]);
    expect(execution.errors[0]?.extensions).not.toHaveProperty('outcome');
    expectNoSecret(execution);
  });

  it('(a hang) is over when the caller says', async () => {
    await using harness = await withConnection();
    harness.sandbox.fail({ kind: 'hang-before', times: always });
    const { errors } = await harness.execute(
      read,
      { identifier: 'mine' },
      { headers: { 'x-request-timeout-ms': '100' } },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_TIMEOUT', retryable: true } }]);
  });

  it('(a dead Novu) is UPSTREAM_UNAVAILABLE', async () => {
    await using harness = await withConnection();
    await harness.sandbox.close();
    expect((await ask(harness, 'mine')).errors).toMatchObject([
      { extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
    ]);
  });

  it.each<Fault>([
    { kind: 'reset-before' },
    { kind: 'error-before' },
    { kind: 'truncate' },
    { kind: 'html' },
  ])('(once, $kind) is repeated and succeeds', async (fault) => {
    await using harness = await withConnection();
    harness.sandbox.fail(fault);
    expect((await ask(harness, 'mine')).data.channelConnection.identifier).toBe('mine');
  });

  it('ends at Novu when the caller leaves', async () => {
    await using harness = await withConnection();
    const asked = Promise.withResolvers<void>();
    harness.sandbox.onRequest = () => {
      asked.resolve();
      return { kind: 'hang-before' };
    };
    const caller = new AbortController();
    const gone = harness.execute(read, { identifier: 'mine' }, { signal: caller.signal }).catch(() => 'gone');
    await asked.promise;
    caller.abort();
    await gone;
    while (harness.novu.load.inFlight > 0) await new Promise((resolve) => setImmediate(resolve));
    // The read of another caller's request is not the one that was left.
    harness.sandbox.onRequest = undefined;
    expect((await ask(harness, 'mine')).data.channelConnection.identifier).toBe('mine');
  });
});
