import { hash } from 'node:crypto';
import { z } from 'zod';

/** A caller's key as configured: only its SHA-256 is kept. */
export type ApiKey = { name: string; sha256: Buffer };

/** Everything that the environment says, checked. Made by `parseConfig` alone. */
export type Config = {
  /** 0 lets the system choose. */
  port: number;
  host: string;
  /** Null: the embedded sandbox. */
  novu: { url: URL; secretKey: string } | null;
  apiKeys: ApiKey[];
  /** Names among `apiKeys` whose callers may read stored tokens. */
  secretReaders: string[];
  /** Milliseconds over all tries. */
  upstreamTimeoutMs: number;
  /** Milliseconds that requests in progress get after SIGTERM. */
  shutdownGraceMs: number;
  logLevel: LogLevel;
  /** GraphiQL at /graphql. */
  playground: boolean;
};

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** All that is wrong with the environment, each line by the variable's name. Holds no value of a secret. */
export class ConfigError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** A whole number written in digits; `{ min, max }` inclusive. */
const wholeNumber = (min: number, max: number, fallback: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`)
    .default(fallback);

const switchable = z
  .enum(['on', 'off'], 'must be on or off')
  .transform((value) => value === 'on')
  .optional();

const visibleAscii = /^[\x21-\x7e]+$/;
const minKeyLength = 16;

const apiKeys = z.string().transform((text, ctx) => {
  const keys: ApiKey[] = [];
  for (const [index, entry] of text.split(',').entries()) {
    const fault = (message: string) =>
      ctx.addIssue({ code: 'custom', message: `entry ${index + 1} ${message}` });
    const colon = entry.indexOf(':');
    const name = entry.slice(0, Math.max(colon, 0)).trim();
    const key = entry.slice(colon + 1).trim();
    if (colon < 0 || !/^[A-Za-z0-9_.-]{1,64}$/.test(name)) {
      fault('must be name:key, the name of 1 to 64 letters, digits, dots, dashes and underscores');
    } else if (key.length < minKeyLength || !visibleAscii.test(key)) {
      fault(`needs a key of at least ${minKeyLength} visible ASCII characters`);
    } else {
      keys.push({ name, sha256: hash('sha256', key, 'buffer') });
    }
  }
  return keys;
});

const novuUrl = z.string().transform((text, ctx) => {
  const url = URL.parse(text);
  // The text itself is not repeated: a password may stand in it.
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    ctx.addIssue({
      code: 'custom',
      message: 'must be an http or https address, for example https://api.novu.co',
    });
  } else if (url.username !== '' || url.password !== '') {
    ctx.addIssue({ code: 'custom', message: 'must not hold a user name or password' });
  } else if (url.search !== '' || url.hash !== '') {
    ctx.addIssue({ code: 'custom', message: 'must not hold a query or fragment' });
  } else {
    return url;
  }
  return z.NEVER;
});

const environment = z.object({
  PORT: wholeNumber(0, 65_535, 4000),
  HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]+$/, 'must be a host name or an IP address')
    .default('127.0.0.1'),
  NOVU_API_URL: novuUrl.optional(),
  NOVU_SECRET_KEY: z.string().regex(visibleAscii, 'must be visible ASCII characters').optional(),
  GATEWAY_API_KEYS: apiKeys.optional(),
  GATEWAY_SECRET_READERS: z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    )
    .default([]),
  UPSTREAM_TIMEOUT_MS: wholeNumber(100, 600_000, 10_000),
  SHUTDOWN_GRACE_MS: wholeNumber(0, 600_000, 25_000),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  PLAYGROUND: switchable,
});

/**
 * Reads the gateway's variables out of an environment; others are ignored, empty ones count as not set.
 * Throws a ConfigError that lists every fault at once.
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const known: Record<string, string> = {};
  for (const name of Object.keys(environment.shape)) {
    const value = env[name]?.trim();
    if (value !== undefined && value !== '') known[name] = value;
  }
  const parsed = environment.safeParse(known);
  const faults = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  if (known['NOVU_API_URL'] !== undefined && known['NOVU_SECRET_KEY'] === undefined) {
    faults.push('NOVU_SECRET_KEY: must be set when NOVU_API_URL is (without both, the sandbox is used)');
  }
  if (known['NOVU_SECRET_KEY'] !== undefined && known['GATEWAY_API_KEYS'] === undefined) {
    faults.push(
      'GATEWAY_API_KEYS: must be set when NOVU_SECRET_KEY is, or anybody could use that key through the gateway',
    );
  }
  if (parsed.success) {
    const names = new Set(parsed.data.GATEWAY_API_KEYS?.map((key) => key.name));
    // The entry is not repeated: somebody may have put a key where a name belongs.
    for (const [index, reader] of parsed.data.GATEWAY_SECRET_READERS.entries()) {
      if (!names.has(reader))
        faults.push(`GATEWAY_SECRET_READERS: entry ${index + 1} is not a name in GATEWAY_API_KEYS`);
    }
  }
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  const data = parsed.data;
  const novu =
    data.NOVU_SECRET_KEY === undefined
      ? null
      : { url: data.NOVU_API_URL ?? new URL('https://api.novu.co'), secretKey: data.NOVU_SECRET_KEY };
  return {
    port: data.PORT,
    host: novu === null ? '127.0.0.1' : data.HOST,
    novu,
    apiKeys: data.GATEWAY_API_KEYS ?? [],
    secretReaders: data.GATEWAY_SECRET_READERS,
    upstreamTimeoutMs: data.UPSTREAM_TIMEOUT_MS,
    shutdownGraceMs: data.SHUTDOWN_GRACE_MS,
    logLevel: data.LOG_LEVEL,
    playground: data.PLAYGROUND ?? novu === null,
  };
}
