import { hash, randomBytes } from 'node:crypto';
import type { ServiceCaller } from './caller.ts';

/** A key as it is configured: only its SHA-256 is kept. */
export type ApiKey = { name: string; sha256: Buffer };

/** Longer keys are refused before they are hashed. */
const maxKeyLength = 4096;

/** The service whose key this is, or null. */
export type FindService = (key: string) => ServiceCaller | null;

/**
 * Looks services up by their keys, in the same time however many there are. The digests are hashed once more with a
 * salt of this process: the time that a Map takes then says nothing about a configured digest, since nobody can
 * choose keys whose salted digests begin like another's.
 */
export function createFindService(
  services: readonly { sha256: Buffer; caller: ServiceCaller }[],
): FindService {
  const salt = randomBytes(32).toString('hex');
  const salted = (sha256: string) => hash('sha256', salt + sha256, 'hex');
  const callers = new Map(services.map(({ sha256, caller }) => [salted(sha256.toString('hex')), caller]));
  return (key) =>
    key.length === 0 || key.length > maxKeyLength
      ? null
      : (callers.get(salted(hash('sha256', key, 'hex'))) ?? null);
}
