import { readdirSync, readFileSync } from 'node:fs';
import { Kind, type OperationDefinitionNode, parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playgroundTabs } from '../src/server/plugins/playground/examples.ts';
import { schema } from '../src/schema/schema.ts';
import { type Harness, startHarness } from './support/harness.ts';

/** Variables of the operations that do not run without. */
const variables: Record<string, Record<string, unknown>> = {};

type Example = { file: string; name: string; document: string; definition: OperationDefinitionNode };

const folder = new URL('../schema/operations/', import.meta.url);
const examples: Example[] = readdirSync(folder)
  .sort()
  .flatMap((file) => {
    const document = readFileSync(new URL(file, folder), 'utf8');
    return parse(document).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION
        ? [{ file, name: definition.name?.value ?? '', document, definition }]
        : [],
    );
  });

/** Things are made before they are used, and taken away in the opposite order. */
const inOrder = [
  ...examples.filter(({ name }) => name.startsWith('Create')),
  ...examples.filter(({ name }) => !/^(Create|Delete)/.test(name)),
  ...examples.filter(({ name }) => name.startsWith('Delete')).toReversed(),
];

/** Every list named `userErrors`, at any depth. */
function findUserErrors(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === 'userErrors' && Array.isArray(child) ? child : findUserErrors(child),
  );
}

describe('the example operations', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness({ sandbox: { supportsVerify: true } });
  });
  afterAll(() => harness[Symbol.asyncDispose]());

  const run = ({ document, name }: Example) =>
    harness.execute(document, variables[name], { operationName: name });

  it('exist, each with a name of its own', () => {
    const names = examples.map(({ name }) => name);
    expect(names).toContain('CreateChannelConnection');
    expect(names).not.toContain('');
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(inOrder.map((example) => [example.name, example.file, example] as const))(
    '%s of %s runs as it stands',
    async (_name, _file, example) => {
      const { status, data, errors } = await run(example);
      expect({ status, errors, userErrors: findUserErrors(data) }).toEqual({
        status: 200,
        errors: [],
        userErrors: [],
      });
      for (const field of Object.values(data as object)) expect(field).not.toBeNull();

      if (!example.name.startsWith('Create')) return;
      const again = await run(example);
      expect(again.errors).toEqual([]);
      expect(findUserErrors(again.data)).toEqual([]);
      for (const field of Object.values(again.data as object)) {
        expect(field).toMatchObject({ idempotency: { replayed: true } });
      }
    },
  );

  it('leave nothing behind', () => {
    expect(harness.sandbox.connections()).toEqual([]);
    expect(harness.sandbox.endpoints()).toEqual([]);
  });
});

describe('the tabs of the playground', () => {
  const tabs = playgroundTabs().map(({ query }) => query);

  it('hold one operation each, all of them, as text that is valid alone', () => {
    const names = tabs.map((query) => {
      expect(validate(schema, parse(query))).toEqual([]);
      return parse(query).definitions.map((definition) => 'name' in definition && definition.name?.value);
    });
    expect(names.map((one) => one.length)).toEqual(examples.map(() => 1));
    expect(new Set(names.flat())).toEqual(new Set(examples.map(({ name }) => name)));
  });

  it('begin with the create', () => {
    expect(tabs[0]).toContain('mutation CreateChannelConnection {');
  });
});
