/** Shape of `auth` in answers, in the order in which Novu's versions and branches had them. */
export type AuthShape = 'full' | 'accessToken' | 'hasAccessToken' | 'empty' | 'redacted' | 'missing';

export type Tier = 'free' | 'pro' | 'business' | 'unlimited';

export type NovuVersion = '3.15' | '3.19';

export type SandboxOptions = {
  /**
   * The server that is played; any option below overrides what the version sets. 3.15 is of April 2026: stored auth is
   * shown as it is, generated identifiers are short, stored errors are replayed as 503, the providerId filter fails,
   * OAuth links need an existing subscriber, chat users are not unique, every environment's integrations are listed.
   * @default '3.19'
   */
  novuVersion?: NovuVersion;
  /** The only API key that is accepted. @default 'sandbox-secret-key' */
  secretKey?: string;
  /** Whether `Idempotency-Key` is honoured; Novu has it off for most organizations. @default true */
  idempotency?: boolean;
  /**
   * How a cached error is replayed: 'new' repeats it (a refusal of a command as 400 without `errors`, a server error
   * as a new 500), 'old' answers 503. @default 'new'
   */
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
  /**
   * Off is Novu without its Redis: 503 by the rate limit, 503 for requests with an idempotency key, 503 for Telegram
   * links; each only where the request gets that far. @default true
   */
  cacheAvailable?: boolean;
  /** Milliseconds that every authenticated call waits inside its handler. @default 0 */
  latencyMs?: number;
  /**
   * Puts `latencyMs` of a create between its checks and its write. Parallel creates then race as in Novu: two with
   * equal owner and context both succeed, two with one identifier end in 201 and 500. @default false
   */
  races?: boolean;
  /**
   * Off is Novu without MONGO_AUTO_CREATE_INDEXES=true: of two racing creates with one identifier both succeed, and a
   * chat user or a tool may be added any number of times. @default true
   */
  uniqueIndexes?: boolean;
  /**
   * Whether a Slack or MS Teams user has at most one endpoint per integration; a second one is Novu's opaque 500, on
   * create and on PATCH. @default true
   */
  uniqueChatUsers?: boolean;
  /** Connections and endpoints take any subscriberId for an existing subscriber. @default false */
  knowsEverySubscriber?: boolean;
  /** Whether links for Slack and Webex create a missing subscriber, or answer 404. @default 'created' */
  oauthSubscribers?: 'created' | 'required';
  /** Whether PATCH /v2/subscribers/{id} refuses ids with other characters than Novu's pattern has. @default false */
  checksSubscriberIds?: boolean;
  /** Whether POST /v1/channel-connections/{identifier}/verify exists; no release of Novu has it. @default false */
  supportsVerify?: boolean;
  /** Off answers 404 "Feature not enabled" on connections, endpoints and OAuth routes. @default true */
  featureEnabled?: boolean;
  /** 'fails' answers 422 to every providerId filter, as older servers do. @default 'works' */
  providerIdFilter?: 'works' | 'fails';
  /**
   * What a list of connections holds for a subscriberId: 'own' the subscriber's rows, or the shared ones with
   * connectionMode=shared; 'mixed' own and shared rows together unless connectionMode tells them apart; 'exact' the
   * subscriber's rows, and connectionMode is unknown. @default 'own'
   */
  subscriberFilter?: 'own' | 'mixed' | 'exact';
  /** Generated identifiers: 'long' is `chconn_` with 12 characters, 'short' is `chconn-` with 6. @default 'long' */
  generatedIdentifiers?: 'long' | 'short';
  /** 'organization' lists the integrations of other environments too, some under one identifier. @default 'environment' */
  listedIntegrations?: 'environment' | 'organization';
  /**
   * Where OAuth links lead: to the provider, or to a page of the sandbox that plays the provider's consent and comes
   * back to the callback. @default 'provider'
   */
  consentPages?: 'provider' | 'sandbox';
  /** Rows per table; a create beyond it answers 400 "Sandbox is full". @default 50_000 */
  maxRows?: number;
  /** Requests and writes that are remembered; the oldest tenth is dropped when full. @default 10_000 */
  maxRecords?: number;
  /** Milliseconds since the epoch; drives timestamps, expiries and rate limits, not delays. @default Date.now */
  clock?: () => number;
};

export type ResolvedOptions = Required<SandboxOptions>;

const LATEST = {
  novuVersion: '3.19',
  secretKey: 'sandbox-secret-key',
  idempotency: true,
  replayMode: 'new',
  authShape: 'accessToken',
  tier: 'unlimited',
  rateLimiting: true,
  cacheAvailable: true,
  latencyMs: 0,
  races: false,
  uniqueIndexes: true,
  uniqueChatUsers: true,
  knowsEverySubscriber: false,
  oauthSubscribers: 'created',
  checksSubscriberIds: false,
  supportsVerify: false,
  featureEnabled: true,
  providerIdFilter: 'works',
  subscriberFilter: 'own',
  generatedIdentifiers: 'long',
  listedIntegrations: 'environment',
  consentPages: 'provider',
  maxRows: 50_000,
  maxRecords: 10_000,
  clock: Date.now,
} satisfies ResolvedOptions;

const VERSIONS: Readonly<Record<NovuVersion, SandboxOptions>> = {
  '3.15': {
    replayMode: 'old',
    authShape: 'full',
    uniqueChatUsers: false,
    oauthSubscribers: 'required',
    providerIdFilter: 'fails',
    subscriberFilter: 'exact',
    generatedIdentifiers: 'short',
    listedIntegrations: 'organization',
  },
  '3.19': {},
};

export const resolveOptions = (options: SandboxOptions): ResolvedOptions => ({
  ...LATEST,
  ...VERSIONS[options.novuVersion ?? LATEST.novuVersion],
  ...options,
});
