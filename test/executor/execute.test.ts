import { setImmediate } from 'node:timers/promises';
import {
  buildSchema,
  type ExecutionArgs,
  execute as reference,
  GraphQLError,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLUnionType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  parse,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { execute } from '../../src/executor/execute.ts';
import { executeByWriting } from './support.ts';

/** The same thing from graphql-js, from `execute` and from `write`, the first time and again. */
async function expectAsReference(args: ExecutionArgs): Promise<string> {
  const expected = JSON.stringify(await reference(args));
  for (let time = 0; time < 3; time++) {
    expect(JSON.stringify(await execute(args))).toBe(expected);
    const written = await executeByWriting(args);
    expect(typeof written === 'string' ? written : JSON.stringify(written)).toBe(expected);
  }
  return expected;
}

const messageOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return String(error);
  }
  return 'nothing thrown';
};

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
};

describe('what execute takes', () => {
  const schema = buildSchema('type Query { a: Int }');
  const document = parse('{ a }');

  it.each<[string, object]>([
    ['no document', { schema }],
    ['no schema', { document }],
    ['a schema that is none', { schema: {}, document }],
    ['a schema that is not valid', { schema: new GraphQLSchema({}), document }],
    ['variables in a string', { schema, document, variableValues: '{}' }],
  ])('throws what graphql-js throws: %s', (_name, args) => {
    const message = messageOf(() => reference(args as ExecutionArgs));
    expect(message).toContain('Error');
    expect(messageOf(() => execute(args as ExecutionArgs))).toBe(message);
  });

  it.each<[string, Partial<ExecutionArgs>]>([
    ['several operations and no name', { document: parse('query A { a } query B { a }') }],
    ['an unknown name', { document: parse('query A { a }'), operationName: 'B' }],
    ['an empty name', { document: parse('query A { a }'), operationName: '' }],
    ['no operation', { document: parse('fragment F on Query { a }') }],
    ['a mutation that the schema has not', { document: parse('mutation { a }') }],
    ['a subscription that the schema has not', { document: parse('subscription { a }') }],
    ['a wrong variable', { document: parse('query($i: Int!) { a }'), variableValues: { i: 'x' } }],
    [
      'more wrong variables than are reported',
      {
        document: parse('query($i: Int!, $j: Int!, $k: Int!) { a }'),
        options: { maxCoercionErrors: 1 },
      },
    ],
  ])('answers with the error that graphql-js answers with: %s', async (_name, args) => {
    const result = await expectAsReferenceExecute({ schema, document, ...args });
    expect(result).toContain('"errors"');
  });

  async function expectAsReferenceExecute(args: ExecutionArgs): Promise<string> {
    const expected = JSON.stringify(await reference(args));
    expect(JSON.stringify(await execute(args))).toBe(expected);
    expect(JSON.stringify(await execute(args))).toBe(expected);
    return expected;
  }

  it('runs the operation that is named, of one document', async () => {
    const several = parse('query A { a } query B { b: a }');
    const ask = (operationName: string) =>
      execute({ schema, document: several, operationName, rootValue: { a: 1 } });
    expect(JSON.stringify([ask('A'), ask('B'), ask('A')])).toBe(
      '[{"data":{"a":1}},{"data":{"b":1}},{"data":{"a":1}}]',
    );
  });

  it('keeps documents of several schemas apart', () => {
    const other = buildSchema('type Query { a: String }');
    const rootValue = { a: 1 };
    expect(execute({ schema, document, rootValue })).toEqual({ data: { a: 1 } });
    expect(execute({ schema: other, document, rootValue })).toEqual({ data: { a: '1' } });
  });

  it('gives a result without a promise when no resolver gives one', () => {
    expect(execute({ schema, document, rootValue: { a: 1 } })).not.toBeInstanceOf(Promise);
    expect(execute({ schema, document, rootValue: { a: async () => 1 } })).toBeInstanceOf(Promise);
  });

  it('executes subscriptions as graphql-js does', async () => {
    const withSubscription = buildSchema('type Query { a: Int } type Subscription { a: Int b: Int }');
    const result = await expectAsReference({
      schema: withSubscription,
      document: parse('subscription { a b }'),
      rootValue: { a: 1, b: 2 },
    });
    expect(result).toBe('{"data":{"a":1,"b":2}}');
  });
});

describe('info', () => {
  const seen: unknown[] = [];
  const look = (info: GraphQLResolveInfo): null => {
    const { fieldName, path, ...rest } = info;
    seen.push([{ ...info }, Object.keys(info), fieldName, path, rest]);
    return null;
  };
  const four = (_source: unknown, _args: unknown, _context: unknown, info: GraphQLResolveInfo) => look(info);
  const resolvers: Record<string, (...args: never[]) => unknown> = {
    four,
    rest: (...all: GraphQLResolveInfo[]) => look(all[3] as GraphQLResolveInfo),
    withDefault: (_source: unknown, _args = {}, _context?: unknown, info?: GraphQLResolveInfo) =>
      look(info as GraphQLResolveInfo),
    bound: four.bind(null),
    // oxlint-disable-next-line func-names, prefer-arrow-callback -- only such a function has arguments
    ofArguments: function (): null {
      // oxlint-disable-next-line prefer-rest-params -- as resolvers in the field do
      return look(arguments[3] as GraphQLResolveInfo);
    },
  };
  const query: GraphQLObjectType = new GraphQLObjectType({
    name: 'Query',
    fields: () => ({
      ...Object.fromEntries(
        Object.entries(resolvers).map(([name, resolve]) => [
          name,
          { type: GraphQLString, args: { x: { type: GraphQLInt } }, resolve: resolve as never },
        ]),
      ),
      method: { type: GraphQLString },
      list: { type: new GraphQLList(query), resolve: () => [{}] },
    }),
  });
  const schema = new GraphQLSchema({ query });
  const method = (_args: unknown, _context: unknown, info: GraphQLResolveInfo) => look(info);

  it.each([...Object.keys(resolvers), 'method'])('is complete for a resolver: %s', async (name) => {
    const selection = name === 'method' ? name : `${name}(x: $x)`;
    const args = {
      schema,
      document: parse(
        `query Q($x: Int) { alias: ${selection} list { ${selection} } ...F } fragment F on Query { alias: ${selection} }`,
      ),
      variableValues: { x: 1 },
      rootValue: { method },
      contextValue: {},
    };
    seen.length = 0;
    await reference(args);
    const expected = seen.splice(0);
    expect(expected.length).toBeGreaterThan(0);
    await execute(args);
    expect(seen.splice(0)).toEqual(expected);
    await executeByWriting(args);
    expect(seen.splice(0)).toEqual(expected);
  });
});

describe('the info of a type resolver', () => {
  it('is that of the field, for items of lists too, and the same for all of them', async () => {
    const abstract = buildSchema(`
      type Query { u: U us: [U!] uss: [[U]] }
      union U = A | B
      type A { a: Int }
      type B { a: Int }
    `);
    const seen: [string, unknown, GraphQLResolveInfo][] = [];
    const union = abstract.getType('U') as GraphQLUnionType;
    union.resolveType = (value: string, _context, info) => {
      seen.push(['resolveType', { ...info }, info]);
      return value;
    };
    (abstract.getType('A') as GraphQLObjectType).isTypeOf = (_value, _context, info) => {
      seen.push(['isTypeOf', { ...info }, info]);
      return true;
    };
    const document = parse('{ u { __typename } us { __typename } uss { __typename } }');
    const args = {
      schema: abstract,
      document,
      rootValue: { u: 'A', us: ['A', 'B'], uss: [['A'], ['B', null]] },
    };
    await reference(args);
    const expected = seen.splice(0);
    await execute(args);
    expect(seen.map(([by, info]) => [by, info])).toEqual(expected.map(([by, info]) => [by, info]));
    expect(new Set(seen.map(([, , info]) => info)).size).toBe(3);
  });
});

describe('a plan', () => {
  const JsonValue = new GraphQLScalarType({ name: 'JSON' });
  const Input = buildSchema('input In { list: [Int] inner: In } type Query { a(in: In): Int }').getType('In');
  const show = { type: GraphQLString, args: { in: { type: Input as never }, json: { type: JsonValue } } };
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: {
        show: {
          ...show,
          resolve: (_source, args: { in?: { list: number[]; inner: { list?: number[] } } }) => {
            const shown = JSON.stringify(args);
            args.in?.list.push(99);
            if (args.in) args.in.inner.list = [98];
            Object.assign(args, { added: 97 });
            if ('json' in args) (args.json as number[]).push(96);
            return shown;
          },
        },
      },
    }),
  });

  it('is not changed by a resolver that changes its arguments', async () => {
    const document = parse(
      'query($l: Int, $d: In = { list: [1], inner: {} }) { a: show(in: { list: [1, $l], inner: {} }) b: show(in: $d) c: show(json: [1]) }',
    );
    await expectAsReference({ schema, document, variableValues: { l: 2 } });
  });

  it('gives each call objects of its own', () => {
    const seen = new Set<unknown>();
    const input = buildSchema('input In { list: [Int] } type Query { a(in: In, list: [Int]): Int b: Int }');
    const keep = (_source: unknown, args: Record<string, unknown>) =>
      void seen.add(args).add(args['in']).add(args['list']);
    for (const field of Object.values(input.getQueryType()?.getFields() ?? {})) field.resolve = keep;
    const document = parse('{ a(in: { list: [1] }, list: [1]) }');
    void execute({ schema: input, document });
    void execute({ schema: input, document });
    expect(seen.size).toBe(6);
    seen.clear();
    const without = parse('{ b }');
    void execute({ schema: input, document: without });
    void execute({ schema: input, document: without });
    expect(seen.size).toBe(3);
  });

  it('tells false from what is no condition at all, in a document that was not validated', async () => {
    const loose = buildSchema('scalar Any type Query { a: Int }');
    const document = parse('query($x: Any) { a @skip(if: $x) b: a @include(if: $x) }');
    for (const x of ['text', false, true, 'text', null, false]) {
      await expectAsReference({ schema: loose, document, rootValue: { a: 1 }, variableValues: { x } });
    }
  });

  it('calls the resolver that the schema has now', () => {
    const changing = buildSchema('type Query { a: Int }');
    const document = parse('{ a }');
    const field = changing.getQueryType()?.getFields()['a'];
    if (field === undefined) throw new Error('no field');
    const ask = () => execute({ schema: changing, document });
    field.resolve = () => 1;
    expect(ask()).toEqual({ data: { a: 1 } });
    field.resolve = (_source, _args, _context, info) => info.fieldName.length + 1;
    expect(ask()).toEqual({ data: { a: 2 } });
  });

  it('selects by every combination of more conditions than it remembers', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const counting = buildSchema(
      `type Query { ${names.map((name) => `${name}: Int q_${name}: Query`).join(' ')} }`,
    );
    const selections = names.map(
      (name, index) =>
        `${name} @include(if: $${name}) q_${name} @skip(if: $${name}) { ...F @include(if: $${names[index - 1] ?? 'g'}) ${name} ...F }`,
    );
    const document = parse(
      `query(${names.map((name) => `$${name}: Boolean!`).join()}) { ${selections.join(' ')} } fragment F on Query { b a @skip(if: $a) }`,
    );
    const rootValue: Record<string, unknown> = Object.fromEntries(names.map((name, index) => [name, index]));
    for (const name of names) rootValue[`q_${name}`] = rootValue;
    for (let bits = 0; bits < 2 ** names.length; bits++) {
      // oxlint-disable-next-line no-bitwise -- every combination
      const variableValues = Object.fromEntries(
        names.map((name, index) => [name, (bits & (1 << index)) !== 0]),
      );
      const args = { schema: counting, document, rootValue, variableValues };
      expect(JSON.stringify(execute(args))).toBe(JSON.stringify(reference(args)));
      expect(executeByWriting(args)).toBe(JSON.stringify(reference(args)));
    }
  });
});

describe('names that objects inherit', () => {
  const schema = buildSchema(`
    type Query { show(constructor: Int, toString: String, in: In): String, constructor: Int }
    input In { constructor: Int, valueOf: Int }
  `);
  const field = schema.getQueryType()?.getFields()['show'];
  if (field === undefined) throw new Error('no field');
  field.resolve = (_source, args) => `${Object.keys(args).join()} ${JSON.stringify(args)}`;

  it.each<[string, string, Record<string, unknown>]>([
    ['aliases', '{ __proto__: show constructor: show toString: show hasOwnProperty: show }', {}],
    ['a field', '{ constructor }', {}],
    ['arguments that are not given', '{ show }', {}],
    [
      'variables that are not given',
      'query($constructor: Int, $toString: String) { show(constructor: $constructor, toString: $toString) }',
      {},
    ],
    [
      'a variable called __proto__',
      'query($__proto__: Int) { show(constructor: $__proto__) }',
      JSON.parse('{"__proto__":3}'),
    ],
    [
      'a variable called __proto__ that is not given',
      'query($__proto__: Int) { show(constructor: $__proto__) }',
      {},
    ],
    [
      'a default of a variable called __proto__',
      'query($__proto__: Int = 4) { show(constructor: $__proto__) }',
      {},
    ],
    ['fields of an input', 'query($in: In) { show(in: $in) }', { in: { constructor: 1, valueOf: 2 } }],
    ['fields of an input that are not given', 'query($in: In) { show(in: $in) }', { in: {} }],
    [
      'fields of an input without a prototype',
      'query($in: In) { show(in: $in) }',
      { in: Object.create(null) },
    ],
    ['unknown fields of an input', 'query($in: In) { show(in: $in) }', { in: JSON.parse('{"__proto__":1}') }],
    ['fields of a literal', '{ show(in: { constructor: 1 }) }', {}],
    ['fields of a literal that are not given', '{ show(in: { }) }', {}],
  ])('are names like others: %s', async (_name, source, variableValues) => {
    await expectAsReference({
      schema,
      document: parse(source),
      variableValues,
      rootValue: Object.create(null),
    });
  });
});

describe('inherited names in a schema that was not validated', () => {
  it('are names like others', async () => {
    const schema = buildSchema(
      'scalar Any input In { __proto__: Int = 3 } input Other { constructor: Any } type Query { show(__proto__: Int, in: In, other: Other): String }',
      { assumeValid: true, assumeValidSDL: true },
    );
    const field = schema.getQueryType()?.getFields()['show'];
    if (field === undefined) throw new Error('no field');
    field.resolve = (_source, args) => `${Object.keys(args).join()} ${JSON.stringify(args)}`;
    await expectAsReference({ schema, document: parse('{ show(__proto__: 1, in: { __proto__: 2 }) }') });
    const document = parse('query($in: In, $other: Other) { show(in: $in, other: $other) }');
    for (const given of ['{"unknown":1}', '{"__proto__":1}', '{"constructor":1}', '{}']) {
      const value = JSON.parse(given) as object;
      const withoutPrototype: unknown = Object.setPrototypeOf(JSON.parse(given), null);
      await expectAsReference({ schema, document, variableValues: { in: value } });
      await expectAsReference({ schema, document, variableValues: { in: withoutPrototype } });
      await expectAsReference({ schema, document, variableValues: { other: value } });
    }
  });
});

describe('promises', () => {
  const Item: GraphQLObjectType = new GraphQLObjectType({
    name: 'Item',
    fields: () => ({
      nullable: { type: GraphQLString },
      needed: { type: new GraphQLNonNull(GraphQLString) },
      items: { type: new GraphQLList(new GraphQLNonNull(Item)) },
      neededItems: { type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(Item))) },
      brokenItems: { type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(Item))) },
      item: { type: Item },
      neededItem: { type: new GraphQLNonNull(Item) },
    }),
  });
  const schema = new GraphQLSchema({ query: Item, mutation: Item });

  async function fail(after: number, message: string): Promise<never> {
    await turns(after);
    throw new Error(message);
  }

  const shapes: Record<string, string> = {
    'one root field': '{ neededItem { neededItems { needed } items { needed } } }',
    'one root field that may be null': '{ item { neededItems { needed } nullable } }',
    'two root fields': '{ neededItem { needed item { nullable } } item { nullable needed } }',
    'one field of a mutation': 'mutation { neededItem { neededItems { needed } items { needed } } }',
    'two fields of a mutation': 'mutation { a: item { items { needed } } neededItem { needed nullable } }',
    'one field of a mutation, with what may fail below': 'mutation { neededItem { needed nullable } }',
    'a list at the root': '{ neededItems { needed nullable item { nullable } } }',
    'a list that fails at once': '{ brokenItems { nullable needed } }',
    'a list that fails at once, of a mutation': 'mutation { brokenItems { nullable needed } }',
    'a list that fails at once, beside another field': '{ brokenItems { nullable } item { nullable } }',
  };

  it.each(Object.entries(shapes))('take as many turns as in graphql-js: %s', async (_name, source) => {
    const document = parse(source);
    for (let early = 0; early < 10; early++) {
      for (let late = 0; late < 10; late++) {
        const make = (depth: number): unknown => {
          if (depth === 0) return {};
          const item = () => make(depth - 1);
          return {
            nullable: () => fail(late, `nullable ${depth}`),
            needed: () => fail(early, `needed ${depth}`),
            item: () => turns(late % 2).then(item),
            neededItem: () => (late === 0 ? item() : turns(1).then(item)),
            items: () => [item(), turns(early).then(item), turns(late).then(item)],
            brokenItems: async () => [item(), turns(early).then(item), null],
            neededItems: async () => [turns(late).then(item), item(), turns(early).then(item)],
          };
        };
        await expectQuietly({ schema, document, rootValue: make(4) });
      }
    }
  });

  /** As the reference, though that may leave rejections behind that nobody handles. */
  async function expectQuietly(args: ExecutionArgs): Promise<void> {
    const expected = await withoutUnhandled(async () => JSON.stringify(await reference(args)));
    const actual = await withoutUnhandled(async () => JSON.stringify(await execute(args)));
    const written = await withoutUnhandled(async () => {
      const result = await executeByWriting(args);
      return typeof result === 'string' ? result : JSON.stringify(result);
    });
    expect([actual.result, written.result]).toEqual([expected.result, expected.result]);
    expect([actual.unhandled, written.unhandled]).toEqual([[], []]);
  }

  it('never leave a rejection unhandled, where graphql-js does', async () => {
    const document = parse('{ items { needed } }');
    const rootValue = {
      items: () => [{ needed: () => fail(3, 'late') }, { needed: () => fail(1, 'early') }, { needed: null }],
    };
    const left = await withoutUnhandled(async () => reference({ schema, document, rootValue }));
    expect(left.unhandled).toHaveLength(2);
    await expectQuietly({ schema, document, rootValue });
  });

  it('may be thenables, even ones that give nothing', async () => {
    // oxlint-disable-next-line unicorn/no-thenable -- what is tested
    const thenable = { then: (give: (value: unknown) => unknown) => Promise.resolve(give('given')) };
    // oxlint-disable-next-line unicorn/no-thenable -- what is tested
    const silent = { then: (give: (value: unknown) => unknown) => void give('given') };
    const document = parse('{ a: nullable needed item { nullable } items { nullable } }');
    const rootValue = {
      nullable: silent,
      needed: thenable,
      item: { nullable: thenable },
      items: [thenable, {}],
    };
    await expectAsReference({ schema, document, rootValue });
    await expectAsReference({ schema, document: parse('{ nullable }'), rootValue });
    await expectAsReference({ schema, document: parse('{ needed }'), rootValue });
  });

  it('keep objects apart from promises: a field called then', async () => {
    const Any = new GraphQLScalarType({ name: 'Any' });
    const query: GraphQLObjectType = new GraphQLObjectType({
      name: 'Query',
      fields: () => ({
        any: { type: Any },
        self: { type: query, resolve: () => ({ any: () => () => 'called' }) },
      }),
    });
    const args = { schema: new GraphQLSchema({ query }), document: parse('{ self { then: any } any }') };
    await expectAsReference(args);
  });
});

/** Runs something and gives its result and the rejections that nobody handled meanwhile. */
async function withoutUnhandled<Result>(
  run: () => Promise<Result>,
): Promise<{ result: Result; unhandled: unknown[] }> {
  const listeners = process.listeners('unhandledRejection');
  const unhandled: unknown[] = [];
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (error) => unhandled.push(error));
  try {
    const result = await run();
    await setImmediate();
    return { result, unhandled };
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of listeners) process.on('unhandledRejection', listener);
  }
}

describe('depth', () => {
  const schema = buildSchema('type Query { q: Query qs: [Query!]! id: Int }');
  const rootValue: Record<string, unknown> = { id: 1 };
  rootValue['q'] = rootValue;
  rootValue['qs'] = [rootValue];

  it.each(['q', 'qs'])('is no sooner too much than for graphql-js: %s', (field) => {
    const depth = 400;
    const document = parse(`{ ${`${field} { `.repeat(depth)} id ${'}'.repeat(depth)} }`);
    const args = { schema, document, rootValue };
    const expected = JSON.stringify(reference(args));
    expect(expected).toContain('"id":1');
    expect(JSON.stringify(execute(args))).toBe(expected);
    expect(executeByWriting(args)).toBe(expected);
  });
});

describe('errors', () => {
  it('are of the place where they happened, in a field that is asked for twice', async () => {
    const schema = buildSchema('type Query { a: A! } type A { b: [Int!]! c: Int }');
    const document = parse('{ x: a { b } ...F a { c } } fragment F on Query { x: a { b c } }');
    await expectAsReference({ schema, document, rootValue: { a: { b: [1, 'x'], c: 'y' } } });
    await expectAsReference({ schema, document, rootValue: { a: { b: null, c: new GraphQLError('c') } } });
  });

  it('of an argument come when the field is reached', async () => {
    const schema = buildSchema('type Query { a(x: Int!): Int b: Int }');
    const document = parse('query($x: Int) { b a(x: $x) c: b }');
    await expectAsReference({ schema, document, rootValue: { a: 1, b: 2 } });
    await expectAsReference({ schema, document, rootValue: { a: 1, b: 2 }, variableValues: { x: null } });
    await expectAsReference({ schema, document, rootValue: { a: 1, b: 2 }, variableValues: { x: 1 } });
  });

  it('of a condition without a value come each time, of the object that it is in', async () => {
    const schema = buildSchema('type Query { q: Query id: Int }');
    const document = parse('query($x: Boolean) { id q { id @skip(if: $x) } }');
    for (const variableValues of [{}, { x: null }, { x: true }, { x: false }, {}]) {
      await expectAsReference({ schema, document, rootValue: { id: 1, q: { id: 2 } }, variableValues });
    }
  });
});
