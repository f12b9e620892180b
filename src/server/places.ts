export type PlacesOptions = {
  /** Places in all. */
  max: number;
  /** Places of one caller, at most. */
  perCaller: number;
};

type Held = { count: number };

/** Callers that hold nothing are forgotten once there are more than this. */
const maxIdleCallers = 1_000;

/**
 * Places for requests in progress, shared fairly by caller: nobody holds more than a multiple of what is free at the
 * moment (dynamic thresholds, Choudhury and Hahne 1998), so that some stay free for whoever comes next, however many
 * places the others ask for. With weight 2 one caller alone gets two thirds of all, with weight 1/4 a fifth.
 */
export class Places {
  readonly #max: number;
  readonly #perCaller: number;
  readonly #held = new Map<string, Held>();
  #total = 0;

  constructor({ max, perCaller }: PlacesOptions) {
    this.#max = max;
    this.#perCaller = perCaller;
  }

  get taken(): number {
    return this.#total;
  }

  /** Takes a place, or says that there is none for this caller. */
  enter(callerId: string, weight: number): boolean {
    let held = this.#held.get(callerId);
    const own = held?.count ?? 0;
    if (own >= this.#perCaller || own >= weight * (this.#max - this.#total)) return false;
    if (held === undefined) {
      if (this.#held.size >= maxIdleCallers) this.#forgetIdle();
      held = { count: 0 };
      this.#held.set(callerId, held);
    }
    held.count += 1;
    this.#total += 1;
    return true;
  }

  leave(callerId: string): void {
    const held = this.#held.get(callerId);
    if (held === undefined) return;
    held.count -= 1;
    this.#total -= 1;
  }

  #forgetIdle(): void {
    for (const [id, { count }] of this.#held) if (count === 0) this.#held.delete(id);
  }
}
