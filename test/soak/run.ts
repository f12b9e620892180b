/** `npm run soak -- --requests 50000 --seed 1`: random requests by ten callers, and what became of the process. */
import { parseArgs } from 'node:util';
import { runSoak } from './soak.ts';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '50000' },
    parallel: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
  },
});
const report = await runSoak({
  requests: Number(values.requests),
  parallel: Number(values.parallel),
  seed: Number(values.seed),
});
console.log(JSON.stringify(report, null, 2));
const isGood =
  report.isAlive && report.leaks.length === 0 && report.polite.failed === 0 && report.rssMb.late < 256;
process.exit(isGood ? 0 : 1);
