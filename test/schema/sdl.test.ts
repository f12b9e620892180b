import SchemaBuilder from '@pothos/core';
import { buildSchema, print } from 'graphql';
import { describe, expect, it } from 'vitest';
import NovuPlugin from '../../src/graphql/plugin.ts';
import { printSorted, toClientDocument, toSubgraphDocument } from '../../src/schema/sdl.ts';

function build() {
  const builder = new SchemaBuilder<{ Scalars: { _Any: { Input: unknown; Output: unknown } } }>({
    plugins: [NovuPlugin],
  });
  const Point = builder.objectRef<{ x: number }>('Point').implement({
    shareable: true,
    fields: (t) => ({
      x: t.exposeInt('x', { tag: ['geo', 'public'], deprecationReason: 'moved' }),
      y: t.int({ inaccessible: true, resolve: () => 0 }),
    }),
  });
  const One = builder.inputType('One', { isOneOf: true, fields: (t) => ({ a: t.int(), b: t.int() }) });
  builder.scalarType('_Any', { serialize: (value) => value });
  builder.queryType({
    fields: (t) => ({
      point: t.field({
        type: Point,
        novu: { asks: 'one' },
        args: { one: t.arg({ type: One }) },
        resolve: () => ({ x: 1 }),
      }),
      _service: t.string({ novu: { asks: 'nothing' }, resolve: () => '' }),
    }),
  });
  const link = { name: 'link', args: { url: 'https://specs.test', import: ['@tag'] } };
  return builder.toSchema({ extensions: { directives: [link] } });
}

describe('the SDL of a subgraph', () => {
  const lines = printSorted(toSubgraphDocument(build())).split('\n');

  it('links what it takes from federation', () => {
    expect(lines[0]).toBe('extend schema @link(import: ["@tag"], url: "https://specs.test")');
  });

  it('has the directives of types and fields, those of graphql-js among them', () => {
    expect(lines).toEqual(
      expect.arrayContaining([
        'type Point @shareable {',
        '  x: Int @deprecated(reason: "moved") @tag(name: "geo") @tag(name: "public")',
        '  y: Int @inaccessible',
        '  point(one: One): Point @cost(weight: 10)',
      ]),
    );
  });

  it('defines @oneOf where it is used, for routers that do not know it', () => {
    expect(lines).toEqual(expect.arrayContaining(['input One @oneOf {', 'directive @oneOf on INPUT_OBJECT']));
  });

  it('leaves out what every subgraph has', () => {
    expect(print(toSubgraphDocument(build()))).not.toMatch(/_Any|_service/);
  });
});

describe('the SDL for clients', () => {
  it('has the types and fields, and nothing of federation', () => {
    const sdl = print(toClientDocument(build()));
    expect(sdl).toContain('point(one: One): Point');
    expect(sdl).toContain('@deprecated(reason: "moved")');
    expect(sdl).not.toMatch(/@(link|tag|inaccessible|shareable|cost|listSize|key)\b|_Any|_service/);
  });

  it('is a schema by itself, with every directive that it uses', () => {
    expect(buildSchema(printSorted(toClientDocument(build()))).getType('One')).toMatchObject({
      isOneOf: true,
    });
  });
});
