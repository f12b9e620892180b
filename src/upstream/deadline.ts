import type { Cutoff, Waiting } from './cutoff.ts';
import type { Signal } from './signal.ts';

/** A moment after which nothing is waited for, on the monotonic clock. */
export class Deadline {
  readonly at: number;
  /** Ends it early. */
  readonly cutoff: Cutoff | undefined;
  constructor(timeoutMs: number, cutoff?: Cutoff) {
    this.at = performance.now() + timeoutMs;
    this.cutoff = cutoff;
  }
  /** Milliseconds left, never negative. */
  get leftMs(): number {
    const at = this.cutoff === undefined ? this.at : Math.min(this.at, this.cutoff.at);
    return Math.max(0, at - performance.now());
  }
}

/** Resolves true after so many milliseconds, and false when the deadline or the signal comes first. */
export function waitFor(ms: number, deadline: Deadline, signal?: Signal): Promise<boolean> {
  if (ms >= deadline.leftMs || signal?.aborted) return Promise.resolve(false);
  const { cutoff } = deadline;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const end = (isOver: boolean) => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    cutoff?.delete(waiting);
    resolve(isOver);
  };
  const onAbort = () => end(false);
  const waiting: Waiting = { expire: onAbort, before: undefined, after: undefined };
  const timer = setTimeout(end, ms, true);
  signal?.addEventListener('abort', onAbort);
  cutoff?.add(waiting);
  return promise;
}
