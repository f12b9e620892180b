import type { FailureKind } from './errors.ts';
import type { Method } from './method.ts';

/** One try of a call to Novu, after it ended. It holds no identifier, no body and no text of Novu's. */
export type TryEvent = {
  method: Method;
  /** The path with its identifiers left out, for example `/v1/channel-connections/{identifier}`. */
  route: string;
  callerId: string;
  requestId: string | null;
  /** 1 for the first try. */
  tries: number;
  /** On `performance.now`'s clock, when the call was ready to be sent. */
  startedAt: number;
  /** Milliseconds until it was sent: its turn among callers and Novu's rate limit. */
  queuedMs: number;
  /** Milliseconds from then until it ended; null when it was not sent. */
  novuMs: number | null;
  /** Null when Novu did not answer. */
  status: number | null;
  /** Null when it went well. */
  kind: FailureKind | null;
  /** Novu's own handle of its failure. */
  errorId: string | null;
};

/** For logs, metrics and traces. Called in passing: it must be quick, and what it throws is ignored. */
export type Observer = {
  tried?(event: TryEvent): void;
  /** Novu is held to be down (true), or is back. */
  breakerChanged?(isOpen: boolean): void;
};

/** Calls an observer; a faulty one changes nothing of what is answered. */
export function tell(notify: () => void): void {
  try {
    notify();
  } catch {
    // Nobody is there to tell.
  }
}
