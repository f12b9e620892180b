/** Compares the gateway with a bare proxy and with mercurius; see README.md. */
import { parseArgs } from 'node:util';
import { send, verify } from './load.ts';
import { type Contender, measureSlice, median, type Slice, start } from './measure.ts';
import { type Operation, operations } from './operations.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '1' },
    slices: { type: 'string', default: '7' },
    connections: { type: 'string', default: '16' },
    'warm-up': { type: 'string', default: '8000' },
    only: { type: 'string' },
    check: { type: 'boolean', default: false },
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

/** More of the machine than this in other hands, and a slice says little. */
const maxForeignCores = 0.25;
/** With fewer undisturbed pairs than this, the least disturbed ones are taken. */
const minPairs = Math.min(3, slices);
/** So many disturbed ones are made up for. */
const maxExtraPairs = 3;

type Pair = { bare: Slice; contender: Slice };
const disturbance = (pair: Pair) => Math.max(pair.bare.foreignCores, pair.contender.foreignCores);

/** Slices of the bare proxy and the contender next to each other, until enough were undisturbed. */
async function comparePaired(operation: Operation, bare: Contender, contender: Contender): Promise<Pair[]> {
  await send(bare.url, operation.rest, { connections, amount: warmUp });
  await send(contender.url, operation.graphql, { connections, amount: warmUp });
  const pairs: Pair[] = [];
  const undisturbed = () => pairs.filter((pair) => disturbance(pair) <= maxForeignCores);
  while (undisturbed().length < slices && pairs.length < slices + maxExtraPairs) {
    const ofBare = () => measureSlice(bare, operation.rest, surroundings);
    const early = pairs.length % 2 === 0 ? await ofBare() : undefined;
    const ofContender = await measureSlice(contender, operation.graphql, surroundings);
    pairs.push({ bare: early ?? (await ofBare()), contender: ofContender });
  }
  return undisturbed().length >= minPairs
    ? undisturbed()
    : pairs.toSorted((a, b) => disturbance(a) - disturbance(b)).slice(0, minPairs);
}

const columns = [17, 8, 14, 8, 12, 7];
const line = (...cells: string[]) =>
  console.log(
    cells.map((cell, at) => (at === 0 ? cell.padEnd(columns[0]!) : cell.padStart(columns[at]!))).join(''),
  );

function printRow(name: string, ratios: number[], of: Slice[], pairs: string): void {
  const range = `${Math.min(...ratios).toFixed(2)} - ${Math.max(...ratios).toFixed(2)}`;
  const cpu = median(of.map((slice) => slice.cpuPerRequest)).toFixed(0);
  const speed = median(of.map((slice) => slice.requestsPerSecond)).toFixed(0);
  line(name, median(ratios).toFixed(2), range, cpu, speed, pairs);
}

const file = (name: string) => new URL(name, import.meta.url);
const stub = await start('stub of Novu', file('./stub-novu.ts'));
const env = { NOVU_API_URL: stub.url };
const bare = await start('bare proxy', file('./bare-proxy.ts'), env);
const mercurius = await start('mercurius + jit', file('./mercurius.ts'), env);
const gateway = await start('novu-graphql', file('./gateway.ts'), env);
const surroundings = { stub, processes: [stub, bare, mercurius, gateway], connections, duration };

const tooSlow: string[] = [];
for (const operation of chosen) {
  await verify(bare.url, operation.rest);
  for (const contender of [mercurius, gateway]) await verify(contender.url, operation.graphql);
}
for (const operation of chosen) {
  console.log();
  line(operation.name, 'ratio', 'min - max', 'CPU us', 'requests/s', 'pairs');
  let busy = 0;
  const ofBare: Slice[] = [];
  for (const contender of [mercurius, gateway]) {
    const pairs = await comparePaired(operation, bare, contender);
    const ratios = pairs.map((pair) => pair.contender.cpuPerRequest / pair.bare.cpuPerRequest);
    const ofContender = pairs.map((pair) => pair.contender);
    printRow(contender.name, ratios, ofContender, String(pairs.length));
    ofBare.push(...pairs.map((pair) => pair.bare));
    busy = Math.max(busy, ...pairs.map(disturbance));
    if (contender === gateway && median(ratios) > operation.limit)
      tooSlow.push(`${operation.name} ${median(ratios).toFixed(2)}, wanted at most ${operation.limit}`);
  }
  printRow(bare.name, [1], ofBare, '');
  if (busy > maxForeignCores)
    console.log(
      `Other programs used up to ${busy.toFixed(1)} cores meanwhile: measure again on a quiet machine.`,
    );
}
for (const one of surroundings.processes) await one.stop();
if (tooSlow.length > 0) console.log(`\nToo slow: ${tooSlow.join('; ')}.`);
if (values.check && tooSlow.length > 0) process.exitCode = 1;
