import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecretGuard } from '../../src/upstream/secrets.ts';

const secret = fc.string({ unit: 'grapheme', minLength: 3, maxLength: 60 });
const around = fc.string({ maxLength: 20 });
const bytes = fc.uint8Array({ maxLength: 9 });

const base64Of = (before: Uint8Array, text: string, after: Uint8Array): string =>
  Buffer.concat([before, Buffer.from(text), after]).toString('base64');

describe('the guard of a secret finds it', () => {
  it('plain, anywhere', () => {
    fc.assert(
      fc.property(around, secret, around, (before, text, after) => {
        expect(createSecretGuard([text]).inspector()(`${before}${text}${after}`)).toBe(true);
      }),
    );
  });

  it('in JSON, however its escapes are written', () => {
    const escapeAll = (text: string) =>
      text
        .split('')
        .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join('');
    fc.assert(
      fc.property(secret, around, (text, beside) => {
        const hides = createSecretGuard([text]).inspector();
        expect(hides(JSON.stringify({ [beside]: text }))).toBe(true);
        expect(hides(`{"a":"${escapeAll(text)}"}`)).toBe(true);
      }),
    );
    expect(createSecretGuard(['a/b/c']).inspector()('"a\\/b\\/c"')).toBe(true);
  });

  it('percent-encoded, in capitals or not, in full or in part, as path or as form', () => {
    const encodeAll = (text: string) => Buffer.from(text).toString('hex').replaceAll(/../g, '%$&');
    fc.assert(
      fc.property(secret, (text) => {
        const hides = createSecretGuard([text]).inspector();
        const encoded = encodeURIComponent(text);
        expect(hides(`/x/${encoded}/y`)).toBe(true);
        expect(hides(encoded.replaceAll(/%../g, (code) => code.toLowerCase()))).toBe(true);
        expect(hides(encodeAll(text))).toBe(true);
        expect(hides(`?${new URLSearchParams({ text }).toString()}`)).toBe(true);
      }),
      { examples: [['a+b %c']] },
    );
  });

  it('in base64 and base64url, at any offset', () => {
    fc.assert(
      fc.property(bytes, secret, bytes, (before, text, after) => {
        const hides = createSecretGuard([text]).inspector();
        const encoded = base64Of(before, text, after);
        expect(hides(encoded)).toBe(true);
        expect(hides(encoded.replaceAll('=', ''))).toBe(true);
        expect(hides(encoded.replaceAll('+', '-').replaceAll('/', '_'))).toBe(true);
      }),
    );
  });

  it('with a lone surrogate in it', () => {
    const hides = createSecretGuard(['abc\uD800def']).inspector();
    expect(hides('abc\uD800def')).toBe(true);
    expect(hides('abc\uFFFDdef')).toBe(true);
    expect(hides('"abc\\ud800def"')).toBe(true);
  });
});

describe('the guard of a secret', () => {
  it('says nothing of other texts', () => {
    const hides = createSecretGuard(['xoxb-1234567890-abcdef', 'novu-secret-key']).inspector();
    for (const text of [
      '',
      'W/"1f-x"',
      '100;w=5;burst=110',
      'xoxb-1234567890',
      'Thu, 01 Jan 2026 00:00:00 GMT',
    ])
      expect(hides(text)).toBe(false);
  });

  it('ignores what is too short to be one', () => {
    expect(createSecretGuard(['', 'a', 'ab']).inspector()('abab')).toBe(false);
  });

  it('is not upset by broken encodings', () => {
    const hides = createSecretGuard(['xoxb-secret']).inspector();
    for (const text of ['%', '%zz', '%f', '%ff%fe', '\\', '\\u12', '\\ud800'])
      expect(hides(text)).toBe(false);
  });
});

describe('what is beyond the bounds of a guard is hidden', () => {
  const guard = createSecretGuard(['xoxb-1234567890-abcdef']);
  const percents = (layers: number, text = '%41') =>
    Array.from({ length: layers }).reduce<string>((inner) => inner.replaceAll('%', '%25'), text);

  it('a text that is too long, not one that just fits', () => {
    expect(guard.inspector()('a'.repeat(8_192))).toBe(false);
    expect(guard.inspector()('a'.repeat(8_193))).toBe(true);
  });

  it('a text that is encoded too often, not one that has a percent sign', () => {
    expect(guard.inspector()(percents(2))).toBe(false);
    expect(guard.inspector()(percents(3))).toBe(true);
    expect(guard.inspector()('100 % sure, a\\b + c')).toBe(false);
  });

  it('a text that can be read in too many ways', () => {
    expect(guard.inspector()('%2541 \\n')).toBe(false);
    expect(guard.inspector()('%2541+\\n')).toBe(true);
  });

  it('what comes after too much else, in one answer; the next answer starts anew', () => {
    const long = 'plain words '.repeat(600);
    const inspect = guard.inspector();
    const hidden = Array.from({ length: 200 }, () => inspect(long));
    expect(hidden[0]).toBe(false);
    expect(hidden.at(-1)).toBe(true);
    expect(inspect('etag')).toBe(true);
    expect(guard.inspector()(long)).toBe(false);
  });
});

describe('a guard within another', () => {
  it('keeps the secrets of both', () => {
    const outer = createSecretGuard(['the-key-of-novu']);
    const hides = createSecretGuard(['xoxb-secret'], outer).inspector();
    expect([hides('a the-key-of-novu'), hides('XOXB-SECRET'), hides('neither')]).toEqual([true, true, false]);
    expect(createSecretGuard([], outer)).toBe(outer);
  });
});
