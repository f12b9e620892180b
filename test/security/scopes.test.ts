import { getNamedType, Kind, parse, print } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Scope, scopes } from '../../src/callers/caller.ts';
import { printSchema } from '../../src/schema/print.ts';
import { schema } from '../../src/schema/schema.ts';
import { compose } from '../support/federation.ts';
import type { Execution } from '../support/harness.ts';
import {
  entityDocument,
  entityTypes,
  everyCoordinate,
  mutations,
  queries,
  rootDocument,
  selectAll,
  selectAlong,
  type Walk,
  walksFrom,
} from './generate.ts';
import { ada, calls, entities, reads, startWorld, type World } from './world.ts';

type Field = (typeof queries)[number];

/** What is needed for the types and fields of the schema: written a second time, so that no slip goes unseen. */
const neededScopes: Readonly<Record<string, Scope>> = {
  ChannelConnection: 'channel-connections:read',
  ChannelConnectionsConnection: 'channel-connections:read',
  ChannelEndpoint: 'channel-endpoints:read',
  ChannelEndpointsConnection: 'channel-endpoints:read',
  Integration: 'integrations:read',
  'ChannelConnectionAuth.accessToken': 'channel-connections:read-secrets',
  'Mutation.createChannelConnection': 'channel-connections:write',
  'Mutation.updateChannelConnection': 'channel-connections:write',
  'Mutation.deleteChannelConnection': 'channel-connections:write',
  'Mutation.verifyChannelConnection': 'channel-connections:write',
  'Mutation.generateConnectOAuthUrl': 'channel-connections:write',
  'Mutation.createChannelEndpoint': 'channel-endpoints:write',
  'Mutation.updateChannelEndpoint': 'channel-endpoints:write',
  'Mutation.deleteChannelEndpoint': 'channel-endpoints:write',
  'Mutation.generateLinkUserOAuthUrl': 'channel-endpoints:write',
  'Mutation.linkChannelEndpoint': 'channel-endpoints:write',
  SubscribersConnection: 'subscribers:read',
  'Query.subscriber': 'subscribers:read',
  ...Object.fromEntries(
    [
      'firstName',
      'lastName',
      'email',
      'phone',
      'avatar',
      'locale',
      'timezone',
      'data',
      'createdAt',
      'updatedAt',
    ].map((name) => [`Subscriber.${name}`, 'subscribers:read' as const]),
  ),
  'Mutation.upsertSubscriber': 'subscribers:write',
  'Mutation.updateSubscriber': 'subscribers:write',
  'Mutation.deleteSubscriber': 'subscribers:write',
  ContextsConnection: 'contexts:read',
  'Query.context': 'contexts:read',
  'Context.data': 'contexts:read',
  'Context.createdAt': 'contexts:read',
  'Context.updatedAt': 'contexts:read',
  'Mutation.createContext': 'contexts:write',
  'Mutation.updateContext': 'contexts:write',
  'Mutation.deleteContext': 'contexts:write',
};

/** No token of an end user opens these, whatever it claims. */
const forServices: ReadonlySet<Scope> = new Set(['channel-connections:read-secrets', 'contexts:write']);

const forUsers = scopes.filter((scope) => !forServices.has(scope));
const without = (...left: (Scope | undefined)[]) =>
  forUsers.filter((scope) => !left.includes(scope)).join(' ');

/** The scope of a field, its own or that of what it leads to. */
const scopeOf = (owner: string, field: Field): Scope | undefined =>
  neededScopes[`${owner}.${field.name}`] ?? neededScopes[getNamedType(field.type).name];

/** Entities without a scope of their own: a key alone, which other subgraphs know; each of their fields has one. */
const open = new Set(['Subscriber', 'Context']);

const codesOf = ({ errors }: Execution) => errors.map(({ extensions }) => extensions['code']);

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => world.reset());

describe('every query', () => {
  const cases = queries.map((field) => [field.name, scopeOf('Query', field), field] as const);

  it('has a scope', () => {
    expect(cases.filter(([, scope]) => scope === undefined)).toEqual([]);
    expect(cases.length).toBeGreaterThan(1);
  });

  it.each(cases)(
    '%s is FORBIDDEN without %s, whatever else there is, and Novu is not asked',
    async (name, scope, field) => {
      const query = rootDocument('query', field, '{ __typename }');
      for (const granted of [without(scope), '']) {
        const answer = await world.as(ada, granted)(query, reads[name]!(ada));
        expect(answer.errors).toMatchObject([{ path: [name], extensions: { code: 'FORBIDDEN' } }]);
        expect(answer.errors[0]?.message).toContain(scope);
      }
      expect(world.sandbox.requests).toEqual([]);
    },
  );

  it.each(cases)('%s needs nothing but %s', async (name, scope, field) => {
    const query = rootDocument('query', field, '{ __typename }');
    const answer = await world.as(ada, scope)(query, reads[name]!(ada));
    expect(answer).toMatchObject({ status: 200, errors: [] });
    expect(answer.data[name]).not.toBeNull();
  });
});

describe('every mutation', () => {
  const cases = mutations.map(
    (field) => [field.name, neededScopes[`Mutation.${field.name}`], field] as const,
  );

  it('has a scope to write', () => {
    expect(cases.filter(([, scope]) => !scope?.endsWith(':write'))).toEqual([]);
    expect(cases.length).toBeGreaterThan(3);
  });

  it.each(cases)(
    '%s is FORBIDDEN without %s, whatever else there is, and Novu is not asked',
    async (name, scope, field) => {
      const query = rootDocument('mutation', field, '{ __typename }');
      for (const granted of [without(scope), '']) {
        const answer = await world.as(ada, granted)(query, calls[name]!(ada));
        expect(answer.errors).toMatchObject([{ path: [name], extensions: { code: 'FORBIDDEN' } }]);
        expect(answer.errors[0]?.message).toContain(scope);
        expect(answer.data).toEqual({ [name]: null });
      }
      expect(world.sandbox.requests).toEqual([]);
    },
  );

  const ofUsers = cases.filter(([, scope]) => scope !== undefined && !forServices.has(scope));

  it.each(cases.filter((one) => !ofUsers.includes(one)))(
    '%s is for services alone, whatever a token claims',
    async (name, scope, field) => {
      const query = rootDocument('mutation', field, '{ userErrors { code } }');
      const user = await world.as(ada, scopes.join(' '))(query, calls[name]!(ada));
      expect(codesOf(user)).toEqual(['FORBIDDEN']);
      expect(user.errors[0]?.message).toContain(scope);
      expect(world.sandbox.requests).toEqual([]);
      const service = await world.asService(query, calls[name]!(ada));
      expect(service).toMatchObject({ errors: [], data: { [name]: { userErrors: [] } } });
    },
  );

  it.each(ofUsers)('%s needs nothing but %s', async (name, scope, field) => {
    const query = rootDocument('mutation', field, '{ userErrors { code } }');
    const answer = await world.as(ada, scope)(query, calls[name]!(ada));
    expect(answer).toMatchObject({ status: 200, errors: [], data: { [name]: { userErrors: [] } } });
    expect(world.sandbox.requests.some(({ method }) => method !== 'GET')).toBe(true);
  });

  it.each(ofUsers)(
    '%s with %s alone is done, and shows no row: writing is not reading',
    async (name, scope, field) => {
      const rows = Object.values(
        (getNamedType(field.type) as (typeof entityTypes)[number]).getFields(),
      ).filter(
        ({ type }) =>
          neededScopes[getNamedType(type).name] !== undefined || open.has(getNamedType(type).name),
      );
      const query = rootDocument('mutation', field, selectAll(getNamedType(field.type), 3));
      const answer = await world.as(ada, scope)(query, calls[name]!(ada));
      expect(new Set(codesOf(answer))).toEqual(new Set(rows.length > 0 ? ['FORBIDDEN'] : []));
      expect(new Set(answer.errors.map(({ path }) => path?.slice(0, 2).join('.')))).toEqual(
        new Set(rows.map((row) => `${name}.${row.name}`)),
      );
      expect(answer.data[name].userErrors).toEqual([]);
      for (const row of rows) {
        const { __typename: _, ...shown } = (answer.data[name][row.name] ?? {}) as Record<string, unknown>;
        const known = Object.entries(entities[getNamedType(row.type).name]?.(ada) ?? {});
        const isOpen = open.has(getNamedType(row.type).name);
        expect(Object.entries(shown).filter(([, value]) => value !== null)).toEqual(isOpen ? known : []);
      }
      // What was asked for and is not a row is the caller's own.
      if (rows.length > 0) expect(world.sandbox.journal.length).toBeGreaterThan(0);
    },
  );

  it('shows nothing of the connection that a create conflicts with to a caller who may not read connections', async () => {
    const query = `mutation ($input: CreateChannelConnectionInput!) { createChannelConnection(input: $input) {
      userErrors { code ... on NovuConflictError { existing { ... on ChannelConnection { identifier workspace { id } } } } } } }`;
    const { input } = calls['createChannelConnection']!(ada) as { input: object };
    const answer = await world.as(ada, 'channel-connections:write channel-endpoints:read')(query, {
      // Where she has one already.
      input: { ...input, integrationIdentifier: 'slack-prod' },
    });
    expect(answer.data.createChannelConnection.userErrors).toEqual([
      { code: 'ALREADY_EXISTS', existing: null },
    ]);
    expect(codesOf(answer)).toEqual(['FORBIDDEN']);
    expect(answer.text).not.toContain('own-workspace');
  });

  it('shows the endpoint that a create conflicts with to a caller who may read endpoints, and to no other', async () => {
    const query = `mutation ($input: CreateChannelEndpointInput!) { createChannelEndpoint(input: $input) {
      userErrors { code ... on NovuConflictError { existing { __typename ... on ChannelEndpoint { identifier } } } } } }`;
    const { input } = calls['createChannelEndpoint']!(ada) as { input: object };
    // The Slack user of another endpoint of hers.
    const address = { slackUser: { userId: `own-user-${ada.endpoint}` } };
    const variables = { input: { ...input, address } };
    const scopes = 'channel-endpoints:write channel-connections:write channel-connections:read';
    const hidden = await world.as(ada, scopes)(query, variables);
    expect(hidden.data.createChannelEndpoint.userErrors).toEqual([
      { code: 'ALREADY_EXISTS', existing: null },
    ]);
    expect(codesOf(hidden)).toEqual(['FORBIDDEN']);
    const { connectionIdentifier: _, ...bare } = variables.input as Record<string, unknown>;
    const shown = await world.as(ada, 'channel-endpoints:write channel-endpoints:read')(query, {
      input: bare,
    });
    expect(shown.errors).toEqual([]);
    expect(shown.data.createChannelEndpoint.userErrors).toEqual([
      { code: 'ALREADY_EXISTS', existing: { __typename: 'ChannelEndpoint', identifier: ada.endpoint } },
    ]);
  });
});

describe('a field that has nothing to protect is null without the scope of its type', () => {
  it('ChannelEndpoint.connection of an endpoint that names none', async () => {
    const { input } = calls['createChannelEndpoint']!(ada) as { input: Record<string, unknown> };
    const { connectionIdentifier: _, ...bare } = input;
    const answer = await world.as(ada, 'channel-endpoints:write channel-endpoints:read')(
      `mutation ($input: CreateChannelEndpointInput!) {
        createChannelEndpoint(input: $input) { channelEndpoint { connectionIdentifier connection { identifier } } }
      }`,
      { input: bare },
    );
    expect(answer.errors).toEqual([]);
    expect(answer.data.createChannelEndpoint.channelEndpoint).toEqual({
      connectionIdentifier: null,
      connection: null,
    });
  });

  it('the row of a payload when the create is refused', async () => {
    const { input } = calls['createChannelEndpoint']!(ada) as { input: object };
    const answer = await world.as(ada, 'channel-endpoints:write')(
      `mutation ($input: CreateChannelEndpointInput!) {
        createChannelEndpoint(input: $input) { channelEndpoint { identifier } userErrors { code } }
      }`,
      // The Slack user of another endpoint of hers.
      { input: { ...input, address: { slackUser: { userId: `own-user-${ada.endpoint}` } } } },
    );
    expect(answer.errors).toEqual([]);
    expect(answer.data.createChannelEndpoint).toEqual({
      channelEndpoint: null,
      userErrors: [{ code: 'ALREADY_EXISTS' }],
    });
  });
});

describe('every entity', () => {
  it.each(entityTypes.map((type) => [type.name, neededScopes[type.name], type] as const))(
    '%s is FORBIDDEN without %s, and Novu is not asked',
    async (name, scope, type) => {
      const query = entityDocument(type.name, '{ __typename }');
      const variables = { representations: [{ __typename: name, ...entities[name]!(ada) }] };
      const answer = await world.as(ada, without(scope))(query, variables);
      if (open.has(name)) {
        expect(scope).toBeUndefined();
        expect(answer.errors).toEqual([]);
      } else {
        expect(codesOf(answer)).toEqual(['FORBIDDEN']);
        expect(answer.data).toEqual({ _entities: [null] });
        expect(world.sandbox.requests).toEqual([]);
        expect((await world.as(ada, scope)(query, variables)).errors).toEqual([]);
      }
    },
  );
});

describe('every way to something that has a scope', () => {
  const endsIn = (walk: Walk) => neededScopes[getNamedType(walk.at(-1)!.field.type).name]!;
  /** As short as can be: the ways whose last step alone needs another scope than what they come through. */
  const ways = entityTypes.flatMap((type) =>
    walksFrom(type, 5).flatMap((walk) =>
      walk.flatMap((_, index): [string, Walk, (typeof entityTypes)[number]][] => {
        const way = walk.slice(0, index + 1);
        const behind = [
          neededScopes[type.name],
          ...way.slice(0, -1).map(({ field }) => neededScopes[getNamedType(field.type).name]),
        ];
        const last = endsIn(way);
        return last === undefined || behind.includes(last)
          ? []
          : [[`${type.name} > ${way.map(({ field }) => field.name).join(' > ')}`, way, type]];
      }),
    ),
  );
  const distinct = [...new Map(ways.map((way) => [way[0], way])).values()];

  it.each(distinct)(
    '%s is FORBIDDEN without that scope, and the rest is answered',
    async (_name, way, type) => {
      const query = entityDocument(type.name, selectAlong(type, way).replaceAll(' accessToken', ''));
      const variables = { representations: [{ __typename: type.name, ...entities[type.name]!(ada) }] };
      const answer = await world.as(ada, without(endsIn(way)))(query, variables);
      expect(new Set(codesOf(answer))).toEqual(new Set(['FORBIDDEN']));
      for (const { message } of answer.errors) expect(message).toContain(endsIn(way));
      const all = await world.as(ada)(query, variables);
      expect(all.errors).toEqual([]);
    },
  );

  it('is one of many', () => {
    expect(distinct.length).toBeGreaterThan(8);
  });
});

describe('stored tokens', () => {
  const query = '{ channelConnection(identifier: "own-connection") { auth { hasAccessToken accessToken } } }';

  it('are shown to services that are said to read them, and to no others', async () => {
    const reader = await world.harness.execute(query, {}, { key: 'reader-key-0123456789' });
    expect(reader.data.channelConnection.auth.accessToken).toContain('TOKEN');
    const backend = await world.asService(query);
    expect(codesOf(backend)).toEqual(['FORBIDDEN']);
    expect(backend.data.channelConnection.auth).toEqual({ hasAccessToken: true, accessToken: null });
  });

  it('are never shown to end users, whatever their scopes say', async () => {
    const user = await world.as(ada, scopes.join(' '))(query);
    expect(codesOf(user)).toEqual(['FORBIDDEN']);
    expect(user.text).not.toContain('TOKEN');
  });
});

describe('the schema printed with access', () => {
  const printed = printSchema({ access: true });

  it('is the same without what was added', () => {
    const plain = printed
      .replaceAll(/ @requiresScopes\(scopes: \[\["[\w:-]+"\]\]\)| @authenticated/g, '')
      .replace(', "@authenticated", "@requiresScopes"', '');
    expect(plain).toBe(printSchema());
  });

  it('says of every type and field what the gateway enforces', () => {
    const coordinates = new Set([...everyCoordinate(), ...Object.keys(schema.getTypeMap())]);
    for (const coordinate of Object.keys(neededScopes)) expect(coordinates).toContain(coordinate);
    const said = parse(printed).definitions.flatMap((definition) =>
      definition.kind !== Kind.OBJECT_TYPE_DEFINITION
        ? []
        : [definition, ...(definition.fields ?? [])].flatMap((node) =>
            (node.directives ?? [])
              .filter(({ name }) => name.value === 'requiresScopes')
              .map((directive): [string, string] => [
                node === definition ? node.name.value : `${definition.name.value}.${node.name.value}`,
                print(directive).replace(/.*\[\["(.*)"\]\].*/, '$1'),
              ]),
          ),
    );
    expect(Object.fromEntries(said)).toEqual(neededScopes);
  });

  it('has every root field authenticated, and the root types of the whole graph left alone', () => {
    expect(printed.match(/@authenticated\b(?!")/g)).toHaveLength(queries.length + mutations.length);
    expect(printed).toMatch(/^type Query \{$/m);
    expect(printed).toMatch(/^type Mutation \{$/m);
  });

  it('composes, and keeps in the supergraph what it says', () => {
    const users = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
      type Query { me: User }
      type User @key(fields: "id") { id: ID! subscriber: Subscriber }
      type Subscriber @key(fields: "subscriberId", resolvable: false) { subscriberId: ID! }`;
    const supergraph = compose([
      { name: 'channels', url: 'http://channels.test', typeDefs: parse(printed) },
      { name: 'users', url: 'http://users.test', typeDefs: parse(users) },
    ]);
    expect(supergraph).toMatch(
      /type ChannelConnection\b[^{]*@requiresScopes\(scopes: \[\["channel-connections:read"\]\]\)/,
    );
    expect(supergraph).toMatch(/createChannelConnection\([^)]*\)[^\n]*@requiresScopes/);
    expect(supergraph).toMatch(/me: User @join__field\(graph: USERS\)\n/);
  });

  it('is not what is printed by default', () => {
    expect(printSchema()).not.toMatch(/@(?:authenticated|requiresScopes)/);
  });
});
