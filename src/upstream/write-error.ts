import type { Applied, NovuError } from './errors.ts';

/** A write that did not end well, with what is known of its effect. */
export class WriteError extends Error {
  readonly failure: NovuError;
  readonly outcome: Applied;
  /** The time ran out before the outcome was known. */
  readonly timedOut: boolean;
  constructor(failure: NovuError, outcome: Applied, timedOut: boolean) {
    super(failure.message, { cause: failure });
    this.name = 'WriteError';
    this.failure = failure;
    this.outcome = outcome;
    this.timedOut = timedOut;
  }
}
