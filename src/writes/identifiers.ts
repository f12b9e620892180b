import { createHmac, hash, type KeyObject } from 'node:crypto';

/** Novu's limit (section "Idempotency" of its reference); header values are visible ASCII. */
const maxKeyLength = 255;

/** Why a key can't be used, or null when it can. */
export function keyFault(key: string): string | null {
  if (key.trim() === '') return 'must not be blank';
  if (key.length > maxKeyLength) return `must have at most ${maxKeyLength} characters`;
  if (!/^[\x21-\x7e]+$/.test(key)) return 'must consist of visible ASCII characters';
  return null;
}

/** Two strings as one, so that no other two make the same. */
export const joinUnambiguously = (owner: string, key: string): string => `${key.length} ${key}${owner}`;

const digits = '0123456789abcdefghijklmnopqrstuvwxyz';
const digitOfByte = Array.from({ length: 256 }, (_, byte) => digits.charAt(byte % digits.length));
const derivedLength = 24;

/**
 * The identifier that a key means: the same on every replica and after every restart, `prefix` and 24 characters of
 * [0-9a-z] (some 120 bits) of an HMAC-SHA256, so that nobody without the secret can compute it and take it first.
 * `owner` keeps the keys of different callers apart.
 */
export function deriveIdentifier(prefix: string, owner: string, key: string, secret: KeyObject): string {
  const digest = createHmac('sha256', secret)
    .update(joinUnambiguously(`${prefix} ${owner}`, key))
    .digest('binary');
  let identifier = prefix;
  for (let index = 0; index < derivedLength; index += 1)
    identifier += digitOfByte[digest.charCodeAt(index)] ?? '';
  return identifier;
}

/** What a key becomes upstream when it must not meet another caller's: Novu scopes keys by organization alone. */
export function scopeKey(owner: string, key: string): string {
  return `gw-${hash('sha256', JSON.stringify([owner, key]), 'hex')}`;
}

/** Two calls with one key are the same call only when this is equal. Nothing of the body can be read from it. */
export const fingerprintOf = (body: string): string => hash('sha256', body, 'base64');
