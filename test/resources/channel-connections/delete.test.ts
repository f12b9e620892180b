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
      userErrors: [{ __typename: 'NovuNotFoundError', code: 'NOT_FOUND', path: ['identifier'] }],
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
    expect(payloadOf(await remove(harness)).userErrors).toMatchObject([
      { __typename: 'NovuUnsupportedError' },
    ]);
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

const withEndpoints = /* GraphQL */ `
  mutation ($identifier: ID!, $withEndpoints: Boolean) {
    deleteChannelConnection(identifier: $identifier, withEndpoints: $withEndpoints) {
      deletedIdentifier
      deletedEndpointIdentifiers
      remainingEndpoints { totalCount nodes { identifier } }
      userErrors { code path }
    }
  }
`;
const removeAll = (harness: Harness, variables = {}, options = {}): Promise<Execution> =>
  harness.execute(withEndpoints, { identifier: 'mine', withEndpoints: true, ...variables }, options);
const identifiersOf = (rows: readonly { identifier: string }[]) =>
  rows.map(({ identifier }) => identifier).toSorted();

/** Endpoints of a connection: `count` of the one that is deleted, one of none and one of another. */
async function seedEndpoints(harness: Harness, count = 3): Promise<void> {
  for (let index = 0; index < count; index += 1)
    await seedEndpoint(harness, { identifier: `e${index}`, connectionIdentifier: 'mine' });
  await seedEndpoint(harness, { identifier: 'bare' });
  await seedConnection(harness, { identifier: 'other', subscriberId: 'subscriber-456' });
  await seedEndpoint(harness, { identifier: 'elsewhere', connectionIdentifier: 'other' });
}

describe('deleteChannelConnection with its endpoints', () => {
  it('deletes the endpoints that name it, and then the connection', async () => {
    await using harness = await start();
    await seedEndpoints(harness);
    const { result, calls } = await callsOf(harness, () => removeAll(harness));
    const payload = payloadOf(result);
    expect(payload).toMatchObject({
      deletedIdentifier: 'mine',
      remainingEndpoints: { totalCount: 0, nodes: [] },
      userErrors: [],
    });
    expect(payload.deletedEndpointIdentifiers.toSorted()).toEqual(['e0', 'e1', 'e2']);
    expect(identifiersOf(harness.sandbox.endpoints())).toEqual(['bare', 'elsewhere']);
    expect(identifiersOf(harness.sandbox.connections())).toEqual(['other']);
    expect(calls.indexOf('DELETE /v1/channel-connections/mine')).toBe(4);
  });

  it.each([false, null, undefined])('leaves them with %j, and says which', async (value) => {
    await using harness = await start();
    await seedEndpoints(harness);
    const payload = payloadOf(await removeAll(harness, { withEndpoints: value }));
    expect(payload).toMatchObject({
      deletedIdentifier: 'mine',
      deletedEndpointIdentifiers: [],
      remainingEndpoints: { totalCount: 3 },
    });
    expect(identifiersOf(payload.remainingEndpoints.nodes)).toEqual(['e0', 'e1', 'e2']);
    expect(harness.sandbox.endpoints()).toHaveLength(5);
  });

  it('goes on page after page', async () => {
    await using harness = await start({ sandbox: { rateLimiting: false } });
    await seedEndpoints(harness, 120);
    const payload = payloadOf(await removeAll(harness));
    expect(payload.deletedEndpointIdentifiers).toHaveLength(120);
    expect(payload.remainingEndpoints.totalCount).toBe(0);
    expect(harness.sandbox.endpoints()).toHaveLength(2);
  });

  it('ends where the operation may ask no more: the connection stays, and a repetition goes on', async () => {
    await using harness = await start({
      sandbox: { rateLimiting: false },
      env: { LIMIT_NOVU_CALLS: '10' },
    });
    await seedEndpoints(harness, 12);
    const { data, errors } = await removeAll(harness, {}, { once: true });
    expect(data.deleteChannelConnection).toBeNull();
    const { extensions } = errors[0] ?? {};
    expect(extensions).toMatchObject({
      code: 'TOO_MANY_NOVU_CALLS',
      outcome: 'UNKNOWN',
      retryable: true,
      identifier: 'mine',
    });
    expect(extensions?.['deletedEndpointIdentifiers']).toHaveLength(9);
    expect(harness.sandbox.connections()).toHaveLength(2);
    expect(payloadOf(await removeAll(harness))).toMatchObject({ deletedIdentifier: 'mine' });
    expect(harness.sandbox.endpoints()).toHaveLength(2);
  });

  it('does not take the endpoints of others, though Novu should list all', async () => {
    await using harness = await start();
    await seedEndpoints(harness);
    const everybodys = harness.sandbox.endpoints();
    harness.sandbox.fail({
      kind: 'body',
      match: { method: 'GET' },
      body: () => ({ data: everybodys, next: null, previous: null, totalCount: 5 }),
    });
    await removeAll(harness);
    expect(identifiersOf(harness.sandbox.endpoints())).toEqual(['bare', 'elsewhere']);
  });

  it('keeps the connection when an endpoint cannot be deleted, and says which are gone', async () => {
    await using harness = await start();
    await seedEndpoints(harness);
    harness.sandbox.onRequest = ({ method, path }) =>
      method === 'DELETE' && path.endsWith('/e1') ? { kind: 'status', status: 401 } : undefined;
    const { data, errors } = await removeAll(harness);
    expect(data.deleteChannelConnection).toBeNull();
    const { extensions } = errors[0] ?? {};
    expect(extensions).toMatchObject({ code: 'UPSTREAM_AUTH_FAILED', outcome: 'UNKNOWN' });
    const left = identifiersOf(harness.sandbox.endpoints()).filter((name) => name.startsWith('e'));
    expect(left).toContain('e1');
    expect([extensions?.['deletedEndpointIdentifiers'], left].flat().map(String).toSorted()).toEqual(
      ['e0', 'e1', 'e2', 'elsewhere'].toSorted(),
    );
    expect(identifiersOf(harness.sandbox.connections())).toEqual(['mine', 'other']);
  });

  it('says that nothing was done when the first step fails', async () => {
    await using harness = await start();
    await seedEndpoints(harness);
    harness.sandbox.fail({ kind: 'status', status: 401, match: { method: 'GET' }, times: 5 });
    const { errors } = await removeAll(harness);
    expect(errors[0]?.extensions).toMatchObject({ outcome: 'NOT_APPLIED' });
    expect(errors[0]?.extensions).not.toHaveProperty('deletedEndpointIdentifiers');
    expect(harness.sandbox.endpoints()).toHaveLength(5);
  });

  it('says which endpoints are gone when there was no connection', async () => {
    await using harness = await start();
    await seedEndpoints(harness, 1);
    await remove(harness);
    expect(payloadOf(await removeAll(harness))).toEqual({
      deletedIdentifier: null,
      deletedEndpointIdentifiers: ['e0'],
      remainingEndpoints: null,
      userErrors: [{ code: 'NOT_FOUND', path: ['identifier'] }],
    });
  });

  it('is done although Novu does not say what is left', async () => {
    await using harness = await start();
    await seedEndpoints(harness);
    harness.sandbox.fail({ kind: 'status', status: 401, match: { method: 'GET' }, times: 5 });
    const { data, errors } = await removeAll(harness, { withEndpoints: false });
    expect(errors).toEqual([]);
    expect(data.deleteChannelConnection).toMatchObject({
      deletedIdentifier: 'mine',
      remainingEndpoints: null,
    });
  });

  it.each<Fault>([{ kind: 'reset-after' }, { kind: 'reset-before' }, { kind: 'html', applied: true }])(
    'is done although $kind happens to an endpoint',
    async (fault) => {
      await using harness = await start();
      await seedEndpoints(harness);
      harness.sandbox.fail({ ...fault, match: { method: 'DELETE' } });
      expect(payloadOf(await removeAll(harness)).deletedEndpointIdentifiers).toHaveLength(3);
      expect(harness.sandbox.connections()).toHaveLength(1);
    },
  );

  it('needs the scope to write endpoints', async () => {
    const signer = await createSigner();
    await using harness = await start({ env: signer.env });
    const { result, calls } = await callsOf(harness, () =>
      asUser(harness, signer, { scope: 'channel-connections:write' })(withEndpoints, {
        identifier: 'mine',
        withEndpoints: true,
      }),
    );
    expect(codesOf(result)).toEqual(['FORBIDDEN']);
    expect(calls).toEqual([]);
  });
});

describe("an end user's deleteChannelConnection", () => {
  it.each([true, false])(
    'takes their own endpoints with it, whatever they say (%s), and no one else’s',
    async (value) => {
      const signer = await createSigner();
      await using harness = await start({ env: signer.env });
      await seedEndpoints(harness);
      await seedEndpoint(harness, {
        identifier: 'bobs',
        subscriberId: 'subscriber-456',
        connectionIdentifier: 'mine',
      });
      const execution = await asUser(harness, signer)(withEndpoints, {
        identifier: 'mine',
        withEndpoints: value,
      });
      const payload = payloadOf(execution);
      expect(payload).toMatchObject({ deletedIdentifier: 'mine', remainingEndpoints: { totalCount: 0 } });
      expect(payload.deletedEndpointIdentifiers.toSorted()).toEqual(['e0', 'e1', 'e2']);
      expect(identifiersOf(harness.sandbox.endpoints())).toEqual(['bare', 'bobs', 'elsewhere']);
    },
  );

  it('does not delete an endpoint that is somebody else’s by now', async () => {
    const signer = await createSigner();
    await using harness = await start({ env: signer.env });
    await seedEndpoints(harness, 1);
    const [mine] = harness.sandbox.endpoints();
    harness.sandbox.onRequest = ({ method, path }) =>
      method === 'GET' && path.endsWith('/e0')
        ? { kind: 'body', body: { data: { ...mine, subscriberId: 'subscriber-456' } } }
        : undefined;
    const execution = await asUser(harness, signer)(withEndpoints, { identifier: 'mine' });
    expect(payloadOf(execution)).toMatchObject({ deletedIdentifier: 'mine', deletedEndpointIdentifiers: [] });
    expect(identifiersOf(harness.sandbox.endpoints())).toContain('e0');
  });
});
