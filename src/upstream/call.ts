import type { CallFacts } from './call-facts.ts';
import type { Deadline } from './deadline.ts';
import type { NovuError } from './errors.ts';
import type { ResponseFacts } from './facts.ts';
import type { RateCategory } from './pacer.ts';
import type { Repeat } from './retry.ts';
import type { Signal } from './signal.ts';
import type { CallerShare } from './lines.ts';
import type { Method } from './method.ts';

export type NovuRequest = {
  method: Method;
  /** Percent-encoded, with its query. */
  path: string;
  /** Serialised JSON. */
  body?: string;
  idempotencyKey?: string;
  /** @default 'always' for GET, 'safe' for the rest */
  repeat?: Repeat;
  /** Refusals that another try would only meet again, though their status looks like a failure. @default none */
  isFinal?: (error: NovuError) => boolean;
  /** By which limit Novu counts it. @default as its path says */
  category?: RateCategory;
};

/** What a call carries of the operation that it belongs to. */
export type CallContext = {
  deadline: Deadline;
  /** Who asks: connections, Novu's rate and retries are shared by it. */
  caller: CallerShare;
  /** Identical reads in flight that name the same caller here are one call; without it a read is a call of its own. */
  callerId?: string;
  /** The caller left. Ends reads; a write that was sent runs to its end. */
  signal?: Signal;
  requestId?: string;
  /** Values of this operation that no answer may repeat. */
  secrets?: readonly string[];
  /** Where it is summed up what the operation asks. @default nowhere */
  facts?: CallFacts | undefined;
  /** What the operation may ask of Novu. @default no limit */
  budget?: CallBudget;
  /** Of a write: called before each further try. What it rejects with ends the call. */
  recheck?: () => Promise<void>;
};

/**
 * The number of requests that one operation may send to Novu; each one counts, retries and looks at what became of
 * a write too. Beyond it a call ends as `too-many-calls`, and a failed one is not tried again. Who joins a read that
 * is in flight spends nothing.
 */
export class CallBudget {
  #left: number;
  constructor(max: number) {
    this.#left = max;
  }
  /** Takes one request out of it, or says that none is left. */
  take(): boolean {
    if (this.#left <= 0) return false;
    this.#left -= 1;
    return true;
  }
}

export type NovuAnswer = {
  status: number;
  /** Parsed JSON, or undefined when there was none. */
  body: unknown;
  facts: ResponseFacts;
  /** An earlier try of this call may have been applied. */
  uncertain: boolean;
};

const uncertainBefore = new WeakSet<NovuError>();

/** A failed call of which an earlier try may have been applied. */
export function wasUncertain(error: NovuError): boolean {
  return uncertainBefore.has(error);
}

export function markUncertain(error: NovuError): void {
  uncertainBefore.add(error);
}
