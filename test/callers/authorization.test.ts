import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { credentialOf, schemeOf, withoutBearer } from '../../src/callers/authorization.ts';

const read = (header: string) => {
  const scheme = schemeOf(header);
  return scheme === null ? null : [scheme, credentialOf(header)];
};

describe('an authorization header', () => {
  it.each([
    ['ApiKey abc', ['apikey', 'abc']],
    ['aPIKEY   abc', ['apikey', 'abc']],
    ['Bearer a.b-c_d~+/=', ['bearer', 'a.b-c_d~+/=']],
    ['bearer x', ['bearer', 'x']],
  ])('%j has a scheme and a credential', (header, expected) => {
    expect(read(header)).toEqual(expected);
  });

  it.each([
    'Bearer ',
    'Bearer  ',
    'Bearer a b',
    'Bearer a ',
    'Bearer a\t',
    'Bearer \ta',
    'Bearer a\nb',
    'Bearer a\u00a0b',
    'Bearer a\u2028b',
    'Bearer a\u0000',
    'ApiKey é',
    'ApiKey a, ApiKey a',
  ])('%j has a scheme alone', (header) => {
    expect(read(header)).toEqual([expect.any(String), null]);
  });

  it.each([
    '',
    ' ',
    'Bearer',
    'ApiKey',
    'Bearera',
    ' Bearer a',
    'Bearer\ta',
    'Basic  a',
    'Digest a',
    'ſpikey a',
  ])('%j has no scheme that is taken', (header) => {
    expect(read(header)).toBeNull();
  });

  it('is read as the grammar says, whatever it is', () => {
    const header = fc
      .tuple(
        fc.constantFrom('', 'ApiKey', 'Bearer', 'bEARER', 'Basic', 'Bearers'),
        fc.constantFrom('', ' ', '  ', '\t'),
        fc.string({ unit: 'binary', maxLength: 12 }),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(header, (text) => {
        const match = /^(ApiKey|Bearer) +([\x21-\x7e]+)$/i.exec(text);
        const found = read(text);
        expect(found?.[1] == null ? null : found).toEqual(
          match === null ? null : [match[1]?.toLowerCase(), match[2]],
        );
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a router's secret", () => {
  it.each([
    ['secret', 'secret'],
    ['Bearer secret', 'secret'],
    ['bearer   secret', 'secret'],
    ['Bearer two words', 'two words'],
    ['ApiKey secret', 'ApiKey secret'],
    ['Bearer ', ''],
  ])('of %j is %j', (header, secret) => {
    expect(withoutBearer(header)).toBe(secret);
  });
});
