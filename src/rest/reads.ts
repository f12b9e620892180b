import type { Context } from '../graphql/context.ts';
import { createRequestCache } from '../graphql/request-cache.ts';

/** Calls to Novu that one request may have in progress at once: its free tier takes 20 a second in all. */
const maxParallel = 8;

/** The reads of one request. */
class Reads {
  /** Grows with each write: what was read under an earlier number is out of date. */
  generation = 0;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** Starts the call, or has it wait until fewer than eight are in progress. */
  run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#running < maxParallel) return this.#start(call);
    const { promise, resolve } = Promise.withResolvers<T>();
    this.#waiting.push(() => resolve(this.#start(call)));
    return promise;
  }

  #start<T>(call: () => Promise<T>): Promise<T> {
    this.#running += 1;
    const answer = call();
    answer.then(this.#end, this.#end);
    return answer;
  }

  readonly #end = (): void => {
    this.#running -= 1;
    this.#waiting.shift()?.();
  };
}

const readsOf = createRequestCache(() => new Reads());

/** Runs the call when fewer than eight of this request are in progress. */
export const inTurn = <T>(context: Context, call: () => Promise<T>): Promise<T> => readsOf(context).run(call);

/** What `Memory` holds of this request is asked for anew: called when a write has ended, however it did. */
export function forgetReads(context: Context): void {
  readsOf(context).generation += 1;
}

/** What one request has read of a collection since its last write. */
class Memory<T, P> {
  generation = 0;
  readonly #rows = new Map<string, T | Promise<T | null>>();
  #pages: Map<string, Promise<P>> | undefined;
  /** Rows of lists that are not in the map yet: they are put there when a row is looked for. */
  #listed: (readonly T[])[] = [];
  readonly #idOf: (row: T) => string;

  constructor(idOf: (row: T) => string) {
    this.#idOf = idOf;
  }

  forget(): void {
    this.#rows.clear();
    this.#pages = undefined;
    this.#listed = [];
  }

  /** A page by its query; `onRows` is told what is in it, so that its rows need not be asked for again. */
  page(query: string, read: () => Promise<P>, rowsOf: (page: P) => readonly T[]): Promise<P> {
    this.#pages ??= new Map();
    let page = this.#pages.get(query);
    if (page === undefined) {
      const listed = this.#listed;
      page = read().then((found) => {
        listed.push(rowsOf(found));
        return found;
      });
      this.#pages.set(query, page);
    }
    return page;
  }

  /** A row by its id. */
  row(id: string, read: () => Promise<T | null>): T | Promise<T | null> {
    let row = this.known(id);
    if (row === undefined) {
      row = read();
      this.#rows.set(id, row);
    }
    return row;
  }

  /** The row, when it was asked for before or was in a list. */
  known(id: string): T | Promise<T | null> | undefined {
    for (const rows of this.#listed.splice(0))
      for (const row of rows) {
        const listed = this.#idOf(row);
        if (!this.#rows.has(listed)) this.#rows.set(listed, row);
      }
    return this.#rows.get(id);
  }
}

/** The memory that each request has of a collection. */
export function createMemory<T, P>(idOf: (row: T) => string): (context: Context) => Memory<T, P> {
  const memoryOf = createRequestCache(() => new Memory<T, P>(idOf));
  return (context) => {
    const memory = memoryOf(context);
    const { generation } = readsOf(context);
    if (memory.generation !== generation) {
      memory.generation = generation;
      memory.forget();
    }
    return memory;
  };
}
