import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import FederationPlugin from '@pothos/plugin-federation';
import type { Context } from './context.ts';
import PolicyPlugin from './policy-plugin.ts';

export const builder = new SchemaBuilder<{
  Context: Context;
  Scalars: {
    ID: { Input: string; Output: string };
    /** What can't be read as a time becomes null on the way out. */
    DateTime: { Input: Date; Output: Date };
    JSONObject: { Input: Record<string, unknown>; Output: Record<string, unknown> };
    Secret: { Input: string; Output: never };
  };
}>({
  // Plugins run from the last to the first: federation keeps the directives that a policy means.
  plugins: [DirectivesPlugin, FederationPlugin, PolicyPlugin],
});

builder.queryType({});
builder.mutationType({});

/** The types that the builder was made with, for helpers that take part in building. */
export type BuilderTypes =
  typeof builder extends PothosSchemaTypes.SchemaBuilder<infer Types> ? Types : never;
