import {
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Context } from './context.ts';

export type Compiled = (
  context: Context,
  variables: Readonly<Record<string, unknown>>,
) => ExecutionResult | Promise<ExecutionResult>;

/** An operation as code of its own, or null when it can't be compiled. */
export function compileOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Compiled | null {
  if (hasProtoAlias(document)) return null;
  let compiled: CompiledQuery | ExecutionResult;
  try {
    compiled = compileQuery(schema, document, operation.name?.value);
  } catch {
    return null;
  }
  if (!isCompiledQuery(compiled)) return null;
  const { query } = compiled;
  const locate = (result: ExecutionResult): ExecutionResult =>
    result.errors === undefined
      ? result
      : {
          errors: result.errors.map((error) => toLocated(error, document, operation)),
          ...(result.data !== undefined && { data: result.data }),
        };
  return (context, variables) => {
    const result = query(undefined, context, variables);
    return result instanceof Promise ? result.then(locate) : locate(result);
  };
}

/** In the code that graphql-jit writes, a field called __proto__ would be the prototype of its object. */
function hasProtoAlias(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Field({ alias }) {
      if (alias?.value === '__proto__') found = true;
    },
  });
  return found;
}

/** The error as graphql-js would have made it: graphql-jit's knows its place, but not the node there. */
function toLocated(
  error: GraphQLError,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): GraphQLError {
  const { message, path, originalError } = error;
  const node = path === undefined ? undefined : findField(document, operation, path);
  return new GraphQLError(message, {
    nodes: node ?? null,
    path: path ?? null,
    originalError: originalError ?? null,
  });
}

function findField(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  path: readonly (string | number)[],
): FieldNode | undefined {
  let field: FieldNode | undefined;
  let selectionSets: readonly SelectionSetNode[] = [operation.selectionSet];
  for (const name of path) {
    if (typeof name === 'number') continue;
    const fields = selectionSets
      .flatMap((selectionSet) => fieldsOf(document, selectionSet))
      .filter((one) => (one.alias ?? one.name).value === name);
    field = fields[0];
    selectionSets = fields.flatMap(({ selectionSet }) => selectionSet ?? []);
  }
  return field;
}

function fieldsOf(document: DocumentNode, selectionSet: SelectionSetNode): FieldNode[] {
  return selectionSet.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return selection;
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(document, selection.selectionSet);
    const fragment = document.definitions.find(
      (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === selection.name.value,
    );
    return fragment?.kind === Kind.FRAGMENT_DEFINITION ? fieldsOf(document, fragment.selectionSet) : [];
  });
}
