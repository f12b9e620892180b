import {
  assertValidSchema,
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { readTraits, toSignature } from './conditions.ts';
import { Execution, type RunArgs } from './execution.ts';
import { type Operation, selectOperation } from './operation.ts';
import { type ObjectPlan, planRoot } from './plan.ts';
import { type PromiseOrValue, runOperation } from './run.ts';
import { JsonSink, objectSink } from './sink.ts';
import { type Coercion, type CoercionOptions, compileVariables } from './variables.ts';

/** What `write` gives: the whole body `{"data":…}` as text, or the result with its errors. */
export type WrittenResult = { json: string } | ExecutionResult;

/** An operation read once, to be run any number of times. */
export type Prepared = {
  readonly operation: OperationDefinitionNode;
  /**
   * Coerces the variables of a request.
   *
   * @returns the coerced variables for `run` and `write`, or graphql-js's errors.
   */
  coerce(raw: Readonly<Record<string, unknown>>, options?: CoercionOptions): Coercion;
  /** Runs the operation; the result is that of graphql-js's execute. */
  run(args: RunArgs): PromiseOrValue<ExecutionResult>;
  /**
   * Runs the operation once and writes the result as JSON, the same bytes as JSON.stringify of what `run` gives. A result
   * with errors is given as an object, since errors are seldom fit to be sent as they are; its data is plain JSON.
   *
   * @throws (or rejects with) what JSON.stringify throws when a custom scalar gives what has no JSON, such as a BigInt.
   */
  write(args: RunArgs): PromiseOrValue<WrittenResult>;
};

/** How many combinations of conditions an operation remembers the fields of. */
const maxSignatures = 32;

/**
 * Reads an operation and plans its execution. The schema and the document are taken as final.
 *
 * @param operationName may be left out when the document has one operation only.
 * @returns the prepared operation, or the errors of a request that names none.
 * @throws Error when the schema is not valid.
 */
export function prepare(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName?: string | null,
): Prepared | readonly GraphQLError[] {
  assertValidSchema(schema);
  const selected = selectOperation(schema, document, operationName);
  if (selected instanceof GraphQLError) return [selected];
  return prepareOperation(selected);
}

function prepareOperation(operation: Operation): Prepared {
  const { schema, definition } = operation;
  const { conditions, hasThen } = readTraits(operation);
  const coerce = compileVariables(schema, definition);
  const plans = new Map<string, ObjectPlan>();

  function plan(variables: RunArgs['variables']): ObjectPlan {
    const signature = toSignature(conditions, variables);
    let root = plans.get(signature);
    if (root === undefined) {
      const type = schema.getRootType(definition.operation);
      if (!type) {
        const message = `Schema is not configured to execute ${definition.operation} operation.`;
        throw new GraphQLError(message, { nodes: definition });
      }
      root = planRoot(operation, variables, type);
      if (plans.size < maxSignatures) plans.set(signature, root);
    }
    return root;
  }

  function run(args: RunArgs): PromiseOrValue<ExecutionResult> {
    const execution = new Execution(operation, objectSink, args);
    return runOperation(
      execution,
      () => plan(args.variables),
      (data) => toResult(execution, data),
    );
  }

  function write(args: RunArgs): PromiseOrValue<WrittenResult> {
    if (hasThen) {
      const result = run(args);
      return result instanceof Promise ? result.then(stringify) : stringify(result);
    }
    const sink = new JsonSink();
    const execution = new Execution(operation, sink, args);
    return runOperation(
      execution,
      () => plan(args.variables),
      (data) => toWritten(execution, sink, data as string),
    );
  }

  return { operation: definition, coerce, run, write };
}

function toResult({ errors }: Execution, data: unknown): ExecutionResult {
  const object = data as NonNullable<ExecutionResult['data']> | null;
  return errors.length === 0 ? { data: object } : { errors, data: object };
}

function toWritten({ errors }: Execution, sink: JsonSink, data: string): WrittenResult {
  sink.assertWritten(data);
  if (errors.length === 0) return { json: `{"data":${data}}` };
  return { errors, data: JSON.parse(data) as NonNullable<ExecutionResult['data']> | null };
}

function stringify(result: ExecutionResult): WrittenResult {
  return result.errors === undefined ? { json: JSON.stringify(result) } : result;
}
