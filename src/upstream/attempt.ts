import type { Breaker } from './breaker.ts';
import type { CallContext, NovuAnswer, NovuRequest } from './call.ts';
import type { NovuClock } from './clock.ts';
import { isLimitedByNovu, NovuError, type ReceivedAnswer, toNovuError } from './errors.ts';
import { evidenceOf, isOutage } from './evidence.ts';
import { firstHeader, readFacts } from './facts.ts';
import { parseJson } from './json.ts';
import type { Line } from './lines.ts';
import { tell, type TryEvent } from './observer.ts';
import type { ResolvedUpstreamOptions } from './options.ts';
import { categoryOf } from './pacer.ts';
import { routeOf } from './path.ts';
import type { SecretGuard } from './secrets.ts';
import type { Signal } from './signal.ts';
import type { Transport } from './transport.ts';
import type { Turn, Turns } from './turns.ts';

export type AttemptDeps = {
  options: ResolvedUpstreamOptions;
  wire: Transport;
  turns: Turns;
  breaker: Breaker;
  clock: NovuClock;
};

/** One try of a call. */
export type Try = {
  request: NovuRequest;
  call: CallContext;
  line: Line;
  guard: SecretGuard;
  signal: Signal | undefined;
  /** 1 for the first. */
  tries: number;
  /** On `performance.now`'s clock, when somebody observes. */
  sentAt: number | null;
};

export type Attempt = (one: Try) => Promise<NovuAnswer>;

/** Sends a call once: in its turn, through the breaker, with what is learnt of the answer told to both. */
export function createAttempt({ options, wire, turns, breaker, clock }: AttemptDeps): Attempt {
  const tried = options.observer?.tried?.bind(options.observer);
  const down = () => new NovuError('busy', { retryAfterMs: options.breakerProbeMs });

  async function attempt(one: Try): Promise<NovuAnswer> {
    const turn = await takeTurn(one);
    try {
      return await send(one, turn);
    } finally {
      turns.release(turn);
    }
  }

  function takeTurn({ request, call, line, signal }: Try): Turn | Promise<Turn> {
    if (breaker.isOpen) throw down();
    // What is sent now would be given up at once, and its outcome not be known.
    if (call.deadline.leftMs === 0) throw new NovuError('timeout');
    const category = request.category ?? categoryOf(request.path);
    return turns.take(category, line) ?? turns.wait(category, line, call.deadline, signal);
  }

  async function send(one: Try, { pacer, ticket }: Turn): Promise<NovuAnswer> {
    const { request, call, line, guard, signal } = one;
    if (tried !== undefined || call.facts !== undefined) one.sentAt = performance.now();
    const isRead = request.method === 'GET';
    const left = call.deadline.leftMs;
    // A write leaves half of its time to find out what became of it.
    const timeoutMs = isRead ? left : Math.min(left, Math.max(left / 2, 250));
    const sentAt = Date.now();
    let answer: ReceivedAnswer;
    try {
      answer = await wire.send(
        {
          method: request.method,
          path: request.path,
          body: request.body,
          idempotencyKey: request.idempotencyKey,
          requestId: call.requestId,
        },
        { timeoutMs, signal, cutoff: call.deadline.cutoff },
      );
    } catch (error) {
      if (error instanceof NovuError && error.kind === 'not-sent') pacer.unsent(ticket);
      else pacer.lost(ticket);
      const normalMs = isRead ? options.readTimeoutMs : options.writeTimeoutMs / 2;
      const evidence = evidenceOf(error, timeoutMs >= normalMs * fullShare);
      if (evidence !== 'none') breaker.failed(evidence === 'certain' ? null : line.id);
      throw error;
    }

    const { status, headers } = answer;
    const now = Date.now();
    clock.observe(firstHeader(headers, 'date'), sentAt, now);
    if (status >= 200 && status < 300) {
      pacer.answered(ticket, headers);
      breaker.answered();
      const facts = readFacts(headers, guard);
      const { text } = answer;
      const body = text === '' ? undefined : parseJson(text);
      // undici holds an ended exchange until the next one on its connection: not with a whole page in it.
      answer.text = '';
      if (body === undefined && text !== '')
        throw new NovuError('bad-response', { status, facts, applied: isRead ? 'no' : 'unknown' });
      return { status, body, facts, uncertain: false };
    }
    const error = toNovuError(answer, guard, now, !isRead);
    if (error.kind === 'rate-limited')
      pacer.limited(ticket, {
        headers,
        retryAfterMs: error.retryAfterMs,
        isNovus: isLimitedByNovu(error),
      });
    else pacer.answered(ticket, headers);
    if (isOutage(error)) breaker.failed(line.id);
    else breaker.answered();
    throw error;
  }

  const observed = observe(attempt, tried);
  return (one) => (tried === undefined && one.call.facts === undefined ? attempt(one) : observed(one));
}

/** Sums up each try, and tells of it, after it ended. */
function observe(attempt: Attempt, tried: ((event: TryEvent) => void) | undefined): Attempt {
  return async (one) => {
    const startedAt = performance.now();
    let status: number | null = null;
    let failure: unknown;
    try {
      const answer = await attempt(one);
      status = answer.status;
      return answer;
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      const { request, call, line, tries, sentAt } = one;
      const endedAt = performance.now();
      const novuError = failure instanceof NovuError ? failure : null;
      const facts = {
        tries,
        queuedMs: (sentAt ?? endedAt) - startedAt,
        novuMs: sentAt === null ? null : endedAt - sentAt,
        status: novuError === null ? status : novuError.status,
        kind: novuError?.kind ?? null,
        errorId: novuError?.errorId ?? null,
      };
      call.facts?.add(facts, novuError !== null && novuError.applied !== 'no');
      if (tried !== undefined)
        tell(() =>
          tried({
            ...facts,
            method: request.method,
            route: routeOf(request.path),
            callerId: line.id,
            requestId: call.requestId ?? null,
            startedAt,
          }),
        );
    }
  };
}

/** A deadline that is shorter than this share of the usual time says nothing about Novu. */
const fullShare = 0.9;
