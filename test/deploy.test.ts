import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';
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
  let packages: string[];
  let sandbox: Sandbox;
  let dockerfile: string;

  beforeAll(async () => {
    app = await mkdtemp(join(tmpdir(), 'image-'));
    dockerfile = await readFile(join(root, 'deploy/Dockerfile'), 'utf8');
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    await promisify(execFile)(
      process.execPath,
      [tsc, '-p', 'tsconfig.build.json', '--outDir', join(app, 'dist')],
      { cwd: root },
    );
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
    sandbox = createSandbox({ secretKey: novuKey });
    await sandbox.listen();
  }, 120_000);
  afterAll(async () => {
    await sandbox?.close();
    await forEachFile(app, (path, isFolder) => chmod(path, isFolder ? 0o755 : 0o644)).catch(() => undefined);
    await chmod(app, 0o755);
    await forEachFile(app, (path, isFolder) => (isFolder ? chmod(path, 0o755) : Promise.resolve()));
    await rm(app, { recursive: true, force: true });
  });

  it('are those that the Dockerfile copies', async () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('FROM '));
    const copied = [...last.matchAll(/^COPY (?:--from=\w+ )?(.+) \.\S*$/gm)]
      .flatMap((match) => match[1]!.split(' '))
      .map((path) => path.replace('/app/', ''));
    expect(copied.sort()).toEqual((await readdir(app)).sort());
    expect(packages).not.toContain('node_modules/vitest');
    expect(packages).not.toContain('node_modules/typescript');
  });

  it.each([
    ['a Novu', { production: true }],
    ['the sandbox', { production: false }],
  ])('run in front of %s, without the right to write anything', async (_name, { production }) => {
    const home = await mkdtemp(join(tmpdir(), 'home-'));
    if (isRoot) await chown(home, user, user);
    const child = spawn(process.execPath, ['--permission', '--allow-fs-read=*', ...entrypoint(dockerfile)], {
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
        expect(await page.text()).toContain('graphiql.js');
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
});

function entrypoint(dockerfile: string): string[] {
  const [node, ...args] = JSON.parse(/^ENTRYPOINT (\[.*\])$/m.exec(dockerfile)![1]!) as string[];
  expect(node).toBe('node');
  return args;
}
