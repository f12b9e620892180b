import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';
import { backendKey, connectionInput, createDocument, novuKey, readerKey } from './support/harness.ts';
import { startProcess } from './support/process.ts';

/** The first example of the README, as it is printed there. */
const example = /```graphql\n(mutation.*?)```/s.exec(
  readFileSync(new URL('../README.md', import.meta.url), 'utf8'),
)?.[1];

function post(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

const asBrowser = { accept: 'text/html,application/xhtml+xml' };

/** The variables of a gateway in front of this Novu. */
const inFrontOf = (sandbox: Sandbox): Record<string, string> => ({
  NOVU_API_URL: sandbox.url,
  NOVU_SECRET_KEY: novuKey,
  GATEWAY_API_KEYS: `backend:${backendKey},reader:${readerKey}`,
  GATEWAY_SECRET_READERS: 'reader',
});

async function startNovu(): Promise<Sandbox> {
  const sandbox = createSandbox({ secretKey: novuKey });
  await sandbox.listen();
  return sandbox;
}

/** Resolves when Novu was asked for something that matches. */
function whenAsked(sandbox: Sandbox, method: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  sandbox.onRequest = (request) => {
    if (request.method === method) resolve();
    return undefined;
  };
  return promise;
}

type Tokens = { publicKey: string; sign(claims: { issuer: string }): string };

/** Tokens of a key of their own (RFC 7515, Ed25519). */
function createTokens(): Tokens {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign({ issuer }) {
      const exp = Math.floor(Date.now() / 1000) + 300;
      const signed = `${encode({ alg: 'EdDSA', typ: 'JWT' })}.${encode({ iss: issuer, aud: 'novu-graphql', sub: 'ann', exp })}`;
      return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
    },
  };
}

describe('with no configuration', () => {
  it('runs on the sandbox, says so in one line, and takes the example of the README from anybody', async () => {
    await using gateway = startProcess();
    const url = await gateway.url;
    expect(gateway.output().trimEnd().split('\n')).toEqual([
      `novu-graphql runs on its embedded sandbox, for callers on this machine only: open ${url}`,
    ]);

    const answers = [];
    for (let run = 0; run < 2; run += 1) {
      const response = await post(url, { query: example });
      expect(response.status).toBe(200);
      answers.push((await response.json()).data.createChannelConnection);
    }
    const [first, second] = answers;
    expect(first).toMatchObject({
      channelConnection: {
        identifier: 'slack-prod-user123-abc4',
        channel: 'CHAT',
        providerId: 'slack',
        integrationIdentifier: 'slack-prod',
        subscriberId: 'subscriber-123',
        contextKeys: ['key:org-acme'],
        workspace: { id: 'T123456', name: 'Acme HQ' },
        auth: { hasAccessToken: true },
        createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
      idempotency: { key: 'connect-acme-1', replayed: false },
      rateLimit: { limit: expect.any(Number), remaining: expect.any(Number) },
      userErrors: [],
    });
    expect(second.channelConnection).toEqual(first.channelConnection);
    expect(second.idempotency).toEqual({ key: 'connect-acme-1', replayed: true });
  });

  it('answers /health and /ready', async () => {
    await using gateway = startProcess();
    const origin = new URL(await gateway.url).origin;
    expect((await fetch(`${origin}/health`)).status).toBe(200);
    expect((await fetch(`${origin}/ready`)).status).toBe(200);
  });

  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);

  it.skipIf(others.length === 0)('is out of reach for other machines, whatever HOST says', async () => {
    await using gateway = startProcess({ HOST: '0.0.0.0' });
    const { hostname, port } = new URL(await gateway.url);
    expect(hostname).toBe('127.0.0.1');
    for (const host of others) {
      const socket = connect(Number(port), host);
      const [error] = await once(socket, 'error');
      expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    }
  });
});

describe('a configuration that makes no sense', () => {
  const secret = 'sk-a-secret-that-must-not-show';

  it.each([
    ['NOVU_SECRET_KEY without callers', { NOVU_SECRET_KEY: secret }, ['GATEWAY_API_KEYS']],
    ['NOVU_API_URL without its key', { NOVU_API_URL: 'https://eu.api.novu.co' }, ['NOVU_SECRET_KEY']],
    [
      'an address with a password',
      {
        NOVU_API_URL: `https://me:${secret}@api.novu.co`,
        NOVU_SECRET_KEY: secret,
        GATEWAY_API_KEYS: `backend:${backendKey}`,
      },
      ['NOVU_API_URL'],
    ],
    [
      'several faults at once',
      { PORT: 'http', NOVU_API_URL: secret, GATEWAY_API_KEYS: `${secret},x:short`, LOG_LEVEL: 'loud' },
      ['PORT', 'NOVU_API_URL', 'NOVU_SECRET_KEY', 'GATEWAY_API_KEYS', 'LOG_LEVEL'],
    ],
  ])('is refused with all that is wrong by name: %s', async (_name, env, names) => {
    await using gateway = startProcess(env);
    expect(await gateway.exited).toEqual({ code: 1, signal: null });
    for (const name of names) expect(gateway.errorOutput()).toMatch(new RegExp(`^ *${name}: `, 'm'));
    expect(gateway.output()).toBe(gateway.errorOutput());
    expect(gateway.output()).not.toContain(secret);
    expect(gateway.output()).not.toContain(backendKey);
  });

  it('is a port that is taken, too', async () => {
    await using sandbox = await startNovu();
    await using gateway = startProcess({ PORT: new URL(sandbox.url).port });
    expect(await gateway.exited).toEqual({ code: 1, signal: null });
    expect(gateway.errorOutput()).toContain('is taken');
  });
});

describe('in front of a Novu', () => {
  it('asks callers for their key, and Novu with its own', async () => {
    await using sandbox = await startNovu();
    await using gateway = startProcess(inFrontOf(sandbox));
    const url = await gateway.url;
    expect((await post(url, { query: example })).status).toBe(401);
    expect(sandbox.requests).toHaveLength(0);
    const response = await post(url, { query: example }, { authorization: `ApiKey ${backendKey}` });
    expect(response.status).toBe(200);
    expect(sandbox.requests[0]?.headers['authorization']).toBe(`ApiKey ${novuKey}`);
    expect(sandbox.connections()).toHaveLength(1);
  });

  it.each([
    ['hides the playground', {}, 401],
    ['shows the playground when asked to', { PLAYGROUND: 'on' }, 200],
  ])('%s', async (_name, env, status) => {
    await using sandbox = await startNovu();
    await using gateway = startProcess({ ...inFrontOf(sandbox), ...env });
    const response = await fetch(await gateway.url, { headers: asBrowser });
    expect(response.status).toBe(status);
    expect((await response.text()).includes('graphiql.js')).toBe(status === 200);
  });

  it('prints no key and no token, whatever goes wrong, at the finest log level', async () => {
    await using sandbox = await startNovu();
    await using gateway = startProcess({ ...inFrontOf(sandbox), LOG_LEVEL: 'trace' });
    const url = await gateway.url;
    const token = 'xoxb-canary-of-the-main-test';
    const variables = {
      input: connectionInput({ auth: { accessToken: token, refreshToken: token } }),
      key: 'key-1',
    };
    const wrong = 'not-a-key-of-this-gateway';
    await post(url, { query: createDocument, variables }, { 'x-api-key': wrong });
    await post(url, { query: createDocument, variables }, { 'x-api-key': backendKey });
    await post(url, { query: `{ nope(token: "${token}") }`, variables }, { 'x-api-key': backendKey });
    for (const fault of [
      { kind: 'error-before', message: `TypeError: ${token}` },
      { kind: 'not-json', body: `<${token}>` },
      { kind: 'status', status: 422, message: `${token} is not valid` },
      { kind: 'status', status: 401, message: novuKey },
      { kind: 'reset-after' },
    ] as const) {
      sandbox.fail(fault);
      const response = await post(
        url,
        { query: createDocument, variables: { ...variables, key: null } },
        { 'x-api-key': readerKey },
      );
      expect(await response.text()).not.toContain(token);
    }
    gateway.kill('SIGTERM');
    expect(await gateway.exited).toEqual({ code: 0, signal: null });
    expect(gateway.output()).toContain('"operation"');
    for (const secret of [token, wrong, novuKey, backendKey, readerKey]) {
      expect(gateway.output()).not.toContain(secret);
      expect(gateway.output()).not.toContain(Buffer.from(secret).toString('base64'));
    }
  });
});

describe('SIGTERM', () => {
  it('lets a request in progress end, takes no new one, and ends with 0', async () => {
    await using sandbox = await startNovu();
    // A grace that the test would not survive: what ends it is the end of the request.
    await using gateway = startProcess({ ...inFrontOf(sandbox), SHUTDOWN_GRACE_MS: '600000' });
    const url = await gateway.url;
    const { promise: until, resolve: release } = Promise.withResolvers<void>();
    sandbox.fail({ kind: 'slow', until });
    const asked = whenAsked(sandbox, 'POST');
    const answer = post(url, { query: example }, { 'x-api-key': backendKey });
    await asked;
    gateway.kill('SIGTERM');
    await expect
      .poll(() =>
        fetch(`${new URL(url).origin}/health`).then(
          () => 'open',
          () => 'closed',
        ),
      )
      .toBe('closed');
    release();
    expect((await (await answer).json()).data.createChannelConnection.userErrors).toEqual([]);
    expect(await gateway.exited).toEqual({ code: 0, signal: null });
  });

  it.each(['POST', 'GET'])(
    'tells the caller of a %s that hangs what is known when its grace is nearly over, and ends with 0',
    async (method) => {
      await using sandbox = await startNovu();
      await using gateway = startProcess({
        ...inFrontOf(sandbox),
        UPSTREAM_TIMEOUT_MS: '600000',
        SHUTDOWN_GRACE_MS: '2000',
      });
      const url = await gateway.url;
      sandbox.fail({ kind: 'hang-before' });
      const asked = whenAsked(sandbox, method);
      const query = method === 'POST' ? example : '{ channelConnection(identifier: "x") { channel } }';
      const answer = post(url, { query }, { 'x-api-key': backendKey });
      await asked;
      gateway.kill('SIGTERM');
      const [{ extensions }] = (await (await answer).json()).errors;
      expect(extensions).toMatchObject(
        method === 'POST' ? { code: 'OUTCOME_UNKNOWN', outcome: 'UNKNOWN' } : { code: 'UPSTREAM_TIMEOUT' },
      );
      expect(await gateway.exited).toEqual({ code: 0, signal: null });
    },
  );

  it('lets a write end although it comes a second time', async () => {
    await using sandbox = await startNovu();
    await using gateway = startProcess(inFrontOf(sandbox));
    const url = await gateway.url;
    const { promise: until, resolve: release } = Promise.withResolvers<void>();
    sandbox.fail({ kind: 'slow', until });
    const asked = whenAsked(sandbox, 'POST');
    const answer = post(url, { query: example }, { 'x-api-key': backendKey });
    await asked;
    gateway.kill('SIGTERM');
    await expect.poll(() => gateway.output()).toContain('draining');
    gateway.kill('SIGTERM');
    release();
    expect((await (await answer).json()).data.createChannelConnection.userErrors).toEqual([]);
    expect(await gateway.exited).toEqual({ code: 0, signal: null });
  });

  it.each([
    ['SIGTERM, a third time', ['SIGTERM', 'SIGTERM', 'SIGTERM']],
    ['SIGINT, a second time', ['SIGINT', 'SIGINT']],
    ['SIGINT, twice after SIGTERM', ['SIGTERM', 'SIGINT', 'SIGINT']],
  ] as const)('ends at once at %s', async (_name, signals) => {
    await using sandbox = await startNovu();
    await using gateway = startProcess({ ...inFrontOf(sandbox), UPSTREAM_TIMEOUT_MS: '600000' });
    const url = await gateway.url;
    sandbox.fail({ kind: 'hang-before' });
    const asked = whenAsked(sandbox, 'POST');
    const answer = post(url, { query: example }, { 'x-api-key': backendKey }).catch(() => 'cut');
    await asked;
    let said = 0;
    for (const signal of signals) {
      gateway.kill(signal);
      said += 1;
      // Two of a kind that come together are one to the system.
      await expect
        .poll(() => gateway.output().match(/draining/g)?.length ?? 0)
        .toBe(Math.min(said, signals.length - 1));
    }
    expect(await gateway.exited).toEqual({ code: 1, signal: null });
    expect(await answer).toBe('cut');
  });

  it('reaches the gateway behind npm start', async () => {
    await using gateway = startProcess({}, { npm: 'start' });
    const { origin } = new URL(await gateway.url);
    gateway.kill('SIGTERM');
    const isUp = () =>
      fetch(`${origin}/health`).then(
        () => true,
        () => false,
      );
    await expect.poll(isUp, { timeout: 10_000 }).toBe(false);
    await expect.poll(() => gateway.output()).toContain('"signal":"SIGTERM"');
  });
});

describe('a full disk behind stdout', () => {
  it.skipIf(!existsSync('/dev/full'))('neither ends the gateway nor keeps it from ending', async () => {
    await using sandbox = await startNovu();
    const port = await freePort();
    const full = openSync('/dev/full', 'w');
    await using gateway = startProcess({ ...inFrontOf(sandbox), PORT: String(port) }, { stdout: full });
    closeSync(full);
    const url = `http://127.0.0.1:${port}/graphql`;
    const isUp = () =>
      fetch(`http://127.0.0.1:${port}/health`).then(
        ({ ok }) => ok,
        () => false,
      );
    await expect.poll(isUp, { timeout: 20_000 }).toBe(true);
    const answer = await post(url, { query: example }, { 'x-api-key': backendKey });
    expect((await answer.json()).data.createChannelConnection.userErrors).toEqual([]);
    gateway.kill('SIGTERM');
    expect(await gateway.exited).toEqual({ code: 0, signal: null });
  });
});

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('an exception that nobody caught', () => {
  it.each([
    ['thrown', `throw new Error('xoxb-in-a-message', { cause: { token: 'xoxb-in-a-cause' } })`],
    [
      'of a promise',
      `Promise.reject(Object.assign(new TypeError('xoxb-in-a-message'), { row: 'xoxb-in-a-row' }))`,
    ],
  ])(
    'and that was %s ends the process with 1 once a write in progress is answered, and only its name and place are logged',
    async (_name, code) => {
      await using novu = await startNovu();
      const crashing = `process.on('SIGUSR2', () => { ${code} })`;
      await using gateway = startProcess({
        ...inFrontOf(novu),
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(crashing)}`,
      });
      const url = await gateway.url;
      const asked = Promise.withResolvers<void>();
      const until = Promise.withResolvers<void>();
      novu.onRequest = ({ method }) => {
        if (method !== 'POST') return undefined;
        asked.resolve();
        return { kind: 'slow', until: until.promise, at: 'end' };
      };
      const answer = post(
        url,
        { query: createDocument, variables: { input: connectionInput() } },
        { 'x-api-key': backendKey },
      );
      await asked.promise;
      gateway.kill('SIGUSR2');
      while (!gateway.output().includes('draining')) await new Promise((resolve) => setImmediate(resolve));
      until.resolve();
      expect(await (await answer).json()).toMatchObject({
        data: { createChannelConnection: { channelConnection: { identifier: 'slack-prod-user123-abc4' } } },
      });
      expect(await gateway.exited).toEqual({ code: 1, signal: null });
      expect(gateway.output()).toMatch(/"level":60,.*"error":"(?:Error|TypeError)"/);
      expect(gateway.output() + gateway.errorOutput()).not.toContain('xoxb-in-a');
    },
  );
});

describe('the command', () => {
  it('says who has the port, and what to do', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await using gateway = startProcess({}, { args: ['--port', String(port)] });
    expect(await gateway.exited).toEqual({ code: 1, signal: null });
    expect(gateway.errorOutput()).toContain(`PORT: ${port} on 127.0.0.1 is taken`);
    if (existsSync('/proc/net/tcp')) expect(gateway.errorOutput()).toContain(`(process ${process.pid})`);
    server.close();
  });

  it.each([
    [
      'a key under another name',
      { NOVU_API_KEY: 'sk-secret-in-a-misspelt-variable' },
      'NOVU_API_KEY: is not read: is NOVU_SECRET_KEY meant?',
    ],
    ['a misspelt key', { NOVU_SECRETKEY: 'sk-secret-in-a-misspelt-variable' }, 'is NOVU_SECRET_KEY meant?'],
    [
      'callers without Novu',
      { GATEWAY_API_KEYS: `backend:${backendKey}` },
      'NOVU_SECRET_KEY: must be set when GATEWAY_API_KEYS is',
    ],
  ])('does not fall back to the sandbox where there is %s', async (_name, env, words) => {
    await using gateway = startProcess(env);
    expect(await gateway.exited).toEqual({ code: 1, signal: null });
    expect(gateway.errorOutput()).toContain(words);
    expect(gateway.errorOutput()).not.toContain('sk-secret');
    expect(gateway.errorOutput()).not.toContain(backendKey);
  });

  it('runs the sandbox where that is asked for, whatever is configured', async () => {
    await using gateway = startProcess(
      { NOVU_SECRET_KEY: novuKey, GATEWAY_API_KEYS: `backend:${backendKey}`, HOST: '0.0.0.0' },
      { args: ['sandbox'] },
    );
    const response = await post(await gateway.url, { query: '{ __typename }' });
    expect(response.status).toBe(200);
    expect(gateway.output()).toContain('embedded sandbox');
    expect(gateway.output()).toContain('HOST: is not heeded');
  });

  it('checks a configuration without starting, and prints no secret', async () => {
    await using sandbox = await startNovu();
    const key = join(await mkdtemp(join(tmpdir(), 'novu-graphql-')), 'key');
    await writeFile(key, `${novuKey}\n`);
    const env: Record<string, string> = { ...inFrontOf(sandbox), NOVU_SECRET_KEY_FILE: key };
    delete env['NOVU_SECRET_KEY'];
    await using checked = startProcess(env, { args: ['check'] });
    expect(await checked.exited).toEqual({ code: 0, signal: null });
    expect(checked.output()).toContain('(secret, set, from NOVU_SECRET_KEY_FILE)');
    expect(checked.output()).toContain('answers, and takes the key');
    for (const secret of [novuKey, backendKey, readerKey]) expect(checked.output()).not.toContain(secret);
    await using wrong = startProcess(
      { ...inFrontOf(sandbox), NOVU_SECRET_KEY: 'not-the-key-of-novu' },
      { args: ['check'] },
    );
    expect(await wrong.exited).toEqual({ code: 1, signal: null });
    expect(wrong.output()).toContain('refuses the key');
  });

  it('takes over keys from a file that has changed, and keeps them when the file can not be used', async () => {
    await using sandbox = await startNovu();
    const file = join(await mkdtemp(join(tmpdir(), 'novu-graphql-')), 'keys');
    const [old, rotated] = ['the-old-key-0123456789', 'the-new-key-0123456789'];
    await writeFile(file, `backend:${old}`);
    await using gateway = startProcess({
      NOVU_API_URL: sandbox.url,
      NOVU_SECRET_KEY: novuKey,
      GATEWAY_API_KEYS_FILE: file,
    });
    const url = await gateway.url;
    const statusOf = async (key: string) => {
      const response = await post(url, { query: '{ __typename }' }, { 'x-api-key': key });
      await response.text();
      return response.status;
    };
    expect([await statusOf(old), await statusOf(rotated)]).toEqual([200, 401]);
    await writeFile(file, `backend:${rotated}`);
    await expect.poll(() => statusOf(rotated), { timeout: 20_000 }).toBe(200);
    expect(await statusOf(old)).toBe(401);
    await writeFile(file, 'no key at all');
    await expect.poll(() => gateway.output(), { timeout: 20_000 }).toContain('the earlier values stay');
    expect(await statusOf(rotated)).toBe(200);
    expect(gateway.output()).not.toContain(rotated);
  });

  it('takes over the key of tokens, their issuer and who reads tokens from files and from .env, without a restart', async () => {
    await using sandbox = await startNovu();
    const cwd = await mkdtemp(join(tmpdir(), 'novu-graphql-'));
    const keyFile = join(cwd, 'jwt.pem');
    const [old, rotated] = [createTokens(), createTokens()];
    await writeFile(keyFile, old.publicKey);
    const dotEnv = (issuer: string) => `JWT_ISSUER=${issuer}\nJWT_AUDIENCE=novu-graphql\n`;
    await writeFile(join(cwd, '.env'), dotEnv('https://one.test/'));
    await using gateway = startProcess(
      { NOVU_API_URL: sandbox.url, NOVU_SECRET_KEY: novuKey, JWT_PUBLIC_KEY_FILE: keyFile },
      { cwd },
    );
    const url = await gateway.url;
    const statusOf = async (tokens: Tokens, issuer: string) => {
      const token = tokens.sign({ issuer });
      const response = await post(url, { query: '{ __typename }' }, { authorization: `Bearer ${token}` });
      await response.text();
      return response.status;
    };
    expect(await statusOf(old, 'https://one.test/')).toBe(200);
    expect(await statusOf(rotated, 'https://one.test/')).toBe(401);
    await writeFile(keyFile, rotated.publicKey);
    await expect.poll(() => statusOf(rotated, 'https://one.test/'), { timeout: 20_000 }).toBe(200);
    expect(await statusOf(old, 'https://one.test/')).toBe(401);
    await writeFile(join(cwd, '.env'), `${dotEnv('https://two.test/')}LIMIT_DEPTH=9\n`);
    await expect.poll(() => statusOf(rotated, 'https://two.test/'), { timeout: 20_000 }).toBe(200);
    expect(await statusOf(rotated, 'https://one.test/')).toBe(401);
    expect(gateway.output()).toContain(
      '"changed":["LIMIT_DEPTH"],"msg":"variables have changed that a restart takes over"',
    );
  });

  it('reads .env of the working directory, and prefers the environment', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'novu-graphql-'));
    await writeFile(join(cwd, '.env'), 'PORT=none\nLOG_LEVEL=loud\nLIMIT_DEPTH=deep\n');
    await using gateway = startProcess({ LOG_LEVEL: 'info' }, { cwd });
    expect(await gateway.exited).toEqual({ code: 1, signal: null });
    expect(gateway.errorOutput()).toContain('LIMIT_DEPTH: must be');
    expect(gateway.errorOutput()).not.toMatch(/PORT|LOG_LEVEL/);
  });

  it.each([
    [['--help'], 'Usage: novu-graphql'],
    [['--version'], '0.'],
    [['schema'], 'type Mutation'],
  ])('%j prints and ends', async (args, words) => {
    await using command = startProcess({}, { args });
    expect(await command.exited).toEqual({ code: 0, signal: null });
    expect(command.output()).toContain(words);
  });

  it.each([[['frob']], [['--frob', 'x']]])('%j is an error', async (args) => {
    await using command = startProcess({}, { args });
    expect(await command.exited).toEqual({ code: 1, signal: null });
    expect(command.errorOutput()).toContain('--help');
  });

  it('says which Node it needs when it runs on an older one', async () => {
    const old =
      'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.1.0" } })';
    await using command = startProcess(
      { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(old)}` },
      { main: fileURLToPath(new URL('../bin/novu-graphql.js', import.meta.url)) },
    );
    expect(await command.exited).toEqual({ code: 1, signal: null });
    expect(command.errorOutput()).toBe('novu-graphql needs Node 22.19 or later, and this is Node 20.1.0.\n');
  });
});
