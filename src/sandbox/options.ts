/** Shape of `auth` in answers, in the order in which Novu's versions and branches had them. */
export type AuthShape = 'full' | 'accessToken' | 'hasAccessToken' | 'empty' | 'redacted' | 'missing';

export type Tier = 'free' | 'pro' | 'business' | 'unlimited';

export type SandboxOptions = {
  /** The only API key that is accepted. @default 'sandbox-secret-key' */
  secretKey?: string;
  /** Whether `Idempotency-Key` is honoured; Novu has it off for most organizations. @default true */
  idempotency?: boolean;
  /** How a cached error is replayed: 'new' repeats it, 'old' answers 503. @default 'new' */
  replayMode?: 'new' | 'old';
  /**
   * What a read shows of a connection's stored auth: `full` everything as stored, `accessToken` the token alone,
   * `hasAccessToken` a flag, `empty` an empty token with `connected` and `connectionMode` beside it,
   * `redacted` token, hasRefreshToken and both expiries, `missing` no `auth` at all. @default 'accessToken'
   */
  authShape?: AuthShape;
  /** Plan that sets the rate limits. @default 'unlimited' */
  tier?: Tier;
  /** Off means no RateLimit headers and never a 429. @default true */
  rateLimiting?: boolean;
  /** Milliseconds that every authenticated call waits inside its handler. @default 0 */
  latencyMs?: number;
  /**
   * Puts `latencyMs` of a create between its checks and its write. Parallel creates then race as in Novu: two with
   * equal owner and context both succeed, two with one identifier end in 201 and 500. @default false
   */
  races?: boolean;
  /** Any subscriberId exists. @default false */
  knowsEverySubscriber?: boolean;
  /** Whether POST /v1/channel-connections/{identifier}/verify exists. @default true */
  supportsVerify?: boolean;
  /** Off answers 404 "Feature not enabled" on connections, endpoints and OAuth routes. @default true */
  featureEnabled?: boolean;
  /** 'fails' answers 422 to every providerId filter, as older servers do. @default 'works' */
  providerIdFilter?: 'works' | 'fails';
  /** 'new' also lists shared connections for a subscriberId and knows connectionMode, 'old' matches exactly. @default 'new' */
  subscriberFilter?: 'new' | 'old';
  /** Rows per table; a create beyond it answers 400 "Sandbox is full". @default 50_000 */
  maxRows?: number;
  /** Requests and writes that are remembered; the oldest tenth is dropped when full. @default 10_000 */
  maxRecords?: number;
  /** Milliseconds since the epoch; drives timestamps, expiries and rate limits, not delays. @default Date.now */
  clock?: () => number;
};

export type ResolvedOptions = Required<SandboxOptions>;

export const resolveOptions = (options: SandboxOptions): ResolvedOptions => ({
  secretKey: 'sandbox-secret-key',
  idempotency: true,
  replayMode: 'new',
  authShape: 'accessToken',
  tier: 'unlimited',
  rateLimiting: true,
  latencyMs: 0,
  races: false,
  knowsEverySubscriber: false,
  supportsVerify: true,
  featureEnabled: true,
  providerIdFilter: 'works',
  subscriberFilter: 'new',
  maxRows: 50_000,
  maxRecords: 10_000,
  clock: Date.now,
  ...options,
});
