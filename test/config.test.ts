import { createHash, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from '../src/config.ts';

const key = 'a-key-of-some-length';
const production = { NOVU_SECRET_KEY: 'novu-secret', GATEWAY_API_KEYS: `backend:${key}` };
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const jwt = { JWT_PUBLIC_KEY: publicPem, JWT_ISSUER: 'https://issuer.test', JWT_AUDIENCE: 'novu-graphql' };
const sha256 = (text: string) => createHash('sha256').update(text).digest();

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}
const namesOf = (faults: readonly string[]) => faults.map((fault) => /^[A-Z_]+(?=: )/.exec(fault)?.[0]);

describe('an empty environment', () => {
  it('is the sandbox on loopback, open as a playground', () => {
    expect(parseConfig({ HOST: '0.0.0.0' })).toMatchObject({
      port: 4000,
      host: '127.0.0.1',
      novu: null,
      isSandbox: true,
      apiKeys: [],
      jwt: null,
      playground: true,
      introspection: true,
    });
  });

  it('is what variables that are empty or blank make, and names that nobody knows', () => {
    expect(parseConfig({ PORT: '', LOG_LEVEL: '  ', NOVU_API_URL: '', WHATEVER: 'x' })).toEqual(
      parseConfig({}),
    );
  });
});

describe('with a key of Novu', () => {
  it('what is open in the sandbox is closed, unless asked for', () => {
    expect(parseConfig(production)).toMatchObject({
      host: '127.0.0.1',
      isSandbox: false,
      playground: false,
      introspection: false,
      corsOrigins: [],
      limits: { batch: 1 },
      persistedOperations: { mode: 'off', apq: false },
    });
    expect(
      parseConfig({ ...production, HOST: '0.0.0.0', PLAYGROUND: 'on', INTROSPECTION: 'on' }),
    ).toMatchObject({ host: '0.0.0.0', playground: true, introspection: true });
  });

  it('Novu is in the US unless said otherwise', () => {
    expect(parseConfig(production).novu?.url.href).toBe('https://api.novu.co/');
    expect(parseConfig({ ...production, NOVU_API_URL: 'https://eu.api.novu.co' }).novu?.url.host).toBe(
      'eu.api.novu.co',
    );
  });

  it.each([
    ['keys', { GATEWAY_API_KEYS: `a:${key}` }],
    ['tokens', jwt],
    [
      'tokens of a key server',
      { JWT_JWKS_URL: 'https://issuer.test/keys', JWT_ISSUER: 'i', JWT_AUDIENCE: 'a' },
    ],
    ["a router's secret", { ROUTER_SECRET: key }],
    ['signatures', { HMAC_SECRET: key }],
  ])('callers by %s alone are enough', (_name, callers) => {
    expect(faultsOf({ NOVU_SECRET_KEY: 'novu-secret', ...(callers as object) })).toEqual([]);
  });

  it('somebody must be able to call', () => {
    expect(namesOf(faultsOf({ NOVU_SECRET_KEY: 'novu-secret' }))).toEqual(['GATEWAY_API_KEYS']);
  });
});

describe('GATEWAY_API_KEYS', () => {
  const parse = (text: string) => parseConfig({ ...production, GATEWAY_API_KEYS: text }).apiKeys;

  it('keeps digests, never keys', () => {
    const config = parseConfig(production);
    expect(config.apiKeys).toEqual([{ name: 'backend', sha256: sha256(key) }]);
    expect(JSON.stringify(config)).not.toContain(key);
  });

  it('takes several of one name, and digests for keys', () => {
    const digest = sha256('another-key-0123456789').toString('hex');
    expect(
      parse(`a:${key}, a:sha256:${digest} ,b:sha256:${sha256('x').toString('hex').toUpperCase()}`),
    ).toEqual([
      { name: 'a', sha256: sha256(key) },
      { name: 'a', sha256: sha256('another-key-0123456789') },
      { name: 'b', sha256: sha256('x') },
    ]);
  });

  it('takes keys with colons', () => {
    expect(parse('a:key:with:colons:in:it')[0]?.sha256).toEqual(sha256('key:with:colons:in:it'));
  });

  it.each([
    ['a key without a name', key],
    ['an empty name', `:${key}`],
    ['a name with a blank', `my backend:${key}`],
    ['a short key', 'a:0123456789abcde'],
    ['no key', 'a:'],
    ['a key that is not visible ASCII', 'a:0123456789abcdeé'],
    ['an empty entry', `a:${key},`],
    ['a digest that is short', 'a:sha256:abc'],
    ['a digest that is not hexadecimal', `a:sha256:${'g'.repeat(64)}`],
    ['one key under two names', `a:${key},b:${key}`],
    ['one key under two names, as a digest', `a:${key},b:sha256:${sha256(key).toString('hex')}`],
  ])('does not take %s', (_name, text) => {
    const faults = faultsOf({ ...production, GATEWAY_API_KEYS: text });
    expect(namesOf(faults)).toEqual(['GATEWAY_API_KEYS']);
    expect(faults.join()).toMatch(/entry \d/);
  });
});

describe('secrets of identifiers', () => {
  const [current, older, oldest] = ['current-0123456789', 'older-0123456789', 'oldest-0123456789'];

  it('are none unless they are set', () => {
    expect(parseConfig(production)).toMatchObject({ identifierSecret: null, identifierSecretsPrevious: [] });
  });

  it('are one for new rows and any number of earlier ones', () => {
    expect(
      parseConfig({
        ...production,
        IDENTIFIER_SECRET: current,
        IDENTIFIER_SECRET_PREVIOUS: `${older} , ${oldest}`,
      }),
    ).toMatchObject({ identifierSecret: current, identifierSecretsPrevious: [older, oldest] });
  });

  it('may be earlier ones alone, while the key of Novu stands in for the current one', () => {
    expect(
      parseConfig({ ...production, IDENTIFIER_SECRET_PREVIOUS: older }).identifierSecretsPrevious,
    ).toEqual([older]);
  });

  it.each([
    ['a short one', 'short'],
    ['a short one after a good one', `${older},short`],
    ['an empty one', `${older},`],
    ['one with a blank inside', `${older},a secret with blanks in it`],
  ])('are not %s', (_name, text) => {
    const faults = faultsOf({ ...production, IDENTIFIER_SECRET_PREVIOUS: text });
    expect(new Set(namesOf(faults))).toEqual(new Set(['IDENTIFIER_SECRET_PREVIOUS']));
    expect(faults.join()).toMatch(/entry \d/);
  });
});

describe('GATEWAY_SECRET_READERS', () => {
  it('must be names of keys, and is not repeated: it may be a key by mistake', () => {
    const faults = faultsOf({ ...production, GATEWAY_SECRET_READERS: `backend,${key}` });
    expect(faults).toEqual(['GATEWAY_SECRET_READERS: entry 2 is not a name in GATEWAY_API_KEYS']);
  });
});

describe('tokens of end users', () => {
  it('are verified as configured', () => {
    expect(parseConfig({ ...production, ...jwt, JWT_CONTEXT_CLAIM: 'contexts' }).jwt).toEqual({
      keys: { publicKey: publicPem.trim() },
      issuer: 'https://issuer.test',
      audience: 'novu-graphql',
      subscriberClaim: 'sub',
      contextClaim: 'contexts',
    });
  });

  it('may have their key in one line', () => {
    const config = parseConfig({ ...production, ...jwt, JWT_PUBLIC_KEY: publicPem.replaceAll('\n', '\\n') });
    expect(config.jwt?.keys).toEqual({ publicKey: publicPem });
  });

  it('need an issuer and an audience', () => {
    expect(namesOf(faultsOf({ ...production, JWT_PUBLIC_KEY: publicPem }))).toEqual([
      'JWT_ISSUER',
      'JWT_AUDIENCE',
    ]);
  });

  it('have one source of keys', () => {
    expect(namesOf(faultsOf({ ...production, ...jwt, JWT_JWKS_URL: 'https://issuer.test/keys' }))).toEqual([
      'JWT_PUBLIC_KEY',
    ]);
    expect(namesOf(faultsOf({ ...production, JWT_ISSUER: 'i', JWT_AUDIENCE: 'a' }))).toEqual([
      'JWT_ISSUER',
      'JWT_AUDIENCE',
    ]);
  });

  const withUrl = (url: string) =>
    faultsOf({ ...production, JWT_JWKS_URL: url, JWT_ISSUER: 'i', JWT_AUDIENCE: 'a' });

  it.each([
    'https://issuer.test/keys?v=1',
    'http://localhost:8080/keys',
    'http://127.0.0.1/',
    'http://127.0.0.2/',
    'http://[::1]:1/keys',
  ])('may have their keys at %s', (url) => {
    expect(withUrl(url)).toEqual([]);
  });

  it.each([
    'http://issuer.test/keys',
    'http://127.0.0.1.issuer.test/',
    'http://localhost.issuer.test/',
    'http://10.0.0.1/',
    'http://0.0.0.0/',
    'http://[::ffff:7f00:1]/',
    'http://localhost@issuer.test/',
    'https://user:password@issuer.test/keys',
    'ftp://localhost/keys',
    'file:///etc/keys',
    'data:application/json,{}',
    'issuer.test/keys',
    'https://',
  ])('may not have their keys at %s', (url) => {
    expect(namesOf(withUrl(url))).toEqual(['JWT_JWKS_URL']);
  });

  it.each<[string, string]>([
    ['a private key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
    ['a secret', 'a-secret-that-is-no-key'],
    ['a broken key', publicPem.replace(/[a-z]/g, 'A')],
    ['a key without its frame', publicPem.replaceAll(/-----.*-----/g, '')],
    ['a short RSA key', pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }))],
    ['a key for another purpose', pemOf(generateKeyPairSync('x25519'))],
    ['a curve that no token has', pemOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }))],
  ])('are not verified with %s', (_name, pem) => {
    const faults = faultsOf({ ...production, ...jwt, JWT_PUBLIC_KEY: pem });
    expect(namesOf(faults)).toEqual(['JWT_PUBLIC_KEY']);
  });
});

function pemOf({ publicKey: one }: { publicKey: typeof publicKey }): string {
  return one.export({ type: 'spki', format: 'pem' }).toString();
}

describe('NOVU_API_URL', () => {
  it.each([
    'ftp://api.novu.co',
    'api.novu.co',
    'https://me:secret@api.novu.co',
    'https://me@api.novu.co',
    'https://api.novu.co?x=1',
    'https://api.novu.co#x',
  ])('is not %s', (url) => {
    expect(namesOf(faultsOf({ ...production, NOVU_API_URL: url }))).toEqual(['NOVU_API_URL']);
  });

  it.each([
    'https://novu.internal',
    'http://localhost:3000',
    'http://127.0.0.1:3000',
    'http://127.1',
    'http://[::1]:3000',
  ])('may be %s', (url) => {
    expect(faultsOf({ ...production, NOVU_API_URL: url })).toEqual([]);
  });

  it.each([
    'http://novu.internal:3000',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://10.0.0.1',
    'http://0.0.0.0',
    'http://[::ffff:7f00:1]',
  ])('is %s only with ALLOW_INSECURE_NOVU=on', (url) => {
    for (const allowed of ['', 'off']) {
      const faults = faultsOf({ ...production, NOVU_API_URL: url, ALLOW_INSECURE_NOVU: allowed });
      expect(faults).toEqual([expect.stringMatching(/^NOVU_API_URL: .*https.*ALLOW_INSECURE_NOVU=on/)]);
    }
    expect(faultsOf({ ...production, NOVU_API_URL: url, ALLOW_INSECURE_NOVU: 'on' })).toEqual([]);
  });

  it('needs a key beside it', () => {
    expect(namesOf(faultsOf({ NOVU_API_URL: 'https://eu.api.novu.co' }))).toEqual(['NOVU_SECRET_KEY']);
  });
});

describe('faults', () => {
  const wrong: Record<string, string> = {
    PORT: '65536',
    HOST: 'a host',
    NOVU_API_URL: 'novu',
    GATEWAY_API_KEYS: `backend:${key}`,
    GATEWAY_SECRET_READERS: 'nobody',
    JWT_JWKS_URL: 'http://issuer.test',
    ROUTER_SECRET: 'short',
    HMAC_SECRET: 'a secret with blanks in it',
    UPSTREAM_TIMEOUT_MS: '1.5',
    READ_TIMEOUT_MS: '-1',
    WRITE_TIMEOUT_MS: '1e3',
    SHUTDOWN_GRACE_MS: 'x',
    MAX_IN_FLIGHT: '0',
    LOG_LEVEL: 'loud',
    PLAYGROUND: 'yes',
    INTROSPECTION: 'true',
    CORS_ORIGINS: '*',
    PERSISTED_OPERATIONS: 'always',
    APQ: '1',
    LIMIT_BODY_BYTES: '1',
    LIMIT_TOKENS: '1',
    LIMIT_DEPTH: '1',
    LIMIT_DOCUMENT_CHARACTERS: '999',
    LIMIT_FIELDS: '0',
    LIMIT_SIZE: '0',
    LIMIT_NOVU_CALLS: '0',
    LIMIT_CALLER_IN_FLIGHT: '0',
    LIMIT_LIST_ITEMS: '9',
    DOCUMENTS_CACHE_BYTES: '0',
    IDENTIFIER_SECRET: 'short',
    IDENTIFIER_SECRET_PREVIOUS: 'long-enough-0123456789,short',
    ALLOW_INSECURE_NOVU: 'yes',
    LIMIT_MUTATIONS: '0',
    LIMIT_DIRECTIVES: '0',
    LIMIT_COST: '1',
    LIMIT_BATCH: '0',
  };

  it('are all told at once, each by its name', () => {
    const faults = faultsOf(wrong);
    expect(new Set(namesOf(faults))).toEqual(
      new Set([
        ...Object.keys(wrong).filter((name) => name !== 'GATEWAY_API_KEYS'),
        'NOVU_SECRET_KEY',
        'JWT_ISSUER',
        'JWT_AUDIENCE',
        'PERSISTED_OPERATIONS_FILE',
      ]),
    );
    expect(new Set(faults).size).toBe(faults.length);
  });

  it.each(Object.keys(wrong).filter((name) => !['GATEWAY_API_KEYS', 'NOVU_API_URL'].includes(name)))(
    'are told of %s alone as well',
    (name) => {
      expect(
        namesOf(
          faultsOf({
            ...production,
            ...jwt,
            JWT_PUBLIC_KEY: '',
            JWT_JWKS_URL: 'https://issuer.test',
            PERSISTED_OPERATIONS_FILE: 'x',
            [name]: wrong[name]!,
          }),
        ),
      ).toEqual([name]);
    },
  );

  it.each([
    'http://*',
    'https://app.example.com/',
    'https://app.example.com/path',
    'null',
    'app.example.com',
    'https://a.test,*',
  ])('are told of %s as an origin', (origin) => {
    expect(namesOf(faultsOf({ ...production, CORS_ORIGINS: origin }))).toEqual(['CORS_ORIGINS']);
  });

  it('never repeat what was set', () => {
    const names = Object.keys({
      ...wrong,
      NOVU_SECRET_KEY: '',
      JWT_PUBLIC_KEY: '',
      JWT_ISSUER: '',
      JWT_AUDIENCE: '',
      JWT_SUBSCRIBER_CLAIM: '',
      JWT_CONTEXT_CLAIM: '',
      PERSISTED_OPERATIONS_FILE: '',
    });
    const junk = fc
      .tuple(
        fc.constantFrom(
          '',
          'https://me:',
          'http://',
          'backend:',
          'a:b,',
          'sha256:',
          '-----BEGIN PUBLIC KEY-----\n',
          '{',
          'é ',
        ),
        fc.stringMatching(/^[a-z0-9]{12}$/),
        fc.constantFrom(
          '',
          '@api.novu.co',
          '?x',
          ',',
          ',x:y',
          ' ',
          '\n-----END PRIVATE KEY-----',
          '\u0000',
          '🙈',
          '\ud800',
        ),
      )
      .map(([before, canary, after]) => ({ canary, value: `${before}CANARY${canary}${after}` }));
    let told = 0;
    fc.assert(
      fc.property(fc.record(Object.fromEntries(names.map((name) => [name, fc.option(junk)]))), (record) => {
        const set = Object.entries(record).flatMap(([name, one]) =>
          one === null || one === undefined ? [] : [{ name, ...one }],
        );
        const env = Object.fromEntries(set.map(({ name, value }) => [name, value]));
        try {
          parseConfig(env);
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          told += error.faults.length;
          const said = `${error.message} ${error.stack} ${JSON.stringify(error)} ${error.faults.join()} ${String(error.cause)}`;
          expect(said).not.toContain('CANARY');
          for (const { canary } of set) expect(said).not.toContain(canary);
        }
      }),
      { numRuns: 500 },
    );
    expect(told).toBeGreaterThan(1000);
  });
});
