import type { FailureKind } from './errors.ts';

/** How many answers of Novu's are kept one by one; the counts go on. */
const maxKept = 20;
const none: readonly never[] = [];

/** What one operation asked of Novu, summed up while it runs. It holds nothing that anybody sent. */
export class CallFacts {
  calls = 0;
  /** Requests that were sent or would have been, each call's retries too. */
  tries = 0;
  /** Milliseconds that Novu took, and that calls waited for their turn; calls at a time count each. */
  novuMs = 0;
  queuedMs = 0;
  /** Tries of writes after which it was not known whether Novu had done them. */
  doubts = 0;
  /** Novu's own handle of its last failure. */
  errorId: string | null = null;
  /** The statuses of the first answers, and why other tries had none. */
  statuses: readonly number[] = none;
  failures: readonly FailureKind[] = none;

  add({ tries, queuedMs, novuMs, status, kind, errorId }: TryFacts, isInDoubt: boolean): void {
    if (tries === 1) this.calls += 1;
    this.tries += 1;
    this.queuedMs += queuedMs;
    this.novuMs += novuMs ?? 0;
    if (isInDoubt) this.doubts += 1;
    if (errorId !== null) this.errorId = errorId;
    if (status !== null) this.statuses = keep(this.statuses, status);
    else if (kind !== null) this.failures = keep(this.failures, kind);
  }
}

/** What is counted of a try: see `TryEvent`. */
type TryFacts = {
  tries: number;
  queuedMs: number;
  novuMs: number | null;
  status: number | null;
  kind: FailureKind | null;
  errorId: string | null;
};

function keep<T>(list: readonly T[], one: T): readonly T[] {
  return list.length < maxKept ? [...list, one] : list;
}
