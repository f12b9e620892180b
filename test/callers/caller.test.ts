import { describe, expect, it } from 'vitest';
import { fairWeight, serviceCaller } from '../../src/callers/caller.ts';

describe('the fair share of a caller', () => {
  it('is that of eight end users for a service', () => {
    const user = {
      kind: 'user' as const,
      id: 'user:1',
      name: 'end user',
      scopes: new Set<never>(),
      subscriberId: '1',
      contextKeys: new Set<string>(),
    };
    expect([fairWeight(serviceCaller('backend', false)), fairWeight(user)]).toEqual([8, 1]);
  });
});
