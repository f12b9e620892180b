import {
  type GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLTypeResolver,
  locatedError,
} from 'graphql';
import type { Operation } from './operation.ts';
import type { TypePlan } from './output-type.ts';
import type { FieldPlan } from './plan.ts';
import type { Sink } from './sink.ts';
import { type Step, toFieldStep, toKeys, toPath } from './step.ts';

/** What one run of an operation is given; the variables are the coerced ones. */
export type RunArgs = {
  readonly rootValue?: unknown;
  readonly contextValue?: unknown;
  readonly variables: Record<string, unknown>;
  /** Resolves the fields without a resolver of their own. @default graphql-js's defaultFieldResolver */
  readonly fieldResolver?: GraphQLFieldResolver<unknown, unknown> | null | undefined;
  /** Finds the type of values whose abstract type has no `resolveType`. @default graphql-js's defaultTypeResolver */
  readonly typeResolver?: GraphQLTypeResolver<unknown, unknown> | null | undefined;
};

/** One run of an operation: what was given, and the errors so far. */
export class Execution {
  readonly operation: Operation;
  readonly sink: Sink;
  readonly rootValue: unknown;
  readonly contextValue: unknown;
  readonly variables: Record<string, unknown>;
  readonly fieldResolver: GraphQLFieldResolver<unknown, unknown> | undefined;
  readonly typeResolver: GraphQLTypeResolver<unknown, unknown> | undefined;
  readonly errors: GraphQLError[] = [];
  /** The places that are null because of an error; undefined is the whole response. */
  #nulled: Set<Step | undefined> | undefined;

  constructor(operation: Operation, sink: Sink, args: RunArgs) {
    this.operation = operation;
    this.sink = sink;
    this.rootValue = args.rootValue;
    this.contextValue = args.contextValue;
    this.variables = args.variables;
    this.fieldResolver = args.fieldResolver ?? undefined;
    this.typeResolver = args.typeResolver ?? undefined;
  }

  /** Keeps an error, unless its place is gone from the response because of an earlier one. */
  addError(error: GraphQLError, step: Step | undefined): void {
    const nulled = (this.#nulled ??= new Set());
    for (let at = step; at !== undefined; at = at.previous) {
      if (nulled.has(at)) return;
    }
    if (nulled.has(undefined)) return;
    nulled.add(step);
    this.errors.push(error);
  }

  /** The null of a place where something was thrown; where null is not allowed, the error is thrown on. */
  handleError(thrown: unknown, field: FieldPlan, type: TypePlan, step: Step): unknown {
    const error = locate(thrown, field, step);
    if (type.nonNull) throw error;
    this.addError(error, step);
    return this.sink.nothing;
  }

  /** What a resolver is told of its field; made once for each place. */
  toInfo(step: Step): GraphQLResolveInfo {
    const at = toFieldStep(step);
    at.info ??= {
      fieldName: at.field.definition.name,
      fieldNodes: at.field.nodes,
      returnType: at.field.definition.type,
      parentType: at.field.parentType,
      path: toPath(at),
      schema: this.operation.schema,
      fragments: this.operation.fragments,
      rootValue: this.rootValue,
      operation: this.operation.definition,
      variableValues: this.variables,
    };
    return at.info;
  }
}

/** graphql-js's `locatedError`. It takes the stack of what was thrown; that there is one of its own first is spared. */
function locate(thrown: unknown, { nodes }: FieldPlan, step: Step): GraphQLError {
  if (!(thrown instanceof Error)) return locatedError(thrown, nodes, toKeys(step));
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return locatedError(thrown, nodes, toKeys(step));
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
