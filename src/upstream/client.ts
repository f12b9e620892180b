import { NovuClock } from './clock.ts';
import { createHmac } from 'node:crypto';
import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import { Deadline, waitFor } from './deadline.ts';
import { NovuError, toNovuError } from './errors.ts';
import { firstHeader, type HidesValue, type ResponseFacts, readFacts } from './facts.ts';
import { parseJson } from './json.ts';
import { type UpstreamOptions, resolveUpstreamOptions } from './options.ts';
import { categoryOf, type Learnt, Pacer } from './pacer.ts';
import {
  backoffFor,
  delayFor,
  isStuck,
  needsFreshKey,
  type Repeat,
  RetryBudget,
  shouldRetry,
} from './retry.ts';
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
  /** False while the breaker is open, and until a probe has shown that Novu is back. */
  readonly reachable: boolean;
  /** The earliest that it can have been at Novu at this moment of ours (`Date.now`); null while nothing is known. */
  earliestAt(moment: number): number | null;
  /** Signs cursors: derived from the secret key, so that it is the same on every replica. */
  readonly cursorKey: Buffer;
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
  const breaker = circuitBreaker(
    handleWhen((error) => error instanceof NovuError),
    {
      halfOpenAfter: resolved.breakerProbeMs,
      breaker: new ConsecutiveBreaker(resolved.breakerThreshold),
    },
  );
  // A caller with little time says nothing about Novu: only a try that had a while counts as an outage.
  const telling = Math.min(1_000, resolved.readTimeoutMs / 4);
  let probe: NodeJS.Timeout | undefined;
  const probeLater = () => {
    clearTimeout(probe);
    // Readiness follows the breaker, so no call may ever come to probe Novu: then this one does, after calls had their turn.
    probe = setTimeout(() => {
      if (breaker.state !== CircuitState.Open) return;
      attempt(
        { method: 'GET', path: probePath },
        { deadline: new Deadline(resolved.readTimeoutMs) },
        hidesKey,
      )
        .catch(() => undefined)
        .finally(() => {
          if (breaker.state === CircuitState.Open) probeLater();
        });
    }, resolved.breakerProbeMs + Math.min(resolved.breakerProbeMs, 500));
    probe.unref();
  };
  breaker.onBreak(probeLater);
  const clock = new NovuClock();
  const hidesKey = createSecretGuard([resolved.secretKey]);

  /** One try: paced, counted, through the breaker. */
  async function attempt(
    request: NovuRequest,
    call: CallContext,
    hides: HidesValue,
    signal?: AbortSignal,
  ): Promise<NovuAnswer> {
    const pacer = pacers[categoryOf(request.path)];
    if (inFlight >= maxInFlight) throw new NovuError('busy', { retryAfterMs: 1_000 });
    const ticket = await pacer.acquire(call.deadline, signal);
    inFlight += 1;
    let learnt: Learnt | 'unsent' | null = 'unsent';
    try {
      // Nobody waits for another call's probe: it may take longer than there is time.
      if (breaker.state === CircuitState.HalfOpen) throw new BrokenCircuitError();
      const answered = await breaker.execute(async () => {
        const left = call.deadline.leftMs;
        // A write leaves half of its time to find out what became of it.
        const timeoutMs = request.method === 'GET' ? left : Math.min(left, Math.max(left / 2, 250));
        try {
          const answer = await send(request, call, hides, timeoutMs, signal);
          learnt = { facts: answer.facts, limited: false, retryAfterMs: null };
          return answer;
        } catch (error) {
          if (!(error instanceof NovuError)) throw error;
          if (error.kind !== 'not-sent') learnt = toLearnt(error);
          if (isOutage(error)) {
            const isTelling =
              error.kind === 'timeout' || error.kind === 'not-sent' ? timeoutMs >= telling : true;
            if (isTelling || error.cause !== undefined) throw error;
          } else if (error.kind !== 'aborted') {
            return error;
          }
          // Neither up nor down; a probe that ends so has not shown that Novu is back.
          throw breaker.state === CircuitState.HalfOpen ? error : new Unsaid(error);
        }
      });
      if (answered instanceof NovuError) throw answered;
      return answered;
    } catch (error) {
      if (error instanceof Unsaid) throw error.error;
      if (error instanceof BrokenCircuitError)
        throw new NovuError('busy', { retryAfterMs: resolved.breakerProbeMs });
      throw error;
    } finally {
      inFlight -= 1;
      pacer.release(ticket, learnt);
    }
  }

  async function send(
    request: NovuRequest,
    call: CallContext,
    hides: HidesValue,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<NovuAnswer> {
    const sentAt = Date.now();
    const answer = await wire.send(
      {
        method: request.method,
        path: request.path,
        ...(request.body !== undefined && { body: request.body }),
        ...(request.idempotencyKey !== undefined && { idempotencyKey: request.idempotencyKey }),
        ...(call.requestId !== undefined && { requestId: call.requestId }),
      },
      { timeoutMs, ...(signal && { signal }) },
    );
    clock.observe(firstHeader(answer.headers, 'date'), sentAt, Date.now());
    if (answer.status < 200 || answer.status >= 300) throw toNovuError(answer, hides, Date.now());
    const facts = readFacts(answer.headers, hides);
    const body = answer.text === '' ? undefined : parseJson(answer.text);
    if (body === undefined && answer.text !== '') {
      const applied = request.method === 'GET' ? 'no' : 'unknown';
      throw new NovuError('bad-response', { status: answer.status, facts, applied });
    }
    return { status: answer.status, body, facts, uncertain: false };
  }

  async function run(
    request: NovuRequest,
    call: CallContext,
    signal: AbortSignal | undefined,
  ): Promise<NovuAnswer> {
    const isRead = request.method === 'GET';
    const repeat = request.repeat ?? (isRead ? 'always' : 'safe');
    const hidesSecrets = createSecretGuard(call.secrets ?? []);
    const hides: HidesValue = (text) => hidesKey(text) || hidesSecrets(text);
    let uncertain = false;
    let current = request;
    if (isRead) budget.deposit();
    for (let tries = 1; ; tries += 1) {
      try {
        const answer = await attempt(current, call, hides, signal);
        return uncertain ? { ...answer, uncertain } : answer;
      } catch (error) {
        if (!(error instanceof NovuError)) throw error;
        const uncertainEarlier = uncertain;
        if (error.applied !== 'no') uncertain = true;
        const again =
          shouldRetry({ error, repeat, isRead, tries }) &&
          (!isRead || error.kind === 'rate-limited' || budget.take());
        const stuck = isStuck(error, tries, call.deadline.leftMs);
        const ms = stuck ? backoffFor(tries) : delayFor(error, tries);
        const waited = again && (await waitFor(ms, call.deadline, signal).catch(() => false));
        if (!waited) {
          if (uncertainEarlier) uncertainBefore.add(error);
          throw error;
        }
        if (current.idempotencyKey !== undefined && (stuck || needsFreshKey(error))) {
          current = { ...current, idempotencyKey: crypto.randomUUID() };
        }
      }
    }
  }

  return {
    request(request, call) {
      // What was read before a write ended must not answer what is asked after it.
      if (request.method !== 'GET') return run(request, call, undefined).finally(() => shared.clear());
      if (call.callerId === undefined) return run(request, call, call.signal);
      const key = `${call.callerId}\n${request.path}`;
      let read = shared.get(key);
      if (read === undefined || !read.lastsFor(call.deadline)) {
        const started = new SharedRead(
          call.deadline,
          (signal) => run(request, call, signal),
          () => {
            if (shared.get(key) === started) shared.delete(key);
          },
        );
        read = started;
        shared.set(key, read);
      }
      return read.join(call.deadline, call.signal);
    },
    get reachable() {
      return breaker.state === CircuitState.Closed;
    },
    earliestAt: (moment) => clock.earliestAt(moment),
    cursorKey: createHmac('sha256', resolved.secretKey).update('novu-graphql cursors').digest(),
    readTimeoutMs: resolved.readTimeoutMs,
    writeTimeoutMs: resolved.writeTimeoutMs,
    close() {
      clearTimeout(probe);
      return wire.close();
    },
  };
}

/** What says that Novu is down, not that it dislikes one request: its own ErrorDto with a 500 does not. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof NovuError)) return false;
  if (error.kind === 'not-sent' || error.kind === 'timeout' || error.kind === 'reset') return true;
  return error.kind === 'unavailable' && (!error.answeredByNovu || error.status === 503);
}

/** What the pacer learns of a failure: nothing where Novu did not answer. */
function toLearnt({ kind, status, facts, retryAfterMs }: NovuError): Learnt | null {
  return status === null ? null : { facts, limited: kind === 'rate-limited', retryAfterMs };
}

/** Carries a failure past the breaker that says nothing about Novu. */
class Unsaid extends Error {
  readonly error: NovuError;
  constructor(error: NovuError) {
    super(error.message);
    this.error = error;
  }
}

/** Novu's own, open to all; any answer to it shows that Novu is back. */
const probePath = '/v1/health-check';

/** A reader loses at most this many milliseconds of its own time by joining an earlier read. */
const maxTimeLost = 1_000;

/** One read for several who ask for the same; it ends early only when all of them have left. */
class SharedRead {
  readonly #abort = new AbortController();
  readonly #answer: Promise<NovuAnswer>;
  readonly #deadline: Deadline;
  #readers = 0;
  readonly #onEnd: () => void;

  /** `onEnd` is called when nobody new may join. */
  constructor(deadline: Deadline, start: (signal: AbortSignal) => Promise<NovuAnswer>, onEnd: () => void) {
    this.#deadline = deadline;
    this.#onEnd = onEnd;
    this.#answer = start(this.#abort.signal);
    this.#answer.then(onEnd, onEnd);
  }

  /** Whether it runs about as long as a reader with this deadline is willing to wait. */
  lastsFor(deadline: Deadline): boolean {
    return this.#deadline.at >= deadline.at - maxTimeLost;
  }

  join(deadline: Deadline, signal: AbortSignal | undefined): Promise<NovuAnswer> {
    this.#readers += 1;
    const isShorter = deadline.at < this.#deadline.at;
    if (signal === undefined && !isShorter) return this.#answer;
    const { promise, resolve, reject } = Promise.withResolvers<NovuAnswer>();
    let timer: NodeJS.Timeout | undefined;
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const leave = (kind: 'aborted' | 'timeout') => {
      end();
      this.#readers -= 1;
      reject(new NovuError(kind));
      if (this.#readers > 0) return;
      this.#onEnd();
      this.#abort.abort();
    };
    const onAbort = () => leave('aborted');
    if (isShorter) timer = setTimeout(() => leave('timeout'), deadline.leftMs);
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
    this.#answer.then(resolve, reject).finally(end);
    return promise;
  }
}
