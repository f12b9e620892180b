import type { Answered } from '../upstream/answer.ts';
import { wasUncertain } from '../upstream/client.ts';
import { type Deadline, waitFor } from '../upstream/deadline.ts';
import { NovuError } from '../upstream/errors.ts';
import { backoffFor, delayFor, isStuck } from '../upstream/retry.ts';
import type { Time } from '../upstream/tolerant.ts';
import { WriteError } from '../upstream/write-error.ts';
import type { Created } from './creation.ts';
import { isBefore, isNovusOwnFailure, look, quietly } from './evidence.ts';
import { OccupiedError } from './occupied.ts';

/** What is looked at in a row that is updated. */
export type Updated = { identifier: string; updatedAt: Time | null };

export type UpdateSpec<T extends Updated> = {
  identifier: string;
  /** What is sent to Novu first; later tries use fresh keys, since Novu keeps failures. */
  upstreamKey: string;
  deadline: Deadline;
  /** The row before the first try, when it was read. */
  before: T | null;
  patch(upstreamKey: string): Promise<Answered<T>>;
  /** The row by `identifier`, or null. */
  read(): Promise<Answered<T> | null>;
  /** Whether the row is as this update makes it, as far as a row shows it. */
  matches(row: T): boolean;
  /** Whether a row shows all that this update sets, so that `matches` alone says that it is done. */
  showsAll: boolean;
  /** The earliest that it can have been at Novu at a moment of ours; null while nothing is known. */
  earliestAt(moment: number): number | null;
  /** Whether the caller may see the row. @default any */
  mayShow?: ((row: T) => boolean) | undefined;
  /** Called before each further try; rejects with a NovuError when the caller may not do this any more. */
  recheck?: (() => Promise<void>) | undefined;
  /** Another row that leaves no place for the new state, or null. Asked once, after a failure of Novu's own. */
  findOccupant?: (() => Promise<string | null>) | undefined;
};

/** What an update may be repeated after: its outcome is open, and twice is as good as once. */
const repeatable: ReadonlySet<string> = new Set([
  'in-progress',
  'reset',
  'unavailable',
  'bad-response',
  'timeout',
]);
const maxTries = 8;
/** Novu that fails by itself so often, and did nothing, will not do it on the next try either. */
const maxOwnFailures = 3;

/**
 * Repeats an update until it is done. Rejects with a NovuError when Novu refused (nothing was applied), else with a
 * WriteError. A key that Novu calls another request's is left behind; an answer about another row is not shown.
 */
export async function update<T extends Updated>(spec: UpdateSpec<T>): Promise<Created<T>> {
  const startedAt = Date.now();
  let { upstreamKey, before } = spec;
  /** In Novu the key is another caller's, or of another operation. */
  let isKeyOfAnother = false;
  /** A try may have been applied. */
  let open = false;
  let ownFailures = 0;
  const mayShow = (row: T) => spec.mayShow?.(row) !== false;
  const readBack = () => look(spec.read(), spec.identifier);
  const done = ({ value, facts }: Answered<T>, said = facts): Created<T> => ({
    value,
    facts,
    replayed: said.idempotencyReplayed,
    honouredUpstream: said.idempotencyHonoured && !isKeyOfAnother,
  });

  for (let tries = 1; ; tries += 1) {
    let result: Answered<T> | NovuError;
    try {
      result = await spec.patch(upstreamKey);
    } catch (error) {
      if (!(error instanceof NovuError)) throw error;
      result = error;
    }
    let failure: NovuError;
    let isKeyLeft = false;
    if (!(result instanceof NovuError)) {
      const { value, facts } = result;
      failure = new NovuError('bad-response', { facts, applied: 'unknown' });
      if (value.identifier === spec.identifier) {
        if (mayShow(value)) return done(result);
        // It became somebody else's meanwhile: whatever was done, this is not theirs to see.
        throw new WriteError(failure, 'unknown', false);
      }
      // Novu's fingerprint of a request has no path: it may replay what it answered for another row.
      if (facts.idempotencyReplayed) isKeyLeft = true;
      else open = true;
    } else if (result.kind === 'key-reused') {
      isKeyLeft = true;
      failure = new NovuError('timeout', { facts: result.facts });
    } else {
      failure = result;
      if (!repeatable.has(failure.kind)) throw open ? new WriteError(failure, 'unknown', false) : failure;
      if (failure.applied === 'yes') {
        const row = await readBack();
        if (row != null && mayShow(row.value)) return done(row, failure.facts);
        throw failure;
      }
      if (isNovusOwnFailure(failure)) {
        ownFailures += 1;
        const row = await readBack();
        const applied = row == null ? 'unknown' : wasApplied(spec, row, before, startedAt);
        if (row != null && applied === 'yes' && mayShow(row.value)) return done(row, failure.facts);
        if (ownFailures === 1 && row != null && spec.findOccupant !== undefined) {
          const occupant = await quietly(spec.findOccupant());
          if (occupant != null && occupant !== spec.identifier)
            throw new OccupiedError(occupant, failure.facts);
        }
        if (applied !== 'no') open = true;
        if (row != null) before = row.value;
      } else if (failure.applied !== 'no' || wasUncertain(failure)) {
        open = true;
      }
    }
    if (isKeyLeft) isKeyOfAnother = true;
    const stuck = isStuck(failure, tries, spec.deadline.leftMs);
    const ms = isKeyLeft ? 0 : stuck ? backoffFor(tries) : delayFor(failure, tries);
    const mayTry = tries < maxTries && ownFailures < maxOwnFailures;
    if (!mayTry || !(await waitFor(ms, spec.deadline)))
      throw new WriteError(failure, open ? 'unknown' : 'no', open && mayTry);
    await recheck(spec, open);
    if (failure.kind !== 'in-progress' || stuck) upstreamKey = crypto.randomUUID();
  }
}

async function recheck(spec: Pick<UpdateSpec<never>, 'recheck'>, open: boolean): Promise<void> {
  try {
    await spec.recheck?.();
  } catch (error) {
    throw error instanceof NovuError ? new WriteError(error, open ? 'unknown' : 'no', false) : error;
  }
}

/**
 * Whether Novu did an update that it answered with a failure of its own. A time of change that differs from an earlier
 * read is proof; by the clock alone only the contrary is.
 */
function wasApplied<T extends Updated>(
  spec: UpdateSpec<T>,
  { value, facts }: Answered<T>,
  before: T | null,
  startedAt: number,
): 'yes' | 'no' | 'unknown' {
  const matches = spec.matches(value);
  if (matches && spec.showsAll) return 'yes';
  const { updatedAt } = value;
  if (updatedAt === null) return 'unknown';
  if (before !== null && before.updatedAt !== null) {
    if (updatedAt === before.updatedAt) return 'no';
    return matches ? 'yes' : 'unknown';
  }
  return isBefore(updatedAt, facts, startedAt, spec.earliestAt(startedAt)) ? 'no' : 'unknown';
}
