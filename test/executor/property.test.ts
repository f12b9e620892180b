import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { type ExecutionResult, execute as reference, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { execute } from '../../src/executor/execute.ts';
import { type Prepared, prepare } from '../../src/executor/prepare.ts';
import { Choices } from './random/choices.ts';
import { makeDocument } from './random/document.ts';
import { makeRawVariables } from './random/inputs.ts';
import { makeSchema, type RandomSchema } from './random/schema.ts';

// For longer runs: EXECUTOR_RUNS=5000 EXECUTOR_SEED=$RANDOM npx vitest run test/executor/property.test.ts
// For the one case that such a run reports: EXECUTOR_CASE=…
const numRuns = Number(process.env['EXECUTOR_RUNS'] ?? 300);
const seed = Number(process.env['EXECUTOR_SEED'] ?? 20260101);
const timeout = 30_000 + numRuns * 50;
const only = process.env['EXECUTOR_CASE'];

type Outcome = { text: string; calls: readonly string[] };

describe('the executor on random schemas, documents, variables and resolvers', () => {
  it('answers as graphql-js does, byte by byte, the first time and the hundredth', { timeout }, async () => {
    const seen = { valid: 0, invalid: 0, errors: 0 };
    const check = async (caseSeed: number): Promise<void> => {
      const world = makeSchema(caseSeed);
      const choices = new Choices(caseSeed, 'document');
      const random = makeDocument(world, choices);
      const document = parse(random.source);
      seen[validate(world.schema, document).length === 0 ? 'valid' : 'invalid']++;
      const requests = choices.many(3, () => ({
        schema: world.schema,
        document,
        operationName: random.operationName,
        variableValues: makeRawVariables(random, choices),
        rootValue: { q0: 'root', f0: 1, kind: 'Query' },
        contextValue: { context: true },
      }));
      const expected: Outcome[] = [];
      await withoutUnhandled(async () => {
        for (const request of requests) expected.push(await observe(world, () => reference(request)));
      });
      const unhandled = await withoutUnhandled(async () => {
        const times = caseSeed % 10 === 0 ? 100 : 3;
        for (let time = 1; time <= times; time++) {
          for (const [index, request] of requests.entries()) {
            const actual = await observe(world, () => execute(request));
            if (time < 3 || time === times) expectSame(actual, expected[index], random.source, 'execute');
          }
        }
        const prepared = prepare(world.schema, document, random.operationName);
        if (!('run' in prepared)) return;
        for (const [index, request] of requests.entries()) {
          const actual = await observe(world, () => write(prepared, request));
          expectSame(actual, expected[index], random.source, 'write');
        }
      });
      expect(unhandled).toEqual([]);
      for (const { text } of expected) if (text.startsWith('{"errors"')) seen.errors++;
    };
    if (only !== undefined) return check(Number(only));
    await fc.assert(fc.asyncProperty(fc.integer(), check), { seed, numRuns, endOnFailure: true });
    // What is random should still be about something.
    expect(seen.valid).toBeGreaterThan(numRuns / 3);
    expect(seen.invalid).toBeGreaterThan(numRuns / 10);
    expect(seen.errors).toBeGreaterThan(numRuns / 2);
  });
});

type Request = Parameters<typeof reference>[0];

async function write(prepared: Prepared, request: Request): Promise<string | ExecutionResult> {
  const coercion = prepared.coerce(request.variableValues ?? {});
  if ('errors' in coercion) return { errors: coercion.errors };
  const { rootValue, contextValue } = request;
  const written = await prepared.write({ rootValue, contextValue, variables: coercion.coerced });
  return 'json' in written ? written.json : written;
}

async function observe(
  { calls }: RandomSchema,
  run: () => string | ExecutionResult | Promise<string | ExecutionResult>,
): Promise<Outcome> {
  calls.length = 0;
  let text: string;
  try {
    const result = await run();
    // After an error that took out a list or more, the rest of it goes on behind the result.
    await setImmediate();
    text = typeof result === 'string' ? result : JSON.stringify(result);
  } catch (error) {
    text = `throws ${String(error)}`;
  }
  return { text, calls: [...calls] };
}

function expectSame(actual: Outcome, expected: Outcome | undefined, source: string, way: string): void {
  expect(actual, `${way}: ${source}`).toEqual(expected);
}

/** Runs something and gives the rejections that nobody handled meanwhile. */
async function withoutUnhandled(run: () => Promise<void>): Promise<unknown[]> {
  const listeners = process.listeners('unhandledRejection');
  const unhandled: unknown[] = [];
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (error) => unhandled.push(error));
  try {
    await run();
    await setImmediate();
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of listeners) process.on('unhandledRejection', listener);
  }
  return unhandled;
}
