import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { lastingTable, passingTable } from './fault-table.ts';

describe('docs/reliability.md', () => {
  const text = readFile(new URL('../../docs/reliability.md', import.meta.url), 'utf8');

  it('says what callers see, and what Novu sees, when one request fails', async () => {
    expect(await text).toContain(await passingTable());
  });

  it('says what callers see when every request fails', async () => {
    expect(await text).toContain(await lastingTable());
  });
});
