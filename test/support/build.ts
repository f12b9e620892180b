import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What `npm run build` makes, in a folder of its own: the `dist` that the package and the image hold. */
export async function buildDist(outDir: string): Promise<void> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, args, { cwd: root }).catch((error: { stdout: string }) => {
      throw new Error(error.stdout);
    });
  await run(join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', outDir);
  await run(join(root, 'scripts/playground-assets.ts'), outDir);
}
