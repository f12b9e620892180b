import { type ExecutionResult, OperationTypeNode } from 'graphql';
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
  const fail = (error: unknown): Result => {
    // What is thrown up to here was given its place by the field where it happened.
    execution.addError(error as NonNullable<ExecutionResult['errors']>[number], undefined);
    return finish(execution.sink.nothing);
  };
  let part: unknown;
  try {
    part = executeRoot(execution, plan());
  } catch (error) {
    return fail(error);
  }
  return isPromise(part) ? (part.then(finish, fail) as Promise<Result>) : finish(part);
}

function executeRoot(execution: Execution, plan: ObjectPlan): unknown {
  const [field] = plan.fields;
  if (plan.fields.length === 1 && field !== undefined) return executeOnly(execution, plan, field);
  return execution.operation.definition.operation === OperationTypeNode.MUTATION
    ? executeSerially(execution, plan)
    : executeFields(execution, plan, execution.rootValue, undefined);
}

/** Executes the only root field. Nothing else is under way then, so most turns of graphql-js's can be left out. */
function executeOnly(execution: Execution, { fields }: ObjectPlan, field: FieldPlan): unknown {
  const step = new Step(undefined, field.key, field);
  const handle = (thrown: unknown): unknown => execution.handleError(thrown, field, field.type, step);
  const finish = (part: unknown): unknown => execution.sink.object(fields, [part]);
  let value: unknown;
  try {
    value = resolveField(execution, field, execution.rootValue, undefined, step);
  } catch (thrown) {
    return finish(handle(thrown));
  }
  if (!isNativePromise(value)) {
    const part = completePlace(execution, field, field.type, value, undefined, field.key, step);
    return isPromise(part) ? Promise.resolve(part).then(finish) : finish(part);
  }
  return value.then(
    (resolved) => {
      let completed: unknown;
      try {
        completed = completeValue(execution, field, field.type, resolved, field.key, step);
      } catch (thrown) {
        // Items of a list may be under way: as in graphql-js, they have one more turn to report their errors.
        return Promise.reject(thrown as Error)
          .then(undefined, handle)
          .then(finish);
      }
      if (!isPromise(completed)) return finish(completed);
      const later = completed;
      return new Promise((resolve) => {
        resolve(later);
      })
        .then(undefined, handle)
        .then(finish);
    },
    (thrown: unknown) => finish(handle(thrown)),
  );
}

function isNativePromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise && value.then === Promise.prototype.then;
}

/** Executes the root fields one after the other, each when the one before is complete. */
function executeSerially(execution: Execution, { fields }: ObjectPlan): unknown {
  const parts: unknown[] = [];
  const executeNext = (field: FieldPlan): unknown => {
    const part = executeField(execution, field, execution.rootValue, undefined);
    if (isPromise(part)) return part.then((settled) => void parts.push(settled));
    parts.push(part);
    return undefined;
  };
  let done: unknown;
  for (const field of fields)
    done = isPromise(done) ? done.then(() => executeNext(field)) : executeNext(field);
  return isPromise(done)
    ? done.then(() => execution.sink.object(fields, parts))
    : execution.sink.object(fields, parts);
}
