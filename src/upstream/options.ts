import type { Observer } from './observer.ts';

/** How the gateway talks to Novu. Every field has a default but the address and the key. */
export type UpstreamOptions = {
  /** Base address of Novu's API, for example https://api.novu.co. A path in it is kept as a prefix. */
  url: URL;
  /** The environment's secret key, sent as `Authorization: ApiKey <key>` (Novu compares the scheme case-sensitively). */
  secretKey: string;
  /** What identifiers are derived with from idempotency keys. @default the secret key */
  identifierSecret?: string | null;
  /** Earlier identifier secrets: rows made with them are still found, at one more read for each create. @default none */
  previousIdentifierSecrets?: readonly string[];
  /** Milliseconds over all tries of a read. @default 10000 */
  readTimeoutMs?: number;
  /** Milliseconds over all tries of a write, reading back included. @default 10000 */
  writeTimeoutMs?: number;
  /** Kept-alive HTTP/1.1 connections to Novu, and so calls in flight; one more is kept for probes. @default 64 */
  connections?: number;
  /** Calls in flight of one caller. @default three quarters of `connections` */
  maxInFlightPerCaller?: number;
  /** Calls that may wait for their turn, each until its deadline. @default 4096 */
  maxQueue?: number;
  /** Calls of one caller that may wait for their turn; one more fails at once. @default 1024 */
  maxQueuePerCaller?: number;
  /** Calls that a service sends for each one of an end user, while both have calls waiting. @default 8 */
  serviceWeight?: number;
  /** Bytes of one answer of Novu; a longer one is cut off. A full list of 100 is some 60 KB. @default 8388608 */
  maxResponseBytes?: number;
  /** Failures in a row (no connection, no answer, 5xx; see `Breaker`) after which calls fail at once. @default 20 */
  breakerThreshold?: number;
  /** Milliseconds between two probes of a Novu that is down. @default 2000 */
  breakerProbeMs?: number;
  /** Is told of every try. @default nobody */
  observer?: Observer;
};

export type ResolvedUpstreamOptions = Required<Omit<UpstreamOptions, 'observer'>> &
  Pick<UpstreamOptions, 'observer'>;

const defaults = {
  readTimeoutMs: 10_000,
  writeTimeoutMs: 10_000,
  connections: 64,
  maxQueue: 4_096,
  maxQueuePerCaller: 1_024,
  serviceWeight: 8,
  maxResponseBytes: 8 * 1024 * 1024,
  breakerThreshold: 20,
  breakerProbeMs: 2_000,
};

const mayBeZero: ReadonlySet<string> = new Set(['maxQueue', 'maxQueuePerCaller']);

/** Applies the defaults once. Throws a TypeError that names the wrong option. */
export function resolveUpstreamOptions(options: UpstreamOptions): ResolvedUpstreamOptions {
  const withDefaults = { identifierSecret: null, previousIdentifierSecrets: [], ...defaults, ...options };
  if ([withDefaults.identifierSecret, ...withDefaults.previousIdentifierSecrets].includes(''))
    throw new TypeError('upstream.identifierSecret and previousIdentifierSecrets must not be empty');
  const resolved = {
    ...withDefaults,
    maxInFlightPerCaller: options.maxInFlightPerCaller ?? Math.ceil(withDefaults.connections * 0.75),
  };
  for (const name of [...Object.keys(defaults), 'maxInFlightPerCaller']) {
    const value: unknown = resolved[name as keyof typeof resolved];
    if (!Number.isInteger(value) || (value as number) < (mayBeZero.has(name) ? 0 : 1)) {
      throw new TypeError(`upstream.${name} must be a positive whole number`);
    }
  }
  return resolved;
}
