import { ApiError, httpError } from './errors.ts';
import type { ResolvedOptions, Tier } from './options.ts';

export type Category = 'trigger' | 'configuration' | 'global';

/** Paths that are not `global`, each with all that is below it (Novu's ThrottlerCategory by controller). */
const CATEGORIES: readonly (readonly [path: string, category: Category])[] = [
  ['/v1/events', 'trigger'],
  ['/v1/channel-connections', 'configuration'],
  ['/v1/channel-endpoints', 'configuration'],
  ['/v1/domains', 'configuration'],
  ['/v1/subscribers', 'configuration'],
  ['/v2/subscribers', 'configuration'],
  ['/v1/topics', 'configuration'],
  ['/v2/topics', 'configuration'],
  ['/v2/workflows', 'configuration'],
  ['/v2/layouts', 'configuration'],
];

export const categoryOf = (path: string): Category =>
  CATEGORIES.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`))?.[1] ?? 'global';

const REQUESTS_PER_SECOND: Record<Category, Record<Tier, number>> = {
  trigger: { free: 60, pro: 240, business: 600, unlimited: 6000 },
  configuration: { free: 20, pro: 80, business: 200, unlimited: 2000 },
  global: { free: 30, pro: 120, business: 300, unlimited: 3000 },
};

const WINDOW_SECONDS = 5;
const BURST = 1.1;
const COST = 1;

export const tooManyRequests = (): ApiError => new ApiError(429, 'API rate limit exceeded', {});

export type RateLimit = {
  /** Takes one token and reports on `headers`; throws 429 when there is none, 503 without a cache. */
  take(category: Category, headers: Record<string, string>): void;
  /** The headers of a refusal, without touching the bucket. */
  refusal(category: Category, retryAfterSeconds: number): Record<string, string>;
  clear(): void;
};

type Bucket = { tokens: number; lastRefill: number; expires: number };

/** One token bucket per category, refilled lazily: nothing is added while it still holds a token. */
export function createRateLimit(options: ResolvedOptions): RateLimit {
  const buckets = new Map<string, Bucket>();
  const blockedUntil = new Map<string, number>();

  function describe(category: Category, remaining: number, reset: number): Record<string, string> {
    const limit = REQUESTS_PER_SECOND[category][options.tier] * WINDOW_SECONDS;
    const policy = [
      limit,
      `w=${WINDOW_SECONDS}`,
      `burst=${Math.floor(limit * BURST)}`,
      'comment="token bucket"',
      `category="${category}"`,
      'cost="single"',
      `serviceLevel="${options.tier}"`,
    ];
    return {
      'RateLimit-Limit': `${limit}`,
      'RateLimit-Remaining': `${remaining}`,
      'RateLimit-Reset': `${reset}`,
      'RateLimit-Policy': policy.join(';'),
    };
  }

  function evaluate(category: Category): { remaining: number; reset: number } {
    const now = options.clock();
    const id = `${category}:${options.tier}`;
    const blocked = blockedUntil.get(id);
    if (blocked !== undefined && blocked > now) return { remaining: -1, reset: blocked };
    blockedUntil.delete(id);

    const limit = REQUESTS_PER_SECOND[category][options.tier] * WINDOW_SECONDS;
    const burst = Math.floor(limit * BURST);
    const fillInterval = (WINDOW_SECONDS * 1000) / limit;
    const known = buckets.get(id);
    const fresh = { tokens: burst, lastRefill: now, expires: now + WINDOW_SECONDS * 2000 };
    const bucket = known && known.expires > now ? known : fresh;
    buckets.set(id, bucket);

    if (bucket.tokens < COST) {
      const added = Math.floor((now - bucket.lastRefill) / fillInterval);
      const tokens = Math.min(burst, bucket.tokens + added);
      if (tokens < COST) {
        const reset = bucket.lastRefill + (COST - bucket.tokens) * fillInterval;
        blockedUntil.set(id, reset);
        return { remaining: -1, reset };
      }
      bucket.tokens = tokens;
      bucket.lastRefill += added * fillInterval;
      bucket.expires = now + WINDOW_SECONDS * 2000;
    }
    bucket.tokens -= COST;
    return { remaining: bucket.tokens, reset: bucket.lastRefill + fillInterval };
  }

  return {
    take(category, headers) {
      if (!options.cacheAvailable) throw httpError(503, 'Rate limiting cache service is not available');
      const { remaining, reset } = evaluate(category);
      const seconds = Math.max(0, Math.ceil((reset - options.clock()) / 1000));
      Object.assign(headers, describe(category, Math.max(0, remaining), seconds));
      if (remaining >= 0) return;
      headers['Retry-After'] = `${seconds}`;
      throw tooManyRequests();
    },
    refusal: (category, retryAfterSeconds) => ({
      ...describe(category, 0, retryAfterSeconds),
      'Retry-After': `${retryAfterSeconds}`,
    }),
    clear() {
      buckets.clear();
      blockedUntil.clear();
    },
  };
}
