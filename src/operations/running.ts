/** The operations in progress, those of callers who have left too: a write goes on to its end. */
export class Running {
  #count = 0;
  #idle = Promise.withResolvers<void>();

  start(): void {
    if (this.#count === 0) this.#idle = Promise.withResolvers<void>();
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#idle.resolve();
  }

  /** Resolves when nothing is in progress. */
  async whenIdle(): Promise<void> {
    while (this.#count > 0) await this.#idle.promise;
  }
}
