import { writeSync } from 'node:fs';

/** Where the lines of a log go; what pino takes as its destination. */
export type LineWriter = {
  write(line: string): void;
  /** Writes what is held back, at once: before the process ends. */
  flushSync(): void;
};

/** Bytes for a file descriptor; how many of them were taken. Throws as `writeSync` does. */
export type Put = (fd: number, bytes: Uint8Array) => number;

/** Characters that are kept while nobody takes them; lines beyond are left out. */
const maxPending = 1_048_576;
const againMs = 50;

/**
 * Lines to a file descriptor, those of one turn of the event loop in one go. Whatever is wrong with it (a full disk, a
 * closed pipe, a reader that sleeps) costs lines and nothing else: no exception, no waiting, no process that stays.
 * How many were lost is said by a line of its own, once there is room again.
 */
export function createLineWriter(fd: number, put: Put = writeSync): LineWriter {
  let pending = '';
  let pendingLines = 0;
  /** What was begun, while the reader takes no more of it. */
  let begun: Uint8Array | undefined;
  let lost = 0;
  let isScheduled = false;

  /** Writes all of it, or keeps the rest for later, or counts its lines as lost. Whether all of it is out. */
  function putAll(bytes: Uint8Array, lines: number): boolean {
    let from = 0;
    try {
      while (from < bytes.length) from += put(fd, bytes.subarray(from));
      begun = undefined;
      return true;
    } catch (error) {
      const isBusy = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
      begun = isBusy ? bytes.subarray(from) : undefined;
      if (!isBusy) lost += lines;
      return false;
    }
  }

  function flush(): void {
    isScheduled = false;
    if (begun === undefined || putAll(begun, 1)) {
      const [text, lines] = [pending, pendingLines];
      pending = '';
      pendingLines = 0;
      if (text !== '' && putAll(Buffer.from(text), lines) && lost > 0 && putAll(lossOf(lost), 0)) lost = 0;
    }
    if (begun === undefined) return;
    isScheduled = true;
    setTimeout(flush, againMs).unref();
  }

  return {
    write(line) {
      if (pending.length + line.length > maxPending) {
        lost += 1;
        return;
      }
      pending += line;
      pendingLines += 1;
      if (isScheduled) return;
      isScheduled = true;
      setImmediate(flush);
    },
    flushSync: flush,
  };
}

const lossOf = (lines: number): Uint8Array =>
  Buffer.from(
    `${JSON.stringify({ level: 40, time: Date.now(), lines, msg: 'lines of the log were lost' })}\n`,
  );
