import { pace } from '../load/pace.ts';
import type { Operation } from '../requests/exchange.ts';
import type { Bench } from './bench.ts';
import { maxForeignCores, warmUp } from './cost.ts';
import type { Program } from './programs.ts';
import { watch } from './slice.ts';
import { median, quantile } from './statistics.ts';

/** Milliseconds that a contender adds to what Novu's stand-in takes when it is asked directly. */
export type Latency = {
  contender: string;
  operation: string;
  p50: number;
  p99: number;
  rounds: number;
  /** Most cores that other programs used during a round that counts. */
  foreignCores: number;
};

export type LatencyOptions = {
  perSecond: number;
  /** Of a slice. */
  seconds: number;
  rounds: number;
  warmUpSeconds: number;
};

type Added = { p50: number; p99: number; foreignCores: number };

/**
 * Requests at an even pace, to the stand-in and to each contender in turn, round after round; what a contender adds is
 * taken within a round. Rounds in which other programs took much of the machine count only where there are no others.
 */
export async function measureLatency(
  bench: Bench,
  programs: readonly Program[],
  operation: Operation,
  { perSecond, seconds, rounds, warmUpSeconds }: LatencyOptions,
): Promise<Latency[]> {
  const asked = [];
  for (const program of programs) {
    const exchange = program.exchange(operation);
    if (exchange === undefined) continue;
    const contender = await bench.run(program);
    await warmUp(bench, contender, exchange, { connections: 4, seconds, calls: 1 }, warmUpSeconds);
    asked.push({ contender, exchange, added: [] as Added[] });
  }
  const slice = { perSecond, seconds };
  for (let round = 0; round < rounds; round += 1) {
    const direct = await watch(bench, bench.stub, () => pace(bench.stub.url, operation.rest, slice));
    for (const { contender, exchange, added } of round % 2 === 0 ? asked : asked.toReversed()) {
      const through = await watch(bench, contender, () => pace(contender.url, exchange, slice));
      added.push({
        p50: median(through.result) - median(direct.result),
        p99: quantile(through.result, 0.99) - quantile(direct.result, 0.99),
        foreignCores: Math.max(direct.foreignCores, through.foreignCores),
      });
    }
  }
  return asked.map(({ contender, added }) => {
    const quiet = added.filter(({ foreignCores }) => foreignCores <= maxForeignCores);
    const counted = quiet.length > 0 ? quiet : added;
    return {
      contender: contender.program.name,
      operation: operation.name,
      p50: median(counted.map(({ p50 }) => p50)),
      p99: median(counted.map(({ p99 }) => p99)),
      rounds: counted.length,
      foreignCores: Math.max(...counted.map(({ foreignCores }) => foreignCores)),
    };
  });
}
