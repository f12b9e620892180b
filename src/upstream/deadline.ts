/** A moment after which nothing is waited for, on the monotonic clock; null when there's no need to look at a clock. */
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

/** Waits; rejects with the signal's reason when it is aborted first. Resolves false when the deadline comes first. */
export function waitFor(ms: number, deadline: Deadline, signal?: AbortSignal): Promise<boolean> {
  if (ms >= deadline.leftMs) return Promise.resolve(false);
  if (signal?.aborted) return Promise.reject(signal.reason);
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const onAbort = () => {
    clearTimeout(timer);
    reject(signal?.reason);
  };
  const timer = setTimeout(() => {
    signal?.removeEventListener('abort', onAbort);
    resolve(true);
  }, ms);
  signal?.addEventListener('abort', onAbort, { once: true });
  return promise;
}
