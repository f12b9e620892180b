/** Something that waits, and can be told that its time is over. Its neighbours are the list's. */
export type Waiting = { expire(): void; before: Waiting | undefined; after: Waiting | undefined };

/**
 * A moment that ends all waiting at once, for a process that has to go: deadlines end there at the latest, and what
 * waits when it comes is told. Until `endIn` is called there is none.
 *
 * What waits is a linked list: a Set whose entries come and go all the time keeps its outgrown tables alive, with all
 * that was in them, until the next full garbage collection.
 */
export class Cutoff {
  /** On the monotonic clock. */
  at = Number.POSITIVE_INFINITY;
  #last: Waiting | undefined;

  add(waiting: Waiting): void {
    const last = this.#last;
    waiting.before = last;
    if (last !== undefined) last.after = waiting;
    this.#last = waiting;
  }

  /** Takes one out that is in. */
  delete(waiting: Waiting): void {
    const { before, after } = waiting;
    if (before !== undefined) before.after = after;
    if (after !== undefined) after.before = before;
    if (this.#last === waiting) this.#last = before;
    // What has ended may be old, and would keep its younger neighbours alive.
    waiting.before = undefined;
    waiting.after = undefined;
  }

  /** Sets the moment, in so many milliseconds. A later one than was set before changes nothing. */
  endIn(ms: number): void {
    const at = performance.now() + ms;
    if (at >= this.at) return;
    this.at = at;
    setTimeout(() => {
      // Whoever waits from now on has no time left.
      this.at = Math.min(this.at, performance.now());
      for (let waiting = this.#last; waiting !== undefined; waiting = this.#last) {
        this.delete(waiting);
        waiting.expire();
      }
    }, ms).unref();
  }
}
