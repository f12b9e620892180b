import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInt,
  type GraphQLLeafType,
  GraphQLString,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { hasOneValue } from './literal.ts';

/** What a coercer gives for a value that does not fit at once. */
export const refused = Symbol('refused');

/** Gives the coerced value, or `refused`: then graphql-js decides, and words the errors. */
export type Coercer = (value: unknown) => unknown;

const coercers = new WeakMap<GraphQLInputType, Coercer>();

/** The coercer of a type, compiled at its first use, so that types may refer to themselves. */
export function compileInputType(type: GraphQLInputType): Coercer {
  let coercer = coercers.get(type);
  if (coercer === undefined) {
    coercer = compile(type);
    coercers.set(type, coercer);
  }
  return coercer;
}

function compile(type: GraphQLInputType): Coercer {
  if (isNonNullType(type)) {
    const inner = compileInputType(type.ofType);
    return (value) => (value === null || value === undefined ? refused : inner(value));
  }
  const inner = compileNullable(type);
  return (value) => (value === null || value === undefined ? null : inner(value));
}

function compileNullable(type: GraphQLInputType): Coercer {
  if (isListType(type)) return compileList(compileInputType(type.ofType));
  if (isInputObjectType(type)) return compileObject(type);
  return compileLeaf(type);
}

function compileList(item: Coercer): Coercer {
  return (value) => {
    if (!Array.isArray(value)) {
      // Other iterables may be read only once, so they are left to graphql-js untouched.
      if (typeof value === 'object' && value !== null && Symbol.iterator in value) return refused;
      const coerced = item(value);
      return coerced === refused ? refused : [coerced];
    }
    const list: unknown[] = [];
    for (const one of value as readonly unknown[]) {
      const coerced = item(one);
      if (coerced === refused) return refused;
      list.push(coerced);
    }
    return list;
  };
}

function compileObject(type: GraphQLInputObjectType): Coercer {
  let fields: InputField[] | undefined;
  return (value) => {
    if (!isPlainObject(value)) return refused;
    fields ??= compileFields(type);
    if (fields.length === 0) return refused;
    const coerced: Record<string, unknown> = {};
    let unseen = countKeys(value);
    for (const { name, coerce, defaultValue, required } of fields) {
      const given = value[name];
      if (given === undefined) {
        if (defaultValue !== undefined) coerced[name] = defaultValue;
        else if (required) return refused;
        continue;
      }
      const one = coerce(given);
      if (one === refused) return refused;
      coerced[name] = one;
      unseen--;
    }
    if (unseen !== 0) return refused;
    return type.isOneOf && !hasOneValue(coerced) ? refused : coerced;
  };
}

type InputField = { name: string; coerce: Coercer; defaultValue: unknown; required: boolean };

/** None when a field has a name that every object inherits: it would be found without being given. */
function compileFields(type: GraphQLInputObjectType): InputField[] {
  const fields = Object.values(type.getFields());
  if (fields.some(({ name }) => name in Object.prototype)) return [];
  return fields.map((field) => ({
    name: field.name,
    coerce: compileInputType(field.type),
    defaultValue: field.defaultValue,
    required: isNonNullType(field.type),
  }));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function countKeys(value: object): number {
  let count = 0;
  // oxlint-disable-next-line guard-for-in -- inherited keys only make the count wrong, and then graphql-js decides
  for (const _key in value) count++;
  return count;
}

const isString: Coercer = (value) => (typeof value === 'string' ? value : refused);

const builtIn = new Map<unknown, Coercer>([
  [GraphQLString.parseValue, isString],
  [
    GraphQLID.parseValue,
    (value) => {
      if (typeof value === 'string') return value;
      return Number.isInteger(value) ? String(value) : refused;
    },
  ],
  [
    GraphQLInt.parseValue,
    // oxlint-disable-next-line no-bitwise -- the cheapest test of a 32-bit integer
    (value) => (typeof value === 'number' && (value | 0) === value ? value : refused),
  ],
  [GraphQLFloat.parseValue, (value) => (Number.isFinite(value) ? value : refused)],
  [GraphQLBoolean.parseValue, (value) => (typeof value === 'boolean' ? value : refused)],
]);

function compileLeaf(type: GraphQLLeafType): Coercer {
  if (isEnumType(type) && type.parseValue === GraphQLEnumType.prototype.parseValue) {
    return (value) => {
      const found = typeof value === 'string' ? type.getValue(value) : undefined;
      return found?.value === undefined ? refused : (found.value as unknown);
    };
  }
  return builtIn.get(type.parseValue) ?? compileScalar(type);
}

function compileScalar(type: GraphQLLeafType): Coercer {
  return (value) => {
    try {
      const parsed: unknown = type.parseValue(value);
      return parsed === undefined ? refused : parsed;
    } catch {
      return refused;
    }
  };
}
