import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/sandbox.ts';
import { type Execution, type Harness, novuKey, startHarness } from '../../support/harness.ts';
import { asUser, callsOf, codesOf, seedConnection } from '../../support/rows.ts';
import { createSigner } from '../../support/tokens.ts';

const rest = `
  idempotency { key source replayed honouredUpstream }
  rateLimit { limit }
  headers { name values }
  userErrors { __typename code message path }
`;
const mutation = (field: string, input: string, value: string) =>
  `mutation ($input: ${input}!, $key: String) { payload: ${field}(input: $input, idempotencyKey: $key) { ${value} ${rest} } }`;

const documents = {
  connect: mutation('generateConnectOAuthUrl', 'GenerateConnectOAuthUrlInput', 'url expiresAt'),
  linkUser: mutation('generateLinkUserOAuthUrl', 'GenerateLinkUserOAuthUrlInput', 'url expiresAt'),
  link: mutation('linkChannelEndpoint', 'LinkChannelEndpointInput', 'url providerMetadata'),
};
type Kind = keyof typeof documents;
const integrations: Record<Kind, string> = {
  connect: 'slack-prod',
  linkUser: 'slack-prod',
  link: 'telegram-prod',
};
const routes: Record<Kind, string> = {
  connect: '/v1/integrations/channel-connections/oauth',
  linkUser: '/v1/integrations/channel-endpoints/oauth',
  link: '/v1/integrations/channel-endpoints/link',
};
const kinds = Object.keys(documents) as Kind[];

const toVariables = (kind: Kind, changes: object = {}, key?: string) => ({
  input: { integrationIdentifier: integrations[kind], subscriberId: 'subscriber-123', ...changes },
  key,
});
const ask = (harness: Harness, kind: Kind, changes?: object, key?: string): Promise<Execution> =>
  harness.execute(documents[kind], toVariables(kind, changes, key));
const payloadOf = ({ data }: Execution) => data.payload;
const errorsOf = (execution: Execution) => payloadOf(execution).userErrors;
const bodyOf = ({ sandbox }: Harness) => JSON.parse(sandbox.requests.at(-1)?.body ?? '') as unknown;

const minutes = 60_000;

describe('generateConnectOAuthUrl', () => {
  it('gives a link that lives for five minutes from the time in it', async () => {
    const now = Date.now() - 2 * minutes;
    await using harness = await startHarness({ sandbox: { clock: () => now } });
    const { result, calls } = await callsOf(harness, () => ask(harness, 'connect', {}, 'k-1'));
    expect(result.errors).toEqual([]);
    expect(payloadOf(result)).toMatchObject({
      url: expect.stringMatching(/^https:\/\/slack\.com\/oauth\/v2\/authorize\?state=/),
      expiresAt: new Date(now + 5 * minutes).toISOString(),
      idempotency: { key: 'k-1', source: 'ARGUMENT', replayed: false, honouredUpstream: true },
      userErrors: [],
    });
    expect(calls).toEqual([`POST ${routes.connect}`]);
  });

  it('passes on every field of the input', async () => {
    await using harness = await startHarness();
    const input = {
      connectionIdentifier: 'to-be',
      context: [
        { type: 'tenant', id: 'a', data: { plan: 'pro' } },
        { type: 'region', id: 'eu' },
      ],
      contextHash: 'hash-canary',
      scope: ['chat:write'],
      connectionMode: 'SHARED',
      autoLinkUser: false,
    };
    const execution = await ask(harness, 'connect', input);
    expect(errorsOf(execution)).toEqual([]);
    expect(execution.text).not.toContain('hash-canary');
    expect(bodyOf(harness)).toEqual({
      ...input,
      subscriberId: 'subscriber-123',
      integrationIdentifier: 'slack-prod',
      context: { tenant: { id: 'a', data: { plan: 'pro' } }, region: 'eu' },
      connectionMode: 'shared',
    });
  });

  it.each<[string, object, string[]]>([
    ['neither subscriber nor context', { subscriberId: null }, ['input']],
    ['SHARED without context', { connectionMode: 'SHARED' }, ['input', 'context']],
    [
      'SUBSCRIBER without subscriber',
      { subscriberId: null, connectionMode: 'SUBSCRIBER', context: [{ type: 'a', id: 'b' }] },
      ['input', 'subscriberId'],
    ],
    ['an empty scope', { scope: [''] }, ['input', 'scope', '0']],
    [
      'an identifier that no path can carry',
      { connectionIdentifier: '..' },
      ['input', 'connectionIdentifier'],
    ],
  ])('finds %s by itself', async (_name, changes, path) => {
    await using harness = await startHarness();
    const { result, calls } = await callsOf(harness, () => ask(harness, 'connect', changes));
    expect(errorsOf(result)).toMatchObject([{ __typename: 'NovuValidationError', path }]);
    expect(calls).toEqual([]);
  });

  it.each<[string, object, string, string[]]>([
    [
      'an unknown integration',
      { integrationIdentifier: 'nope' },
      'NovuNotFoundError',
      ['input', 'integrationIdentifier'],
    ],
    [
      'an integration that is not for chat',
      { integrationIdentifier: 'sendgrid-prod' },
      'NovuNotFoundError',
      ['input', 'integrationIdentifier'],
    ],
    [
      'an integration without credentials',
      { integrationIdentifier: 'slack-dev' },
      'NovuNotFoundError',
      ['input', 'integrationIdentifier'],
    ],
    ['an unknown subscriber', { subscriberId: 'nobody' }, 'NovuNotFoundError', ['input', 'subscriberId']],
    [
      'a webhook without a subscriber',
      { subscriberId: null, context: [{ type: 'a', id: 'b' }], scope: ['incoming-webhook'] },
      'NovuValidationError',
      ['input', 'subscriberId'],
    ],
    [
      'a context without its hash',
      { integrationIdentifier: 'slack-hmac', context: [{ type: 'a', id: 'b' }] },
      'NovuValidationError',
      ['input', 'contextHash'],
    ],
    [
      'a context with another hash',
      { integrationIdentifier: 'slack-hmac', context: [{ type: 'a', id: 'b' }], contextHash: 'wrong' },
      'NovuValidationError',
      ['input', 'contextHash'],
    ],
  ])('passes on that Novu refuses %s', async (_name, changes, __typename, path) => {
    await using harness = await startHarness({ sandbox: { oauthSubscribers: 'required' } });
    const execution = await ask(harness, 'connect', changes);
    expect(execution.errors).toEqual([]);
    expect(payloadOf(execution)).toMatchObject({ url: null, expiresAt: null });
    expect(errorsOf(execution)).toMatchObject([{ __typename, path }]);
  });

  it('takes a context with its hash', async () => {
    await using harness = await startHarness();
    const contextHash = createHmac('sha256', novuKey).update('{"a":"b"}').digest('hex');
    const execution = await ask(harness, 'connect', {
      integrationIdentifier: 'slack-hmac',
      context: [{ type: 'a', id: 'b' }],
      contextHash,
    });
    expect(errorsOf(execution)).toEqual([]);
  });

  it.each([
    ['https://provider.example.com/authorize?state=odd', 'a state that cannot be read'],
    ['https://provider.example.com/authorize', 'no state'],
    [
      `https://x.example.com/?state=${Buffer.from('{"timestamp":"odd"}.abc').toString('base64url')}`,
      'no time in the state',
    ],
    ['not a url', 'no address'],
  ])('counts the five minutes from now where %s has %s', async (url) => {
    await using harness = await startHarness();
    harness.sandbox.fail({ kind: 'body', body: { data: { url } } });
    const before = Date.now();
    const payload = payloadOf(await ask(harness, 'connect'));
    expect(payload.url).toBe(url);
    const left = Date.parse(payload.expiresAt) - before;
    expect(left).toBeGreaterThanOrEqual(5 * minutes);
    expect(left).toBeLessThan(6 * minutes);
  });
});

describe('generateLinkUserOAuthUrl', () => {
  it('gives a link that tells who the subscriber is', async () => {
    await using harness = await startHarness();
    const input = {
      connectionIdentifier: 'acme',
      context: [{ type: 'tenant', id: 'a' }],
      contextHash: 'hash',
      userScope: ['identity.basic'],
    };
    const payload = payloadOf(await ask(harness, 'linkUser', input));
    expect(payload).toMatchObject({
      url: expect.stringContaining('user_scope=identity.basic'),
      userErrors: [],
    });
    expect(bodyOf(harness)).toEqual({
      subscriberId: 'subscriber-123',
      integrationIdentifier: 'slack-prod',
      ...input,
      context: { tenant: 'a' },
    });
  });

  it.each<[string, object, string[]]>([
    ['an unknown subscriber', { subscriberId: 'nobody' }, ['input', 'subscriberId']],
    ['an unknown integration', { integrationIdentifier: 'nope' }, ['input', 'integrationIdentifier']],
    ['an empty subscriber', { subscriberId: '' }, ['input', 'subscriberId']],
  ])('refuses %s', async (_name, changes, path) => {
    await using harness = await startHarness({ sandbox: { oauthSubscribers: 'required' } });
    expect(errorsOf(await ask(harness, 'linkUser', changes))).toMatchObject([{ path }]);
  });
});

describe('linkChannelEndpoint', () => {
  it('gives a link into the chat app, with what the provider adds', async () => {
    await using harness = await startHarness();
    const { result, calls } = await callsOf(harness, () =>
      ask(harness, 'link', { contextHash: 'h', context: [{ type: 'a', id: 'b' }] }),
    );
    expect(payloadOf(result)).toMatchObject({
      url: expect.stringMatching(/^https:\/\/t\.me\/SandboxBot\?start=/),
      providerMetadata: { botUsername: 'SandboxBot', expiresAt: expect.any(String) },
      userErrors: [],
    });
    expect(calls).toEqual([`POST ${routes.link}`]);
    expect(bodyOf(harness)).toEqual({
      integrationIdentifier: 'telegram-prod',
      subscriberId: 'subscriber-123',
      context: { a: 'b' },
      contextHash: 'h',
    });
  });

  it('is refused for a provider without such links', async () => {
    await using harness = await startHarness();
    const execution = await ask(harness, 'link', { integrationIdentifier: 'slack-prod' });
    expect(errorsOf(execution)).toMatchObject([{ __typename: 'NovuValidationError' }]);
  });

  it('has no metadata where the provider adds none that is an object', async () => {
    await using harness = await startHarness();
    harness.sandbox.fail({ kind: 'body', body: { url: 'https://t.me/x', providerMetadata: 'odd' } });
    expect(payloadOf(await ask(harness, 'link'))).toMatchObject({
      url: 'https://t.me/x',
      providerMetadata: null,
    });
  });
});

describe.each(kinds)('the link of %s', (kind) => {
  it('is made again under a fresh key where one got lost: no harm is done', async () => {
    for (const fault of [{ kind: 'reset-after' }, { kind: 'error-after' }, { kind: 'truncate' }] as Fault[]) {
      await using harness = await startHarness();
      harness.sandbox.fail(fault);
      const execution = await ask(harness, kind, {}, 'k-1');
      expect(execution.errors).toEqual([]);
      expect(payloadOf(execution).url).toContain('https://');
      const [first, second] = harness.sandbox.requests.map(({ headers }) => headers['idempotency-key']);
      expect(first).toBe('k-1');
      expect(second).not.toBe('k-1');
    }
  });

  it('is repeated by Novu for an equal call while it lives', async () => {
    await using harness = await startHarness();
    const first = payloadOf(await ask(harness, kind, {}, 'k-1'));
    const { result, calls } = await callsOf(harness, () => ask(harness, kind, {}, 'k-1'));
    expect(payloadOf(result)).toMatchObject({ url: first.url, idempotency: { key: 'k-1', replayed: true } });
    expect(calls).toHaveLength(1);
  });

  it('is asked for anew when what Novu repeats has expired', async () => {
    let now = Date.now() - 60 * minutes;
    await using harness = await startHarness({ sandbox: { clock: () => now } });
    const first = payloadOf(await ask(harness, kind, {}, 'k-1'));
    now = Date.now();
    const { result, calls } = await callsOf(harness, () => ask(harness, kind, {}, 'k-1'));
    expect(payloadOf(result).url).not.toBe(first.url);
    expect(payloadOf(result)).toMatchObject({ idempotency: { key: 'k-1', replayed: false }, userErrors: [] });
    expect(calls).toHaveLength(2);
  });

  it('is refused with a key that was used for another input', async () => {
    await using harness = await startHarness();
    await ask(harness, kind, {}, 'k-1');
    expect(errorsOf(await ask(harness, kind, { subscriberId: 'subscriber-456' }, 'k-1'))).toMatchObject([
      { __typename: 'NovuIdempotencyError', code: 'IDEMPOTENCY_KEY_REUSED' },
    ]);
  });

  it('is no answer without a URL', async () => {
    await using harness = await startHarness();
    harness.sandbox.fail({ kind: 'body', body: { data: {} } });
    const execution = await ask(harness, kind);
    expect(codesOf(execution)).toEqual(['UPSTREAM_BAD_RESPONSE']);
    expect(execution.data.payload).toBeNull();
  });

  it('is unsupported where the feature is off', async () => {
    await using harness = await startHarness({ sandbox: { featureEnabled: false } });
    expect(errorsOf(await ask(harness, kind))).toMatchObject([{ __typename: 'NovuUnsupportedError' }]);
  });

  it('does not stand in the log', async () => {
    const lines: unknown[] = [];
    const write = (...line: unknown[]) => lines.push(line);
    const log = { info: write, warn: write, error: write, debug: write, isLevelEnabled: () => true };
    await using harness = await startHarness({ log });
    const { url } = payloadOf(await ask(harness, kind, { contextHash: 'hash-canary' }));
    const logged = JSON.stringify(lines);
    expect(lines.length).toBeGreaterThan(0);
    expect(logged).not.toContain('hash-canary');
    expect(logged).not.toContain(new URL(url).search.slice(1, 60));
  });

  it('is for end users themselves alone, and for who has the scope', async () => {
    const signer = await createSigner();
    await using harness = await startHarness({ env: signer.env });
    const execute = asUser(harness, signer, { contexts: ['key:acme'] });
    expect(
      errorsOf(await execute(documents[kind], toVariables(kind, { context: [{ type: 'key', id: 'acme' }] }))),
    ).toEqual([]);
    const { result, calls } = await callsOf(harness, async () => [
      await execute(documents[kind], toVariables(kind, { subscriberId: 'subscriber-456' })),
      await execute(documents[kind], toVariables(kind, { context: [{ type: 'key', id: 'other' }] })),
      await asUser(harness, signer, {
        scope: 'channel-connections:read channel-endpoints:read integrations:read',
      })(documents[kind], toVariables(kind)),
    ]);
    for (const execution of result) expect(codesOf(execution)).toEqual(['FORBIDDEN']);
    expect(calls).toEqual([]);
  });
});

it.each([
  ['connect', 'linkUser', 'link_user'],
  ['linkUser', 'connect', 'connect'],
] as const)(
  'what Novu keeps of %s is not the answer of %s, though key and input are the same',
  async (first, second, mode) => {
    await using harness = await startHarness();
    await ask(harness, first, {}, 'k-1');
    const { result, calls } = await callsOf(harness, () => ask(harness, second, {}, 'k-1'));
    expect(calls).toHaveLength(2);
    expect(readMode(payloadOf(result).url)).toBe(mode);
  },
);

it('what Novu keeps of a create is not a link, though key and bytes are the same', async () => {
  await using harness = await startHarness();
  harness.sandbox.onRequest = ({ index }) =>
    index === 0
      ? {
          kind: 'status',
          status: 201,
          body: { data: { identifier: 'x' } },
          headers: { 'idempotency-replay': 'true' },
        }
      : undefined;
  const execution = await ask(harness, 'connect', {}, 'k-1');
  expect(execution.errors).toEqual([]);
  expect(payloadOf(execution).url).toContain('https://slack.com/');
});

describe("an end user with another subscriber's connection", () => {
  it('is told that there is none to link a user with', async () => {
    const signer = await createSigner();
    await using harness = await startHarness({ env: signer.env });
    await seedConnection(harness, { identifier: 'theirs', subscriberId: 'subscriber-456' });
    await seedConnection(harness, { identifier: 'mine' });
    const execute = asUser(harness, signer);
    const run = async (connectionIdentifier: string) =>
      errorsOf(await execute(documents.linkUser, toVariables('linkUser', { connectionIdentifier })));
    expect(await run('mine')).toEqual([]);
    const theirs = await run('theirs');
    expect(theirs).toMatchObject([
      { __typename: 'NovuNotFoundError', path: ['input', 'connectionIdentifier'] },
    ]);
    expect(theirs).toEqual(await run('nobodys'));
  });

  it('gets no link that would connect it anew', async () => {
    const signer = await createSigner();
    await using harness = await startHarness({ env: signer.env });
    await seedConnection(harness, { identifier: 'theirs', subscriberId: 'subscriber-456' });
    await seedConnection(harness, { identifier: 'mine' });
    const execute = asUser(harness, signer);
    const run = async (connectionIdentifier: string) =>
      payloadOf(await execute(documents.connect, toVariables('connect', { connectionIdentifier })));
    expect(await run('theirs')).toMatchObject({
      url: null,
      userErrors: [{ __typename: 'NovuNotFoundError', path: ['input', 'connectionIdentifier'] }],
    });
    const { idempotency: _, ...theirs } = await run('theirs');
    const { idempotency: __, ...nobodys } = await run('to-be');
    expect(theirs).toEqual(nobodys);
    expect(await run('mine')).toMatchObject({ userErrors: [] });
  });
});

function readMode(url: string | null): string | null {
  const state = URL.parse(url ?? '')?.searchParams.get('state') ?? '';
  return /"mode":"(\w+)"/.exec(Buffer.from(state, 'base64url').toString())?.[1] ?? null;
}
