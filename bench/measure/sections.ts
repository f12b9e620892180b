/** The parts of a full run. Each says on the way what it found, and returns what the report is made of. */
import { execFileSync } from 'node:child_process';
import { send } from '../load/send.ts';
import { callerOperations, literalOperations } from '../requests/callers.ts';
import type { Operation } from '../requests/exchange.ts';
import { operations } from '../requests/operations.ts';
import { routerOperations } from '../requests/routers.ts';
import type { Bench } from './bench.ts';
import { type Cost, type CostOptions, maxForeignCores, measureCost } from './cost.ts';
import { type Latency, measureLatency } from './latency.ts';
import { measureStart, type Start } from './memory.ts';
import {
  apolloServer,
  bareProxy,
  builtGateway,
  gateway,
  gatewayOfManyCallers,
  hiveGateway,
  hiveObstacle,
  mercurius,
  novuSdk,
  type Program,
} from './programs.ts';
import { measureSurvivors, type Survivors } from './survivors.ts';

export type Scale = CostOptions & {
  latencyRounds: number;
  latencySeconds: number;
  starts: number;
};

/** How many of so many connections' requests were served. */
export type Served = { contender: string; connections: number; requests: number; refused: number };

export type Results = {
  operations?: Cost[];
  connections?: Cost[];
  callers?: Cost[];
  served?: Served[];
  latency?: Latency[];
  start?: Start[];
  survivors?: Survivors[];
};

export type Section = keyof Results;

const { create, retrieve, list } = operations;
const crowd = 500;
const paced = 250;
const say = (...words: unknown[]) => console.log(...words);

/** All that can be measured here; says which can't and why. */
export function contenders(): Program[] {
  const obstacle = hiveObstacle(process.env['NOVU_OPENAPI']);
  if (obstacle !== null) say(`Hive Gateway is left out: ${obstacle}.`);
  return [gateway, mercurius, apolloServer, novuSdk, ...(obstacle === null ? [hiveGateway] : [])];
}

async function costsOf(
  bench: Bench,
  pairs: readonly (readonly [Program, Operation])[],
  scale: CostOptions,
): Promise<Cost[]> {
  const costs: Cost[] = [];
  for (const [program, operation] of pairs) {
    const contender = await bench.run(program);
    await bench.verify(contender, operation);
    const cost = await measureCost(bench, contender, operation, scale);
    if (cost === null) continue;
    costs.push(cost);
    sayCost(cost);
  }
  return costs;
}

export function sayCost({
  contender,
  operation,
  connections,
  ratio,
  low,
  high,
  cpu,
  pairs,
  foreignCores,
}: Cost) {
  const range = `${low.toFixed(2)} to ${high.toFixed(2)}`;
  say(
    `${operation}, ${connections} connections: ${contender} ${ratio.toFixed(2)} (${range}), ${cpu.toFixed(0)} µs, ${pairs} pairs${disturbed(foreignCores)}`,
  );
}

const disturbed = (foreignCores: number) =>
  foreignCores > maxForeignCores ? `, disturbed by ${foreignCores.toFixed(1)} cores` : '';

const cross = (programs: readonly Program[], asked: readonly Operation[]) =>
  asked.flatMap((operation) => programs.map((program) => [program, operation] as const));

export const sections: { [S in Section]-?: (bench: Bench, scale: Scale) => Promise<Results[S]> } = {
  operations: (bench, scale) => costsOf(bench, cross(contenders(), Object.values(operations)), scale),

  async connections(bench, scale) {
    const costs: Cost[] = [];
    for (const connections of [1, 200])
      costs.push(
        ...(await costsOf(bench, cross([gateway, mercurius], [create, retrieve, list]), {
          ...scale,
          connections,
        })),
      );
    return costs;
  },

  callers: (bench, scale) =>
    costsOf(
      bench,
      [
        ...cross([gateway], literalOperations),
        ...cross([gatewayOfManyCallers], [...callerOperations, ...routerOperations]),
      ],
      scale,
    ),

  async served(bench, { seconds }) {
    const served: Served[] = [];
    for (const program of [gateway, mercurius]) {
      const exchange = program.exchange(create);
      if (exchange === undefined) continue;
      const load = { connections: crowd, seconds: seconds * 3, tolerant: true };
      const { url } = await bench.run(program);
      await send(url, exchange, load);
      const { requests, refused } = await send(url, exchange, load);
      served.push({ contender: program.name, connections: crowd, requests, refused });
      say(`${crowd} connections: ${program.name} served ${requests}, refused ${refused}`);
    }
    return served;
  },

  async latency(bench, { latencyRounds, latencySeconds, warmUpSeconds }) {
    const latencies: Latency[] = [];
    for (const operation of [create, retrieve, list]) {
      const found = await measureLatency(bench, [bareProxy, ...contenders()], operation, {
        perSecond: paced,
        seconds: latencySeconds,
        rounds: latencyRounds,
        warmUpSeconds,
      });
      for (const { contender, p50, p99, foreignCores } of found)
        say(
          `${operation.name}, added: ${contender} p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms${disturbed(foreignCores)}`,
        );
      latencies.push(...found);
    }
    return latencies;
  },

  async start(bench, { starts, seconds }) {
    execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
    const loadSeconds = seconds * 4;
    const started: Start[] = [];
    const measure = async (program: Program, form: string, compileCache = false) => {
      const found = await measureStart(bench, program, form, { starts, loadSeconds, compileCache });
      started.push(found);
      const megabytes = (bytes: number | null) => (bytes === null ? '?' : (bytes / 1e6).toFixed(0));
      say(
        `${program.name} ${form}: first answer ${found.firstAnswerMs.toFixed(0)} ms, ${megabytes(found.rss)} MB, at 200 connections ${megabytes(found.loadedRss)} MB`,
      );
    };
    await measure(gateway, 'from source');
    await measure(builtGateway, 'built');
    await measure(builtGateway, 'built, compile cache', true);
    for (const program of [bareProxy, ...contenders()]) if (program !== gateway) await measure(program, '');
    return started;
  },

  async survivors(bench, { connections, seconds, warmUpSeconds }) {
    const found: Survivors[] = [];
    for (const operation of [create, retrieve, list])
      for (const program of [bareProxy, ...contenders()]) {
        const options = { connections, seconds: seconds * 3, warmUpSeconds };
        const survivors = await measureSurvivors(bench, program, operation, options);
        if (survivors === null) continue;
        found.push(survivors);
        const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1);
        say(
          `${operation.name}: ${program.name} allocates ${kilobytes(survivors.allocated)} KB, copies ${kilobytes(survivors.copied)}, promotes ${kilobytes(survivors.promoted)}`,
        );
      }
    return found;
  },
};
