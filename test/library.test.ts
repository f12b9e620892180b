import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fastify from 'fastify';
import { graphql } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as library from '../src/index.ts';
import { createSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';
import { buildDist } from './support/build.ts';
import { backendKey, connectionInput, createDocument, novuKey } from './support/harness.ts';
import { startProcess } from './support/process.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = createSandbox({ secretKey: novuKey });
  await sandbox.listen();
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const parseConfig = () =>
  library.parseConfig({
    NOVU_API_URL: sandbox.url,
    NOVU_SECRET_KEY: novuKey,
    GATEWAY_API_KEYS: `backend:${backendKey}`,
  });

const request = (key: string | null): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...(key !== null && { 'x-api-key': key }) },
  body: JSON.stringify({ query: createDocument, variables: { input: connectionInput(), key: 'key-1' } }),
});

type Host = AsyncDisposable & { send: (init: RequestInit) => Promise<Response> };

/** `createGateway(config)` and nothing else of ours, under what users have. */
const hosts: Record<string, () => Promise<Host>> = {
  async 'node:http'() {
    const gateway = library.createGateway(parseConfig());
    const server = createHttpServer((req, res) => void gateway(req, res));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return {
      send: (init) => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, init),
      async [Symbol.asyncDispose]() {
        server.closeAllConnections();
        server.close();
        await gateway.dispose();
      },
    };
  },
  async Fastify() {
    const gateway = library.createGateway(parseConfig());
    const app = fastify();
    app.route({
      url: gateway.graphqlEndpoint,
      method: ['GET', 'POST'],
      handler: (req, reply) => gateway.handleNodeRequestAndResponse(req, reply, {}),
    });
    const origin = await app.listen({ port: 0, host: '127.0.0.1' });
    return {
      send: (init) => fetch(`${origin}/graphql`, init),
      async [Symbol.asyncDispose]() {
        await app.close();
        await gateway.dispose();
      },
    };
  },
  async 'a Worker'() {
    const gateway = library.createGateway(parseConfig());
    const worker = { fetch: (incoming: Request) => gateway.fetch(incoming) };
    return {
      send: async (init) => worker.fetch(new Request('https://worker.test/graphql', init)),
      async [Symbol.asyncDispose]() {
        await gateway.dispose();
      },
    };
  },
};

describe.each(Object.keys(hosts))('the gateway in %s', (name) => {
  const start = () => hosts[name]!();

  it('creates a connection, once per key', async () => {
    await using host = await start();
    const answers = [];
    for (let run = 0; run < 2; run += 1) {
      const response = await host.send(request(backendKey));
      expect(response.status).toBe(200);
      answers.push((await response.json()).data.createChannelConnection);
    }
    expect(answers.map(({ userErrors, idempotency }) => [userErrors, idempotency.replayed])).toEqual([
      [[], false],
      [[], true],
    ]);
    expect(sandbox.connections()).toHaveLength(1);
  });

  it('lets nobody in without a key', async () => {
    await using host = await start();
    const response = await host.send(request(null));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(sandbox.requests).toHaveLength(0);
  });

  it('takes no body past its limit', async () => {
    await using host = await start();
    const response = await host.send({ ...request(backendKey), body: `"${'x'.repeat(300_000)}"` });
    expect(response.status).toBe(413);
  });
});

describe('the library', () => {
  it('says what is wrong with a configuration that names no Novu', () => {
    expect(() => library.createGateway(library.parseConfig({}))).toThrow(/names no Novu/);
    expect(() => library.parseConfig({ PORT: 'http' })).toThrow(library.ConfigError);
  });

  it('names every code that clients may switch on', () => {
    expect(library.errorCodes).toContain('OUTCOME_UNKNOWN');
    expect(library.userErrorCodes).toContain('ALREADY_EXISTS');
  });

  it('has a schema that runs under graphql-js alone', async () => {
    const novu = library.createNovu({ url: new URL(sandbox.url), secretKey: novuKey });
    const contextValue = library.createContext({ caller: library.serviceCaller('own-server', false), novu });
    const created = await graphql({
      schema: library.schema,
      source: createDocument,
      variableValues: { input: connectionInput() },
      contextValue,
    });
    expect(created.errors).toBeUndefined();
    const { data, errors } = await graphql({
      schema: library.schema,
      source: '{ channelConnection(identifier: "slack-prod-user123-abc4") { provider } }',
      contextValue,
    });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ channelConnection: { provider: 'SLACK' } });
    await novu.close();
  });
});

describe('the built package', () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'novu-graphql-'));
    await buildDist(join(folder, 'dist'));
    await cp(join(root, 'schema'), join(folder, 'schema'), { recursive: true });
    await cp(join(root, 'package.json'), join(folder, 'package.json'));
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('runs as a command', async () => {
    await using gateway = startProcess({}, { main: join(folder, 'dist/main.js') });
    const response = await fetch(await gateway.url, request(null));
    expect((await response.json()).data.createChannelConnection.userErrors).toEqual([]);
    const page = await fetch(await gateway.url, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('CreateChannelConnection');
  });

  it('can be imported, with the same names and schema as the source', async () => {
    const built = (await import(pathToFileURL(join(folder, 'dist/index.js')).href)) as typeof library;
    expect(new Set(Object.keys(built))).toEqual(new Set(Object.keys(library)));
    expect(built.printSchema()).toBe(library.printSchema());
  });
});
