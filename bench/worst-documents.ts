/**
 * Prints what the requests of attackers cost the gateway: milliseconds of CPU to read, check and answer each, the first
 * time, the second and from then on; medians. Ends with 1 when one of them costs more than is wanted.
 */
import { nextId, openConnection, toRequest } from './load/connection.ts';
import { Bench } from './measure/bench.ts';
import type { Running } from './measure/process.ts';
import { gateway } from './measure/programs.ts';
import { median } from './measure/statistics.ts';
import type { Exchange } from './requests/exchange.ts';
import { attacks, toExchange } from './requests/worst.ts';

const rounds = 9;
const repetitions = 4;
const wantedMs = 10;

/** Asks one request and returns the CPU that it cost, with what was answered. */
async function ask({ url, facts }: Running, exchange: Exchange, mark: string) {
  const connection = await openConnection(url);
  const before = await facts();
  const { status, body } = await connection.ask(toRequest(exchange, mark));
  const { cpu } = await facts();
  connection.close();
  return { ms: (cpu - before.cpu) / 1000, answer: `${status} ${codeOf(body.toString())}` };
}

function codeOf(body: string): string {
  try {
    const [answer] = [JSON.parse(body) as unknown].flat() as {
      errors?: { extensions?: { code?: string } }[];
    }[];
    return answer?.errors?.[0]?.extensions?.code ?? (/"code":"(\w+)"/.exec(body)?.[1] || 'answered');
  } catch {
    return 'refused';
  }
}

await using bench = await Bench.open();
const contender = await bench.run(gateway);
const asked = attacks.map((attack) => ({ name: attack.name, exchange: toExchange(attack) }));
for (let round = 0; round < 10; round += 1)
  for (const { exchange } of asked) await ask(contender, exchange, nextId());

const rows: { request: string; new: number; known: number; repeated: number; answer: string }[] = [];
for (const { name, exchange } of asked) {
  const times: { first: number[]; second: number[]; repeated: number[] } = {
    first: [],
    second: [],
    repeated: [],
  };
  let answer = '';
  for (let round = 0; round < rounds; round += 1) {
    const mark = nextId();
    const first = await ask(contender, exchange, mark);
    answer = first.answer;
    times.first.push(first.ms);
    times.second.push((await ask(contender, exchange, mark)).ms);
    for (let again = 0; again < repetitions; again += 1)
      times.repeated.push((await ask(contender, exchange, mark)).ms);
  }
  rows.push({
    request: name,
    new: median(times.first),
    known: median(times.second),
    repeated: median(times.repeated),
    answer,
  });
}
const dearest = (row: (typeof rows)[number]) => Math.max(row.new, row.known, row.repeated);
const inMs = (ms: number) => Number(ms.toFixed(2));
console.table(
  rows
    .toSorted((one, other) => dearest(other) - dearest(one))
    .map((row) => ({ ...row, new: inMs(row.new), known: inMs(row.known), repeated: inMs(row.repeated) })),
);
const dear = rows.filter((row) => dearest(row) > wantedMs);
console.log(
  dear.length === 0
    ? `${rows.length} requests; none costs more than ${wantedMs} ms of CPU.`
    : `${dear.length} of ${rows.length} requests cost more than ${wantedMs} ms of CPU.`,
);
if (dear.length > 0) process.exitCode = 1;
