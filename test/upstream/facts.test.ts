import { describe, expect, it } from 'vitest';
import { readFacts, readRetryAfterMs, toCount } from '../../src/upstream/facts.ts';
import type { SecretGuard } from '../../src/upstream/secrets.ts';

const hiding = (hides: (text: string) => boolean): SecretGuard => ({ inspector: () => hides });
const nothing = hiding(() => false);
const names = (headers: Record<string, string | string[]>, guard = nothing) =>
  readFacts(headers, guard).headers.map(({ name }) => name);

describe('the headers that are shown', () => {
  it.each([
    'set-cookie',
    'authorization',
    'proxy-authorization',
    'www-authenticate',
    'cookie',
    'connection',
    'keep-alive',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'content-length',
    'content-encoding',
    'location',
    'server',
    'x-powered-by',
    'strict-transport-security',
    'content-security-policy',
    'vary',
  ])('never include %s', (name) => {
    expect(names({ [name]: 'x', etag: 'W/"1"' })).toEqual(['etag']);
  });

  it.each([
    'ratelimit-limit',
    'retry-after',
    'idempotency-key',
    'idempotency-replay',
    'link',
    'etag',
    'date',
  ])('include %s', (name) => {
    expect(readFacts({ [name]: 'x' }, nothing).headers).toEqual([{ name, values: ['x'] }]);
  });

  it('keep every value of a header', () => {
    expect(readFacts({ link: ['a', 'b'] }, nothing).headers).toEqual([{ name: 'link', values: ['a', 'b'] }]);
  });

  it('leave out one that repeats a secret, in any of its values or its name', () => {
    const hides = hiding((text) => text.includes('xoxb'));
    expect(names({ link: ['a', 'xoxb-1'], 'x-xoxb': '1', etag: '1' }, hides)).toEqual(['etag']);
  });

  it('are bounded in number and length', () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`x-${index}`, '1']));
    expect(names(many)).toHaveLength(100);
    expect(names({ 'x-long': 'a'.repeat(8193), 'x-fits': 'a'.repeat(8192) })).toEqual(['x-fits']);
  });
});

describe('the rate limit', () => {
  const read = (headers: Record<string, string>, guard = nothing) => readFacts(headers, guard).rateLimit;

  it('is read from all four headers, with more left than the limit', () => {
    const policy = '100;w=5;burst=110;comment="token bucket";category="configuration"';
    expect(
      read({
        'ratelimit-limit': '100',
        'ratelimit-remaining': '109',
        'ratelimit-reset': '1',
        'ratelimit-policy': policy,
      }),
    ).toEqual({ limit: 100, remaining: 109, resetSeconds: 1, policy });
  });

  it('is null without any of them', () => {
    expect(read({ etag: '1' })).toBeNull();
  });

  it('has null where one is missing or odd', () => {
    expect(
      read({ 'ratelimit-limit': 'many', 'ratelimit-remaining': '-1', 'ratelimit-reset': '3000000000' }),
    ).toBeNull();
    expect(read({ 'ratelimit-limit': '5' })).toEqual({
      limit: 5,
      remaining: null,
      resetSeconds: null,
      policy: null,
    });
  });

  it('leaves out a policy that repeats a secret or never ends', () => {
    expect(
      read(
        { 'ratelimit-limit': '5', 'ratelimit-policy': 'xoxb' },
        hiding(() => true),
      )?.policy,
    ).toBeNull();
    expect(read({ 'ratelimit-limit': '5', 'ratelimit-policy': 'a'.repeat(1025) })?.policy).toBeNull();
  });
});

describe('idempotency', () => {
  it.each([
    [{}, false, false],
    [{ 'idempotency-key': 'k' }, true, false],
    [{ 'idempotency-key': 'k', 'idempotency-replay': 'true' }, true, true],
    [{ 'idempotency-key': 'k', 'idempotency-replay': 'false' }, true, false],
  ])('of %j is honoured: %s, replayed: %s', (headers, honoured, replayed) => {
    const facts = readFacts(headers, nothing);
    expect([facts.idempotencyHonoured, facts.idempotencyReplayed]).toEqual([honoured, replayed]);
  });
});

describe('the facts of an answer', () => {
  it('are read when somebody asks for them, and once', () => {
    let looks = 0;
    const guard = hiding(() => {
      looks += 1;
      return false;
    });
    const facts = readFacts({ etag: 'W/"1"', link: 'a' }, guard);
    expect(looks).toBe(0);
    expect(facts.headers).toBe(facts.headers);
    expect(looks).toBe(4);
  });
});

describe('toCount', () => {
  it.each([
    ['0', 0],
    [' 7 ', 7],
    ['2147483647', 2_147_483_647],
    ['2147483648', null],
    ['99999999999', null],
    ['1.5', null],
    ['-1', null],
    ['1e3', null],
    ['', null],
    [undefined, null],
  ])('reads %j as %j', (text, value) => {
    expect(toCount(text)).toBe(value);
  });
});

describe('readRetryAfterMs', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    ['1', 1_000],
    ['0', 0],
    ['1.5', 1_500],
    [' 2 ', 2_000],
    ['99999999999', 2_147_483_647],
    ['Thu, 01 Jan 2026 00:00:03 GMT', 3_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
    ['-1', null],
    ['2030', 2_030_000],
    ['1/2/3', null],
    ['soon', null],
    ['', null],
  ])('reads %j as %j', (text, ms) => {
    expect(readRetryAfterMs({ 'retry-after': text }, now)).toBe(ms);
  });

  it('is null without the header, and takes the first of several', () => {
    expect(readRetryAfterMs({}, now)).toBeNull();
    expect(readRetryAfterMs({ 'retry-after': ['1', '9'] }, now)).toBe(1_000);
  });
});
