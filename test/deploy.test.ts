import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configVariables, parseConfig } from '../src/config.ts';
import { createSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';
import { buildDist } from './support/build.ts';
import { backendKey, connectionInput, createDocument, novuKey } from './support/harness.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const isRoot = process.getuid?.() === 0;
/** Of the image. */
const user = 65_532;

type Locked = { dev?: boolean; devOptional?: boolean; optional?: boolean };

/** Where `npm ci --omit=dev` puts packages, by the lockfile. */
async function productionPackages(): Promise<string[]> {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  return (
    Object.entries(lock.packages)
      .filter(([path, { dev, devOptional, optional }]) => path !== '' && !dev && !devOptional && !optional)
      .map(([path]) => path)
      // An older install may have put one of them a level higher.
      .filter((path) => existsSync(join(root, path)))
  );
}

async function forEachFile(
  folder: string,
  run: (path: string, isFolder: boolean) => Promise<void>,
): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await forEachFile(path, run);
    await run(path, entry.isDirectory());
  }
}

describe('the files of the image', () => {
  let app: string;
  /** Node, where every user can reach it: the clone may lie in a folder that is closed to others, as root's home is. */
  let node: string;
  let packages: string[];
  let sandbox: Sandbox;
  let dockerfile: string;

  beforeAll(async () => {
    app = await mkdtemp(join(tmpdir(), 'image-'));
    dockerfile = await readFile(join(root, 'deploy/Dockerfile'), 'utf8');
    await buildDist(join(app, 'dist'));
    packages = await productionPackages();
    for (const path of packages) {
      await mkdir(dirname(join(app, path)), { recursive: true });
      // What is nested is in the list on its own, if it belongs there.
      await cp(join(root, path), join(app, path), {
        recursive: true,
        filter: (source) => !source.slice(join(root, path).length).includes('/node_modules'),
      });
    }
    for (const name of ['schema', 'package.json', 'LICENSE'])
      await cp(join(root, name), join(app, name), { recursive: true });
    await forEachFile(app, (path, isFolder) => chmod(path, isFolder ? 0o555 : 0o444));
    await chmod(app, 0o555);
    const bin = await mkdtemp(join(tmpdir(), 'node-'));
    node = join(bin, 'node');
    await copyFile(process.execPath, node);
    for (const path of [bin, node]) await chmod(path, 0o555);
    sandbox = createSandbox({ secretKey: novuKey });
    await sandbox.listen();
  }, 120_000);
  afterAll(async () => {
    await sandbox?.close();
    await forEachFile(app, (path, isFolder) => chmod(path, isFolder ? 0o755 : 0o644)).catch(() => undefined);
    await chmod(app, 0o755);
    await forEachFile(app, (path, isFolder) => (isFolder ? chmod(path, 0o755) : Promise.resolve()));
    await rm(app, { recursive: true, force: true });
    await chmod(dirname(node), 0o755);
    await rm(dirname(node), { recursive: true });
  });

  it('are those that the Dockerfile copies', async () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('FROM '));
    const copied = [...last.matchAll(/^COPY (?:--from=\w+ )?(.+) \.\S*$/gm)]
      .flatMap((match) => match[1]!.split(' '))
      .map((path) => path.replace('/app/', ''));
    expect(copied.sort()).toEqual((await readdir(app)).sort());
    expect(packages).not.toContain('node_modules/vitest');
    expect(packages).not.toContain('node_modules/typescript');
    expect(packages).not.toContain('node_modules/@graphql-yoga/render-graphiql');
  });

  it.each([
    ['a Novu', { production: true }],
    ['the sandbox', { production: false }],
  ])('run in front of %s, without the right to write anything', async (_name, { production }) => {
    const home = await mkdtemp(join(tmpdir(), 'home-'));
    if (isRoot) await chown(home, user, user);
    const child = spawn(node, ['--permission', '--allow-fs-read=*', ...entrypoint(dockerfile)], {
      cwd: app,
      ...(isRoot && { uid: user, gid: user }),
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'production',
        HOME: home,
        TMPDIR: home,
        PORT: '0',
        ...(production && {
          NOVU_API_URL: sandbox.url,
          NOVU_SECRET_KEY: novuKey,
          GATEWAY_API_KEYS: `backend:${backendKey}`,
        }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    try {
      let output = '';
      const url = await new Promise<string>((resolve, reject) => {
        const onText = (text: string) => {
          output += text;
          const found = /http:\/\/[^\s"]+\/graphql/.exec(output)?.[0];
          if (found !== undefined) resolve(found);
        };
        child.stdout.setEncoding('utf8').on('data', onText);
        child.stderr.setEncoding('utf8').on('data', onText);
        child.once('error', reject);
        child.once('close', (code) => reject(new Error(`ended with ${code}: ${output}`)));
      });
      expect((await fetch(new URL('/health', url))).status).toBe(200);
      expect((await fetch(new URL('/ready', url))).status).toBe(200);
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(production && { 'x-api-key': backendKey }) },
        body: JSON.stringify({ query: createDocument, variables: { input: connectionInput() } }),
      });
      expect((await answer.json()).data.createChannelConnection.userErrors).toEqual([]);
      if (!production) {
        const page = await fetch(url, { headers: { accept: 'text/html' } });
        const [, script = ''] = /src="([^"]+graphiql\.js)"/.exec(await page.text()) ?? [];
        const asked = ['br', 'identity'].map((coding) => ({ 'accept-encoding': coding }));
        const files = await Promise.all(asked.map((headers) => fetch(new URL(script, url), { headers })));
        expect(files.map(({ headers }) => headers.get('content-encoding'))).toEqual(['br', null]);
        const [compressed, plain] = await Promise.all(files.map((file) => file.text()));
        expect(compressed).toContain('YogaGraphiQL');
        expect(compressed).toBe(plain);
      }
      child.kill('SIGTERM');
      expect((await once(child, 'close'))[0]).toBe(0);
      expect(await readdir(home)).toEqual([]);
      expect(output).not.toMatch(/warn|denied|EACCES|EROFS/i);
    } finally {
      child.kill('SIGKILL');
      await rm(home, { recursive: true });
    }
  });

  it('are healthy by the check of the Dockerfile', async () => {
    const check = /CMD (\[.*\])$/m.exec(dockerfile)?.[1];
    const [command, ...args] = JSON.parse(check!) as string[];
    expect(command).toBe('node');
    const run = (port: string) => promisify(execFile)(process.execPath, args, { env: { PORT: port } });
    const healthy = createServer((request, response) => {
      response.writeHead(request.url === '/health' ? 200 : 404).end();
    }).listen(0, '127.0.0.1');
    await once(healthy, 'listening');
    await run(String((healthy.address() as AddressInfo).port));
    healthy.close();
    healthy.closeAllConnections();
    // The sandbox answers 404 there, and nobody listens on port 1.
    for (const wrong of [new URL(sandbox.url).port, '1']) await expect(run(wrong)).rejects.toThrow();
  });
});

describe('the Dockerfile', () => {
  it('has a user by number who is not root, and installs by the lockfile without scripts', async () => {
    const text = await readFile(join(root, 'deploy/Dockerfile'), 'utf8');
    expect(text).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
    expect(text.match(/npm ci .*/g)).toEqual([
      expect.stringContaining('--ignore-scripts'),
      expect.stringMatching(/--omit=dev.*--ignore-scripts/),
    ]);
    expect(text).not.toMatch(/npm install|^ADD |curl|chown/m);
  });

  it('has the Node of the tests, by its full version, in every stage', async () => {
    const text = await readFile(join(root, 'deploy/Dockerfile'), 'utf8');
    const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version: string }>;
    };
    const version = lock.packages['node_modules/node']?.version;
    expect(text).toMatch(new RegExp(`^ARG NODE_IMAGE=node:${version}-slim$`, 'm'));
    const images = [...text.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(images).toEqual(['${NODE_IMAGE}', '${NODE_IMAGE}', '${NODE_IMAGE}']);
    expect(await readFile(join(root, 'deploy/README.md'), 'utf8')).toContain(`node:${version}-slim@sha256:`);
  });

  it('starts Node without code from strings', async () => {
    const text = await readFile(join(root, 'deploy/Dockerfile'), 'utf8');
    expect(entrypoint(text)).toEqual([
      '--disallow-code-generation-from-strings',
      '--max-semi-space-size=16',
      'dist/main.js',
    ]);
  });
});

describe('kubernetes.yaml', () => {
  const read = () => readFile(join(root, 'deploy/kubernetes.yaml'), 'utf8');

  it('limits memory to 512 MiB and the heap to what leaves a third of it to the rest', async () => {
    const text = await read();
    const limit = Number(/limits: \{ memory: (\d+)Mi \}/.exec(text)?.[1]);
    const heap = Number(/NODE_OPTIONS, value: "--max-old-space-size=(\d+)"/.exec(text)?.[1]);
    expect(limit).toBe(512);
    expect(heap).toBeGreaterThanOrEqual(256);
    expect(heap).toBeLessThanOrEqual((limit * 2) / 3);
  });

  it('names the image by its digest', async () => {
    const images = [...(await read()).matchAll(/^ +image: (.+)$/gm)].map(([, image]) => image);
    expect(images).toEqual([expect.stringMatching(/@sha256:[0-9a-f]{64}$/)]);
  });

  it('lets in pods with a label alone, which the README names', async () => {
    const ingress = /\n {2}ingress:\n([^]*?)\n {2}egress:/.exec(await read())?.[1] ?? '';
    expect(ingress.match(/Selector|ipBlock/g)).toEqual(['Selector']);
    expect(ingress).toContain('matchLabels: { novu-graphql/caller: "true" }');
    expect(await readFile(join(root, 'deploy/README.md'), 'utf8')).toContain('`novu-graphql/caller: "true"`');
  });

  it('sets variables that the gateway reads, and takes the root file system for read-only', async () => {
    const text = await read();
    const names = [...text.matchAll(/\{ name: ([A-Z_]+), value|^ {2}([A-Z_]+): /gm)].map(
      ([, plain, inSecret]) => plain ?? inSecret,
    );
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) expect([...configVariables, 'NODE_OPTIONS']).toContain(name);
    expect(text).toContain('readOnlyRootFilesystem: true');
  });

  it('does not start with the secrets that are to be replaced', async () => {
    const secrets = Object.fromEntries(
      [...(await read()).matchAll(/^ {2}([A-Z_]+): (.+)$/gm)].map(([, name, value]) => [name, value]),
    );
    expect(() => parseConfig(secrets)).toThrow(/IDENTIFIER_SECRET/);
  });
});

function entrypoint(dockerfile: string): string[] {
  const [node, ...args] = JSON.parse(/^ENTRYPOINT (\[.*\])$/m.exec(dockerfile)![1]!) as string[];
  expect(node).toBe('node');
  return args;
}
