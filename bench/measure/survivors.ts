import { createInterface } from 'node:readline';
import { send } from '../load/send.ts';
import type { Operation } from '../requests/exchange.ts';
import type { Bench } from './bench.ts';
import { warmUp } from './cost.ts';
import type { Program } from './programs.ts';

/**
 * What the young generation's collections (scavenges) leave behind, in bytes per request. `promoted` is what reached the
 * old generation, where only the costly collections look; `copied` what stayed young and was copied once more.
 */
export type Survivors = {
  contender: string;
  operation: string;
  allocated: number;
  copied: number;
  promoted: number;
};

export type SurvivorsOptions = { connections: number; seconds: number; warmUpSeconds: number };

/** Runs a process of its own with V8's trace of collections. Null for what the program does not do. */
export async function measureSurvivors(
  bench: Bench,
  program: Program,
  operation: Operation,
  { connections, seconds, warmUpSeconds }: SurvivorsOptions,
): Promise<Survivors | null> {
  const exchange = program.exchange(operation);
  if (exchange === undefined) return null;
  const running = await bench.startNew(program, { flags: ['--trace-gc-nvp'], withOutput: true });
  try {
    const sum = { allocated: 0, copied: 0, promoted: 0, scavenges: 0 };
    let counts = false;
    if (running.output === null) throw new Error('no output');
    createInterface({ input: running.output }).on('line', (line) => {
      if (!counts) return;
      const trace = readTrace(line);
      if (trace === null) return;
      sum.allocated += trace.allocated;
      sum.copied += trace.copied;
      sum.promoted += trace.promoted;
      sum.scavenges += 1;
    });
    const load = { connections, seconds, calls: operation.calls ?? 1 };
    await warmUp(bench, running, exchange, load, warmUpSeconds);
    counts = true;
    const { requests } = await send(running.url, exchange, load);
    counts = false;
    if (sum.scavenges === 0) throw new Error(`${program.name}: V8 traced no scavenge`);
    return {
      contender: program.name,
      operation: operation.name,
      allocated: sum.allocated / requests,
      copied: sum.copied / requests,
      promoted: sum.promoted / requests,
    };
  } finally {
    await running.stop();
  }
}

/** A line of `--trace-gc-nvp` about a scavenge; null for any other. */
function readTrace(line: string): { allocated: number; copied: number; promoted: number } | null {
  if (!/ gc=s /.test(line)) return null;
  const read = (name: string) => Number(new RegExp(` ${name}=(\\d+)`).exec(line)?.[1] ?? Number.NaN);
  return {
    allocated: read('allocated'),
    copied: read('new_space_survived'),
    promoted: read('promoted'),
  };
}
