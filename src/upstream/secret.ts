import { inspect } from 'node:util';

const shown = '[secret]';

/**
 * A secret that Novu stores, in a value that shows itself as `[secret]` to whoever prints, logs, inspects, copies or
 * serialises it. `reveal` is for the one resolver that may hand it out.
 */
export class StoredSecret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return shown;
  }
  toJSON(): string {
    return shown;
  }
  [Symbol.toPrimitive](): string {
    return shown;
  }
  [inspect.custom](): string {
    return shown;
  }
}
