import SchemaBuilder from '@pothos/core';
import type { Context } from './context.ts';
import NovuPlugin from './plugin.ts';

export const builder = new SchemaBuilder<{
  Context: Context;
  Scalars: {
    ID: { Input: string; Output: string };
    /** Out: a Date, or a string that is an RFC 3339 time in UTC already, as rows hold it. */
    DateTime: { Input: Date; Output: Date | string };
    JSONObject: { Input: Record<string, unknown>; Output: Record<string, unknown> };
    NovuSecret: { Input: string; Output: never };
    /** A representation of an entity. */
    _Any: { Input: unknown; Output: never };
  };
}>({
  plugins: [NovuPlugin],
});

builder.queryType({});
builder.mutationType({});

/** The types that the builder was made with, for helpers that take part in building. */
export type BuilderTypes =
  typeof builder extends PothosSchemaTypes.SchemaBuilder<infer Types> ? Types : never;

/** A type of the schema whose objects are `T`. */
export type Ref<T> = PothosSchemaTypes.ObjectRef<BuilderTypes, T>;
