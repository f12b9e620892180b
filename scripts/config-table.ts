/**
 * Prints the table of all variables into the README, between its two markers. `--check` changes nothing and ends with
 * 1 when the README says something else.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { printConfigTable } from '../src/config.ts';

const file = new URL('../README.md', import.meta.url);
const readme = readFileSync(file, 'utf8');
const parts = /^([^]*<!-- configuration: [^\n]* -->\n)[^]*(<!-- \/configuration -->[^]*)$/.exec(readme);
if (parts?.[1] === undefined || parts[2] === undefined)
  throw new Error('The README has no markers for the table of the configuration.');
const printed = `${parts[1]}${printConfigTable()}\n${parts[2]}`;
if (!process.argv.includes('--check')) writeFileSync(file, printed);
else if (printed !== readme) {
  console.error('The table in README.md is not what src/config.ts says: npm run config:table');
  process.exitCode = 1;
}
