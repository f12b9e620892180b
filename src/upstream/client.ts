import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { createAttempt } from './attempt.ts';
import { Breaker } from './breaker.ts';
import type { CallContext, NovuAnswer, NovuRequest } from './call.ts';
import { NovuClock } from './clock.ts';
import { Cutoff } from './cutoff.ts';
import { NovuError, toNovuError } from './errors.ts';
import { tell } from './observer.ts';
import { resolveUpstreamOptions, type UpstreamOptions } from './options.ts';
import { createRetrying } from './retrying.ts';
import { createSecretGuard, type SecretGuard } from './secrets.ts';
import { SharedReads } from './shared-read.ts';
import { createTransport, type Transport } from './transport.ts';
import { Turns } from './turns.ts';

export { CallBudget, type CallContext, type NovuAnswer, type NovuRequest, wasUncertain } from './call.ts';

/** Novu over HTTP: one deadline over all tries, shared fairly by its callers. Knows no resource. */
export type Novu = {
  /** Resolves with a 2xx, rejects with a NovuError. */
  request(request: NovuRequest, call: CallContext): Promise<NovuAnswer>;
  /** False while the breaker is open: until a probe has shown that Novu is back. */
  readonly reachable: boolean;
  /** Calls that Novu is answering, and calls that wait for their turn. */
  readonly load: { readonly inFlight: number; readonly waiting: number };
  /** The earliest time that Novu's clock can have shown at this moment of ours (`Date.now`); null while nothing is known. */
  earliestAt(moment: number): number | null;
  /** Signs cursors: derived from the secret key, so that it is the same on every replica. */
  readonly cursorKey: KeyObject;
  /** What identifiers are derived with, the present one first; rows of earlier ones are looked for. */
  readonly identifierKeys: readonly [KeyObject, ...KeyObject[]];
  /** Ends all calls and what waits for them, when the process has to go. */
  readonly cutoff: Cutoff;
  readonly readTimeoutMs: number;
  readonly writeTimeoutMs: number;
  close(): Promise<void>;
};

export function createNovu(options: UpstreamOptions, transport?: Transport): Novu {
  const resolved = resolveUpstreamOptions(options);
  const { observer, readTimeoutMs, writeTimeoutMs } = resolved;
  // One connection more than calls may use: the breaker's probe must not wait behind calls that hang.
  const wire = transport ?? createTransport({ ...resolved, connections: resolved.connections + 1 });
  const guard = createSecretGuard([resolved.secretKey]);
  const clock = new NovuClock();
  const turns = new Turns(resolved);
  const breaker = new Breaker({
    threshold: resolved.breakerThreshold,
    probeMs: resolved.breakerProbeMs,
    probe: () => probe(wire, guard, Math.min(readTimeoutMs, maxProbeMs)),
    onChange(isOpen) {
      if (isOpen) turns.clear(() => new NovuError('busy', { retryAfterMs: resolved.breakerProbeMs }));
      if (observer?.breakerChanged !== undefined) tell(() => observer.breakerChanged?.(isOpen));
    },
  });
  const attempt = createAttempt({ options: resolved, wire, turns, breaker, clock });
  const run = createRetrying({ attempt, turns, guard });
  const reads = new SharedReads();
  const cutoff = new Cutoff();
  const endTurns = () => turns.clear(() => new NovuError('timeout'));
  cutoff.add({ expire: endTurns, before: undefined, after: undefined });

  async function write(request: NovuRequest, call: CallContext): Promise<NovuAnswer> {
    try {
      return await run(request, call, undefined);
    } finally {
      // What was read before a write ended must not answer what is asked after it.
      reads.forget();
    }
  }

  return {
    request(request, call) {
      const { budget, callerId, deadline, signal } = call;
      const isRead = request.method === 'GET';
      const isShared = isRead && callerId !== undefined;
      const joined = isShared ? reads.join(callerId, request.path, deadline, signal) : undefined;
      if (joined !== undefined) return joined;
      if (budget?.take() === false) return Promise.reject(new NovuError('too-many-calls'));
      if (isShared)
        return reads.start(callerId, request.path, deadline, signal, (ends) => run(request, call, ends));
      return isRead ? run(request, call, signal) : write(request, call);
    },
    get reachable() {
      return !breaker.isOpen;
    },
    get load() {
      return { inFlight: turns.inFlight, waiting: turns.waiting };
    },
    earliestAt: (moment) => clock.earliestAt(moment),
    cursorKey: createSecretKey(
      createHmac('sha256', resolved.secretKey).update('novu-graphql cursors').digest(),
    ),
    identifierKeys: [
      toIdentifierKey(resolved.identifierSecret ?? resolved.secretKey),
      ...resolved.previousIdentifierSecrets.map(toIdentifierKey),
    ],
    cutoff,
    readTimeoutMs,
    writeTimeoutMs,
    close() {
      breaker.close();
      return wire.close();
    },
  };
}

/** A key of its own for each purpose, so that none says anything of the other. */
const toIdentifierKey = (secret: string): KeyObject =>
  createSecretKey(createHmac('sha256', secret).update('novu-graphql identifiers').digest());

/** Novu's own, open to all, and nobody else's to ask for. */
const probePath = '/v1/health-check';
const maxProbeMs = 5_000;

/** Whether Novu is there: any answer but a proxy's 5xx shows it, Novu's own failures too. */
async function probe(wire: Transport, guard: SecretGuard, timeoutMs: number): Promise<boolean> {
  try {
    const answer = await wire.send({ method: 'GET', path: probePath }, { timeoutMs });
    return answer.status < 500 || toNovuError(answer, guard, Date.now()).answeredByNovu;
  } catch {
    return false;
  }
}
