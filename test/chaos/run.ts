import { parseArgs } from 'node:util';
import { type Report, runChaos } from './chaos.ts';
import { lastingTable, passingTable } from './fault-table.ts';
import { isClean, isPassable, toTable, toText } from './report.ts';

const usage = `npm run chaos -- [options]
  --writes N        creates, updates and deletes per run (10000)
  --seed N          repeats a run; stories and their faults follow from it (by chance)
  --idempotency M   Novu's own idempotency: on, off or both, one run each (both)
  --faults SHARE    of the requests to Novu that fail (0.3333)
  --concurrency N   connections that are worked on at the same time (64)
  --timeout MS      UPSTREAM_TIMEOUT_MS of the gateways (2000)
  --minutes N       no new work after that time, per run (20)
  --only N          one story of the seed alone
  --all             tell of what nobody can prevent as well
  --tables          print the tables of docs/reliability.md instead`;

const { values } = parseArgs({
  options: {
    writes: { type: 'string', default: '10000' },
    seed: { type: 'string' },
    idempotency: { type: 'string', default: 'both' },
    faults: { type: 'string', default: '0.3333' },
    concurrency: { type: 'string', default: '64' },
    timeout: { type: 'string', default: '2000' },
    minutes: { type: 'string', default: '20' },
    only: { type: 'string' },
    all: { type: 'boolean', default: false },
    tables: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(usage);
  process.exit(0);
}

if (values.tables) {
  console.log(`${await passingTable()}\n\n${await lastingTable()}`);
  process.exit(0);
}

const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
console.log(`seed ${seed}`);
const reports: Report[] = [];
for (const idempotency of [true, false]) {
  if (values.idempotency === (idempotency ? 'off' : 'on')) continue;
  let told = 0;
  const report = await runChaos(
    {
      seed,
      writes: Number(values.writes),
      concurrency: Number(values.concurrency),
      faultShare: Number(values.faults),
      idempotency,
      upstreamTimeoutMs: Number(values.timeout),
      restartEvery: 1_500,
      killEvery: 2_500,
      maxMs: Number(values.minutes) * 60_000,
      only: values.only === undefined ? undefined : Number(values.only),
    },
    (writes) => {
      if (writes - told < 1_000) return;
      told = writes;
      console.log(`idempotency ${idempotency ? 'on' : 'off'}: ${writes} writes`);
    },
  );
  reports.push(report);
  for (const leak of report.leaks) console.log(`leak: ${leak}`);
  const shown = report.findings.filter(({ rule }) => values.all || !isPassable(rule));
  shown.sort((one, other) => Number(isPassable(one.rule)) - Number(isPassable(other.rule)));
  for (const finding of shown.slice(0, 50)) console.log(toText(finding, report));
  if (shown.length > 50) console.log(`… and ${shown.length - 50} more`);
}
console.log(`\n${toTable(reports)}\n\nseed ${seed}`);
process.exit(reports.every(isClean) ? 0 : 1);
