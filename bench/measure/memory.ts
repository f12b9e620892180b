import { send } from '../load/send.ts';
import { operations } from '../requests/operations.ts';
import type { Bench } from './bench.ts';
import { rssOf } from './machine.ts';
import type { Program } from './programs.ts';
import { median } from './statistics.ts';

/** How soon a new process answers, and what it holds. */
export type Start = {
  contender: string;
  /** How it was started, where there are several ways. */
  form: string;
  /** Milliseconds to the first answer of an operation. */
  firstAnswerMs: number;
  /** Bytes after it; null where nobody says. */
  rss: number | null;
  /** Bytes at the end of creates over 200 connections. */
  loadedRss: number | null;
};

export type StartMeasureOptions = {
  starts: number;
  loadSeconds: number;
  /** Node's compile cache (NODE_COMPILE_CACHE); an earlier start has filled it. @default false */
  compileCache?: boolean;
};

const connections = 200;

/** Starts a program again and again as it is started elsewhere, then loads the last one. */
export async function measureStart(
  bench: Bench,
  program: Program,
  form: string,
  { starts, loadSeconds, compileCache = false }: StartMeasureOptions,
): Promise<Start> {
  const env = compileCache ? { NODE_COMPILE_CACHE: bench.folder('compile-cache') } : {};
  // The cache is written when a process ends by itself.
  if (compileCache) await (await bench.startNew(program, { env })).end();
  const times: number[] = [];
  const sizes: number[] = [];
  let loadedRss: number | null = null;
  for (let index = 0; index < starts; index += 1) {
    const running = await bench.startNew(program, { env, control: false });
    try {
      times.push(running.firstAnswerMs);
      const size = rssOf(running.pid);
      if (size !== null) sizes.push(size);
      const create = program.exchange(operations.create);
      if (index === starts - 1 && create !== undefined) {
        await send(running.url, create, { connections, seconds: loadSeconds });
        loadedRss = rssOf(running.pid);
      }
    } finally {
      await running.stop();
    }
  }
  return {
    contender: program.name,
    form,
    firstAnswerMs: median(times),
    rss: sizes.length === 0 ? null : median(sizes),
    loadedRss,
  };
}
