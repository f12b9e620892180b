import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  getArgumentValues,
  isNonNullType,
  Kind,
  type ValueNode,
} from 'graphql';
import { compileLiteral, type Literal, type Variables } from './literal.ts';

type Argument = {
  readonly name: string;
  readonly nonNull: boolean;
  /** What the schema gives when the operation gives nothing. */
  readonly defaultValue: unknown;
  /** The variable that the value is read from. */
  readonly variable: string | undefined;
  /** The literal that gives the value; without it and without a variable the argument is not written. */
  readonly literal: Literal | undefined;
};

/** How the arguments of one field come about. */
export type ArgumentsPlan = {
  readonly definition: GraphQLField<unknown, unknown>;
  readonly node: FieldNode;
  readonly arguments: readonly Argument[];
};

/** The plan of a field's arguments, or undefined for a field that has none. */
export function planArguments(
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
): ArgumentsPlan | undefined {
  if (definition.args.length === 0) return undefined;
  const nodes = new Map(node.arguments?.map((argument) => [argument.name.value, argument.value]));
  return {
    definition,
    node,
    arguments: definition.args.map((argument) => planArgument(argument, nodes.get(argument.name))),
  };
}

function planArgument({ name, type, defaultValue }: GraphQLArgument, node: ValueNode | undefined): Argument {
  const variable = node?.kind === Kind.VARIABLE ? node.name.value : undefined;
  const literal = node === undefined || variable !== undefined ? undefined : compileLiteral(node, type);
  return { name, nonNull: isNonNullType(type), defaultValue, variable, literal };
}

/**
 * The arguments of a field, a new object each time.
 *
 * @throws GraphQLError in graphql-js's words when an argument has no valid value.
 */
export function coerceArguments(plan: ArgumentsPlan, variables: Variables): Record<string, unknown> {
  const coerced: Record<string, unknown> = {};
  for (const { name, nonNull, defaultValue, variable, literal } of plan.arguments) {
    let value = defaultValue;
    if (literal !== undefined) {
      value = literal(variables);
      if (value === undefined) return refuse(plan, variables);
    } else if (variable !== undefined && Object.hasOwn(variables, variable)) {
      value = variables[variable];
      if (value === undefined || (value === null && nonNull)) return refuse(plan, variables);
    } else if (value === undefined) {
      if (nonNull) return refuse(plan, variables);
      continue;
    }
    // As an assignment, an argument of this name would set the prototype.
    if (name === '__proto__') return refuse(plan, variables);
    coerced[name] = value;
  }
  return coerced;
}

/** Lets graphql-js judge: it has the words for what is wrong. */
function refuse({ definition, node }: ArgumentsPlan, variables: Variables): Record<string, unknown> {
  return getArgumentValues(definition, node, variables);
}
