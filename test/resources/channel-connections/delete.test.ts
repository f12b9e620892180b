import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/sandbox.ts';
import { type Execution, type Harness, startHarness } from '../../support/harness.ts';
import { asUser, callsOf, codesOf, seedConnection, seedEndpoint } from '../../support/rows.ts';
import { createSigner } from '../../support/tokens.ts';

const document = /* GraphQL */ `
  mutation ($identifier: ID!) {
    deleteChannelConnection(identifier: $identifier) {
      deletedIdentifier
      rateLimit { limit }
      userErrors { __typename code message path }
    }
  }
`;
const remove = (harness: Harness, identifier = 'mine'): Promise<Execution> =>
  harness.execute(document, { identifier });
const payloadOf = ({ data }: Execution) => data.deleteChannelConnection;

async function start(options?: Parameters<typeof startHarness>[0], changes = {}): Promise<Harness> {
  const harness = await startHarness(options);
  await seedConnection(harness, { identifier: 'mine', ...changes });
  return harness;
}

describe('deleteChannelConnection', () => {
  it('deletes it in one call; its endpoints stay, without a connection', async () => {
    await using harness = await start();
    await seedEndpoint(harness, { connectionIdentifier: 'mine' });
    const { result, calls } = await callsOf(harness, () => remove(harness));
    expect(payloadOf(result)).toEqual({
      deletedIdentifier: 'mine',
      rateLimit: { limit: expect.any(Number) },
      userErrors: [],
    });
    expect(calls).toEqual(['DELETE /v1/channel-connections/mine']);
    expect(harness.sandbox.connections()).toEqual([]);
    const { data, errors } = await harness.execute(
      '{ channelEndpoint(identifier: "ada") { connectionIdentifier connection { identifier } } }',
    );
    expect(data.channelEndpoint).toEqual({ connectionIdentifier: 'mine', connection: null });
    expect(errors).toEqual([]);
  });

  it.each(['nope', '', '..'])('says of the identifier %j that there is none', async (identifier) => {
    await using harness = await start();
    expect(payloadOf(await remove(harness, identifier))).toMatchObject({
      deletedIdentifier: null,
      userErrors: [{ __typename: 'NotFoundError', code: 'NOT_FOUND', path: ['identifier'] }],
    });
  });

  it.each<Fault>([
    { kind: 'reset-after' },
    { kind: 'truncate' },
    { kind: 'html', applied: true },
    { kind: 'reset-before' },
    { kind: 'rate-limited', retryAfterSeconds: 0 },
  ])('is done although $kind happens', async (fault) => {
    await using harness = await start();
    harness.sandbox.fail(fault);
    expect(payloadOf(await remove(harness))).toMatchObject({ deletedIdentifier: 'mine', userErrors: [] });
    expect(harness.sandbox.connections()).toEqual([]);
  });

  it('is unsupported where the feature is off', async () => {
    await using harness = await startHarness({ sandbox: { featureEnabled: false } });
    expect(payloadOf(await remove(harness)).userErrors).toMatchObject([{ __typename: 'UnsupportedError' }]);
  });

  it('is seen by what follows in the same document', async () => {
    await using harness = await start({ sandbox: { supportsVerify: true } });
    const { data } = await harness.execute(/* GraphQL */ `
      mutation {
        verify: verifyChannelConnection(identifier: "mine") { channelConnection { identifier } }
        first: deleteChannelConnection(identifier: "mine") { deletedIdentifier }
        second: deleteChannelConnection(identifier: "mine") { deletedIdentifier userErrors { code } }
      }
    `);
    expect(data).toMatchObject({
      verify: { channelConnection: { identifier: 'mine' } },
      first: { deletedIdentifier: 'mine' },
      second: { deletedIdentifier: null, userErrors: [{ code: 'NOT_FOUND' }] },
    });
  });
});

describe('deleteChannelConnection by an end user', () => {
  it('works for what is their own', async () => {
    const signer = await createSigner();
    await using harness = await start({ env: signer.env });
    const execution = await asUser(harness, signer)(document, { identifier: 'mine' });
    expect(payloadOf(execution).deletedIdentifier).toBe('mine');
  });

  it("answers for another subscriber's exactly as for none, and deletes nothing", async () => {
    const signer = await createSigner();
    await using harness = await start({ env: signer.env }, { subscriberId: 'subscriber-456' });
    const execute = asUser(harness, signer);
    const theirs = payloadOf(await execute(document, { identifier: 'mine' }));
    expect(theirs).toMatchObject({ deletedIdentifier: null });
    expect(theirs).toEqual(payloadOf(await execute(document, { identifier: 'nope' })));
    expect(harness.sandbox.connections()).toHaveLength(1);
    expect(harness.sandbox.requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
  });

  it('without the scope is forbidden', async () => {
    const signer = await createSigner();
    await using harness = await start({ env: signer.env });
    const execution = await asUser(harness, signer, { scope: 'channel-connections:read' })(document, {
      identifier: 'mine',
    });
    expect(codesOf(execution)).toEqual(['FORBIDDEN']);
    expect(harness.sandbox.connections()).toHaveLength(1);
  });
});
