import { describe, expect, it } from 'vitest';
import { runChaos } from './chaos/chaos.ts';
import { isPassable, toText } from './chaos/report.ts';

// A short form of `npm run chaos`, always of the same seed: two gateway processes, one request of three in trouble.
describe.each([true, false])('300 writes through two gateways with idempotency of Novu %s', (idempotency) => {
  it('are never lost, doubled or answered falsely', { timeout: 60_000 }, async () => {
    const report = await runChaos({
      seed: 20_261_122,
      writes: 300,
      concurrency: 48,
      faultShare: 1 / 3,
      idempotency,
      upstreamTimeoutMs: 1_500,
      restartEvery: 400,
      killEvery: 300,
      maxMs: 40_000,
    });
    const grave = report.findings.filter(({ rule }) => !isPassable(rule));
    expect(grave.map((finding) => toText(finding, report))).toEqual([]);
    expect(report.leaks).toEqual([]);
    expect(report.writes.create + report.writes.update + report.writes.delete).toBeGreaterThanOrEqual(300);
    expect(report.open.resolved + report.open.keyless).toBe(report.open.writes);
    // Otherwise nothing was tried.
    expect(Object.keys(report.faults)).toHaveLength(11);
    expect(report.open.writes).toBeGreaterThan(0);
    expect(report.kills).toBeGreaterThan(0);
    expect(report.restarts).toBeGreaterThan(0);
  });
});
