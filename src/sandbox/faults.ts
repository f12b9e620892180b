export type FaultMatch = {
  method?: string;
  /** A string matches the path itself and what is below it; a string that begins with "^" is a pattern. */
  path?: RegExp | string;
};

type FaultBase = {
  /** @default every request */
  match?: FaultMatch;
  /** How many matching requests it meets. @default 1 */
  times?: number;
};

export type Fault = FaultBase &
  (
    | {
        /** The connection is reset, or nothing is ever answered, and nothing was written. */
        kind: 'reset-before' | 'hang-before';
        /** The server died at work: the idempotency key stays "in progress" for five minutes. @default false */
        leavesKey?: boolean;
      }
    /** The write was done; then the connection is reset, or nothing is ever answered. */
    | { kind: 'reset-after' | 'hang-after' }
    | {
        /** The handler fails without its write, or after it; what it refuses anyway is refused as ever. */
        kind: 'error-before' | 'error-after';
        /** @default 500 */
        status?: number;
        message?: string;
        /** Novu keeps its own errors under the idempotency key; false is an error made by a proxy. @default true */
        cached?: boolean;
      }
    /** 429 in Novu's words, with its headers. `retryAfterSeconds` @default 1 */
    | { kind: 'rate-limited'; retryAfterSeconds?: number }
    /** The write was done and the answer is cut: content-length promises more than is sent. */
    | { kind: 'truncate' }
    /** The write was done and the answer, called JSON, is none. */
    | { kind: 'not-json'; status?: number; body?: string }
    /** A proxy's error page. `status` @default 502, `applied` @default false */
    | { kind: 'html'; status?: number; body?: string; applied?: boolean }
    | {
        kind: 'slow';
        /** @default 0 */
        delayMs?: number;
        /** For tests in the same process: waits for this as well. */
        until?: Promise<unknown>;
        /** Before the handler, between a create's checks and its write, or after the write. @default 'start' */
        at?: 'start' | 'before-write' | 'end';
      }
    | {
        /** An answer made in front of the handler: an ErrorDto unless a body is given. */
        kind: 'status';
        status: number;
        message?: string;
        body?: string | object;
        headers?: Record<string, string>;
        /** Whether the write is done all the same. @default false */
        applied?: boolean;
      }
    | {
        /**
         * A proxy answers in its own words, `{"statusCode":504,"error":"Gateway Timeout","message":"…"}` as Nest and
         * Fastify proxies do, and Novu's own answer is lost. 3xx carry a Location.
         */
        kind: 'proxy-error';
        /** @default 504 */
        status?: number;
        message?: string;
        /**
         * Whether the work is done: never, before the answer, or after it (by `delayMs` and `until`), when the caller
         * has the answer already. @default 'never'
         */
        work?: 'never' | 'before' | 'late';
        /** @default 0 */
        delayMs?: number;
        /** For tests in the same process: late work waits for this as well. */
        until?: Promise<unknown>;
        /** Sent as Retry-After. */
        retryAfterSeconds?: number;
      }
    | {
        /** The answer to another request: the success of the route, with another row of the same table in it. */
        kind: 'mixed-up';
        /** Which row. @default the newest other one, or one that is made up where there is none */
        identifier?: string;
        /** Whether the work is done all the same. @default true */
        applied?: boolean;
      }
    | {
        /** What the same method and URL were answered before, from a proxy's cache; the normal answer when nothing was. */
        kind: 'cached';
        /** Whether the work is done all the same. @default false */
        applied?: boolean;
      }
    /** The normal answer with another body; a function gets the parsed normal one. */
    | { kind: 'body'; body: string | object | ((normal: unknown) => unknown); status?: number }
    /** The normal answer with headers replaced, or removed by null. */
    | { kind: 'headers'; headers: Record<string, string | null> }
  );

export type FaultQueue = {
  readonly size: number;
  add: (fault: Fault) => void;
  /** The oldest fault that matches, used up by one. */
  take: (method: string, path: string) => Fault | undefined;
  clear: () => void;
};

export function createFaultQueue(): FaultQueue {
  let queue: { fault: Fault; left: number }[] = [];
  return {
    get size() {
      return queue.length;
    },
    add: (fault) => queue.push({ fault, left: fault.times ?? 1 }),
    take(method, path) {
      const entry = queue.find(({ fault }) => isMatch(fault.match, method, path));
      if (!entry) return undefined;
      entry.left -= 1;
      if (entry.left <= 0) queue = queue.filter((other) => other !== entry);
      return entry.fault;
    },
    clear() {
      queue = [];
    },
  };
}

function isMatch(match: FaultMatch | undefined, method: string, path: string): boolean {
  if (match?.method !== undefined && match.method.toUpperCase() !== method) return false;
  const wanted = match?.path;
  if (wanted === undefined) return true;
  if (typeof wanted !== 'string') return wanted.test(path);
  return wanted.startsWith('^')
    ? new RegExp(wanted).test(path)
    : path === wanted || path.startsWith(`${wanted}/`);
}
