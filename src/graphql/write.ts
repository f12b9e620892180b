import { WriteError } from '../upstream/create-once.ts';
import { NovuError } from '../upstream/errors.ts';
import type { ResponseFacts } from '../upstream/facts.ts';
import { toTopLevelError, type WriteHandle } from './errors.ts';
import { type Payload, refusal } from './payload.ts';
import { type RefusalRules, toUserErrors } from './refusals.ts';

/** How a write ended: the value with what Novu said beside it. */
export type Written<T> = { value: T; facts: ResponseFacts };

/**
 * Awaits a write. What the caller can put right becomes the payload's userErrors; all else is thrown as a top-level
 * error that says what is known of the outcome.
 */
export async function settleWrite<T, W extends Written<T>>(
  writing: Promise<W>,
  rules: RefusalRules,
  handle: WriteHandle,
): Promise<(W & { userErrors: [] }) | Payload<never>> {
  try {
    return { ...(await writing), userErrors: [] };
  } catch (error) {
    const failure = error instanceof WriteError && error.outcome === 'no' ? error.failure : error;
    const userErrors = failure instanceof NovuError ? toUserErrors(failure, rules, handle) : null;
    if (userErrors === null) throw toTopLevelError(error, handle);
    return refusal(userErrors, (failure as NovuError).facts);
  }
}
