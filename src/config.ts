import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { ApiKey } from './callers/api-keys.ts';
import type { JwtOptions } from './callers/jwt.ts';
import type { Limits } from './operations/limits.ts';

/** Everything that the environment says, checked. Made by `parseConfig` alone. */
export type Config = {
  /** 0 lets the system choose. */
  port: number;
  host: string;
  /** Null: the embedded sandbox. */
  novu: { url: URL; secretKey: string } | null;
  /** Whether the embedded sandbox stands in for Novu; what is closed in production is then open. */
  isSandbox: boolean;
  apiKeys: ApiKey[];
  /** Names among `apiKeys` whose callers may read stored tokens. */
  secretReaders: string[];
  /** How end users' tokens are verified; null: end users are refused. */
  jwt: JwtOptions | null;
  routerSecret: string | null;
  hmacSecret: string | null;
  /** What identifiers of new rows are derived with; null: the key of Novu is taken. */
  identifierSecret: string | null;
  /** Earlier ones: rows whose identifiers were derived with them are still found. */
  identifierSecretsPrevious: string[];
  /** Milliseconds over all tries of a read and of a write. */
  readTimeoutMs: number;
  writeTimeoutMs: number;
  /** Milliseconds that requests in progress get after SIGTERM. */
  shutdownGraceMs: number;
  logLevel: LogLevel;
  /** GraphiQL at /graphql. */
  playground: boolean;
  /** Whether the schema may be asked for, and names suggested. */
  introspection: boolean;
  /** Requests in progress; one more is answered 503. */
  maxInFlight: number;
  /** Bytes that prepared documents may hold in memory. */
  documentsCacheBytes: number;
  limits: Limits;
  /** Origins whose pages may call from a browser; none by default. */
  corsOrigins: string[];
  persistedOperations: PersistedOptions;
  /** What whoever starts it should know: variables that are not heeded, names that look misspelt. No value. */
  notes: string[];
};

export type PersistedOptions = {
  /** `only`: nothing but the file's documents; `prefer`: those, and others too. */
  mode: 'off' | 'prefer' | 'only';
  file: string | null;
  /** Automatic persisted queries, kept in memory. */
  apq: boolean;
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

/** A whole number written in digits; `min` and `max` inclusive. */
const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);

const switchable = () =>
  z
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
    const add = (sha256: Buffer) => {
      if (keys.some((other) => other.name !== name && other.sha256.equals(sha256)))
        fault('has the key of another name: no telling whose call it would be');
      else keys.push({ name, sha256 });
    };
    if (colon < 0 || !/^[A-Za-z0-9_.-]{1,64}$/.test(name)) {
      fault('must be name:key, the name of 1 to 64 letters, digits, dots, dashes and underscores');
    } else if (key.startsWith('sha256:')) {
      if (/^sha256:[0-9a-f]{64}$/i.test(key)) add(Buffer.from(key.slice(7), 'hex'));
      else fault('needs 64 hexadecimal digits after sha256:');
    } else if (key.length < minKeyLength || !visibleAscii.test(key)) {
      fault(`needs a key of at least ${minKeyLength} visible ASCII characters`);
    } else {
      add(hash('sha256', key, 'buffer'));
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

const listOf = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const isLoopback = (host: string) => /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(host);

const jwksUrl = z.string().transform((text, ctx) => {
  const url = URL.parse(text);
  if (
    url === null ||
    !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
  ) {
    ctx.addIssue({ code: 'custom', message: 'must be an https address (http on loopback only)' });
  } else if (url.username !== '' || url.password !== '') {
    // fetch refuses such an address, and with it every token.
    ctx.addIssue({ code: 'custom', message: 'must not hold a user name or password' });
  } else {
    return url;
  }
  return z.NEVER;
});

const publicKey = z.string().transform((text, ctx) => {
  const pem = text.replaceAll('\\n', '\n');
  try {
    if (!/PRIVATE KEY/.test(pem) && canVerify(createPublicKey(pem))) return pem;
  } catch {
    // Said below: what OpenSSL says may repeat the text.
  }
  ctx.addIssue({
    code: 'custom',
    message:
      'must be a public key in PEM (-----BEGIN PUBLIC KEY-----): RSA of at least 2048 bits, P-256, P-384, P-521 or Ed25519',
  });
  return z.NEVER;
});

const curves: ReadonlySet<string | undefined> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/** Whether tokens can be signed for this key by an algorithm that is taken (RFC 7518 section 3.1, RFC 8037). */
function canVerify({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType === 'rsa') return (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
  if (asymmetricKeyType === 'ec') return curves.has(asymmetricKeyDetails?.namedCurve);
  return asymmetricKeyType === 'ed25519';
}

const secret = z
  .string()
  .regex(visibleAscii, 'must be visible ASCII characters')
  .min(minKeyLength, `must have at least ${minKeyLength} characters`);

const origins = listOf.refine(
  (list) => list.every((origin) => URL.parse(origin)?.origin === origin && !origin.includes('*')),
  'must be origins such as https://app.example.com, separated by commas',
);

const secrets = z.string().transform((text, ctx) =>
  text.split(',').map((entry, index) => {
    const parsed = secret.safeParse(entry.trim());
    if (parsed.success) return parsed.data;
    for (const { message } of parsed.error.issues)
      ctx.addIssue({ code: 'custom', message: `entry ${index + 1} ${message}` });
    return z.NEVER;
  }),
);

/** What the README says about a variable, in Markdown. */
type VariableText = {
  description: string;
  /** Where the rule itself has none to show. */
  default?: string;
  /** A secret: not taken as an argument, never printed, and read from a file where `NAME_FILE` is set. @default false */
  isSecret?: boolean;
  /** Has a meaning in front of a real Novu alone: without NOVU_SECRET_KEY it is a fault. @default false */
  needsNovu?: boolean;
  /** Says who may call: taken over without a restart, and read from a file where `NAME_FILE` is set. @default false */
  rotates?: boolean;
};

const texts = z.registry<VariableText>();

const environment = z.object({
  PORT: wholeNumber(0, 65_535).default(4000).register(texts, {
    description: 'port to listen on; 0 for any',
  }),
  HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]+$/, 'must be a host name or an IP address')
    .default('127.0.0.1')
    .register(texts, {
      description: 'address to listen on; the sandbox always listens on 127.0.0.1',
    }),
  NOVU_API_URL: novuUrl.optional().register(texts, {
    needsNovu: true,
    default: '`https://api.novu.co`',
    description: "Novu's address; `https://eu.api.novu.co` for the EU; http on loopback only",
  }),
  NOVU_SECRET_KEY: z
    .string()
    .regex(visibleAscii, 'must be visible ASCII characters')
    .optional()
    .register(texts, {
      isSecret: true,
      description: "your environment's key; without it the sandbox is used",
    }),
  ALLOW_INSECURE_NOVU: switchable().register(texts, {
    needsNovu: true,
    default: '`off`',
    description:
      'whether `NOVU_API_URL` may be http on another machine, where keys and tokens travel unencrypted: on or off',
  }),
  GATEWAY_API_KEYS: apiKeys.default([]).register(texts, {
    isSecret: true,
    rotates: true,
    needsNovu: true,
    description:
      '`name:key` pairs, comma separated, of the services that may call; keys of at least 16 characters, or `name:sha256:<hex digest>`; a name may come twice, to rotate its key',
  }),
  GATEWAY_SECRET_READERS: listOf.default([]).register(texts, {
    rotates: true,
    needsNovu: true,
    description: 'names of those services that may read stored tokens',
  }),
  JWT_JWKS_URL: jwksUrl.optional().register(texts, {
    rotates: true,
    needsNovu: true,
    description: "where the keys of your end users' tokens are (https; http on loopback only)",
  }),
  JWT_PUBLIC_KEY: publicKey.optional().register(texts, {
    rotates: true,
    needsNovu: true,
    description: 'or the one public key, in PEM (`\\n` for line ends)',
  }),
  JWT_ISSUER: z
    .string()
    .optional()
    .register(texts, { rotates: true, needsNovu: true, description: 'required with either' }),
  JWT_AUDIENCE: z
    .string()
    .optional()
    .register(texts, { rotates: true, needsNovu: true, description: 'required with either' }),
  JWT_SUBSCRIBER_CLAIM: z
    .string()
    .default('sub')
    .register(texts, { rotates: true, needsNovu: true, description: "claim with the subscriber's id" }),
  JWT_CONTEXT_CLAIM: z.string().optional().register(texts, {
    rotates: true,
    needsNovu: true,
    description: 'claim with a list of context keys (`type:id`) that the end user may use',
  }),
  ROUTER_SECRET: secret.optional().register(texts, {
    isSecret: true,
    rotates: true,
    needsNovu: true,
    description: 'what a federation router sends as `Router-Authorization`',
  }),
  HMAC_SECRET: secret.optional().register(texts, {
    isSecret: true,
    rotates: true,
    needsNovu: true,
    description: 'what Hive Gateway signs its requests with',
  }),
  IDENTIFIER_SECRET: secret.optional().register(texts, {
    isSecret: true,
    needsNovu: true,
    default: 'derived from `NOVU_SECRET_KEY`',
    description:
      'what the identifiers of new rows are derived with, so that nobody else can compute them; set it before you rotate the key of Novu',
  }),
  IDENTIFIER_SECRET_PREVIOUS: secrets.default([]).register(texts, {
    isSecret: true,
    needsNovu: true,
    description: 'earlier identifier secrets, comma separated: rows made with them are still found',
  }),
  UPSTREAM_TIMEOUT_MS: wholeNumber(100, 600_000).default(10_000).register(texts, {
    description: 'milliseconds for one operation towards Novu, over all tries',
  }),
  READ_TIMEOUT_MS: wholeNumber(100, 600_000).optional().register(texts, {
    default: 'as above',
    description: 'the same for reads alone',
  }),
  WRITE_TIMEOUT_MS: wholeNumber(100, 600_000).optional().register(texts, {
    default: 'as above',
    description: 'the same for writes alone',
  }),
  SHUTDOWN_GRACE_MS: wholeNumber(0, 600_000).default(25_000).register(texts, {
    description: 'milliseconds that requests in progress get after SIGTERM',
  }),
  MAX_IN_FLIGHT: wholeNumber(1, 100_000).default(1000).register(texts, {
    description: 'requests in progress; one more is answered 503',
  }),
  LOG_LEVEL: z
    .enum(logLevels, `must be one of ${logLevels.join(', ')}`)
    .default('info')
    .register(texts, { description: logLevels.join(', ') }),
  PLAYGROUND: switchable().register(texts, {
    default: 'on in the sandbox',
    description: 'GraphiQL at /graphql: on or off',
  }),
  INTROSPECTION: switchable().register(texts, {
    default: 'on in the sandbox',
    description: 'whether the schema may be asked for: on or off',
  }),
  CORS_ORIGINS: origins.default([]).register(texts, {
    description: 'origins whose pages may call, comma separated',
  }),
  PERSISTED_OPERATIONS: z
    .enum(['off', 'prefer', 'only'], 'must be off, prefer or only')
    .default('off')
    .register(texts, {
      description: '`only`: nothing but the documents of the file; `prefer`: those by id, others too',
    }),
  PERSISTED_OPERATIONS_FILE: z.string().optional().register(texts, {
    description: "Apollo's manifest, or a JSON object of id to document",
  }),
  APQ: switchable().register(texts, {
    default: '`off`',
    description: 'automatic persisted queries, kept in memory: on or off',
  }),
  DOCUMENTS_CACHE_BYTES: wholeNumber(65_536, 1_073_741_824).default(33_554_432).register(texts, {
    description: 'bytes of memory for documents that were prepared before',
  }),
  LIMIT_BODY_BYTES: wholeNumber(1024, 16_777_216).default(131_072).register(texts, {
    description: 'bytes of a request body',
  }),
  LIMIT_DOCUMENT_CHARACTERS: wholeNumber(1000, 1_000_000).default(15_000).register(texts, {
    description: 'characters of a document',
  }),
  LIMIT_TOKENS: wholeNumber(100, 100_000).default(1000).register(texts, {
    description: 'tokens of a document',
  }),
  LIMIT_DEPTH: wholeNumber(7, 100).default(12).register(texts, { description: 'levels of nested fields' }),
  LIMIT_FIELDS: wholeNumber(100, 100_000).default(1000).register(texts, {
    description: 'fields of an operation, those of a fragment wherever it is spread',
  }),
  LIMIT_SIZE: wholeNumber(1000, 100_000_000).default(50_000).register(texts, {
    description:
      'estimated number of values in an answer: fields without a selection times the sizes of lists',
  }),
  LIMIT_MUTATIONS: wholeNumber(1, 100).default(10).register(texts, { description: 'fields of one mutation' }),
  LIMIT_DIRECTIVES: wholeNumber(1, 1000).default(30).register(texts, {
    description: 'directives of a document',
  }),
  LIMIT_LIST_ITEMS: wholeNumber(10, 100_000).default(1000).register(texts, {
    description: 'items of one list, or keys of one object, in an input',
  }),
  LIMIT_COST: wholeNumber(100, 10_000_000).default(20_000).register(texts, {
    description: 'estimated cost of an operation',
  }),
  LIMIT_NOVU_CALLS: wholeNumber(10, 10_000).default(200).register(texts, {
    description: 'requests to Novu that one operation may cause',
  }),
  LIMIT_BATCH: wholeNumber(1, 50).default(1).register(texts, {
    description: 'operations in one HTTP request',
  }),
  LIMIT_CALLER_IN_FLIGHT: wholeNumber(1, 100_000).default(600).register(texts, {
    description: 'requests in progress of one caller',
  }),
});

/** The names of all variables that are read. */
export const configVariables: readonly string[] = Object.keys(environment.shape);

const textsByName: ReadonlyMap<string, VariableText> = new Map(
  Object.entries<z.ZodType>(environment.shape).map(([name, rule]) => {
    const text = texts.get(rule);
    if (text === undefined) throw new Error(`${name} has no description`);
    return [name, text];
  }),
);

/** The names of those that hold secrets. */
export const configSecrets: readonly string[] = configVariables.filter(
  (name) => textsByName.get(name)?.isSecret === true,
);

/** The names of those that say who may call, which are taken over without a restart. */
export const rotatingVariables: readonly string[] = configVariables.filter(
  (name) => textsByName.get(name)?.rotates === true,
);

/** The names of those that may be given as a file, in `NAME_FILE`: see cli/files.ts. */
export const fileVariables: readonly string[] = configVariables.filter(
  (name) => configSecrets.includes(name) || rotatingVariables.includes(name),
);

/** The names of those that are for a gateway in front of a real Novu alone. */
export const productionVariables: readonly string[] = configVariables.filter(
  (name) => textsByName.get(name)?.needsNovu === true,
);

/** What is taken where a variable is not set, in words; null where it has no default. */
export function defaultOf(name: string): string | null {
  const rule = (environment.shape as Record<string, z.ZodType>)[name];
  const text = textsByName.get(name)?.default?.replaceAll('`', '');
  if (text !== undefined) return text;
  const standard = rule instanceof z.ZodDefault ? rule.def.defaultValue : [];
  return Array.isArray(standard) ? null : String(standard);
}

/** What a variable is, in Markdown. */
export const describeVariable = (name: string): string => textsByName.get(name)?.description ?? '';

/** The table of all variables in the README, in Markdown: one row a variable, with its default and what it is. */
export function printConfigTable(): string {
  const rows = Object.entries<z.ZodType>(environment.shape).map(([name, rule]) => {
    const text = textsByName.get(name) as VariableText;
    const standard = rule instanceof z.ZodDefault ? rule.def.defaultValue : [];
    const shown = text.default ?? (Array.isArray(standard) ? '' : `\`${String(standard)}\``);
    return `| \`${name}\` | ${shown === '' ? '' : `${shown} `}| ${text.description} |`;
  });
  return ['| variable | default | what it is |', '|---|---|---|', ...rows].join('\n');
}

type Environment = z.output<typeof environment>;

/**
 * Reads the gateway's variables out of an environment; others are ignored, empty ones count as not set.
 * Throws a ConfigError that lists every fault at once.
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const known: Record<string, string> = {};
  for (const name of configVariables) {
    const value = env[name]?.trim();
    if (value !== undefined && value !== '') known[name] = value;
  }
  const parsed = environment.safeParse(known);
  const faults = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const misspelt = findMisspelt(env);
  faults.push(...findMissing(known), ...findInsecureNovu(known), ...findUnknownReaders(known));
  // A sandbox that nobody asked for would take writes that were meant for Novu, and lose them.
  if (known['NOVU_SECRET_KEY'] === undefined) faults.push(...findStray(known), ...misspelt);
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
    isSandbox: novu === null,
    apiKeys: data.GATEWAY_API_KEYS,
    secretReaders: data.GATEWAY_SECRET_READERS,
    jwt: toJwt(data),
    routerSecret: data.ROUTER_SECRET ?? null,
    hmacSecret: data.HMAC_SECRET ?? null,
    identifierSecret: data.IDENTIFIER_SECRET ?? null,
    identifierSecretsPrevious: data.IDENTIFIER_SECRET_PREVIOUS,
    readTimeoutMs: data.READ_TIMEOUT_MS ?? data.UPSTREAM_TIMEOUT_MS,
    writeTimeoutMs: data.WRITE_TIMEOUT_MS ?? data.UPSTREAM_TIMEOUT_MS,
    shutdownGraceMs: data.SHUTDOWN_GRACE_MS,
    logLevel: data.LOG_LEVEL,
    playground: data.PLAYGROUND ?? novu === null,
    introspection: data.INTROSPECTION ?? novu === null,
    maxInFlight: data.MAX_IN_FLIGHT,
    corsOrigins: data.CORS_ORIGINS,
    persistedOperations: {
      mode: data.PERSISTED_OPERATIONS,
      file: data.PERSISTED_OPERATIONS_FILE ?? null,
      apq: data.APQ ?? false,
    },
    documentsCacheBytes: data.DOCUMENTS_CACHE_BYTES,
    limits: {
      bodyBytes: data.LIMIT_BODY_BYTES,
      documentCharacters: data.LIMIT_DOCUMENT_CHARACTERS,
      tokens: data.LIMIT_TOKENS,
      depth: data.LIMIT_DEPTH,
      fields: data.LIMIT_FIELDS,
      values: data.LIMIT_SIZE,
      mutations: data.LIMIT_MUTATIONS,
      directives: data.LIMIT_DIRECTIVES,
      listItems: data.LIMIT_LIST_ITEMS,
      cost: data.LIMIT_COST,
      novuCalls: data.LIMIT_NOVU_CALLS,
      batch: data.LIMIT_BATCH,
      callerInFlight: data.LIMIT_CALLER_IN_FLIGHT,
    },
    notes: [
      ...misspelt,
      ...(novu === null && known['HOST'] !== undefined
        ? ['HOST: is not heeded by the sandbox, which listens on 127.0.0.1 alone']
        : []),
    ],
  };
}

/** What is set without what it needs; looks at the presence of variables alone, so that it can be said beside other faults. */
function findMissing(known: Readonly<Record<string, string>>): string[] {
  const has = (name: string) => known[name] !== undefined;
  const faults: string[] = [];
  const knowsCallers = [
    'GATEWAY_API_KEYS',
    'JWT_JWKS_URL',
    'JWT_PUBLIC_KEY',
    'ROUTER_SECRET',
    'HMAC_SECRET',
  ].some(has);
  if (has('NOVU_SECRET_KEY') && !knowsCallers) {
    faults.push(
      'GATEWAY_API_KEYS: must be set when NOVU_SECRET_KEY is (or JWT_JWKS_URL, for end users), or anybody could use that key through the gateway',
    );
  }
  if (has('JWT_JWKS_URL') && has('JWT_PUBLIC_KEY'))
    faults.push('JWT_PUBLIC_KEY: must not be set beside JWT_JWKS_URL');
  const hasJwt = has('JWT_JWKS_URL') || has('JWT_PUBLIC_KEY');
  for (const name of ['JWT_ISSUER', 'JWT_AUDIENCE']) {
    if (hasJwt && !has(name)) faults.push(`${name}: must be set when tokens are verified`);
    if (!hasJwt && has(name)) faults.push(`${name}: has no effect without JWT_JWKS_URL or JWT_PUBLIC_KEY`);
  }
  if (
    has('PERSISTED_OPERATIONS') &&
    known['PERSISTED_OPERATIONS'] !== 'off' &&
    !has('PERSISTED_OPERATIONS_FILE')
  ) {
    faults.push('PERSISTED_OPERATIONS_FILE: must be set when PERSISTED_OPERATIONS is');
  }
  return faults;
}

/** What is set for a gateway in front of a real Novu, where none is named. */
function findStray(known: Readonly<Record<string, string>>): string[] {
  const stray = productionVariables.filter((name) => known[name] !== undefined);
  if (stray.length === 0) return [];
  return [
    `NOVU_SECRET_KEY: must be set when ${stray.join(', ')} ${stray.length === 1 ? 'is' : 'are'} (without any of them, the sandbox is used)`,
  ];
}

/** Names that people give to the key of Novu. */
const otherNamesOfKey: ReadonlySet<string> = new Set([
  'NOVU_API_KEY',
  'NOVU_APIKEY',
  'NOVU_KEY',
  'NOVU_TOKEN',
  'NOVU_SECRET',
  'NOVU_API_SECRET',
  'NOVU_API_TOKEN',
]);

/** Variables that look like a misspelt one of ours. Their names are told, never their values. */
function findMisspelt(env: Readonly<Record<string, string | undefined>>): string[] {
  const prefixes = new Set(productionVariables.map((name) => name.split('_')[0]));
  return Object.keys(env)
    .filter((name) => (env[name]?.trim() ?? '') !== '' && prefixes.has(name.toUpperCase().split('_')[0]))
    .filter((name) => !configVariables.includes(name) && !isFileOfOurs(name))
    .flatMap((name) => {
      const meant = otherNamesOfKey.has(name.toUpperCase())
        ? 'NOVU_SECRET_KEY'
        : nearestName(name.toUpperCase(), configVariables);
      return meant === undefined ? [] : [`${name}: is not read: is ${meant} meant?`];
    });
}

const isFileOfOurs = (name: string) => name.endsWith('_FILE') && fileVariables.includes(name.slice(0, -5));

/** The one of these that a misspelt name most likely stands for. */
export const nearestName = (name: string, names: readonly string[]): string | undefined =>
  names.find((known) => known === name) ??
  (name.length > 3 ? names.find((known) => distance(name, known) <= 2) : undefined);

/** Levenshtein's: how many characters have to be put in, taken out or replaced. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

/** http to another machine shows the key of Novu, and every token, to whoever is between. */
function findInsecureNovu(known: Readonly<Record<string, string>>): string[] {
  const { success, data } = environment.shape.NOVU_API_URL.safeParse(known['NOVU_API_URL']);
  if (!success || data?.protocol !== 'http:' || isLoopback(data.hostname)) return [];
  if (known['ALLOW_INSECURE_NOVU'] === 'on') return [];
  return [
    'NOVU_API_URL: must be https, since keys and tokens are sent there (http on loopback only, or elsewhere with ALLOW_INSECURE_NOVU=on)',
  ];
}

/** The entry is not repeated: somebody may have put a key where a name belongs. */
function findUnknownReaders(known: Readonly<Record<string, string>>): string[] {
  const { GATEWAY_API_KEYS, GATEWAY_SECRET_READERS } = environment.shape;
  const keys = GATEWAY_API_KEYS.safeParse(known['GATEWAY_API_KEYS']);
  const readers = GATEWAY_SECRET_READERS.safeParse(known['GATEWAY_SECRET_READERS']);
  if (!keys.success || !readers.success) return [];
  const names = new Set(keys.data.map((key) => key.name));
  return readers.data.flatMap((reader, index) =>
    names.has(reader) ? [] : [`GATEWAY_SECRET_READERS: entry ${index + 1} is not a name in GATEWAY_API_KEYS`],
  );
}

function toJwt(data: Environment): JwtOptions | null {
  const { JWT_JWKS_URL: url, JWT_PUBLIC_KEY: pem, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = data;
  const keys = url !== undefined ? { jwksUrl: url } : pem !== undefined ? { publicKey: pem } : null;
  if (keys === null || issuer === undefined || audience === undefined) return null;
  return {
    keys,
    issuer,
    audience,
    subscriberClaim: data.JWT_SUBSCRIBER_CLAIM,
    contextClaim: data.JWT_CONTEXT_CLAIM ?? null,
  };
}
