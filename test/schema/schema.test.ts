import { readFileSync } from 'node:fs';
import {
  assertValidSchema,
  buildASTSchema,
  buildSchema,
  type GraphQLArgument,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isUnionType,
  parse,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { printClientSchema, printSchema } from '../../src/schema/print.ts';
import { fieldPolicy } from '../../src/graphql/policy.ts';
import { schema } from '../../src/schema/schema.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const directivesOf = (sdl: string) =>
  parse(sdl).definitions.flatMap((node) =>
    'directives' in node && 'name' in node
      ? (node.directives ?? []).map(
          (directive) =>
            `${node.name?.value} @${directive.name.value}${(directive.arguments ?? []).map((argument) => ` ${argument.name.value}=${'value' in argument.value ? String(argument.value.value) : ''}`).join('')}`,
        )
      : [],
  );

/** One line for each thing that a client can rely on. */
function promises(of: GraphQLSchema): Set<string> {
  const argument = (owner: string, { name, type, defaultValue }: GraphQLArgument) =>
    `${owner}(${name}:): ${String(type)} = ${JSON.stringify(defaultValue)}`;
  const describeType = (type: GraphQLNamedType): string[] => {
    if (isEnumType(type)) return type.getValues().map(({ name }) => `${type.name}.${name}`);
    if (isUnionType(type)) return type.getTypes().map(({ name }) => `${type.name} = ${name}`);
    if (isInputObjectType(type)) {
      return Object.values(type.getFields()).map(
        (field) =>
          `${type.name}.${field.name}: ${String(field.type)} = ${JSON.stringify(field.defaultValue)}`,
      );
    }
    if (!isObjectType(type) && !isInterfaceType(type)) return [];
    return [
      ...type.getInterfaces().map(({ name }) => `${type.name} implements ${name}`),
      ...Object.values(type.getFields()).flatMap((field) => [
        `${type.name}.${field.name}: ${String(field.type)}`,
        ...field.args.map((one) => argument(`${type.name}.${field.name}`, one)),
      ]),
    ];
  };
  return new Set(
    Object.values(of.getTypeMap())
      .filter(({ name }) => !name.startsWith('__'))
      .flatMap((type) => [`${type.constructor.name} ${type.name}`, ...describeType(type)]),
  );
}

const isOurs = ({ name }: { name: string }) => !name.startsWith('_');
const types = Object.values(schema.getTypeMap()).filter(isOurs);
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

describe('schema/schema.graphql', () => {
  it('is what the code prints (npm run schema)', () => {
    expect(read('../../schema/schema.graphql')).toBe(printSchema());
  });

  it('has a companion for clients, which is a schema by itself', () => {
    const sdl = read('../../schema/client.graphql');
    expect(sdl).toBe(printClientSchema());
    expect(sdl).not.toMatch(/@(?:link|key|tag|shareable|cost|listSize)\b/);
    expect(() => assertValidSchema(buildSchema(sdl))).not.toThrow();
  });

  it('is sorted, so that a difference shows what changed', () => {
    const names = parse(printSchema()).definitions.flatMap((node) =>
      'name' in node && node.name !== undefined ? [node.name.value] : [],
    );
    expect(names).toEqual(names.toSorted((one, other) => (one < other ? -1 : 1)));
  });
});

describe('the schema', () => {
  const contract = read('../support/contract.graphql');

  it('is valid', () => {
    expect(() => assertValidSchema(schema)).not.toThrow();
  });

  it('holds everything that was promised', () => {
    const kept = promises(schema);
    const promised = promises(buildASTSchema(parse(contract), { assumeValidSDL: true }));
    expect(promised.size).toBeGreaterThan(150);
    expect([...promised].filter((line) => !kept.has(line))).toEqual([]);
  });

  it('has the keys and the shareable types that a supergraph needs', () => {
    expect(directivesOf(printSchema())).toEqual(expect.arrayContaining(directivesOf(contract)));
  });

  it('answers every mutation with a nullable payload of the same shape, so that one failure leaves the others standing', () => {
    for (const mutation of mutations) {
      expect(isObjectType(mutation.type), `${mutation.name} is nullable`).toBe(true);
      const payload = getNamedType(mutation.type);
      const fields = isObjectType(payload) ? payload.getFields() : {};
      const shape = Object.fromEntries(Object.values(fields).map(({ name, type }) => [name, String(type)]));
      expect(shape, mutation.name).toMatchObject({
        userErrors: '[NovuUserError!]!',
        rateLimit: 'NovuRateLimit',
        headers: '[NovuHttpHeader!]!',
      });
      const takesKey = mutation.args.some(({ name }) => name === 'idempotencyKey');
      expect(shape['idempotency'], mutation.name).toBe(takesKey ? 'NovuIdempotency!' : undefined);
    }
  });

  it('takes tokens as Secret alone and gives none of that type out', () => {
    for (const type of types) {
      if (isInputObjectType(type)) {
        for (const field of Object.values(type.getFields())) {
          if (/token$|secret|password|apiKey|routingKey/i.test(field.name))
            expect(getNamedType(field.type).name, `${type.name}.${field.name}`).toBe('NovuSecret');
        }
      }
      if (isObjectType(type) || isInterfaceType(type)) {
        for (const field of Object.values(type.getFields()))
          expect(getNamedType(field.type).name, `${type.name}.${field.name}`).not.toBe('NovuSecret');
      }
    }
  });

  it('gives every type but the entities a name of this domain, which no other subgraph would take', () => {
    const shared = new Set([
      'Query',
      'Mutation',
      'PageInfo',
      'DateTime',
      'JSONObject',
      'Int',
      'Float',
      'String',
      'ID',
      'Boolean',
    ]);
    const entities = ['Channel(?:Connection|Endpoint)', 'Integration', 'Subscriber', 'Context'];
    const ofDomain = /^Novu|^Channel|EndpointAddress(?:Input)?$|(?:Input|Payload)$/;
    const ofOthers = types
      .map(({ name }) => name)
      .filter(
        (name) =>
          !shared.has(name) && !ofDomain.test(name) && !new RegExp(`^(?:${entities.join('|')})`).test(name),
      );
    expect(ofOthers).toEqual(['ExistingChannelRow']);
  });

  it('answers null where Novu is asked and fails, so that other data survives', () => {
    const fields = types.filter(isObjectType).flatMap((type) => Object.values(type.getFields()));
    const asking = fields.filter((field) => !['nothing', undefined].includes(fieldPolicy(field)?.asks));
    expect(asking.length).toBeGreaterThan(20);
    expect(asking.filter(({ type }) => isNonNullType(type)).map(({ name }) => name)).toEqual([]);
  });

  it('tags what a contract for the public leaves out', () => {
    const tagged = types
      .filter(isObjectType)
      .flatMap((type) => Object.values(type.getFields()))
      .filter(({ name }) => ['headers', 'rateLimit', 'accessToken'].includes(name));
    expect(tagged.length).toBeGreaterThan(20);
    for (const { name, extensions } of tagged)
      expect(extensions, name).toMatchObject({
        directives: expect.arrayContaining([{ name: 'tag', args: { name: 'internal' } }]),
      });
  });

  it.each(['NovuChannelType', 'NovuProvider', 'NovuUserErrorCode'])(
    '%s has a value for what comes later',
    (name) => {
      const type = schema.getType(name);
      expect(isEnumType(type) && type.getValue('UNRECOGNIZED')).toBeTruthy();
    },
  );

  it('leaves what a row, a page or a payload holds under the same name to the executor, without a resolver', () => {
    const resolved = types
      .filter(isObjectType)
      .filter(({ name }) =>
        /(?:Connection|Edge|Payload)s?$|^(?:PageInfo|NovuRateLimit|NovuHttpHeader|NovuIdempotency)$/.test(
          name,
        ),
      )
      .flatMap((type) => Object.values(type.getFields()).filter(({ resolve }) => resolve !== undefined))
      .map(({ name }) => name);
    for (const name of [
      'edges',
      'nodes',
      'node',
      'cursor',
      'pageInfo',
      'totalCount',
      'userErrors',
      'idempotency',
      'key',
      'limit',
    ])
      expect(resolved).not.toContain(name);
  });

  it('describes every input, its fields, and every argument', () => {
    type Part = [coordinate: string, description: string | null | undefined];
    const parts = types.flatMap((type): Part[] => {
      if (isInputObjectType(type))
        return [
          [type.name, type.description],
          ...Object.values(type.getFields()).map(
            ({ name, description }): Part => [`${type.name}.${name}`, description],
          ),
        ];
      if (!isObjectType(type)) return [];
      return Object.values(type.getFields()).flatMap((field) =>
        field.args.map(
          ({ name, description }): Part => [`${type.name}.${field.name}(${name}:)`, description],
        ),
      );
    });
    expect(parts.length).toBeGreaterThan(100);
    expect(parts.filter(([, description]) => !description).map(([coordinate]) => coordinate)).toEqual([]);
  });

  it('says what each of its queries and mutations does', () => {
    const fields = [...Object.values(schema.getQueryType()?.getFields() ?? {}).filter(isOurs), ...mutations];
    expect(fields.filter(({ description }) => !description).map(({ name }) => name)).toEqual([]);
  });
});
