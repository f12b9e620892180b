import { describe, expect, it } from 'vitest';
import { type FailureKind, NovuError } from '../../src/upstream/errors.ts';
import { noFacts } from '../../src/upstream/facts.ts';
import {
  backoffFor,
  delayFor,
  isStuck,
  needsFreshKey,
  RetryBudget,
  shouldRetry,
} from '../../src/upstream/retry.ts';

const kinds: FailureKind[] = [
  'not-sent',
  'busy',
  'paced',
  'timeout',
  'reset',
  'aborted',
  'bad-response',
  'unavailable',
  'validation',
  'not-found',
  'unsupported',
  'conflict',
  'in-progress',
  'key-reused',
  'auth',
  'too-large',
  'rate-limited',
  'redirect',
  'refused',
];
const retried = (repeat: 'safe' | 'always', isRead: boolean): FailureKind[] =>
  kinds.filter((kind) => shouldRetry({ error: new NovuError(kind), repeat, isRead, tries: 1 }));

describe('shouldRetry', () => {
  it('repeats a write that must not happen twice only where Novu cannot have done it', () => {
    expect(retried('safe', false)).toEqual(['not-sent', 'rate-limited']);
  });

  it('repeats a write that may happen twice after anything that leaves its outcome open', () => {
    expect(retried('always', false)).toEqual([
      'not-sent',
      'timeout',
      'reset',
      'bad-response',
      'unavailable',
      'in-progress',
      'rate-limited',
    ]);
  });

  it('repeats a read likewise, but not after a timeout, when its time is over', () => {
    expect(retried('always', true)).toEqual([
      'not-sent',
      'reset',
      'bad-response',
      'unavailable',
      'in-progress',
      'rate-limited',
    ]);
  });

  it.each(['validation', 'not-found', 'conflict', 'key-reused'] as const)(
    'asks again when Novu replays a stored %s, which says nothing about now',
    (kind) => {
      const error = new NovuError(kind, { facts: { ...noFacts, idempotencyReplayed: true } });
      expect(shouldRetry({ error, repeat: 'safe', isRead: false, tries: 1 })).toBe(true);
    },
  );

  it.each([
    ['unavailable', 8],
    ['rate-limited', 8],
    ['not-sent', 5],
  ] as const)('gives up on %s after %d tries', (kind, most) => {
    const can = (tries: number) =>
      shouldRetry({ error: new NovuError(kind), repeat: 'always', isRead: false, tries });
    expect(can(most - 1)).toBe(true);
    expect(can(most)).toBe(false);
  });
});

describe('needsFreshKey', () => {
  it('keeps the key only where Novu stored nothing under it', () => {
    expect(kinds.filter((kind) => !needsFreshKey(new NovuError(kind)))).toEqual([
      'not-sent',
      'in-progress',
      'rate-limited',
    ]);
  });
});

describe('isStuck', () => {
  const inProgress = new NovuError('in-progress', { retryAfterMs: 1_000 });
  it.each([
    ['once', inProgress, 1, 10_000, false],
    ['twice', inProgress, 2, 10_000, true],
    ['once, with less time than Novu asks for', inProgress, 1, 900, true],
    ['once, with no word on when', new NovuError('in-progress'), 1, 900, false],
    ['never: Novu limited the calls', new NovuError('rate-limited', { retryAfterMs: 1_000 }), 5, 900, false],
  ])('gives up a key that was in progress %s', (_name, error, tries, leftMs, stuck) => {
    expect(isStuck(error, tries, leftMs)).toBe(stuck);
  });
});

describe('backoffFor', () => {
  it.each([
    [1, 0, 0],
    [1, 1, 100],
    [3, 0.5, 200],
    [100, 1, 2_000],
  ])('is anything up to a bound: try %d with luck %d waits %d ms', (tries, luck, ms) => {
    expect(backoffFor(tries, () => luck)).toBe(ms);
  });
});

describe('delayFor', () => {
  it.each([
    [1, 0, 0],
    [1, 1, 100],
    [2, 1, 200],
    [3, 0.5, 200],
    [5, 1, 1_600],
    [6, 1, 2_000],
    [100, 1, 2_000],
  ])('is a full-jitter backoff: try %d with luck %d waits %d ms', (tries, luck, ms) => {
    expect(delayFor(new NovuError('reset'), tries, () => luck)).toBe(ms);
  });

  /** Of Novu's own limiter, unless `answeredByNovu` says that a proxy made it. */
  const limited = (retryAfterMs: number, answeredByNovu = true) =>
    new NovuError('rate-limited', {
      retryAfterMs,
      answeredByNovu,
      facts: { ...noFacts, rateLimit: { limit: 100, remaining: 0, resetSeconds: 1, policy: null } },
    });

  it.each([
    [0, 0, 0],
    [0, 1, 100],
    [1_000, 0, 1_000],
    [1_000, 0.5, 1_050],
    [5_000, 1, 5_100],
  ])('waits what Novu asks for (%d ms) and a little more', (retryAfterMs, luck, ms) => {
    expect(delayFor(limited(retryAfterMs), 1, () => luck)).toBe(ms);
  });

  it('adds no more than a quarter of a second to what Novu asks for', () => {
    expect(delayFor(limited(1_000), 9, () => 1)).toBe(1_250);
  });

  it("does not wait for what a proxy's 429 asks for: the pacer finds out how long that holds", () => {
    expect(delayFor(limited(30_000, false), 1, () => 1)).toBe(100);
    expect(delayFor(new NovuError('unavailable', { retryAfterMs: 1_000 }), 1, () => 1)).toBe(1_100);
  });
});

describe('RetryBudget', () => {
  const takeAll = (budget: RetryBudget): number => {
    let taken = 0;
    while (budget.take()) taken += 1;
    return taken;
  };

  it('lets a quiet gateway retry three times', () => {
    expect(takeAll(new RetryBudget())).toBe(3);
  });

  it.each([10, 100, 499])('lets a fifth of %d calls be retried on top of that', (calls) => {
    const budget = new RetryBudget();
    for (let call = 0; call < calls; call += 1) budget.deposit();
    const taken = takeAll(budget);
    expect(taken).toBeLessThanOrEqual(3 + calls / 5);
    expect(taken).toBeGreaterThanOrEqual(Math.floor(2 + calls / 5));
  });

  it('saves up a hundred at most, however long all went well', () => {
    const budget = new RetryBudget();
    for (let call = 0; call < 100_000; call += 1) budget.deposit();
    expect(takeAll(budget)).toBeLessThanOrEqual(103);
  });

  it('within another takes from both, and counts for both', () => {
    const shared = new RetryBudget({ reserve: 5 });
    const [first, second] = [new RetryBudget({ within: shared }), new RetryBudget({ within: shared })];
    expect(takeAll(first)).toBe(3);
    // Two are left for all others, who have not used theirs.
    expect(takeAll(second)).toBe(2);
    for (let call = 0; call < 11; call += 1) second.deposit();
    expect(takeAll(first)).toBe(0);
    expect(takeAll(second)).toBe(2);
  });
});
