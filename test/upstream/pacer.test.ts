import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { resolveOptions, type Tier } from '../../src/sandbox/options.ts';
import { createRateLimit } from '../../src/sandbox/rate-limit.ts';
import { Deadline } from '../../src/upstream/deadline.ts';
import type { ReceivedHeaders } from '../../src/upstream/facts.ts';
import { categoryOf } from '../../src/upstream/pacer.ts';
import type { Signal } from '../../src/upstream/signal.ts';
import { type Turn, Turns } from '../../src/upstream/turns.ts';
import { failureOf } from './serve.ts';

// Time is made here: minutes pass in milliseconds, and nothing depends on how busy the machine is.
beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** What Novu answered to a call, or a proxy in front of it. */
type Answer = { headers: ReceivedHeaders; limited: boolean; retryAfterMs: number | null; isNovus: boolean };

/** One caller with connections enough: what is left to wait for is Novu's rate. */
class Paced {
  readonly turns: Turns;
  constructor(maxQueue = 256) {
    const plenty = 10_000;
    this.turns = new Turns({
      connections: plenty,
      maxInFlightPerCaller: plenty,
      maxQueue,
      maxQueuePerCaller: maxQueue,
      serviceWeight: 8,
    });
  }
  get line() {
    return this.turns.lines.of({ id: 'service:a', kind: 'service' });
  }
  async acquire(deadline: Deadline, signal?: Signal): Promise<Turn> {
    return (
      this.turns.take('configuration', this.line) ??
      (await this.turns.wait('configuration', this.line, deadline, signal))
    );
  }
  release(turn: Turn, answer: Answer | 'unsent' | null): void {
    if (answer === null) turn.pacer.lost(turn.ticket);
    else if (answer === 'unsent') turn.pacer.unsent(turn.ticket);
    else if (answer.limited) turn.pacer.limited(turn.ticket, answer);
    else turn.pacer.answered(turn.ticket, answer.headers);
    this.turns.release(turn);
  }
  /** Milliseconds until the pacer would let one more call go. */
  async backlogMs(): Promise<number> {
    const turn = this.turns.take('configuration', this.line);
    if (turn !== undefined) {
      this.release(turn, 'unsent');
      return 0;
    }
    return (await failureOf(this.acquire(new Deadline(1)))).retryAfterMs ?? 0;
  }
}

const fine: Answer = { headers: {}, limited: false, retryAfterMs: null, isNovus: true };

const patient = () => new Deadline(10_000);

/** Novu's bucket as the sandbox has it, `latencyMs` away, told what it answered and when. */
function bucket(tier: Tier = 'free', latencyMs: () => number = () => 5) {
  const limit = createRateLimit(resolveOptions({ tier, clock: () => performance.now() }));
  const seen: { at: number; ok: boolean }[] = [];
  return {
    seen,
    counted: (from: number, to: number, ok: boolean) =>
      seen.filter((one) => one.ok === ok && one.at >= from && one.at < to).length,
    async ask(): Promise<Answer> {
      await pause(latencyMs());
      const headers: Record<string, string> = {};
      let limited = false;
      try {
        limit.take('configuration', headers);
      } catch {
        limited = true;
      }
      seen.push({ at: performance.now(), ok: !limited });
      await pause(latencyMs());
      const lower = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      const retryAfterMs = limited ? Number(lower['retry-after']) * 1000 : null;
      return { headers: lower, limited, retryAfterMs, isNovus: true };
    },
  };
}
type Bucket = Pick<ReturnType<typeof bucket>, 'ask' | 'counted'>;

const pause = (ms: number): Promise<void> =>
  ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));

/** One call: waits its turn, asks, and asks again when it is told to come later. Whether it got through. */
async function call(pacer: Paced, novu: Bucket, deadline = patient()): Promise<boolean> {
  for (;;) {
    let turn: Turn;
    try {
      turn = await pacer.acquire(deadline);
    } catch {
      return false;
    }
    const answer = await novu.ask();
    pacer.release(turn, answer);
    if (!answer.limited) return true;
    const wait = answer.retryAfterMs ?? 0;
    if (wait >= deadline.leftMs) return false;
    await pause(wait);
  }
}

/** Calls at an even rate, for so many milliseconds. */
async function load(pacers: Paced[], novu: Bucket, perSecond: number, forMs: number): Promise<void> {
  const calls: Promise<boolean>[] = [];
  const timer = setInterval(
    () => {
      for (const pacer of pacers) calls.push(call(pacer, novu));
    },
    (1000 / perSecond) * pacers.length,
  );
  await vi.advanceTimersByTimeAsync(forMs);
  clearInterval(timer);
  await vi.advanceTimersByTimeAsync(15_000);
  await Promise.all(calls);
}

/** Deterministic, between 1 and `most`. */
function jitter(most: number): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return 1 + (state % most);
  };
}

describe('the category of a path', () => {
  it.each([
    ['/v1/integrations', 'global'],
    ['/v1/integrations/channel-connections/oauth', 'global'],
    ['/v1/channel-connections/x', 'configuration'],
    ['/v1/channel-endpoints', 'configuration'],
  ])('%s is %s', (path, category) => {
    expect(categoryOf(path)).toBe(category);
  });
});

describe('at three times the rate that Novu allows', () => {
  const plans: [Tier, number, () => number][] = [
    ['free', 20, () => 5],
    ['free', 20, jitter(80)],
    ['pro', 80, jitter(30)],
  ];
  it.each(plans)(
    'a gateway on the plan %s (%d a second) loses nothing and is never refused',
    async (tier, rate, latency) => {
      const novu = bucket(tier, latency);
      await load([new Paced(256)], novu, rate * 3, 60_000);
      // After the first burst was used up.
      const through = novu.counted(10_000, 60_000, true) / (rate * 50);
      expect(through).toBeGreaterThanOrEqual(0.95);
      expect(novu.counted(0, 60_000, false)).toBe(0);
    },
  );

  it('two gateways that share an environment use it up together, with few refusals', async () => {
    const novu = bucket('free', jitter(20));
    await load([new Paced(256), new Paced(256)], novu, 60, 120_000);
    expect(novu.counted(10_000, 120_000, true) / (20 * 110)).toBeGreaterThanOrEqual(0.95);
    expect(novu.counted(10_000, 120_000, false) / novu.counted(10_000, 120_000, true)).toBeLessThan(0.1);
  });

  it('a gateway that starts into an empty bucket gets its share without a storm', async () => {
    const novu = bucket('free');
    await Promise.all([vi.advanceTimersByTimeAsync(50), ...Array.from({ length: 110 }, () => novu.ask())]);
    await load([new Paced(256)], novu, 60, 30_000);
    expect(novu.counted(5_000, 30_000, true) / (20 * 25)).toBeGreaterThanOrEqual(0.95);
    expect(novu.counted(0, 30_000, false)).toBeLessThanOrEqual(33);
  });

  it('a gateway that starts with a crowd of callers learns before it sends them all', async () => {
    const novu = bucket('free');
    const pacer = new Paced(500);
    const calls = Array.from({ length: 300 }, () => call(pacer, novu));
    await vi.advanceTimersByTimeAsync(15_000);
    await Promise.all(calls);
    expect(novu.counted(0, 200, true)).toBe(110);
    expect(novu.counted(0, 15_000, false)).toBe(0);
  });

  it('a limiter without headers is not stormed either', async () => {
    let tokens = 20;
    setInterval(() => {
      tokens = 20;
    }, 1_000);
    const novu = bucket();
    const plain = {
      ...novu,
      async ask() {
        await pause(5);
        const limited = tokens < 1;
        tokens -= 1;
        novu.seen.push({ at: performance.now(), ok: !limited });
        await pause(5);
        return { headers: {}, limited, retryAfterMs: limited ? 1_000 : null, isNovus: true };
      },
    };
    await load([new Paced(256)], plain, 60, 60_000);
    expect(novu.counted(0, 60_000, true)).toBeGreaterThan(600);
    expect(novu.counted(10_000, 60_000, false) / novu.counted(10_000, 60_000, true)).toBeLessThan(0.5);
  });
});

describe('below the rate that Novu allows', () => {
  it('no call waits', async () => {
    const novu = bucket('free', jitter(30));
    const pacer = new Paced(256);
    const waits: number[] = [];
    const calls: Promise<void>[] = [];
    const timer = setInterval(() => {
      const from = performance.now();
      calls.push(
        pacer.acquire(patient()).then(async (ticket) => {
          waits.push(performance.now() - from);
          pacer.release(ticket, await novu.ask());
        }),
      );
    }, 1000 / 18);
    await vi.advanceTimersByTimeAsync(60_000);
    clearInterval(timer);
    await vi.advanceTimersByTimeAsync(1_000);
    await Promise.all(calls);
    expect(waits.length).toBeGreaterThan(1_000);
    expect(Math.max(...waits)).toBe(0);
    expect(novu.counted(0, 61_000, false)).toBe(0);
  });

  it('a burst goes through at once, as long as Novu has tokens', async () => {
    const novu = bucket('free');
    const pacer = new Paced(256);
    const calls = Array.from({ length: 110 }, () => call(pacer, novu));
    await vi.advanceTimersByTimeAsync(200);
    expect(novu.counted(0, 200, true)).toBe(110);
    await vi.advanceTimersByTimeAsync(200);
    expect(await Promise.all(calls)).not.toContain(false);
  });

  it('a Novu without rate limiting holds nothing back', async () => {
    const pacer = new Paced(256);
    for (let round = 0; round < 5; round += 1) {
      const tickets = await Promise.all(Array.from({ length: 32 }, () => pacer.acquire(patient())));
      for (const ticket of tickets) pacer.release(ticket, fine);
    }
    expect(await Promise.all(Array.from({ length: 150 }, () => pacer.acquire(patient())))).toHaveLength(150);
  });
});

describe('a pacer that was told to wait', () => {
  const limited = (retryAfterMs: number | null, headers = {}) => ({
    headers,
    limited: true,
    retryAfterMs,
    isNovus: true,
  });
  const told = async (retryAfterMs: number | null, maxWaiting = 256): Promise<Paced> => {
    const pacer = new Paced(maxWaiting);
    pacer.release(await pacer.acquire(patient()), limited(retryAfterMs));
    return pacer;
  };

  it('refuses at once what cannot come before its deadline, and says for how long', async () => {
    const pacer = await told(5_000);
    expect(await failureOf(pacer.acquire(new Deadline(3_000)))).toMatchObject({
      kind: 'paced',
      retryAfterMs: 5_000,
      applied: 'no',
    });
  });

  it('leaves a call a part of its time to be made', async () => {
    const pacer = await told(950);
    expect((await failureOf(pacer.acquire(new Deadline(1_000)))).kind).toBe('paced');
  });

  it('lets one call go when the time is over, and the rest after its answer', async () => {
    const pacer = await told(2_000);
    const gone: number[] = [];
    const calls = Array.from({ length: 3 }, async (_, index) => {
      const ticket = await pacer.acquire(patient());
      gone.push(index);
      return ticket;
    });
    await vi.advanceTimersByTimeAsync(1_990);
    expect(gone).toEqual([]);
    await vi.advanceTimersByTimeAsync(20);
    expect(gone).toEqual([0]);
    pacer.release(await calls[0]!, fine);
    await Promise.all(calls);
    expect(gone).toEqual([0, 1, 2]);
  });

  it('does not believe in a Retry-After of hours', async () => {
    const pacer = await told(86_400_000);
    expect(await pacer.backlogMs()).toBe(60_000);
  });

  it('waits a moment even when Novu says none', async () => {
    expect(await (await told(0)).backlogMs()).toBe(50);
    expect(await (await told(null)).backlogMs()).toBe(50);
  });

  it('refuses as busy beyond its queue', async () => {
    const pacer = await told(2_000, 2);
    const waiting = [pacer.acquire(patient()), pacer.acquire(patient())];
    expect(await failureOf(pacer.acquire(patient()))).toMatchObject({
      kind: 'busy',
      applied: 'no',
    });
    await vi.advanceTimersByTimeAsync(2_000);
    pacer.release(await waiting[0]!, null);
    await waiting[1];
  });

  it('lets a caller leave the queue at once, wherever it stands', async () => {
    const pacer = await told(2_000, 3);
    const caller = new AbortController();
    const before = pacer.acquire(patient());
    const left = failureOf(pacer.acquire(patient(), caller.signal));
    caller.abort();
    expect((await left).kind).toBe('aborted');
    await vi.advanceTimersByTimeAsync(2_000);
    await before;
  });

  it('ends a wait that turns out longer than the call has time', async () => {
    const pacer = await told(2_000);
    const first = pacer.acquire(patient());
    const second = failureOf(pacer.acquire(new Deadline(4_000)));
    await vi.advanceTimersByTimeAsync(2_000);
    pacer.release(await first, limited(10_000));
    await vi.advanceTimersByTimeAsync(1_700);
    expect(await second).toMatchObject({ kind: 'paced', applied: 'no' });
  });

  it('counts nothing for a call that never left', async () => {
    const pacer = new Paced(256);
    const one = { ...fine, headers: { 'ratelimit-limit': '5', 'ratelimit-remaining': '2' } };
    pacer.release(await pacer.acquire(patient()), one);
    for (let call = 0; call < 20; call += 1) pacer.release(await pacer.acquire(patient()), 'unsent');
    expect(await pacer.backlogMs()).toBe(0);
  });
});

describe('a 429 that is not of Novu', () => {
  const refused = (retryAfterMs: number | null): Answer => ({
    headers: {},
    limited: true,
    retryAfterMs,
    isNovus: false,
  });
  const start = async (retryAfterMs: number | null = 30_000): Promise<Paced> => {
    const pacer = new Paced();
    pacer.release(await pacer.acquire(patient()), refused(retryAfterMs));
    return pacer;
  };

  it('is tested by one call after a second, whatever it asks for, and the others go after its answer', async () => {
    const pacer = await start();
    expect(await pacer.backlogMs()).toBe(1_000);
    const gone: number[] = [];
    const calls = Array.from({ length: 3 }, async (_, index) => {
      const turn = await pacer.acquire(patient());
      gone.push(index);
      return turn;
    });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(gone).toEqual([0]);
    pacer.release(await calls[0]!, fine);
    await Promise.all(calls);
    expect(gone).toEqual([0, 1, 2]);
  });

  it('is tested by one call also where the rate is known', async () => {
    const pacer = new Paced();
    const known = { 'ratelimit-limit': '100', 'ratelimit-remaining': '90' };
    pacer.release(await pacer.acquire(patient()), { ...fine, headers: known });
    pacer.release(await pacer.acquire(patient()), refused(30_000));
    const calls = Array.from({ length: 3 }, () => pacer.acquire(patient()));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(pacer.turns.inFlight).toBe(1);
    pacer.release(await calls[0]!, { ...fine, headers: known });
    await Promise.all(calls);
  });

  it('is tested after twice the time each time, and never after more than it asks for', async () => {
    const waits: number[] = [];
    const pacer = await start(5_000);
    for (let test = 0; test < 5; test += 1) {
      const from = performance.now();
      const turn = pacer.acquire(new Deadline(100_000));
      await vi.advanceTimersByTimeAsync(60_000);
      pacer.release(await turn, refused(5_000));
      waits.push(await pacer.backlogMs());
      expect(performance.now() - from).toBe(60_000);
    }
    expect(waits).toEqual([2_000, 4_000, 5_000, 5_000, 5_000]);
    expect(await (await start(200)).backlogMs()).toBe(200);
    expect(await (await start(null)).backlogMs()).toBe(50);
  });

  it('tells those whose time ends first how long it may take', async () => {
    const pacer = await start();
    const test = pacer.acquire(patient());
    const other = failureOf(pacer.acquire(new Deadline(2_500)));
    await vi.advanceTimersByTimeAsync(1_000);
    pacer.release(await test, refused(30_000));
    await vi.advanceTimersByTimeAsync(1_250);
    expect(await other).toMatchObject({ kind: 'paced', applied: 'no', retryAfterMs: 750 });
  });

  it('of several calls in flight is one event', async () => {
    const pacer = new Paced();
    const turns = await Promise.all(Array.from({ length: 20 }, () => pacer.acquire(patient())));
    for (const turn of turns) pacer.release(turn, refused(30_000));
    expect(await pacer.backlogMs()).toBe(1_000);
  });

  it('is not over because of what was sent before it', async () => {
    const pacer = new Paced();
    const [first, second] = [await pacer.acquire(patient()), await pacer.acquire(patient())];
    pacer.release(first, refused(30_000));
    pacer.release(second, fine);
    const calls = Array.from({ length: 2 }, () => pacer.acquire(patient()));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(pacer.turns.inFlight).toBe(1);
    pacer.release(await calls[0]!, fine);
    pacer.release(await calls[1]!, fine);
  });

  it.each([
    ['was not sent', 'unsent'],
    ['brought no answer', null],
  ] as const)('is tested again when the test %s', async (_name, ending) => {
    const pacer = await start();
    const calls = Array.from({ length: 2 }, () => pacer.acquire(patient()));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(pacer.turns.inFlight).toBe(1);
    pacer.release(await calls[0]!, ending);
    await vi.advanceTimersByTimeAsync(0);
    expect(pacer.turns.inFlight).toBe(1);
    pacer.release(await calls[1]!, fine);
  });
});
