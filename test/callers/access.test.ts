import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isVisible, type OwnerFilter, toOwnFilter } from '../../src/callers/access.ts';
import { requireOwn } from '../../src/graphql/policy.ts';
import { type Scope, serviceCaller, type UserCaller } from '../../src/callers/caller.ts';

const user = (contextKeys: readonly string[] = [], granted: readonly Scope[] = []): UserCaller => ({
  kind: 'user',
  id: 'user:1',
  name: 'end user',
  subscriberId: 'ada',
  scopes: new Set(granted),
  contextKeys: new Set(contextKeys),
});
const service = serviceCaller('backend', false);
const isForbidden = (act: () => void): boolean => {
  try {
    act();
  } catch (error) {
    expect(error).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
    return true;
  }
  return false;
};

describe('a row', () => {
  it.each([
    ['their own', 'ada', []],
    ['their own in a context of somebody else', 'ada', ['tenant:b']],
    ['shared in their context', null, ['tenant:a']],
    ['shared in several of their contexts', null, ['team:a', 'tenant:a']],
  ])('is seen by an end user when it is %s', (_name, subscriberId, contextKeys) => {
    expect(isVisible(user(['tenant:a', 'team:a']), { subscriberId, contextKeys })).toBe(true);
  });

  it.each([
    ['somebody else’s', 'bob', []],
    ['somebody else’s in a claimed context', 'bob', ['tenant:a']],
    ['shared in another context', null, ['tenant:b']],
    ['shared in a claimed context and another', null, ['tenant:a', 'team:b']],
    ['shared without a context', null, []],
    ['of an empty subscriber', '', ['tenant:a']],
    ['of their name in another case', 'Ada', []],
    ['of their name with a blank', 'ada ', []],
    ['shared in a context that begins like theirs', null, ['tenant:ab']],
  ])('is not seen by an end user when it is %s', (_name, subscriberId, contextKeys) => {
    expect(isVisible(user(['tenant:a', 'team:a']), { subscriberId, contextKeys })).toBe(false);
    expect(isVisible(service, { subscriberId, contextKeys })).toBe(true);
  });

  it('that is shared is not seen without contexts in the token', () => {
    expect(isVisible(user(), { subscriberId: null, contextKeys: ['tenant:a'] })).toBe(false);
    expect(isVisible(user(), { subscriberId: null, contextKeys: [] })).toBe(false);
  });
});

describe('what an input names', () => {
  it.each([
    ['nobody', {}],
    ['themselves', { subscriberId: 'ada' }],
    ['their contexts', { subscriberId: 'ada', contextKeys: ['tenant:a'] }],
  ])('may be %s', (_name, named) => {
    expect(isForbidden(() => requireOwn(user(['tenant:a']), { contextKeys: [], ...named }))).toBe(false);
  });

  it.each([
    ['somebody else', { subscriberId: 'bob' }],
    ['nobody by an empty name', { subscriberId: '' }],
    ['another context', { contextKeys: ['tenant:b'] }],
    ['another context among theirs', { subscriberId: 'ada', contextKeys: ['tenant:a', 'team:b'] }],
    ['somebody else in their context', { subscriberId: 'bob', contextKeys: ['tenant:a'] }],
  ])('may not be %s, except for services', (_name, named) => {
    expect(isForbidden(() => requireOwn(user(['tenant:a']), { contextKeys: [], ...named }))).toBe(true);
    expect(isForbidden(() => requireOwn(service, { contextKeys: [], ...named }))).toBe(false);
  });
});

describe('the filter of an end user', () => {
  const ada = user(['tenant:a', 'team:a']);

  it.each<[string, OwnerFilter, OwnerFilter | null]>([
    ['none', {}, { subscriberId: 'ada', connectionMode: 'subscriber' }],
    ['themselves', { subscriberId: 'ada' }, { subscriberId: 'ada', connectionMode: 'subscriber' }],
    ['somebody else', { subscriberId: 'bob' }, null],
    [
      'no context',
      { contextKeys: [] },
      { subscriberId: 'ada', contextKeys: [], connectionMode: 'subscriber' },
    ],
    [
      'their contexts',
      { contextKeys: ['tenant:a', 'team:a'] },
      { subscriberId: 'ada', contextKeys: ['tenant:a', 'team:a'], connectionMode: 'subscriber' },
    ],
    [
      'another context',
      { contextKeys: ['tenant:b'] },
      { subscriberId: 'ada', contextKeys: ['tenant:b'], connectionMode: 'subscriber' },
    ],
    [
      'theirs and another',
      { contextKeys: ['tenant:a', 'team:b'] },
      { subscriberId: 'ada', contextKeys: ['tenant:a', 'team:b'], connectionMode: 'subscriber' },
    ],
    ['shared', { connectionMode: 'shared' }, null],
    ['shared without contexts', { connectionMode: 'shared', contextKeys: [] }, null],
    ['shared in another context', { connectionMode: 'shared', contextKeys: ['tenant:b'] }, null],
    [
      'shared in their context',
      { connectionMode: 'shared', contextKeys: ['tenant:a'] },
      { subscriberId: 'ada', contextKeys: ['tenant:a'], connectionMode: 'shared' },
    ],
    [
      'shared in their context for somebody else',
      { connectionMode: 'shared', contextKeys: ['tenant:a'], subscriberId: 'bob' },
      null,
    ],
  ])('who asks for %s is forced', (_name, asked, forced) => {
    expect(toOwnFilter(ada, asked)).toEqual(forced);
    expect(toOwnFilter(service, asked)).toBe(asked);
  });

  it('finds nothing that they do not see, whatever it asks for, and all of theirs that it asks for', () => {
    const keys = fc.subarray(['tenant:a', 'tenant:b', 'team:a']);
    const rows = fc.array(
      fc.record({ subscriberId: fc.constantFrom('ada', 'bob', null), contextKeys: keys }),
      { maxLength: 20 },
    );
    const asked = fc.record(
      {
        subscriberId: fc.constantFrom('ada', 'bob'),
        contextKeys: keys,
        connectionMode: fc.constantFrom('subscriber' as const, 'shared' as const),
      },
      { requiredKeys: [] },
    );
    /** As newer Novu servers list: shared ones too, unless the mode says otherwise. */
    const list = (
      all: { subscriberId: string | null; contextKeys: string[] }[],
      filter: OwnerFilter | null,
    ) =>
      filter === null
        ? []
        : all.filter(
            (row) =>
              (filter.subscriberId === undefined ||
                row.subscriberId === filter.subscriberId ||
                row.subscriberId === null) &&
              (filter.connectionMode === undefined ||
                (row.subscriberId === null) === (filter.connectionMode === 'shared')) &&
              (filter.contextKeys === undefined ||
                [...filter.contextKeys].toSorted().join() === row.contextKeys.toSorted().join()),
          );
    fc.assert(
      fc.property(rows, asked, fc.subarray(['tenant:a', 'tenant:b']), (all, filter, claimed) => {
        const caller = user(claimed);
        const found = list(all, toOwnFilter(caller, filter));
        expect(found.filter((row) => !isVisible(caller, row))).toEqual([]);
        const theirs = list(all, filter).filter((row) => row.subscriberId === 'ada');
        expect(found.filter((row) => row.subscriberId === 'ada')).toEqual(
          filter.connectionMode === 'shared' || filter.subscriberId === 'bob' ? [] : theirs,
        );
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the scope to read stored tokens', () => {
  it('is for services that are named for it', () => {
    const needed = 'channel-connections:read-secrets';
    expect(serviceCaller('backend', false).scopes.has(needed)).toBe(false);
    expect(serviceCaller('reader', true).scopes.has(needed)).toBe(true);
  });
});
