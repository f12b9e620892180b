import type { Signal } from './signal.ts';

/** A moment after which nothing is waited for, on the monotonic clock. */
export class Deadline {
  readonly at: number;
  constructor(timeoutMs: number) {
    this.at = performance.now() + timeoutMs;
  }
  /** Milliseconds left, never negative. */
  get leftMs(): number {
    return Math.max(0, this.at - performance.now());
  }
}

/** Resolves true after so many milliseconds, and false when the deadline or the signal comes first. */
export function waitFor(ms: number, deadline: Deadline, signal?: Signal): Promise<boolean> {
  if (ms >= deadline.leftMs || signal?.aborted) return Promise.resolve(false);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const onAbort = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    resolve(false);
  };
  const timer = setTimeout(() => {
    signal?.removeEventListener('abort', onAbort);
    resolve(true);
  }, ms);
  signal?.addEventListener('abort', onAbort);
  return promise;
}
