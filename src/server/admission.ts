import type { Authenticate } from '../callers/authenticate.ts';
import type { Caller } from '../callers/caller.ts';
import { codingOf, codings } from './inflate.ts';
import type { Refusal } from './refusal.ts';

/** A request as far as its first line and its headers go. */
export type Incoming = {
  method: string;
  /** Path and query, as sent. */
  target: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Names and values in turn, as sent; only node:http has them. */
  rawHeaders?: readonly string[];
};

export type AdmissionOptions = {
  authenticate: Authenticate;
  /** Origins whose pages may call. */
  corsOrigins: readonly string[];
  /** Ask GET requests for a header that a page of another origin can't send unasked. */
  guardGet: boolean;
  /**
   * Take only requests whose Host names this machine: a page whose name was made to point here (DNS rebinding) is not
   * one of the callers that an open sandbox is for.
   */
  loopbackHostsOnly: boolean;
  /** Bytes of a request body, and of what it is without its compression. */
  maxBodyBytes: number;
};

type Check = (incoming: Incoming, options: AdmissionOptions) => Refusal | null;

const badAddress: Refusal = {
  status: 400,
  code: 'BAD_REQUEST',
  message: 'The address of the request is not valid.',
};

/** Headers that make a browser ask first (CORS preflight); Apollo's clients and routers send one of them. */
const preflightHeaders = ['x-apollo-operation-name', 'apollo-require-preflight', 'graphql-require-preflight'];

/** What a request must be before anybody asks who calls. */
const addressChecks: readonly Check[] = [
  // `//host/graphql` is an address of another host to whoever resolves it; Host can be there once (RFC 9112, 3.2).
  ({ target, headers, rawHeaders }) => {
    if (!target.startsWith('/') || target.startsWith('//') || target.startsWith('/\\')) return badAddress;
    if (!isHost(single(headers['host']))) return badAddress;
    return rawHeaders !== undefined && countLines(rawHeaders, 'host') > 1 ? badAddress : null;
  },
  ({ headers }, { loopbackHostsOnly }) =>
    loopbackHostsOnly && !isLoopback(single(headers['host']))
      ? { status: 403, code: 'CROSS_SITE_REQUEST', message: 'The sandbox is open under localhost only.' }
      : null,
];

/** Node keeps the first of two authorization lines silently; which of them a proxy looked at cannot be known. */
const checkCredentialLines: Check = ({ rawHeaders, method }) =>
  rawHeaders !== undefined &&
  (countLines(rawHeaders, 'authorization') > 1 || countLines(rawHeaders, 'x-api-key') > 1)
    ? method === 'POST'
      ? unauthenticated
      : {
          status: 400,
          code: 'BAD_REQUEST',
          message: 'A header that says who calls was sent twice.',
        }
    : null;

/** What a request of a known caller must be. */
const requestChecks: readonly Check[] = [
  ({ target }) =>
    pathOf(target) === '/graphql'
      ? null
      : { status: 404, code: 'BAD_REQUEST', message: 'There is nothing at this address.' },
  ({ headers }, { corsOrigins }) => {
    const site = single(headers['sec-fetch-site']);
    if (site !== 'cross-site' && site !== 'same-site') return null;
    if (corsOrigins.includes(single(headers['origin']) ?? '')) return null;
    return {
      status: 403,
      code: 'CROSS_SITE_REQUEST',
      message: 'Pages of this origin may not call: the operator can list it in CORS_ORIGINS.',
    };
  },
  ({ method, headers }, { guardGet }) =>
    !guardGet ||
    method !== 'GET' ||
    isJson(single(headers['content-type'])) ||
    preflightHeaders.some((name) => headers[name] !== undefined)
      ? null
      : {
          status: 400,
          code: 'CROSS_SITE_REQUEST',
          message: `A GET request needs one of the headers ${preflightHeaders.join(', ')}, or content-type: application/json.`,
        },
  ({ method, headers }) =>
    method !== 'POST' || isJson(single(headers['content-type']))
      ? null
      : { status: 415, code: 'BAD_REQUEST', message: 'The body must be application/json in UTF-8.' },
  ({ method, headers }) => {
    return method !== 'POST' || codingOf(single(headers['content-encoding'])) !== null
      ? null
      : {
          status: 415,
          code: 'BAD_REQUEST',
          message: `A body may be compressed as one of ${codings}.`,
          headers: { 'accept-encoding': codings },
        };
  },
  ({ headers }, { maxBodyBytes }) =>
    Number(single(headers['content-length']) ?? 0) > maxBodyBytes ? tooLarge(maxBodyBytes) : null,
];

export const unauthenticated: Refusal = {
  status: 401,
  code: 'UNAUTHENTICATED',
  message: 'The credentials are missing or not valid.',
  headers: { 'www-authenticate': 'ApiKey, Bearer' },
};

export const overloaded: Refusal = {
  status: 503,
  code: 'OVERLOADED',
  message: 'Too many requests are in progress.',
  headers: { 'retry-after': '1' },
};

export const notJson: Refusal = {
  status: 400,
  code: 'BAD_REQUEST',
  message: 'The body is not JSON in UTF-8.',
};

export const notInflatable: Refusal = {
  status: 400,
  code: 'BAD_REQUEST',
  message: 'The body is not compressed as Content-Encoding says.',
};

export const notObject: Refusal = {
  status: 400,
  code: 'BAD_REQUEST',
  message: 'The body must be a JSON object.',
};

export const tooLarge = (maxBodyBytes: number): Refusal => ({
  status: 413,
  code: 'PAYLOAD_TOO_LARGE',
  message: `The body must have at most ${maxBodyBytes} bytes.`,
});

/**
 * What a request must be to be taken, once: every way in asks here, in this order. `address`, then `caller`, then
 * `request`; the page of the playground is for strangers and needs the first alone.
 */
export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  address(incoming: Incoming): Refusal | null {
    return findRefusal(addressChecks, incoming, this.#options);
  }

  /** Who calls; `signature` when the headers name nobody, but the body may be signed. A check that fails lets nobody in. */
  caller(incoming: Incoming): Caller | 'signature' | Refusal | Promise<Caller | 'signature' | Refusal> {
    const refusal = checkCredentialLines(incoming, this.#options);
    if (refusal !== null) return refusal;
    const { headers } = incoming;
    try {
      const found = this.#options.authenticate({
        authorization: single(headers['authorization']),
        apiKey: single(headers['x-api-key']),
        routerAuthorization: single(headers['router-authorization']),
      });
      if (!(found instanceof Promise)) return found ?? unauthenticated;
      return found.then(
        (caller) => caller ?? unauthenticated,
        () => unauthenticated,
      );
    } catch {
      return unauthenticated;
    }
  }

  request(incoming: Incoming): Refusal | null {
    return findRefusal(requestChecks, incoming, this.#options);
  }

  /** The headers that let a page of a listed origin read the answer (Fetch standard, "CORS protocol"). */
  corsHeaders({ headers }: Incoming): Readonly<Record<string, string>> | null {
    const origin = single(headers['origin']);
    if (origin === undefined || !this.#options.corsOrigins.includes(origin)) return null;
    return { 'access-control-allow-origin': origin, vary: 'Origin' };
  }

  /** The answer to a browser that asks before it calls; null when the request is no such question. */
  preflight(incoming: Incoming): { status: number; headers: Readonly<Record<string, string>> } | null {
    if (incoming.method !== 'OPTIONS' || this.#options.corsOrigins.length === 0) return null;
    return {
      status: 204,
      headers: {
        ...this.corsHeaders(incoming),
        ...(this.corsHeaders(incoming) !== null && preflightAnswer),
        'content-length': '0',
      },
    };
  }
}

const preflightAnswer = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': [
    'content-type',
    'authorization',
    'x-api-key',
    'idempotency-key',
    'x-request-timeout-ms',
    'x-request-id',
    'x-apollo-operation-name',
    'apollo-require-preflight',
    'graphql-require-preflight',
    'apollographql-client-name',
    'apollographql-client-version',
  ].join(', '),
  'access-control-max-age': '600',
};

function findRefusal(
  checks: readonly Check[],
  incoming: Incoming,
  options: AdmissionOptions,
): Refusal | null {
  for (const check of checks) {
    const refusal = check(incoming, options);
    if (refusal !== null) return refusal;
  }
  return null;
}

/** JSON in UTF-8 is the one form of body: the others are how browsers are made to post across sites. */
function isJson(contentType: string | undefined): boolean {
  return (
    contentType === 'application/json' ||
    (contentType !== undefined &&
      /^\s*application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?\s*$/i.test(contentType))
  );
}

/** Whether an address can be made of it; Yoga answers an error of its own, with its stack, where none can. */
function isHost(host: string | undefined): boolean {
  if (host === undefined || host === '') return true;
  const known = hosts.get(host);
  if (known !== undefined) return known;
  const valid = /^[\w.:[\]-]*$/.test(host) && URL.canParse(`http://${host}`);
  // Whoever sends a new name each time must not make it grow.
  if (hosts.size >= maxHosts) hosts.clear();
  hosts.set(host, valid);
  return valid;
}
const hosts = new Map<string, boolean>();
const maxHosts = 64;

function isLoopback(host: string | undefined): boolean {
  return host !== undefined && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i.test(host);
}

/** The path of a target, without its query. */
export function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}

function countLines(rawHeaders: readonly string[], wanted: string): number {
  let lines = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === wanted.length && name.toLowerCase() === wanted) lines += 1;
  }
  return lines;
}

/** Node joins repeated headers with a comma; a list cannot say which of them counts. */
export function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
