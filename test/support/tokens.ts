import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type JWK, type JWTHeaderParameters, SignJWT } from 'jose';
import { type Scope, scopes } from '../../src/callers/caller.ts';

export const issuer = 'https://issuer.test/';
export const audience = 'novu-graphql';

type Claims = Record<string, unknown>;
type Header = Partial<JWTHeaderParameters> & Record<string, unknown>;

export type Signer = {
  publicPem: string;
  privateKey: KeyObject;
  jwk: JWK;
  /** The gateway's variables for tokens of this one key. */
  env: Record<string, string>;
  /** A good token of subscriber-123 with every scope, for five minutes, unless the claims say otherwise; undefined leaves one out. */
  sign(claims?: Claims, header?: Header): Promise<string>;
};

/** Whoever makes the tokens of end users, with a key pair of its own. */
export async function createSigner(kid = 'key-1'): Promise<Signer> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    publicPem,
    privateKey,
    jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' },
    env: {
      JWT_PUBLIC_KEY: publicPem,
      JWT_ISSUER: issuer,
      JWT_AUDIENCE: audience,
      JWT_CONTEXT_CLAIM: 'contexts',
    },
    sign: (claims, header) =>
      new SignJWT(claimsOf(claims)).setProtectedHeader({ alg: 'ES256', kid, ...header }).sign(privateKey),
  };
}

/** The claims of a good token with those given replaced. */
export function claimsOf(changes: Claims = {}): Claims {
  const now = Math.floor(Date.now() / 1000);
  const claims: Claims = {
    iss: issuer,
    aud: audience,
    sub: 'subscriber-123',
    exp: now + 300,
    scope: scopes.join(' '),
    ...changes,
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

export const scopeClaim = (...granted: Scope[]): Claims => ({ scope: granted.join(' ') });

/** Three parts that nobody signed: for `alg: none` and other inventions. */
export function unsignedToken(header: Header, claims: Claims = {}, signature = ''): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claimsOf(claims))}.${signature}`;
}

export type KeyServer = AsyncDisposable & {
  url: URL;
  /** Paths that were asked for, in order. */
  asked: string[];
  keys: JWK[];
  /** How it answers; the keys unless set. */
  answer: ((req: IncomingMessage, res: ServerResponse) => void) | null;
  /** Resolves when it is asked the next time. */
  whenAsked(): Promise<void>;
};

/** Serves keys at /keys (RFC 7517) on a port of its own. */
export async function startKeyServer(...signers: Signer[]): Promise<KeyServer> {
  const asked: string[] = [];
  let waiting: (() => void)[] = [];
  const server = createServer((req, res) => {
    asked.push(req.url ?? '');
    for (const resolve of waiting) resolve();
    waiting = [];
    if (keyServer.answer !== null) keyServer.answer(req, res);
    else
      res
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ keys: keyServer.keys }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const keyServer: KeyServer = {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`),
    asked,
    keys: signers.map(({ jwk }) => jwk),
    answer: null,
    whenAsked() {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      return promise;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return keyServer;
}
