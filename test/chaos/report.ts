import type { Report } from './chaos.ts';
import type { Told } from './evidence.ts';

/** What nobody can prevent. */
export const isPassable = (rule: Told['rule']) => ['late', 'overtaken', 'unsure'].includes(rule);

export function countOf(report: Report, rule: Told['rule']): number {
  return report.findings.filter((finding) => finding.rule === rule).length;
}

/** Nothing lost, nothing doubled, no false answer, nothing left open, no secret shown. */
export function isClean(report: Report): boolean {
  return report.leaks.length === 0 && report.findings.every(({ rule }) => isPassable(rule));
}

/** The runs side by side, as a Markdown table. */
export function toTable(reports: readonly Report[]): string {
  const kinds = [...new Set(reports.flatMap((report) => Object.keys(report.faults)))].toSorted();
  const rows: [string, (report: Report) => string | number][] = [
    ['Writes', ({ writes }) => writes.create + writes.update + writes.delete],
    [
      'of these creates, updates, deletes',
      ({ writes }) => `${writes.create}, ${writes.update}, ${writes.delete}`,
    ],
    ['Calls to the gateways, reads included', ({ calls }) => calls],
    ['Requests that Novu saw', ({ requests }) => requests],
    ['of these with a fault', ({ faults, requests }) => withShare(sum(faults), requests)],
    ...kinds.map((kind): [string, (report: Report) => number] => [
      `… ${kind}`,
      ({ faults }) => faults[kind] ?? 0,
    ]),
    ['Restarts of Novu', ({ restarts }) => restarts],
    ['Gateways killed', ({ kills }) => kills],
    ['Answers: acknowledged', ({ answers }) => answers.acknowledged],
    ['Answers: refused', ({ answers }) => answers.refused],
    ['Answers: NOT_APPLIED', ({ answers }) => answers.NOT_APPLIED],
    ['Answers: UNKNOWN', ({ answers }) => answers.UNKNOWN],
    ['No answer (the caller left, the gateway was killed)', ({ answers }) => answers.nothing],
    ['Writes left open by some answer', ({ open }) => open.writes],
    ['of these settled by calling again', ({ open }) => open.resolved],
    ['of these without a key to call again with', ({ open }) => open.keyless],
    ['**Lost**', (report) => countOf(report, 'lost')],
    ['**Doubled**', (report) => countOf(report, 'doubled')],
    ['**False answers**', (report) => countOf(report, 'false')],
    ['Never settled', (report) => countOf(report, 'unresolved')],
    ['Secrets shown', ({ leaks }) => leaks.length],
    ['Undone by an earlier write that Novu finished too late', (report) => countOf(report, 'late')],
    ['Undone by an earlier write whose caller had left', (report) => countOf(report, 'overtaken')],
    ['`replayed: false` for a row made moments before', (report) => countOf(report, 'unsure')],
    ['Seconds', ({ seconds }) => seconds],
  ];
  const heads = reports.map(({ options }) => `idempotency ${options.idempotency ? 'on' : 'off'}`);
  return [
    `| | ${heads.join(' | ')} |`,
    `|---|${heads.map(() => '---:').join('|')}|`,
    ...rows.map(
      ([name, value]) => `| ${name} | ${reports.map((report) => String(value(report))).join(' | ')} |`,
    ),
  ].join('\n');
}

/** A finding with what is needed to understand it and to see it again. */
export function toText({ rule, story, text, call, calls, requests }: Told, { options }: Report): string {
  const mode = options.idempotency ? 'on' : 'off';
  return [
    `${rule}: ${text}${call === null ? '' : ` (${call.name})`}`,
    `  again: npm run chaos -- --seed ${options.seed} --only ${story} --idempotency ${mode}`,
    '  calls:',
    ...calls.map((line) => `    ${line}`),
    '  requests to Novu:',
    ...requests.map((line) => `    ${line}`),
  ].join('\n');
}

const sum = (counts: Record<string, number>) =>
  Object.values(counts).reduce((total, count) => total + count, 0);

const withShare = (count: number, all: number) =>
  `${count} (${Math.round((count / Math.max(all, 1)) * 100)} %)`;
