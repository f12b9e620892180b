import type { HidesValue, SecretGuard } from './secrets.ts';

/** Header names in lower case with every value, as received. */
export type ReceivedHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What Novu's `RateLimit-*` headers said. Tokens of a five-second window; `remaining` may exceed `limit` (burst). */
export type RateLimitFacts = {
  limit: number | null;
  remaining: number | null;
  resetSeconds: number | null;
  policy: string | null;
};

/** What travels beside the value of an answer. */
export type ResponseFacts = {
  readonly headers: { name: string; values: string[] }[];
  readonly rateLimit: RateLimitFacts | null;
  /** Novu echoed the key: it keeps it for 24 hours. */
  readonly idempotencyHonoured: boolean;
  /** Novu answered from its store instead of doing the work. */
  readonly idempotencyReplayed: boolean;
};

export const noFacts: ResponseFacts = {
  headers: [],
  rateLimit: null,
  idempotencyHonoured: false,
  idempotencyReplayed: false,
};

export function firstHeader(headers: ReceivedHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/**
 * Never shown: what authenticates, hop-by-hop headers (RFC 9110 section 7.6.1), what describes the bytes of
 * this one hop, what names Novu's own address, and the browser-security set that Novu's framework adds.
 */
const hidden = new Set([
  'set-cookie',
  'set-cookie2',
  'cookie',
  'authorization',
  'authentication-info',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'www-authenticate',
  'connection',
  'proxy-connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'content-length',
  'content-encoding',
  'location',
  'content-location',
  'refresh',
  'alt-svc',
  'vary',
  'content-security-policy',
  'content-security-policy-report-only',
  'strict-transport-security',
  'x-content-type-options',
  'x-frame-options',
  'x-xss-protection',
  'x-dns-prefetch-control',
  'x-download-options',
  'x-permitted-cross-domain-policies',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'origin-agent-cluster',
  'referrer-policy',
  'nel',
  'report-to',
  'reporting-endpoints',
  'x-powered-by',
  'server',
  'via',
]);

const maxHeaders = 100;
const maxHeaderLength = 8192;

/** Values whose form leaves no room for a secret: what Novu sends with nearly every answer. */
const plain: Readonly<Record<string, RegExp>> = {
  'ratelimit-limit': /^\d{1,10}$/,
  'ratelimit-remaining': /^\d{1,10}$/,
  'ratelimit-reset': /^\d{1,10}$/,
  'ratelimit-policy':
    /^\d{1,10};w=5;burst=\d{1,10};comment="token bucket";category="(?:trigger|configuration|global)";cost="(?:single|bulk|keyless)";serviceLevel="(?:free|pro|business|enterprise|unlimited|custom)"$/,
  'retry-after': /^\d{1,6}$/,
  'content-type': /^application\/json; charset=utf-8$/,
  'idempotency-replay': /^true$/,
  date: /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/,
};

const isPlain = (name: string, value: string) => plain[name]?.test(value) === true;

/**
 * Reads the facts of an answer when somebody asks for them: few do, and each value that is shown has to be held
 * against the secrets of the call.
 */
class AnswerFacts implements ResponseFacts {
  readonly #headers: ReceivedHeaders;
  readonly #guard: SecretGuard;
  #shown: ResponseFacts['headers'] | undefined;
  #rateLimit: RateLimitFacts | null | undefined;

  constructor(headers: ReceivedHeaders, guard: SecretGuard) {
    this.#headers = headers;
    this.#guard = guard;
  }

  get headers(): ResponseFacts['headers'] {
    this.#shown ??= readShown(this.#headers, this.#guard.inspector());
    return this.#shown;
  }

  get rateLimit(): RateLimitFacts | null {
    if (this.#rateLimit === undefined) this.#rateLimit = readRateLimit(this.#headers, this.#guard);
    return this.#rateLimit;
  }

  get idempotencyHonoured(): boolean {
    return this.#headers['idempotency-key'] !== undefined;
  }

  get idempotencyReplayed(): boolean {
    return firstHeader(this.#headers, 'idempotency-replay') === 'true';
  }
}

export function readFacts(headers: ReceivedHeaders, guard: SecretGuard): ResponseFacts {
  return new AnswerFacts(headers, guard);
}

function readShown(headers: ReceivedHeaders, hides: HidesValue): ResponseFacts['headers'] {
  const shown: ResponseFacts['headers'] = [];
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || hidden.has(name) || shown.length >= maxHeaders) continue;
    const values = Array.isArray(value) ? value : [value];
    const isSafe = (text: string) => isPlain(name, text) || (text.length <= maxHeaderLength && !hides(text));
    if (values.every(isSafe) && (plain[name] !== undefined || !hides(name))) shown.push({ name, values });
  }
  return shown;
}

function readRateLimit(headers: ReceivedHeaders, guard: SecretGuard): RateLimitFacts | null {
  const limit = toCount(firstHeader(headers, 'ratelimit-limit'));
  const remaining = toCount(firstHeader(headers, 'ratelimit-remaining'));
  const resetSeconds = toCount(firstHeader(headers, 'ratelimit-reset'));
  const text = firstHeader(headers, 'ratelimit-policy');
  const policy =
    text === undefined ||
    text.length > 1024 ||
    !(isPlain('ratelimit-policy', text) || !guard.inspector()(text))
      ? null
      : text;
  if (limit === null && remaining === null && resetSeconds === null && policy === null) return null;
  return { limit, remaining, resetSeconds, policy };
}

/** A whole number that fits GraphQL's Int, else null. */
export function toCount(text: string | undefined): number | null {
  if (text === undefined || !/^\s*\d{1,10}\s*$/.test(text)) return null;
  const value = Number(text);
  return value <= 2_147_483_647 ? value : null;
}

/** Milliseconds that `Retry-After` asks for (RFC 9110 section 10.2.3: seconds or an HTTP date), or null. */
export function readRetryAfterMs(headers: ReceivedHeaders, now: number): number | null {
  const text = firstHeader(headers, 'retry-after');
  if (text === undefined) return null;
  const isSeconds = /^\s*\d+(?:\.\d+)?\s*$/.test(text);
  // Date.parse finds years in almost anything; an HTTP date begins with the day's name.
  const ms = isSeconds
    ? Math.ceil(Number(text) * 1000)
    : /^\s*[A-Za-z]{3}/.test(text)
      ? Date.parse(text) - now
      : Number.NaN;
  return Number.isNaN(ms) ? null : Math.min(Math.max(0, ms), 2_147_483_647);
}
