import type { Context } from '../../graphql/context.ts';

/**
 * Resolvers for the fields of a type whose values may be a key alone: `rowOf` finds the row behind it. Each shows one
 * field of the row, null where there is none.
 */
export const shows =
  <V, R>(rowOf: (value: V, context: Context) => R | null | Promise<R | null>) =>
  <K extends keyof R>(name: K) =>
  (value: V, _args: object, context: Context): R[K] | null | Promise<R[K] | null> => {
    const row = rowOf(value, context);
    return row instanceof Promise ? row.then((found) => found?.[name] ?? null) : (row?.[name] ?? null);
  };
