import type { Observer } from '../upstream/observer.ts';
import { isErrorId, type Log, round } from './log.ts';

/** One line for each try of a call to Novu, at level debug. */
export function createCallLog(log: Log): Observer {
  return {
    tried({ startedAt: _startedAt, queuedMs, novuMs, callerId, errorId, ...event }) {
      log.debug(
        {
          ...event,
          caller: callerId,
          ms: novuMs === null ? null : round(novuMs),
          queuedMs: round(queuedMs),
          ...(isErrorId(errorId) && { errorId }),
        },
        'call to Novu',
      );
    },
  };
}
