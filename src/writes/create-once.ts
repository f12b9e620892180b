import { hash } from 'node:crypto';
import type { Answered } from '../upstream/answer.ts';
import { type Novu, wasUncertain } from '../upstream/client.ts';
import { type Deadline, waitFor } from '../upstream/deadline.ts';
import { NovuError } from '../upstream/errors.ts';
import { WriteError } from '../upstream/write-error.ts';
import { backoffFor, delayFor, isStuck } from '../upstream/retry.ts';

export type CreateSpec<T> = {
  /** Who owns the key: keys of different callers never meet. */
  owner: string;
  /** As the caller gave it, or as the gateway made it. */
  key: string;
  keyIsCallers: boolean;
  /** What is sent to Novu first; later tries use fresh keys, since Novu keeps failures. */
  upstreamKey: string;
  /** Novu's unique index on it is the lock. */
  identifier: string;
  /** Whether `identifier` was made from the key, so that what stands there was made with the key. */
  identifierIsDerived: boolean;
  /** The serialised body: two calls with one key are the same call only when it is equal. */
  body: string;
  deadline: Deadline;
  post(upstreamKey: string): Promise<Answered<T>>;
  /** The row by `identifier`, or null. */
  read(): Promise<Answered<T> | null>;
  identifierOf(row: T): string;
  createdAtOf(row: T): Date | null;
  /** The earliest that it can have been at Novu at a moment of ours; null while nothing is known. */
  earliestAt?(moment: number): number | null;
  /** Whether the row is what this call would have made. */
  isSame(row: T): boolean;
  /** The identifier that a conflict of Novu's names, or null. */
  conflictingIdentifier(error: NovuError): string | null;
};

export type Created<T> = Answered<T> & {
  /** Made by an earlier call with this key. */
  replayed: boolean;
  /** Novu echoed the key at the last try. */
  honouredUpstream: boolean;
};

/** Novu was not asked: worth another try only while an earlier one is open. */
const notAsked: ReadonlySet<string> = new Set(['not-sent', 'rate-limited', 'busy', 'paced']);
const maxTries = 6;
/** How far the clocks of Novu's servers may be apart, and ours from theirs. */
const theirClocksMs = 100;
const ourClockMs = 1_500;
const maxRemembered = 10_000;

/** A call with this key that succeeded in this process, and when the row that it got was made. */
type Remembered = { fingerprint: string; createdAt: Date | null };
/** A call that joined one with less time than its own by this much tries again where that one gave up. */
const worthAnotherRunMs = 500;

const memories = new WeakMap<Novu, CreateOnce>();

/** The one memory of creates in flight and done that belongs to a client of Novu. */
export function createOnceOf(novu: Novu): CreateOnce {
  let memory = memories.get(novu);
  if (memory === undefined) {
    memory = new CreateOnce();
    memories.set(novu, memory);
  }
  return memory;
}

/**
 * Makes sure that one logical create is one row, whatever the network does: the identifier is fixed before the
 * first try; after any answer that leaves the outcome open the row is read back; a new try keeps the identifier.
 * Holds the calls in flight, to join equal ones, and a bounded memory of keys, for better words only.
 */
export class CreateOnce {
  readonly #inFlight = new Map<
    string,
    { fingerprint: string; deadline: Deadline; result: Promise<unknown> }
  >();
  readonly #remembered = new Map<string, Remembered>();

  /** Rejects with a NovuError when Novu refused (nothing was applied), else with a WriteError. */
  async run<T>(spec: CreateSpec<T>): Promise<Created<T>> {
    if (!spec.keyIsCallers) return this.#create(spec, undefined);
    const id = JSON.stringify([spec.owner, spec.key]);
    const fingerprint = hash('sha256', spec.body, 'base64');
    const running = this.#inFlight.get(id);
    const known = this.#remembered.get(id);
    const seen = running ?? known;
    if (seen !== undefined && seen.fingerprint !== fingerprint) throw new NovuError('key-reused');
    if (running !== undefined)
      return this.#join(running.result as Promise<Created<T>>, running.deadline, spec);
    const result = this.#create(spec, known).then((created) => {
      this.#remember(id, { fingerprint, createdAt: spec.createdAtOf(created.value) });
      return created;
    });
    this.#inFlight.set(id, { fingerprint, deadline: spec.deadline, result });
    try {
      return await result;
    } finally {
      this.#inFlight.delete(id);
    }
  }

  /** Waits for an equal call, no longer than this one may; goes on by itself when that one had less time. */
  async #join<T>(result: Promise<Created<T>>, deadline: Deadline, spec: CreateSpec<T>): Promise<Created<T>> {
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => reject(new WriteError(new NovuError('timeout'), 'unknown', true)),
      spec.deadline.leftMs,
    );
    try {
      return await Promise.race([result, ended]);
    } catch (error) {
      if (spec.deadline.leftMs === 0 || spec.deadline.at - deadline.at < worthAnotherRunMs) throw error;
      return await this.run(spec);
    } finally {
      clearTimeout(timer);
    }
  }

  #remember(id: string, call: Remembered): void {
    this.#remembered.delete(id);
    this.#remembered.set(id, call);
    if (this.#remembered.size > maxRemembered) {
      for (const oldest of this.#remembered.keys()) {
        this.#remembered.delete(oldest);
        break;
      }
    }
  }

  async #create<T>(spec: CreateSpec<T>, known: Remembered | undefined): Promise<Created<T>> {
    const startedAt = Date.now();
    let { upstreamKey } = spec;
    let honouredUpstream = false;
    /** A try of this call may have been applied. */
    let open = false;
    /** The identifier was taken and nobody could see by what: this call made nothing, an earlier one may have. */
    let unseen = false;

    const found = (row: Answered<T>, failure: NovuError, replayed: boolean): Created<T> => {
      // A key that we made has no earlier call: what was there before is somebody else's.
      if (spec.isSame(row.value) && (spec.keyIsCallers || !replayed))
        return { ...row, replayed, honouredUpstream };
      const reused = spec.keyIsCallers && (spec.identifierIsDerived || known !== undefined);
      throw reused || failure.kind !== 'conflict'
        ? new NovuError(reused ? 'key-reused' : 'conflict', { facts: failure.facts })
        : failure;
    };

    for (let tries = 1; ; tries += 1) {
      let failure: NovuError;
      try {
        const answer = await spec.post(upstreamKey);
        honouredUpstream = answer.facts.idempotencyHonoured;
        if (!answer.facts.idempotencyReplayed) return { ...answer, replayed: false, honouredUpstream };
        // Novu scopes keys by neither route nor environment: what it replays may be another's, or long gone.
        if (spec.identifierOf(answer.value) !== spec.identifier)
          throw new NovuError('key-reused', { facts: answer.facts });
        const row = await quietly(spec.read());
        if (row != null) return { ...row, facts: answer.facts, replayed: true, honouredUpstream };
        // Deleted since, and made anew; or not to be seen, and what Novu kept for a day proves nothing.
        unseen = row === undefined;
        failure = new NovuError('timeout', { facts: answer.facts });
      } catch (error) {
        if (!(error instanceof NovuError) || error.kind === 'key-reused') throw error;
        failure = error;
        honouredUpstream = failure.facts.idempotencyHonoured || honouredUpstream;
        const ambiguous = failure.applied !== 'no' || wasUncertain(failure);
        const named = failure.kind === 'conflict' ? spec.conflictingIdentifier(failure) : null;
        const isUnreadableConflict = failure.kind === 'bad-response' && failure.status === 409;
        const isRace =
          isUnreadableConflict ||
          (failure.kind === 'conflict' && (named === null || named === spec.identifier));
        if (ambiguous || isRace || open || failure.kind === 'in-progress') {
          const row = await quietly(spec.read());
          if (row != null) {
            const createdAt = spec.createdAtOf(row.value);
            const earlier =
              (!ambiguous && !open) ||
              (createdAt !== null && known?.createdAt?.getTime() === createdAt.getTime()) ||
              isOlder(row, createdAt, startedAt, spec.earliestAt?.(startedAt) ?? null);
            return found(row, failure, earlier);
          }
          unseen = isRace && row === undefined;
          // An answer of Novu's own ends its work, and the row is not there: nothing is open any more.
          if (ambiguous && (row === undefined || !failure.answeredByNovu || wasUncertain(failure)))
            open = true;
        }
        if (failure.applied === 'yes') throw new WriteError(failure, 'unknown', false);
        const mayPass =
          ambiguous || isRace || failure.kind === 'in-progress' || (open && notAsked.has(failure.kind));
        if (!mayPass) throw open ? new WriteError(failure, 'unknown', false) : failure;
      }
      // The identifier is lock enough, so a key that Novu does not let go of is left behind.
      const stuck = isStuck(failure, tries, spec.deadline.leftMs);
      const ms = stuck ? backoffFor(tries) : delayFor(failure, tries);
      const again = tries < maxTries && (await waitFor(ms, spec.deadline));
      const unknown = open || unseen;
      if (!again) throw new WriteError(failure, unknown ? 'unknown' : 'no', unknown && tries < maxTries);
      if (failure.kind !== 'in-progress' || stuck) upstreamKey = crypto.randomUUID();
    }
  }
}

/** Undefined when the read itself failed: that says nothing about the row. */
async function quietly<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof NovuError) return undefined;
    throw error;
  }
}

/**
 * Whether the row was there before the call began, by Novu's own clock where an answer shows it. Its Date header is
 * cut to the second, so that the beginning is put too early rather than too late.
 */
function isOlder(
  { facts }: Answered<unknown>,
  createdAt: Date | null,
  startedAt: number,
  novuStartedAt: number | null,
): boolean {
  if (createdAt === null) return false;
  if (novuStartedAt !== null) return createdAt.getTime() < novuStartedAt - theirClocksMs;
  const date = Date.parse(facts.headers.find((header) => header.name === 'date')?.values[0] ?? '');
  return Number.isNaN(date)
    ? createdAt.getTime() < startedAt - ourClockMs
    : createdAt.getTime() < date - (Date.now() - startedAt) - theirClocksMs;
}
