import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { type Prepared, prepare } from '../../src/executor/prepare.ts';

const known = new WeakMap<object, Map<string | null | undefined, ReturnType<typeof prepare>>>();

/** Executes through `write` of one prepared operation for each document and name. */
export function executeByWriting(
  args: ExecutionArgs,
): string | ExecutionResult | Promise<string | ExecutionResult> {
  const { document, operationName } = args;
  let prepared = known.get(document)?.get(operationName);
  if (prepared === undefined) {
    prepared = prepare(args.schema, document, operationName);
    const names = known.get(document) ?? new Map();
    known.set(document, names.set(operationName, prepared));
  }
  if (!('write' in prepared)) return { errors: prepared };
  const coercion = prepared.coerce(args.variableValues ?? {});
  if ('errors' in coercion) return { errors: coercion.errors };
  const written = prepared.write({ ...args, variables: coercion.coerced });
  return written instanceof Promise ? written.then(toText) : toText(written);
}

function toText(written: Awaited<ReturnType<Prepared['write']>>): string | ExecutionResult {
  return 'json' in written ? written.json : written;
}
