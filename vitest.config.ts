import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

/** playwright makes functions from strings, in the process of the tests. */
const inBrowser = ['test/playground.test.ts', 'test/server/plugins/use-playground.test.ts'];
/** Fastify, as a host of ours, makes validators from its own schemas. */
const inHosts = ['test/library.test.ts'];

export default defineConfig({
  // Vite would take graphql's ESM build and Node the CommonJS one: two copies, whose classes don't know each other.
  resolve: { alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }] },
  test: {
    testTimeout: 60_000,
    hookTimeout: 30_000,
    // Real browsers and processes on a loaded machine may be late once; locally that shows at once.
    retry: process.env['CI'] === undefined ? 0 : 1,
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: [...inBrowser, ...inHosts],
          // As the gateway runs in production: a document is data, so no code comes from a string.
          execArgv: ['--disallow-code-generation-from-strings'],
        },
      },
      { extends: true, test: { name: 'browser', include: [...inBrowser, ...inHosts] } },
    ],
  },
});
