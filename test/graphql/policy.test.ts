import SchemaBuilder from '@pothos/core';
import { execute, type GraphQLObjectType, type GraphQLSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type Scope, scopes } from '../../src/callers/caller.ts';
import type { Context } from '../../src/graphql/context.ts';
import type { FieldPolicy } from '../../src/graphql/policy.ts';
import NovuPlugin from '../../src/graphql/plugin.ts';

type Book = { title: string; sequel: Book | null };
const sequel: Book = { title: 'Emma II', sequel: null };
const emma: Book = { title: 'Emma', sequel };

type Policies = {
  /** Of Query.book. */
  book?: FieldPolicy;
  /** Of Book.sequel. */
  sequel?: FieldPolicy<Book>;
  /** Of Query.shelf, which leads to the books on it; the field is left out without one. */
  shelf?: FieldPolicy;
  /** Of Shelf.books. */
  books?: FieldPolicy;
  needed?: Scope;
};

function build({ book, sequel, shelf, books, needed = 'integrations:read' }: Policies): GraphQLSchema {
  const builder = new SchemaBuilder<{ Context: Pick<Context, 'caller'> }>({ plugins: [NovuPlugin] });
  const Book = builder.objectRef<Book>('Book');
  builder.objectType(Book, {
    novu: { scope: needed },
    fields: (t) => ({
      title: t.exposeString('title'),
      sequel: t.expose('sequel', { type: Book, nullable: true, ...(sequel && { novu: sequel }) }),
    }),
  });
  const Shelf = builder.objectRef<{ books: Book[] }>('Shelf');
  if (shelf) {
    builder.objectType(Shelf, {
      fields: (t) => ({ books: t.expose('books', { type: [Book], ...(books && { novu: books }) }) }),
    });
  }
  builder.queryType({
    fields: (t) => ({
      book: t.field({ type: Book, nullable: true, ...(book && { novu: book }), resolve: () => emma }),
      ...(shelf && { shelf: t.field({ type: Shelf, novu: shelf, resolve: () => ({ books: [emma] }) }) }),
    }),
  });
  return builder.toSchema();
}

const ask = (schema: GraphQLSchema, query: string, granted: readonly Scope[] = []) => {
  const result = execute({
    schema,
    document: parse(query),
    contextValue: { caller: { scopes: new Set(granted) } },
  });
  if (result instanceof Promise) throw new Error('answered later');
  return { data: result.data, codes: (result.errors ?? []).map(({ extensions }) => extensions['code']) };
};
const fieldOf = (schema: GraphQLSchema, type: string, field: string) =>
  (schema.getType(type) as GraphQLObjectType).getFields()[field];

const one: FieldPolicy = { asks: 'one' };

describe('the scope of a type', () => {
  it('is checked by each field that leads to it; no scope implies another', () => {
    for (const needed of scopes) {
      const schema = build({ book: one, needed });
      for (const granted of scopes) {
        const { data, codes } = ask(schema, '{ book { title } }', [granted]);
        expect(codes).toEqual(granted === needed ? [] : ['FORBIDDEN']);
        expect(data?.['book']).toEqual(granted === needed ? { title: 'Emma' } : null);
      }
    }
  });

  it('is not checked again below, where every way has checked it', () => {
    const schema = build({ book: one });
    expect(fieldOf(schema, 'Query', 'book')?.resolve).toBeDefined();
    expect(fieldOf(schema, 'Book', 'sequel')?.resolve).toBeUndefined();
    expect(fieldOf(schema, 'Book', 'title')?.resolve).toBeUndefined();
  });

  it('is checked below a type that can be reached without it', () => {
    const schema = build({ book: one, shelf: { asks: 'nothing' }, books: { asks: 'nothing' } });
    expect(ask(schema, '{ shelf { __typename } }').codes).toEqual([]);
    expect(ask(schema, '{ shelf { books { title } } }').codes).toEqual(['FORBIDDEN']);
    expect(ask(schema, '{ shelf { books { title } } }', ['integrations:read']).codes).toEqual([]);
  });
});

describe('the scope of a field', () => {
  const schema = build({ book: { scope: 'channel-endpoints:read', asks: 'one' } });

  it.each([
    [[], ['FORBIDDEN']],
    [['channel-endpoints:read'], ['FORBIDDEN']],
    [['integrations:read'], ['FORBIDDEN']],
    [['integrations:read', 'channel-endpoints:read'], []],
  ] as const)('is needed beside that of its type: with %j the errors are %j', (granted, codes) => {
    expect(ask(schema, '{ book { title } }', granted).codes).toEqual(codes);
  });
});

describe('the check of a scope', () => {
  const builder = new SchemaBuilder<{ Context: Pick<Context, 'caller'> }>({ plugins: [NovuPlugin] });
  const novu: FieldPolicy = { scope: 'integrations:read', asks: 'nothing' };
  builder.queryType({
    fields: (t) => ({
      plain: t.string({ novu, resolve: () => 'plain' }),
      informed: t.string({ novu, resolve: (_root, _args, _context, info) => info.fieldName }),
    }),
  });
  const schema = builder.toSchema();

  it('asks for `info` only where the resolver does', () => {
    expect(fieldOf(schema, 'Query', 'plain')?.resolve).toHaveLength(3);
    expect(fieldOf(schema, 'Query', 'informed')?.resolve).toHaveLength(4);
    expect(ask(schema, '{ plain informed }', ['integrations:read']).data).toEqual({
      plain: 'plain',
      informed: 'informed',
    });
  });
});

describe('a field with `when`', () => {
  const schema = build({
    book: one,
    sequel: { scope: 'channel-endpoints:read', asks: 'nothing', when: (book) => book.sequel !== null },
  });
  const query = '{ book { sequel { title } } }';

  it('is FORBIDDEN where there is a value to protect', () => {
    expect(ask(schema, query, ['integrations:read']).codes).toEqual(['FORBIDDEN']);
  });

  it('is null where there is none', () => {
    const bare = build({
      book: one,
      sequel: { scope: 'channel-endpoints:read', asks: 'nothing', when: () => false },
    });
    expect(ask(bare, query, ['integrations:read'])).toEqual({ data: { book: { sequel: null } }, codes: [] });
    // The resolver has a value all the same: it is not asked for.
    const all = ask(bare, query, ['integrations:read', 'channel-endpoints:read']);
    expect(all.data).toEqual({ book: { sequel: { title: 'Emma II' } } });
  });
});

describe('a field with `leadsTo`', () => {
  type Thing = { __typename: 'Book' | 'Film'; title: string };
  const buildUnion = (policy: Partial<FieldPolicy>, name: string | null = 'Film') => {
    const builder = new SchemaBuilder<{ Context: Pick<Context, 'caller'> }>({ plugins: [NovuPlugin] });
    const types = (['Book', 'Film'] as const).map((name) => {
      const ref = builder.objectRef<Thing>(name);
      builder.objectType(ref, {
        novu: { scope: name === 'Book' ? 'integrations:read' : 'channel-endpoints:read' },
        fields: (t) => ({ title: t.exposeString('title') }),
      });
      return ref;
    });
    const Thing = builder.unionType('Thing', { types, resolveType: ({ __typename }) => __typename });
    builder.queryType({
      fields: (t) => ({
        thing: t.field({
          type: Thing,
          nullable: true,
          novu: { asks: 'one', leadsTo: () => name, ...policy },
          resolve: (): Thing => ({ __typename: 'Film', title: 'Emma' }),
        }),
      }),
    });
    return builder.toSchema();
  };
  const query = '{ thing { ... on Film { title } ... on Book { title } } }';

  it('needs the scope of the type of its value, and no other', () => {
    const schema = buildUnion({});
    expect(ask(schema, query, ['channel-endpoints:read'])).toEqual({
      data: { thing: { title: 'Emma' } },
      codes: [],
    });
    expect(ask(schema, query, ['integrations:read'])).toEqual({
      data: { thing: null },
      codes: ['FORBIDDEN'],
    });
  });

  it('is null without any scope where there is no value', () => {
    expect(ask(buildUnion({}, null), query)).toEqual({ data: { thing: null }, codes: [] });
  });

  it('takes no scope of its own', () => {
    expect(() => buildUnion({ scope: 'integrations:read' })).toThrow('Query.thing has leadsTo');
  });
});

describe('a schema', () => {
  it('is not built when a field of a root type has no policy', () => {
    expect(() => build({})).toThrow('Query.book has no policy');
  });

  it('is not built when a field that needs a check has no policy', () => {
    expect(() => build({ book: one, shelf: { asks: 'nothing' } })).toThrow('Shelf.books has no policy');
  });
});
