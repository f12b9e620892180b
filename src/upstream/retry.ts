import { isLimitedByNovu, type NovuError } from './errors.ts';

/**
 * - `safe`: repeated only when the try can't have been applied.
 * - `always`: doing it twice leaves the same state as doing it once (reads, updates, deletes, links).
 */
export type Repeat = 'safe' | 'always';

export type RetryCase = {
  error: NovuError;
  repeat: Repeat;
  isRead: boolean;
  /** Tries made so far, at least 1. */
  tries: number;
};

/** Nobody gains from a call that is tried more often than this, whatever its deadline. */
const maxTries = 8;
/** A Novu that nobody can connect to fails within about a second, not at the deadline. */
const maxUnsentTries = 5;

/** Whether a failed try may be repeated as it is. Pure: Novu's facts and nothing of the moment. */
export function shouldRetry({ error, repeat, isRead, tries }: RetryCase): boolean {
  if (tries >= maxTries) return false;
  switch (error.kind) {
    case 'not-sent':
      return tries < maxUnsentTries;
    case 'rate-limited':
      return true;
    case 'in-progress':
    case 'reset':
    case 'unavailable':
    case 'bad-response':
      return repeat === 'always';
    case 'timeout':
      return repeat === 'always' && !isRead;
    default:
      // Novu keeps errors for a day and replays them: such an answer says nothing about now.
      return error.facts.idempotencyReplayed;
  }
}

/** Failures after which the same upstream key would only bring the stored answer again (Novu keeps errors for 24 h). */
export function needsFreshKey(error: NovuError): boolean {
  return error.kind !== 'not-sent' && error.kind !== 'rate-limited' && error.kind !== 'in-progress';
}

/**
 * Whether a key that Novu calls in progress is given up for a fresh one: a server that crashed at work leaves it so
 * for five minutes, and to wait as Novu asks has brought nothing, or would take most of the time that is left.
 */
export function isStuck(error: NovuError, tries: number, leftMs: number): boolean {
  return error.kind === 'in-progress' && (tries >= 2 || (error.retryAfterMs ?? 0) > leftMs / 2);
}

/** Full jitter: anything up to 100 ms, doubling with every try, up to 2 s. */
export function backoffFor(tries: number, random: () => number = Math.random): number {
  return random() * Math.min(2_000, 50 * 2 ** Math.min(tries, 10));
}

/**
 * Milliseconds to wait: what Novu asks for, and at least a full-jitter backoff (50 ms doubling to 2 s), so that
 * callers that failed together do not come back together. How long a proxy's 429 holds is found out by the pacer.
 */
export function delayFor(error: NovuError, tries: number, random: () => number = Math.random): number {
  const backoff = backoffFor(tries, random);
  const asked = error.kind === 'rate-limited' && !isLimitedByNovu(error) ? null : error.retryAfterMs;
  return Math.ceil(asked === null ? backoff : asked + Math.min(backoff, 250));
}

export type RetryBudgetOptions = {
  /** Retries that each other call earns. @default 0.2 */
  ratio?: number;
  /** Retries before there was any call, so that a quiet gateway retries at all. @default 3 */
  reserve?: number;
  /** A budget over several of these, which every retry takes from as well. */
  within?: RetryBudget;
};

/** Lets retries be at most a fifth of what is sent, with a small reserve. */
export class RetryBudget {
  #tokens: number;
  readonly #ratio: number;
  readonly #most: number;
  readonly #within: RetryBudget | undefined;
  constructor({ ratio = 0.2, reserve = 3, within }: RetryBudgetOptions = {}) {
    this.#ratio = ratio;
    this.#tokens = reserve;
    this.#most = reserve + 100;
    this.#within = within;
  }
  /** Counts one call that is not a retry. */
  deposit(): void {
    this.#tokens = Math.min(this.#tokens + this.#ratio, this.#most);
    this.#within?.deposit();
  }
  /** Takes the place of one retry, or says that there is none. */
  take(): boolean {
    if (this.#tokens < 1 || this.#within?.take() === false) return false;
    this.#tokens -= 1;
    return true;
  }
}
