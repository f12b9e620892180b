import type { Caller } from '../callers/caller.ts';
import type { OperationFacts } from '../telemetry/request-facts.ts';
import { CallBudget, type CallContext, type Novu } from '../upstream/client.ts';
import { Deadline } from '../upstream/deadline.ts';
import { Cancellation, type Signal } from '../upstream/signal.ts';

/** What one GraphQL request carries to its resolvers. */
export type Context = {
  readonly caller: Caller;
  readonly novu: Novu;
  readonly requestId: string;
  /** Aborted when the caller leaves. */
  readonly signal: Signal;
  /** The HTTP header `Idempotency-Key`, unless the document has several mutation fields. */
  readonly idempotencyKeyHeader: string | null;
  /** The HTTP header `X-Request-Id`, as the caller sent it; null where one request holds several operations. */
  readonly requestIdHeader: string | null;
  /** Where it is summed up what the operation does; undefined when nobody wants to know. */
  readonly facts: OperationFacts | undefined;
  /** When the whole request has to be answered, however many calls to Novu it takes. */
  readonly deadline: Deadline;
  /** What the whole request may still ask of Novu. */
  readonly budget: CallBudget;
  /** What `createRequestCache` keeps for this request. */
  readonly caches: unknown[];
};

export type ContextInit = {
  caller: Caller;
  /** Shared by all requests: with it goes the memory that joins equal writes in flight. */
  novu: Novu;
  /** @default `requestIdHeader`, else a new UUID */
  requestId?: string | undefined;
  /** Aborted when the caller leaves; as a function it is asked for when somebody needs it. @default never */
  signal?: Signal | (() => Signal) | undefined;
  /** @default null */
  idempotencyKeyHeader?: string | null;
  /** @default null */
  requestIdHeader?: string | null;
  /** @default nobody wants to know */
  facts?: OperationFacts | undefined;
  /** Milliseconds that the caller is willing to wait for the whole request. @default as long as the gateway allows */
  maxWaitMs?: number;
  /** Requests that may be sent to Novu for it. @default 200 */
  maxNovuCalls?: number;
};

/** The context of one request, for the gateway and for whoever runs `schema` in a server of their own. */
export function createContext(init: ContextInit): Context {
  return new RequestContext(init);
}

const never: Signal = new Cancellation();
const defaultMaxNovuCalls = 200;

/** What few requests need is made when it is asked for. */
class RequestContext implements Context {
  readonly caller: Caller;
  readonly novu: Novu;
  readonly idempotencyKeyHeader: string | null;
  readonly requestIdHeader: string | null;
  readonly facts: OperationFacts | undefined;
  readonly deadline: Deadline;
  readonly budget: CallBudget;
  readonly caches: unknown[] = [];
  #requestId: string | undefined;
  #signal: ContextInit['signal'];

  constructor(init: ContextInit) {
    const { caller, novu, requestId, signal, idempotencyKeyHeader, maxWaitMs } = init;
    this.caller = caller;
    this.novu = novu;
    this.idempotencyKeyHeader = idempotencyKeyHeader ?? null;
    this.requestIdHeader = init.requestIdHeader ?? null;
    this.facts = init.facts;
    const allowedMs = Math.max(novu.readTimeoutMs, novu.writeTimeoutMs);
    this.deadline = new Deadline(
      maxWaitMs === undefined ? allowedMs : Math.min(allowedMs, maxWaitMs),
      novu.cutoff,
    );
    this.budget = new CallBudget(init.maxNovuCalls ?? defaultMaxNovuCalls);
    this.#requestId = requestId ?? init.requestIdHeader ?? undefined;
    this.#signal = signal;
  }

  get requestId(): string {
    return (this.#requestId ??= crypto.randomUUID());
  }

  get signal(): Signal {
    if (typeof this.#signal === 'function') this.#signal = this.#signal();
    return this.#signal ?? never;
  }
}

/** What a read of this request may cost and who it is for. */
export function readCall(context: Context): CallContext {
  return {
    deadline: new Deadline(
      Math.min(context.novu.readTimeoutMs, context.deadline.leftMs),
      context.novu.cutoff,
    ),
    signal: context.signal,
    requestId: context.requestId,
    caller: context.caller,
    budget: context.budget,
    callerId: context.caller.id,
    facts: context.facts,
  };
}

/** The same for a write: it runs to its end even when the caller leaves. `secrets` are the values it carries. */
export function writeCall(context: Context, secrets: readonly string[]): CallContext {
  return {
    deadline: new Deadline(
      Math.min(context.novu.writeTimeoutMs, context.deadline.leftMs),
      context.novu.cutoff,
    ),
    caller: context.caller,
    budget: context.budget,
    requestId: context.requestId,
    facts: context.facts,
    secrets,
  };
}
