import type { Deadline } from '../upstream/deadline.ts';
import { NovuError } from '../upstream/errors.ts';
import { WriteError } from '../upstream/write-error.ts';
import { type CreateSpec, type Created, Creation, type Known, type Made } from './creation.ts';
import { fingerprintOf, joinUnambiguously } from './identifiers.ts';
import { TwoGenerations } from './two-generations.ts';

/** A call that joined one with less time than its own by this much tries again where that one gave up. */
const worthAnotherRunMs = 500;

/** A call with this key that runs in this process, or succeeded in it. */
type Use = Known & {
  fingerprint: string;
  deadline: Deadline;
  /** Null when it has ended. */
  running: Promise<unknown> | null;
};

/**
 * Makes sure that one logical create is one row, whatever the network does: the identifier is fixed before the
 * first try; after any answer that leaves the outcome open the row is read back; a new try keeps the identifier.
 * Holds the calls in flight, to join equal ones, and a bounded memory of keys, for better words only.
 */
export class CreateOnce {
  readonly #uses = new TwoGenerations<Use>((use) => use.running !== null);

  /** Rejects with a NovuError when Novu refused (nothing was applied), else with a WriteError. */
  run<T extends Made>(spec: CreateSpec<T>): Promise<Created<T>> {
    if (!spec.keyIsCallers) return new Creation(spec, undefined).run();
    const id = joinUnambiguously(spec.owner, spec.key);
    const fingerprint = fingerprintOf(spec.body);
    const known = this.#uses.get(id);
    if (known !== undefined) {
      if (known.fingerprint !== fingerprint) return Promise.reject(new NovuError('key-reused'));
      if (known.running !== null)
        return this.#join(known.running as Promise<Created<T>>, known.deadline, spec);
    }
    const { deadline } = spec;
    const use: Use = { fingerprint, deadline, running: null, createdAt: null, honouredUpstream: false };
    const result = this.#first(id, use, known, spec);
    use.running = result;
    this.#uses.set(id, use);
    return result;
  }

  /** What was refused or failed is not remembered: the key is as it was before. */
  async #first<T extends Made>(
    id: string,
    use: Use,
    known: Use | undefined,
    spec: CreateSpec<T>,
  ): Promise<Created<T>> {
    try {
      const created = await new Creation(spec, known).run();
      use.createdAt = created.value.createdAt;
      use.honouredUpstream = created.honouredUpstream;
      use.running = null;
      return created;
    } catch (error) {
      if (known === undefined) this.#uses.delete(id);
      else this.#uses.set(id, known);
      throw error;
    }
  }

  /** Waits for an equal call, no longer than this one may; goes on by itself when that one had less time. */
  async #join<T extends Made>(
    result: Promise<Created<T>>,
    deadline: Deadline,
    spec: CreateSpec<T>,
  ): Promise<Created<T>> {
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => reject(new WriteError(new NovuError('timeout'), 'unknown', true)),
      spec.deadline.leftMs,
    );
    try {
      return { ...(await Promise.race([result, ended])), replayed: true };
    } catch (error) {
      if (spec.deadline.leftMs === 0 || spec.deadline.at - deadline.at < worthAnotherRunMs) throw error;
      return await this.run(spec);
    } finally {
      clearTimeout(timer);
    }
  }
}
