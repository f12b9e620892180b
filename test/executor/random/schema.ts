import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  GraphQLFloat,
  GraphQLID,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLNullableType,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  valueFromASTUntyped,
} from 'graphql';
import { Choices } from './choices.ts';
import { makeOutcome, type Values } from './values.ts';

export type RandomSchema = {
  schema: GraphQLSchema;
  /** The input types that variables may have. */
  inputTypes: readonly GraphQLInputType[];
  /** What resolvers were called with since it was last emptied, in order. */
  calls: string[];
};

type Fields = Record<string, GraphQLFieldConfig<unknown, unknown>>;

/** A schema with everything that execution has to do with, and resolvers whose answers follow from seed and path. */
export function makeSchema(seed: number): RandomSchema {
  const choices = new Choices(seed, 'schema');
  const calls: string[] = [];
  const values = {
    garbage: choices.pick([0, 0.02, 0.1, 0.3]),
    promised: choices.pick([0, 0, 0.1, 0.4]),
  };
  const leaves = makeLeaves();
  const inputs = makeInputs(choices, leaves);
  const inputTypes = [...leaves, ...inputs].flatMap((type) => [
    type,
    wrap(choices, type),
    wrap(choices, type),
  ]);

  const interfaces = choices.many(2, (index): GraphQLInterfaceType => {
    const name = `Node${index}`;
    return new GraphQLInterfaceType({
      name,
      fields: () => shared[index] as Fields,
      ...typeResolver(choices),
    });
  });
  const objects = choices.many(4, (index): GraphQLObjectType => {
    const implemented = interfaces.filter((_, at) => (index + at) % 2 === 0 || index === 3);
    return new GraphQLObjectType({
      name: `Object${index}`,
      interfaces: implemented,
      fields: () => ({
        ...own[index],
        ...Object.assign({}, ...interfaces.map((one, at) => (implemented.includes(one) ? shared[at] : {}))),
      }),
      ...isTypeOf(choices, `Object${index}`),
    });
  });
  const union = new GraphQLUnionType({
    name: 'Either',
    types: objects.slice(0, 3),
    ...typeResolver(choices),
  });
  const outputs: readonly GraphQLOutputType[] = [
    ...leaves,
    ...objects,
    ...objects,
    ...interfaces,
    union,
    union,
  ];

  const makeField = (withResolver: boolean): GraphQLFieldConfig<unknown, unknown> => {
    const field: GraphQLFieldConfig<unknown, unknown> = { type: wrap(choices, choices.pick(outputs)) };
    if (choices.chance(0.4)) field.args = makeArguments(choices, inputTypes);
    const style = withResolver ? 0 : choices.below(4);
    if (style < 1) field.resolve = makeResolver();
    return field;
  };
  const makeResolver = () => {
    const mutates = choices.chance(0.2);
    return (_source: unknown, args: Record<string, unknown>, _context: unknown, info: GraphQLResolveInfo) => {
      const call = describeCall(args, info);
      calls.push(call);
      if (mutates) args['added'] = 'by a resolver';
      return makeOutcome(bound, new Choices(seed, call), info.returnType, 3);
    };
  };
  const makeFields = (prefix: string, count: number, withResolver = false): Fields =>
    Object.fromEntries(
      choices.many(count, (index) => {
        const name = `${prefix}${index}`;
        const field = makeField(withResolver);
        if (field.resolve === undefined && choices.chance(0.3)) {
          field.resolve = (source) => (source as Record<string, unknown>)[name];
        }
        return [name, field];
      }),
    );
  const shared = interfaces.map((_, index) => makeFields(`n${index}_`, 2));
  const own = objects.map(() => makeFields('f', 4));

  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: makeFields('q', 6, choices.chance(0.9)) }),
    mutation: new GraphQLObjectType({ name: 'Mutation', fields: makeFields('m', 4, true) }),
    types: [...objects, ...inputs],
  });
  const bound: Values = { schema, ...values };
  return { schema, inputTypes, calls };
}

/** All that a resolver is told. */
function describeCall(args: Record<string, unknown>, info: GraphQLResolveInfo): string {
  const path: string[] = [];
  for (let at: GraphQLResolveInfo['path'] | undefined = info.path; at !== undefined; at = at.prev) {
    path.unshift(`${at.typename ?? ''}.${at.key}`);
  }
  const { fieldName, fieldNodes, returnType, parentType, variableValues, operation, ...rest } = { ...info };
  return [
    path.join('/'),
    showJson(args),
    `${parentType.name}.${fieldName}: ${String(returnType)}`,
    fieldNodes.map(({ loc }) => loc?.start).join(),
    showJson(variableValues),
    operation.name?.value,
    Object.keys(rest).join(),
    Object.keys(info.fragments).join(),
  ].join(' ');
}

function showJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'bigint' || typeof one === 'symbol' || Number.isNaN(one) ? String(one) : one,
  );
}

function wrap<Type extends GraphQLNullableType>(choices: Choices, type: Type): Type {
  let wrapped: GraphQLNullableType = type;
  if (choices.chance(0.35)) {
    wrapped = new GraphQLList(choices.chance(0.4) ? new GraphQLNonNull(wrapped) : wrapped);
    if (choices.chance(0.15))
      wrapped = new GraphQLList(choices.chance(0.4) ? new GraphQLNonNull(wrapped) : wrapped);
  }
  return (choices.chance(0.3) ? new GraphQLNonNull(wrapped) : wrapped) as unknown as Type;
}

function makeLeaves(): readonly (GraphQLScalarType | GraphQLEnumType)[] {
  const color = new GraphQLEnumType({
    name: 'Color',
    values: { RED: {}, GREEN: { value: 2 }, BLUE: { value: { blue: true } }, DUPLICATE: { value: 2 } },
  });
  const anything = new GraphQLScalarType({ name: 'Anything' });
  const strict = new GraphQLScalarType({
    name: 'Strict',
    serialize(value) {
      if (typeof value !== 'string') throw new TypeError(`Strict takes no ${typeof value}`);
      return value.length > 20 ? undefined : { text: value };
    },
    parseValue(value): unknown {
      if (typeof value === 'string') return value === '' ? undefined : { parsed: value };
      throw new TypeError('Strict must be a string');
    },
    parseLiteral: (node, variables): unknown => ({
      literal: valueFromASTUntyped(node, variables),
    }),
  });
  const late = new GraphQLScalarType({
    name: 'Late',
    serialize: (value) => (typeof value === 'string' ? Promise.resolve(value) : value),
  });
  return [GraphQLString, GraphQLInt, GraphQLFloat, GraphQLBoolean, GraphQLID, color, anything, strict, late];
}

function makeInputs(choices: Choices, leaves: readonly GraphQLInputType[]): GraphQLInputObjectType[] {
  const inner = new GraphQLInputObjectType({
    name: 'Inner',
    fields: () => ({
      required: { type: new GraphQLNonNull(choices.pick(leaves as GraphQLNullableType[]) as never) },
      many: { type: wrap(choices, new GraphQLList(GraphQLInt)) },
      usual: { type: GraphQLString, defaultValue: 'usual' },
      again: { type: inner },
    }),
  });
  const outer = new GraphQLInputObjectType({
    name: 'Outer',
    fields: {
      inner: { type: wrap(choices, inner) },
      color: { type: leaves[5] as GraphQLInputType, defaultValue: 2 },
      any: { type: wrap(choices, choices.pick(leaves as GraphQLNullableType[])) as GraphQLInputType },
    },
  });
  const one = new GraphQLInputObjectType({
    name: 'OneOf',
    isOneOf: true,
    fields: {
      text: { type: GraphQLString },
      inner: { type: outer },
      list: { type: new GraphQLList(GraphQLID) },
    },
  });
  return [inner, outer, one];
}

function makeArguments(choices: Choices, types: readonly GraphQLInputType[]): GraphQLFieldConfigArgumentMap {
  return Object.fromEntries(
    choices.many(1 + choices.below(3), (index) => {
      const type = choices.pick(types);
      return [`a${index}`, choices.chance(0.2) ? { type, defaultValue: 'default' } : { type }];
    }),
  );
}

type Typed = { kind?: unknown } | null | undefined;

function typeResolver(choices: Choices): object {
  switch (choices.below(4)) {
    case 0:
      return { resolveType: (value: Typed) => value?.kind };
    case 1:
      return { resolveType: (value: Typed) => Promise.resolve(value?.kind) };
    case 2:
      return {
        async resolveType(value: Typed) {
          if (typeof value?.kind !== 'string') throw new Error('has no kind');
          return value.kind;
        },
      };
    default:
      return {};
  }
}

function isTypeOf(choices: Choices, name: string): object {
  switch (choices.below(4)) {
    case 0:
      return { isTypeOf: (value: Typed) => value?.kind === name };
    case 1:
      return { isTypeOf: (value: Typed) => Promise.resolve(value?.kind === name) };
    default:
      return {};
  }
}
