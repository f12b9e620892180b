import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Vite would take graphql's ESM build and Node the CommonJS one: two copies, whose classes don't know each other.
  resolve: { alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }] },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Real browsers and processes on a loaded machine may be late once; locally that shows at once.
    retry: process.env['CI'] === undefined ? 0 : 1,
    pool: 'forks',
    // As the gateway runs in production: a document is data, so no code comes from a string.
    execArgv: ['--disallow-code-generation-from-strings'],
    maxWorkers: 2,
  },
});
