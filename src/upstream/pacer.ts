import type { Deadline } from './deadline.ts';
import { NovuError } from './errors.ts';
import type { ResponseFacts } from './facts.ts';

/** Novu counts each category of routes on its own, per environment. */
export type RateCategory = 'configuration' | 'global';

export function categoryOf(path: string): RateCategory {
  return path.startsWith('/v1/integrations') ? 'global' : 'configuration';
}

/** Novu's window; RateLimit-Limit counts the tokens of one. */
const windowMs = 5_000;
/** Calls in flight while nothing is known: below the smallest burst of Novu's plans. */
const firstWindow = 32;
/** A crowd waits for this long and goes together: a limiter that drops fractions of tokens then costs little. */
const chunkMs = 250;
/** However long a limiter wants us to wait, it is asked again after this. */
const maxHoldMs = 60_000;
/** What a waiting call keeps of its time for the call itself. */
const patience = 0.9;

/** Proof that a call may be sent; given back when it ended. */
export type Ticket = {
  /** Calls that had ended when this one was sent: Novu has counted those for certain. */
  readonly answeredBefore: number;
};

export type Learnt = { facts: ResponseFacts; limited: boolean; retryAfterMs: number | null };

type Waiter = { go: (ticket: Ticket) => void };

/**
 * Holds calls back by what Novu's RateLimit headers say, for all callers of this process, one per category.
 *
 * Novu refills only an empty bucket, by all whole tokens that the time since the last refill is worth; that admits
 * exactly what a steadily filling bucket admits, so one is kept here. It never holds more than Novu's, since every
 * call is counted before it is sent; `RateLimit-Remaining` raises it when Novu has more. A 429 means that others use
 * the environment too: this process then takes a smaller share, also of what nobody took and `Remaining` shows.
 *
 * A limiter without those headers is met with a growing number of calls in flight, back to one at each 429.
 */
export class Pacer {
  #rate: { perMs: number; burst: number } | undefined;
  #tokens = 0;
  #share = 1;
  #countedAt = 0;
  #heldUntil = 0;
  #window = firstWindow;
  #wasLimited = false;
  #sent = 0;
  #answered = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #queue: Waiter[] = [];
  readonly #maxWaiting: number;
  readonly #clock: () => number;

  constructor(maxWaiting: number, clock: () => number = () => performance.now()) {
    this.#maxWaiting = maxWaiting;
    this.#clock = clock;
  }

  /** Milliseconds that a call coming now would wait, by what is known. */
  get backlogMs(): number {
    const now = this.#clock();
    const held = Math.max(0, this.#heldUntil - now);
    if (this.#rate === undefined) return held;
    this.#count(now);
    const missing = this.#queue.length + 1 - this.#tokens;
    return missing <= 0 ? held : held + missing / (this.#rate.perMs * Math.max(this.#share, 0.5));
  }

  /**
   * Resolves when the call may be sent. Rejects with `paced` when its deadline comes first, at once where that can be
   * foreseen, with `busy` when too many wait, with `aborted` when the caller leaves.
   */
  acquire(deadline: Deadline, signal?: AbortSignal): Promise<Ticket> {
    if (signal?.aborted) return Promise.reject(new NovuError('aborted'));
    if (this.#queue.length === 0 && this.#waitMs() === 0) return Promise.resolve(this.#take());
    const expected = Math.ceil(this.backlogMs);
    const willing = deadline.leftMs * patience;
    if (this.#queue.length >= this.#maxWaiting)
      return Promise.reject(new NovuError('busy', { retryAfterMs: expected }));
    if (expected >= willing) return Promise.reject(new NovuError('paced', { retryAfterMs: expected }));

    const { promise, resolve, reject } = Promise.withResolvers<Ticket>();
    const leave = (error: NovuError) => {
      const index = this.#queue.indexOf(waiter);
      if (index >= 0) this.#queue.splice(index, 1);
      end();
      reject(error);
    };
    const onAbort = () => leave(new NovuError('aborted'));
    const timer = setTimeout(
      () => leave(new NovuError('paced', { retryAfterMs: Math.max(1, Math.ceil(this.backlogMs)) })),
      willing,
    );
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const waiter: Waiter = {
      go(ticket) {
        end();
        resolve(ticket);
      },
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#queue.push(waiter);
    this.#drain();
    return promise;
  }

  /** The call ended: learns from what Novu answered (null when it did not answer), or takes back what was not sent. */
  release(ticket: Ticket, learnt: Learnt | 'unsent' | null): void {
    this.#answered += 1;
    if (learnt === 'unsent') this.#tokens += 1;
    else if (learnt !== null) this.#learn(ticket, learnt);
    if (this.#queue.length > 0) this.#drain();
  }

  #learn(ticket: Ticket, { facts: { rateLimit }, limited, retryAfterMs }: Learnt): void {
    const now = this.#clock();
    this.#count(now);
    if (rateLimit?.limit != null && rateLimit.limit > 0) {
      const burst = Number(/burst=(\d{1,9})/.exec(rateLimit.policy ?? '')?.[1] ?? rateLimit.limit);
      if (this.#rate === undefined) this.#tokens = Number.NEGATIVE_INFINITY;
      this.#rate = { perMs: rateLimit.limit / windowMs, burst: Math.max(1, burst) };
    }
    if (limited) {
      const asked = Math.max(retryAfterMs ?? 0, (rateLimit?.resetSeconds ?? 0) * 1000, 50);
      // One refusal among several calls in flight is one event.
      if (now >= this.#heldUntil) this.#share = Math.max(0.1, this.#share * 0.7);
      this.#heldUntil = Math.max(this.#heldUntil, now + Math.min(asked, maxHoldMs));
      // Then one call finds out how much there is.
      this.#tokens = 1;
      this.#countedAt = this.#heldUntil;
      this.#window = 1;
      this.#wasLimited = true;
      return;
    }
    if (this.#rate === undefined) {
      // Doubles with each round of answers until the first refusal, then grows by one a round.
      this.#window += this.#wasLimited ? 1 / this.#window : 1;
      return;
    }
    // Whatever was sent and had not ended when this call was sent may be counted by Novu after it.
    const uncounted = this.#sent - 1 - ticket.answeredBefore;
    const atLeast = (rateLimit?.remaining ?? 0) * this.#share - uncounted;
    if (atLeast > this.#tokens) this.#tokens = Math.min(atLeast, this.#rate.burst);
  }

  /** Adds what the time since the last count is worth. */
  #count(now: number): void {
    const elapsed = now - this.#countedAt;
    if (elapsed <= 0) return;
    this.#countedAt = now;
    if (this.#rate === undefined) return;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + elapsed * this.#rate.perMs * this.#share);
    this.#share = Math.min(1, this.#share + elapsed / 60_000);
  }

  /** 0 when one more call may be sent now, else milliseconds until it may; Infinity: an answer has to come first. */
  #waitMs(): number {
    const now = this.#clock();
    if (now < this.#heldUntil) return this.#heldUntil - now;
    if (this.#rate === undefined)
      return this.#sent - this.#answered < this.#window ? 0 : Number.POSITIVE_INFINITY;
    this.#count(now);
    if (this.#tokens >= 1) return 0;
    const wanted = Math.max(1, Math.min(this.#queue.length, this.#rate.perMs * chunkMs, this.#rate.burst));
    return (wanted - this.#tokens) / (this.#rate.perMs * this.#share);
  }

  #take(): Ticket {
    this.#tokens -= 1;
    this.#sent += 1;
    return { answeredBefore: this.#answered };
  }

  #drain(): void {
    clearTimeout(this.#timer);
    while (this.#queue.length > 0) {
      const ms = this.#waitMs();
      if (ms > 0) {
        if (Number.isFinite(ms)) this.#timer = setTimeout(() => this.#drain(), Math.ceil(ms));
        return;
      }
      this.#queue.shift()?.go(this.#take());
    }
  }
}
