import { createSecretKey, generateKeyPairSync } from 'node:crypto';
import { CompactSign, SignJWT } from 'jose';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { scopes } from '../../src/callers/caller.ts';
import { createVerifyToken, type JwtOptions, type VerifyToken } from '../../src/callers/jwt.ts';
import {
  audience,
  claimsOf,
  createSigner,
  issuer,
  type KeyServer,
  type Signer,
  startKeyServer,
  unsignedToken,
} from '../support/tokens.ts';

let signer: Signer;
let other: Signer;
beforeAll(async () => {
  signer = await createSigner();
  other = await createSigner('key-2');
});
afterEach(() => {
  vi.useRealTimers();
});

const verifierOf = (options: Partial<JwtOptions> = {}) =>
  createVerifyToken({ keys: { publicKey: signer.publicPem }, issuer, audience, ...options });
const withKeysOf = ({ url }: KeyServer, options: Partial<JwtOptions> = {}) =>
  verifierOf({ keys: { jwksUrl: url }, ...options });
const allAtOnce = (verify: VerifyToken, tokens: readonly string[]) =>
  Promise.all(tokens.map(async (token) => verify(token)));
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

describe('a good token', () => {
  it('speaks for the subscriber of its claim, with its scopes', async () => {
    expect(
      await verifierOf()(await signer.sign({ scope: 'integrations:read channel-connections:read' })),
    ).toEqual({
      kind: 'user',
      id: `user:["${issuer}","subscriber-123"]`,
      name: 'end user',
      subscriberId: 'subscriber-123',
      scopes: new Set(['channel-connections:read', 'integrations:read']),
      contextKeys: new Set(),
    });
  });

  it('may take the subscriber from another claim', async () => {
    const verify = verifierOf({ subscriberClaim: 'https://example.com/subscriber' });
    expect(await verify(await signer.sign({ 'https://example.com/subscriber': 'user-1' }))).toMatchObject({
      subscriberId: 'user-1',
    });
    expect(await verify(await signer.sign())).toBeNull();
  });

  it('may be for several audiences', async () => {
    expect(await verifierOf()(await signer.sign({ aud: ['another', audience] }))).not.toBeNull();
  });

  it.each([
    ['exp', -3],
    ['nbf', 3],
  ])('may be off by seconds in %s, as clocks are', async (claim, seconds) => {
    expect(await verifierOf()(await signer.sign({ [claim]: inSeconds(seconds) }))).not.toBeNull();
  });

  it.each([
    ['RS256', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['PS256', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['ES384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' })],
    ['EdDSA', () => generateKeyPairSync('ed25519')],
  ])('may be signed with %s', async (alg, createPair) => {
    const { publicKey, privateKey } = createPair();
    const verify = verifierOf({
      keys: { publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() },
    });
    const token = await new SignJWT(claimsOf()).setProtectedHeader({ alg }).sign(privateKey);
    expect(await verify(token)).toMatchObject({ subscriberId: 'subscriber-123' });
  });
});

/** A good signature of claims as they are written, since JSON can say more than JSON.stringify does. */
function signText(more: string): Promise<string> {
  const { exp: _, ...claims } = claimsOf();
  return new CompactSign(Buffer.from(`${JSON.stringify(claims).slice(0, -1)},${more}}`))
    .setProtectedHeader({ alg: 'ES256' })
    .sign(signer.privateKey);
}

describe('a token that is no caller', () => {
  const hs256 = (key: string) =>
    new SignJWT(claimsOf()).setProtectedHeader({ alg: 'HS256' }).sign(createSecretKey(Buffer.from(key)));

  const bad: [string, () => string | Promise<string>][] = [
    ['is not one', () => 'no-token'],
    ['is empty', () => ''],
    ['is three dots', () => '...'],
    ['says alg none', () => unsignedToken({ alg: 'none' })],
    ['says alg None', () => unsignedToken({ alg: 'None' })],
    [
      'says alg none and has a signature',
      async () => unsignedToken({ alg: 'none' }, {}, (await signer.sign()).split('.')[2]),
    ],
    ['has no alg', () => unsignedToken({})],
    ['is HS256 with the public key as its secret', () => hs256(signer.publicPem)],
    ['is HS256 with the public key as its secret, trimmed', () => hs256(signer.publicPem.trim())],
    ['is HS256 with an empty secret of zeros', () => hs256('\0'.repeat(32))],
    ['is signed by somebody else', () => other.sign()],
    ['has lost its signature', async () => (await signer.sign()).replace(/[^.]+$/, '')],
    [
      'was changed after it was signed',
      async () => {
        const [header, , signature] = (await signer.sign()).split('.');
        return `${header}.${unsignedToken({}, { sub: 'subscriber-456' }).split('.')[1]}.${signature}`;
      },
    ],
    [
      'has a critical header that nobody knows',
      () =>
        new CompactSign(Buffer.from(JSON.stringify(claimsOf())))
          .setProtectedHeader({ alg: 'ES256', crit: ['x'], x: 1 })
          .sign(signer.privateKey, { crit: { x: true } }),
    ],
    ['is of another issuer', () => signer.sign({ iss: 'https://elsewhere.test/' })],
    ['has no issuer', () => signer.sign({ iss: undefined })],
    ['is for another audience', () => signer.sign({ aud: 'another' })],
    ['has no audience', () => signer.sign({ aud: undefined })],
    ['has expired', () => signer.sign({ exp: inSeconds(-60) })],
    ['never expires', () => signer.sign({ exp: undefined })],
    ['expires at a text', () => signer.sign({ exp: 'tomorrow' })],
    ...['1e400', '-1e400', '-1', '0', '"9999999999"', 'null', 'true', '[9999999999]', '{}', '"1e400"'].map(
      (exp): [string, () => Promise<string>] => [`expires at ${exp}`, () => signText(`"exp":${exp}`)],
    ),
    ['expires at 1e400, after a good time', () => signText(`"exp":${inSeconds(60)},"exp":1e400`)],
    ['is not valid before 1e400', () => signText(`"exp":${inSeconds(60)},"nbf":1e400`)],
    ['is not valid yet', () => signer.sign({ nbf: inSeconds(60) })],
    ['has no subscriber', () => signer.sign({ sub: undefined })],
    ...['', ' ', '\t\n', 123, true, null, {}, ['subscriber-123'], { id: 'subscriber-123' }, '\ud800'].map(
      (sub): [string, () => Promise<string>] => [
        `has the subscriber ${JSON.stringify(sub)}`,
        () => signer.sign({ sub }),
      ],
    ),
    ['is huge', () => signer.sign({ padding: 'x'.repeat(10_000) })],
  ];

  it.each(bad)('%s', async (_name, make) => {
    expect(await verifierOf()(await make())).toBeNull();
  });

  it('takes no property of JavaScript objects for a claim', async () => {
    for (const subscriberClaim of ['constructor', '__proto__', 'toString'])
      expect(await verifierOf({ subscriberClaim })(await signer.sign())).toBeNull();
  });
});

describe('claims as they are written', () => {
  it('are taken when they are good, so that the cases above fail for their times alone', async () => {
    expect(await verifierOf()(await signText(`"exp":${inSeconds(60)}`))).not.toBeNull();
    expect(await verifierOf()(await signText('"exp":9e15'))).not.toBeNull();
  });
});

describe('a token that was verified', () => {
  const start = Date.now();
  const startSeconds = Math.floor(start / 1000);
  /** A clock that the test sets. */
  const withClock = (options: Partial<JwtOptions> = {}) => {
    const clock = { now: start };
    return { clock, verify: verifierOf({ now: () => clock.now, ...options }) };
  };

  it('is known at once the next time, as the same caller', async () => {
    const { verify } = withClock();
    const token = await signer.sign();
    const first = verify(token);
    expect(first).toBeInstanceOf(Promise);
    expect(verify(token)).toBeInstanceOf(Promise);
    const caller = await first;
    expect(caller).not.toBeNull();
    expect(verify(token)).toEqual(caller);
  });

  it('is verified again after a minute', async () => {
    const { clock, verify } = withClock();
    const token = await signer.sign();
    await verify(token);
    clock.now = start + 59_999;
    expect(verify(token)).not.toBeInstanceOf(Promise);
    clock.now = start + 60_000;
    expect(verify(token)).toBeInstanceOf(Promise);
    expect(await verify(token)).not.toBeNull();
  });

  it('is refused once it has expired, whether it is remembered or not', async () => {
    const { clock, verify } = withClock();
    const token = await signer.sign({ exp: startSeconds + 10 });
    expect(await verify(token)).not.toBeNull();
    clock.now = (startSeconds + 10) * 1000 - 1;
    expect(verify(token)).not.toBeInstanceOf(Promise);
    // Seconds that clocks may be apart are granted by a verification, not by the memory.
    clock.now = (startSeconds + 10) * 1000;
    expect(verify(token)).toBeInstanceOf(Promise);
    clock.now = (startSeconds + 16) * 1000;
    expect(await verify(token)).toBeNull();
  });

  it('is another than one with the same claims and another signature', async () => {
    const { verify } = withClock();
    const token = await signer.sign();
    await verify(token);
    const [header, claims] = token.split('.');
    for (const forged of [
      `${header}.${claims}.`,
      `${header}.${claims}.${(await other.sign()).split('.')[2]}`,
      `${token}x`,
      ` ${token}`,
    ])
      expect(await verify(forged)).toBeNull();
  });

  it('is not remembered when it was refused', async () => {
    const { clock, verify } = withClock();
    const token = await signer.sign({ nbf: startSeconds + 30, exp: startSeconds + 300 });
    expect(await verify(token)).toBeNull();
    clock.now = start + 31_000;
    expect(await verify(token)).not.toBeNull();
  });

  it('stays known while others are refused in floods', async () => {
    const { verify } = withClock();
    const token = await signer.sign();
    await verify(token);
    await allAtOnce(
      verify,
      Array.from({ length: 12_000 }, (_, index) => `${token}${index}`),
    );
    expect(verify(token)).not.toBeInstanceOf(Promise);
  });

  it('is unknown to a verifier that was made later, as when keys are rotated', async () => {
    const token = await signer.sign();
    const { verify } = withClock();
    await verify(token);
    expect(await verifierOf({ keys: { publicKey: other.publicPem } })(token)).toBeNull();
    expect(await verifierOf({ audience: 'another' })(token)).toBeNull();
  });

  it('lives a minute longer than a key that the key server withdrew', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    await using keyServer = await startKeyServer(signer);
    const verify = withKeysOf(keyServer);
    const token = await signer.sign({ exp: inSeconds(3_600) });
    // Keys are fetched, and the token verified a last time just before they are too old.
    await verify(token);
    keyServer.keys = [other.jwk];
    vi.advanceTimersByTime(599_000);
    expect(await verify(token)).not.toBeNull();
    vi.advanceTimersByTime(59_000);
    expect(await verify(token)).not.toBeNull();
    vi.advanceTimersByTime(2_000);
    expect(await verify(token)).toBeNull();
  });
});

describe('scopes', () => {
  const granted = async (claims: Record<string, unknown>) => [
    ...((await verifierOf()(await signer.sign({ scope: undefined, ...claims })))?.scopes ?? []),
  ];

  it.each([
    ['scope as text', { scope: 'channel-connections:read  channel-endpoints:write openid' }],
    ['scp as text', { scp: 'channel-endpoints:write channel-connections:read' }],
    ['scp as a list', { scp: ['channel-connections:read', 'channel-endpoints:write', 7] }],
    ['both', { scope: 'channel-connections:read', scp: ['channel-endpoints:write'] }],
  ])('come from %s', async (_name, claims) => {
    expect(await granted(claims)).toEqual(['channel-connections:read', 'channel-endpoints:write']);
  });

  it.each([
    ['no claim', {}],
    ['scopes that nobody knows', { scope: 'admin *  channel-connections channel-connections:*' }],
    ['another case', { scope: 'CHANNEL-CONNECTIONS:READ' }],
    ['a number', { scope: 1, scp: {} }],
    ['commas', { scope: 'channel-connections:read,channel-connections:write' }],
  ])('are none with %s', async (_name, claims) => {
    expect(await granted(claims)).toEqual([]);
  });

  it('never let an end user read stored tokens or change contexts, which others share', async () => {
    for (const claims of [{ scope: scopes.join(' ') }, { scp: scopes }, { scp: scopes.join(' ') }]) {
      const all = await granted(claims);
      expect(scopes.filter((scope) => !all.includes(scope))).toEqual([
        'channel-connections:read-secrets',
        'contexts:write',
      ]);
    }
  });
});

describe('contexts', () => {
  const contexts = async (claim: unknown, contextClaim: string | null = 'contexts') => [
    ...((await verifierOf({ contextClaim })(await signer.sign({ contexts: claim })))?.contextKeys ?? []),
  ];

  it('are the texts of the claim', async () => {
    expect(await contexts(['tenant:a', 7, '', null, 'key:b', ['tenant:c']])).toEqual(['tenant:a', 'key:b']);
  });

  it.each([['tenant:a'], [{ 0: 'tenant:a' }], [null], [undefined], [true]])(
    'are none with %j',
    async (claim) => {
      expect(await contexts(claim)).toEqual([]);
    },
  );

  it('are none where no claim is configured', async () => {
    expect(await contexts(['tenant:a'], null)).toEqual([]);
  });
});

describe('keys from a key server', () => {
  it('are fetched once for many tokens', async () => {
    await using keyServer = await startKeyServer(signer);
    const verify = withKeysOf(keyServer);
    const tokens = await Promise.all(Array.from({ length: 20 }, () => signer.sign()));
    expect(await allAtOnce(verify, tokens)).not.toContain(null);
    expect(keyServer.asked).toEqual(['/keys']);
  });

  it('are asked for once however many key ids are unknown', async () => {
    await using keyServer = await startKeyServer(signer);
    const verify = withKeysOf(keyServer);
    const tokens = await Promise.all(
      Array.from({ length: 50 }, (_, index) => other.sign({}, { kid: `unknown-${index}` })),
    );
    expect((await allAtOnce(verify, tokens.slice(0, 25))).every((caller) => caller === null)).toBe(true);
    for (const token of tokens.slice(25)) expect(await verify(token)).toBeNull();
    expect(keyServer.asked).toHaveLength(1);
    expect(await verify(await signer.sign())).not.toBeNull();
  });

  it('are asked for again after half a minute, so that a new key is found', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    await using keyServer = await startKeyServer(signer);
    const verify = withKeysOf(keyServer);
    expect(await verify(await signer.sign())).not.toBeNull();
    keyServer.keys = [other.jwk];
    expect(await verify(await other.sign())).toBeNull();
    vi.advanceTimersByTime(31_000);
    expect(await verify(await other.sign())).not.toBeNull();
    expect(await verify(await signer.sign())).toBeNull();
    expect(keyServer.asked).toHaveLength(2);
  });

  it('that were taken back end after ten minutes', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    await using keyServer = await startKeyServer(signer);
    const verify = withKeysOf(keyServer);
    expect(await verify(await signer.sign())).not.toBeNull();
    keyServer.keys = [other.jwk];
    vi.advanceTimersByTime(601_000);
    expect(await verify(await signer.sign())).toBeNull();
  });

  it('are never of a kind that is shared: a symmetric key in the set verifies nothing', async () => {
    await using keyServer = await startKeyServer(signer);
    const secret = 'a-secret-that-is-not-one-0123456789';
    keyServer.keys = [{ kty: 'oct', kid: 'oct', alg: 'HS256', k: Buffer.from(secret).toString('base64url') }];
    const token = await new SignJWT(claimsOf())
      .setProtectedHeader({ alg: 'HS256', kid: 'oct' })
      .sign(createSecretKey(Buffer.from(secret)));
    expect(await withKeysOf(keyServer)(token)).toBeNull();
  });

  it.each(['jku', 'x5u'])('are never fetched from the address in a token: %s', async (header) => {
    await using keyServer = await startKeyServer(signer);
    await using evil = await startKeyServer(other);
    const verify = withKeysOf(keyServer);
    expect(await verify(await other.sign({}, { [header]: evil.url.href }))).toBeNull();
    expect(await verify(await other.sign({}, { [header]: evil.url.href, kid: 'key-1' }))).toBeNull();
    expect(evil.asked).toEqual([]);
  });

  it.each(['jwk', 'x5c'])('are never those in a token: %s', async (header) => {
    await using keyServer = await startKeyServer(signer);
    const value = header === 'jwk' ? other.jwk : [other.publicPem.replaceAll(/-----.*-----|\n/g, '')];
    for (const kid of ['key-1', 'key-2'])
      expect(await withKeysOf(keyServer)(await other.sign({}, { [header]: value, kid }))).toBeNull();
  });

  it('are not fetched from where a redirect leads', async () => {
    await using evil = await startKeyServer(signer);
    await using keyServer = await startKeyServer();
    keyServer.answer = (_req, res) => res.writeHead(302, { location: evil.url.href }).end();
    expect(await withKeysOf(keyServer)(await signer.sign())).toBeNull();
    expect(evil.asked).toEqual([]);
  });

  const failures: [string, NonNullable<KeyServer['answer']>][] = [
    ['fails', (_req, res) => res.writeHead(500).end()],
    ['answers nothing', (_req, res) => res.writeHead(204).end()],
    ['drops the connection', (req) => req.socket.destroy()],
    ['answers what is no JSON', (_req, res) => res.writeHead(200).end('<html>')],
    ['answers what is no set of keys', (_req, res) => res.writeHead(200).end('{"keys":"none"}')],
    ['answers null', (_req, res) => res.writeHead(200).end('null')],
    ['hangs', () => undefined],
    ['hangs in the middle', (_req, res) => void res.writeHead(200).write('{"keys":[')],
  ];

  it.each(failures)(
    'let nobody in, and are not asked for all the time, when the server %s',
    async (_name, answer) => {
      vi.useFakeTimers({ toFake: ['Date', 'performance'] });
      await using keyServer = await startKeyServer(signer);
      keyServer.answer = answer;
      const verify = withKeysOf(keyServer, { keyServerTimeoutMs: 200 });
      const token = await signer.sign();
      const together = await allAtOnce(
        verify,
        Array.from({ length: 20 }, () => token),
      );
      expect(together.every((caller) => caller === null)).toBe(true);
      for (let index = 0; index < 20; index += 1) expect(await verify(token)).toBeNull();
      expect(keyServer.asked).toHaveLength(1);

      keyServer.answer = null;
      vi.advanceTimersByTime(6_000);
      expect(await verify(token)).not.toBeNull();
      expect(keyServer.asked).toHaveLength(2);
    },
  );
});

describe('a public key that is none', () => {
  it.each(['', 'no key', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'])(
    '%j is refused at the start',
    (pem) => {
      expect(() => verifierOf({ keys: { publicKey: pem } })).toThrow();
    },
  );
});
