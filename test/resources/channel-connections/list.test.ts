import { describe, expect, it } from 'vitest';
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { type Harness, startHarness } from '../../support/harness.ts';
import { asUser, callsOf, codesOf, seedConnection } from '../../support/rows.ts';
import { createSigner } from '../../support/tokens.ts';

const document = /* GraphQL */ `
  query ($filter: ChannelConnectionFilter) {
    channelConnections(filter: $filter) { nodes { identifier } totalCount }
  }
`;
const below = /* GraphQL */ `
  query ($of: [_Any!]!, $filter: ChannelConnectionFilter) {
    _entities(representations: $of) {
      ... on Subscriber { channelConnections(filter: $filter) { nodes { identifier } } }
    }
  }
`;
const subscriber = (subscriberId: string) => [{ __typename: 'Subscriber', subscriberId }];

/** Of two subscribers, of none (shared), of another provider and without a context. */
async function start(options?: Parameters<typeof startHarness>[0]): Promise<Harness> {
  const harness = await startHarness(options);
  await seedConnection(harness, { identifier: 'mine' });
  await seedConnection(harness, { identifier: 'bare', context: undefined });
  await seedConnection(harness, { identifier: 'theirs', subscriberId: 'subscriber-456' });
  await seedConnection(harness, {
    identifier: 'shared',
    subscriberId: undefined,
    context: { key: 'org-acme', region: 'eu' },
  });
  await seedConnection(harness, { identifier: 'discord', integrationIdentifier: 'discord-prod' });
  return harness;
}
const seen = (list: { nodes: { identifier: string }[] }) =>
  list.nodes.map(({ identifier }) => identifier).sort();

describe('the filter of channelConnections', () => {
  it.each<[object, string[], string]>([
    [{ subscriberId: 'subscriber-456' }, ['theirs'], 'subscriberId=subscriber-456'],
    [
      { subscriberId: 'subscriber-456', connectionMode: 'SUBSCRIBER' },
      ['theirs'],
      'subscriberId=subscriber-456&connectionMode=subscriber',
    ],
    [
      { subscriberId: 'subscriber-456', connectionMode: 'SHARED' },
      ['shared'],
      'subscriberId=subscriber-456&connectionMode=shared',
    ],
    [{ providerId: 'discord' }, ['discord'], 'providerId=discord'],
    [{ integrationIdentifier: 'discord-prod' }, ['discord'], 'integrationIdentifier=discord-prod'],
    [{ channel: 'CHAT' }, ['bare', 'discord', 'mine', 'shared', 'theirs'], 'channel=chat'],
    [{ channel: 'IN_APP' }, [], 'channel=in_app'],
    [
      { contextKeys: ['region:eu', 'key:org-acme'] },
      ['shared'],
      'contextKeys=region%3Aeu&contextKeys=key%3Aorg-acme',
    ],
    [{ contextKeys: [] }, ['bare'], 'contextKeys='],
  ])('%j is passed on', async (filter, identifiers, query) => {
    await using harness = await start();
    const { result, calls } = await callsOf(harness, () => harness.execute(document, { filter }));
    expect(result.errors).toEqual([]);
    expect(seen(result.data.channelConnections)).toEqual(identifiers);
    expect(result.data.channelConnections.totalCount).toBe(identifiers.length);
    expect(calls).toEqual([
      `GET /v1/channel-connections?limit=10&orderBy=createdAt&orderDirection=DESC&${query}`,
    ]);
  });

  it.each<[object, string]>([
    [{ channel: 'UNRECOGNIZED' }, 'filter.channel'],
    [{ subscriberId: '' }, 'filter.subscriberId'],
    [{ providerId: '' }, 'filter.providerId'],
    [{ integrationIdentifier: '' }, 'filter.integrationIdentifier'],
    [{ subscriberId: 'a\uD800b' }, 'filter.subscriberId'],
    [{ contextKeys: [''] }, 'filter.contextKeys'],
  ])('%j is refused by its name, and Novu is not asked', async (filter, argument) => {
    await using harness = await start();
    const { result, calls } = await callsOf(harness, () => harness.execute(document, { filter }));
    expect(codesOf(result)).toEqual(['BAD_USER_INPUT']);
    expect(result.errors[0]?.extensions['argument']).toBe(argument);
    expect(calls).toEqual([]);
  });

  it('that this Novu does not take is BAD_USER_INPUT', async () => {
    await using harness = await start({ sandbox: { providerIdFilter: 'fails' } });
    expect(codesOf(await harness.execute(document, { filter: { providerId: 'slack' } }))).toEqual([
      'BAD_USER_INPUT',
    ]);
  });
});

describe('Subscriber.channelConnections', () => {
  it("holds the subscriber's own alone, whatever Novu mixes in", async () => {
    await using harness = await start();
    const { data } = await harness.execute(below, { of: subscriber('subscriber-123') });
    expect(seen(data._entities[0].channelConnections)).toEqual(['bare', 'discord', 'mine']);
  });

  it.each<[object, string]>([
    [{ subscriberId: 'subscriber-456' }, 'filter.subscriberId'],
    [{ connectionMode: 'SHARED' }, 'filter.connectionMode'],
  ])('refuses the filter %j', async (filter, argument) => {
    await using harness = await start();
    const execution = await harness.execute(below, { of: subscriber('subscriber-123'), filter });
    expect(codesOf(execution)).toEqual(['BAD_USER_INPUT']);
    expect(execution.errors[0]?.extensions['argument']).toBe(argument);
  });

  it.each(['', 'a\uD800b'])(
    'of a subscriber id that is none (%j) is empty: Novu would list those of all',
    async (subscriberId) => {
      await using harness = await start();
      const { result, calls } = await callsOf(harness, () =>
        harness.execute(below, { of: subscriber(subscriberId) }),
      );
      expect(result.data._entities[0].channelConnections.nodes).toEqual([]);
      expect(calls).toEqual([]);
    },
  );
});

describe('channelConnections of an end user', () => {
  const signerOf = createSigner();
  const run = async (
    filter: object | undefined,
    claims: object = { contexts: ['key:org-acme', 'region:eu'] },
    sandbox: SandboxOptions = {},
  ) => {
    const signer = await signerOf;
    await using harness = await start({ env: signer.env, sandbox });
    const { result, calls } = await callsOf(harness, () =>
      asUser(harness, signer, claims as Record<string, unknown>)(document, { filter }),
    );
    return { errors: result.errors, list: result.data.channelConnections, calls };
  };

  it.each<[object | undefined, string[]]>([
    [undefined, ['bare', 'discord', 'mine']],
    [{}, ['bare', 'discord', 'mine']],
    [{ subscriberId: 'subscriber-123' }, ['bare', 'discord', 'mine']],
    [{ contextKeys: ['region:eu', 'key:org-acme'] }, []],
    [{ contextKeys: [] }, ['bare']],
    [{ connectionMode: 'SHARED', contextKeys: ['region:eu', 'key:org-acme'] }, ['shared']],
  ])('with the filter %j are what is theirs', async (filter, identifiers) => {
    const { list, errors, calls } = await run(filter);
    expect(errors).toEqual([]);
    expect(seen(list)).toEqual(identifiers);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toContain('subscriberId=subscriber-123');
  });

  it.each([{ connectionMode: 'SHARED' }, { connectionMode: 'SHARED', contextKeys: ['key:other'] }])(
    'with the filter %j are none, and Novu is not asked',
    async (filter) => {
      const { list, calls } = await run(filter);
      expect(list).toEqual({ nodes: [], totalCount: 0 });
      expect(calls).toEqual([]);
    },
  );

  it('of another subscriber are none, as of an unknown one', async () => {
    const theirs = await run({ subscriberId: 'subscriber-456' });
    expect(theirs.list).toEqual({ nodes: [], totalCount: 0 });
    expect(theirs).toEqual(await run({ subscriberId: 'nobody' }));
  });

  it('do not hold shared ones of contexts outside the claim, also where Novu mixes them in', async () => {
    const filter = { contextKeys: ['region:eu', 'key:org-acme'] };
    const { list } = await run(filter, { contexts: ['region:eu'] }, { subscriberFilter: 'mixed' });
    expect(list).toEqual({ nodes: [], totalCount: 0 });
  });

  it.each(['own', 'mixed', 'exact'] as const)(
    'are their own alone without connectionMode, and never their own with SHARED, on a Novu that lists %s rows',
    async (subscriberFilter) => {
      const contextKeys = ['region:eu', 'key:org-acme'];
      const own = await run({ contextKeys }, undefined, { subscriberFilter });
      expect(own.list).toEqual({ nodes: [], totalCount: 0 });
      expect(own.calls[0]).toContain('connectionMode=subscriber');
      const shared = { connectionMode: 'SHARED', contextKeys: ['key:org-acme'] };
      const theirs = await run({ contextKeys: shared.contextKeys }, undefined, { subscriberFilter });
      expect(seen(theirs.list).length).toBeGreaterThan(0);
      expect((await run(shared, undefined, { subscriberFilter })).list.nodes).toEqual([]);
    },
  );

  it('are none below another subscriber', async () => {
    const signer = await signerOf;
    await using harness = await start({ env: signer.env });
    const { data } = await asUser(harness, signer)(below, { of: subscriber('subscriber-456') });
    expect(data._entities).toEqual([{ channelConnections: null }]);
  });

  it('need the scope', async () => {
    const signer = await signerOf;
    await using harness = await start({ env: signer.env });
    const execution = await asUser(harness, signer, { scope: 'channel-connections:write' })(document);
    expect(codesOf(execution)).toEqual(['FORBIDDEN']);
  });
});
