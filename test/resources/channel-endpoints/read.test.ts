import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src/resources/channel-endpoints/address.ts';
import { parseChannelEndpoint } from '../../../src/resources/channel-endpoints/wire.ts';
import { type Harness, startHarness } from '../../support/harness.ts';
import { asUser, callsOf, codesOf, seedConnection, seedEndpoint } from '../../support/rows.ts';
import { createSigner } from '../../support/tokens.ts';

const read = /* GraphQL */ `
  query ($identifier: ID!) {
    channelEndpoint(identifier: $identifier) {
      identifier type provider channel
      address { __typename ... on SlackUserEndpointAddress { userId } ... on UnrecognizedEndpointAddress { type fieldNames } }
    }
  }
`;

/** What Novu answers for an endpoint, with what is given replaced. */
const served = (changes: object) => ({
  kind: 'body' as const,
  body: (normal: unknown) => ({ data: { ...(normal as { data: object }).data, ...changes } }),
});

async function withEndpoint(options?: Parameters<typeof startHarness>[0], changes = {}): Promise<Harness> {
  const harness = await startHarness(options);
  await seedEndpoint(harness, changes);
  return harness;
}

describe('a channel endpoint', () => {
  it('is read by its identifier, once however many ask', async () => {
    await using harness = await withEndpoint();
    const { result, calls } = await callsOf(harness, () =>
      harness.execute(
        '{ a: channelEndpoint(identifier: "ada") { id } b: channelEndpoint(identifier: "ada") { id } }',
      ),
    );
    expect(result.data).toEqual({ a: { id: 'ada' }, b: { id: 'ada' } });
    expect(calls).toEqual(['GET /v1/channel-endpoints/ada']);
  });

  it.each(['nope', '', '..', 'a\uD800b'])('by %j is null when there is none', async (identifier) => {
    await using harness = await withEndpoint();
    expect(await harness.execute(read, { identifier })).toMatchObject({
      data: { channelEndpoint: null },
      errors: [],
    });
  });

  it('is an entity for a federation router', async () => {
    await using harness = await withEndpoint();
    const { data } = await harness.execute(
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on ChannelEndpoint { identifier type } } }',
      { of: ['ada', 'nope'].map((identifier) => ({ __typename: 'ChannelEndpoint', identifier })) },
    );
    expect(data._entities).toEqual([
      { identifier: 'ada', type: 'SLACK_USER' },
      { identifier: 'nope', type: null },
    ]);
  });

  it.each<[string, object, object]>([
    [
      'a type that Novu adds later, by the names of its fields',
      { type: 'matrix_room', endpoint: { homeserver: 'secret.example.com', token: 'canary' } },
      { type: 'UNRECOGNIZED', address: { type: 'matrix_room', fieldNames: ['homeserver', 'token'] } },
    ],
    [
      'a known type without an address',
      { endpoint: null },
      { type: 'SLACK_USER', address: { type: 'slack_user', fieldNames: [] } },
    ],
    [
      'a known type with a field that is none',
      { endpoint: { userId: { secret: 'canary' } } },
      { type: 'SLACK_USER', address: { type: 'slack_user', fieldNames: ['userId'] } },
    ],
    [
      'no type at all',
      { type: undefined },
      { type: 'UNRECOGNIZED', address: { type: '', fieldNames: ['userId'] } },
    ],
    ['a number where text is meant', { endpoint: { userId: 7 } }, { address: { userId: '7' } }],
    [
      'a provider and a channel of a newer Novu',
      { providerId: 'carrier-pigeon', channel: 'air' },
      { provider: 'UNRECOGNIZED', channel: 'UNRECOGNIZED' },
    ],
    ['nothing but an address', { providerId: 1.5, channel: [], contextKeys: null }, { channel: null }],
    ['no identifier but the one asked for', { identifier: undefined }, { identifier: 'ada' }],
  ])('reads %s', async (_name, changes, expected) => {
    await using harness = await withEndpoint();
    harness.sandbox.fail(served(changes));
    const { data, errors, text } = await harness.execute(read, { identifier: 'ada' });
    expect(errors).toEqual([]);
    expect(data.channelEndpoint).toMatchObject(expected);
    expect(text).not.toContain('canary');
  });

  it.each([
    ['their own', { subscriberId: 'subscriber-123' }, 'ada'],
    ["somebody else's", { subscriberId: 'subscriber-456' }, undefined],
    [
      "somebody else's in a context of theirs",
      { subscriberId: 'subscriber-456', context: { key: 'acme' } },
      undefined,
    ],
  ])('that is %s reads so to an end user', async (_name, changes, seen) => {
    const signer = await createSigner();
    await using harness = await withEndpoint({ env: signer.env }, changes);
    const execute = asUser(harness, signer, { contexts: ['key:acme'] });
    const { data, errors } = await execute(read, { identifier: 'ada' });
    expect(data.channelEndpoint?.identifier).toBe(seen);
    expect(errors).toEqual([]);
    const entities = await execute(
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on ChannelEndpoint { identifier channel } } }',
      { of: [{ __typename: 'ChannelEndpoint', identifier: 'ada' }] },
    );
    expect(entities.data._entities).toEqual([
      { identifier: 'ada', channel: seen === undefined ? null : 'CHAT' },
    ]);
  });

  it("keeps back a connection that is not the end user's", async () => {
    const signer = await createSigner();
    await using harness = await startHarness({ env: signer.env });
    await seedConnection(harness, { identifier: 'theirs', subscriberId: 'subscriber-456' });
    await seedEndpoint(harness, { connectionIdentifier: 'theirs' });
    const { data, errors } = await asUser(
      harness,
      signer,
    )('{ channelEndpoint(identifier: "ada") { identifier connection { identifier } } }');
    expect(data.channelEndpoint).toEqual({ identifier: 'ada', connection: null });
    expect(errors).toEqual([]);
  });

  it('without the scope is forbidden, and so are all ways to it', async () => {
    const signer = await createSigner();
    await using harness = await withEndpoint({ env: signer.env });
    await seedConnection(harness, { identifier: 'mine' });
    const execute = asUser(harness, signer, { scope: 'channel-connections:read channel-endpoints:write' });
    for (const query of [
      '{ channelEndpoint(identifier: "ada") { id } }',
      '{ channelEndpoints { totalCount } }',
      '{ channelConnection(identifier: "mine") { endpoints { totalCount } } }',
      '{ channelConnection(identifier: "mine") { subscriber { channelEndpoints { totalCount } } } }',
    ])
      expect(codesOf(await execute(query))).toEqual(['FORBIDDEN']);
    expect(
      harness.sandbox.requests.some(({ method, path }) => method === 'GET' && path.includes('endpoints')),
    ).toBe(false);
  });
});

describe('parseAddress', () => {
  it.each<[string, unknown, object]>([
    ['webhook', { url: 'https://x', channel: 'c' }, { type: 'webhook', channel: 'c' }],
    ['webhook', { url: 'https://x' }, { type: 'webhook', channel: null }],
    ['pagerduty_service', { routingKey: 'k', region: 'us' }, { type: 'pagerduty_service', region: 'us' }],
    ['pagerduty_service', {}, { type: 'pagerduty_service', region: null }],
    ['grafana_oncall_integration', { url: 'u' }, { type: 'grafana_oncall_integration', hasAuthToken: false }],
    [
      'grafana_oncall_integration',
      { hasAuthToken: true },
      { type: 'grafana_oncall_integration', hasAuthToken: true },
    ],
    ['tool_webhook', { url: 'u', headers: 'odd' }, { type: 'tool_webhook', method: null, headerNames: [] }],
    ['webex_person', {}, { type: 'webex_person', personId: null, personEmail: null }],
    ['toString', { a: 1 }, { type: null, novuType: 'toString', fieldNames: ['a'] }],
    ['slack_user', ['x'], { type: null, novuType: 'slack_user', fieldNames: [] }],
  ])('of %s %j keeps what may be shown', (type, endpoint, expected) => {
    expect(parseAddress(type, endpoint)).toEqual(expected);
  });
});

describe('parseChannelEndpoint', () => {
  it.each([null, 'text', [], {}, { identifier: '' }, { identifier: null }])('finds none in %j', (body) => {
    expect(parseChannelEndpoint(body)).toBeUndefined();
  });
});
