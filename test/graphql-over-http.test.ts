import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backendKey, type Harness, startHarness } from './support/harness.ts';

let harness: Harness;
let url: string;
beforeAll(async () => {
  // The audits ask for types.
  harness = await startHarness({ env: { INTROSPECTION: 'on' } });
  url = await harness.listen();
});
afterAll(() => harness[Symbol.asyncDispose]());

const withKey = (init: RequestInit = {}): RequestInit => ({
  ...init,
  headers: {
    ...(init.headers as Record<string, string>),
    'x-api-key': backendKey,
    'apollo-require-preflight': 'true',
  },
});

describe.each([
  ['the server on node:http', (input: string, init?: RequestInit) => fetch(input, withKey(init))],
  [
    'the gateway as a fetch handler',
    async (input: string, init?: RequestInit) => harness.gateway.fetch(input, withKey(init)),
  ],
])('%s', (_name, fetchFn) => {
  const audits = serverAudits({ url: () => url, fetchFn });

  it('is asked all of the audits of graphql-http', () => {
    expect(audits).toHaveLength(61);
  });

  it.each(audits.map((audit) => [audit.name, audit.id, audit] as const))(
    '%s (%s)',
    async (_name, _id, audit) => {
      const result = await audit.fn();
      expect(result.status, 'reason' in result ? result.reason : '').toBe('ok');
    },
  );
});
