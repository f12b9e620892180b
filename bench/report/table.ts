import type { Cost } from '../measure/cost.ts';
import type { Results } from '../measure/sections.ts';

/** The contenders, in the order of the columns; the gateway may stand in them in several forms. */
export const columns = [
  'bare proxy',
  'novu-graphql',
  'mercurius + jit',
  'Apollo Server 5',
  'Hive Gateway',
  '@novu/api, no GraphQL',
];

type Cells = Map<string, string>;
const row = (title: string, cells: Cells) =>
  `| ${[title, ...columns.map((column) => cells.get(column) ?? '–')].join(' | ')} |`;

/** All results in one table, in Markdown. */
export function toTable(results: Results): string {
  const rows = [
    ...costRows(results.operations, ''),
    ...costRows(results.connections, 'connections'),
    ...costRows(results.callers, ''),
    ...servedRows(results.served),
    ...latencyRows(results.latency),
    ...startRows(results.start),
    ...survivorRows(results.survivors),
  ];
  return [`| | ${columns.join(' | ')} |`, `|---|${columns.map(() => '---|').join('')}`, ...rows].join('\n');
}

function costRows(costs: readonly Cost[] = [], suffix: string): string[] {
  const rows = new Map<string, Cells>();
  for (const cost of costs) {
    const { operation, connections, contender, ratio, cpu, bareCpu } = cost;
    const title = suffix === '' ? operation : `${operation}, ${count(connections, 'connection')}`;
    const cells =
      rows.get(title) ?? new Map<string, string>([['bare proxy', `1 (${bareCpu.toFixed(0)} µs)`]]);
    cells.set(contender, `${ratio.toFixed(ratio < 10 ? 2 : 1)} (${cpu.toFixed(0)} µs)`);
    rows.set(title, cells);
  }
  return [...rows].map(([title, cells]) => row(title, cells));
}

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;

function servedRows(served: Results['served'] = []): string[] {
  if (served.length === 0) return [];
  const cells = served.map(({ contender, requests, refused }): [string, string] => [
    contender,
    `${((100 * requests) / (requests + refused)).toFixed(refused > 0 ? 1 : 0)} %`,
  ]);
  return [row(`create, served of ${served[0]?.connections} connections`, new Map(cells))];
}

function latencyRows(latencies: Results['latency'] = []): string[] {
  return [...new Set(latencies.map(({ operation }) => operation))].map((operation) => {
    const cells = latencies
      .filter((one) => one.operation === operation)
      .map(({ contender, p50, p99 }): [string, string] => [
        contender,
        `${p50.toFixed(2)} / ${p99.toFixed(2)} ms`,
      ]);
    return row(`${operation}, 250 a second: latency added, p50 / p99`, new Map(cells));
  });
}

const megabytes = (bytes: number | null) => (bytes === null ? '–' : `${(bytes / 1e6).toFixed(0)} MB`);

function startRows(starts: Results['start'] = []): string[] {
  const ways: [title: string, is: (form: string) => boolean][] = [
    ['from source', (form) => form === '' || form === 'from source'],
    ['built', (form) => form === 'built'],
    ["built, with Node's compile cache", (form) => form === 'built, compile cache'],
  ];
  return ways.flatMap(([title, is]) => {
    const of = starts.filter(({ form }) => is(form));
    if (of.length === 0) return [];
    const cells = (write: (one: (typeof of)[number]) => string) =>
      new Map(of.map((one) => [one.contender, write(one)]));
    return [
      row(
        `first answer, ${title}`,
        cells(({ firstAnswerMs }) => `${firstAnswerMs.toFixed(0)} ms`),
      ),
      row(
        `memory after it (RSS), ${title}`,
        cells(({ rss }) => megabytes(rss)),
      ),
      row(
        `memory at 200 connections, ${title}`,
        cells(({ loadedRss }) => megabytes(loadedRss)),
      ),
    ];
  });
}

function survivorRows(survivors: Results['survivors'] = []): string[] {
  return [...new Set(survivors.map(({ operation }) => operation))].map((operation) => {
    const cells = survivors
      .filter((one) => one.operation === operation)
      .map(({ contender, allocated, promoted }): [string, string] => [
        contender,
        `${(allocated / 1000).toFixed(0)} / ${(promoted / 1000).toFixed(2)} KB`,
      ]);
    return row(`${operation}: allocated / promoted`, new Map(cells));
  });
}
