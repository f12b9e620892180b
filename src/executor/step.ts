import type { GraphQLResolveInfo } from 'graphql';
import type { FieldPlan } from './plan.ts';

type Path = GraphQLResolveInfo['path'];

/**
 * A place in the response: a field, or an item of a list. There is one for each object, list and item that may have
 * places below; graphql-js's path and `info` are made from it when somebody asks.
 */
export class Step {
  readonly previous: Step | undefined;
  /** A response key, or the index of an item. */
  readonly key: string | number;
  readonly field: FieldPlan;
  path: Path | undefined;
  info: GraphQLResolveInfo | undefined;

  constructor(previous: Step | undefined, key: string | number, field: FieldPlan) {
    this.previous = previous;
    this.key = key;
    this.field = field;
    this.path = undefined;
    this.info = undefined;
  }
}

/** The path of a place as a resolver sees it, the same object each time. */
export function toPath(step: Step): Path {
  step.path ??= {
    prev: step.previous && toPath(step.previous),
    key: step.key,
    typename: typeof step.key === 'string' ? step.field.parentType.name : undefined,
  };
  return step.path;
}

/** The path of a place as an error has it. */
export function toKeys(step: Step): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at: Step | undefined = step; at !== undefined; at = at.previous) keys.push(at.key);
  return keys.toReversed();
}

/** The place of the field whose list an item is in, or the place itself. */
export function toFieldStep(step: Step): Step {
  let at = step;
  while (typeof at.key === 'number' && at.previous !== undefined) at = at.previous;
  return at;
}
