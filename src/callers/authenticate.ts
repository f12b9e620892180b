import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { type Caller, serviceCaller } from './caller.ts';
import { createVerifyToken, type JwtOptions } from './jwt.ts';

/** A caller's key as configured: only its SHA-256 is kept. */
export type ApiKey = { name: string; sha256: Buffer };

export type Credentials = {
  /** The `authorization` header. */
  authorization: string | null | undefined;
  /** The `x-api-key` header. */
  apiKey: string | null | undefined;
  /** The `router-authorization` header, which Apollo's and Cosmo's routers can be told to send. */
  routerAuthorization?: string | null | undefined;
};

/**
 * The caller behind the credentials; null when there is none: what was wrong is nobody's business. `signature` when
 * there are no credentials in the headers but the body may be signed.
 */
export type Authenticate = (credentials: Credentials) => Caller | 'signature' | null | Promise<Caller | null>;

export type AuthOptions = {
  apiKeys: readonly ApiKey[];
  /** Names whose callers may read stored tokens. @default [] */
  secretReaders?: readonly string[];
  /** How end users' tokens are verified. @default null: end users do not come in */
  jwt?: JwtOptions | null;
  /** What a router sends as Router-Authorization. @default null */
  routerSecret?: string | null;
  /** What Hive Gateway signs its requests with. @default null */
  hmacSecret?: string | null;
  /** Who comes without credentials while nothing is configured; only the sandbox has somebody here. @default null */
  anonymous?: Caller | null;
};

/** Longer keys are refused before they are hashed. */
const maxKeyLength = 4096;

export function createAuthenticate(options: AuthOptions): Authenticate {
  const {
    apiKeys,
    secretReaders = [],
    jwt = null,
    routerSecret = null,
    hmacSecret = null,
    anonymous = null,
  } = options;
  const known = apiKeys.map(({ name, sha256 }) => ({
    sha256,
    caller: serviceCaller(name, secretReaders.includes(name)),
  }));
  const routers =
    routerSecret === null ? [] : [{ sha256: digestOf(routerSecret), caller: serviceCaller('router', false) }];
  const verifyToken = jwt === null ? null : createVerifyToken(jwt);
  const isOpen = known.length === 0 && routers.length === 0 && verifyToken === null && hmacSecret === null;

  return ({ authorization, apiKey, routerAuthorization }) => {
    const sent = readCredentials(authorization, apiKey);
    if (sent === null) return null;
    let service: Caller | null = null;
    if (sent.key !== undefined) {
      service = findCaller(known, sent.key);
      if (service === null) return null;
    }
    if (routerAuthorization != null && routers.length > 0) {
      const router = findCaller(routers, routerAuthorization.replace(/^Bearer +/i, ''));
      if (router === null) return null;
      service ??= router;
    }
    // With a token it is the end user who calls, whoever passed the call on.
    if (sent.token !== undefined) return verifyToken === null ? null : verifyToken(sent.token);
    if (service !== null) return service;
    if (hmacSecret !== null) return 'signature';
    return isOpen ? anonymous : null;
  };
}

const digestOf = (secret: string) => hash('sha256', secret, 'buffer');

/** Every key is compared, so that the time taken says nothing about which one came close. */
function findCaller(known: readonly { sha256: Buffer; caller: Caller }[], key: string): Caller | null {
  if (key.length === 0 || key.length > maxKeyLength) return null;
  const digest = digestOf(key);
  let found: Caller | null = null;
  for (const entry of known) if (timingSafeEqual(entry.sha256, digest)) found = entry.caller;
  return found;
}

/** What was sent; null when it can't be told whose it is. */
function readCredentials(
  authorization: string | null | undefined,
  apiKey: string | null | undefined,
): { key?: string; token?: string } | null {
  const sent: { key?: string; token?: string } = apiKey == null ? {} : { key: apiKey };
  if (authorization == null) return sent;
  const match = /^(ApiKey|Bearer) +(\S+)$/i.exec(authorization);
  if (match?.[1] === undefined || match[2] === undefined) return null;
  if (match[1].toLowerCase() === 'bearer') return { ...sent, token: match[2] };
  // Two different keys at once: no telling whose call this is.
  return sent.key !== undefined && sent.key !== match[2] ? null : { key: match[2] };
}

const signatureExtension = 'hmac-signature';

export type SignedParams = { query?: unknown; variables?: unknown; extensions?: unknown };

/**
 * Checks Hive Gateway's HMAC signature of a request: base64 of HMAC-SHA256 over query and variables with sorted keys,
 * in the GraphQL extension `hmac-signature`.
 */
export function createSignatureCheck(secret: string): (params: SignedParams) => Caller | null {
  const caller = serviceCaller('hive-gateway', false);
  return ({ query, variables, extensions }) => {
    const signature =
      typeof extensions === 'object' && extensions !== null
        ? (extensions as Record<string, unknown>)[signatureExtension]
        : undefined;
    if (typeof signature !== 'string' || signature.length > 128) return null;
    const hasVariables =
      typeof variables === 'object' && variables !== null && Object.keys(variables).length > 0;
    let text: string;
    try {
      text = stableStringify({ query, ...(hasVariables && { variables }) });
    } catch {
      // Nested deeper than the stack: nobody signed that.
      return null;
    }
    const expected = createHmac('sha256', secret).update(text).digest();
    const given = Buffer.from(signature, 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected) ? caller : null;
  };
}

/** JSON with its keys sorted as text, the form that is signed; an object of ours would sort numbers its own way. */
function stableStringify(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableStringify).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${stableStringify(inner)}`).join(',')}}`;
}
