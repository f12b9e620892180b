import {
  GraphQLEnumType,
  type GraphQLInputField,
  type GraphQLInputType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Choices } from './choices.ts';
import type { RandomDocument } from './document.ts';

/** Values for the variables of a document; at times missing, wrong or unknown ones. */
export function makeRawVariables({ variables }: RandomDocument, choices: Choices): Record<string, unknown> {
  const wrong = choices.pick([0, 0, 0.05]);
  const raw: Record<string, unknown> = {};
  for (const { name, type } of variables) {
    if (choices.chance(isNonNullType(type) ? wrong : 0.2)) continue;
    const value = makeInput(choices, type, wrong, 3);
    Object.defineProperty(raw, name, { value, enumerable: true, configurable: true, writable: true });
  }
  if (choices.chance(0.1)) raw['unknown'] = 1;
  return raw;
}

function makeInput(choices: Choices, type: GraphQLInputType, wrong: number, depth: number): unknown {
  if (choices.chance(wrong)) return makeWrong(choices);
  if (isNonNullType(type)) return makeSound(choices, type.ofType, wrong, depth);
  if (choices.chance(0.1)) return choices.pick([null, undefined]);
  return makeSound(choices, type, wrong, depth);
}

function makeSound(choices: Choices, type: GraphQLInputType, wrong: number, depth: number): unknown {
  if (isListType(type)) {
    const itemType = type.ofType;
    const make = (): unknown => makeInput(choices, itemType, wrong, depth - 1);
    if (choices.chance(0.1))
      return makeSound(choices, isNonNullType(itemType) ? itemType.ofType : itemType, wrong, depth);
    const list = choices.many(choices.below(3), make);
    return choices.chance(0.1) ? new Set(list) : list;
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const isGiven = (one: GraphQLInputField) => isNonNullType(one.type) || (depth > 0 && choices.chance(0.6));
    const given = type.isOneOf ? [choices.pick(fields)] : fields.filter(isGiven);
    const entries = given.map((one): [string, unknown] => [
      one.name,
      type.isOneOf
        ? makeSound(choices, one.type, wrong, depth - 1)
        : makeInput(choices, one.type, wrong, depth - 1),
    ]);
    return Object.assign(choices.chance(0.2) ? Object.create(null) : {}, Object.fromEntries(entries));
  }
  if (type instanceof GraphQLEnumType) return choices.pick(type.getValues()).name;
  switch (type.name) {
    case 'Int':
      return choices.pick([0, 5, -0, 2147483647]);
    case 'Float':
      return choices.pick([1.5, 3]);
    case 'Boolean':
      return choices.chance(0.5);
    case 'ID':
      return choices.pick(['id', 12]);
    default:
      return choices.pick(['text', 'other']);
  }
}

function makeWrong(choices: Choices): unknown {
  return choices.pick<unknown>([
    Number.NaN,
    1.5,
    2 ** 31,
    'UNKNOWN',
    true,
    {},
    { unknown: 1 },
    { text: 'a', list: ['b'] },
    [null],
    [[1]],
    '',
    new Date(0),
  ]);
}
