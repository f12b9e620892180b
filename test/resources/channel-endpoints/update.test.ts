import { describe, expect, it } from 'vitest';
import { type Execution, type Harness, startHarness } from '../../support/harness.ts';
import { asUser, callsOf, codesOf, seedEndpoint } from '../../support/rows.ts';
import { createSigner } from '../../support/tokens.ts';

const document = /* GraphQL */ `
  mutation ($identifier: ID!, $input: UpdateChannelEndpointInput!, $key: String) {
    updateChannelEndpoint(identifier: $identifier, input: $input, idempotencyKey: $key) {
      channelEndpoint {
        identifier type updatedAt
        address { __typename ... on SlackUserEndpointAddress { userId } ... on SlackChannelEndpointAddress { channelId } }
      }
      idempotency { key replayed honouredUpstream }
      headers { name values }
      userErrors { __typename code message path }
    }
  }
`;

const slackUser = { slackUser: { userId: 'U2' } };
const toVariables = (changes: Record<string, unknown> = {}) => {
  const { address = slackUser, identifier = 'ada', key } = changes;
  return { identifier, input: { address }, key };
};
const update = async (harness: Harness, changes: Record<string, unknown> = {}): Promise<Execution> =>
  harness.execute(document, toVariables(changes));
const payloadOf = ({ data }: Execution) => data.updateChannelEndpoint;
const errorsOf = (execution: Execution) => payloadOf(execution).userErrors;

async function withEndpoint(options?: Parameters<typeof startHarness>[0], changes = {}): Promise<Harness> {
  const harness = await startHarness(options);
  await seedEndpoint(harness, changes);
  return harness;
}

describe('updateChannelEndpoint', () => {
  it('replaces the address', async () => {
    await using harness = await withEndpoint();
    const execution = await update(harness, { key: 'k-1' });
    expect(payloadOf(execution)).toMatchObject({
      channelEndpoint: {
        identifier: 'ada',
        type: 'SLACK_USER',
        address: { __typename: 'SlackUserEndpointAddress', userId: 'U2' },
      },
      idempotency: { key: 'k-1', replayed: false, honouredUpstream: true },
      userErrors: [],
    });
    expect(harness.sandbox.endpoints()[0]?.endpoint).toEqual({ userId: 'U2' });
  });

  it('is one call where the address tells its type, and two where another type has the same form', async () => {
    await using harness = await withEndpoint({}, { type: 'slack_channel', endpoint: { channelId: 'C1' } });
    await seedEndpoint(harness, { identifier: 'bob' });
    const channel = await callsOf(harness, () =>
      update(harness, { address: { slackChannel: { channelId: 'C2' } } }),
    );
    expect(errorsOf(channel.result)).toEqual([]);
    expect(channel.calls).toEqual(['PATCH /v1/channel-endpoints/ada']);
    const user = await callsOf(harness, () => update(harness, { identifier: 'bob' }));
    expect(user.calls).toEqual(['GET /v1/channel-endpoints/bob', 'PATCH /v1/channel-endpoints/bob']);
  });

  it.each<[string, object, string]>([
    ['another form', { slackChannel: { channelId: 'C1' } }, 'slackChannel'],
    ['another type of the same form', { lineUser: { userId: 'U2' } }, 'lineUser'],
  ])('refuses %s', async (_name, address, name) => {
    await using harness = await withEndpoint();
    const execution = await update(harness, { address });
    expect(errorsOf(execution)).toMatchObject([
      {
        __typename: 'NovuValidationError',
        message: 'The address must be of the type that the endpoint was made with, and in its form.',
        path: ['input', 'address', name],
      },
    ]);
    expect(harness.sandbox.endpoints()[0]?.endpoint).toEqual({ userId: 'U1' });
  });

  it('finds an empty address by itself', async () => {
    await using harness = await withEndpoint();
    const { result, calls } = await callsOf(harness, () =>
      update(harness, { address: { slackUser: { userId: '' } } }),
    );
    expect(errorsOf(result)).toMatchObject([{ path: ['input', 'address', 'slackUser', 'userId'] }]);
    expect(calls).toEqual([]);
  });

  it.each(['nope', '', '..'])('says of the identifier %j that there is none', async (identifier) => {
    await using harness = await withEndpoint();
    const address = { slackChannel: { channelId: 'C1' } };
    for (const one of [slackUser, address]) {
      expect(errorsOf(await update(harness, { identifier, address: one }))).toEqual([
        {
          __typename: 'NovuNotFoundError',
          code: 'NOT_FOUND',
          message: 'No channel endpoint has this identifier.',
          path: ['identifier'],
        },
      ]);
    }
  });

  it('is replayed by Novu for an equal call, and refused for another endpoint with the key', async () => {
    await using harness = await withEndpoint();
    await seedEndpoint(harness, { identifier: 'bob' });
    await update(harness, { key: 'k-1' });
    expect(payloadOf(await update(harness, { key: 'k-1' }))).toMatchObject({
      idempotency: { replayed: true },
    });
    expect(errorsOf(await update(harness, { key: 'k-1', identifier: 'bob' }))).toMatchObject([
      { __typename: 'NovuIdempotencyError', code: 'IDEMPOTENCY_KEY_REUSED' },
    ]);
  });

  it('shows what a read in the same document sees after it', async () => {
    await using harness = await withEndpoint();
    const { data } = await harness.execute(/* GraphQL */ `
      mutation {
        one: updateChannelEndpoint(identifier: "ada", input: { address: { slackUser: { userId: "U2" } } }) {
          channelEndpoint { subscriber { channelEndpoints { nodes { address { ... on SlackUserEndpointAddress { userId } } } } } }
        }
        two: updateChannelEndpoint(identifier: "ada", input: { address: { slackUser: { userId: "U3" } } }) {
          channelEndpoint { subscriber { channelEndpoints { nodes { address { ... on SlackUserEndpointAddress { userId } } } } } }
        }
      }
    `);
    const seen = ['one', 'two'].map((name) => data[name].channelEndpoint.subscriber.channelEndpoints.nodes);
    expect(seen).toEqual([[{ address: { userId: 'U2' } }], [{ address: { userId: 'U3' } }]]);
  });

  it('hides a header that repeats the secret of the new address', async () => {
    const url = 'https://hooks.example.com/secret';
    await using harness = await withEndpoint(
      {},
      { type: 'webhook', endpoint: { url: 'https://old.example.com' } },
    );
    harness.sandbox.fail({ kind: 'headers', headers: { 'x-echo': url }, match: { method: 'PATCH' } });
    const execution = await update(harness, { address: { webhook: { url } } });
    expect(errorsOf(execution)).toEqual([]);
    expect(execution.text).not.toContain('secret');
  });
});

const remove = /* GraphQL */ `
  mutation ($identifier: ID!) {
    deleteChannelEndpoint(identifier: $identifier) {
      deletedIdentifier
      userErrors { __typename code message path }
      rateLimit { limit }
    }
  }
`;

describe('deleteChannelEndpoint', () => {
  it('deletes it', async () => {
    await using harness = await withEndpoint();
    const { data } = await harness.execute(remove, { identifier: 'ada' });
    expect(data.deleteChannelEndpoint).toMatchObject({ deletedIdentifier: 'ada', userErrors: [] });
    expect(harness.sandbox.endpoints()).toEqual([]);
  });

  it('says that there is none', async () => {
    await using harness = await withEndpoint();
    const { data } = await harness.execute(remove, { identifier: 'nope' });
    expect(data.deleteChannelEndpoint).toMatchObject({
      deletedIdentifier: null,
      userErrors: [{ __typename: 'NovuNotFoundError', path: ['identifier'] }],
    });
  });

  it('is done when the answer got lost and a second try finds nothing', async () => {
    await using harness = await withEndpoint();
    harness.sandbox.fail({ kind: 'reset-after' });
    const { data } = await harness.execute(remove, { identifier: 'ada' });
    expect(data.deleteChannelEndpoint).toMatchObject({ deletedIdentifier: 'ada', userErrors: [] });
  });
});

describe('an end user', () => {
  it('changes and deletes what is their own', async () => {
    const signer = await createSigner();
    await using harness = await withEndpoint({ env: signer.env });
    const execute = asUser(harness, signer);
    const { result, calls } = await callsOf(harness, () => execute(document, toVariables()));
    expect(errorsOf(result)).toEqual([]);
    expect(calls).toEqual(['GET /v1/channel-endpoints/ada', 'PATCH /v1/channel-endpoints/ada']);
    const { data } = await execute(remove, { identifier: 'ada' });
    expect(data.deleteChannelEndpoint.deletedIdentifier).toBe('ada');
  });

  it("gets for another subscriber's exactly the answer that there is none", async () => {
    const signer = await createSigner();
    await using harness = await withEndpoint({ env: signer.env }, { subscriberId: 'subscriber-456' });
    const execute = asUser(harness, signer);
    const answers = async (identifier: string) => [
      errorsOf(await execute(document, toVariables({ identifier }))),
      errorsOf(
        await execute(document, toVariables({ identifier, address: { slackChannel: { channelId: 'C' } } })),
      ),
      (await execute(remove, { identifier })).data.deleteChannelEndpoint,
    ];
    const theirs = await answers('ada');
    expect(theirs[0]).toMatchObject([{ __typename: 'NovuNotFoundError' }]);
    expect(theirs).toEqual(await answers('nope'));
    expect(harness.sandbox.journal).toHaveLength(1);
    expect(harness.sandbox.requests.filter(({ method }) => /PATCH|DELETE/.test(method))).toEqual([]);
  });

  it('without the scope is forbidden, and Novu is not asked', async () => {
    const signer = await createSigner();
    await using harness = await withEndpoint({ env: signer.env });
    const execute = asUser(harness, signer, { scope: 'channel-endpoints:read channel-connections:write' });
    const { result, calls } = await callsOf(harness, async () => [
      codesOf(await execute(document, toVariables())),
      codesOf(await execute(remove, { identifier: 'ada' })),
    ]);
    expect(result).toEqual([['FORBIDDEN'], ['FORBIDDEN']]);
    expect(calls).toEqual([]);
  });
});
