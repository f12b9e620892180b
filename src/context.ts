import type { Caller } from './caller.ts';
import type { Novu } from './upstream/client.ts';
import type { CallContext } from './upstream/client.ts';
import type { CreateOnce } from './upstream/create-once.ts';
import { Deadline } from './upstream/deadline.ts';

/** What one GraphQL request carries to its resolvers. */
export type Context = {
  caller: Caller;
  novu: Novu;
  createOnce: CreateOnce;
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
