/** Compares the gateway with a bare proxy and with mercurius; see README.md. */
import { parseArgs } from 'node:util';
import { send, verify } from './load.ts';
import { type Contender, measureSlice, median, type Slice, start, type Surroundings } from './measure.ts';
import { type Operation, operations } from './operations.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '1' },
    slices: { type: 'string', default: '7' },
    connections: { type: 'string', default: '16' },
    'warm-up': { type: 'string', default: '8000' },
    only: { type: 'string' },
    check: { type: 'boolean', default: false },
    'cpu-prof': { type: 'string' },
  },
});
const positive = (name: 'seconds' | 'slices' | 'connections' | 'warm-up') => {
  const value = Number(values[name]);
  if (!(value > 0)) throw new TypeError(`--${name} must be a number above 0`);
  return value;
};
const duration = positive('seconds');
const slices = positive('slices');
const connections = positive('connections');
const warmUp = positive('warm-up');
const chosen = operations.filter(({ name }) => values.only === undefined || values.only === name);
if (chosen.length === 0) throw new TypeError('--only must be create or retrieve');

/** More of the machine than this in other hands, and a slice says nothing. */
const maxForeignCores = 0.25;
/** With fewer undisturbed pairs than this, the disturbed ones are used as well. */
const minPairs = 3;

type Pair = { bare: Slice; contender: Slice };

/** Slices of the bare proxy and the contender next to each other, until enough were undisturbed. */
async function comparePaired(
  operation: Operation,
  bare: Contender,
  contender: Contender,
  around: Surroundings,
): Promise<{ pairs: Pair[]; disturbed: boolean }> {
  await send(bare.url, operation.rest, { connections, amount: warmUp });
  await send(contender.url, operation.graphql, { connections, amount: warmUp });
  const all: Pair[] = [];
  const kept: Pair[] = [];
  while (kept.length < slices && all.length < 2 * slices) {
    const ofBare = () => measureSlice(bare, operation.rest, around);
    const ofContender = () => measureSlice(contender, operation.graphql, around);
    const first = all.length % 2 === 0 ? await ofBare() : undefined;
    const second = await ofContender();
    const pair = { bare: first ?? (await ofBare()), contender: second };
    all.push(pair);
    if (Math.max(pair.bare.foreignCores, pair.contender.foreignCores) <= maxForeignCores) kept.push(pair);
  }
  return kept.length >= Math.min(minPairs, slices)
    ? { pairs: kept, disturbed: false }
    : { pairs: all, disturbed: true };
}

const file = (name: string) => new URL(name, import.meta.url);
const stub = await start('stub of Novu', file('./stub-novu.ts'));
const env = { NOVU_API_URL: stub.url };
const profile =
  values['cpu-prof'] === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values['cpu-prof']}`];
const bare = await start('bare proxy', file('./bare-proxy.ts'), env);
const mercurius = await start('mercurius + jit', file('./mercurius.ts'), env);
const gateway = await start('novu-graphql', file('./gateway.ts'), env, profile);
const started = [bare, mercurius, gateway, stub];

const tooSlow: string[] = [];
try {
  for (const operation of chosen) {
    await verify(bare.url, operation.rest);
    for (const contender of [mercurius, gateway]) await verify(contender.url, operation.graphql);
  }
  for (const operation of chosen) {
    const rows: Record<string, Record<string, string>> = {};
    const bareSlices: Slice[] = [];
    for (const contender of [mercurius, gateway]) {
      const around = { stub, processes: started, connections, duration };
      const { pairs, disturbed } = await comparePaired(operation, bare, contender, around);
      bareSlices.push(...pairs.map((pair) => pair.bare));
      const ratios = pairs.map((pair) => pair.contender.cpuPerRequest / pair.bare.cpuPerRequest);
      rows[contender.name] = {
        ...toRow(
          ratios,
          pairs.map((pair) => pair.contender),
        ),
        pairs: `${pairs.length}${disturbed ? ' (the machine was busy)' : ''}`,
      };
      if (contender === gateway && median(ratios) > operation.limit)
        tooSlow.push(`${operation.name}: ${median(ratios).toFixed(2)}, at most ${operation.limit} is wanted`);
    }
    console.log(`\n${operation.name}: CPU per request, divided by that of the bare proxy in the next slice`);
    console.table({ [bare.name]: toRow([1], bareSlices), ...rows });
  }
} finally {
  for (const process of started) await process.stop();
}
if (tooSlow.length > 0) console.log(`Too slow:\n  ${tooSlow.join('\n  ')}`);
if (values.check && tooSlow.length > 0) process.exitCode = 1;

function toRow(ratios: number[], slices: Slice[]): Record<string, string> {
  return {
    ratio: median(ratios).toFixed(2),
    'min - max': `${Math.min(...ratios).toFixed(2)} - ${Math.max(...ratios).toFixed(2)}`,
    'CPU µs': median(slices.map((slice) => slice.cpuPerRequest)).toFixed(0),
    'requests/s': median(slices.map((slice) => slice.requestsPerSecond)).toFixed(0),
  };
}
