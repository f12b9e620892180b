import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';

/** One operation of a document, with the fragments that it may spread. */
export type Operation = {
  readonly schema: GraphQLSchema;
  readonly definition: OperationDefinitionNode;
  readonly fragments: Record<string, FragmentDefinitionNode>;
};

/**
 * Finds the operation to run.
 *
 * @param operationName may be left out when the document has one operation only.
 * @returns the error of a request that names no operation or an unknown one (GraphQL specification, 6.1).
 */
export function selectOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): Operation | GraphQLError {
  const fragments = Object.create(null) as Record<string, FragmentDefinitionNode>;
  let selected: OperationDefinitionNode | undefined;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments[definition.name.value] = definition;
    } else if (definition.kind === Kind.OPERATION_DEFINITION) {
      if (operationName === null || operationName === undefined) {
        if (selected !== undefined) {
          return new GraphQLError('Must provide operation name if query contains multiple operations.');
        }
        selected = definition;
      } else if (definition.name?.value === operationName) {
        selected = definition;
      }
    }
  }
  if (selected !== undefined) return { schema, definition: selected, fragments };
  return new GraphQLError(
    operationName === null || operationName === undefined
      ? 'Must provide an operation.'
      : `Unknown operation named "${operationName}".`,
  );
}
