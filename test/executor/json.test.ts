import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quote, stringifyProperty } from '../../src/executor/json.ts';

describe('quote', () => {
  it('writes every UTF-16 code unit as JSON.stringify does', () => {
    const characters = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit));
    const strings = characters.flatMap((character) => [character, character.padStart(80, 'a')]);
    expect(strings.filter((string) => quote(string) !== JSON.stringify(string))).toEqual([]);
  });

  it('writes strings of any length as JSON.stringify does', () => {
    const strings = fc.array(fc.oneof(fc.nat(0x7f), fc.nat(0xffff)), { maxLength: 120 });
    fc.assert(
      fc.property(strings, (units) => {
        const string = String.fromCharCode(...units);
        expect(quote(string)).toBe(JSON.stringify(string));
      }),
      { seed: 1 },
    );
  });
});

describe('stringifyProperty', () => {
  const asProperty = (key: string, value: unknown): string => {
    const json = JSON.stringify({ [key]: value });
    return json === '{}' ? '' : json.slice(json.indexOf(':') + 1, -1);
  };

  it.each([
    ['a string', 'text "quoted"'],
    ['a number', 1.5],
    ['minus zero', -0],
    ['a large number', 1e21],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['true', true],
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a date', new Date(0)],
    ['an invalid date', new Date(Number.NaN)],
    ['a map', new Map([[1, 2]])],
    ['a boxed string', Object('boxed')],
    ['nested values', { a: [undefined, { b: () => 1, c: Symbol('c') }] }],
    ['a key called __proto__', JSON.parse('{"__proto__":1}')],
    ['toJSON, which is told the key', { toJSON: (key: string) => `at ${key}` }],
    ['toJSON that gives nothing', { toJSON: () => undefined }],
  ])('writes %s as JSON.stringify does', (_name, value) => {
    expect(stringifyProperty('key', value)).toBe(asProperty('key', value));
  });

  it('hands toJSON keys of every kind', () => {
    const value = { toJSON: (key: string) => key };
    expect(stringifyProperty('__proto__', value)).toBe('"__proto__"');
  });

  it('throws what JSON.stringify throws', () => {
    expect(() => stringifyProperty('key', 1n)).toThrow(TypeError);
  });
});
