import { NovuError } from '../upstream/errors.ts';
import { fingerprintOf, joinUnambiguously } from './identifiers.ts';
import type { IdempotencyKey } from './key.ts';
import { TwoGenerations } from './two-generations.ts';

/**
 * Which keys were used for which input, of writes that may be repeated (updates, links). A bounded memory of this
 * process: in Novu the key may be another caller's, so its word does not tell whether this caller used it.
 */
export class UsedKeys {
  readonly #fingerprints = new TwoGenerations<string>();

  /** Runs a write. Rejects with `key-reused` when this key of this owner was used for another input. */
  async run<T>(
    owner: string,
    { key, source }: IdempotencyKey,
    input: string,
    write: () => Promise<T>,
  ): Promise<T> {
    if (source === 'GENERATED') return write();
    const id = joinUnambiguously(owner, key);
    const fingerprint = fingerprintOf(input);
    const known = this.#fingerprints.get(id);
    if (known !== undefined && known !== fingerprint) throw new NovuError('key-reused');
    const written = await write();
    this.#fingerprints.set(id, fingerprint);
    return written;
  }
}
