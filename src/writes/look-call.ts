import type { CallContext } from '../upstream/client.ts';
import { Deadline } from '../upstream/deadline.ts';

const minLookMs = 250;

/** The call of a look at what became of a write: one that hangs must leave time for another try. */
export function lookCall(call: CallContext): CallContext {
  const { leftMs } = call.deadline;
  const ms = Math.min(leftMs, Math.max(leftMs / 2, minLookMs));
  return { ...call, deadline: new Deadline(ms, call.deadline.cutoff) };
}
