import { hash, timingSafeEqual } from 'node:crypto';
import { type Caller, serviceCaller } from './caller.ts';
import type { ApiKey } from './config.ts';

export type Credentials = {
  /** The `authorization` header. */
  authorization: string | null | undefined;
  /** The `x-api-key` header. */
  apiKey: string | null | undefined;
};

/** The caller behind the credentials, or null when there is none: what was wrong is nobody's business. */
export type Authenticate = (credentials: Credentials) => Caller | null;

export type AuthOptions = {
  apiKeys: readonly ApiKey[];
  /** Names whose callers may read stored tokens. @default [] */
  secretReaders?: readonly string[];
  /** Who comes without credentials while no key is configured; only the sandbox has somebody here. @default null */
  anonymous?: Caller | null;
};

/** Longer keys are refused before they are hashed. */
const maxKeyLength = 4096;

export function createAuthenticate({
  apiKeys,
  secretReaders = [],
  anonymous = null,
}: AuthOptions): Authenticate {
  const known = apiKeys.map(({ name, sha256 }) => ({
    sha256,
    caller: serviceCaller(name, secretReaders.includes(name)),
  }));
  return ({ authorization, apiKey }) => {
    const key = readKey(authorization, apiKey);
    if (key === undefined) return known.length === 0 ? anonymous : null;
    if (key === null) return null;
    const digest = hash('sha256', key, 'buffer');
    let found: Caller | null = null;
    // Every key is compared, so that the time taken says nothing about which one came close.
    for (const entry of known) if (timingSafeEqual(entry.sha256, digest)) found = entry.caller;
    return found;
  };
}

/** The key that was sent, undefined when none was, null when what was sent can't be one. */
function readKey(
  authorization: string | null | undefined,
  apiKey: string | null | undefined,
): string | null | undefined {
  let key = apiKey ?? undefined;
  if (authorization != null) {
    const match = /^ApiKey +(\S+)$/i.exec(authorization);
    // Two different keys at once: no telling whose call this is.
    if (match === null || (key !== undefined && key !== match[1])) return null;
    key = match[1];
  }
  if (key === undefined) return undefined;
  return key.length > 0 && key.length <= maxKeyLength ? key : null;
}
