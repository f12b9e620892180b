import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import { type Deadline, waitFor } from './deadline.ts';
import { NovuError, toNovuError } from './errors.ts';
import { type HidesValue, type ResponseFacts, readFacts } from './facts.ts';
import { parseJson } from './json.ts';
import { type UpstreamOptions, resolveUpstreamOptions } from './options.ts';
import { categoryOf, Pacer } from './pacer.ts';
import { delayFor, needsFreshKey, type Repeat, RetryBudget, shouldRetry } from './retry.ts';
import { createSecretGuard } from './secrets.ts';
import { createTransport, type Method, type Transport } from './transport.ts';

export type NovuRequest = {
  method: Method;
  /** Percent-encoded, with its query. */
  path: string;
  /** Serialised JSON. */
  body?: string;
  idempotencyKey?: string;
  /** @default 'always' for GET, 'safe' for the rest */
  repeat?: Repeat;
};

/** What a call carries of the operation that it belongs to. */
export type CallContext = {
  deadline: Deadline;
  /** The caller left. Ends reads; a write that was sent runs to its end. */
  signal?: AbortSignal;
  requestId?: string;
  /** Values of this operation that no answer may repeat. */
  secrets?: readonly string[];
  /** Who asks: identical reads of the same caller in flight are one call. */
  callerId?: string;
};

export type NovuAnswer = {
  status: number;
  /** Parsed JSON, or undefined when there was none. */
  body: unknown;
  facts: ResponseFacts;
  /** An earlier try of this call may have been applied. */
  uncertain: boolean;
};

/** Novu over HTTP: one deadline over all tries, pacing, a breaker, a bounded queue. Knows no resource. */
export type Novu = {
  /** Resolves with a 2xx, rejects with a NovuError. */
  request(request: NovuRequest, call: CallContext): Promise<NovuAnswer>;
  /** False while the breaker is open. */
  readonly reachable: boolean;
  readonly readTimeoutMs: number;
  readonly writeTimeoutMs: number;
  close(): Promise<void>;
};

/** A failed call of which an earlier try may have been applied. */
export function wasUncertain(error: NovuError): boolean {
  return uncertainBefore.has(error);
}
const uncertainBefore = new WeakSet<NovuError>();

export function createNovu(options: UpstreamOptions, transport?: Transport): Novu {
  const resolved = resolveUpstreamOptions(options);
  const wire = transport ?? createTransport(resolved);
  const pacers = { configuration: new Pacer(resolved.maxQueue), global: new Pacer(resolved.maxQueue) };
  const budget = new RetryBudget();
  const maxInFlight = resolved.connections + resolved.maxQueue;
  let inFlight = 0;
  const shared = new Map<string, SharedRead>();
  const breaker = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: resolved.breakerProbeMs,
    breaker: new ConsecutiveBreaker(resolved.breakerThreshold),
  });

  /** One try: paced, counted, through the breaker. */
  async function attempt(
    request: NovuRequest,
    call: CallContext,
    hides: HidesValue,
    signal: AbortSignal | undefined,
  ): Promise<NovuAnswer> {
    const isRead = request.method === 'GET';
    const pacer = pacers[categoryOf(request.path)];
    if (inFlight >= maxInFlight) throw new NovuError('busy', { retryAfterMs: 1_000 });
    await pacer.acquire(call.deadline, signal);
    inFlight += 1;
    let learnt: Parameters<Pacer['release']>[0] = null;
    try {
      return await breaker.execute(async () => {
        const left = call.deadline.leftMs;
        const answer = await wire.send(
          {
            method: request.method,
            path: request.path,
            ...(request.body !== undefined && { body: request.body }),
            ...(request.idempotencyKey !== undefined && { idempotencyKey: request.idempotencyKey }),
            ...(call.requestId !== undefined && { requestId: call.requestId }),
          },
          // A write leaves half of its time to find out what became of it.
          { timeoutMs: isRead ? left : Math.min(left, Math.max(left / 2, 250)), ...(signal && { signal }) },
        );
        if (answer.status < 200 || answer.status >= 300) {
          const error = toNovuError(answer, hides, Date.now());
          learnt = {
            facts: error.facts,
            limited: error.kind === 'rate-limited',
            retryAfterMs: error.retryAfterMs,
          };
          throw error;
        }
        const facts = readFacts(answer.headers, hides);
        learnt = { facts, limited: false, retryAfterMs: null };
        const body = answer.text === '' ? undefined : parseJson(answer.text);
        if (body === undefined && answer.text !== '') {
          throw new NovuError('bad-response', {
            status: answer.status,
            facts,
            applied: isRead ? 'no' : 'unknown',
          });
        }
        return { status: answer.status, body, facts, uncertain: false };
      });
    } catch (error) {
      if (error instanceof BrokenCircuitError)
        throw new NovuError('busy', { retryAfterMs: resolved.breakerProbeMs });
      throw error;
    } finally {
      inFlight -= 1;
      pacer.release(learnt);
    }
  }

  async function run(
    request: NovuRequest,
    call: CallContext,
    signal: AbortSignal | undefined,
  ): Promise<NovuAnswer> {
    const isRead = request.method === 'GET';
    const repeat = request.repeat ?? (isRead ? 'always' : 'safe');
    const hides = createSecretGuard([resolved.secretKey, ...(call.secrets ?? [])]);
    let uncertain = false;
    let current = request;
    if (isRead) budget.deposit();
    for (let tries = 1; ; tries += 1) {
      try {
        const answer = await attempt(current, call, hides, signal);
        return uncertain ? { ...answer, uncertain } : answer;
      } catch (error) {
        if (!(error instanceof NovuError)) throw error;
        if (error.applied !== 'no') uncertain = true;
        const again =
          shouldRetry({ error, repeat, isRead, tries }) &&
          (!isRead || error.kind === 'rate-limited' || budget.take());
        const waited =
          again && (await waitFor(delayFor(error, tries), call.deadline, signal).catch(() => false));
        if (!waited) {
          if (uncertain) uncertainBefore.add(error);
          throw error;
        }
        if (current.idempotencyKey !== undefined && needsFreshKey(error)) {
          current = { ...current, idempotencyKey: crypto.randomUUID() };
        }
      }
    }
  }

  return {
    request(request, call) {
      if (request.method !== 'GET') return run(request, call, undefined);
      if (call.callerId === undefined) return run(request, call, call.signal);
      const key = `${call.callerId}\n${request.path}`;
      let read = shared.get(key);
      if (read === undefined) {
        read = new SharedRead(
          (signal) => run(request, call, signal),
          () => {
            if (shared.get(key) === read) shared.delete(key);
          },
        );
        shared.set(key, read);
      }
      return read.join(call.signal);
    },
    get reachable() {
      return breaker.state !== CircuitState.Open;
    },
    readTimeoutMs: resolved.readTimeoutMs,
    writeTimeoutMs: resolved.writeTimeoutMs,
    close: () => wire.close(),
  };
}

/** What says that Novu is down, not that it dislikes one request: its own ErrorDto with a 500 does not. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof NovuError)) return false;
  if (error.kind === 'not-sent' || error.kind === 'timeout' || error.kind === 'reset') return true;
  return error.kind === 'unavailable' && (!error.answeredByNovu || error.status === 503);
}

/** One read for several who ask for the same; it ends early only when all of them have left. */
class SharedRead {
  readonly #abort = new AbortController();
  readonly #answer: Promise<NovuAnswer>;
  #readers = 0;
  readonly #onEnd: () => void;

  /** `onEnd` is called when nobody new may join. */
  constructor(start: (signal: AbortSignal) => Promise<NovuAnswer>, onEnd: () => void) {
    this.#onEnd = onEnd;
    this.#answer = start(this.#abort.signal);
    this.#answer.then(onEnd, onEnd);
  }

  join(signal: AbortSignal | undefined): Promise<NovuAnswer> {
    if (signal === undefined) {
      this.#readers += 1;
      return this.#answer;
    }
    const { promise, resolve, reject } = Promise.withResolvers<NovuAnswer>();
    this.#readers += 1;
    const onAbort = () => {
      this.#readers -= 1;
      reject(new NovuError('aborted'));
      if (this.#readers > 0) return;
      this.#onEnd();
      this.#abort.abort();
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    this.#answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    return promise;
  }
}
