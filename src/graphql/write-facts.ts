import type { GraphQLField, GraphQLSchema } from 'graphql';
import type { Context } from './context.ts';

type Resolve = NonNullable<GraphQLField<unknown, Context>['resolve']>;
/** What of a payload says how the write ended. */
type AnyPayload = { userErrors: readonly { code: string }[]; idempotency?: { replayed: boolean } };

/** Makes the fields of Mutation tell the facts of their request how they ended, where somebody listens. */
export function observeWrites(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {}))
    if (field.resolve !== undefined) field.resolve = observed(field.resolve);
}

/** It has a parameter `info` only where the resolver has one: see `guard` of policies. */
function observed(resolve: Resolve): Resolve {
  if (resolve.length > 3)
    return (parent, args, context, info) => note(context, resolve(parent, args, context, info));
  const resolveLean = resolve as (parent: unknown, args: object, context: Context) => unknown;
  return (parent, args, context) => note(context, resolveLean(parent, args, context));
}

function note({ facts }: Context, writing: unknown): unknown {
  if (facts === undefined || !(writing instanceof Promise)) return writing;
  const { doubts } = facts;
  return (writing as Promise<AnyPayload | null>).then((payload) => {
    if (payload !== null) facts.addPayload(payload, doubts);
    return payload;
  });
}
