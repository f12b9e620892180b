/** Random choices that follow from a seed (mulberry32), so that a failing case can be run again by its number. */
export class Choices {
  #state: number;

  constructor(seed: number, ...parts: readonly string[]) {
    this.#state = hash(seed, parts.join('\n'));
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from 0 up to, not including, the limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<One>(from: readonly One[]): One {
    const picked = from[this.below(from.length)];
    if (picked === undefined && from.length === 0) throw new RangeError('Nothing to pick from.');
    return picked as One;
  }

  /** As many as the number says, each made by the function. */
  many<One>(count: number, make: (index: number) => One): One[] {
    return Array.from({ length: count }, (_, index) => make(index));
  }
}

function hash(seed: number, text: string): number {
  let state = seed ^ 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  return state;
}
