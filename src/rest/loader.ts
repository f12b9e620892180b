import DataLoader from 'dataloader';
import type { Context } from '../graphql/context.ts';
import { toTopLevelError } from '../graphql/errors.ts';

/** Calls to Novu that one request may have in progress at once: its free tier takes 20 a second from everybody. */
const maxParallel = 8;

const limits = Symbol('parallel calls');

/** Runs the call when fewer than eight of this request are in progress. */
export function inTurn<T>(context: Context, call: () => Promise<T>): Promise<T> {
  return context.memo(limits, () => new Parallel()).run(call);
}

class Parallel {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

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

/** A loader that lives as long as the request: one answer per key, however many fields ask. */
export function requestLoader<K, V, C = K>(
  context: Context,
  name: symbol,
  load: (keys: readonly K[]) => Promise<ArrayLike<V | Error>>,
  cacheKeyFn?: (key: K) => C,
): DataLoader<K, V, C> {
  return context.memo(
    name,
    () => new DataLoader<K, V, C>(load, cacheKeyFn === undefined ? {} : { cacheKeyFn }),
  );
}

/** One call per key, eight at once; what fails is the error of its key alone. */
export function loadEach<K, V>(
  context: Context,
  keys: readonly K[],
  load: (key: K) => Promise<{ value: V } | null>,
): Promise<(V | null | Error)[]> {
  return Promise.all(
    keys.map((key) =>
      inTurn(context, () => load(key)).then(
        (answer) => answer?.value ?? null,
        (error: unknown) => toTopLevelError(error) as Error,
      ),
    ),
  );
}
