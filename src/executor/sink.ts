import { stringifyProperty } from './json.ts';
import { serialize, writeBuiltIn } from './leaf.ts';
import { isPromise } from './is-promise.ts';
import type { TypePlan } from './output-type.ts';
import type { FieldPlan } from './plan.ts';

/**
 * What becomes of completed values. A run completes values in one way, whoever reads them; parts are what a sink makes of
 * them: null, a leaf, a list or an object.
 */
export type Sink = {
  /** The part of null. */
  readonly nothing: unknown;
  /** The part of a leaf; a promise when its type serialises to one. @throws when the value is none of the type. */
  leaf(type: TypePlan, value: unknown, key: string | number): unknown;
  list(parts: unknown[]): unknown;
  /** The part of an object is made field by field, in their order: begun, added to, and ended. */
  beginObject(): unknown;
  /** @returns the object so far. */
  addField(object: unknown, field: FieldPlan, part: unknown): unknown;
  endObject(object: unknown): unknown;
  /** The part of a list some of whose items are promised; no later than the promise itself. */
  laterList(parts: Promise<unknown[]>): PromiseLike<unknown>;
};

/** Makes the objects of graphql-js's results. */
export const objectSink: Sink = {
  nothing: null,
  leaf: serialize,
  list: (parts) => parts,
  beginObject: () => Object.create(null) as unknown,
  addField(object, { key }, part) {
    if (part !== undefined) (object as Record<string, unknown>)[key] = part;
    return object;
  },
  endObject: (object) => object,
  laterList: (parts) => parts,
};

/** Writes JSON: parts are strings, empty where JSON.stringify would leave a value out. */
export class JsonSink implements Sink {
  readonly nothing = 'null';
  /** What JSON.stringify threw. In the text its number stands between two NUL characters, which JSON never has. */
  readonly #failures: unknown[] = [];

  leaf(type: TypePlan, value: unknown, key: string | number): unknown {
    const text = writeBuiltIn(type, value);
    if (text !== undefined) return text;
    const serialized = serialize(type, value);
    return isPromise(serialized)
      ? new Mapped(serialized, (later) => this.#write(String(key), later))
      : this.#write(String(key), serialized);
  }

  list(parts: readonly unknown[]): string {
    let text = '[';
    for (let index = 0; index < parts.length; index++) {
      if (index > 0) text += ',';
      text += parts[index] === '' ? 'null' : (parts[index] as string);
    }
    return `${text}]`;
  }

  beginObject(): string {
    return '';
  }

  addField(text: string, { first, later }: FieldPlan, part: unknown): string {
    if (part === '' || part === undefined) return text;
    return text + (text === '' ? first : later) + (part as string);
  }

  endObject(text: string): string {
    return text === '' ? '{}' : `${text}}`;
  }

  laterList(parts: Promise<unknown[]>): PromiseLike<unknown> {
    return new Mapped(parts, (settled) => this.list(settled));
  }

  /**
   * Throws where JSON.stringify would: a value without JSON is no error of its field, and none at all when an error
   * further up took it out of the response.
   */
  assertWritten(text: string): void {
    if (this.#failures.length === 0) return;
    const first = text.indexOf('\0');
    if (first === -1) return;
    throw this.#failures[Number(text.slice(first + 1, text.indexOf('\0', first + 1)))];
  }

  #write(key: string, value: unknown): string {
    try {
      return stringifyProperty(key, value);
    } catch (error) {
      return `\0${this.#failures.push(error) - 1}\0`;
    }
  }
}

/** A promise whose value is changed on its way, in the same turn; a promise of its own would come a turn later. */
class Mapped<Value> implements PromiseLike<unknown> {
  readonly #promise: PromiseLike<Value>;
  readonly #map: (value: Value) => unknown;

  constructor(promise: PromiseLike<Value>, map: (value: Value) => unknown) {
    this.#promise = promise;
    this.#map = map;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- a thenable is what it is
  then<Result1 = unknown, Result2 = never>(
    onFulfilled?: ((value: unknown) => Result1 | PromiseLike<Result1>) | null,
    onRejected?: ((reason: unknown) => Result2 | PromiseLike<Result2>) | null,
  ): PromiseLike<Result1 | Result2> {
    const map = this.#map;
    return this.#promise.then(
      (value) => (onFulfilled ? onFulfilled(map(value)) : (map(value) as Result1)),
      onRejected,
    );
  }
}
