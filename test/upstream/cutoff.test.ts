import { describe, expect, it } from 'vitest';
import { Cutoff } from '../../src/upstream/cutoff.ts';
import { Deadline, waitFor } from '../../src/upstream/deadline.ts';

describe('a cutoff', () => {
  it('ends deadlines where they would end later, and only there', () => {
    const cutoff = new Cutoff();
    const long = new Deadline(600_000, cutoff);
    const short = new Deadline(10, cutoff);
    const other = new Deadline(600_000);
    cutoff.endIn(1_000);
    expect(long.leftMs).toBeLessThanOrEqual(1_000);
    expect(short.leftMs).toBeLessThanOrEqual(10);
    expect(other.leftMs).toBeGreaterThan(1_000);
  });

  it('ends a wait that began before it was set', async () => {
    const cutoff = new Cutoff();
    const waiting = waitFor(60_000, new Deadline(600_000, cutoff));
    cutoff.endIn(0);
    expect(await waiting).toBe(false);
  });

  it('is not put off', () => {
    const cutoff = new Cutoff();
    const deadline = new Deadline(600_000, cutoff);
    cutoff.endIn(0);
    cutoff.endIn(60_000);
    expect(deadline.leftMs).toBe(0);
  });

  it('tells nobody who has ended before', async () => {
    const cutoff = new Cutoff();
    const told: string[] = [];
    const ended = { expire: () => void told.push('ended') };
    cutoff.add(ended);
    cutoff.delete(ended);
    const waits = Promise.withResolvers<void>();
    cutoff.add({ expire: waits.resolve });
    cutoff.endIn(0);
    await waits.promise;
    expect(told).toEqual([]);
  });
});
