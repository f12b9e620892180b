import {
  buildASTSchema,
  type DocumentNode,
  lexicographicSortSchema,
  parse,
  printSchema as printGraphQLSchema,
} from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { printSchema } from '../src/schema/print.ts';
import { compose, type Router, startRouter, startSubgraph, type Subgraph } from './support/federation.ts';
import {
  backendKey,
  connectionInput,
  createDocument,
  type Harness,
  startHarness,
} from './support/harness.ts';

const identifier = 'slack-prod-user123-abc4';

const startUsers = () =>
  startSubgraph(
    'users',
    /* GraphQL */ `
      type Query {
        user(id: ID!): User
      }
      type User @key(fields: "id") {
        id: ID!
        name: String!
        subscriber: Subscriber
        connection: ChannelConnection
      }
      type Subscriber @key(fields: "subscriberId") {
        subscriberId: ID!
        user: User
      }
      type ChannelConnection @key(fields: "identifier", resolvable: false) {
        identifier: ID!
      }
    `,
    {
      Query: {
        user: (_root, { id }: { id: string }) => (id === 'ada' ? ada : id === 'bob' ? bob : null),
      },
      User: { __resolveReference: ({ id }: { id: string }) => (id === 'ada' ? ada : null) },
      Subscriber: {
        __resolveReference: (reference: { subscriberId: string }) => ({
          ...reference,
          user: reference.subscriberId === 'subscriber-123' ? ada : null,
        }),
      },
    },
  );
const ada = {
  id: 'ada',
  name: 'Ada',
  subscriber: { subscriberId: 'subscriber-123' },
  connection: { identifier },
};
const bob = { id: 'bob', name: 'Bob', subscriber: null, connection: { identifier: 'nobody-made-it' } };

/** Adds a field of its own to our type, as another team would. */
const startNotes = () =>
  startSubgraph(
    'notes',
    /* GraphQL */ `
      type Query {
        notedConnections: [ChannelConnection!]!
      }
      extend type ChannelConnection @key(fields: "identifier") {
        identifier: ID!
        note: String
      }
    `,
    {
      Query: { notedConnections: () => [{ identifier }] },
      ChannelConnection: { note: (connection: { identifier: string }) => `about ${connection.identifier}` },
    },
  );

describe('the printed schema', () => {
  it('composes alone', () => {
    expect(
      compose([{ name: 'channels', url: 'http://channels.test', typeDefs: parse(printSchema()) }]),
    ).toContain('type ChannelConnection');
  });

  it('is what the gateway tells a router that asks for it', async () => {
    await using harness = await startHarness();
    const { data } = await harness.execute('{ _service { sdl } }');
    const served = parse(data._service.sdl as string);
    // The order of types and fields is not the same, and means nothing.
    const sorted = (document: DocumentNode) =>
      printGraphQLSchema(lexicographicSortSchema(buildASTSchema(document, { assumeValidSDL: true })));
    expect(sorted(served)).toBe(sorted(parse(printSchema())));
    expect(() =>
      compose([{ name: 'channels', url: 'http://channels.test', typeDefs: served }]),
    ).not.toThrow();
  });

  it('has no access directives, which would need a licence of Apollo Router', () => {
    expect(printSchema()).not.toMatch(/@(authenticated|requiresScopes|policy)\b/);
  });
});

describe('behind a router, beside a subgraph of users and one of notes', () => {
  let harness: Harness;
  let users: Subgraph & AsyncDisposable;
  let notes: Subgraph & AsyncDisposable;
  let channels: Subgraph;
  let router: Router;
  beforeAll(async () => {
    harness = await startHarness();
    users = await startUsers();
    notes = await startNotes();
    channels = {
      name: 'channels',
      url: await harness.listen(),
      typeDefs: parse(printSchema()),
      headers: { 'x-api-key': backendKey },
    };
    router = await startRouter([channels, users, notes]);
  });
  afterAll(async () => {
    await router[Symbol.asyncDispose]();
    await users[Symbol.asyncDispose]();
    await notes[Symbol.asyncDispose]();
    await harness[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    harness.sandbox.reset();
    await harness.execute(createDocument, { input: connectionInput() });
    router.asked();
  });

  it('a connection leads to its subscriber here and to the user there', async () => {
    const { data, errors } = await router.execute(
      `query($identifier: ID!) { channelConnection(identifier: $identifier) { channel subscriber { subscriberId user { name } } } }`,
      { identifier },
    );
    expect(errors).toEqual([]);
    expect(data.channelConnection).toEqual({
      channel: 'CHAT',
      subscriber: { subscriberId: 'subscriber-123', user: { name: 'Ada' } },
    });
    expect(router.asked()).toEqual(['channels', 'users']);
  });

  it('a user leads to the connection here, by its key alone', async () => {
    const { data, errors } = await router.execute(
      `{ user(id: "ada") { name connection { identifier id provider workspace { name } auth { hasAccessToken } } } }`,
    );
    expect(errors).toEqual([]);
    expect(data.user).toEqual({
      name: 'Ada',
      connection: {
        identifier,
        id: identifier,
        provider: 'SLACK',
        workspace: { name: 'Acme HQ' },
        auth: { hasAccessToken: true },
      },
    });
    expect(router.asked()).toEqual(['users', 'channels']);
  });

  it('a user leads through the subscriber there to the connections here', async () => {
    await harness.execute(createDocument, {
      input: connectionInput({ identifier: 'of-another', subscriberId: 'subscriber-456' }),
    });
    const { data, errors } = await router.execute(
      `{ user(id: "ada") { name subscriber { channelConnections { totalCount nodes { identifier workspace { id } note } } } } }`,
    );
    expect(errors).toEqual([]);
    expect(data.user).toEqual({
      name: 'Ada',
      subscriber: {
        channelConnections: {
          totalCount: 1,
          nodes: [{ identifier, workspace: { id: 'T123456' }, note: `about ${identifier}` }],
        },
      },
    });
    expect(router.asked()).toEqual(['users', 'channels', 'notes']);
  });

  it('a key that names nothing leaves the rest of the answer standing', async () => {
    const { data, errors } = await router.execute(
      `{ user(id: "bob") { name connection { identifier provider } } }`,
    );
    expect(errors).toEqual([]);
    expect(data.user).toEqual({ name: 'Bob', connection: { identifier: 'nobody-made-it', provider: null } });
  });

  it('a connection has fields of two subgraphs, whichever is asked first', async () => {
    const first = await router.execute(
      `{ channelConnection(identifier: "${identifier}") { providerId note } }`,
    );
    expect(first).toEqual({
      data: { channelConnection: { providerId: 'slack', note: `about ${identifier}` } },
      errors: [],
    });
    expect(router.asked()).toEqual(['channels', 'notes']);

    const second = await router.execute(
      `{ notedConnections { note providerId subscriber { user { name } } } }`,
    );
    expect(second).toEqual({
      data: {
        notedConnections: [
          { note: `about ${identifier}`, providerId: 'slack', subscriber: { user: { name: 'Ada' } } },
        ],
      },
      errors: [],
    });
    expect(router.asked()).toEqual(['notes', 'channels', 'users']);
  });

  it('a create goes through, once, and its answer is joined with the other subgraphs', async () => {
    harness.sandbox.reset();
    const { data, errors } = await router.execute(
      /* GraphQL */ `
        mutation ($input: CreateChannelConnectionInput!) {
          createChannelConnection(input: $input, idempotencyKey: "through-the-router") {
            channelConnection { identifier note subscriber { user { name } } }
            idempotency { key replayed }
            userErrors { code }
          }
        }
      `,
      { input: connectionInput() },
    );
    expect(errors).toEqual([]);
    expect(data.createChannelConnection).toEqual({
      channelConnection: { identifier, note: `about ${identifier}`, subscriber: { user: { name: 'Ada' } } },
      idempotency: { key: 'through-the-router', replayed: false },
      userErrors: [],
    });
    expect(harness.sandbox.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect(harness.sandbox.connections()).toHaveLength(1);
  });

  it('a conflict comes back as typed data, joined as well', async () => {
    const { data, errors } = await router.execute(
      /* GraphQL */ `
        mutation ($input: CreateChannelConnectionInput!) {
          createChannelConnection(input: $input) {
            channelConnection { identifier }
            userErrors { __typename code path ... on NovuConflictError { existing { __typename ... on ChannelConnection { identifier note } } } }
          }
        }
      `,
      { input: connectionInput({ workspace: { id: 'T999999' } }) },
    );
    expect(errors).toEqual([]);
    expect(data.createChannelConnection).toEqual({
      channelConnection: null,
      userErrors: [
        {
          __typename: 'NovuConflictError',
          code: 'ALREADY_EXISTS',
          path: ['input', 'identifier'],
          existing: { __typename: 'ChannelConnection', identifier, note: `about ${identifier}` },
        },
      ],
    });
  });

  it('the code of an error of the gateway reaches the client of the router', async () => {
    harness.sandbox.fail({ kind: 'status', status: 401, message: 'Unauthorized' });
    const { errors } = await router.execute(`{ channelConnection(identifier: "${identifier}") { channel } }`);
    expect(errors).toHaveLength(1);
    expect(errors[0]!.extensions).toMatchObject({ code: 'UPSTREAM_AUTH_FAILED', serviceName: 'channels' });
  });

  it('the code of a limit reaches the client of the router as well', async () => {
    const { data, errors } = await router.execute(
      `{ user(id: "ada") { name } channelConnections(first: 100) { nodes { subscriber { channelConnections(first: 100) { nodes { subscriber { subscriberId channelEndpoints { totalCount } } } } } } } }`,
    );
    expect(data).toEqual({ user: { name: 'Ada' }, channelConnections: null });
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['TOO_COSTLY']);
  });

  it("a Novu that fails leaves other teams' data standing", async () => {
    harness.sandbox.onRequest = () => ({ kind: 'status', status: 401, message: 'no' });
    const { data, errors } = await router.execute(
      `{ user(id: "ada") { name subscriber { subscriberId channelConnections { totalCount } } connection { identifier provider note } } integrations { name } }`,
    );
    harness.sandbox.onRequest = undefined;
    expect(data).toEqual({
      user: {
        name: 'Ada',
        subscriber: { subscriberId: 'subscriber-123', channelConnections: null },
        connection: { identifier, provider: null, note: `about ${identifier}` },
      },
      integrations: null,
    });
    expect(new Set(errors.map(({ extensions }) => extensions['code']))).toEqual(
      new Set(['UPSTREAM_AUTH_FAILED']),
    );
  });

  it('a router without a key learns that it needs one, and Novu is not asked', async () => {
    await using stranger = await startRouter([{ ...channels, headers: {} }, users]);
    const before = harness.sandbox.requests.length;
    const { data, errors } = await stranger.execute(`{ user(id: "ada") { name connection { provider } } }`);
    expect(data.user).toEqual({ name: 'Ada', connection: { provider: null } });
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['UNAUTHENTICATED']);
    expect(harness.sandbox.requests).toHaveLength(before);
  });
});

describe('_entities', () => {
  const entities = /* GraphQL */ `
    query ($representations: [_Any!]!) {
      _entities(representations: $representations) {
        __typename
        ... on ChannelConnection { identifier channel }
        ... on Subscriber { subscriberId }
      }
    }
  `;

  it('resolves each representation by its key, in their order, and to the key alone where there is no such row', async () => {
    await using harness = await startHarness();
    await harness.execute(createDocument, { input: connectionInput() });
    const { data, errors } = await harness.execute(entities, {
      representations: [
        { __typename: 'ChannelConnection', identifier: 'nobody-made-it' },
        { __typename: 'Subscriber', subscriberId: 'subscriber-123' },
        { __typename: 'ChannelConnection', identifier },
      ],
    });
    expect(errors).toEqual([]);
    expect(data._entities).toEqual([
      { __typename: 'ChannelConnection', identifier: 'nobody-made-it', channel: null },
      { __typename: 'Subscriber', subscriberId: 'subscriber-123' },
      { __typename: 'ChannelConnection', identifier, channel: 'CHAT' },
    ]);
  });

  it.each([
    ['of a type that is none of its entities', { __typename: 'ChannelWorkspace', id: 'T123456' }],
    ['without its key', { __typename: 'ChannelConnection' }],
    ['with a key of another kind', { __typename: 'ChannelConnection', identifier: { $ne: null } }],
    ['without a type', { identifier }],
    ['whose type is in a list', { __typename: ['Subscriber'], subscriberId: 'subscriber-123' }],
    ['whose type is an object', { __typename: { toString: 'Subscriber' }, subscriberId: 'subscriber-123' }],
    ['whose type is a name of every object', { __typename: 'constructor', subscriberId: 'subscriber-123' }],
    ['that is null', null],
    ['that is a list', []],
    ['that is a string', 'ChannelConnection'],
  ])(
    'a representation %s is an error of its own: Novu is not asked, and no value is repeated',
    async (_name, representation) => {
      await using harness = await startHarness();
      const { errors, text } = await harness.execute(entities, { representations: [representation] });
      expect(errors).toHaveLength(1);
      expect(text).not.toContain('$ne');
      expect(harness.sandbox.requests).toHaveLength(0);
    },
  );

  it('leaves the others standing beside a faulty one, whose error has its own index', async () => {
    await using harness = await startHarness();
    await harness.execute(createDocument, { input: connectionInput() });
    const { status, data, errors } = await harness.execute(entities, {
      representations: [
        { __typename: 'ChannelConnection', identifier },
        { __typename: ['Subscriber'], subscriberId: 'subscriber-123' },
        { __typename: 'Subscriber', subscriberId: 'subscriber-123' },
        { __typename: 'ChannelConnection', identifier: 5 },
      ],
    });
    expect(status).toBe(200);
    expect(data._entities).toEqual([
      { __typename: 'ChannelConnection', identifier, channel: 'CHAT' },
      null,
      { __typename: 'Subscriber', subscriberId: 'subscriber-123' },
      null,
    ]);
    expect(errors.map(({ path, extensions }) => [path, extensions['code']])).toEqual([
      [['_entities', 1], 'BAD_USER_INPUT'],
      [['_entities', 3], 'BAD_USER_INPUT'],
    ]);
  });
});
