import { type Deadline, waitFor } from './deadline.ts';
import { NovuError } from './errors.ts';
import type { ResponseFacts } from './facts.ts';

/** Novu counts each category of routes on its own, per environment. */
export type RateCategory = 'configuration' | 'global';

export function categoryOf(path: string): RateCategory {
  return path.startsWith('/v1/integrations') ? 'global' : 'configuration';
}

/** Novu's window; RateLimit-Limit counts the tokens of one. */
const windowMs = 5_000;
/** Novu refills in whole tokens and only when empty: asking at every single token would lose the fractions. */
const refillChunkMs = 1_000;

/**
 * Holds calls back by what Novu's RateLimit headers say, for all callers of this process, one per category.
 * Until Novu sends such headers nothing is held back.
 */
export class Pacer {
  #known: { perMs: number; burst: number } | undefined;
  #tokens = Number.POSITIVE_INFINITY;
  #inFlight = 0;
  #refillAt = 0;
  #waiting = 0;
  #chain: Promise<unknown> = Promise.resolve();
  readonly #maxWaiting: number;
  readonly #clock: () => number;

  constructor(maxWaiting: number, clock: () => number = () => performance.now()) {
    this.#maxWaiting = maxWaiting;
    this.#clock = clock;
  }

  /** Null when one more call may be sent now (and counts it as sent), else milliseconds until it may. */
  #tryTake(): number | null {
    const now = this.#clock();
    if (this.#known !== undefined && this.#tokens < 1 && now >= this.#refillAt) {
      this.#tokens = Math.min(this.#known.burst, Math.max(1, this.#known.perMs * refillChunkMs));
      this.#refillAt = now + refillChunkMs;
    }
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      this.#inFlight += 1;
      return null;
    }
    return Math.max(1, Math.ceil(this.#refillAt - now));
  }

  /** Milliseconds that a call coming now would wait, by what is known. */
  get backlogMs(): number {
    if (this.#known === undefined || this.#tokens >= 1 + this.#waiting) return 0;
    return (
      Math.max(0, this.#refillAt - this.#clock()) +
      Math.max(0, this.#waiting - this.#known.perMs * refillChunkMs) / this.#known.perMs
    );
  }

  /** Resolves when the call may be sent. Fails at once with `paced` when its deadline would come first. */
  async acquire(deadline: Deadline, signal?: AbortSignal): Promise<void> {
    if (this.#waiting === 0 && this.#tryTake() === null) return;
    const expected = this.backlogMs;
    if (this.#waiting >= this.#maxWaiting) throw new NovuError('busy', { retryAfterMs: Math.ceil(expected) });
    if (expected >= deadline.leftMs) throw new NovuError('paced', { retryAfterMs: Math.ceil(expected) });
    this.#waiting += 1;
    const turn = this.#chain.then(async () => {
      for (;;) {
        if (signal?.aborted) throw new NovuError('aborted');
        const ms = this.#tryTake();
        if (ms === null) return;
        if (!(await waitFor(ms, deadline, signal).catch(() => true)))
          throw new NovuError('paced', { retryAfterMs: ms });
      }
    });
    this.#chain = turn.catch(() => undefined);
    try {
      await turn;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** The call ended: learns from what Novu answered (null when it did not answer). */
  release(answer: { facts: ResponseFacts; limited: boolean; retryAfterMs: number | null } | null): void {
    this.#inFlight -= 1;
    const rate = answer?.facts.rateLimit;
    if (answer === null || (rate == null && !answer.limited)) return;
    const now = this.#clock();
    if (rate?.limit != null && rate.limit > 0) {
      const burst = Number(/burst=(\d{1,9})/.exec(rate.policy ?? '')?.[1] ?? rate.limit);
      this.#known = { perMs: rate.limit / windowMs, burst };
    } else if (this.#known === undefined) {
      this.#known = { perMs: 1 / refillChunkMs, burst: 1 };
    }
    if (answer.limited) {
      this.#tokens = 0;
      this.#refillAt = Math.max(
        this.#refillAt,
        now + Math.max(answer.retryAfterMs ?? 0, (rate?.resetSeconds ?? 0) * 1000, 50),
      );
    } else if (rate?.remaining != null) {
      const left = rate.remaining - this.#inFlight;
      if (this.#tokens === Number.POSITIVE_INFINITY || left < this.#tokens) {
        if (left < 1 && this.#tokens >= 1) this.#refillAt = now + refillChunkMs;
        this.#tokens = Math.max(0, left);
      }
    }
  }
}
