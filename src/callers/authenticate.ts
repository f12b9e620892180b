import { hash } from 'node:crypto';
import { type ApiKey, createFindService } from './api-keys.ts';
import { credentialOf, schemeOf, withoutBearer } from './authorization.ts';
import { type Caller, serviceCaller } from './caller.ts';
import { createVerifyToken, type JwtOptions } from './jwt.ts';

export type Credentials = {
  /** The `authorization` header. */
  authorization: string | null | undefined;
  /** The `x-api-key` header. */
  apiKey: string | null | undefined;
  /** The `router-authorization` header, which Apollo's and Cosmo's routers can be told to send. */
  routerAuthorization?: string | null | undefined;
};

/**
 * The caller behind the credentials; null when there is none, without a reason, which would help whoever guesses.
 * `signature` when the headers hold no credentials but the body may be signed. A promise only while a token is being
 * verified.
 */
export type Authenticate = (credentials: Credentials) => Caller | 'signature' | null | Promise<Caller | null>;

export type AuthOptions = {
  apiKeys: readonly ApiKey[];
  /** Names whose callers may read stored tokens. @default [] */
  secretReaders?: readonly string[];
  /** How end users' tokens are verified. @default null: end users are refused */
  jwt?: JwtOptions | null;
  /** What a router sends as Router-Authorization. @default null */
  routerSecret?: string | null;
  /** What Hive Gateway signs its requests with. @default null */
  hmacSecret?: string | null;
  /** The caller without credentials while nothing is configured; only the sandbox has one. @default null */
  anonymous?: Caller | null;
};

export function createAuthenticate(options: AuthOptions): Authenticate {
  const {
    apiKeys,
    secretReaders = [],
    jwt = null,
    routerSecret = null,
    hmacSecret = null,
    anonymous = null,
  } = options;
  const findService = createFindService(
    apiKeys.map(({ name, sha256 }) => ({
      sha256,
      caller: serviceCaller(name, secretReaders.includes(name)),
    })),
  );
  const findRouter =
    routerSecret === null
      ? null
      : createFindService([
          { sha256: hash('sha256', routerSecret, 'buffer'), caller: serviceCaller('router', false) },
        ]);
  const verifyToken = jwt === null ? null : createVerifyToken(jwt);
  const isOpen = apiKeys.length === 0 && findRouter === null && verifyToken === null && hmacSecret === null;

  return ({ authorization, apiKey, routerAuthorization }) => {
    let key = apiKey ?? null;
    let token: string | null = null;
    if (authorization != null) {
      const scheme = schemeOf(authorization);
      const credential = scheme === null ? null : credentialOf(authorization);
      if (credential === null) return null;
      if (scheme === 'bearer') token = credential;
      // Two different keys: it is not certain whose call this is.
      else if (key !== null && key !== credential) return null;
      else key = credential;
    }
    let service: Caller | null = null;
    if (key !== null) {
      service = findService(key);
      if (service === null) return null;
    }
    if (routerAuthorization != null && findRouter !== null) {
      const router = findRouter(withoutBearer(routerAuthorization));
      if (router === null) return null;
      service ??= router;
    }
    // With a token it is the end user who calls, whoever passed the call on.
    if (token !== null) return verifyToken === null ? null : verifyToken(token);
    if (service !== null) return service;
    if (hmacSecret !== null) return 'signature';
    return isOpen ? anonymous : null;
  };
}
