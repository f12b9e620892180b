import {
  type GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  isInputType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { type Coercer, compileInputType, refused } from './input-type.ts';
import { compileLiteral, type Literal } from './literal.ts';

/** Options of the coercion of variables. */
export type CoercionOptions = {
  /** After how many errors it gives up. @default 50, as graphql-js's execute */
  readonly maxErrors?: number | undefined;
  /** Leaves "Did you mean" out of the messages. @default false */
  readonly hideSuggestions?: boolean | undefined;
};

/** The coerced variables, or what is wrong with those given. */
export type Coercion = { coerced: Record<string, unknown> } | { errors: readonly GraphQLError[] };

type Variable = { name: string; coerce: Coercer; required: boolean; defaultValue: Literal | undefined };

/**
 * Compiles the coercion of an operation's variables. Whatever does not fit at once goes to graphql-js's
 * getVariableValues, whose errors are given.
 */
export function compileVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): (raw: Readonly<Record<string, unknown>>, options?: CoercionOptions) => Coercion {
  const compiled = variableDefinitions.map((definition) => compileVariable(schema, definition));
  const variables = compiled.every((one) => one !== undefined) ? compiled : undefined;
  return (raw, { maxErrors = 50, hideSuggestions = false } = {}) => {
    const coerced = variables === undefined ? undefined : coerceAll(variables, raw);
    if (coerced !== undefined) return { coerced };
    const slow = getVariableValues(schema, variableDefinitions, raw, { maxErrors, hideSuggestions });
    return slow.errors === undefined ? { coerced: slow.coerced } : { errors: slow.errors };
  };
}

function compileVariable(schema: GraphQLSchema, definition: VariableDefinitionNode): Variable | undefined {
  const name = definition.variable.name.value;
  const type = toType(schema, definition);
  // As an assignment, a variable of this name would set the prototype.
  if (!isInputType(type) || name === '__proto__') return undefined;
  return {
    name,
    coerce: compileInputType(type),
    required: isNonNullType(type),
    defaultValue: definition.defaultValue && compileLiteral(definition.defaultValue, type),
  };
}

// The overloads of typeFromAST know no TypeNode as such.
function toType(schema: GraphQLSchema, { type }: VariableDefinitionNode): unknown {
  return type.kind === Kind.NAMED_TYPE ? typeFromAST(schema, type) : typeFromAST(schema, type as never);
}

function coerceAll(
  variables: readonly Variable[],
  raw: Readonly<Record<string, unknown>>,
): Record<string, unknown> | undefined {
  const coerced: Record<string, unknown> = {};
  for (const { name, coerce, required, defaultValue } of variables) {
    if (Object.hasOwn(raw, name)) {
      const value = coerce(raw[name]);
      if (value === refused) return undefined;
      coerced[name] = value;
    } else if (defaultValue !== undefined) {
      coerced[name] = defaultValue(undefined);
    } else if (required) {
      return undefined;
    }
  }
  return coerced;
}
