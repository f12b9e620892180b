import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from '../support/harness.ts';
import { asUser, callsOf, seedConnection, seedEndpoint } from '../support/rows.ts';
import { createSigner } from '../support/tokens.ts';

const connectionsOf = /* GraphQL */ `
  query ($filter: ChannelEndpointFilter) {
    channelEndpoints(first: 100, filter: $filter) { nodes { identifier connection { identifier } } }
  }
`;

type Node = { identifier: string; connection: { identifier: string } | null };
const list = (path: string) => (call: string) => call.startsWith(`GET ${path}?`);
const isConnectionList = list('/v1/channel-connections');
const isConnectionRead = (call: string) => call.startsWith('GET /v1/channel-connections/');

/** `count` connections, each of a subscriber of its own, and as many endpoints through them. */
async function start(
  count: number,
  options: {
    integrationOf?: (index: number) => string;
    subscriberOf?: (index: number) => string;
    env?: Record<string, string>;
  } = {},
): Promise<Harness> {
  const { integrationOf = () => 'slack-prod', subscriberOf = (index) => `s-${index}`, env } = options;
  const harness = await startHarness({ sandbox: { knowsEverySubscriber: true }, ...(env && { env }) });
  for (let index = 0; index < count; index += 1) {
    const owner = { subscriberId: subscriberOf(index), integrationIdentifier: integrationOf(index) };
    await seedConnection(harness, { ...owner, identifier: `c-${index}`, context: { key: `k-${index}` } });
    await seedEndpoint(harness, { ...owner, identifier: `e-${index}`, connectionIdentifier: `c-${index}` });
  }
  return harness;
}

async function ask(harness: Harness, filter?: object) {
  const { result, calls } = await callsOf(harness, () => harness.execute(connectionsOf, { filter }));
  expect(result.errors).toEqual([]);
  const nodes: Node[] = result.data.channelEndpoints.nodes;
  return { nodes, calls, connectionCalls: calls.filter((call) => call.includes('/v1/channel-connections')) };
}

const expectTheirOwn = (nodes: Node[]) => {
  for (const { identifier, connection } of nodes)
    expect(connection?.identifier).toBe(identifier.replace('e-', 'c-'));
};

describe('a hundred endpoints that ask for their connection', () => {
  it('through one connection cost one more call', async () => {
    await using harness = await startHarness();
    await seedConnection(harness, { identifier: 'acme' });
    for (let index = 0; index < 100; index += 1)
      await seedEndpoint(harness, { identifier: `e-${index}`, connectionIdentifier: 'acme' });
    const { nodes, connectionCalls } = await ask(harness);
    expect(nodes).toHaveLength(100);
    for (const { connection } of nodes) expect(connection).toEqual({ identifier: 'acme' });
    expect(connectionCalls).toEqual(['GET /v1/channel-connections/acme']);
  });

  it('through a hundred connections of one integration cost one more call', async () => {
    await using harness = await start(100);
    const { nodes, connectionCalls } = await ask(harness);
    expect(nodes).toHaveLength(100);
    expectTheirOwn(nodes);
    expect(connectionCalls).toEqual([
      'GET /v1/channel-connections?limit=100&integrationIdentifier=slack-prod',
    ]);
  });

  it('through those of one subscriber in two integrations cost one more call', async () => {
    await using harness = await start(40, {
      subscriberOf: () => 'subscriber-123',
      integrationOf: (index) => (index % 2 === 0 ? 'slack-prod' : 'discord-prod'),
    });
    const { nodes, connectionCalls } = await ask(harness);
    expectTheirOwn(nodes);
    expect(connectionCalls).toEqual(['GET /v1/channel-connections?limit=100&subscriberId=subscriber-123']);
  });

  it('through those of three integrations cost three more', async () => {
    const integrations = ['slack-prod', 'discord-prod', 'teams-prod'];
    await using harness = await start(30, { integrationOf: (index) => integrations[index % 3] ?? '' });
    const { nodes, connectionCalls } = await ask(harness);
    expectTheirOwn(nodes);
    expect(connectionCalls).toHaveLength(3);
    expect(connectionCalls.every(isConnectionList)).toBe(true);
  });

  it('are asked for one by one where there are only two, in parallel', async () => {
    await using harness = await start(2);
    const { nodes, connectionCalls } = await ask(harness);
    expectTheirOwn(nodes);
    expect(connectionCalls.toSorted()).toEqual([
      'GET /v1/channel-connections/c-0',
      'GET /v1/channel-connections/c-1',
    ]);
  });

  it('that are among many others go on page by page while it pays, and read the rest', async () => {
    await using harness = await start(10);
    // 150 newer ones, so that a first page of the list holds none that is wanted.
    for (let index = 0; index < 150; index += 1)
      await seedConnection(harness, { identifier: `other-${index}`, subscriberId: `o-${index}` });
    const { nodes, connectionCalls } = await ask(harness);
    expectTheirOwn(nodes);
    expect(connectionCalls.filter(isConnectionList)).toHaveLength(1);
    expect(connectionCalls.filter(isConnectionRead)).toHaveLength(10);
  });

  it('that fill two pages of the list cost two calls', async () => {
    await using harness = await start(100);
    for (let index = 0; index < 30; index += 1)
      await seedConnection(harness, { identifier: `other-${index}`, subscriberId: `o-${index}` });
    const { nodes, connectionCalls } = await ask(harness);
    expectTheirOwn(nodes);
    expect(connectionCalls).toHaveLength(2);
    expect(connectionCalls.every(isConnectionList)).toBe(true);
  });

  it('of which some are gone read those one by one, and are null', async () => {
    await using harness = await start(10);
    for (const index of [3, 7])
      await harness.execute(
        `mutation { deleteChannelConnection(identifier: "c-${index}") { deletedIdentifier } }`,
      );
    const { nodes, connectionCalls } = await ask(harness);
    const gone = nodes.filter(({ connection }) => connection === null).map(({ identifier }) => identifier);
    expect(gone.toSorted()).toEqual(['e-3', 'e-7']);
    expect(connectionCalls.filter(isConnectionList)).toHaveLength(1);
    expect(connectionCalls.filter(isConnectionRead)).toHaveLength(2);
  });

  it('do without the list where Novu fails to give it', async () => {
    await using harness = await start(5);
    harness.sandbox.onRequest = ({ method, path }) =>
      method === 'GET' && path === '/v1/channel-connections' ? { kind: 'status', status: 422 } : undefined;
    const { nodes, connectionCalls } = await ask(harness);
    expectTheirOwn(nodes);
    expect(connectionCalls.filter(isConnectionRead)).toHaveLength(5);
  });

  it('fail each for itself, and the endpoints stay', async () => {
    await using harness = await start(2);
    harness.sandbox.onRequest = ({ path }) =>
      path === '/v1/channel-connections/c-1' ? { kind: 'status', status: 500 } : undefined;
    const { data, errors } = await harness.execute(connectionsOf);
    expect(data.channelEndpoints.nodes).toEqual([
      { identifier: 'e-1', connection: null },
      { identifier: 'e-0', connection: { identifier: 'c-0' } },
    ]);
    expect(errors.map(({ path }) => path)).toEqual([['channelEndpoints', 'nodes', 0, 'connection']]);
  });

  it('never keep more than eight calls in progress', async () => {
    await using harness = await start(30, { integrationOf: () => 'slack-prod' });
    harness.sandbox.onRequest = ({ method, path }) =>
      method === 'GET' && path === '/v1/channel-connections' ? { kind: 'status', status: 422 } : undefined;
    const most = await mostAtOnce(harness, 8, () => ask(harness));
    expect(most).toBe(8);
  });

  it("are an end user's own list alone", async () => {
    const signer = await createSigner();
    await using harness = await start(5, { subscriberOf: () => 'subscriber-123', env: signer.env });
    const { result, calls } = await callsOf(harness, () => asUser(harness, signer)(connectionsOf));
    expectTheirOwn(result.data.channelEndpoints.nodes);
    expect(calls).toEqual([
      'GET /v1/channel-endpoints?limit=100&orderBy=createdAt&orderDirection=DESC&subscriberId=subscriber-123',
      'GET /v1/channel-connections?limit=100&subscriberId=subscriber-123',
    ]);
  });
});

/**
 * How many calls the gateway lets run at the same time, at most. Novu holds all of them until `expected` have come
 * and it had the time to answer another call: one more would have come too by then.
 */
async function mostAtOnce(
  { sandbox }: Harness,
  expected: number,
  work: () => Promise<unknown>,
): Promise<number> {
  const before = sandbox.onRequest;
  const held = Promise.withResolvers<void>();
  let [open, most] = [0, 0];
  sandbox.onRequest = (request) => {
    const fault = before?.(request);
    // Lists of the first level come alone.
    if (fault !== undefined || request.query['limit'] === '100' || request.query['limit'] === '12')
      return fault;
    open += 1;
    most = Math.max(most, open);
    if (open === expected)
      void fetch(`${sandbox.url}/sandbox/state`).then(async (response) => {
        await response.text();
        open = Number.NEGATIVE_INFINITY;
        held.resolve();
      });
    return { kind: 'slow', until: held.promise };
  };
  await work();
  sandbox.onRequest = before;
  return most;
}

describe('the lists below a list', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await start(12);
  });
  afterAll(() => harness[Symbol.asyncDispose]());

  it('of endpoints cost one call for each connection', async () => {
    const { result, calls } = await callsOf(harness, () =>
      harness.execute(
        '{ channelConnections(first: 12) { nodes { identifier endpoints { nodes { identifier } totalCount } } } }',
      ),
    );
    expect(result.errors).toEqual([]);
    expect(result.data.channelConnections.nodes).toHaveLength(12);
    for (const { identifier, endpoints } of result.data.channelConnections.nodes)
      expect(endpoints).toEqual({ nodes: [{ identifier: identifier.replace('c-', 'e-') }], totalCount: 1 });
    expect(calls).toHaveLength(13);
    expect(new Set(calls).size).toBe(13);
  });

  it('lead back without another call', async () => {
    const { result, calls } = await callsOf(harness, () =>
      harness.execute(
        '{ channelConnections(first: 3) { nodes { identifier endpoints { nodes { connection { identifier workspace { id } } } } } } }',
      ),
    );
    for (const { identifier, endpoints } of result.data.channelConnections.nodes)
      expect(endpoints.nodes).toEqual([{ connection: { identifier, workspace: { id: 'T123456' } } }]);
    expect(calls).toHaveLength(4);
  });

  it('of a subscriber cost one call each', async () => {
    const { result, calls } = await callsOf(harness, () =>
      harness.execute(/* GraphQL */ `
        { channelEndpoint(identifier: "e-1") { subscriber { channelConnections { totalCount } channelEndpoints { totalCount } } } }
      `),
    );
    expect(result.data.channelEndpoint.subscriber).toEqual({
      channelConnections: { totalCount: 1 },
      channelEndpoints: { totalCount: 1 },
    });
    expect(calls).toHaveLength(3);
  });

  it('of integrations cost one call for all', async () => {
    const { result, calls } = await callsOf(harness, () =>
      harness.execute(
        '{ channelConnections(first: 12) { nodes { integration { identifier name } } } integrations { identifier } }',
      ),
    );
    expect(result.errors).toEqual([]);
    for (const { integration } of result.data.channelConnections.nodes)
      expect(integration).toEqual({ identifier: 'slack-prod', name: 'slack-prod' });
    expect(calls.toSorted()).toEqual([
      'GET /v1/channel-connections?limit=12&orderBy=createdAt&orderDirection=DESC',
      'GET /v1/integrations',
    ]);
  });

  it('keep at most eight calls in progress', async () => {
    const most = await mostAtOnce(harness, 8, () =>
      harness.execute('{ channelConnections(first: 12) { nodes { endpoints { totalCount } } } }'),
    );
    expect(most).toBe(8);
  });
});

describe('a list that is asked for twice in one request', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await start(30, { subscriberOf: (index) => `s-${index % 3}` });
  });
  afterAll(() => harness[Symbol.asyncDispose]());

  it('is one call, also where it stands below thirty rows of three subscribers', async () => {
    const { result, calls } = await callsOf(harness, () =>
      harness.execute(
        '{ channelEndpoints(first: 30) { nodes { subscriber { channelConnections { nodes { identifier } } } } } }',
      ),
    );
    expect(result.errors).toEqual([]);
    expect(calls).toHaveLength(4);
  });

  it('is one call for a hundred references of a router to three subscribers', async () => {
    const representations = Array.from({ length: 100 }, (_, index) => ({
      __typename: 'Subscriber',
      subscriberId: `s-${index % 3}`,
    }));
    const { result, calls } = await callsOf(harness, () =>
      harness.execute(
        'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Subscriber { channelConnections { totalCount } } } }',
        { representations },
      ),
    );
    expect(result.errors).toEqual([]);
    expect(result.data._entities).toHaveLength(100);
    expect(calls).toHaveLength(3);
  });

  it('is asked for anew after a write', async () => {
    await using own = await startHarness();
    await seedConnection(own, { identifier: 'acme' });
    const { result, calls } = await callsOf(own, () =>
      own.execute(/* GraphQL */ `
        mutation {
          one: deleteChannelConnection(identifier: "acme") { ...rest }
          other: createChannelConnection(input: { subscriberId: "subscriber-123", integrationIdentifier: "slack-prod", workspace: { id: "T1" }, auth: { accessToken: "x" } }) {
            channelConnection { subscriber { channelConnections { totalCount } } }
          }
          third: createChannelConnection(input: { identifier: "third", subscriberId: "subscriber-123", context: [{ type: "key", id: "b" }], integrationIdentifier: "slack-prod", workspace: { id: "T1" }, auth: { accessToken: "x" } }) {
            channelConnection { subscriber { channelConnections { totalCount } } }
          }
        }
        fragment rest on DeleteChannelConnectionPayload { deletedIdentifier }
      `),
    );
    expect(result.errors).toEqual([]);
    const totalOf = (name: string) =>
      result.data[name].channelConnection.subscriber.channelConnections.totalCount;
    expect([totalOf('other'), totalOf('third')]).toEqual([1, 2]);
    expect(calls.filter(isConnectionList)).toHaveLength(2);
  });
});

describe('a read after a write in one document', () => {
  it('sees what was written', async () => {
    await using harness = await startHarness();
    await seedConnection(harness, { identifier: 'acme' });
    await seedEndpoint(harness, { identifier: 'ada', connectionIdentifier: 'acme' });
    const names = /* GraphQL */ `
      channelEndpoint { connection { workspace { name } } }
    `;
    const { data, errors } = await harness.execute(/* GraphQL */ `
      mutation {
        first: updateChannelEndpoint(identifier: "ada", input: { address: { slackUser: { userId: "U1" } } }) { ${names} }
        rename: updateChannelConnection(
          identifier: "acme"
          input: { workspace: { id: "T1", name: "Renamed" }, auth: { accessToken: "x" } }
        ) { userErrors { code } }
        second: updateChannelEndpoint(identifier: "ada", input: { address: { slackUser: { userId: "U2" } } }) { ${names} }
      }
    `);
    expect(errors).toEqual([]);
    expect(data.first.channelEndpoint.connection.workspace.name).toBe('Acme HQ');
    expect(data.second.channelEndpoint.connection.workspace.name).toBe('Renamed');
  });
});
