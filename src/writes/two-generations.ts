/** Entries of one generation; between one and two of them are kept. */
const generationSize = 5_000;

/**
 * A bounded memory: when the younger of two maps is full it becomes the older one, and the older one goes. (A single
 * Map whose oldest entry is dropped each time walks over the holes that the dropped ones left.)
 */
export class TwoGenerations<V> {
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  readonly #mustStay: (value: V) => boolean;

  /** `mustStay` says which entries outlive their generation; they have to end by themselves. */
  constructor(mustStay: (value: V) => boolean = () => false) {
    this.#mustStay = mustStay;
  }

  get(id: string): V | undefined {
    return this.#young.get(id) ?? this.#old.get(id);
  }

  set(id: string, value: V): void {
    this.#young.set(id, value);
    if (this.#young.size >= generationSize) this.#turn();
  }

  delete(id: string): void {
    this.#young.delete(id);
    this.#old.delete(id);
  }

  #turn(): void {
    const gone = this.#old;
    this.#old = this.#young;
    this.#young = new Map();
    for (const [id, value] of gone) {
      if (!this.#old.has(id) && this.#mustStay(value)) this.#young.set(id, value);
    }
  }
}
