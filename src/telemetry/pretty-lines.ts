import { styleText } from 'node:util';
import type { LineWriter } from './line-writer.ts';

type Fields = Record<string, unknown> & { level: number; time: number; msg: string };

/** The lines of the log as people read them in a terminal: what is most asked for first, the rest after it. */
export function prettyLines(writer: LineWriter): LineWriter {
  return { write: (line) => writer.write(toPretty(line)), flushSync: () => writer.flushSync() };
}

export function toPretty(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Fields;
  const clock = styleText('dim', new Date(time).toTimeString().slice(0, 8));
  const words = msg === 'request' ? requestWords(fields as unknown as RequestFields) : [mark(level, msg)];
  return `${[clock, ...words, styleText('dim', restOf(fields, msg === 'request'))].join(' ').trimEnd()}\n`;
}

const mark = (level: number, text: string) =>
  level >= 50 ? styleText('red', text) : level >= 40 ? styleText('yellow', text) : text;

type RequestFields = {
  method: string | null;
  status: number | null;
  outcome: string;
  kind?: string | null;
  operation?: string | null;
  ms: number;
};

function requestWords({ method, status, outcome, kind, operation, ms }: RequestFields): string[] {
  const good =
    outcome === 'ok' ? 'green' : outcome === 'user-error' || outcome === 'aborted' ? 'yellow' : 'red';
  return [
    method ?? '-',
    String(status ?? '-'),
    styleText(good, outcome),
    ...(kind == null ? [] : [kind, styleText('bold', operation ?? '(no name)')]),
    `${ms} ms`,
  ];
}

const shownBefore: ReadonlySet<string> = new Set([
  'method',
  'status',
  'outcome',
  'kind',
  'operation',
  'ms',
  'document',
]);

function restOf(fields: Record<string, unknown>, isRequest: boolean): string {
  return Object.entries(fields)
    .filter(([name, value]) => value !== null && !(isRequest && shownBefore.has(name)))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}
