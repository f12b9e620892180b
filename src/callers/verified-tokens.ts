import { hash } from 'node:crypto';
import type { UserCaller } from './caller.ts';

export type VerifiedTokensOptions = {
  /** Milliseconds that a token is remembered at most. @default 60000 */
  maxAgeMs?: number;
  /** Tokens of one generation; two are kept. @default 5000 */
  maxTokens?: number;
};

/** End users whose tokens were verified a short time ago. Times are milliseconds since the epoch. */
export type VerifiedTokens = {
  get(token: string, now: number): UserCaller | null;
  /** Remembers a token that was verified at `now`, until it expires or is too old, whichever comes first. */
  add(token: string, caller: UserCaller, expiresAt: number, now: number): void;
};

type Verified = { caller: UserCaller; from: number; until: number };

/**
 * Tokens are kept by their SHA-256, so that none stays in memory. A generation is left behind when it is full or as
 * old as a token may get, and forgotten with the next one: nothing is ever deleted one by one, which leaves holes in
 * a Map that later reads pay for.
 */
export function createVerifiedTokens({
  maxAgeMs = 60_000,
  maxTokens = 5_000,
}: VerifiedTokensOptions = {}): VerifiedTokens {
  let young = new Map<string, Verified>();
  let old = new Map<string, Verified>();
  let youngSince = Number.NEGATIVE_INFINITY;
  return {
    get(token, now) {
      const digest = digestOf(token);
      const found = young.get(digest) ?? old.get(digest);
      // A clock that was set back does not make a token younger.
      return found !== undefined && now >= found.from && now < found.until ? found.caller : null;
    },
    add(token, caller, expiresAt, now) {
      const until = Math.min(expiresAt, now + maxAgeMs);
      if (!(until > now)) return;
      if (young.size >= maxTokens || Math.abs(now - youngSince) >= maxAgeMs) {
        old = young;
        young = new Map();
        youngSince = now;
      }
      young.set(digestOf(token), { caller, from: now, until });
    },
  };
}

const digestOf = (token: string) => hash('sha256', token, 'hex');
