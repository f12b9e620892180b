import { firstHeader, type ReceivedHeaders, toCount } from './facts.ts';

/** Novu counts each category of routes on its own, per environment. */
export type RateCategory = 'configuration' | 'global';

export function categoryOf(path: string): RateCategory {
  return path.startsWith('/v1/integrations') ? 'global' : 'configuration';
}

/** Novu's window; RateLimit-Limit counts the tokens of one. */
const windowMs = 5_000;
/** Calls in flight while nothing is known: below the smallest burst of Novu's plans. */
const firstWindow = 32;
/** Waiting calls are let go together after this long: a limiter that drops fractions of tokens then costs little. */
const chunkMs = 250;
/** However long a limiter wants us to wait, it is asked again after this. */
const maxHoldMs = 60_000;
/** A limiter that says nothing of a time, or none, is left alone for this long. */
const minHoldMs = 50;
/** A refusal that is not Novu's own is tested after this long, doubled with each test that is refused. */
const firstDoubtMs = 1_000;

/** What a 429 asked for. */
export type Refusal = {
  headers: ReceivedHeaders;
  retryAfterMs: number | null;
  /** Novu's own limiter said it, not a proxy. */
  isNovus: boolean;
};

/**
 * Given out when a call is sent and given back when it ended: how many calls had ended when this one was sent, since
 * Novu has counted those for certain.
 */
export type Ticket = number;

/**
 * Says when a call may be sent, by what Novu's RateLimit headers say, for all callers of this process; one per
 * category. It keeps no queue: who is next is decided elsewhere.
 *
 * Novu refills only an empty bucket, by all whole tokens that the time since the last refill is worth; that admits
 * exactly what a steadily filling bucket admits, so one is kept here. It never holds more than Novu's, since every
 * call is counted before it is sent; `RateLimit-Remaining` raises it when Novu has more. A 429 of Novu's means that
 * others use the environment too: this process then takes a smaller share, also of what nobody took and `Remaining`
 * shows.
 *
 * A limiter without those headers is met with a growing number of calls in flight, back to one at each 429. What a
 * proxy asks for is doubted: one call at a time finds out, first after a second, whether it still refuses.
 */
export class Pacer {
  #rate: { perMs: number; burst: number } | undefined;
  #limitHeader: string | undefined;
  #policyHeader: string | undefined;
  #tokens = 0;
  #share = 1;
  #countedAt = 0;
  #heldUntil = 0;
  #window = firstWindow;
  #wasLimited = false;
  #sent = 0;
  #answered = 0;
  /** Refusals in a row that were not Novu's own. */
  #doubts = 0;
  /** The ticket of the one call that finds out whether they still hold, or -1. */
  #probe: Ticket = -1;
  readonly #clock: () => number;

  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** Milliseconds that a call with so many before it would wait, by what is known. */
  backlogMs(ahead: number): number {
    const now = this.#clock();
    const held = Math.max(0, this.#heldUntil - now);
    if (this.#rate === undefined) return held;
    this.#count(now);
    const missing = ahead + 1 - this.#tokens;
    return missing <= 0 ? held : held + missing / (this.#rate.perMs * Math.max(this.#share, 0.5));
  }

  /**
   * 0 when one more call may be sent now, else milliseconds until so many waiting ones should be looked at again;
   * Infinity: an answer has to come first.
   */
  waitMs(waiting: number): number {
    const now = this.#clock();
    if (now < this.#heldUntil) return this.#heldUntil - now;
    if (this.#doubts > 0) return this.#probe < 0 ? 0 : Number.POSITIVE_INFINITY;
    if (this.#rate === undefined)
      return this.#sent - this.#answered < this.#window ? 0 : Number.POSITIVE_INFINITY;
    this.#count(now);
    if (this.#tokens >= 1) return 0;
    const wanted = Math.max(1, Math.min(waiting, this.#rate.perMs * chunkMs, this.#rate.burst));
    return (wanted - this.#tokens) / (this.#rate.perMs * this.#share);
  }

  /** Counts a call that is sent now. */
  take(): Ticket {
    this.#tokens -= 1;
    this.#sent += 1;
    if (this.#doubts > 0) this.#probe = this.#answered;
    return this.#answered;
  }

  /** The call was not sent after all. */
  unsent(ticket: Ticket): void {
    this.#tokens += 1;
    this.#end(ticket);
  }

  /** The call ended without an answer. */
  lost(ticket: Ticket): void {
    this.#end(ticket);
  }

  /** Novu answered, and did not limit. */
  answered(ticket: Ticket, headers: ReceivedHeaders): void {
    if (this.#end(ticket)) this.#doubts = 0;
    const now = this.#clock();
    this.#count(now);
    this.#learnRate(headers);
    if (this.#rate === undefined) {
      // Doubles with each round of answers until the first refusal, then grows by one a round.
      this.#window += this.#wasLimited ? 1 / this.#window : 1;
      return;
    }
    // Whatever was sent and had not ended when this call was sent may be counted by Novu after it.
    const uncounted = this.#sent - 1 - ticket;
    const atLeast = (readCount(headers, 'ratelimit-remaining') ?? 0) * this.#share - uncounted;
    if (atLeast > this.#tokens) this.#tokens = Math.min(atLeast, this.#rate.burst);
  }

  /** The call was answered with 429. */
  limited(ticket: Ticket, { headers, retryAfterMs, isNovus }: Refusal): void {
    this.#end(ticket);
    const now = this.#clock();
    this.#count(now);
    this.#learnRate(headers);
    // One refusal among several calls in flight is one event.
    const isNew = now >= this.#heldUntil;
    if (isNew) this.#share = Math.max(0.1, this.#share * 0.7);
    let holdMs = Math.max(retryAfterMs ?? 0, (readCount(headers, 'ratelimit-reset') ?? 0) * 1000, minHoldMs);
    if (isNovus) this.#doubts = 0;
    else {
      if (isNew || this.#doubts === 0) this.#doubts += 1;
      holdMs = Math.min(holdMs, firstDoubtMs * 2 ** Math.min(this.#doubts - 1, 10));
    }
    this.#heldUntil = Math.max(this.#heldUntil, now + Math.min(holdMs, maxHoldMs));
    // Then one call finds out how much there is.
    this.#tokens = 1;
    this.#countedAt = this.#heldUntil;
    this.#window = 1;
    this.#wasLimited = true;
  }

  /** Whether it was the one that finds out. */
  #end(ticket: Ticket): boolean {
    this.#answered += 1;
    if (ticket !== this.#probe) return false;
    this.#probe = -1;
    return true;
  }

  #learnRate(headers: ReceivedHeaders): void {
    const limitHeader = firstHeader(headers, 'ratelimit-limit');
    const policyHeader = firstHeader(headers, 'ratelimit-policy');
    if (limitHeader === undefined) return;
    if (limitHeader === this.#limitHeader && policyHeader === this.#policyHeader) return;
    this.#limitHeader = limitHeader;
    this.#policyHeader = policyHeader;
    const limit = toCount(limitHeader);
    if (limit === null || limit === 0) return;
    const burst = Number(/burst=(\d{1,9})/.exec(policyHeader?.slice(0, 1024) ?? '')?.[1] ?? limit);
    if (this.#rate === undefined) this.#tokens = Number.NEGATIVE_INFINITY;
    this.#rate = { perMs: limit / windowMs, burst: Math.max(1, burst) };
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
}

function readCount(headers: ReceivedHeaders, name: string): number | null {
  return toCount(firstHeader(headers, name));
}
