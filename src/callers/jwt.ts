import { createPublicKey } from 'node:crypto';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import { type Scope, userScopes, type UserCaller } from './caller.ts';
import { createVerifiedTokens } from './verified-tokens.ts';

export type JwtOptions = {
  /** Where the keys are (RFC 7517), or the one public key in PEM (SPKI). */
  keys: { jwksUrl: URL } | { publicKey: string };
  issuer: string;
  audience: string;
  /** The claim that holds the subscriber's id. @default 'sub' */
  subscriberClaim?: string;
  /** The claim with a list of context keys (`type:id`). @default none: no contexts */
  contextClaim?: string | null;
  /** Milliseconds that a key server has to answer. @default 3000 */
  keyServerTimeoutMs?: number;
  /** Milliseconds since the epoch. @default Date.now */
  now?: () => number;
};

/** Asymmetric ones alone (RFC 7518 section 3.1): never `none`, never HMAC, whose key would be the public one. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const clockToleranceSeconds = 5;
/** A key server is asked at most this often, whether for key ids that it doesn't know or because it fails. */
const keyServerCooldownMs = 30_000;
const keyServerFailureCooldownMs = 5_000;
const keysMaxAgeMs = 600_000;
const maxTokenLength = 8_192;

/** The end user that a token speaks for, or null; at once when the token was verified a short time ago. */
export type VerifyToken = (token: string) => UserCaller | null | Promise<UserCaller | null>;

/**
 * Throws when the public key can't be read. Never fetches an address that a token names. A token that was found good
 * is remembered for a minute, never past its `exp` (docs/decisions/0008-tokens-are-remembered.md).
 */
export function createVerifyToken({
  keys,
  issuer,
  audience,
  subscriberClaim = 'sub',
  contextClaim = null,
  keyServerTimeoutMs = 3_000,
  now = Date.now,
}: JwtOptions): VerifyToken {
  const options: JWTVerifyOptions = {
    issuer,
    audience,
    algorithms,
    clockTolerance: clockToleranceSeconds,
    requiredClaims: ['exp'],
  };
  const verify =
    'publicKey' in keys
      ? withKey(createPublicKey(keys.publicKey))
      : withKeySet(keySetOf(keys.jwksUrl, keyServerTimeoutMs));

  function withKey(key: ReturnType<typeof createPublicKey>) {
    if (key.asymmetricKeyType === undefined) throw new TypeError('not a public key');
    return async (token: string, currentDate: Date) =>
      (await jwtVerify(token, key, { ...options, currentDate })).payload;
  }
  function withKeySet(keySet: JWTVerifyGetKey) {
    return async (token: string, currentDate: Date) =>
      (await jwtVerify(token, keySet, { ...options, currentDate })).payload;
  }

  const verified = createVerifiedTokens();

  async function verifyNow(token: string): Promise<UserCaller | null> {
    let payload: JWTPayload;
    try {
      payload = await verify(token, new Date(now()));
    } catch {
      // Not said: what is wrong with a token helps only whoever forges one.
      return null;
    }
    const { exp } = payload;
    // JSON has numbers that are infinite in JavaScript (1e400), which jose takes for a time that never comes.
    if (exp === undefined || !Number.isFinite(exp)) return null;
    const subscriberId = payload[subscriberClaim];
    if (typeof subscriberId !== 'string' || subscriberId.trim() === '') return null;
    // A lone surrogate would reach Novu as another string than the one that was signed.
    if (!subscriberId.isWellFormed()) return null;
    const caller: UserCaller = {
      kind: 'user',
      id: `user:${JSON.stringify([issuer, subscriberId])}`,
      name: 'end user',
      scopes: readScopes(payload),
      subscriberId,
      contextKeys: readContexts(contextClaim === null ? undefined : payload[contextClaim]),
    };
    verified.add(token, caller, exp * 1000, now());
    return caller;
  }

  return (token) => {
    if (token.length > maxTokenLength) return null;
    return verified.get(token, now()) ?? verifyNow(token);
  };
}

function keySetOf(url: URL, timeoutMs: number): JWTVerifyGetKey {
  let failedAt = Number.NEGATIVE_INFINITY;
  return createRemoteJWKSet(url, {
    timeoutDuration: timeoutMs,
    cooldownDuration: keyServerCooldownMs,
    cacheMaxAge: keysMaxAgeMs,
    async [customFetch](address, init) {
      if (performance.now() - failedAt < keyServerFailureCooldownMs)
        throw new Error('the key server failed a moment ago');
      try {
        const response = await fetch(address, { ...init, redirect: 'error' });
        // Read here, so that a body that hangs or holds no keys is a failure too and is not asked for all the time.
        const keys = response.status === 200 ? ((await response.json()) as JSONWebKeySet) : null;
        if (keys === null) throw new Error('the key server answered no keys');
        createLocalJWKSet(keys);
        return Response.json(keys);
      } catch (error) {
        failedAt = performance.now();
        throw error;
      }
    },
  });
}

/** `scope` (RFC 8693: separated by blanks) or `scp` (a list or the same). What is for services alone is left out. */
function readScopes({ scope, scp }: JWTPayload): ReadonlySet<Scope> {
  const claimed = new Set<unknown>(
    [scope, scp].flatMap((claim) =>
      typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [],
    ),
  );
  return new Set(userScopes.filter((known) => claimed.has(known)));
}

function readContexts(claim: unknown): ReadonlySet<string> {
  return new Set(
    Array.isArray(claim) ? claim.filter((key): key is string => typeof key === 'string' && key !== '') : [],
  );
}
