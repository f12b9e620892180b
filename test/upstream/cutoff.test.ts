import { describe, expect, it } from 'vitest';
import { Cutoff, type Waiting } from '../../src/upstream/cutoff.ts';
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

  it('tells all who wait, and nobody who has ended before, wherever it stood', async () => {
    for (const leaves of [[], [0], [2], [1, 3], [3, 2], [0, 1, 2, 3]]) {
      const cutoff = new Cutoff();
      const told: number[] = [];
      const all = Promise.withResolvers<void>();
      const last = toWaiting(all.resolve);
      cutoff.add(last);
      const waiting = [0, 1, 2, 3].map((index) => toWaiting(() => told.push(index)));
      for (const one of waiting) cutoff.add(one);
      for (const index of leaves) cutoff.delete(waiting[index] as Waiting);
      cutoff.endIn(0);
      await all.promise;
      const stayed = [0, 1, 2, 3].filter((index) => !leaves.includes(index));
      expect(told.toSorted((one, other) => one - other)).toEqual(stayed);
    }
  });

  it('keeps nothing of who has ended', () => {
    const cutoff = new Cutoff();
    const waiting = [0, 1, 2].map(() => toWaiting(() => undefined));
    for (const one of waiting) cutoff.add(one);
    for (const one of waiting) cutoff.delete(one);
    for (const { before, after } of waiting) expect([before, after]).toEqual([undefined, undefined]);
  });
});

const toWaiting = (expire: () => void): Waiting => ({ expire, before: undefined, after: undefined });
