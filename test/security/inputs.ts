import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedOutputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';

/** One place where a caller can put a value: a leaf of an argument, wherever in the schema the argument stands. */
export type Position = {
  /** For example `Mutation.createChannelConnection(input.auth.accessToken)`. */
  name: string;
  /** The name of its scalar or enum. */
  type: string;
  isSecret: boolean;
  /** The document with the argument as a variable, or written out when `literal` is given for the position. */
  request(value: unknown, options?: RequestOptions): { query: string; variables: Record<string, unknown> };
};

export type RequestOptions = {
  /** The text of the value in the document instead of a variable. */
  literal?: string;
  /** A key that the input doesn't have, in the innermost object, gets the value instead; whole arguments have none. */
  asUnknownKey?: boolean;
};

type Argument = { field: Located; argument: GraphQLArgument };
/** A field with the fields that lead to it. */
type Located = { parent: string; field: GraphQLField<unknown, unknown>; above: Step[]; operation: string };
type Step = { field: GraphQLField<unknown, unknown>; condition?: string };

/** Values that get a call as far as Novu, by the name of the field or argument. */
const samples: Readonly<Record<string, () => unknown>> = {
  identifier: () => seededIdentifier,
  subscriberId: () => 'subscriber-123',
  integrationIdentifier: () => 'slack-prod',
  connectionIdentifier: () => seededIdentifier,
  userId: () => 'U123',
  channelId: () => 'C123',
  type: () => 'tenant',
  id: () => 'T123',
  idempotencyKey: () => `key-${crypto.randomUUID()}`,
  url: () => 'https://hooks.example.com/in',
  first: () => 2,
};
/** Left out unless required, these would make a call end before Novu: the rules want one of them. */
const alwaysGiven = new Set(['subscriberId', 'idempotencyKey']);

/** A row that the tests make before they start. */
export const seededIdentifier = 'seeded-row';
/** The keys of all entities. */
const keys = { identifier: seededIdentifier, subscriberId: 'subscriber-123', type: 'tenant', id: 'T123' };

function sampleOf(type: GraphQLInputType, name: string): unknown {
  if (isNonNullType(type)) return sampleOf(type.ofType, name);
  const made = samples[name]?.();
  if (isListType(type)) return made ?? [sampleOf(type.ofType, name)];
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    if (type.isOneOf) {
      const [first] = fields;
      return first === undefined ? {} : { [first.name]: sampleOf(first.type, first.name) };
    }
    return Object.fromEntries(
      fields
        .filter((field) => isRequiredInputField(field) || alwaysGiven.has(field.name))
        .map((field) => [field.name, sampleOf(field.type, field.name)]),
    );
  }
  if (made !== undefined) return made;
  if (isEnumType(type)) return type.getValues()[0]?.name;
  switch (type.name) {
    case 'Int':
    case 'Float':
      return 1;
    case 'Boolean':
      return true;
    case 'DateTime':
      return '2031-01-01T00:00:00Z';
    case 'JSONObject':
      return {};
    case 'NovuSecret':
      return 'some-other-secret-value';
    default:
      return 'text';
  }
}

/** The whole value of an argument with `leaf` at the path, the rest as samples. */
function valueWith(
  type: GraphQLInputType,
  name: string,
  path: readonly string[],
  leaf: unknown,
  asUnknownKey: boolean,
): unknown {
  if (isNonNullType(type)) return valueWith(type.ofType, name, path, leaf, asUnknownKey);
  const [next, ...rest] = path;
  if (isListType(type)) return [valueWith(type.ofType, name, path, leaf, asUnknownKey)];
  if (!isInputObjectType(type) || next === undefined) return leaf;
  const field = type.getFields()[next];
  if (field === undefined) throw new TypeError(`${type.name} has no ${next}`);
  const base = type.isOneOf ? {} : (sampleOf(type, name) as Record<string, unknown>);
  const isInnermost = !isInputObjectType(getNamedType(field.type));
  if (asUnknownKey && isInnermost)
    return { ...base, [next]: sampleOf(field.type, next), thereIsNoSuchKey: leaf };
  return { ...base, [next]: valueWith(field.type, next, rest, leaf, asUnknownKey) };
}

function pathsOf(type: GraphQLInputType, above: readonly string[] = []): { path: string[]; type: string }[] {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return [{ path: [...above], type: named.name }];
  return Object.values(named.getFields()).flatMap((field) => pathsOf(field.type, [...above, field.name]));
}

/** Every field that takes arguments, with a way to it. */
function locate(schema: GraphQLSchema): Located[] {
  const found: Located[] = [];
  const seen = new Set<string>();
  let front: { type: GraphQLNamedOutputType; above: Step[]; operation: string }[] = [];
  for (const [operation, type] of [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
  ] as const)
    if (type != null) front.push({ type, above: [], operation });
  while (front.length > 0) {
    const next: typeof front = [];
    for (const { type, above, operation } of front) {
      if (seen.has(type.name)) continue;
      seen.add(type.name);
      if (isAbstractType(type)) {
        for (const possible of schema.getPossibleTypes(type)) {
          const last = above.at(-1);
          if (last === undefined) continue;
          next.push({
            type: possible,
            above: [...above.slice(0, -1), { ...last, condition: possible.name }],
            operation,
          });
        }
        continue;
      }
      if (!isObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        if (field.args.length > 0) found.push({ parent: type.name, field, above, operation });
        next.push({ type: getNamedType(field.type), above: [...above, { field }], operation });
      }
    }
    front = next;
  }
  return found;
}

/** All that can be selected without arguments, two levels of objects deep; stored tokens are another matter. */
function selectionOf(schema: GraphQLSchema, type: GraphQLNamedOutputType, levels = 3): string {
  if (isLeafType(type)) return '';
  if (isAbstractType(type)) {
    const parts = schema
      .getPossibleTypes(type)
      .map((possible) => `... on ${possible.name} ${selectionOf(schema, possible, levels - 1)}`);
    return `{ __typename ${parts.join(' ')} }`;
  }
  const fields = Object.values((type as GraphQLObjectType).getFields())
    .filter(
      (field) =>
        field.name !== 'accessToken' &&
        !field.args.some(isRequiredArgument) &&
        (isLeafType(getNamedType(field.type)) || (levels > 0 && field.args.length === 0)),
    )
    .map((field) => `${field.name} ${selectionOf(schema, getNamedType(field.type), levels - 1)}`);
  return `{ __typename ${fields.join(' ')} }`;
}

/** A value as it is written in a document. `at` is written as it is given. */
function print(value: unknown, type: GraphQLInputType | null, at: Placeholder | null): string {
  if (value instanceof Placeholder) return at?.text ?? 'null';
  const inner = type !== null && isNonNullType(type) ? type.ofType : type;
  if (Array.isArray(value)) {
    const items = inner !== null && isListType(inner) ? inner.ofType : null;
    return `[${value.map((item) => print(item, items, at)).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const fields = inner !== null && isInputObjectType(inner) ? inner.getFields() : {};
    return `{ ${Object.entries(value)
      .map(([key, one]) => `${key}: ${print(one, fields[key]?.type ?? null, at)}`)
      .join(', ')} }`;
  }
  if (typeof value === 'string' && inner !== null && isEnumType(inner)) return value;
  return JSON.stringify(value);
}
class Placeholder {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function documentOf(
  schema: GraphQLSchema,
  { field: located, argument: chosen }: Argument,
  value: unknown,
  literal: string | undefined,
): { query: string; variables: Record<string, unknown> } {
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const call = ({ field, condition }: Step, below: string, target: boolean): string => {
    const parts: string[] = [];
    for (const argument of field.args) {
      const isChosen = target && argument === chosen;
      if (!isChosen && !isRequiredArgument(argument) && !alwaysGiven.has(argument.name)) continue;
      const given = isChosen
        ? value
        : argument.name === 'representations'
          ? [{ ...keys, __typename: condition ?? 'ChannelConnection' }]
          : sampleOf(argument.type, argument.name);
      if (literal !== undefined && isChosen) {
        parts.push(`${argument.name}: ${print(value, argument.type, new Placeholder(literal))}`);
      } else {
        const name = `v${declared.length}`;
        declared.push(`$${name}: ${String(argument.type)}`);
        variables[name] = given;
        parts.push(`${argument.name}: $${name}`);
      }
    }
    const inner = condition === undefined ? below : `{ ... on ${condition} ${below} }`;
    return `{ ${field.name}${parts.length > 0 ? `(${parts.join(', ')})` : ''} ${inner} }`;
  };
  let text = call({ field: located.field }, selectionOf(schema, getNamedType(located.field.type)), true);
  for (const step of located.above.toReversed()) text = call(step, text, false);
  return {
    query: `${located.operation} Declared${declared.length > 0 ? `(${declared.join(', ')})` : ''} ${text}`,
    variables,
  };
}

/** Every position of the schema, found by walking it: what is added to the schema is here by itself. */
export function positionsOf(schema: GraphQLSchema): Position[] {
  return locate(schema).flatMap((field) =>
    field.field.args.flatMap((argument) =>
      pathsOf(argument.type).map(
        ({ path, type }): Position => ({
          name: `${field.parent}.${field.field.name}(${[argument.name, ...path].join('.')})`,
          type,
          isSecret: type === 'NovuSecret',
          request(value, { literal, asUnknownKey = false } = {}) {
            const leaf = literal === undefined ? value : new Placeholder(literal);
            const whole = valueWith(argument.type, argument.name, path, leaf, asUnknownKey);
            return documentOf(schema, { field, argument }, whole, literal);
          },
        }),
      ),
    ),
  );
}
