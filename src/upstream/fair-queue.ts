/** Whose items wait. */
export type Owner = { readonly id: string; readonly weight: number };

type Lane<O, T> = {
  readonly owner: O;
  readonly items: T[];
  /** Items that it may still give before it is the next one's turn. */
  credit: number;
};

/**
 * A queue for each owner, served in turn: as many items of an owner as its weight, then the next owner's. Keeps
 * nobody who has nothing waiting.
 */
export class FairQueue<O extends Owner, T> {
  readonly #lanes = new Map<string, Lane<O, T>>();
  readonly #ring: Lane<O, T>[] = [];
  #turn = 0;
  size = 0;

  push(owner: O, item: T): void {
    let lane = this.#lanes.get(owner.id);
    if (lane === undefined) {
      lane = { owner, items: [], credit: owner.weight };
      this.#lanes.set(owner.id, lane);
      // Behind all others: just before the one whose turn it is.
      this.#ring.splice(this.#turn, 0, lane);
      if (this.#ring.length > 1) this.#turn += 1;
    }
    lane.items.push(item);
    this.size += 1;
  }

  /** The next item by turn of an owner that may go; one that may not keeps its place. */
  take(mayGo: (owner: O) => boolean): T | undefined {
    for (let step = 0; step < this.#ring.length; step += 1) {
      const index = (this.#turn + step) % this.#ring.length;
      const lane = this.#ring[index];
      if (lane === undefined || !mayGo(lane.owner)) continue;
      const item = lane.items.shift();
      this.size -= 1;
      lane.credit -= 1;
      if (lane.items.length === 0) this.#drop(lane);
      else if (lane.credit <= 0) {
        lane.credit = lane.owner.weight;
        // Its turn is over wherever it stood, so that those before it do not lose theirs.
        this.#ring.splice(index, 1);
        if (index < this.#turn) this.#turn -= 1;
        this.#ring.splice(this.#turn, 0, lane);
        this.#turn = (this.#turn + 1) % this.#ring.length;
      }
      return item;
    }
    return undefined;
  }

  remove(id: string, item: T): void {
    const lane = this.#lanes.get(id);
    const index = lane?.items.indexOf(item) ?? -1;
    if (lane === undefined || index < 0) return;
    lane.items.splice(index, 1);
    this.size -= 1;
    if (lane.items.length === 0) this.#drop(lane);
  }

  /** How many go before one that this owner would add now, if all may go. */
  aheadOf({ id, weight }: Owner): number {
    const own = this.#lanes.get(id)?.items.length ?? 0;
    const rounds = Math.ceil((own + 1) / weight);
    let ahead = own;
    for (const lane of this.#ring)
      if (lane.owner.id !== id) ahead += Math.min(lane.items.length, rounds * lane.owner.weight);
    return ahead;
  }

  /** The owner with the most waiting for its weight, how much that is, and the item that came last. */
  longest(): { load: number; last: T } | undefined {
    let load = 0;
    let longest: Lane<O, T> | undefined;
    for (const lane of this.#ring) {
      const one = lane.items.length / lane.owner.weight;
      if (one <= load) continue;
      load = one;
      longest = lane;
    }
    const last = longest?.items.at(-1);
    return last === undefined ? undefined : { load, last };
  }

  #drop(lane: Lane<O, T>): void {
    this.#lanes.delete(lane.owner.id);
    const index = this.#ring.indexOf(lane);
    this.#ring.splice(index, 1);
    if (index < this.#turn) this.#turn -= 1;
    if (this.#turn >= this.#ring.length) this.#turn = 0;
  }
}
