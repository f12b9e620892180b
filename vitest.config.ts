import { defineConfig } from 'vitest/config';

export default defineConfig({
  // graphql must be loaded once: Vite and Node would otherwise pick its ESM and its CommonJS build side by side.
  ssr: { resolve: { conditions: ['module', 'node', 'production'] } },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
