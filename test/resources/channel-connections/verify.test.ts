import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/sandbox.ts';
import { type Execution, type Harness, startHarness } from '../../support/harness.ts';
import { asUser, callsOf, codesOf, seedConnection } from '../../support/rows.ts';
import { createSigner } from '../../support/tokens.ts';

const document = /* GraphQL */ `
  mutation ($identifier: ID!) {
    verifyChannelConnection(identifier: $identifier) {
      channelConnection { identifier auth { hasAccessToken } }
      rateLimit { limit }
      userErrors { __typename code message path }
    }
  }
`;
const verify = (harness: Harness, identifier = 'mine'): Promise<Execution> =>
  harness.execute(document, { identifier });
const payloadOf = ({ data }: Execution) => data.verifyChannelConnection;

async function start(options?: Parameters<typeof startHarness>[0], changes = {}): Promise<Harness> {
  const harness = await startHarness({ sandbox: { supportsVerify: true }, ...options });
  await seedConnection(harness, { identifier: 'mine', ...changes });
  return harness;
}

describe('verifyChannelConnection', () => {
  it('lets Novu check the tokens, in one call', async () => {
    await using harness = await start();
    const { result, calls } = await callsOf(harness, () => verify(harness));
    expect(result.errors).toEqual([]);
    expect(payloadOf(result)).toMatchObject({
      channelConnection: { identifier: 'mine', auth: { hasAccessToken: true } },
      userErrors: [],
    });
    expect(calls).toEqual(['POST /v1/channel-connections/mine/verify']);
  });

  it('reads the connection when Novu answers with nothing', async () => {
    await using harness = await start();
    harness.sandbox.fail({ kind: 'body', body: '', match: { method: 'POST' } });
    const { result, calls } = await callsOf(harness, () => verify(harness));
    expect(payloadOf(result).channelConnection.identifier).toBe('mine');
    expect(calls).toHaveLength(2);
  });

  it.each<[string, Partial<Fault> & { message?: string }, object]>([
    [
      'the provider refused the tokens',
      {
        message: 'Slack token refresh failed: invalid_refresh_token. Reconnect the Slack channel connection.',
      },
      { __typename: 'NovuProviderError', code: 'PROVIDER_REFUSED', path: ['identifier'] },
    ],
    [
      'a check is running already',
      {
        message:
          'A token refresh for the Slack channel connection is already in progress. Retry the verification in a few seconds.',
      },
      { __typename: 'NovuProviderError', code: 'BUSY', path: ['identifier'] },
    ],
  ])('says that %s', async (_name, { message = '' }, error) => {
    await using harness = await start();
    harness.sandbox.fail({ kind: 'status', status: 502, message });
    const execution = await verify(harness);
    expect(payloadOf(execution).userErrors).toMatchObject([error]);
    expect(payloadOf(execution).channelConnection).toBeNull();
    expect(execution.text).not.toContain('invalid_refresh_token');
  });

  it("says that Novu is away when a proxy's 502 stays, after three tries", async () => {
    await using harness = await start();
    harness.sandbox.fail({ kind: 'html', status: 502, times: 9 });
    const { result, calls } = await callsOf(harness, () => verify(harness));
    expect(codesOf(result)).toEqual(['UPSTREAM_UNAVAILABLE']);
    expect(calls).toHaveLength(3);
  });

  it.each<Fault>([{ kind: 'html', status: 502 }, { kind: 'reset-after' }])(
    'asks again when $kind took the answer',
    async (fault) => {
      await using harness = await start();
      harness.sandbox.fail(fault);
      expect(payloadOf(await verify(harness)).channelConnection.identifier).toBe('mine');
    },
  );

  it.each([
    ['lacks the route', { supportsVerify: false }],
    ['has the feature off', { featureEnabled: false }],
  ])('is unsupported where Novu %s', async (_name, sandbox) => {
    await using harness = await startHarness({ sandbox });
    expect(payloadOf(await verify(harness)).userErrors).toMatchObject([
      { __typename: 'NovuUnsupportedError', code: 'UNSUPPORTED' },
    ]);
  });

  it.each(['nope', '', '.'])('says of the identifier %j that there is none', async (identifier) => {
    await using harness = await start();
    expect(payloadOf(await verify(harness, identifier)).userErrors).toMatchObject([
      { __typename: 'NovuNotFoundError', path: ['identifier'] },
    ]);
  });
});

describe('verifyChannelConnection by an end user', () => {
  it("answers for another subscriber's exactly as for none, and Novu checks nothing", async () => {
    const signer = await createSigner();
    await using harness = await start({ env: signer.env }, { subscriberId: 'subscriber-456' });
    const execute = asUser(harness, signer);
    const theirs = payloadOf(await execute(document, { identifier: 'mine' }));
    expect(theirs).toMatchObject({
      channelConnection: null,
      userErrors: [{ __typename: 'NovuNotFoundError' }],
    });
    expect(theirs).toEqual(payloadOf(await execute(document, { identifier: 'nope' })));
    expect(harness.sandbox.requests.filter(({ path }) => path.endsWith('/verify'))).toEqual([]);
  });

  it('works for what is their own, and without the scope is forbidden', async () => {
    const signer = await createSigner();
    await using harness = await start({ env: signer.env });
    const variables = { identifier: 'mine' };
    expect(payloadOf(await asUser(harness, signer)(document, variables)).userErrors).toEqual([]);
    const reader = asUser(harness, signer, { scope: 'channel-connections:read' });
    expect(codesOf(await reader(document, variables))).toEqual(['FORBIDDEN']);
  });
});
