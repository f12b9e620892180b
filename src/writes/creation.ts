import type { Answered } from '../upstream/answer.ts';
import { wasUncertain } from '../upstream/client.ts';
import { type Deadline, waitFor } from '../upstream/deadline.ts';
import { NovuError } from '../upstream/errors.ts';
import { backoffFor, delayFor, isStuck } from '../upstream/retry.ts';
import type { Time } from '../upstream/tolerant.ts';
import { WriteError } from '../upstream/write-error.ts';
import { isBefore, isNovusOwnFailure, look, quietly } from './evidence.ts';
import { OccupiedError } from './occupied.ts';

/** What is looked at in a row that was made. */
export type Made = { identifier: string; createdAt: Time | null };

export type CreateSpec<T extends Made> = {
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
  /** The row that this key meant under an older secret, or null: asked before the first try. */
  readEarlier?: (() => Promise<Answered<T> | null>) | undefined;
  /** The earliest that it can have been at Novu at a moment of ours; null while nothing is known. */
  earliestAt?(moment: number): number | null;
  /** Whether the row is what this call would have made; its identifier apart. */
  isSame(row: T): boolean;
  /** Whether the caller may see the row. @default any */
  mayShow?: ((row: T) => boolean) | undefined;
  /** Called before each further try; rejects with a NovuError when the caller may not do this any more. */
  recheck?: (() => Promise<void>) | undefined;
  /** The identifier that a conflict of Novu's names, or null. */
  conflictingIdentifier(error: NovuError): string | null;
  /**
   * The row that leaves no place for this one, or null. Asked once, after a failure of Novu's own or a conflict that
   * names nothing; `identifier` itself is no obstacle.
   */
  findOccupant?: (() => Promise<string | null>) | undefined;
};

export type Created<T> = Answered<T> & {
  /** Made by an earlier call with this key. */
  replayed: boolean;
  /** Novu echoed the key at the last try, and it was not another caller's. */
  honouredUpstream: boolean;
};

/** What this process remembers of an earlier call that succeeded. */
export type Known = { createdAt: Time | null; honouredUpstream: boolean };

/** Novu was not asked: worth another try only while an earlier one is open. */
const notAsked: ReadonlySet<string> = new Set(['not-sent', 'rate-limited', 'busy', 'paced']);
const maxTries = 6;

/** One run of a create: what it has learnt so far, and how it goes on. `CreateOnce` says what for. */
export class Creation<T extends Made> {
  readonly #spec: CreateSpec<T>;
  /** An earlier call of this process that succeeded with the key. */
  readonly #known: Known | undefined;
  readonly #startedAt = Date.now();
  #honouredUpstream = false;
  /** In Novu the key is another caller's, or of another operation. */
  #isKeyOfAnother = false;
  /** A try of this call may have been applied. */
  #open = false;
  /** The identifier was taken and nobody could see by what: this call made nothing, an earlier one may have. */
  #unseen = false;
  #isOccupantSought = false;

  constructor(spec: CreateSpec<T>, known: Known | undefined) {
    this.#spec = spec;
    this.#known = known;
  }

  async run(): Promise<Created<T>> {
    const spec = this.#spec;
    let { upstreamKey } = spec;
    if (this.#known !== undefined || spec.readEarlier !== undefined) {
      const earlier = await this.#findEarlier();
      if (earlier !== null) return this.#found(earlier, null, true);
    }
    for (let tries = 1; ; tries += 1) {
      let result: Answered<T> | NovuError;
      try {
        result = await spec.post(upstreamKey);
      } catch (error) {
        if (!(error instanceof NovuError)) throw error;
        result = error;
      }
      let next: Created<T> | Again;
      if (result instanceof NovuError) {
        next = await this.#judge(result);
      } else {
        const { value, facts } = result;
        this.#honouredUpstream = facts.idempotencyHonoured && !this.#isKeyOfAnother;
        if (value.identifier === spec.identifier && !facts.idempotencyReplayed && this.#mayShow(value))
          return { value, facts, replayed: false, honouredUpstream: this.#honouredUpstream };
        next = await this.#doubt(result);
      }
      if ('value' in next) return next;
      const { failure, atOnce } = next;
      // The identifier is lock enough, so a key that Novu does not let go of is left behind.
      const stuck = isStuck(failure, tries, spec.deadline.leftMs);
      const ms = atOnce ? 0 : stuck ? backoffFor(tries) : delayFor(failure, tries);
      const again = tries < maxTries && (await waitFor(ms, spec.deadline));
      if (!again) throw this.#toWriteError(failure, tries < maxTries);
      if (spec.recheck !== undefined) await this.#recheck(spec.recheck());
      if (failure.kind !== 'in-progress' || stuck) upstreamKey = crypto.randomUUID();
    }
  }

  /** What an earlier call with this key made: where this process knows of one, or an older secret may have been used. */
  async #findEarlier(): Promise<Answered<T> | null> {
    const spec = this.#spec;
    // Deleted since, or not to be seen now: the create itself then finds out.
    const row = this.#known === undefined ? null : ((await this.#look()) ?? null);
    if (row !== null) this.#honouredUpstream = this.#known?.honouredUpstream === true;
    if (row !== null || spec.readEarlier === undefined) return row;
    // When this fails the create does, with nothing done: under its present identifier the row could be a second one.
    return spec.readEarlier();
  }

  /** A success that is not plainly this call's: a replay, another row's answer, a row that the caller may not see. */
  async #doubt({ value, facts }: Answered<T>): Promise<Created<T> | Again> {
    const isOurs = value.identifier === this.#spec.identifier;
    const row = await this.#look();
    const failure = new NovuError('timeout', { facts });
    if (isOurs && facts.idempotencyReplayed) {
      if (row != null) return this.#found(row, null, true);
      // Deleted since, and made anew; or not to be seen, and what Novu kept for a day proves nothing.
      this.#unseen = row === undefined;
      return { failure, atOnce: row === null };
    }
    if (isOurs) {
      if (row != null && this.#isShown(row.value)) return this.#found(row, null, this.#isEarlier(row));
      throw new WriteError(new NovuError('bad-response', { facts, applied: 'yes' }), 'unknown', false);
    }
    // Mixed up on the way, or kept by Novu under another caller's key: that row is not shown.
    if (facts.idempotencyReplayed) this.#leaveKey();
    if (row != null) return this.#found(row, null, this.#isEarlier(row));
    this.#open = true;
    return { failure, atOnce: row === null && facts.idempotencyReplayed };
  }

  /** What a failure means, looked at beside what stands under the identifier. Throws where it is the last word. */
  async #judge(failure: NovuError): Promise<Created<T> | Again> {
    const spec = this.#spec;
    if (failure.kind === 'key-reused') return this.#judgeKey(failure);
    const { facts, kind } = failure;
    if (facts.idempotencyHonoured && !this.#isKeyOfAnother) this.#honouredUpstream = true;
    const ambiguous = failure.applied !== 'no' || wasUncertain(failure);
    const named = kind === 'conflict' ? spec.conflictingIdentifier(failure) : null;
    const isUnnamed = kind === 'conflict' && named === null;
    const isUnreadableConflict = kind === 'bad-response' && failure.status === 409;
    const isRace = isUnreadableConflict || isUnnamed || (kind === 'conflict' && named === spec.identifier);
    if (isUnnamed || isNovusOwnFailure(failure)) await this.#seekOccupant(facts);
    if (ambiguous || isRace || this.#open || kind === 'in-progress') {
      const row = await this.#look();
      if (row != null) return this.#found(row, failure, (!ambiguous && !this.#open) || this.#isEarlier(row));
      this.#unseen = isRace && row === undefined;
      // An answer of Novu's own ends its work, and the row is not there: nothing is open any more.
      if (ambiguous && (row === undefined || !failure.answeredByNovu || wasUncertain(failure)))
        this.#open = true;
      // What is in the way is not this call's, and was looked for.
      if (isUnnamed && row === null && this.#isOccupantSought) throw this.#toRefusal(failure);
    }
    if (failure.applied === 'yes') throw new WriteError(failure, 'unknown', false);
    const mayPass = ambiguous || isRace || kind === 'in-progress' || (this.#open && notAsked.has(kind));
    if (!mayPass) throw this.#toRefusal(failure);
    return { failure, atOnce: false };
  }

  /**
   * Novu keeps the key with another body. Where the identifier follows from the key, what stands there decides: no row
   * means that the key is another caller's in Novu, or of an earlier call that was refused.
   */
  async #judgeKey(failure: NovuError): Promise<Created<T> | Again> {
    if (!this.#spec.identifierIsDerived) throw this.#toRefusal(failure);
    this.#leaveKey();
    const row = await this.#look();
    if (row != null) return this.#found(row, null, !this.#open || this.#isEarlier(row));
    this.#unseen = row === undefined;
    return { failure: new NovuError('timeout', { facts: failure.facts }), atOnce: row === null };
  }

  #leaveKey(): void {
    this.#isKeyOfAnother = true;
    this.#honouredUpstream = false;
  }

  /** Throws a conflict when another row leaves no place for this one. */
  async #seekOccupant(facts: NovuError['facts']): Promise<void> {
    const { findOccupant, identifier } = this.#spec;
    if (findOccupant === undefined || this.#isOccupantSought) return;
    this.#isOccupantSought = true;
    const occupant = await quietly(findOccupant());
    if (occupant != null && occupant !== identifier) throw new OccupiedError(occupant, facts);
  }

  /** The answer from a row that was read. */
  #found(row: Answered<T>, failure: NovuError | null, replayed: boolean): Created<T> {
    const { keyIsCallers, identifierIsDerived } = this.#spec;
    // A key that we made has no earlier call: what was there before is somebody else's.
    if (this.#isShown(row.value) && (keyIsCallers || !replayed))
      return { ...row, replayed, honouredUpstream: this.#honouredUpstream };
    const facts = failure?.facts ?? row.facts;
    if (keyIsCallers && identifierIsDerived) throw new NovuError('key-reused', { facts });
    throw failure?.kind === 'conflict' ? failure : new NovuError('conflict', { facts });
  }

  #isShown(value: T): boolean {
    return this.#spec.isSame(value) && this.#mayShow(value);
  }

  #mayShow(value: T): boolean {
    return this.#spec.mayShow?.(value) !== false;
  }

  /** Whether the row was there before this call began. */
  #isEarlier({ value: { createdAt }, facts }: Answered<T>): boolean {
    if (createdAt === null) return false;
    if (this.#known?.createdAt === createdAt) return true;
    return isBefore(createdAt, facts, this.#startedAt, this.#spec.earliestAt?.(this.#startedAt) ?? null);
  }

  #look(): Promise<Answered<T> | null | undefined> {
    return look(this.#spec.read(), this.#spec.identifier);
  }

  async #recheck(checking: Promise<void>): Promise<void> {
    try {
      await checking;
    } catch (error) {
      throw error instanceof NovuError ? this.#toWriteError(error, false) : error;
    }
  }

  #toRefusal(failure: NovuError): NovuError | WriteError {
    return this.#open ? new WriteError(failure, 'unknown', false) : failure;
  }

  #toWriteError(failure: NovuError, timedOut: boolean): WriteError {
    const isUnknown = this.#open || this.#unseen;
    return new WriteError(failure, isUnknown ? 'unknown' : 'no', isUnknown && timedOut);
  }
}

/** There is to be another try, at once or after the wait that the failure asks for. */
type Again = { failure: NovuError; atOnce: boolean };
