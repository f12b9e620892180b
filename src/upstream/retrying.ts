import type { Attempt, Try } from './attempt.ts';
import { type CallContext, markUncertain, type NovuAnswer, type NovuRequest } from './call.ts';
import { waitFor } from './deadline.ts';
import { NovuError } from './errors.ts';
import { backoffFor, delayFor, isStuck, needsFreshKey, type Repeat, shouldRetry } from './retry.ts';
import { createSecretGuard, type SecretGuard } from './secrets.ts';
import type { Signal } from './signal.ts';
import type { Turns } from './turns.ts';

export type RetryingDeps = { attempt: Attempt; turns: Turns; guard: SecretGuard };

export type Run = (
  request: NovuRequest,
  call: CallContext,
  signal: Signal | undefined,
) => Promise<NovuAnswer>;

/**
 * Tries a call until it is answered, is not worth another try, or has no time, budget or patience left. The first
 * request is paid for by whoever runs it; `signal` ends the call, also while it waits.
 */
export function createRetrying({ attempt, turns, guard }: RetryingDeps): Run {
  return async (request, call, signal) => {
    const isRead = request.method === 'GET';
    const line = turns.lines.of(call.caller);
    if (isRead) line.retries.deposit();
    const one: Try = {
      request,
      call,
      line,
      guard: call.secrets === undefined ? guard : createSecretGuard(call.secrets, guard),
      signal,
      tries: 1,
      sentAt: null,
    };
    let uncertain = false;
    for (;;) {
      try {
        const answer = await attempt(one);
        if (uncertain) answer.uncertain = true;
        return answer;
      } catch (error) {
        if (!(error instanceof NovuError)) throw error;
        const uncertainEarlier = uncertain;
        if (error.applied !== 'no') uncertain = true;
        const stuck = isStuck(error, one.tries, call.deadline.leftMs);
        if (!(await isTriedAgain(one, error, isRead, stuck))) {
          if (uncertainEarlier) markUncertain(error);
          throw error;
        }
        if (!isRead && call.recheck !== undefined) await checkAgain(call.recheck, uncertain);
        if (one.request.idempotencyKey !== undefined && (stuck || needsFreshKey(error)))
          one.request = { ...one.request, idempotencyKey: crypto.randomUUID() };
        one.tries += 1;
        one.sentAt = null;
      }
    }
  };
}

async function checkAgain(recheck: () => Promise<void>, uncertain: boolean): Promise<void> {
  try {
    await recheck();
  } catch (error) {
    if (uncertain && error instanceof NovuError) markUncertain(error);
    throw error;
  }
}

/** Whether there is another try, after the wait for it. */
async function isTriedAgain(
  { request, call, line, signal, tries }: Try,
  error: NovuError,
  isRead: boolean,
  stuck: boolean,
): Promise<boolean> {
  const repeat: Repeat = request.repeat ?? (isRead ? 'always' : 'safe');
  if (request.isFinal?.(error) || !shouldRetry({ error, repeat, isRead, tries })) return false;
  // A read can be asked for again by who wanted it; what a write needs to be settled is bounded by its tries alone.
  if (isRead && error.kind !== 'rate-limited' && !line.retries.take()) return false;
  if (!(await waitFor(stuck ? backoffFor(tries) : delayFor(error, tries), call.deadline, signal)))
    return false;
  return call.budget?.take() !== false;
}
