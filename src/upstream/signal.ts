/** What ends a wait early. An AbortSignal is one; a `Cancellation` costs less, since it has one kind of listener. */
export type Signal = {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
};

/**
 * A signal with the hand that gives it. Each listener is called once at most.
 *
 * Most have one listener, kept in a field: V8 allocates an array literal that often survives in the old generation,
 * where it keeps alive what it held until the next full garbage collection.
 */
export class Cancellation implements Signal {
  aborted = false;
  #listener: (() => void) | undefined;
  #others: Set<() => void> | undefined;

  cancel(): void {
    if (this.aborted) return;
    this.aborted = true;
    const listener = this.#listener;
    const others = this.#others;
    this.#listener = undefined;
    this.#others = undefined;
    listener?.();
    if (others !== undefined) for (const other of others) other();
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    if (this.aborted) return;
    if (this.#listener === undefined) this.#listener = listener;
    else (this.#others ??= new Set()).add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    if (this.#listener === listener) this.#listener = undefined;
    else this.#others?.delete(listener);
  }
}
