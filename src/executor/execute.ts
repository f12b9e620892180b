import {
  assertValidSchema,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import { type Prepared, prepare } from './prepare.ts';
import type { PromiseOrValue } from './run.ts';

type Operations = Map<string | null, Prepared>;

// A plan lives as long as its document and its schema do.
const known = new WeakMap<DocumentNode, WeakMap<GraphQLSchema, Operations>>();

/**
 * Executes an operation as graphql-js 16's execute does: same arguments, same results, same errors. A document that is
 * executed again is not read again.
 *
 * @returns the result, as a promise if any resolver gave one.
 * @throws Error when the schema, the document or the variables are none.
 */
export function execute(args: ExecutionArgs): PromiseOrValue<ExecutionResult> {
  const { schema, document, variableValues, operationName } = args;
  assertValidArguments(args);
  const prepared = remember(schema, document, operationName ?? null);
  if (!('run' in prepared)) return { errors: prepared };
  const coercion = prepared.coerce(variableValues ?? {}, {
    maxErrors: args.options?.maxCoercionErrors ?? undefined,
    hideSuggestions: args.hideSuggestions ?? undefined,
  });
  if ('errors' in coercion) return { errors: coercion.errors };
  return prepared.run({
    rootValue: args.rootValue,
    contextValue: args.contextValue,
    variables: coercion.coerced,
    fieldResolver: args.fieldResolver,
    typeResolver: args.typeResolver,
  });
}

/** In the words of graphql-js. */
function assertValidArguments({ schema, document, variableValues }: ExecutionArgs): void {
  // oxlint-disable-next-line typescript/no-unnecessary-condition -- callers in JavaScript
  if (!document) throw new Error('Must provide document.');
  assertValidSchema(schema);
  if (variableValues !== null && variableValues !== undefined && typeof variableValues !== 'object') {
    throw new Error(
      'Variables must be provided as an Object where each property is a variable value. Perhaps look to see if an unparsed JSON string was provided.',
    );
  }
}

function remember(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null,
): Prepared | readonly GraphQLError[] {
  let schemas = known.get(document);
  if (schemas === undefined) known.set(document, (schemas = new WeakMap()));
  let operations = schemas.get(schema);
  if (operations === undefined) schemas.set(schema, (operations = new Map()));
  let prepared: Prepared | readonly GraphQLError[] | undefined = operations.get(operationName);
  if (prepared === undefined) {
    prepared = prepare(schema, document, operationName);
    if ('run' in prepared) operations.set(operationName, prepared);
  }
  return prepared;
}
