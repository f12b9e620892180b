import { expect, it } from 'vitest';
import { runSoak } from './soak/soak.ts';

it('lives through random requests of ten callers, serves a polite one beside them and keeps every secret', async () => {
  const report = await runSoak({ requests: 1_500, parallel: 4, seed: 7 });
  expect(report.isAlive).toBe(true);
  expect(report.leaks).toEqual([]);
  expect(report.polite.failed).toBe(0);
  expect(report.polite.asked).toBeGreaterThan(0);
  expect(Object.keys(report.statuses).filter((status) => Number(status) >= 500 && status !== '503')).toEqual(
    [],
  );
  expect(report.rssMb.late).toBeLessThan(256);
}, 60_000);
