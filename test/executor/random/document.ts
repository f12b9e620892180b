import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  GraphQLNonNull,
  type GraphQLNullableType,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Choices } from './choices.ts';
import type { RandomSchema } from './schema.ts';

export type RandomDocument = { source: string; operationName: string | undefined; variables: Variable[] };
type Variable = { name: string; type: GraphQLInputType; declared: string };

type Writer = {
  readonly world: RandomSchema;
  readonly choices: Choices;
  /** Declared when they are first used; none where a literal has to be constant. */
  readonly variables: Variable[];
  readonly fragments: { name: string; on: GraphQLNamedType; text: string }[];
  /** How often something is not valid, from 0 to 1. */
  readonly wrong: number;
};

/** A document for a schema; about half of them are valid. */
export function makeDocument(world: RandomSchema, choices: Choices): RandomDocument {
  const writer: Writer = {
    world,
    choices,
    variables: [],
    fragments: [],
    wrong: choices.pick([0, 0, 0.03, 0.1]),
  };
  const root = choices.chance(0.25) ? 'mutation' : 'query';
  const type = world.schema.getType(root === 'query' ? 'Query' : 'Mutation') as GraphQLObjectType;
  const selections = makeSelections(writer, type, choices.pick([2, 3, 4]));
  const { variables, fragments } = writer;
  const declared = variables.length === 0 ? '' : `(${variables.map((one) => one.declared).join(', ')})`;
  const definitions = [`${root} Main${declared} ${selections}`, ...fragments.map(({ text }) => text)];
  const isOne = choices.chance(0.7);
  if (!isOne) definitions.push('query Other { __typename }');
  const operationName = choices.chance(writer.wrong)
    ? choices.pick(['Missing', undefined, ''])
    : isOne && choices.chance(0.5)
      ? undefined
      : 'Main';
  return { source: definitions.join('\n'), operationName, variables };
}

/** A variable for a place where a type is wanted, used before or new. */
function makeVariable({ world, choices, variables, wrong }: Writer, wanted: GraphQLInputType): string {
  const type = choices.chance(wrong) ? choices.pick(world.inputTypes) : wanted;
  const fitting = variables.filter((one) => String(one.type) === String(type));
  if (fitting.length > 0 && choices.chance(0.6)) return `$${choices.pick(fitting).name}`;
  const name = choices.chance(0.03) ? '__proto__' : `v${variables.length}`;
  if (variables.some((one) => one.name === name)) return `$${name}`;
  const constant = { world, choices, variables: [], fragments: [], wrong };
  const defaultValue = choices.chance(0.25) ? ` = ${makeLiteral(constant, type, true)}` : '';
  variables.push({ name, type, declared: `$${name}: ${String(type)}${defaultValue}` });
  return `$${name}`;
}

function makeSelections(writer: Writer, type: GraphQLNamedType, depth: number): string {
  const { choices } = writer;
  const count = 1 + choices.below(depth > 0 ? 5 : 3);
  return `{ ${choices.many(count, () => makeSelection(writer, type, depth)).join(' ')} }`;
}

function makeSelection(writer: Writer, type: GraphQLNamedType, depth: number): string {
  const { choices, world } = writer;
  const conditions = makeConditions(writer);
  const roll = choices.next();
  if (roll < 0.1 && depth > 0) return `...${makeFragment(writer, type, depth)}${conditions}`;
  if (roll < 0.22 && depth > 0) {
    const on = choices.pick(relatedTypes(world, type));
    const condition = choices.chance(0.2) ? '' : ` on ${on.name}`;
    return `...${condition}${conditions} ${makeSelections(writer, condition === '' ? type : on, depth - 1)}`;
  }
  if (roll > 0.95 || !('getFields' in type) || isInputObjectType(type)) return `__typename${conditions}`;
  return makeField(writer, choices.pick(Object.values(type.getFields())), depth, conditions);
}

function makeField(
  writer: Writer,
  { name, args, type }: GraphQLField<unknown, unknown>,
  depth: number,
  conditions: string,
): string {
  const { choices, wrong } = writer;
  const below = getNamedType(type);
  if (isCompositeType(below) && depth <= 0) return `__typename${conditions}`;
  const given = args
    .filter((one) => choices.chance(isNonNullType(one.type) ? 1 - wrong : 0.6))
    .map((one) => `${one.name}: ${makeLiteral(writer, one.type)}`);
  const written = given.length === 0 ? '' : `(${given.join(', ')})`;
  const selections = isCompositeType(below) ? ` ${makeSelections(writer, below, depth - 1)}` : '';
  const ownAlias = written === '' && choices.chance(0.7) ? '' : `${name}_${choices.below(1000)}: `;
  const alias = choices.chance(0.05 + wrong)
    ? `${choices.pick(['x', 'f0', '__proto__', 'then'])}: `
    : ownAlias;
  return `${alias}${name}${written}${conditions}${selections}`;
}

/** The name of a fragment, used before or new. One that is being written is not known yet, so none spreads itself. */
function makeFragment(writer: Writer, type: GraphQLNamedType, depth: number): string {
  const { choices, fragments, world, wrong } = writer;
  if (choices.chance(wrong)) return 'Missing';
  const on = choices.pick(relatedTypes(world, type));
  const fitting = fragments.filter((one) => one.on === on || choices.chance(wrong));
  if (fitting.length > 0 && choices.chance(0.6)) return choices.pick(fitting).name;
  const selections = makeSelections(writer, on, depth - 1);
  const name = `F${fragments.length}`;
  fragments.push({ name, on, text: `fragment ${name} on ${on.name} ${selections}` });
  return name;
}

function relatedTypes({ schema }: RandomSchema, type: GraphQLNamedType): readonly GraphQLNamedType[] {
  if (isAbstractType(type)) return [type, ...schema.getPossibleTypes(type), ...schema.getPossibleTypes(type)];
  return isObjectType(type) ? [type, ...type.getInterfaces()] : [type];
}

function makeConditions(writer: Writer): string {
  const { choices, wrong } = writer;
  if (!choices.chance(0.25)) return '';
  const make = (directive: string): string => {
    if (choices.chance(wrong)) return ` @${directive}(if: ${choices.pick(['$missing', '"text"', 'null'])})`;
    const condition = choices.chance(0.7)
      ? makeVariable(writer, nonNullBoolean)
      : choices.pick(['true', 'false']);
    return ` @${directive}(if: ${condition})`;
  };
  const directives = choices.chance(0.5) ? ['skip', 'include'] : ['include', 'skip'];
  return choices.chance(0.15)
    ? directives.map(make).join('')
    : make(choices.chance(wrong) ? 'other' : (directives[0] as string));
}

const nonNullBoolean = new GraphQLNonNull(GraphQLBoolean);

/** A literal of an input type, without variables where it has to be constant; at times a wrong one. */
function makeLiteral(writer: Writer, type: GraphQLInputType, isConstant = false, depth = 3): string {
  const { choices, wrong } = writer;
  if (!isConstant && choices.chance(0.3)) return makeVariable(writer, type);
  if (choices.chance(wrong)) {
    return choices.pick([
      'null',
      '"text"',
      '12',
      'UNKNOWN',
      '{ a: 1 }',
      '[1]',
      isConstant ? '1' : '$missing',
    ]);
  }
  if (isNonNullType(type)) return makeSound(writer, type.ofType, isConstant, depth);
  return choices.chance(0.05) ? 'null' : makeSound(writer, type, isConstant, depth);
}

function makeSound(writer: Writer, type: GraphQLInputType, isConstant: boolean, depth: number): string {
  const { choices } = writer;
  if (isListType(type)) {
    const itemType = type.ofType;
    if (choices.chance(0.1)) return makeSound(writer, nullable(itemType), isConstant, depth);
    const make = (): string => makeLiteral(writer, itemType, isConstant, depth - 1);
    return `[${choices.many(choices.below(3), make).join(', ')}]`;
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    if (type.isOneOf) {
      const { name, type: inner } = choices.pick(fields);
      return `{ ${name}: ${makeLiteral(writer, new GraphQLNonNull(nullable(inner)), isConstant, depth - 1)} }`;
    }
    const given = fields
      .filter((one) => isNonNullType(one.type) || (depth > 0 && choices.chance(0.5)))
      .map((one) => `${one.name}: ${makeLiteral(writer, one.type, isConstant, depth - 1)}`);
    return `{ ${given.join(', ')} }`;
  }
  if (type instanceof GraphQLEnumType) return choices.pick(type.getValues()).name;
  switch (type.name) {
    case 'Int':
      return choices.pick(['0', '-7', '2147483647']);
    case 'Float':
      return choices.pick(['1.5', '2', '1e10']);
    case 'Boolean':
      return choices.pick(['true', 'false']);
    case 'ID':
      return choices.pick(['"id"', '9']);
    case 'Anything': {
      if (!isConstant && choices.chance(0.3)) return `{ v: [${makeVariable(writer, GraphQLBoolean)}] }`;
      return choices.pick(['{ __proto__: 1, b: [2] }', '[1, "two"]', '"text"']);
    }
    default:
      return choices.pick(['"text"', '""', '"""block"""']);
  }
}

function nullable(type: GraphQLInputType): GraphQLNullableType & GraphQLInputType {
  return isNonNullType(type) ? type.ofType : type;
}
