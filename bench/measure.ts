import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Facts } from './contender.ts';
import { send } from './load.ts';
import type { Exchange } from './operations.ts';

export type Contender = {
  name: string;
  url: string;
  facts(): Promise<Facts>;
  stop(): Promise<void>;
};

/** Starts one of the files here as a process of its own; resolves once it listens. */
export async function start(name: string, file: URL, env: Record<string, string> = {}): Promise<Contender> {
  const child = fork(file, { env: { ...process.env, NODE_ENV: 'production', ...env } });
  const { url } = (await answerOf(child, name)) as { url: string };
  return {
    name,
    url,
    async facts() {
      const answer = answerOf(child, name);
      child.send('facts');
      return (await answer) as Facts;
    },
    async stop() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

async function answerOf(child: ChildProcess, name: string): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const onExit = () => reject(new Error(`${name} ended`));
  child.once('message', resolve).once('exit', onExit);
  return promise.finally(() => child.off('exit', onExit));
}

/** Microseconds that all programs of this machine have computed, or null where nobody says. */
function machineBusy(): number | null {
  try {
    const [, user, nice, system] = readFileSync('/proc/stat', 'latin1').split(/\s+/, 4).map(Number);
    // In hundredths of a second. Interrupts are left out: they may or may not be ours.
    return ((user ?? 0) + (nice ?? 0) + (system ?? 0)) * 10_000;
  } catch {
    return null;
  }
}

export type Slice = {
  /** Microseconds of the contender's CPU for one request. */
  cpuPerRequest: number;
  requestsPerSecond: number;
  /** Cores that programs outside of the benchmark used meanwhile; 0 where nobody says. */
  foreignCores: number;
};

/** Loads one contender for some seconds. Throws when not every request reached the stub once. */
export async function measureSlice(
  contender: Contender,
  exchange: Exchange,
  { stub, processes, connections, duration }: Surroundings,
): Promise<Slice> {
  const ours = async () => {
    const facts = await Promise.all(processes.map((one) => one.facts()));
    const { user, system } = process.cpuUsage();
    return {
      contender: facts[processes.indexOf(contender)]!.cpu,
      served: facts[processes.indexOf(stub)]!.served,
      sum: facts.reduce((sum, { cpu }) => sum + cpu, user + system),
      machine: machineBusy(),
      at: performance.now() * 1000,
    };
  };
  const before = await ours();
  const { requests, seconds } = await send(contender.url, exchange, { connections, duration });
  const after = await ours();
  // Requests in progress when the time is up are dropped by the driver, but not by the contender.
  const served = after.served - before.served;
  if (Math.abs(served - requests) > 2 * connections)
    throw new Error(`${contender.name}: ${requests} requests were ${served} calls to Novu`);
  const foreign =
    before.machine === null || after.machine === null
      ? 0
      : after.machine - before.machine - (after.sum - before.sum);
  return {
    cpuPerRequest: (after.contender - before.contender) / requests,
    requestsPerSecond: requests / seconds,
    foreignCores: foreign / (after.at - before.at),
  };
}

export type Surroundings = {
  stub: Contender;
  /** All of the benchmark's, those that are idle meanwhile included. */
  processes: Contender[];
  connections: number;
  /** Seconds. */
  duration: number;
};

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
