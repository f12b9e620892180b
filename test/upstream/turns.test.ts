import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadline } from '../../src/upstream/deadline.ts';
import { NovuError } from '../../src/upstream/errors.ts';
import type { RateCategory } from '../../src/upstream/pacer.ts';
import { Cancellation } from '../../src/upstream/signal.ts';
import type { CallerShare } from '../../src/upstream/lines.ts';
import { type Turn, Turns, type TurnsOptions } from '../../src/upstream/turns.ts';
import { failureOf } from './serve.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const backend: CallerShare = { id: 'service:backend', kind: 'service' };
const person = (name: string): CallerShare => ({ id: `user:${name}`, kind: 'user' });

type Entry = { category?: RateCategory; timeoutMs?: number; signal?: Cancellation };

function start(options: Partial<TurnsOptions> = {}) {
  const turns = new Turns({
    connections: 4,
    maxInFlightPerCaller: 3,
    maxQueue: 100,
    maxQueuePerCaller: 50,
    serviceWeight: 8,
    ...options,
  });
  return {
    turns,
    async enter(
      caller: CallerShare,
      { category = 'configuration', timeoutMs = 10_000, signal }: Entry = {},
    ): Promise<Turn> {
      const line = turns.lines.of(caller);
      return (
        turns.take(category, line) ?? (await turns.wait(category, line, new Deadline(timeoutMs), signal))
      );
    },
    end(turn: Turn | undefined, headers: Record<string, string> = {}) {
      if (turn === undefined) throw new Error('It has no turn');
      turn.pacer.answered(turn.ticket, headers);
      turns.release(turn);
    },
  };
}
/** What is known of a promise now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  await vi.advanceTimersByTimeAsync(0);
  return settled;
}

describe('connections', () => {
  it('are left for who has few calls in flight, also beside several with many', async () => {
    const { enter, turns } = start({ connections: 8, maxInFlightPerCaller: 6 });
    const greedy = [person('a'), person('b')].flatMap((caller) =>
      Array.from({ length: 6 }, () => enter(caller)),
    );
    await vi.advanceTimersByTimeAsync(0);
    // Six are for all, and the last two for people who have none: one is b's first.
    expect([turns.inFlight, turns.waiting]).toEqual([7, 5]);
    expect(await isSettled(enter(person('c')))).toBe(true);
    expect(await isSettled(enter(person('d')))).toBe(false);
    expect(greedy).toHaveLength(12);
  });

  it('go to each category in turn', async () => {
    const { enter, end } = start({ connections: 1, maxInFlightPerCaller: 1 });
    const first = await enter(backend);
    const order: RateCategory[] = [];
    const calls = (['configuration', 'configuration', 'configuration', 'global', 'global'] as const).map(
      async (category) => {
        const turn = await enter(backend, { category });
        order.push(category);
        end(turn);
      },
    );
    end(first);
    await Promise.all(calls);
    expect(order.slice(0, 4).filter((category) => category === 'global')).toHaveLength(2);
  });

  it('are counted once for who leaves, fails or is told to go', async () => {
    const { enter, end, turns } = start({ connections: 1, maxInFlightPerCaller: 1 });
    const first = await enter(backend);
    const leaver = new Cancellation();
    const left = failureOf(enter(backend, { signal: leaver }));
    const late = failureOf(enter(backend, { timeoutMs: 1_000 }));
    const told = failureOf(enter(person('a')));
    leaver.cancel();
    expect((await left).kind).toBe('aborted');
    await vi.advanceTimersByTimeAsync(900);
    expect(await late).toMatchObject({ kind: 'busy', applied: 'no' });
    turns.clear(() => new NovuError('busy', { retryAfterMs: 7 }));
    expect((await told).retryAfterMs).toBe(7);
    expect([turns.inFlight, turns.waiting]).toEqual([1, 0]);
    end(first);
    expect(await isSettled(enter(backend))).toBe(true);
  });

  it('are not asked for by who has left', async () => {
    const { enter, turns } = start({ connections: 1, maxInFlightPerCaller: 1 });
    await enter(backend);
    const gone = new Cancellation();
    gone.cancel();
    expect((await failureOf(enter(backend, { signal: gone }))).kind).toBe('aborted');
    expect(turns.waiting).toBe(0);
  });
});

describe("Novu's rate", () => {
  /** 10 calls a second, none left. */
  const slow = { 'ratelimit-limit': '50', 'ratelimit-remaining': '0' };

  it('is shared by callers: a polite one waits for its turn, not for all of a crowd', async () => {
    const { enter, end } = start({ connections: 100, maxInFlightPerCaller: 100, maxQueuePerCaller: 100 });
    end(await enter(backend), slow);
    const crowd = Array.from({ length: 60 }, () => enter(person('greedy')).then((turn) => end(turn, slow)));
    await vi.advanceTimersByTimeAsync(1_000);
    let waited = 0;
    const from = performance.now();
    const polite = enter(person('polite')).then((turn) => {
      waited = performance.now() - from;
      end(turn, slow);
    });
    await vi.advanceTimersByTimeAsync(10_000);
    await Promise.all([polite, ...crowd]);
    expect(waited).toBeLessThan(1_000);
  });

  it('does not refuse a polite caller for the time that a crowd will take', async () => {
    const { enter, end } = start({ connections: 100, maxInFlightPerCaller: 100 });
    end(await enter(backend), slow);
    const crowd = Array.from({ length: 50 }, () => enter(backend).then((turn) => end(turn, slow)));
    // Fifty more take five seconds; its turn comes after eight.
    expect((await failureOf(enter(backend, { timeoutMs: 2_000 }))).kind).toBe('paced');
    const polite = enter(person('polite'), { timeoutMs: 2_000 }).then((turn) => end(turn, slow));
    await vi.advanceTimersByTimeAsync(10_000);
    await Promise.all([polite, ...crowd]);
  });

  it('lets nobody pass who has waited longer, though there is a token between two looks at it', async () => {
    const { enter, end } = start({ connections: 100, maxInFlightPerCaller: 100 });
    end(await enter(backend), slow);
    const order: string[] = [];
    const calls = ['a', 'a', 'a'].map((name) => enter(person(name)).then(() => order.push(name)));
    // Three wait together for two and a half tokens.
    await vi.advanceTimersByTimeAsync(150);
    calls.push(enter(person('b')).then(() => order.push('b')));
    await vi.advanceTimersByTimeAsync(5_000);
    await Promise.all(calls);
    expect(order).toEqual(['a', 'b', 'a', 'a']);
  });

  it('of one category does not hold back the other', async () => {
    const { enter, end } = start();
    end(await enter(backend), slow);
    const waiting = enter(backend);
    expect(await isSettled(waiting)).toBe(false);
    expect(await isSettled(enter(backend, { category: 'global' }))).toBe(true);
    await vi.advanceTimersByTimeAsync(1_000);
    await waiting;
  });
});

describe('the memory of callers', () => {
  it('is bounded: who has nothing in flight or waiting is forgotten', async () => {
    const { enter, end, turns } = start();
    const busy = await enter(backend);
    const line = turns.lines.of(backend);
    const idle = turns.lines.of(person('idle'));
    for (let index = 0; index < 10_000; index += 1) turns.lines.of(person(String(index)));
    expect(turns.lines.of(backend)).toBe(line);
    expect(turns.lines.of(person('idle'))).not.toBe(idle);
    end(busy);
  });

  it('does not strand who was forgotten between two tries', async () => {
    const { enter, end, turns } = start({ connections: 1, maxInFlightPerCaller: 1 });
    const old = turns.lines.of(backend);
    for (let index = 0; index < 10_001; index += 1) turns.lines.of(person(String(index)));
    const first = await enter(person('x'));
    const again = turns.wait('configuration', old, new Deadline(10_000));
    end(first);
    end(await again);
    expect([turns.inFlight, turns.waiting]).toEqual([0, 0]);
  });
});
