import { access, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** No sandbox, as containers run as root; no traffic of the browser's own. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A headless Chromium: the one that CHROMIUM_PATH names, else the system's, else one out of an npm package. */
export async function launchBrowser(): Promise<Browser> {
  const named = process.env.CHROMIUM_PATH;
  if (named) return chromium.launch({ executablePath: named, args });
  for (const path of places) {
    if (await isExecutable(path)) return chromium.launch({ executablePath: path, args });
  }
  if (process.platform === 'linux' && process.arch === 'x64') return launchPackaged();
  throw new Error(
    `No browser at ${places.join(', ')}. Install Chromium or Chrome and let CHROMIUM_PATH name its executable.`,
  );
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Unpacks 215 MB into the temporary directory, once; brings the few shared libraries that a bare system lacks. */
async function launchPackaged(): Promise<Browser> {
  const { default: packaged, inflate } = await import('@sparticuz/chromium');
  const executablePath = await packaged.executablePath();
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const libraries = join(await inflate(join(entry, '../../bin/al2023.tar.br')), 'lib');
  return chromium.launch({
    executablePath,
    args,
    env: { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_PATH: join(tmpdir(), 'fonts') },
  });
}
