import { describe, expect, it } from 'vitest';
import { type Harness, startHarness } from '../../support/harness.ts';
import { asUser, callsOf, codesOf, seedConnection, seedEndpoint } from '../../support/rows.ts';
import { createSigner } from '../../support/tokens.ts';

const document = /* GraphQL */ `
  query ($filter: ChannelEndpointFilter) {
    channelEndpoints(filter: $filter) { nodes { identifier } totalCount }
  }
`;
const below = /* GraphQL */ `
  query ($of: [_Any!]!, $filter: ChannelEndpointFilter) {
    _entities(representations: $of) {
      ... on Subscriber { channelEndpoints(filter: $filter) { nodes { identifier } } }
    }
  }
`;
const subscriber = (subscriberId: string) => [{ __typename: 'Subscriber', subscriberId }];

async function start(options?: Parameters<typeof startHarness>[0]): Promise<Harness> {
  const harness = await startHarness(options);
  await seedConnection(harness, { identifier: 'acme' });
  await seedEndpoint(harness, { identifier: 'mine', connectionIdentifier: 'acme' });
  await seedEndpoint(harness, { identifier: 'tenant', context: { tenant: 'a', region: 'eu' } });
  await seedEndpoint(harness, {
    identifier: 'theirs',
    subscriberId: 'subscriber-456',
    connectionIdentifier: 'acme',
  });
  await seedEndpoint(harness, {
    identifier: 'phone',
    integrationIdentifier: 'whatsapp-prod',
    type: 'phone',
    endpoint: { phoneNumber: '1' },
  });
  return harness;
}
const seen = (list: { nodes: { identifier: string }[] }) =>
  list.nodes.map(({ identifier }) => identifier).sort();

describe('the filter of channelEndpoints', () => {
  it.each<[object, string[], string]>([
    [{ subscriberId: 'subscriber-456' }, ['theirs'], 'subscriberId=subscriber-456'],
    [{ providerId: 'whatsapp-business' }, ['phone'], 'providerId=whatsapp-business'],
    [{ integrationIdentifier: 'whatsapp-prod' }, ['phone'], 'integrationIdentifier=whatsapp-prod'],
    [{ connectionIdentifier: 'acme' }, ['mine', 'theirs'], 'connectionIdentifier=acme'],
    [{ channel: 'TOOL' }, [], 'channel=tool'],
    [
      { contextKeys: ['tenant:a', 'region:eu'] },
      ['tenant'],
      'contextKeys=tenant%3Aa&contextKeys=region%3Aeu',
    ],
    [{ contextKeys: [] }, ['mine', 'phone', 'theirs'], 'contextKeys='],
  ])('%j is passed on', async (filter, identifiers, query) => {
    await using harness = await start();
    const { result, calls } = await callsOf(harness, () => harness.execute(document, { filter }));
    expect(result.errors).toEqual([]);
    expect(seen(result.data.channelEndpoints)).toEqual(identifiers);
    expect(calls).toEqual([
      `GET /v1/channel-endpoints?limit=10&orderBy=createdAt&orderDirection=DESC&${query}`,
    ]);
  });

  it.each<[object, string]>([
    [{ channel: 'UNRECOGNIZED' }, 'filter.channel'],
    [{ connectionIdentifier: '' }, 'filter.connectionIdentifier'],
    [{ connectionIdentifier: 'a\uD800b' }, 'filter.connectionIdentifier'],
    [{ providerId: '' }, 'filter.providerId'],
  ])('%j is refused by its name', async (filter, argument) => {
    await using harness = await start();
    const { result, calls } = await callsOf(harness, () => harness.execute(document, { filter }));
    expect(codesOf(result)).toEqual(['BAD_USER_INPUT']);
    expect(result.errors[0]?.extensions['argument']).toBe(argument);
    expect(calls).toEqual([]);
  });
});

describe('the endpoints below', () => {
  it('a subscriber are the own', async () => {
    await using harness = await start();
    const { data } = await harness.execute(below, {
      of: subscriber('subscriber-123'),
      filter: { channel: 'CHAT' },
    });
    expect(seen(data._entities[0].channelEndpoints)).toEqual(['mine', 'phone', 'tenant']);
  });

  it('of an empty identifier are none: Novu would list those of all', async () => {
    await using harness = await start();
    const { data } = await harness.execute(below, { of: subscriber('') });
    expect(data._entities[0].channelEndpoints.nodes).toEqual([]);
  });

  it('a connection are those that go through it', async () => {
    await using harness = await start();
    const { data } = await harness.execute(
      '{ channelConnection(identifier: "acme") { endpoints(first: 1) { nodes { identifier } totalCount pageInfo { hasNextPage } } } }',
    );
    expect(data.channelConnection.endpoints).toEqual({
      nodes: [{ identifier: 'theirs' }],
      totalCount: 2,
      pageInfo: { hasNextPage: true },
    });
  });
});

describe('channelEndpoints of an end user', () => {
  const signerOf = createSigner();

  it.each<[object | undefined, string[]]>([
    [undefined, ['mine', 'phone', 'tenant']],
    [{ connectionIdentifier: 'acme' }, ['mine']],
    [{ contextKeys: ['tenant:a', 'region:eu'] }, ['tenant']],
    [{ subscriberId: 'subscriber-456' }, []],
    [{ subscriberId: 'nobody' }, []],
  ])('with the filter %j are what is theirs', async (filter, identifiers) => {
    const signer = await signerOf;
    await using harness = await start({ env: signer.env });
    const { result, calls } = await callsOf(harness, () => asUser(harness, signer)(document, { filter }));
    expect(result.errors).toEqual([]);
    expect(seen(result.data.channelEndpoints)).toEqual(identifiers);
    expect(result.data.channelEndpoints.totalCount).toBe(identifiers.length);
    for (const call of calls) expect(call).toContain('subscriberId=subscriber-123');
    for (const call of calls) expect(call).not.toContain('connectionMode');
  });

  it('are the own alone below a connection that others use too', async () => {
    const signer = await signerOf;
    await using harness = await start({ env: signer.env });
    const { data } = await asUser(
      harness,
      signer,
    )('{ channelConnection(identifier: "acme") { endpoints { nodes { identifier } totalCount } } }');
    expect(data.channelConnection.endpoints).toEqual({ nodes: [{ identifier: 'mine' }], totalCount: 1 });
  });

  it('are none below another subscriber', async () => {
    const signer = await signerOf;
    await using harness = await start({ env: signer.env });
    const { data } = await asUser(harness, signer)(below, { of: subscriber('subscriber-456') });
    expect(data._entities).toEqual([{ channelEndpoints: null }]);
  });
});
