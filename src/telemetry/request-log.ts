import { isErrorId, type Log, round } from './log.ts';
import type { OperationFacts, RequestFacts, RequestListener } from './request-facts.ts';

/**
 * How a request ended: `ok`; `user-error` and `error` by what the answer says; `unknown` when a write may or may not
 * have been done; `refused` when nothing was run; `aborted` when the caller left before the answer.
 */
export type Outcome = 'ok' | 'user-error' | 'error' | 'unknown' | 'refused' | 'aborted';

export function outcomeOf(request: RequestFacts, operation: OperationFacts | undefined): Outcome {
  if (operation?.isUnknown === true) return 'unknown';
  if (request.status === null) return 'aborted';
  if (request.refusal !== null || (operation !== undefined && operation.kind === null)) return 'refused';
  if (operation === undefined) return request.status < 400 ? 'ok' : 'refused';
  if (operation.errors.length > 0) return 'error';
  return operation.userErrors.length > 0 ? 'user-error' : 'ok';
}

/**
 * One line a request, refusals too (of a batch one for each of its operations), and a warning where a write was
 * rescued or its outcome stays unknown. Names, codes, counts and times: never a value, never words of an error.
 */
export function createRequestLog(log: Log): RequestListener {
  const isInfo = log.isLevelEnabled('info');
  return (request, ms) => {
    const { operations } = request;
    if (isInfo) {
      if (operations.length === 0) log.info(toFields(request, undefined, ms), 'request');
      else for (const operation of operations) log.info(toFields(request, operation, ms), 'request');
    }
    for (const operation of operations) {
      if (operation.isRecovered)
        log.warn(
          toFields(request, operation, ms),
          "a write was rescued: Novu's answer was lost or a failure, and the write was done all the same",
        );
      if (operation.isUnknown)
        log.warn(toFields(request, operation, ms), 'the outcome of a write is unknown');
    }
  };
}

function toFields(request: RequestFacts, operation: OperationFacts | undefined, ms: number): object {
  const { requestId, method, status, caller, refusal, operations } = request;
  return {
    requestId,
    caller,
    method,
    status,
    outcome: outcomeOf(request, operation),
    ms: round(ms),
    ...(refusal !== null && { errors: [refusal] }),
    ...(operation !== undefined && operationFields(operation)),
    ...(operations.length > 1 && { batch: operations.length }),
  };
}

function operationFields(facts: OperationFacts): object {
  const { name, kind, document, errors, userErrors } = facts;
  return {
    operation: name,
    kind,
    document,
    ...(errors.length > 0 && { errors }),
    ...(userErrors.length > 0 && { userErrors }),
    ...(facts.isReplayed && { replayed: true }),
    ...(facts.isRecovered && { recovered: true }),
    ...(facts.tries > 0 && { novu: novuFields(facts) }),
  };
}

function novuFields({ calls, tries, novuMs, queuedMs, statuses, failures, errorId }: OperationFacts): object {
  return {
    calls,
    tries,
    ms: round(novuMs),
    queuedMs: round(queuedMs),
    ...(statuses.length > 0 && { statuses }),
    ...(failures.length > 0 && { failures }),
    ...(isErrorId(errorId) && { errorId }),
  };
}
