import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { maxForeignCores } from '../measure/cost.ts';
import type { Results, Scale, Section } from '../measure/sections.ts';
import { toPicture } from './picture.ts';
import { toTable } from './table.ts';

export type Setup = {
  node: string;
  cpu: string;
  cores: number;
  /** A day, in UTC. */
  date: string;
  connections: number;
  pairs: number;
  /** Of a slice. */
  seconds: number;
};

/** What was measured, and how each section was. */
export type Record = { setup: { [S in Section]?: Setup }; results: Results };

const file = (name: string) => new URL(`../../docs/${name}`, import.meta.url);
const record = file('performance.json');
const page = file('performance.md');
const picture = file('performance.svg');

export const setupOf = ({ connections, pairs, seconds }: Scale): Setup => ({
  node: process.version,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  date: new Date().toISOString().slice(0, 10),
  connections,
  pairs,
  seconds,
});

/** What was written last; empty when nothing was. */
export const readRecord = (): Record =>
  existsSync(record) ? (JSON.parse(readFileSync(record, 'utf8')) as Record) : { setup: {}, results: {} };

const start = '<!-- measured: written by `npm run bench -- --write` -->';
const end = '<!-- end of what is measured -->';

/** Writes the numbers, the picture, and the table into its place in the page. Throws when the page has no such place. */
export function writeReport({ setup, results }: Record): void {
  const text = readFileSync(page, 'utf8');
  const [before, rest] = text.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`docs/performance.md has no place between "${start}" and "${end}"`);
  const measured = [
    start,
    sayHow(setup) + sayDisturbance(results),
    '![CPU time of a request in bare proxies](performance.svg)',
    toTable(results),
    end,
  ];
  writeFileSync(page, before + measured.join('\n\n') + after);
  writeFileSync(record, `${JSON.stringify({ setup, results }, rounded, 2)}\n`);
  writeFileSync(picture, toPicture(results.operations ?? []));
}

function sayHow(setup: Record['setup']): string {
  const byText = new Map<string, string[]>();
  for (const [section, one] of Object.entries(setup)) {
    const text = `Node ${one.node.slice(1)}, ${one.cores} cores (${one.cpu}), ${one.date}, ${one.pairs} pairs of slices of ${one.seconds} s, ${one.connections} connections`;
    byText.set(text, [...(byText.get(text) ?? []), section]);
  }
  if (byText.size < 2) return `${[...byText.keys()].join('')}.`;
  return [...byText].map(([text, names]) => `- ${names.join(', ')}: ${text}`).join('\n');
}

function sayDisturbance({ operations = [], connections = [], callers = [], latency = [] }: Results): string {
  const most = Math.max(
    0,
    ...[...operations, ...connections, ...callers, ...latency].map((one) => one.foreignCores),
  );
  return most > maxForeignCores
    ? `\n\nOther programs used up to ${most.toFixed(1)} cores meanwhile: the numbers are rough.`
    : '';
}

const rounded = (_name: string, value: unknown) =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
