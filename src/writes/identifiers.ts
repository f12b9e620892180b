import { hash } from 'node:crypto';

/** Novu's limit (section "Idempotency" of its reference); header values are visible ASCII. */
const maxKeyLength = 255;

/** Why a key can't be used, or null when it can. */
export function keyFault(key: string): string | null {
  if (key.trim() === '') return 'must not be blank';
  if (key.length > maxKeyLength) return `must have at most ${maxKeyLength} characters`;
  if (!/^[\x21-\x7e]+$/.test(key)) return 'must consist of visible ASCII characters';
  return null;
}

/**
 * The identifier that a key means: the same on every replica and after every restart, `prefix` and 24 characters
 * of [0-9a-z] (124 bits). `owner` keeps the keys of different callers apart.
 */
export function deriveIdentifier(prefix: string, owner: string, key: string): string {
  const digest = hash('sha256', JSON.stringify([prefix, owner, key]), 'hex');
  return prefix + BigInt(`0x${digest}`).toString(36).padStart(50, '0').slice(-24);
}

/** What a key becomes upstream when it must not meet another caller's: Novu scopes keys by organization alone. */
export function scopeKey(owner: string, key: string): string {
  return `gw-${hash('sha256', JSON.stringify([owner, key]), 'hex')}`;
}
