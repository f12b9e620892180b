import { describe, expect, it } from 'vitest';
import type { UserCaller } from '../../src/callers/caller.ts';
import { createVerifiedTokens } from '../../src/callers/verified-tokens.ts';

const caller = (subscriberId: string): UserCaller => ({
  kind: 'user',
  id: `user:${subscriberId}`,
  name: 'end user',
  scopes: new Set(),
  subscriberId,
  contextKeys: new Set(),
});
const later = Number.MAX_SAFE_INTEGER;

describe('a verified token', () => {
  it('is remembered for a minute, and no longer', () => {
    const verified = createVerifiedTokens();
    const one = caller('1');
    verified.add('token', one, later, 1_000);
    expect(verified.get('token', 1_000)).toBe(one);
    expect(verified.get('token', 60_999)).toBe(one);
    expect(verified.get('token', 61_000)).toBeNull();
    expect(verified.get('token ', 1_000)).toBeNull();
  });

  it('is not older for being asked for', () => {
    const verified = createVerifiedTokens();
    verified.add('token', caller('1'), later, 0);
    for (let now = 0; now < 60_000; now += 1_000) expect(verified.get('token', now)).not.toBeNull();
    expect(verified.get('token', 60_000)).toBeNull();
  });

  it.each([
    ['until it expires', 1_500, true],
    ['not when it expires', 2_000, false],
    ['not after it expired', 2_001, false],
  ])('is remembered %s', (_name, now, isThere) => {
    const verified = createVerifiedTokens();
    verified.add('token', caller('1'), 2_000, 1_000);
    expect(verified.get('token', now) !== null).toBe(isThere);
  });

  it.each([999, 1_000, Number.NaN, Number.NEGATIVE_INFINITY])(
    'is not remembered at all when it expires at %d and is verified at 1000',
    (expiresAt) => {
      const verified = createVerifiedTokens();
      verified.add('token', caller('1'), expiresAt, 1_000);
      for (const now of [0, 999, 1_000, 1_001]) expect(verified.get('token', now)).toBeNull();
    },
  );

  it('is verified again when the clock was set back, so that it does not live longer', () => {
    const verified = createVerifiedTokens();
    verified.add('token', caller('1'), later, 1_000_000);
    expect(verified.get('token', 999_999)).toBeNull();
    expect(verified.get('token', 1_000_000)).not.toBeNull();
  });

  it('is forgotten for newer ones when there are too many: two generations are kept', () => {
    const verified = createVerifiedTokens({ maxTokens: 3 });
    const isThere = (index: number) => verified.get(`token-${index}`, 0)?.subscriberId === String(index);
    for (let index = 0; index < 6; index += 1)
      verified.add(`token-${index}`, caller(String(index)), later, 0);
    expect([0, 1, 2, 3, 4, 5].map(isThere)).toEqual([true, true, true, true, true, true]);
    verified.add('token-6', caller('6'), later, 0);
    expect([0, 1, 2, 3, 4, 5, 6].map(isThere)).toEqual([false, false, false, true, true, true, true]);
  });

  it('stays while a new generation begins by age', () => {
    const verified = createVerifiedTokens({ maxAgeMs: 100 });
    verified.add('first', caller('1'), later, 0);
    verified.add('second', caller('2'), later, 90);
    verified.add('third', caller('3'), later, 100);
    expect(['first', 'second', 'third'].map((token) => verified.get(token, 100)?.subscriberId)).toEqual([
      undefined,
      '2',
      '3',
    ]);
  });
});
