import {
  buildSchema,
  execute,
  type GraphQLError,
  GraphQLError as GraphQLErrorClass,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { safeMessage, toSafeError } from '../../src/operations/safe-messages.ts';

const schema: GraphQLSchema = buildSchema(/* GraphQL */ `
  type Query { a(n: Int, input: In, mode: Mode, id: ID, one: One): A  u: U }
  type A { b: Int  c: A }
  union U = A | B
  type B { d: String }
  enum Mode { ON OFF }
  input In { text: String!  list: [Int!]  inner: In  mode: Mode }
  input One @oneOf { x: Int  y: String }
`);

const value = 'TheValueOfTheCaller';

/** Every error that graphql-js finds in reading, checking and running the document. */
async function errorsOf(
  query: string,
  variableValues?: Record<string, unknown>,
): Promise<readonly GraphQLError[]> {
  try {
    const document = parse(query);
    const invalid = validate(schema, document);
    if (invalid.length > 0) return invalid;
    return (await execute({ schema, document, ...(variableValues && { variableValues }) })).errors ?? [];
  } catch (error) {
    return [error as GraphQLError];
  }
}

describe('a message of graphql-js', () => {
  it.each([
    ['{ x }', 'Cannot query field "x" on type "Query".'],
    ['{ a { bb } }', 'Cannot query field "bb" on type "A".'],
    ['{ a(m: 1) { b } }', 'Unknown argument "m" on field "Query.a".'],
    ['{ a }', 'Field "a" of type "A" must have a selection of subfields.'],
    ['{ a { b { c } } }', 'Field "b" must not have a selection since type "Int" has no subfields.'],
    ['{ ...F }', 'Unknown fragment "F".'],
    ['{ a { ...F } } fragment F on X { b }', 'Unknown type "X".'],
    ['{ a { b } } fragment F on A { b }', 'Fragment "F" is never used.'],
    ['query ($v: Int) { a { b } }', 'Variable "$v" is never used.'],
    ['{ a(n: $v) { b } }', 'Variable "$v" is not defined.'],
    ['query Q { a(n: $v) { b } }', 'Variable "$v" is not defined by operation "Q".'],
    [
      'query ($v: String) { a(n: $v) { b } }',
      'Variable "$v" of type "String" used in position expecting type "Int".',
    ],
    ['{ a @x { b } }', 'Unknown directive "@x".'],
    [
      '{ a @skip { b } }',
      'Directive "@skip" argument "if" of type "Boolean!" is required, but it was not provided.',
    ],
    ['{ a(input: {}) { b } }', 'Field "In.text" of required type "String!" was not provided.'],
    ['{ a(n: 1, n: 2) { b } }', 'There can be only one argument named "n".'],
    [
      '{ u { ... on Query { a { b } } } }',
      'Fragment cannot be spread here as objects of type "U" can never be of type "Query".',
    ],
  ])('that holds names alone is kept, without suggestions: %s', async (query, message) => {
    expect((await errorsOf(query)).map((error) => safeMessage(error.message))).toContain(message);
  });

  it.each([
    [`{ a(n: "${value}") { b } }`, 'Expected a value of type "Int".'],
    [`{ a(mode: ${value}) { b } }`, 'Expected a value of the enum "Mode".'],
    [`{ a(mode: "${value}") { b } }`, 'Expected a value of the enum "Mode".'],
    [`{ a(input: "${value}") { b } }`, 'Expected a value of type "In".'],
    [`{ a(id: { x: "${value}" }) { b } }`, 'Expected a value of type "ID".'],
    [`{ a(n: "${value}" { b } }`, 'Syntax error.'],
    [`{ a(n: 1${value}) { b } }`, 'Syntax error.'],
    [`{ a(n: "${value}`, 'Syntax error.'],
    [`{ a(one: { x: 1, y: "${value}" }) { b } }`, 'Exactly one key must be given for a one-of input.'],
    [
      `{ a(n: 1) { b } a(n: 2, id: "${value}") { b } }`,
      'Fields with the same response name conflict: give them aliases.',
    ],
  ])('that repeats a literal is written anew: %s', async (query, message) => {
    const errors = await errorsOf(query);
    expect(errors.map((error) => safeMessage(error.message))).toContain(message);
    expectNoValue(errors);
  });

  it.each([
    ['Int', value, 'Variable "$v" got an invalid value: Expected a value of type "Int".'],
    ['Int!', null, 'Variable "$v" of non-null type "Int!" must not be null.'],
    ['Mode', value, 'Variable "$v" got an invalid value: Expected a value of the enum "Mode".'],
    ['In', value, 'Variable "$v" got an invalid value: Expected type "In" to be an object.'],
    [
      'In',
      { text: [value] },
      'Variable "$v" got an invalid value at "v.text": Expected a value of type "String".',
    ],
    [
      'In',
      { text: value, list: [1, value] },
      'Variable "$v" got an invalid value at "v.list[1]": Expected a value of type "Int".',
    ],
    [
      'In',
      { text: value, inner: { text: value, mode: value } },
      'Variable "$v" got an invalid value at "v.inner.mode": Expected a value of the enum "Mode".',
    ],
    [
      'In',
      { list: [value] },
      'Variable "$v" got an invalid value: Field "text" of required type "String!" was not provided.',
    ],
    [
      'In',
      { text: value, more: value },
      'Variable "$v" got an invalid value: Field "more" is not defined by type "In".',
    ],
    [
      'One',
      { x: 1, y: value },
      'Variable "$v" got an invalid value: Exactly one key must be given for a one-of input.',
    ],
  ])('about a variable says where, not what: %s %j', async (type, v, message) => {
    const argument = { Int: 'n', Mode: 'mode', In: 'input', One: 'one' }[type.replace('!', '')];
    const errors = await errorsOf(`query ($v: ${type}) { a(${argument}: $v) { b } }`, { v });
    expect(errors.map((error) => safeMessage(error.message))).toContain(message);
    expectNoValue(errors);
  });

  it.each([
    `; Expected type "${value}". `,
    ` at "${value}"; x`,
    ` at "v.${value} x"; Field "${value}" is not defined by type "In". `,
    `; A NovuSecret must ${value}; `,
  ])('about a variable says nothing of a value that looks like a message: %s', async (v) => {
    expectNoValue(await errorsOf('query ($v: Mode) { a(mode: $v) { b } }', { v }));
    expectNoValue(await errorsOf('query ($v: In) { a(input: $v) { b } }', { v: { text: 'x', mode: v } }));
  });

  it.each([
    `Variable "$v" got invalid value "; ${value}"; ${value}`,
    `Variable "$v" got invalid value "x" at "v.a ${value}"; Field "${value} x" is not defined by type "In".`,
    `Cannot query field "a ${value}" on type "Query".`,
    `Unknown operation named "${value}".`,
    `Unexpected error value: "${value}"`,
    `Cannot return null: ${value}`,
    `Syntax Error: ${value}`,
    value,
    '',
  ])('that might hold a value in an unforeseen place says nothing: %s', (message) => {
    expect(safeMessage(message)).not.toContain(value);
    expect(safeMessage(message)).not.toBe('');
  });

  it('takes no longer for one that was made to be slow to read', () => {
    const long = [
      `Variable "$v" got invalid value ${'; '.repeat(100_000)}`,
      `Variable "$v" got invalid value ${' at "a'.repeat(50_000)}`,
      `Cannot spread fragment "A" within itself via ${'"A", '.repeat(50_000)}`,
      `Value ${' does not exist in'.repeat(50_000)}`,
      '; A NovuSecret must '.repeat(50_000),
    ];
    for (const message of long) expect(safeMessage(message).length).toBeLessThan(400);
  });

  function expectNoValue(errors: readonly GraphQLError[]): void {
    expect(errors.length).toBeGreaterThan(0);
    // It was there to be repeated.
    for (const error of errors) expect(JSON.stringify(toSafeError(error))).not.toContain(value);
  }
});

describe('an error as it is shown', () => {
  it('has a code by its kind', async () => {
    const codeOf = (error: GraphQLError | undefined) => error && toSafeError(error).extensions['code'];
    const [syntax] = await errorsOf('{');
    expect(codeOf(syntax)).toBe('GRAPHQL_PARSE_FAILED');
    const [coercion] = await errorsOf('query ($v: Int!) { a(n: $v) { b } }', { v: 'x' });
    expect(codeOf(coercion)).toBe('BAD_USER_INPUT');
    expect(codeOf(new GraphQLErrorClass('x', { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }))).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    );
    expect(codeOf(new GraphQLErrorClass('x', { extensions: { code: value } }))).toBe('BAD_USER_INPUT');
  });

  it('has neither the extensions nor the cause of the one that it stands for', () => {
    const error = new GraphQLErrorClass(value, {
      originalError: new Error(value),
      extensions: { code: 'BAD_REQUEST', originalError: { message: value }, value },
    });
    const shown = toSafeError(error);
    expect(JSON.stringify(shown)).not.toContain(value);
    expect(shown.originalError).toBeUndefined();
  });
});
