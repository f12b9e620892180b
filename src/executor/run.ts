import { type GraphQLError, OperationTypeNode } from 'graphql';
import { completePlace, completeValue, executeField, executeFields } from './complete.ts';
import type { Execution } from './execution.ts';
import { isPromise } from './is-promise.ts';
import type { FieldPlan, ObjectPlan } from './plan.ts';
import { resolveField } from './resolve.ts';
import { Step } from './step.ts';

/** A value, or a promise of it. */
export type PromiseOrValue<Value> = Value | Promise<Value>;

/**
 * Runs an operation whose fields are planned.
 *
 * @param plan gives the fields of the root type; what it throws becomes the error of the whole response.
 * @param finish makes the result of the root object's part, which is null after such an error.
 */
export function runOperation<Result>(
  execution: Execution,
  plan: () => ObjectPlan,
  finish: (part: unknown) => Result,
): PromiseOrValue<Result> {
  let root: ObjectPlan;
  try {
    root = plan();
  } catch (error) {
    return fail(error);
  }
  const [field] = root.fields;
  if (field !== undefined && root.fields.length === 1) return runOnly(execution, root, field, conclude);
  return conclude(() =>
    isSerial(execution)
      ? executeSerially(execution, root)
      : executeFields(execution, root, execution.rootValue, undefined),
  );

  function conclude(complete: () => unknown): PromiseOrValue<Result> {
    let part: unknown;
    try {
      part = complete();
    } catch (error) {
      return fail(error);
    }
    return isPromise(part) ? (part.then(finish, fail) as Promise<Result>) : finish(part);
  }

  function fail(error: unknown): Result {
    // What is thrown up to here was given its place by the field where it happened.
    execution.addError(error as GraphQLError, undefined);
    return finish(execution.sink.nothing);
  }
}

function isSerial({ operation }: Execution): boolean {
  return operation.definition.operation === OperationTypeNode.MUTATION;
}

/** Executes the root fields one after the other, each when the one before is complete. */
function executeSerially(execution: Execution, { fields }: ObjectPlan): unknown {
  const { sink } = execution;
  let object = sink.beginObject();
  const last = fields.at(-1);
  const executeNext = (field: FieldPlan): unknown => {
    // After the last field this is the part of the root, without a turn of its own.
    const add = (part: unknown): unknown => {
      object = sink.addField(object, field, part);
      return field === last ? sink.endObject(object) : undefined;
    };
    const part = executeField(execution, field, execution.rootValue, undefined);
    return isPromise(part) ? part.then(add) : add(part);
  };
  let done: unknown = fields.length === 0 ? sink.endObject(object) : undefined;
  for (const field of fields)
    done = isPromise(done) ? done.then(() => executeNext(field)) : executeNext(field);
  return done;
}

type Conclude<Result> = (complete: () => unknown) => PromiseOrValue<Result>;

/**
 * Runs an operation with one root field. Until its resolver has settled nothing else is under way, and mostly nothing is
 * afterwards: then the turns that graphql-js takes on the way up can be left out.
 */
function runOnly<Result>(
  execution: Execution,
  root: ObjectPlan,
  field: FieldPlan,
  conclude: Conclude<Result>,
): PromiseOrValue<Result> {
  const step = new Step(undefined, field.key, field);
  let value: unknown;
  try {
    value = resolveField(execution, field, execution.rootValue, undefined, step);
  } catch (thrown) {
    return conclude(() => join(handle(thrown)));
  }
  if (!isNativePromise(value)) {
    const settled = value;
    return conclude(() =>
      join(completePlace(execution, field, field.type, settled, undefined, field.key, step)),
    );
  }
  return value.then(
    (resolved) => conclude(() => join(complete(resolved))),
    (thrown: unknown) => conclude(() => join(handle(thrown))),
  );

  function complete(resolved: unknown): unknown {
    let completed: unknown;
    try {
      completed = completeValue(execution, field, field.type, resolved, field.key, step);
    } catch (thrown) {
      return Promise.reject(thrown as Error).then(undefined, handle);
    }
    if (!isPromise(completed)) return completed;
    const later = completed;
    return new Promise((resolve) => {
      resolve(later);
    }).then(undefined, handle);
  }

  function handle(thrown: unknown): unknown {
    return execution.handleError(thrown, field, field.type, step);
  }

  function join(part: unknown): unknown {
    if (!isPromise(part)) return toRoot(part);
    if (isSerial(execution)) return part.then(toRoot);
    // oxlint-disable-next-line unicorn/no-single-promise-in-promise-methods -- takes as many turns as in graphql-js
    return Promise.all([part]).then(([only]) => toRoot(only));
  }

  function toRoot(part: unknown): unknown {
    const { sink } = execution;
    return sink.endObject(sink.addField(sink.beginObject(), field, part));
  }
}

function isNativePromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise && value.then === Promise.prototype.then;
}
