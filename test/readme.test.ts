import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configVariables, printConfigTable } from '../src/config.ts';
import { errorCodes } from '../src/graphql/errors.ts';
import { userErrorCodes } from '../src/graphql/user-errors.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
/** The names in the first column of the tables of a section. */
const namesIn = (heading: string) => {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell]) =>
    [...(cell ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
};

describe('the README', () => {
  it('has every variable of the configuration, and no other', () => {
    expect(new Set(namesIn('Configuration'))).toEqual(new Set(configVariables));
  });

  it('has the table that the configuration prints', () => {
    expect(readme).toContain(`-->\n${printConfigTable()}\n<!-- /configuration -->`);
  });

  it('has every error code, and no other', () => {
    expect(new Set(namesIn('Errors'))).toEqual(new Set([...errorCodes, ...userErrorCodes]));
  });

  it('names only files that exist', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, link]) => link ?? '');
    expect(links.length).toBeGreaterThan(5);
    for (const link of links)
      expect(() => readFileSync(new URL(`../${link}`, import.meta.url)), link).not.toThrow(/ENOENT/);
  });
});
