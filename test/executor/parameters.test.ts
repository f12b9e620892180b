import { describe, expect, it } from 'vitest';
import { countParameters } from '../../src/executor/parameters.ts';

type AnyFunction = (...args: never[]) => unknown;

const identity = (source: unknown): unknown => source;

const methods = {
  method(_source: unknown) {
    return 1;
  },
  async asyncMethod(_source: unknown, _args: unknown) {
    return 1;
  },
  *generator(_source: unknown) {
    yield 1;
  },
  ['computed name'](_source: unknown) {
    return 1;
  },
};

const anyNumber = Number.POSITIVE_INFINITY;

describe('countParameters', () => {
  it.each<[string, AnyFunction, number]>([
    ['an arrow function without parameters', () => 1, 0],
    ['an arrow function of one', (source: unknown) => source, 1],
    ['an async arrow function', async (source: unknown) => source, 1],
    ['a pattern', ({ a, b: { c } }: { a: unknown; b: { c: unknown } }) => [a, c], anyNumber],
    ['a flat pattern', ({ a, b: c }: { a: unknown; b: unknown }) => [a, c], 1],
    ['two parameters', (source: unknown, args: unknown) => [source, args], 2],
    ['three parameters, one a pattern', (s: unknown, { a }: { a: unknown }, c: unknown) => [s, a, c], 3],
    ['four parameters', (s: unknown, a: unknown, c: unknown, i: unknown) => [s, a, c, i], 4],
    ['a method', methods.method, 1],
    ['an async method', methods.asyncMethod, 2],
  ])('counts the parameters of %s', (_name, resolver, count) => {
    expect(countParameters(resolver)).toBe(count);
  });

  it.each<[string, AnyFunction]>([
    ['a rest parameter', (...all: unknown[]) => all],
    ['a default', (source: unknown, args: unknown = {}) => [source, args]],
    ['a default in a pattern', ({ a = 1 }: { a?: number }) => a],
    ['a list pattern', ([a]: unknown[]) => a],
    // oxlint-disable-next-line func-names, prefer-arrow-callback -- only such a function has arguments
    ['its arguments', function () { return arguments[3]; }], // biome-ignore format: one line
    ['a bound function', identity.bind(null)],
    ['a native function', String.raw],
    ['a proxy', new Proxy(identity, {})],
    ['a generator', methods.generator],
    ['a computed name', methods['computed name']],
    ['a length that is not true', Object.defineProperty((...all: unknown[]) => all, 'length', { value: 1 })],
  ])('takes any number where the source does not show it: %s', (_name, resolver) => {
    expect(countParameters(resolver)).toBe(anyNumber);
  });

  it('is not misled by a length that is set on the function', () => {
    const resolver = (s: unknown, a: unknown, c: unknown, i: unknown): unknown => [s, a, c, i];
    expect(countParameters(Object.defineProperty(resolver, 'length', { value: 1 }))).toBe(4);
  });
});
