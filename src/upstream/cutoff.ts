/** Something that waits, and can be told that its time is over. */
export type Waiting = { expire(): void };

/**
 * A moment that ends all waiting at once, for a process that has to go: deadlines end there at the latest, and what
 * waits when it comes is told. Until `endIn` is called there is none.
 */
export class Cutoff {
  /** On the monotonic clock. */
  at = Number.POSITIVE_INFINITY;
  readonly #waiting = new Set<Waiting>();

  add(waiting: Waiting): void {
    this.#waiting.add(waiting);
  }

  delete(waiting: Waiting): void {
    this.#waiting.delete(waiting);
  }

  /** Sets the moment, in so many milliseconds. A later one than was set before changes nothing. */
  endIn(ms: number): void {
    const at = performance.now() + ms;
    if (at >= this.at) return;
    this.at = at;
    setTimeout(() => {
      // Whoever waits from now on has no time left.
      this.at = Math.min(this.at, performance.now());
      for (const waiting of this.#waiting) waiting.expire();
    }, ms).unref();
  }
}
