import { describe, expect, it } from 'vitest';
import { printSummary } from '../../src/cli/summary.ts';
import { parseConfig } from '../../src/config.ts';
import { backendKey, novuKey, readerKey } from '../support/harness.ts';

describe('the summary at the start', () => {
  it('tells address, Novu, who may do what, and limits that differ; no secret', () => {
    const config = parseConfig({
      NOVU_SECRET_KEY: novuKey,
      GATEWAY_API_KEYS: `backend:${backendKey},reader:${readerKey}`,
      GATEWAY_SECRET_READERS: 'reader',
      ROUTER_SECRET: 'router-secret-0123456789',
      JWT_JWKS_URL: 'https://issuer.test/jwks',
      JWT_ISSUER: 'https://issuer.test/',
      JWT_AUDIENCE: 'novu-graphql',
      LIMIT_DEPTH: '9',
    });
    const summary = printSummary(config, 'http://127.0.0.1:4000', undefined);
    for (const part of [
      'http://127.0.0.1:4000/graphql',
      'api.novu.co',
      'backend, with a key: everything but stored tokens',
      'reader, with a key: everything, stored tokens too',
      'a router, with Router-Authorization',
      'end users with tokens of https://issuer.test/',
      'depth 9 (default 12)',
    ])
      expect(summary).toContain(part);
    for (const secret of [novuKey, backendKey, readerKey, 'router-secret'])
      expect(summary).not.toContain(secret);
  });

  it('tells of the sandbox what is in it, and how it can misbehave', () => {
    const summary = printSummary(parseConfig({}), 'http://127.0.0.1:4000', 'http://127.0.0.1:5000');
    expect(summary).toContain('slack-prod');
    expect(summary).toContain('http://127.0.0.1:5000/sandbox/faults');
  });
});
