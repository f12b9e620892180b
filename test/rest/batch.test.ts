import { describe, expect, it } from 'vitest';
import { Batch } from '../../src/rest/batch.ts';

describe('a batch', () => {
  it('hands over together what is asked for in one turn, also by those who waited for the same promise', async () => {
    const batches: (readonly number[])[] = [];
    const batch = new Batch<number>(async (keys) => {
      batches.push(keys);
    });
    const list = Promise.resolve([2, 3, 4]);
    const later = [0, 1, 2].map(async (index) => batch.add((await list)[index] ?? 0));
    await Promise.all([batch.add(1), ...later]);
    await batch.add(5);
    expect(batches).toEqual([[1, 2, 3, 4], [5]]);
  });

  it('tells each who asked that the work failed', async () => {
    const batch = new Batch<number>(() => Promise.reject(new Error('no')));
    const outcomes = await Promise.allSettled([batch.add(1), batch.add(2)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
