import { readFileSync } from 'node:fs';
import { type ExecutionArgs, type ExecutionResult, execute as reference, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute } from '../../src/executor/execute.ts';
import { createContext, schema, serviceCaller } from '../../src/index.ts';
import type { Fault } from '../../src/sandbox/sandbox.ts';
import { type Harness, startHarness } from '../support/harness.ts';
import { seedConnection, seedEndpoint } from '../support/rows.ts';
import { executeByWriting } from './support.ts';

/** A document that one executor or another that works from plans has answered differently from graphql-js. */
type Case = Request & {
  name: string;
  query: string;
  /** Asked after the first, of the same document. */
  repeatedWith?: Request[];
  /** Two calls to Novu race: which one fails first, and so the place of the error, is chance. */
  raced?: true;
  /** What Novu answers for as long as the case runs. */
  novuAnswers?: { kind: 'status'; status: number; path?: string }[];
};
type Request = { operationName?: string; variables?: Record<string, unknown> };

const cases = JSON.parse(readFileSync(new URL('cases.json', import.meta.url), 'utf8')) as Case[];

let harness: Harness;
beforeAll(async () => {
  const options = { knowsEverySubscriber: true, clock: () => Date.UTC(2030, 0, 1) };
  harness = await startHarness({ sandbox: options });
});
afterAll(() => harness[Symbol.asyncDispose]());

async function seed({ query, novuAnswers = [] }: Case): Promise<void> {
  harness.sandbox.reset();
  if (query.startsWith('mutation')) return;
  for (let row = 0; row < 4; row++) {
    await seedConnection(harness, { identifier: `row-000${row}`, subscriberId: `subscriber-${row}` });
  }
  await seedEndpoint(harness, {
    identifier: 'ep-0000',
    connectionIdentifier: 'row-0000',
    subscriberId: 'subscriber-0',
    context: { key: 'org-acme' },
  });
  for (const { path, ...answer } of novuAnswers) {
    const fault: Fault = { ...answer, times: Number.POSITIVE_INFINITY };
    harness.sandbox.fail(path === undefined ? fault : { ...fault, match: { path } });
  }
}

type Executor = (args: ExecutionArgs) => string | ExecutionResult | Promise<string | ExecutionResult>;

async function ask(
  one: Case,
  { operationName, variables = {} }: Request,
  document: ExecutionArgs['document'],
  executor: Executor,
) {
  if (one.query.startsWith('mutation')) await seed(one);
  const contextValue = createContext({
    caller: serviceCaller('backend', false),
    novu: harness.novu,
    requestId: 'request',
    idempotencyKeyHeader: one.query.includes('idempotencyKey') ? null : 'key-of-the-header',
  });
  const result = await executor({
    schema,
    document,
    operationName: operationName ?? null,
    variableValues: variables,
    contextValue,
  });
  const text = typeof result === 'string' ? result : JSON.stringify(result);
  return one.raced ? text.replaceAll(/"(locations|path)":\[[^\]]*\],/g, '') : text;
}

describe('the executor on documents that are easily answered wrongly', () => {
  it.each(cases)('answers as graphql-js does, the first time and the hundredth: $name', async (one) => {
    const document = parse(one.query);
    const requests = [one, ...(one.repeatedWith ?? [])];
    await seed(one);
    const expected: string[] = [];
    for (const request of requests) expected.push(await ask(one, request, document, reference));
    for (let time = 1; time <= 100; time++) {
      for (const [index, request] of requests.entries()) {
        expect(await ask(one, request, document, execute)).toBe(expected[index]);
        expect(await ask(one, request, document, executeByWriting)).toBe(expected[index]);
      }
    }
  });
});
