/** How the gateway talks to Novu. Every field has a default but the address and the key. */
export type UpstreamOptions = {
  /** Base address of Novu's API, for example https://api.novu.co. A path in it is kept as a prefix. */
  url: URL;
  /** The environment's secret key, sent as `Authorization: ApiKey <key>` (Novu compares the scheme case-sensitively). */
  secretKey: string;
  /** Milliseconds over all tries of a read. @default 10000 */
  readTimeoutMs?: number;
  /** Milliseconds over all tries of a write, reading back included. @default 10000 */
  writeTimeoutMs?: number;
  /** Kept-alive HTTP/1.1 connections to Novu. @default 64 */
  connections?: number;
  /** Calls that may wait for one of those connections; one more fails at once. @default 256 */
  maxQueue?: number;
  /** Bytes of one answer of Novu; a longer one is cut off. A full list of 100 is some 60 KB. @default 8388608 */
  maxResponseBytes?: number;
  /** Failures in a row (no connection, no answer, 5xx) after which calls fail at once. @default 20 */
  breakerThreshold?: number;
  /** Milliseconds until one call may probe a Novu that was down. @default 2000 */
  breakerProbeMs?: number;
};

export type ResolvedUpstreamOptions = Required<UpstreamOptions>;

const defaults = {
  readTimeoutMs: 10_000,
  writeTimeoutMs: 10_000,
  connections: 64,
  maxQueue: 256,
  maxResponseBytes: 8 * 1024 * 1024,
  breakerThreshold: 20,
  breakerProbeMs: 2_000,
};

/** Applies the defaults once. Throws a TypeError that names the wrong option. */
export function resolveUpstreamOptions(options: UpstreamOptions): ResolvedUpstreamOptions {
  const resolved = { ...defaults, ...options };
  for (const name of Object.keys(defaults) as (keyof typeof defaults)[]) {
    const value = resolved[name];
    if (!Number.isInteger(value) || value < (name === 'maxQueue' ? 0 : 1)) {
      throw new TypeError(`upstream.${name} must be a positive whole number`);
    }
  }
  return resolved;
}
