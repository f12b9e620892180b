import {
  GraphQLEnumType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Choices } from './choices.ts';

/** Makes what resolvers give: mostly what their type wants, at times anything else. */
export type Values = {
  readonly schema: GraphQLSchema;
  /** How often a value is wrong, from 0 to 1. */
  readonly garbage: number;
  /** How often a value is promised, from 0 to 1. */
  readonly promised: number;
};

/** A value for a type, as a resolver would return it: perhaps promised; throws where the resolver is to throw. */
export function makeOutcome(
  values: Values,
  choices: Choices,
  type: GraphQLOutputType,
  depth: number,
): unknown {
  const fails = choices.chance(values.garbage / 2);
  if (!choices.chance(values.promised)) {
    if (fails) throw makeThrown(choices);
    return makeValue(values, choices, type, depth);
  }
  const turns = choices.below(6);
  const value = fails ? makeThrown(choices) : makeValue(values, choices, type, depth);
  switch (choices.below(10)) {
    case 0:
      // oxlint-disable-next-line unicorn/no-thenable -- graphql-js takes thenables, too
      return { then: (...callbacks: never[]) => settle(value, fails, turns).then(...callbacks) };
    case 1:
      if (fails) return settle(value, fails, turns);
      // oxlint-disable-next-line unicorn/no-thenable -- one that does not even give a promise
      return { then: (give: (value: unknown) => unknown) => give(value) };
    case 2:
      return settle(value, fails, 0);
    default:
      return settle(value, fails, turns);
  }
}

function settle(value: unknown, fails: boolean, turns: number): Promise<unknown> {
  const promise = wait();
  // A field that nobody asks for is nobody's fault.
  promise.catch(() => undefined);
  return promise;

  async function wait(): Promise<unknown> {
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    if (fails) throw value;
    return value;
  }
}

function makeThrown(choices: Choices): unknown {
  return choices.pick([
    new Error('boom'),
    new TypeError('wrong type'),
    'a string',
    undefined,
    null,
    { message: 'an object' },
    Object.assign(new Error('with extensions'), { extensions: { code: 'CODE' } }),
  ]);
}

function makeValue(values: Values, choices: Choices, type: GraphQLOutputType, depth: number): unknown {
  if (choices.chance(values.garbage)) return makeGarbage(choices);
  if (isNonNullType(type)) return makeSound(values, choices, type.ofType, depth);
  return choices.chance(0.1) ? choices.pick([null, undefined]) : makeSound(values, choices, type, depth);
}

function makeSound(values: Values, choices: Choices, type: GraphQLOutputType, depth: number): unknown {
  if (isNonNullType(type)) return makeSound(values, choices, type.ofType, depth);
  if (isListType(type)) return makeList(values, choices, type.ofType, depth);
  if (isObjectType(type)) return makeObject(values, choices, type, depth);
  if (isAbstractType(type)) {
    return makeObject(values, choices, choices.pick(values.schema.getPossibleTypes(type)), depth);
  }
  if (type instanceof GraphQLEnumType) return choices.pick(type.getValues()).value;
  switch (type.name) {
    case 'Int':
      return choices.pick([0, -0, 1, -5, 2147483647, '12', true]);
    case 'Float':
      return choices.pick([0, 1.5, -0, 1e21, 5e-324, '1.5']);
    case 'Boolean':
      return choices.pick([true, false, 1]);
    case 'ID':
      return choices.pick(['id', 7, '', 'ein "Zitat"']);
    default:
      return choices.pick(texts);
  }
}

const texts = [
  'plain',
  '',
  'with "quotes" and \\',
  'line\nbreak',
  '\u0000\u001f',
  'lone \ud800 surrogate',
  'pair \u{1f600}',
  '\u2028 é',
  'a text that is longer than the others, so that it is looked at in another way',
  'a text that is longer than the others, and that has a "quote" somewhere in it',
];

function makeList(values: Values, choices: Choices, type: GraphQLOutputType, depth: number): unknown {
  const items = choices.many(choices.below(4), () => {
    try {
      return makeOutcome({ ...values, promised: values.promised / 2 }, choices, type, depth);
    } catch (error) {
      return error;
    }
  });
  switch (choices.below(8)) {
    case 0:
      return new Set(items);
    case 1:
      return (function* generate() {
        yield* items;
      })();
    default:
      return items;
  }
}

/** An object with the fields of its type that have no resolver of their own. */
function makeObject(values: Values, choices: Choices, type: GraphQLObjectType, depth: number): unknown {
  const object: Record<string, unknown> = choices.chance(0.2) ? Object.create(null) : {};
  object['kind'] = type.name;
  if (choices.chance(0.5)) object['__typename'] = type.name;
  if (depth <= 0) return object;
  for (const field of Object.values(type.getFields())) {
    if (field.resolve?.length === 4) continue;
    const make = (): unknown => makeOutcome(values, choices, field.type, depth - 1);
    let value: unknown;
    try {
      value = make();
    } catch (error) {
      value = error;
    }
    object[field.name] = choices.chance(0.15)
      ? (_args: unknown, _context: unknown, info: GraphQLResolveInfo) =>
          info.fieldName === '' ? undefined : value
      : value;
  }
  return object;
}

function makeGarbage(choices: Choices): unknown {
  const make = choices.pick<() => unknown>([
    () => null,
    () => undefined,
    () => Number.NaN,
    () => Number.POSITIVE_INFINITY,
    () => 2 ** 40,
    () => 'garbage',
    () => Symbol('garbage'),
    () => 10n,
    () => new Date(0),
    () => new Error('returned, not thrown'),
    () => [],
    () => [[1], 'two', null],
    () => ({}),
    () => ({ kind: 'Nowhere' }),
    () => ({ kind: 'Color' }),
    () => ({ valueOf: () => 3 }),
    () => ({ toJSON: (key: string) => `json of ${key}` }),
    () => new Map([['a', 1]]),
    () => () => 1,
    () => Promise.resolve('a promise where none is expected'),
  ]);
  return make();
}
