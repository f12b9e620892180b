import { getNamedType } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/schema.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import type { Execution } from '../support/harness.ts';
import {
  coordinatesIn,
  entityDocument,
  entityTypes,
  everyCoordinate,
  fieldsOf,
  isForServices,
  kinds,
  type Kind,
  mutations,
  type Position,
  positionsOf,
  queries,
  rootDocument,
  selectAll,
  selectAlong,
  type Walk,
  walksFrom,
  withValue,
} from './generate.ts';
import {
  ada,
  bob,
  calls,
  entities,
  freshKey,
  hidden,
  nodeKeys,
  mark,
  reads,
  startWorld,
  tokenMark,
  visible,
  type World,
} from './world.ts';

type Variables = Record<string, unknown>;
type Probe = { name: string; query: string; variables: Variables };
type Field = (typeof queries)[number];

/** What belongs to somebody else, and what nobody has, where such a name goes. */
const names: Record<
  'connection' | 'endpoint' | 'subscriber' | 'context' | 'contextId',
  { theirs: readonly string[]; nobodys: string }
> = {
  connection: { theirs: hidden.connection, nobodys: 'nobodys-connection' },
  endpoint: { theirs: hidden.endpoint, nobodys: 'nobodys-endpoint' },
  subscriber: { theirs: [bob.subscriberId], nobodys: 'nobodys-subscriber' },
  context: { theirs: [bob.tenant], nobodys: 'nobodys-tenant' },
  contextId: { theirs: [bob.tenant], nobodys: 'nobodys-tenant' },
};

/** How far walks go: from what she may see further than from what she may not, where they end at once. */
const readHops = 6;
const foreignHops = 4;
const writeHops = 3;
const asked = new Set<string>();

/** Whether an answer holds anything that is not Ada's, apart from what she sent herself; or any token. */
function leaksOf(answer: Execution, sent: readonly string[] = []): string[] {
  let said = `${answer.text} ${JSON.stringify([...answer.headers])}`;
  // The links of OAuth carry what they are for in base64.
  for (const [encoded] of said.matchAll(/[\w-]{40,}/g))
    said += ` ${Buffer.from(encoded, 'base64url').toString()}`;
  for (const text of sent) said = said.replaceAll(text, '');
  return [...said.matchAll(new RegExp(`.{0,60}(?:${mark}|${tokenMark}).{0,60}`, 'g'))].map(([text]) => text);
}

/** The answer with what was asked for under one name, so that two can be compared. */
function comparable(answer: Execution, sent: readonly string[]): unknown {
  let { text } = answer;
  for (const [index, one] of sent.entries()) text = text.replaceAll(one, `<sent ${index}>`);
  return { status: answer.status, body: JSON.parse(text) as unknown };
}

const codesOf = ({ errors }: Execution) => errors.map(({ extensions }) => extensions['code']);
/** Tokens are refused where they are asked for; that is no failure of the rest. */
const faultsOf = ({ errors }: Execution) => errors.filter(({ path }) => path?.at(-1) !== 'accessToken');

const contextValue = (position: Position, tenant: string): unknown =>
  position.coordinate.endsWith('.contextKeys') ? [`tenant:${tenant}`] : [{ type: 'tenant', id: tenant }];
const valueFor = (position: Position, name: string): unknown =>
  position.kind === 'context' ? contextValue(position, name) : name;

const walkName = (walk: Walk) => walk.map(({ owner, field }) => `${owner.name}.${field.name}`).join(' > ');
const positionName = ({ path, kind }: Position) => `${path.join('.')} (a ${kind})`;

/** Every way in, and every way on from there. */
function probesOf(field: Field, variables: Variables, hops: number): Probe[] {
  const type = getNamedType(field.type);
  return walksFrom(type, hops).map((walk) => ({
    name: `${field.name} > ${walkName(walk)}`,
    query: rootDocument('query', field, selectAlong(type, walk)),
    variables,
  }));
}
function entityProbes(type: (typeof entityTypes)[number], representation: Variables, hops: number): Probe[] {
  return walksFrom(type, hops).map((walk) => ({
    name: `_entities ${type.name} > ${walkName(walk)}`,
    query: entityDocument(type.name, selectAlong(type, walk)),
    variables: { representations: [{ __typename: type.name, ...representation }] },
  }));
}

/** Fields below the roots that take arguments, where an entity leads to them. */
const nestedFields = entityTypes.flatMap((type) =>
  fieldsOf(type).flatMap((field) => (field.args.length === 0 ? [] : [{ type, field }])),
);

let world: World;
let run: (probe: Probe) => Promise<Execution>;

/** A sandbox full of rows for the tests of a describe, as it was before each of them. */
function inWorld(options: SandboxOptions): void {
  beforeAll(async () => {
    world = await startWorld(options);
    const asAda = world.as(ada);
    run = async ({ query, variables }) => {
      for (const coordinate of coordinatesIn(query)) asked.add(coordinate);
      return asAda(query, variables);
    };
  });
  beforeEach(() => world.reset());
  afterAll(() => world[Symbol.asyncDispose]());
}

/** What tells the rows of a list apart. */
function nodeKeyOf(field: Field): string {
  const list = getNamedType(field.type) as (typeof entityTypes)[number];
  const nodes = list.getFields()['nodes'];
  return nodeKeys[getNamedType(nodes!.type).name]!;
}

/** That nothing leaked; with what the probe is, when something did. */
async function expectNothing(probe: Probe, sent: readonly string[] = []): Promise<Execution> {
  const answer = await run(probe);
  expect({ probe: probe.name, leaks: leaksOf(answer, sent) }).toEqual({ probe: probe.name, leaks: [] });
  return answer;
}

/** That what is theirs looks like what nobody has: the same answer, and Novu asked the same way. */
async function expectAlike(
  theirs: Probe,
  nobodys: Probe,
  sent: [readonly string[], readonly string[]],
): Promise<void> {
  const looked = async (probe: Probe, their: readonly string[]) => {
    const from = world.sandbox.requests.length;
    const answer = await expectNothing(probe, their);
    const requests = world.sandbox.requests.slice(from).map(({ method }) => method);
    return { probe: nobodys.name, requests, ...(comparable(answer, their) as object) };
  };
  const one = await looked(theirs, sent[0]);
  const other = await looked(nobodys, sent[1]);
  expect({ theirs: theirs.name, ...one }).toEqual({ theirs: theirs.name, ...other });
}

describe.each<[string, SandboxOptions]>([
  ['a Novu of today', { subscriberFilter: 'own' }],
  ['a Novu that lists shared connections with a subscriber', { subscriberFilter: 'mixed' }],
  ['an older Novu', { subscriberFilter: 'exact' }],
])('Ada, with %s', (_name, options) => {
  inWorld(options);
  const { subscriberFilter } = options;

  describe('reading her own', () => {
    it.each(queries.map((field) => [field.name, field] as const))(
      '%s leads to nothing else',
      async (name, field) => {
        let found = 0;
        for (const probe of probesOf(field, reads[name]!(ada), readHops)) {
          const answer = await expectNothing(probe);
          expect({ probe: probe.name, faults: faultsOf(answer) }).toEqual({ probe: probe.name, faults: [] });
          found += answer.text.includes('own-') || name === 'integrations' ? 1 : 0;
        }
        expect(found).toBeGreaterThan(0);
        expect(world.harm()).toEqual([]);
      },
    );

    it.each(entityTypes.map((type) => [type.name, type] as const))(
      'the entity %s leads to nothing else',
      async (name, type) => {
        for (const probe of entityProbes(type, entities[name]!(ada), readHops)) {
          const answer = await expectNothing(probe);
          expect({ probe: probe.name, faults: faultsOf(answer) }).toEqual({ probe: probe.name, faults: [] });
          expect(answer.data._entities[0]).not.toBeNull();
        }
      },
    );

    it.each([
      ...visible.connection.map((identifier) => ['ChannelConnection', identifier]),
      ...visible.endpoint.map((identifier) => ['ChannelEndpoint', identifier]),
    ])('%s %s leads to nothing else', async (name, identifier) => {
      const type = entityTypes.find((one) => one.name === name)!;
      for (const probe of entityProbes(type, { identifier }, readHops)) {
        const answer = await expectNothing(probe);
        expect(answer.data._entities[0]).toMatchObject({ identifier });
      }
    });

    it('finds all that is hers, and shared in her contexts, by identifier and as a page', async () => {
      const all = await run({
        name: 'all',
        query: `{
          a: channelConnections(first: 100) { totalCount nodes { identifier } }
          b: channelConnections(first: 100, filter: { contextKeys: ["tenant:a"] }) { totalCount nodes { identifier } }
          c: channelConnections(first: 100, filter: { contextKeys: ["team:a", "tenant:a"], connectionMode: SHARED }) { totalCount nodes { identifier } }
          d: channelEndpoints(first: 100) { totalCount nodes { identifier } }
          ${visible.connection.map((identifier, index) => `e${index}: channelConnection(identifier: "${identifier}") { identifier }`).join(' ')}
          ${visible.endpoint.map((identifier, index) => `f${index}: channelEndpoint(identifier: "${identifier}") { identifier }`).join(' ')}
        }`,
        variables: {},
      });
      const identifiers = (list: { nodes: { identifier: string }[] }) =>
        list.nodes.map(({ identifier }) => identifier).toSorted();
      expect(identifiers(all.data.a)).toEqual(
        visible.connection.filter((name) => name.startsWith('own')).toSorted(),
      );
      expect(identifiers(all.data.b)).toEqual(['own-connection']);
      expect(identifiers(all.data.c)).toEqual(subscriberFilter === 'exact' ? [] : ['shared-a-team']);
      expect(identifiers(all.data.d)).toEqual(visible.endpoint.toSorted());
      for (const list of [all.data.a, all.data.b, all.data.c, all.data.d])
        expect(list.totalCount).toBe(list.nodes.length);
      for (const [index, identifier] of visible.connection.entries())
        expect(all.data[`e${index}`]).toEqual({ identifier });
      for (const [index, identifier] of visible.endpoint.entries())
        expect(all.data[`f${index}`]).toEqual({ identifier });
    });

    it('never shows a token, whatever scopes the JWT holds', async () => {
      const answer = await run({
        name: 'tokens',
        query: '{ channelConnection(identifier: "own-connection") { auth { hasAccessToken accessToken } } }',
        variables: {},
      });
      expect(answer.data.channelConnection.auth).toEqual({ hasAccessToken: true, accessToken: null });
      expect(codesOf(answer)).toEqual(['FORBIDDEN']);
      expect(leaksOf(answer)).toEqual([]);
    });
  });

  describe('a filter', () => {
    /** For each field of a filter that names somebody's: the values to try, with those of others beside what nobody has. */
    const choices: Partial<Record<Kind, { value: unknown; nobodys?: unknown }[]>> = {
      subscriber: [
        { value: undefined },
        { value: ada.subscriberId },
        { value: bob.subscriberId, nobodys: names.subscriber.nobodys },
      ],
      contextId: [
        { value: undefined },
        { value: ada.tenant },
        { value: bob.tenant, nobodys: names.contextId.nobodys },
      ],
      connection: [
        { value: undefined },
        { value: ada.connection },
        ...hidden.connection.map((value) => ({ value, nobodys: names.connection.nobodys })),
      ],
      context: [
        { value: undefined },
        { value: [] },
        { value: ['tenant:a'] },
        { value: ['team:a', 'tenant:a'] },
        { value: [`tenant:${bob.tenant}`], nobodys: ['tenant:nobodys-tenant'] },
        { value: ['tenant:a', `team:${bob.tenant}`], nobodys: ['tenant:a', 'team:nobodys-tenant'] },
      ],
    };
    const modes = [undefined, 'SUBSCRIBER', 'SHARED'];

    type Combination = { theirs: Variables; nobodys: Variables; isForeign: boolean };
    function combinationsOf(field: Field): Combination[] {
      const filter = field.args.find(({ name }) => name === 'filter');
      if (filter === undefined) return [];
      const hasMode = JSON.stringify(
        Object.keys((getNamedType(filter.type) as never as { getFields(): object }).getFields()),
      ).includes('connectionMode');
      let all: Combination[] = (hasMode ? modes : [undefined]).map((connectionMode) => {
        const start = connectionMode === undefined ? {} : { connectionMode };
        return { theirs: start, nobodys: start, isForeign: false };
      });
      for (const { path, kind } of positionsOf('', field)) {
        if (path[0] !== 'filter' || path[1] === undefined || kind === undefined) continue;
        const [, name] = path;
        all = all.flatMap((one) =>
          (choices[kind] ?? [{ value: undefined }]).map(({ value, nobodys }) => ({
            theirs: value === undefined ? one.theirs : { ...one.theirs, [name]: value },
            nobodys: value === undefined ? one.nobodys : { ...one.nobodys, [name]: nobodys ?? value },
            isForeign: one.isForeign || nobodys !== undefined,
          })),
        );
      }
      return all;
    }

    const sentNames = [...hidden.connection, bob.subscriberId, bob.tenant].toSorted(
      (a, b) => b.length - a.length,
    );
    const listOf = (field: Field) =>
      `{ totalCount totalCountCapped pageInfo { hasNextPage hasPreviousPage } edges { node { ${nodeKeyOf(field)} } } }`;

    async function expectEach(
      name: string,
      combinations: Combination[],
      probeOf: (filter: Variables) => Probe,
      rowsOf: (answer: Execution) => { node: { identifier: string } }[] | undefined,
    ) {
      let found = 0;
      for (const { theirs, nobodys, isForeign } of combinations) {
        const probe = probeOf(theirs);
        const answer = await expectNothing(
          { ...probe, name: `${name} ${JSON.stringify(theirs)}` },
          sentNames,
        );
        const rows = (rowsOf(answer) ?? []).map(({ node }) => node.identifier);
        for (const identifier of rows) expect(Object.values(visible).flat()).toContain(identifier);
        found += rows.length;
        if (!isForeign) continue;
        const other = await run(probeOf(nobodys));
        expect({ theirs, status: answer.status, body: JSON.parse(answer.text) as unknown }).toEqual({
          theirs,
          status: other.status,
          body: JSON.parse(other.text) as unknown,
        });
      }
      expect(found).toBeGreaterThan(0);
      expect(combinations.some(({ isForeign }) => isForeign)).toBe(true);
    }

    it.each(
      queries
        .filter((field) => combinationsOf(field).length > 0)
        .map((field) => [field.name, field] as const),
    )('of %s finds nothing else, and nothing out, in any combination', async (name, field) => {
      await expectEach(
        name,
        combinationsOf(field),
        (filter) => ({
          name,
          query: rootDocument('query', field, listOf(field)),
          variables: { first: 100, filter },
        }),
        (answer) => answer.data?.[name]?.edges,
      );
    });

    it.each(
      nestedFields
        .filter(({ field }) => combinationsOf(field).length > 0)
        .map(({ type, field }) => [`${type.name}.${field.name}`, type, field] as const),
    )('of %s finds nothing else, and nothing out, in any combination', async (name, type, field) => {
      const filterType = String(field.args.find((argument) => argument.name === 'filter')?.type);
      const query = entityDocument(
        type.name,
        `{ ${field.name}(first: 100, filter: $filter) ${listOf(field)} }`,
        `($filter: ${filterType})`,
      );
      for (const persona of [ada, bob]) {
        const representations = [{ __typename: type.name, ...entities[type.name]!(persona) }];
        const trying = expectEach(
          `${name} of ${persona.subscriberId}`,
          combinationsOf(field),
          (filter) => ({ name, query, variables: { representations, filter } }),
          (answer) => answer.data?._entities?.[0]?.[field.name]?.edges,
        );
        if (persona === ada) await trying;
        else await expect(trying).rejects.toThrow(/expected 0 to be greater than 0/);
      }
    });
  });

  describe('without contexts in the token', () => {
    it('nothing that is shared is seen, and no context is used', async () => {
      const answer = await world.as({ ...ada, contexts: [] })(`{
        a: channelConnection(identifier: "shared-a") { identifier }
        b: channelConnections(filter: { contextKeys: ["tenant:a"], connectionMode: SHARED }) { nodes { identifier } }
        c: channelConnection(identifier: "own-connection") { identifier }
      }`);
      expect(answer.data).toEqual({ a: null, b: { nodes: [] }, c: { identifier: 'own-connection' } });
      for (const name of ['createChannelConnection', 'createChannelEndpoint', 'linkChannelEndpoint']) {
        const field = mutations.find((one) => one.name === name)!;
        const refused = await world.as({ ...ada, contexts: [] })(document(field), calls[name]!(ada));
        expect(codesOf(refused)).toEqual(['FORBIDDEN']);
      }
    });
    const document = (field: Field) => rootDocument('mutation', field, '{ __typename }');
  });
});

describe('Ada', () => {
  inWorld({});

  describe('reading what is somebody else’s', () => {
    const identified = queries.flatMap((field) =>
      positionsOf('Query', field)
        .filter(({ kind, path }) => path.length === 1 && kind !== undefined && kind in names)
        .map((position) => ({ field, position })),
    );
    it.each(
      identified.flatMap(({ field, position }) =>
        names[position.kind as 'connection'].theirs.map(
          (name) => [field.name, name, field, position] as const,
        ),
      ),
    )('%s of %s looks like that of nobody', async (_name, name, field, position) => {
      const { nobodys } = names[position.kind as 'connection'];
      const naming = (value: string) => withValue(reads[field.name]!(ada), position.path, value);
      const theirs = probesOf(field, naming(name), foreignHops);
      const others = probesOf(field, naming(nobodys), foreignHops);
      for (const [index, probe] of theirs.entries()) {
        await expectAlike(probe, others[index]!, [[name], [nobodys]]);
        const service = await world.asService(probe.query, probe.variables);
        expect(leaksOf(service, [name])).not.toEqual([]);
      }
    });

    const foreignEntities = entityTypes.flatMap((type) => {
      const kind = { ChannelConnection: 'connection', ChannelEndpoint: 'endpoint', Subscriber: 'subscriber' }[
        type.name
      ] as 'connection' | undefined;
      const key = Object.keys(entities[type.name]?.(bob) ?? {})[0]!;
      return kind === undefined
        ? []
        : names[kind].theirs.map((name) => [type.name, name, type, key, names[kind].nobodys] as const);
    });
    it.each(foreignEntities)(
      'the entity %s %s looks like that of nobody, whatever else the representation says',
      async (_type, name, type, key, nobodys) => {
        const claims = [
          {},
          {
            subscriberId: ada.subscriberId,
            contextKeys: ['tenant:a'],
            id: ada.connection,
            workspace: { id: 'x' },
          },
        ];
        for (const claimed of claims) {
          const theirs = entityProbes(type, { ...claimed, [key]: name }, foreignHops);
          const others = entityProbes(type, { ...claimed, [key]: nobodys }, foreignHops);
          for (const [index, probe] of theirs.entries())
            await expectAlike(probe, others[index]!, [[name], [nobodys]]);
        }
        const walks = entityProbes(type, { [key]: name }, 3);
        const services = await Promise.all(
          walks.map(({ query, variables }) => world.asService(query, variables)),
        );
        expect(services.some((answer) => leaksOf(answer, [name]).length > 0)).toBe(true);
      },
    );

    it('many at once, among her own, are as each alone', async () => {
      for (const [type, rows, mine] of [
        ['ChannelConnection', hidden.connection, visible.connection],
        ['ChannelEndpoint', hidden.endpoint, visible.endpoint],
      ] as const) {
        const all = [...rows, 'nobodys', ...mine, 'nobodys-either', 'nor-this'];
        const answer = await expectNothing(
          {
            name: 'many',
            query: entityDocument(type, '{ identifier updatedAt }'),
            variables: { representations: all.map((identifier) => ({ __typename: type, identifier })) },
          },
          all,
        );
        expect(answer.data._entities).toEqual(
          all.map((identifier) => ({
            identifier,
            updatedAt: (mine as readonly string[]).includes(identifier) ? expect.any(String) : null,
          })),
        );
      }
    });
  });

  describe('a cursor', () => {
    const lists = [
      ...queries
        .filter(({ args }) => args.some(({ name }) => name === 'after'))
        .map((field) => ({ field, type: undefined })),
      ...nestedFields.filter(({ field }) => field.args.some(({ name }) => name === 'after')),
    ];
    const cases = lists.map(
      ({ type, field }) =>
        [type === undefined ? field.name : `${type.name}.${field.name}`, type, field] as const,
    );
    type Page = { edges: { cursor: string; node: { identifier: string } }[] };

    function documentOf(type: (typeof entityTypes)[number] | undefined, field: Field, args: string): string {
      const list = `${field.name}(${args}) { edges { cursor node { ${nodeKeyOf(field)} } } }`;
      return type === undefined ? `{ ${list} }` : entityDocument(type.name, `{ ${list} }`);
    }
    const variablesOf = (type: (typeof entityTypes)[number] | undefined, persona: typeof ada): Variables =>
      type === undefined
        ? {}
        : { representations: [{ __typename: type.name, ...entities[type.name]!(persona) }] };
    const pageOf = (
      type: (typeof entityTypes)[number] | undefined,
      field: Field,
      { data }: Execution,
    ): Page => (type === undefined ? data[field.name] : data._entities[0][field.name]);

    it.each(cases)('of somebody else’s list leads nowhere: %s', async (name, type, field) => {
      for (const send of [world.as(bob), world.asService]) {
        const page = pageOf(
          type,
          field,
          await send(documentOf(type, field, 'first: 100'), variablesOf(type, bob)),
        );
        expect(page.edges.length).toBeGreaterThan(0);
        for (const { cursor } of page.edges) {
          for (const args of [`first: 5, after: "${cursor}"`, `last: 5, before: "${cursor}"`]) {
            const probe = { name, query: documentOf(type, field, args), variables: variablesOf(type, ada) };
            expect(codesOf(await expectNothing(probe))).toEqual(['INVALID_CURSOR']);
          }
        }
      }
    });

    it.each(cases)('that is made up does not tell whether a row exists: %s', async (name, type, field) => {
      const own = pageOf(
        type,
        field,
        await run({ name, query: documentOf(type, field, 'first: 1'), variables: variablesOf(type, ada) }),
      );
      const parts = JSON.parse(Buffer.from(own.edges[0]!.cursor, 'base64url').toString()) as unknown[];
      const forge = (id: string) =>
        Buffer.from(JSON.stringify([...parts.slice(0, 2), id])).toString('base64url');
      const rows = [...world.sandbox.connections(), ...world.sandbox.endpoints()];
      for (const { _id, identifier } of rows.filter((row) => row.identifier.startsWith(mark))) {
        for (const args of ['first: 5, after: ', 'last: 5, before: ']) {
          const probe = (id: string) => ({
            name: `${name} ${identifier}`,
            query: documentOf(type, field, `${args}"${forge(id)}"`),
            variables: variablesOf(type, ada),
          });
          await expectAlike(probe(_id), probe('00000000ffffffffffffffff'), [
            [forge(_id), _id],
            [forge('00000000ffffffffffffffff'), '00000000ffffffffffffffff'],
          ]);
        }
      }
    });
  });

  describe('writing', () => {
    const document = (field: Field) =>
      rootDocument('mutation', field, selectAll(getNamedType(field.type), 4));
    const hasKey = (field: Field) => field.args.some(({ name }) => name === 'idempotencyKey');
    const withKey = (field: Field, variables: Variables, key = freshKey()): Variables =>
      hasKey(field) ? { ...variables, idempotencyKey: key } : variables;
    const probeOf = (field: Field, variables: Variables): Probe => ({
      name: `${field.name} ${JSON.stringify(variables)}`,
      query: document(field),
      variables,
    });
    const ofUsers = mutations.filter((field) => !isForServices(field));
    const cases = ofUsers.map((field) => [field.name, field] as const);
    const casesOf = (...wanted: Kind[]) =>
      ofUsers.flatMap((field) =>
        positionsOf('Mutation', field)
          .filter(({ kind }) => kind !== undefined && wanted.includes(kind))
          .map((position) => [field.name, positionName(position), field, position] as const),
      );

    it.each(cases)('%s works on her own, and leads to nothing else', async (name, field) => {
      for (const walk of walksFrom(getNamedType(field.type), writeHops)) {
        await world.reset();
        const query = rootDocument('mutation', field, selectAlong(getNamedType(field.type), walk));
        const probe = {
          name: `${name} > ${walkName(walk)}`,
          query,
          variables: withKey(field, calls[name]!(ada)),
        };
        const answer = await expectNothing(probe);
        expect({
          probe: probe.name,
          faults: faultsOf(answer),
          errors: answer.data?.[name]?.userErrors ?? [],
        }).toEqual({
          probe: probe.name,
          faults: [],
          errors: [],
        });
        expect(world.harm()).toEqual([]);
      }
    });

    it.each(casesOf('connection', 'endpoint'))(
      '%s with the %s of somebody else is like that of nobody',
      async (name, _position, field, position) => {
        const { theirs, nobodys } = names[position.kind as 'connection'];
        for (const their of theirs) {
          const keys = [freshKey(), freshKey()] as const;
          const variables = (value: string, key: string) =>
            withKey(field, withValue(calls[name]!(ada), position.path, value), key);
          await expectAlike(
            probeOf(field, variables(their, keys[0])),
            probeOf(field, variables(nobodys, keys[1])),
            [
              [their, keys[0]],
              [nobodys, keys[1]],
            ],
          );
          expect(world.harm()).toEqual([]);
          expect(world.sandbox.journal).toEqual([]);
        }
        // A service would have done it.
        const service = await world.asService(
          document(field),
          withKey(field, withValue(calls[name]!(ada), position.path, theirs[0])),
        );
        expect(service.data[name].userErrors).toEqual([]);
      },
    );

    it.each(casesOf('subscriber', 'context'))(
      '%s with the %s of somebody else is FORBIDDEN, and Novu is not asked',
      async (name, _position, field, position) => {
        const { theirs, nobodys } = names[position.kind as 'subscriber'];
        for (const value of [...theirs, nobodys]) {
          const variables = withKey(
            field,
            withValue(calls[name]!(ada), position.path, valueFor(position, value)),
          );
          const answer = await expectNothing(probeOf(field, variables), [value]);
          expect(answer.errors).toMatchObject([{ path: [name], extensions: { code: 'FORBIDDEN' } }]);
          expect(answer.data).toEqual({ [name]: null });
          expect(answer.text).not.toContain(value);
        }
        expect(world.sandbox.requests).toEqual([]);
      },
    );

    it.each(casesOf('context'))(
      '%s with one %s of hers and one of somebody else’s is FORBIDDEN',
      async (name, _position, field, position) => {
        const both = [
          { type: 'tenant', id: 'a' },
          { type: 'team', id: bob.tenant },
        ];
        const answer = await run(
          probeOf(field, withKey(field, withValue(calls[name]!(ada), position.path, both))),
        );
        expect(codesOf(answer)).toEqual(['FORBIDDEN']);
        expect(world.sandbox.requests).toEqual([]);
      },
    );

    it.each(casesOf('subscriber'))(
      '%s without a %s is for a context of hers, or for nobody',
      async (name, _position, field, position) => {
        const variables = withKey(field, withValue(calls[name]!(ada), position.path, null));
        const answer = await expectNothing(probeOf(field, variables));
        const made = [...world.sandbox.connections(), ...world.sandbox.endpoints()].filter(({ identifier }) =>
          /^ch(?:conn|endp)_/.test(identifier),
        );
        for (const row of made) expect(row).toMatchObject({ subscriberId: null, contextKeys: ['tenant:a'] });
        expect(answer.status === 200 || made.length === 0).toBe(true);
      },
    );

    it.each(casesOf('newConnection', 'newEndpoint'))(
      '%s with an %s of her choice is refused, whoever has it, and Novu is not asked',
      async (name, _position, field, position) => {
        const taken =
          position.kind === 'newConnection'
            ? [...hidden.connection, 'linked-hidden', ...visible.connection]
            : [...hidden.endpoint, ...visible.endpoint];
        for (const identifier of [...taken, 'nobodys']) {
          const variables = withKey(field, withValue(calls[name]!(ada), position.path, identifier));
          const answer = await expectNothing(probeOf(field, variables), [identifier]);
          const { userErrors, channelConnection, channelEndpoint } = answer.data[name];
          expect(userErrors).toMatchObject([
            { __typename: 'NovuValidationError', NovuValidationError_path: ['input', 'identifier'] },
          ]);
          expect(channelConnection ?? channelEndpoint ?? null).toBeNull();
          expect(answer.text).not.toContain(identifier);
        }
        expect(world.sandbox.requests).toEqual([]);
      },
    );

    it.each(casesOf('key'))(
      '%s with the %s of somebody else does not meet what they did',
      async (name, _position, field) => {
        for (const first of [world.as(bob), world.asService]) {
          await world.reset();
          const key = freshKey();
          const theirs = await first(document(field), withKey(field, calls[name]!(bob), key));
          expect(theirs.data[name].userErrors).toEqual([]);
          const mine = await expectNothing(probeOf(field, withKey(field, calls[name]!(ada), key)));
          expect(mine.data[name]).toMatchObject({ userErrors: [], idempotency: { key, replayed: false } });
        }
      },
    );

    it.each(casesOf('newConnection', 'newEndpoint'))(
      '%s without an %s makes another one than somebody else with the same key',
      async (name, _position, field, position) => {
        const key = freshKey();
        const unnamed = (persona: typeof ada) =>
          withKey(field, withValue(calls[name]!(persona), position.path, null), key);
        const theirs = await world.as(bob)(document(field), unnamed(bob));
        const mine = await expectNothing(probeOf(field, unnamed(ada)));
        expect([theirs.data[name].userErrors, mine.data[name].userErrors]).toEqual([[], []]);
        const made = ({ data }: Execution) =>
          (data[name].channelConnection ?? data[name].channelEndpoint)?.identifier as string | undefined;
        if (made(mine) !== undefined) expect(made(mine)).not.toBe(made(theirs));
      },
    );

    it.each(mutations.filter((field) => isForServices(field)).map((field) => [field.name, field] as const))(
      '%s is for services alone, her own or not, and Novu is not asked',
      async (name, field) => {
        for (const persona of [ada, bob]) {
          const answer = await run(probeOf(field, withKey(field, calls[name]!(persona))));
          expect(codesOf(answer)).toEqual(['FORBIDDEN']);
        }
        expect(world.sandbox.requests).toEqual([]);
      },
    );

    it('one after the other in a document still ends with nothing of somebody else’s', async () => {
      const fields = ofUsers.filter(({ name }) => /^(?:update|delete|verify)Channel/.test(name));
      const parts = fields.map((field) => {
        const variables = calls[field.name]!(bob);
        const passed = Object.keys(variables)
          .map((name) => `${name}: $${field.name}_${name}`)
          .join(', ');
        return {
          text: `${field.name}(${passed}) ${selectAll(getNamedType(field.type), 1)}`,
          defined: field.args
            .filter(({ name }) => name in variables)
            .map(({ name, type }) => `$${field.name}_${name}: ${String(type)}`),
          variables: Object.fromEntries(
            Object.entries(variables).map(([name, value]) => [`${field.name}_${name}`, value]),
          ),
        };
      });
      const answer = await expectNothing({
        name: 'all at once',
        query: `mutation (${parts.flatMap(({ defined }) => defined).join(', ')}) { ${parts.map(({ text }) => text).join(' ')} }`,
        variables: Object.assign({}, ...parts.map(({ variables }) => variables)) as Variables,
      });
      for (const { name } of fields)
        expect(answer.data[name].userErrors).toMatchObject([{ NovuNotFoundError_code: 'NOT_FOUND' }]);
      expect(world.harm()).toEqual([]);
    });
  });
});

describe('an object of Ada’s that names another one', () => {
  inWorld({});
  const linked = 'own-endpoint-linked';
  const codes = (answer: Execution, name: string) =>
    answer.data[name].userErrors.map(({ code }: { code: string }) => code);

  const updateLinked = `mutation { updateChannelEndpoint(identifier: "${linked}", input: { address: { slackUser: { userId: "U9" } } }) { channelEndpoint { identifier } userErrors { code message path } } }`;

  it('(an endpoint) shows no connection where that is somebody else’s', async () => {
    const answer = await expectNothing({
      name: 'linked',
      query: `{ channelEndpoint(identifier: "${linked}") { identifier connectionIdentifier connection { identifier } } }`,
      variables: {},
    });
    expect(answer.data.channelEndpoint).toEqual({
      identifier: linked,
      connectionIdentifier: 'linked-hidden',
      connection: null,
    });
  });

  it('(an endpoint) is not updated while the connection is somebody else’s, or gone: the same answer', async () => {
    const theirs = await run({ name: 'update', query: updateLinked, variables: {} });
    await world.asService(
      'mutation { deleteChannelConnection(identifier: "linked-hidden") { deletedIdentifier } }',
    );
    const gone = await run({ name: 'update', query: updateLinked, variables: {} });
    for (const { data } of [theirs, gone])
      expect(data.updateChannelEndpoint).toEqual({
        channelEndpoint: null,
        userErrors: [
          {
            code: 'NOT_FOUND',
            message: "The connection that the endpoint's connectionIdentifier names does not exist.",
            path: ['identifier'],
          },
        ],
      });
    expect(world.sandbox.requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
    const service = await world.asService(updateLinked);
    expect(codes(service, 'updateChannelEndpoint')).toEqual([]);
  });

  it('(an endpoint) is not updated when the connection changes hands between two tries', async () => {
    const { sandbox } = world;
    let patches = 0;
    sandbox.onRequest = ({ method, path }) => {
      if (method === 'PATCH') {
        patches += 1;
        return { kind: 'rate-limited', retryAfterSeconds: 0 };
      }
      if (patches === 0 || !path.endsWith('/own-connection')) return undefined;
      return {
        kind: 'body',
        body: (normal) => ({
          data: { ...(normal as { data: object }).data, subscriberId: bob.subscriberId },
        }),
      };
    };
    const answer = await expectNothing({
      name: 'update',
      query: updateLinked.replace(linked, ada.endpoint),
      variables: {},
    });
    sandbox.onRequest = undefined;
    expect(codes(answer, 'updateChannelEndpoint')).toEqual(['NOT_FOUND']);
    expect(patches).toBe(1);
  });

  it.each(['generateConnectOAuthUrl', 'generateLinkUserOAuthUrl'])(
    '(a link of %s) is made for an existing connection of hers alone, and again before each try',
    async (name) => {
      const field = mutations.find((one) => one.name === name)!;
      const query = rootDocument('mutation', field, '{ url userErrors { code message path } }');
      const ask = (connectionIdentifier: string) => {
        const { input } = calls[name]!(ada) as { input: object };
        return run({
          name,
          query,
          variables: { input: { ...input, connectionIdentifier }, idempotencyKey: freshKey() },
        });
      };
      expect((await ask(ada.connection)).data[name]).toMatchObject({ userErrors: [] });
      const refused = [];
      for (const identifier of [...hidden.connection, 'linked-hidden', 'nobodys'])
        refused.push((await ask(identifier)).data[name]);
      expect(refused[0]).toMatchObject({
        url: null,
        userErrors: [{ code: 'NOT_FOUND', path: ['input', 'connectionIdentifier'] }],
      });
      expect(new Set(refused.map((payload) => JSON.stringify(payload))).size).toBe(1);

      const { sandbox } = world;
      let posts = 0;
      sandbox.onRequest = ({ method }) => {
        if (method === 'POST') {
          posts += 1;
          return { kind: 'rate-limited', retryAfterSeconds: 0 };
        }
        return posts === 0 ? undefined : { kind: 'status', status: 404 };
      };
      await ask(ada.connection);
      sandbox.onRequest = undefined;
      expect(posts).toBe(1);
    },
  );

  it('(an endpoint) does not wait for whoever gets the name of a connection next', async () => {
    const ask = (query: string, variables: Variables) => run({ name: query, query, variables });
    const made = await ask(
      'mutation ($input: CreateChannelConnectionInput!) { createChannelConnection(input: $input) { channelConnection { identifier } } }',
      calls['createChannelConnection']!(ada),
    );
    const { identifier } = made.data.createChannelConnection.channelConnection;
    await ask(
      'mutation ($input: CreateChannelEndpointInput!) { createChannelEndpoint(input: $input) { userErrors { code } } }',
      {
        input: {
          subscriberId: ada.subscriberId,
          integrationIdentifier: 'teams-prod',
          connectionIdentifier: identifier,
          context: [{ type: 'tenant', id: 'a' }],
          address: { msTeamsUser: { userId: 'own-teams-user' } },
        },
      },
    );
    const naming = () =>
      world.sandbox.endpoints().filter(({ connectionIdentifier }) => connectionIdentifier === identifier);
    expect(naming()).toHaveLength(1);
    await ask(
      'mutation ($identifier: ID!) { deleteChannelConnection(identifier: $identifier) { deletedIdentifier } }',
      { identifier },
    );
    expect(naming()).toEqual([]);
    const bobs = await world.as(bob)(
      'mutation ($input: CreateChannelConnectionInput!) { createChannelConnection(input: $input) { userErrors { code path } } }',
      { input: { ...(calls['createChannelConnection']!(bob)['input'] as object), identifier } },
    );
    expect(bobs.data.createChannelConnection.userErrors).toEqual([
      { code: 'INVALID_INPUT', path: ['input', 'identifier'] },
    ]);
  });

  it('(a connection) is deleted without the endpoints of others that name it', async () => {
    const query =
      'mutation { deleteChannelConnection(identifier: "own-connection", withEndpoints: true) { deletedIdentifier deletedEndpointIdentifiers remainingEndpoints { totalCount nodes { identifier } } } }';
    const answer = await expectNothing({ name: 'delete', query, variables: {} });
    expect(answer.data.deleteChannelConnection).toEqual({
      deletedIdentifier: 'own-connection',
      deletedEndpointIdentifiers: ['own-endpoint'],
      remainingEndpoints: { totalCount: 0, nodes: [] },
    });
    expect(world.harm()).toEqual([]);
  });
});

describe('the SDL', () => {
  it('is for services, introspection or not', async () => {
    await using world = await startWorld();
    const query = '{ _service { sdl } }';
    const introspection = '{ __schema { queryType { name } } }';
    const service = await world.asService(query);
    expect(service.data._service.sdl).toContain('type ChannelConnection');
    expect(new Set(codesOf(await world.asService(introspection)))).toEqual(
      new Set(['GRAPHQL_VALIDATION_FAILED']),
    );
    const user = await world.as(ada)(query);
    expect(codesOf(user)).toEqual(['FORBIDDEN']);
    expect(user.text).not.toContain('type ChannelConnection');
    expect(new Set(codesOf(await world.as(ada)(introspection)))).toEqual(
      new Set(['GRAPHQL_VALIDATION_FAILED']),
    );
  });
});

describe('this suite', () => {
  const all = [
    ...queries.flatMap((field) => positionsOf('Query', field)),
    ...mutations.flatMap((field) => positionsOf('Mutation', field)),
    ...nestedFields.flatMap(({ type, field }) => positionsOf(type.name, field)),
  ];

  it('knows what every text that the schema takes may name', () => {
    expect(all.filter(({ kind }) => kind === undefined).map(({ coordinate }) => coordinate)).toEqual([]);
    const used = new Set(all.flatMap(({ coordinate }) => [coordinate, `*.${coordinate.split('.').at(-1)}`]));
    expect(Object.keys(kinds).filter((coordinate) => !used.has(coordinate))).toEqual([]);
  });

  it('has a call for every query, every mutation and every entity', () => {
    expect(Object.keys(reads).toSorted()).toEqual(queries.map(({ name }) => name).toSorted());
    expect(Object.keys(calls).toSorted()).toEqual(mutations.map(({ name }) => name).toSorted());
    expect(Object.keys(entities).toSorted()).toEqual(entityTypes.map(({ name }) => name).toSorted());
  });

  it('reaches every field that takes arguments from a root or an entity', () => {
    const reached = new Set([...queries, ...mutations, ...nestedFields.map(({ field }) => field)]);
    const withArguments = Object.values(schema.getTypeMap())
      .filter((type) => 'getFields' in type && !type.name.startsWith('_'))
      .flatMap((type) =>
        Object.values((type as unknown as { getFields(): Record<string, Field> }).getFields()),
      )
      .filter((field) => field.args?.length > 0 && !field.name.startsWith('_'));
    expect(withArguments.filter((field) => !reached.has(field)).map(({ name }) => name)).toEqual([]);
  });

  it('has asked for every field of the schema', () => {
    expect(everyCoordinate().filter((coordinate) => !asked.has(coordinate))).toEqual([]);
    expect(asked.size).toBeGreaterThan(100);
  });
});
