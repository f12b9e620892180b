import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createFindService } from '../../src/callers/api-keys.ts';
import { serviceCaller } from '../../src/callers/caller.ts';

const entryOf = (name: string, key: string) => ({
  sha256: hash('sha256', key, 'buffer'),
  caller: serviceCaller(name, false),
});

describe('a service', () => {
  const thousand = Array.from({ length: 1000 }, (_, index) => entryOf(`service-${index}`, `key-${index}`));

  it('is found by its key among a thousand', () => {
    const find = createFindService(thousand);
    for (const index of [0, 1, 500, 999]) expect(find(`key-${index}`)).toBe(thousand[index]?.caller);
  });

  it('may have several keys', () => {
    const find = createFindService([entryOf('a', 'old'), entryOf('b', 'other'), entryOf('a', 'new')]);
    expect([find('old')?.name, find('new')?.name, find('other')?.name]).toEqual(['a', 'a', 'b']);
  });

  it.each([
    ['an unknown key', 'key-1000'],
    ['the beginning of a key', 'key-'],
    ['an empty key', ''],
    ['the digest of a key', hash('sha256', 'key-1', 'hex')],
    ['a key of JavaScript objects', '__proto__'],
  ])('is not found by %s', (_name, key) => {
    expect(createFindService(thousand)(key)).toBeNull();
  });

  it('is not found by a key of more than 4096 characters, which is not even hashed', () => {
    const [longest, longer] = ['x'.repeat(4096), 'x'.repeat(4097)];
    const find = createFindService([entryOf('longest', longest), entryOf('longer', longer)]);
    expect([find(longest)?.name, find(longer)]).toEqual(['longest', null]);
  });
});
