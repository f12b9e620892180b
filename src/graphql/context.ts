import type { Caller } from '../callers/caller.ts';
import type { CallContext, Novu } from '../upstream/client.ts';
import { Deadline } from '../upstream/deadline.ts';

/** What one GraphQL request carries to its resolvers. */
export type Context = {
  caller: Caller;
  novu: Novu;
  requestId: string;
  /** Aborted when the caller leaves. */
  signal: AbortSignal;
  /** The HTTP header `Idempotency-Key`, unless the document has several mutation fields. */
  idempotencyKeyHeader: string | null;
  /** Milliseconds that the caller is willing to wait; never more than the gateway allows. */
  maxWaitMs: number;
  /** Per-request caches, made on first use. */
  memo: <T>(key: symbol, make: () => T) => T;
};

export type ContextInit = {
  caller: Caller;
  /** Shared by all requests: with it goes the memory that joins equal writes in flight. */
  novu: Novu;
  /** @default a new UUID */
  requestId?: string | undefined;
  /** Aborted when the caller leaves. @default never */
  signal?: AbortSignal | undefined;
  /** @default null */
  idempotencyKeyHeader?: string | null;
  /** Milliseconds. @default as long as the gateway allows */
  maxWaitMs?: number;
};

/** The context of one request, for the gateway and for whoever runs `schema` in a server of their own. */
export function createContext(init: ContextInit): Context {
  const { caller, novu } = init;
  const memos = new Map<symbol, unknown>();
  return {
    caller,
    novu,
    requestId: init.requestId ?? crypto.randomUUID(),
    signal: init.signal ?? never,
    idempotencyKeyHeader: init.idempotencyKeyHeader ?? null,
    maxWaitMs: init.maxWaitMs ?? Number.POSITIVE_INFINITY,
    memo<T>(key: symbol, make: () => T): T {
      if (!memos.has(key)) memos.set(key, make());
      return memos.get(key) as T;
    },
  };
}

const never = new AbortController().signal;

/** What a read of this request may cost and who it is for. */
export function readCall(context: Context): CallContext {
  return {
    deadline: new Deadline(Math.min(context.novu.readTimeoutMs, context.maxWaitMs)),
    signal: context.signal,
    requestId: context.requestId,
    callerId: context.caller.id,
  };
}

/** The same for a write: it runs to its end even when the caller leaves. `secrets` are the values it carries. */
export function writeCall(context: Context, secrets: readonly string[]): CallContext {
  return {
    deadline: new Deadline(Math.min(context.novu.writeTimeoutMs, context.maxWaitMs)),
    requestId: context.requestId,
    secrets,
  };
}
