import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTime, toTexts, toTime } from '../../src/upstream/tolerant.ts';

const written = fc
  .date({
    min: new Date('0000-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  })
  .map((date) => date.toISOString());

/** Strings that are close to a time. */
const nearly = fc
  .tuple(written, fc.nat(23), fc.constantFrom(...'0123456789-:.TZ '.split('')))
  .map(([text, at, character]) => text.slice(0, at) + character + text.slice(at + 1));

describe('a time of Novu', () => {
  it('is kept as it is when it is written as GraphQL answers it', () => {
    fc.assert(
      fc.property(written, (text) => {
        expect(toTime(text)).toBe(text);
      }),
    );
  });

  it('is what Date makes of it, or null where there is no such time', () => {
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string(), fc.jsonValue(), fc.integer()), (value) => {
        expect(toTime(value)).toBe(parseTime(value)?.toISOString() ?? null);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['2024-02-29T00:00:00.000Z', '2024-02-29T00:00:00.000Z'],
    ['2026-02-29T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
    ['2026-04-31T00:00:00.000Z', '2026-05-01T00:00:00.000Z'],
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.000+02:00', '2026-01-31T10:00:00.000Z'],
    [1_769_860_800_000, '2026-01-31T12:00:00.000Z'],
    ['1769860800000', '2026-01-31T12:00:00.000Z'],
    ['2026-13-01T00:00:00.000Z', null],
    ['2026-01-01T24:00:00.001Z', null],
    ['yesterday', null],
    [{}, null],
  ])('%j is %j', (value, time) => {
    expect(toTime(value)).toBe(time);
  });

  it('sorts as the times do', () => {
    fc.assert(
      fc.property(written, written, (one, other) => {
        expect(one < other).toBe(Date.parse(one) < Date.parse(other));
      }),
    );
  });
});

describe('a list of strings', () => {
  it('leaves out what is none', () => {
    expect(toTexts(['a', 1, null, 'b'])).toEqual(['a', 'b']);
    expect(toTexts('a')).toEqual([]);
  });
});
