import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/security.md', root), 'utf8');
const table = page.split('| attack |')[1]?.split('\n\n')[0] ?? '';
const rows = table
  .split('\n')
  .slice(2)
  .map((row) => row.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));

/** `file: "title"; "title"; file` of the second column. */
function testsOf(cell: string): { file: string; title: string | null }[] {
  let file = '';
  return cell
    .replaceAll(/`node [^`]+`/g, '')
    .split('; ')
    .filter((part) => part !== '')
    .map((part) => {
      const [, named, title] = /^(?:([\w./-]+)(?:: )?)?(?:"(.+)")?$/.exec(part) ?? [];
      if (named !== undefined) file = named.includes('/') ? named : `test/security/${named}.test.ts`;
      return { file, title: title ?? null };
    });
}

describe("docs/security.md's table of attacks", () => {
  it('has rows of three cells', () => {
    expect(rows.length).toBeGreaterThan(35);
    for (const row of rows) expect(row, row[0]).toHaveLength(3);
  });

  it.each(rows.map(([attack = '', tests = '']) => [attack, tests]))(
    'names tests that exist, for %s',
    (_attack, cell) => {
      const tests = testsOf(cell);
      expect(tests.length).toBeGreaterThan(0);
      for (const { file, title } of tests) {
        expect(existsSync(new URL(file, root)), file).toBe(true);
        if (title !== null) expect(readFileSync(new URL(file, root), 'utf8')).toContain(title);
      }
    },
  );

  it('stands on a page whose links lead somewhere', () => {
    const links = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) expect(existsSync(new URL(link, new URL('docs/', root))), link).toBe(true);
  });
});
