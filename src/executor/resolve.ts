import { defaultFieldResolver } from 'graphql';
import { coerceArguments } from './arguments.ts';
import type { Execution } from './execution.ts';
import { countParameters } from './parameters.ts';
import type { FieldPlan } from './plan.ts';
import { Step } from './step.ts';

/**
 * Calls the resolver of a field. It may be another one than the last time: schemas are changed by tools.
 *
 * @param step the place of the field, if there is one already
 * @throws what the resolver throws, and GraphQLError for arguments without a valid value.
 */
export function resolveField(
  execution: Execution,
  field: FieldPlan,
  source: unknown,
  previous: Step | undefined,
  step: Step | undefined,
): unknown {
  if (field.isTypename) return field.parentType.name;
  const resolver = field.definition.resolve ?? execution.fieldResolver;
  if (resolver === undefined || resolver === defaultFieldResolver) {
    return readProperty(execution, field, source, previous, step);
  }
  if (resolver !== field.resolver) {
    field.resolver = resolver;
    field.parameters = countParameters(resolver);
  }
  const { parameters } = field;
  let args: Record<string, unknown> | undefined;
  if (field.arguments !== undefined) args = coerceArguments(field.arguments, execution.variables);
  else if (parameters > 1) args = {};
  const info = parameters > 3 ? execution.toInfo(step ?? new Step(previous, field.key, field)) : undefined;
  // A resolver that gets less than its type says cannot look at what is missing.
  return resolver(source, args, execution.contextValue, info as never);
}

/** What graphql-js's defaultFieldResolver does, without `args` and `info` that only a method needs. */
function readProperty(
  execution: Execution,
  field: FieldPlan,
  source: unknown,
  previous: Step | undefined,
  step: Step | undefined,
): unknown {
  const args = field.arguments && coerceArguments(field.arguments, execution.variables);
  if ((typeof source !== 'object' || source === null) && typeof source !== 'function') return undefined;
  const { name } = field.definition;
  const value = (source as Record<string, unknown>)[name];
  if (typeof value !== 'function') return value;
  const info = execution.toInfo(step ?? new Step(previous, field.key, field));
  return (source as Record<string, (...args: unknown[]) => unknown>)[name]?.(
    args ?? {},
    execution.contextValue,
    info,
  );
}
