import {
  buildSchema,
  type ExecutionResult,
  execute as reference,
  getVariableValues,
  type GraphQLSchema,
  GraphQLError,
  GraphQLScalarType,
  parse,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { type Prepared, prepare } from '../../src/executor/prepare.ts';

function prepareSource(schema: GraphQLSchema, source: string, operationName?: string): Prepared {
  const prepared = prepare(schema, parse(source), operationName);
  if (!('run' in prepared)) throw prepared[0] ?? new Error('not prepared');
  return prepared;
}

describe('prepare', () => {
  const schema = buildSchema('type Query { a: Int }');

  it('gives the operation that is named', () => {
    const document = parse('query A { a } query B { a }');
    const prepared = prepare(schema, document, 'B');
    expect('operation' in prepared && prepared.operation).toBe(document.definitions[1]);
  });

  it('gives the errors of a request that names no operation', () => {
    const prepared = prepare(schema, parse('query A { a } query B { a }'));
    expect(prepared).toEqual([
      new GraphQLError('Must provide operation name if query contains multiple operations.'),
    ]);
  });

  it('throws for a schema that is not valid', () => {
    expect(() => prepare(buildSchema('type A { a: Int }', { assumeValidSDL: true }), parse('{ a }'))).toThrow(
      'Query root type must be provided.',
    );
  });
});

describe('coerce', () => {
  const schema = buildSchema(`
    type Query { a: Int }
    enum Color { RED GREEN }
    scalar Any
    input Inner { id: ID!, color: Color = RED, list: [Int!], inner: Inner, any: Any }
    input One @oneOf { text: String, number: Float }
  `);
  const declared =
    '$id: ID!, $int: Int = 3, $float: Float, $flag: Boolean, $text: String = "text", $list: [[Int]!], $inner: Inner = { id: 1 }, $one: One, $any: Any';
  const { coerce, operation } = prepareSource(schema, `query(${declared}) { a }`);

  /** As getVariableValues says it, prototypes included. */
  function expectAsReference(raw: Record<string, unknown>, maxErrors = 50): void {
    const expected = getVariableValues(schema, operation.variableDefinitions ?? [], raw, { maxErrors });
    const actual = coerce(raw, { maxErrors });
    expect(actual).toStrictEqual(expected);
    if ('errors' in actual) expect(JSON.stringify(actual)).toBe(JSON.stringify(expected));
    else expect(Object.keys(actual.coerced)).toEqual(Object.keys(expected.coerced ?? {}));
  }

  it.each<[string, Record<string, unknown>]>([
    ['nothing but what is required', { id: 'a' }],
    ['everything', { id: 1, int: 1, float: 1.5, flag: false, text: '', list: [[1, null]], any: [{}] }],
    ['nulls', { id: 'a', int: null, float: null, list: null, inner: null, one: null }],
    ['undefined, which is not the same as nothing', { id: 'a', int: undefined, inner: undefined }],
    ['one item in place of a list', { id: 'a', list: 5, inner: { id: 1, list: 2 } }],
    ['an input in an input', { id: 'a', inner: { any: 1, inner: { id: 3, color: 'GREEN' }, id: 2 } }],
    ['an input without a prototype', { id: 'a', inner: Object.assign(Object.create(null), { id: 1 }) }],
    ['undefined fields of an input', { id: 'a', inner: { id: 1, color: undefined } }],
    ['one of several', { id: 'a', one: { number: 1 } }],
    ['one and undefined', { id: 'a', one: { number: 1, text: undefined } }],
    ['unknown variables', { id: 'a', unknown: 1 }],
    ['inherited variables', Object.create({ id: 'a' })],
    ['no variable at all', {}],
    ['null where it must not be', { id: null }],
    ['wrong leaves', { id: 1.5, int: 2 ** 31, float: '1', flag: 1, text: 1 }],
    ['NaN', { id: Number.NaN, int: Number.NaN, float: Number.NaN }],
    ['a large whole number as an id', { id: 1e21 }],
    ['a wrong item', { id: 'a', list: [[1, 'x'], null] }],
    ['an unknown field of an input', { id: 'a', inner: { id: 1, unknown: 1 } }],
    ['an unknown field that is undefined', { id: 'a', inner: { id: 1, unknown: undefined } }],
    ['a missing field of an input', { id: 'a', inner: { color: 'RED' } }],
    ['an unknown value of an enum', { id: 'a', inner: { id: 1, color: 'BLUE' } }],
    ['an inherited name as a value of an enum', { id: 'a', inner: { id: 1, color: 'constructor' } }],
    ['a list in place of an input', { id: 'a', inner: [] }],
    ['a string in place of an input', { id: 'a', inner: 'x' }],
    ['an instance in place of an input', { id: 'a', inner: new (class { id = 1; })() }], // biome-ignore format: one line
    ['two of several', { id: 'a', one: { number: 1, text: 'x' } }],
    ['one and null', { id: 'a', one: { number: 1, text: null } }],
    ['none of several', { id: 'a', one: {} }],
    ['null of several', { id: 'a', one: { number: null } }],
  ])('coerces as graphql-js does: %s', (_name, raw) => {
    expectAsReference(raw);
  });

  it('gives up after as many errors as it is told', () => {
    const raw = { int: 'x', float: 'x', flag: 'x', text: 1 };
    expectAsReference(raw, 1);
    expectAsReference(raw, 3);
    const result = coerce(raw, { maxErrors: 1 });
    expect('errors' in result && result.errors).toHaveLength(2);
  });

  it('reads an iterable once', () => {
    function* generate() {
      yield [1];
      yield [2];
    }
    expect(coerce({ id: 'a', list: generate() })).toMatchObject({ coerced: { list: [[1], [2]] } });
    expectAsReference({ id: 'a', list: new Set([[1], ['x']]) });
  });

  it('gives new objects each time', () => {
    const [first, second] = [coerce({ id: 'a' }), coerce({ id: 'a' })];
    if (!('coerced' in first && 'coerced' in second)) throw new Error('not coerced');
    expect(first.coerced['inner']).not.toBe(second.coerced['inner']);
  });

  it('leaves suggestions out when it is told', () => {
    const raw = { id: 'a', inner: { id: 1, colour: 1 } };
    expect(JSON.stringify(coerce(raw))).toContain('Did you mean');
    expect(JSON.stringify(coerce(raw, { hideSuggestions: true }))).not.toContain('Did you mean');
  });

  it('refuses a variable of a type that is none for variables', () => {
    const output = prepareSource(schema, 'query($a: Query, $b: Missing) { a }');
    const expected = getVariableValues(schema, output.operation.variableDefinitions ?? [], {});
    expect(output.coerce({})).toEqual(expected);
  });
});

describe('write', () => {
  const JsonValue = new GraphQLScalarType({ name: 'JSON' });
  const base = buildSchema(`
    scalar JSON
    enum Color { RED GREEN }
    type Query { item: Item, needed: Item!, items: [Item], strings: [String!] }
    type Item {
      text: String, id: ID, int: Int, float: Float, flag: Boolean, color: Color, json: JSON, jsons: [JSON],
      needed: String!, item: Item, items: [Item!]
    }
  `);
  const scalar = base.getType('JSON') as GraphQLScalarType;
  scalar.serialize = JsonValue.serialize;
  const leaves = 'text id int float flag color json jsons';

  type Item = Record<string, unknown>;

  const toText = (result: string | ExecutionResult) =>
    typeof result === 'string' ? result : JSON.stringify(result);

  async function both(source: string, rootValue: unknown): Promise<[string, string | ExecutionResult]> {
    const prepared = prepareSource(base, source);
    const result = await prepared.run({ rootValue, variables: {} });
    const written = await prepared.write({ rootValue, variables: {} });
    return [JSON.stringify(result), 'json' in written ? written.json : written];
  }

  it.each<[string, Item]>([
    ['plain leaves', { text: 'a', id: 'b', int: 1, float: 1.5, flag: true, color: 'RED', json: { a: [1] } }],
    ['leaves that are serialised', { text: 1, id: 7, int: '5', float: true, flag: 0, json: new Date(0) }],
    ['objects with valueOf and toJSON', { text: { valueOf: () => 'v' }, id: { toJSON: () => 'j' } }],
    ['numbers at the edge', { int: -0, float: -0, text: 1e21, json: -0 }],
    ['strings to escape', { text: '"\\\n\u0000\u2028\ud800', id: '\u{1f600}' }],
    [
      'what JSON leaves out',
      { json: () => () => 1, jsons: [() => 1, Symbol('s'), undefined, 1], text: 'after' },
    ],
    ['NaN and Infinity', { json: Number.NaN, jsons: [Number.POSITIVE_INFINITY] }],
    [
      'toJSON that asks for its key',
      { json: { toJSON: (key: string) => key }, jsons: [{ toJSON: (key: string) => key }] },
    ],
    ['numbers that are none of their type', { int: 1.5, float: Number.NaN, id: 1.5, text: Number.NaN }],
    ['whole numbers that are too large', { int: 2 ** 31, float: 2 ** 53, id: 2 ** 53 }],
    ['a value that its enum has not', { color: 'BLUE', flag: 'x' }],
    ['promises', { text: Promise.resolve('later'), jsons: [Promise.resolve(() => 1), Promise.resolve(2)] }],
    ['nulls', { text: null, items: null }],
  ])('gives the bytes of JSON.stringify: %s', async (_name, item) => {
    const selection = `{ ${leaves} item { ${leaves} } items { text } }`;
    const [run, written] = await both(`{ item ${selection} items ${selection} }`, {
      item: { ...item, needed: 'x', item },
      items: [item, null, item],
    });
    expect(toText(written)).toBe(run);
    const expected = reference({
      schema: base,
      document: parse(`{ item ${selection} }`),
      rootValue: { item },
    });
    const [, only] = await both(`{ item ${selection} }`, { item });
    expect(toText(only)).toBe(JSON.stringify(await expected));
  });

  it('gives an object with errors and data when there are errors', async () => {
    const [run, written] = await both('{ item { text needed } items { text } }', {
      item: { text: 'a', needed: null },
      items: [{ text: 'b' }],
    });
    expect(JSON.stringify(written)).toBe(run);
    expect(written).toMatchObject({ data: { item: null, items: [{ text: 'b' }] } });
    expect((written as ExecutionResult).errors?.[0]).toBeInstanceOf(GraphQLError);
  });

  it('gives null for data when the error reaches the root', async () => {
    const [run, written] = await both('{ needed { needed } }', { needed: {} });
    expect(JSON.stringify(written)).toBe(run);
    expect(written).toMatchObject({ data: null });
  });

  it('throws what JSON.stringify throws, and only for what is in the response', async () => {
    const cyclic: Item = {};
    cyclic['self'] = cyclic;
    await expect(both('{ item { json } }', { item: { json: 1n } })).rejects.toThrow(TypeError);
    await expect(both('{ item { jsons } }', { item: async () => ({ jsons: [cyclic] }) })).rejects.toThrow(
      TypeError,
    );
    const prepared = prepareSource(base, '{ item { json } }');
    expect(() => prepared.write({ rootValue: { item: { json: 1n } }, variables: {} })).toThrow(TypeError);
    const [run, written] = await both('{ item { json needed } }', { item: { json: 1n } });
    expect(JSON.stringify(written)).toBe(run);
  });

  it.each<[string, Item]>([
    ['all goes well', {}],
    ['a promise is in the way', { id: async () => 'a' }],
    ['a promise fails', { id: () => Promise.reject(new Error('late')) }],
    ['a leaf is wrong', { int: 'x' }],
    ['a null takes out the object', { needed: null }],
    ['a promised null takes out the object', { needed: async () => null }],
    ['a value has no JSON', { json: 1n }],
  ])('calls each resolver once: %s', async (_name, changes) => {
    const calls: string[] = [];
    const values: Item = { text: 'a', id: 'b', int: 1, json: {}, needed: 'c', ...changes };
    const counted = ([name, value]: [string, unknown]): [string, unknown] => [
      name,
      (): unknown => {
        calls.push(name);
        return typeof value === 'function' ? (value as () => unknown)() : value;
      },
    ];
    const item = Object.fromEntries(Object.entries(values).map(counted));
    const { write } = prepareSource(base, '{ item { text id int json needed } }');
    const rootValue = Object.fromEntries([counted(['item', async () => item])]);
    await Promise.resolve(write({ rootValue, variables: {} })).catch(() => 'has no JSON');
    expect(calls).toEqual(['item', 'text', 'id', 'int', 'json', 'needed']);
  });

  it('gives a result without a promise when no resolver gives one', () => {
    const prepared = prepareSource(base, '{ strings }');
    expect(prepared.write({ rootValue: { strings: ['a', 'b'] }, variables: {} })).toEqual({
      json: '{"data":{"strings":["a","b"]}}',
    });
  });

  it('runs with the resolvers that it is given', async () => {
    const abstract = buildSchema('union U = A | B type A { a: Int } type B { a: Int } type Query { u: U }');
    const prepared = prepareSource(abstract, '{ u { __typename ... on A { a } ... on B { b: a } } }');
    const args = {
      variables: {},
      contextValue: { type: 'B' },
      fieldResolver: (_source: unknown, _args: unknown, _context: unknown, info: { fieldName: string }) =>
        info.fieldName.length,
      typeResolver: (_value: unknown, context: unknown) => (context as { type: string }).type,
    };
    expect(await prepared.write(args)).toEqual({ json: '{"data":{"u":{"__typename":"B","b":1}}}' });
    expect(await prepared.write({ ...args, contextValue: { type: 'A' } })).toEqual({
      json: '{"data":{"u":{"__typename":"A","a":1}}}',
    });
  });

  it('gives the data of `run` without a prototype, as graphql-js does', () => {
    const result = prepareSource(base, '{ strings }').run({ rootValue: { strings: [] }, variables: {} });
    expect(Object.getPrototypeOf((result as ExecutionResult).data)).toBeNull();
  });
});
