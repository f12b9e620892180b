import type { NovuAnswer } from './call.ts';
import type { Deadline } from './deadline.ts';
import { NovuError } from './errors.ts';
import { Cancellation, type Signal } from './signal.ts';

/** A reader loses at most this many milliseconds of its own time by joining an earlier read. */
const maxTimeLost = 1_000;

type Reader = { resolve: (answer: NovuAnswer) => void; reject: (error: unknown) => void; end: () => void };

/** One read for several who ask for the same; it ends early only when all of them have left. */
class SharedRead {
  /** Ends the read at Novu. */
  readonly cancellation = new Cancellation();
  readonly callerId: string;
  readonly path: string;
  /** The next one in the same slot of `SharedReads`. */
  next: SharedRead | undefined;
  readonly #deadline: Deadline;
  readonly #readers: Reader[] = [];

  constructor(callerId: string, path: string, deadline: Deadline) {
    this.callerId = callerId;
    this.path = path;
    this.#deadline = deadline;
  }

  /** Whether it runs about as long as a reader with this deadline is willing to wait. */
  lastsFor(deadline: Deadline): boolean {
    return this.#deadline.at >= deadline.at - maxTimeLost;
  }

  join(deadline: Deadline, signal: Signal | undefined): Promise<NovuAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<NovuAnswer>();
    let timer: NodeJS.Timeout | undefined;
    const leave = (kind: 'aborted' | 'timeout') => {
      reader.end();
      this.#readers.splice(this.#readers.indexOf(reader), 1);
      reject(new NovuError(kind));
      if (this.#readers.length === 0) this.cancellation.cancel();
    };
    const onAbort = () => leave('aborted');
    const reader: Reader = {
      resolve,
      reject,
      end() {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      },
    };
    this.#readers.push(reader);
    if (deadline.at < this.#deadline.at) timer = setTimeout(() => leave('timeout'), deadline.leftMs);
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort);
    return promise;
  }

  answer(answer: NovuAnswer): void {
    for (const reader of this.#readers) {
      reader.end();
      reader.resolve(answer);
    }
  }

  fail(error: unknown): void {
    for (const reader of this.#readers) {
      reader.end();
      reader.reject(error);
    }
  }
}

const slotCount = 256;

/**
 * The reads in flight that others of the same caller may join. A hash table of our own: a Map whose entries come and
 * go all the time keeps its outgrown tables alive, with all that was in them, until the next full garbage collection.
 */
export class SharedReads {
  readonly #slots: (SharedRead | undefined)[] = Array.from({ length: slotCount });
  #size = 0;

  /** The answer of such a read that lasts long enough for the reader, if there is one. */
  join(
    callerId: string,
    path: string,
    deadline: Deadline,
    signal: Signal | undefined,
  ): Promise<NovuAnswer> | undefined {
    for (let read = this.#slots[slotOf(path)]; read !== undefined; read = read.next) {
      if (read.path !== path || read.callerId !== callerId) continue;
      if (!read.cancellation.aborted && read.lastsFor(deadline)) return read.join(deadline, signal);
    }
    return undefined;
  }

  /** Starts a read that others may join; `start` is given what ends it. */
  start(
    callerId: string,
    path: string,
    deadline: Deadline,
    signal: Signal | undefined,
    start: (signal: Signal) => Promise<NovuAnswer>,
  ): Promise<NovuAnswer> {
    const read = new SharedRead(callerId, path, deadline);
    this.#add(read);
    const answer = read.join(deadline, signal);
    start(read.cancellation).then(
      (answered) => {
        this.#remove(read);
        read.answer(answered);
      },
      (error: unknown) => {
        this.#remove(read);
        read.fail(error);
      },
    );
    return answer;
  }

  /** Nobody joins what was started before now. */
  forget(): void {
    if (this.#size === 0) return;
    this.#slots.fill(undefined);
    this.#size = 0;
  }

  #add(read: SharedRead): void {
    const slot = slotOf(read.path);
    read.next = this.#slots[slot];
    this.#slots[slot] = read;
    this.#size += 1;
  }

  #remove(read: SharedRead): void {
    const slot = slotOf(read.path);
    let before: SharedRead | undefined;
    for (let one = this.#slots[slot]; one !== undefined; before = one, one = one.next) {
      if (one !== read) continue;
      if (before === undefined) this.#slots[slot] = read.next;
      else before.next = read.next;
      read.next = undefined;
      this.#size -= 1;
      return;
    }
  }
}

/** Paths differ most in their ends, where the identifiers and cursors are. */
function slotOf(path: string): number {
  let hash = path.length;
  for (let index = Math.max(0, path.length - 24); index < path.length; index += 1)
    hash = (Math.imul(hash, 31) + path.charCodeAt(index)) | 0;
  return (hash ^ (hash >>> 15)) & (slotCount - 1);
}
