import { GraphQLError, type GraphQLAbstractType, type GraphQLObjectType, isObjectType } from 'graphql';
import { inspect } from './inspect.ts';
import type { FieldPlan } from './plan.ts';
import type { Operation } from './operation.ts';

/**
 * The object type that a value of an abstract type has, by the name that its type resolver gave.
 *
 * @throws GraphQLError in graphql-js's words when that is no possible type.
 */
export function toRuntimeType(
  { schema }: Operation,
  { nodes, parentType, definition }: FieldPlan,
  abstractType: GraphQLAbstractType,
  name: unknown,
  value: unknown,
): GraphQLObjectType {
  const coordinate = `${parentType.name}.${definition.name}`;
  if (name === null || name === undefined) {
    throw new GraphQLError(
      `Abstract type "${abstractType.name}" must resolve to an Object type at runtime for field "${coordinate}". Either the "${abstractType.name}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`,
      { nodes },
    );
  }
  if (isObjectType(name)) {
    throw new GraphQLError(
      'Support for returning GraphQLObjectType from resolveType was removed in graphql-js@16.0.0 please return type name instead.',
    );
  }
  if (typeof name !== 'string') {
    throw new GraphQLError(
      `Abstract type "${abstractType.name}" must resolve to an Object type at runtime for field "${coordinate}" with value ${inspect(value)}, received "${inspect(name)}".`,
    );
  }
  const type = schema.getType(name);
  if (type === undefined) {
    throw new GraphQLError(
      `Abstract type "${abstractType.name}" was resolved to a type "${name}" that does not exist inside the schema.`,
      { nodes },
    );
  }
  if (!isObjectType(type)) {
    throw new GraphQLError(
      `Abstract type "${abstractType.name}" was resolved to a non-object type "${name}".`,
      { nodes },
    );
  }
  if (!schema.isSubType(abstractType, type)) {
    throw new GraphQLError(
      `Runtime Object type "${type.name}" is not a possible type for "${abstractType.name}".`,
      { nodes },
    );
  }
  return type;
}
