import type { Exchange, Operation } from '../requests/exchange.ts';
import type { Bench } from './bench.ts';
import type { Running } from './process.ts';
import { bareProxy } from './programs.ts';
import { measureSlice, type Slice, type SliceLoad } from './slice.ts';
import { median } from './statistics.ts';

/** What a request costs a contender, beside what it costs the bare proxy. */
export type Cost = {
  contender: string;
  operation: string;
  connections: number;
  /** Of CPU per request to the bare proxy's: the median of the pairs, the least and the greatest. */
  ratio: number;
  low: number;
  high: number;
  /** Microseconds of CPU per request, the contender's and the bare proxy's. */
  cpu: number;
  bareCpu: number;
  requestsPerSecond: number;
  pairs: number;
  /** Most cores that other programs used during a pair that counts. */
  foreignCores: number;
};

export type CostOptions = {
  connections: number;
  /** Of a slice. */
  seconds: number;
  /** Undisturbed pairs. */
  pairs: number;
  /** Of a warm-up at most. */
  warmUpSeconds: number;
};

/** More of the machine than this in other hands, and a slice says little. */
export const maxForeignCores = 0.25;
/** With fewer undisturbed pairs than this, the least disturbed ones count too. */
const minPairs = 3;

type Pair = { bare: Slice; contender: Slice };
const disturbance = (pair: Pair) => Math.max(pair.bare.foreignCores, pair.contender.foreignCores);

/**
 * Slices of the bare proxy and of the contender next to each other, in alternating order, until enough were undisturbed;
 * half as many again at most. Both are warm before.
 */
export async function measureCost(
  bench: Bench,
  contender: Running,
  operation: Operation,
  options: CostOptions,
): Promise<Cost | null> {
  const exchange = contender.program.exchange(operation);
  if (exchange === undefined) return null;
  const { calls = 1, connections = options.connections } = operation;
  const load = { ...options, connections, calls };
  const bare = await bench.run(bareProxy);
  const ofBare = () =>
    measureSlice(bench, bare, operation.rest, { ...load, connections: options.connections, calls: 1 });
  const ofContender = () => measureSlice(bench, contender, exchange, load);
  await warmUp(bench, bare, operation.rest, { ...load, calls: 1 }, options.warmUpSeconds);
  await warmUp(bench, contender, exchange, load, options.warmUpSeconds);

  const pairs: Pair[] = [];
  const undisturbed = () => pairs.filter((pair) => disturbance(pair) <= maxForeignCores);
  while (undisturbed().length < options.pairs && pairs.length < options.pairs * 1.5) {
    const early = pairs.length % 2 === 0 ? await ofBare() : undefined;
    const late = await ofContender();
    pairs.push({ bare: early ?? (await ofBare()), contender: late });
  }
  const good =
    undisturbed().length >= Math.min(minPairs, options.pairs)
      ? undisturbed()
      : pairs.toSorted((one, other) => disturbance(one) - disturbance(other)).slice(0, options.pairs);
  const ratios = good.map((pair) => pair.contender.cpuPerRequest / (pair.bare.cpuPerRequest * calls));
  return {
    contender: contender.program.name,
    operation: operation.name,
    connections,
    ratio: median(ratios),
    low: Math.min(...ratios),
    high: Math.max(...ratios),
    cpu: median(good.map((pair) => pair.contender.cpuPerRequest)),
    bareCpu: median(good.map((pair) => pair.bare.cpuPerRequest)),
    requestsPerSecond: median(good.map((pair) => pair.contender.requestsPerSecond)),
    pairs: good.length,
    foreignCores: Math.max(...good.map(disturbance)),
  };
}

const warmUpSliceSeconds = 0.5;
/** Slices in a row without a cost that is lower by more than a part of it: V8 has done what it will do. */
const flatSlices = 5;
const flatPart = 0.03;

/** Loads until the cost falls no further. By time, not by count: what is compiled late costs what many requests take. */
export async function warmUp(
  bench: Bench,
  contender: Running,
  exchange: Exchange,
  load: SliceLoad,
  maxSeconds: number,
): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  let flat = 0;
  const end = performance.now() + maxSeconds * 1000;
  while (flat < flatSlices && performance.now() < end) {
    const { cpuPerRequest } = await measureSlice(bench, contender, exchange, {
      ...load,
      seconds: warmUpSliceSeconds,
    });
    flat = cpuPerRequest < least * (1 - flatPart) ? 0 : flat + 1;
    least = Math.min(least, cpuPerRequest);
  }
}
