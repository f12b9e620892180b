import { getNamedType, isLeafType, isObjectType } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fieldPolicy } from '../../src/graphql/policy.ts';
import { schema } from '../../src/schema/schema.ts';
import {
  entityDocument,
  entityTypes,
  fieldsOf,
  mutations,
  queries,
  rootDocument,
  selectAll,
} from '../security/generate.ts';
import { ada, calls, entities, reads, startWorld, type World } from '../security/world.ts';
import { readerKey } from '../support/harness.ts';

type Field = (typeof queries)[number];
const asksOf = (field: Field) => fieldPolicy(field)?.asks ?? 'nothing';
const asksNothing = (field: Field) => asksOf(field) === 'nothing';
const quiet = (field: Field) => selectAll(getNamedType(field.type), 6, asksNothing);

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => world.reset());

/** How often Novu is asked for a document, on rows as they were in the beginning. */
async function countAsked(query: string, variables: Record<string, unknown>): Promise<number> {
  await world.reset();
  const { status, errors } = await world.harness.execute(query, variables, { key: readerKey });
  expect({ status, errors }).toEqual({ status: 200, errors: [] });
  return world.sandbox.requests.length;
}

const roots = [
  ...queries.map((field) => ['query', field.name, field, reads] as const),
  ...mutations.map((field) => ['mutation', field.name, field, calls] as const),
];

describe('the policy of each field', () => {
  it.each(roots)('says that the %s %s asks Novu, which it does', async (kind, name, field, variables) => {
    expect(asksOf(field)).not.toBe('nothing');
    expect(
      await countAsked(rootDocument(kind, field, '{ __typename }'), variables[name]!(ada)),
    ).toBeGreaterThan(0);
  });

  it.each(roots)(
    'says of all fields below the %s %s whether they ask Novu: the others do not',
    async (kind, name, field, variables) => {
      const ask = (selection: string) =>
        countAsked(rootDocument(kind, field, selection), variables[name]!(ada));
      expect(await ask(quiet(field))).toBe(await ask('{ __typename }'));
    },
  );

  const asking = entityTypes.flatMap((type) =>
    fieldsOf(type)
      .filter((field) => !asksNothing(field))
      .map((field) => [`${type.name}.${field.name}`, type, field] as const),
  );

  it.each(asking)('says that %s asks Novu, which it does', async (_name, type, field) => {
    const ask = (selection: string) =>
      countAsked(entityDocument(type.name, `{ __typename ${selection} }`), {
        representations: [{ __typename: type.name, ...entities[type.name]!(ada) }],
      });
    const selection = isLeafType(getNamedType(field.type)) ? '' : '{ __typename }';
    expect(await ask(`${field.name} ${selection}`)).toBe((await ask('')) + 1);
  });

  it('says so of no other field but the row that a create conflicts with, and what a delete left', () => {
    const said = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .filter((type) => type !== schema.getQueryType() && type !== schema.getMutationType())
      .flatMap((type) =>
        fieldsOf(type)
          .filter((field) => !asksNothing(field))
          .map((field) => `${type.name}.${field.name}`),
      );
    expect(said.toSorted()).toEqual(
      [
        ...asking.map(([name]) => name),
        'NovuConflictError.existing',
        'DeleteChannelConnectionPayload.remainingEndpoints',
      ].toSorted(),
    );
  });
});
