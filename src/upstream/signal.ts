/** What ends a wait early. An AbortSignal is one; a `Cancellation` costs less, since it has one kind of listener. */
export type Signal = {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
};

/** A signal with the hand that gives it. Each listener is called once at most. */
export class Cancellation implements Signal {
  aborted = false;
  #listeners: (() => void)[] = [];

  cancel(): void {
    if (this.aborted) return;
    this.aborted = true;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    if (!this.aborted) this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const index = this.#listeners.indexOf(listener);
    if (index >= 0) this.#listeners.splice(index, 1);
  }
}
