import { send } from '../load/send.ts';
import type { Exchange } from '../requests/exchange.ts';
import type { Bench } from './bench.ts';
import { machineBusy } from './machine.ts';
import type { Running } from './process.ts';

export type Slice = {
  /** Microseconds of the contender's CPU for one request. */
  cpuPerRequest: number;
  requestsPerSecond: number;
  /** Cores that programs outside of the benchmark used meanwhile; 0 where nobody says. */
  foreignCores: number;
};

export type SliceLoad = { connections: number; seconds: number; calls: number };

/** Loads one contender for a moment. Throws when the requests were not as many calls to Novu as they have to be. */
export async function measureSlice(
  bench: Bench,
  contender: Running,
  exchange: Exchange,
  { connections, seconds, calls }: SliceLoad,
): Promise<Slice> {
  const { result, cpu, served, foreignCores } = await watch(bench, contender, () =>
    send(contender.url, exchange, { connections, seconds }),
  );
  if (served !== result.requests * calls)
    throw new Error(`${contender.program.name}: ${result.requests} requests were ${served} calls to Novu`);
  return {
    cpuPerRequest: cpu / result.requests,
    requestsPerSecond: result.requests / result.seconds,
    foreignCores,
  };
}

/** What happened while something was done: microseconds of the contender's CPU, calls to Novu, cores in other hands. */
export async function watch<T>(bench: Bench, contender: Running, act: () => Promise<T>) {
  const before = await look(bench, contender);
  const result = await act();
  const after = await look(bench, contender);
  const foreign =
    before.machine === null || after.machine === null
      ? 0
      : after.machine - before.machine - (after.ours - before.ours);
  return {
    result,
    cpu: after.cpu - before.cpu,
    served: after.served - before.served,
    foreignCores: foreign / (after.at - before.at),
  };
}

/** All in microseconds; `ours` is the CPU of every process of the benchmark, the driver's included. */
async function look(bench: Bench, contender: Running) {
  const { processes, stub } = bench;
  const facts = await Promise.all(processes.map(async (one) => [one, await one.facts()] as const));
  const of = new Map(facts);
  const { user, system } = process.cpuUsage();
  return {
    cpu: of.get(contender)?.cpu ?? Number.NaN,
    served: of.get(stub)?.served ?? Number.NaN,
    ours: facts.reduce((sum, [, { cpu }]) => sum + cpu, user + system),
    machine: machineBusy(),
    at: performance.now() * 1000,
  };
}
