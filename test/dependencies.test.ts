import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Manifest = { name?: string; version?: string; license?: string };
type Lock = { packages: Record<string, Manifest & { dev?: boolean }> };

const read = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'));

/** What `npm ci --omit=dev` installs, by its place below the project. */
const installed = Object.entries((read('package-lock.json') as Lock).packages)
  .filter(([path, { dev }]) => path !== '' && dev !== true)
  .map(([path]) => ({ path, ...(read(`${path}/package.json`) as Manifest) }));

/** Approved by the Open Source Initiative, and without conditions on who may offer the gateway as a service. */
const accepted = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
]);

describe('the packages that production installs', () => {
  it('have licences that the Open Source Initiative has approved', () => {
    expect(installed.length).toBeGreaterThan(10);
    const others = installed.filter(({ license = '' }) => !accepted.has(license));
    expect(others.map(({ path, license }) => `${path}: ${license}`)).toEqual([]);
  });

  it('hold nothing of Apollo, whose federation packages are for tests', () => {
    expect(installed.filter(({ name = '' }) => name.startsWith('@apollo/'))).toEqual([]);
  });
});
