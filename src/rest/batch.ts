/** Everything that is asked for in one turn of the event loop, handed to `work` at once. */
export class Batch<K> {
  readonly #work: (keys: readonly K[]) => Promise<void>;
  #keys: K[] = [];
  #done: Promise<void> | undefined;

  constructor(work: (keys: readonly K[]) => Promise<void>) {
    this.#work = work;
  }

  /** Resolves when `work` is done with this key and all others of the turn. */
  add(key: K): Promise<void> {
    this.#keys.push(key);
    this.#done ??= this.#run();
    return this.#done;
  }

  async #run(): Promise<void> {
    await endOfTurn();
    const keys = this.#keys;
    this.#keys = [];
    this.#done = undefined;
    await this.#work(keys);
  }
}

/** When all promises that are settled by now have told who waits for them: a list's rows ask through them. */
async function endOfTurn(): Promise<void> {
  await Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  process.nextTick(resolve);
  await promise;
}
