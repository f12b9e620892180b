import { defaultTypeResolver, type GraphQLAbstractType, GraphQLError, type GraphQLObjectType } from 'graphql';
import { toRuntimeType } from './abstract-type.ts';
import type { Execution } from './execution.ts';
import { inspect } from './inspect.ts';
import { isPromise } from './is-promise.ts';
import { Kinds, type TypePlan } from './output-type.ts';
import { type FieldPlan, type ObjectPlan, planBelow } from './plan.ts';
import { resolveField } from './resolve.ts';
import { Step } from './step.ts';

// The order in which errors are found is part of the result, and with promises it depends on how many turns each takes.
// So promises are chained here exactly as in graphql-js, wherever another promise may be under way.

/**
 * Executes the fields of an object side by side.
 *
 * @returns the part of the object, or a promise of it.
 */
export function executeFields(
  execution: Execution,
  { fields }: ObjectPlan,
  source: unknown,
  step: Step | undefined,
): unknown {
  const { sink } = execution;
  let object = sink.beginObject();
  /** From the first promise on; most objects have none. */
  let later: unknown[] | undefined;
  try {
    for (const field of fields) {
      const part = executeField(execution, field, source, step);
      if (later !== undefined) later.push(part);
      else if (isPromise(part)) later = [part];
      else object = sink.addField(object, field, part);
    }
  } catch (error) {
    if (later === undefined) throw error;
    // The other fields may fail, too: somebody has to wait for them.
    return Promise.all(later)
      .then(() => undefined)
      .finally(() => {
        throw error;
      });
  }
  if (later === undefined) return sink.endObject(object);
  const first = fields.length - later.length;
  return Promise.all(later).then((settled) => {
    let whole = object;
    for (let index = 0; index < settled.length; index++)
      whole = sink.addField(whole, fields[first + index] as FieldPlan, settled[index]);
    return sink.endObject(whole);
  });
}

/**
 * Executes one field.
 *
 * @returns its part, a promise of it, or null for an error.
 * @throws the error of a field that must not be null.
 */
export function executeField(
  execution: Execution,
  field: FieldPlan,
  source: unknown,
  previous: Step | undefined,
): unknown {
  const step = field.isLeaf ? undefined : new Step(previous, field.key, field);
  try {
    const value = resolveField(execution, field, source, previous, step);
    const completed = isPromise(value)
      ? completeLater(execution, field, field.type, value, field.key, step)
      : completeValue(execution, field, field.type, value, field.key, step);
    return isPromise(completed)
      ? rescue(execution, field, field.type, completed, previous, field.key, step)
      : completed;
  } catch (thrown) {
    return execution.handleError(thrown, field, field.type, step ?? new Step(previous, field.key, field));
  }
}

/** Completes what a field or an item of a list gave, which may be a promise. */
export function completePlace(
  execution: Execution,
  field: FieldPlan,
  type: TypePlan,
  value: unknown,
  previous: Step | undefined,
  key: string | number,
  step: Step | undefined,
): unknown {
  try {
    const completed = isPromise(value)
      ? completeLater(execution, field, type, value, key, step)
      : completeValue(execution, field, type, value, key, step);
    return isPromise(completed) ? rescue(execution, field, type, completed, previous, key, step) : completed;
  } catch (thrown) {
    return execution.handleError(thrown, field, type, step ?? new Step(previous, key, field));
  }
}

function completeLater(
  execution: Execution,
  field: FieldPlan,
  type: TypePlan,
  value: PromiseLike<unknown>,
  key: string | number,
  step: Step | undefined,
): unknown {
  return value.then((resolved) => completeValue(execution, field, type, resolved, key, step));
}

function rescue(
  execution: Execution,
  field: FieldPlan,
  type: TypePlan,
  completed: PromiseLike<unknown>,
  previous: Step | undefined,
  key: string | number,
  step: Step | undefined,
): unknown {
  return completed.then(undefined, (thrown: unknown) =>
    execution.handleError(thrown, field, type, step ?? new Step(previous, key, field)),
  );
}

/**
 * Completes a value for a type (GraphQL specification, 6.4.3).
 *
 * @param step the place of the value; leaves need none.
 * @returns its part, or a promise of it.
 * @throws whatever is wrong with the value.
 */
export function completeValue(
  execution: Execution,
  field: FieldPlan,
  type: TypePlan,
  value: unknown,
  key: string | number,
  step: Step | undefined,
): unknown {
  if (value === null || value === undefined) {
    if (!type.nonNull) return execution.sink.nothing;
    throw new Error(
      `Cannot return null for non-nullable field ${field.parentType.name}.${field.definition.name}.`,
    );
  }
  if (typeof value === 'object' && value instanceof Error) throw value;
  if (step === undefined || type.kind === Kinds.leaf) return execution.sink.leaf(type, value, key);
  if (type.kind === Kinds.list) return completeList(execution, field, type, value, step);
  if (type.kind === Kinds.abstract) return completeAbstract(execution, field, type, value, step);
  const objectType = type.type as GraphQLObjectType;
  const plan = planBelow(execution.operation, execution.variables, field, objectType);
  return completeObject(execution, field, plan, value, step);
}

function completeList(
  execution: Execution,
  field: FieldPlan,
  type: TypePlan,
  value: unknown,
  step: Step,
): unknown {
  if (!isIterable(value)) {
    throw new GraphQLError(
      `Expected Iterable, but did not find one for field "${field.parentType.name}.${field.definition.name}".`,
    );
  }
  const itemType = type.item as TypePlan;
  const isLeaf = itemType.kind === Kinds.leaf;
  // oxlint-disable-next-line unicorn/no-new-array -- an array that grows by itself takes room for 17 at once
  const parts: unknown[] = new Array(Array.isArray(value) ? value.length : 0);
  let count = 0;
  let isWaiting = false;
  try {
    for (const item of value) {
      const index = count++;
      const itemStep = isLeaf ? undefined : new Step(step, index, field);
      const part = completePlace(execution, field, itemType, item, step, index, itemStep);
      if (isPromise(part)) isWaiting = true;
      parts[index] = part;
    }
    // It may have lost items meanwhile.
    parts.length = count;
  } catch (error) {
    // Nobody waits for the other items; their errors are not to be lost in the process.
    if (isWaiting) for (const part of parts) if (isPromise(part)) part.then(undefined, ignore);
    throw error;
  }
  return isWaiting ? execution.sink.laterList(Promise.all(parts)) : execution.sink.list(parts);
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && typeof (value as Iterable<unknown>)[Symbol.iterator] === 'function';
}

const ignore = (): void => undefined;

function completeAbstract(
  execution: Execution,
  field: FieldPlan,
  { type }: TypePlan,
  value: unknown,
  step: Step,
): unknown {
  const abstractType = type as GraphQLAbstractType;
  const resolveType = abstractType.resolveType ?? execution.typeResolver ?? defaultTypeResolver;
  const name = resolveType(value, execution.contextValue, execution.toInfo(step), abstractType) as unknown;
  return isPromise(name)
    ? name.then((settled) => completeResolved(execution, field, abstractType, settled, value, step))
    : completeResolved(execution, field, abstractType, name, value, step);
}

function completeResolved(
  execution: Execution,
  field: FieldPlan,
  abstractType: GraphQLAbstractType,
  name: unknown,
  value: unknown,
  step: Step,
): unknown {
  let plan = field.resolved.get(name as string);
  if (plan === undefined) {
    const objectType = toRuntimeType(execution.operation, field, abstractType, name, value);
    plan = planBelow(execution.operation, execution.variables, field, objectType);
    field.resolved.set(objectType.name, plan);
  }
  return completeObject(execution, field, plan, value, step);
}

function completeObject(
  execution: Execution,
  { nodes }: FieldPlan,
  plan: ObjectPlan,
  value: unknown,
  step: Step,
): unknown {
  const { type } = plan;
  if (!type.isTypeOf) return executeFields(execution, plan, value, step);
  const answer = type.isTypeOf(value, execution.contextValue, execution.toInfo(step)) as unknown;
  if (isPromise(answer)) {
    return answer.then((settled) => {
      if (!settled) throw notOfType(type, value, nodes);
      return executeFields(execution, plan, value, step);
    });
  }
  if (!answer) throw notOfType(type, value, nodes);
  return executeFields(execution, plan, value, step);
}

function notOfType(type: GraphQLObjectType, value: unknown, nodes: FieldPlan['nodes']): GraphQLError {
  return new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(value)}.`, { nodes });
}
