import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deriveIdentifier, keyFault, scopeKey } from '../../src/writes/identifiers.ts';

const secret = createSecretKey(Buffer.from('a secret'));

describe('an idempotency key', () => {
  it.each([['a'], ['connect-acme-1'], ['k'.repeat(255)], ['!"#~']])('may be %j', (key) => {
    expect(keyFault(key)).toBeNull();
  });

  it.each([
    ['', 'must not be blank'],
    ['   ', 'must not be blank'],
    ['k'.repeat(256), 'must have at most 255 characters'],
    ['schlüssel', 'must consist of visible ASCII characters'],
    ['a b', 'must consist of visible ASCII characters'],
    ['a\nb', 'must consist of visible ASCII characters'],
    ['a\u007f', 'must consist of visible ASCII characters'],
    ['a\u0000', 'must consist of visible ASCII characters'],
  ])('may not be %j', (key, fault) => {
    expect(keyFault(key)).toBe(fault);
  });
});

describe('the identifier of a key', () => {
  it('is the same everywhere and for ever', () => {
    expect(deriveIdentifier('chconn_', 'service:a', 'key-1', secret)).toBe(
      deriveIdentifier('chconn_', 'service:a', 'key-1', secret),
    );
    expect(deriveIdentifier('chconn_', 'service:a', 'key-1', secret)).toMatch(/^chconn_[0-9a-z]{24}$/);
  });

  it('is another for another owner, key or prefix, however they are cut', () => {
    const made = [
      deriveIdentifier('chconn_', 'service:a', 'key-1', secret),
      deriveIdentifier('chconn_', 'service:b', 'key-1', secret),
      deriveIdentifier('chconn_', 'service:a', 'key-2', secret),
      deriveIdentifier('chendp_', 'service:a', 'key-1', secret),
      deriveIdentifier('chconn_', 'service:ak', 'ey-1', secret),
      deriveIdentifier('chconn_', 'service:', 'akey-1', secret),
    ];
    expect(new Set(made.map((identifier) => identifier.slice(7))).size).toBe(made.length);
  });
});

describe('a scoped key', () => {
  it('never meets that of another owner and fits into a header', () => {
    const made = [scopeKey('a', 'bc'), scopeKey('ab', 'c'), scopeKey('a', 'b'.repeat(255))];
    expect(new Set(made).size).toBe(3);
    for (const key of made) expect(keyFault(key)).toBeNull();
  });
});
