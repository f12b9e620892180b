import { describe, expect, it } from 'vitest';
import { TwoGenerations } from '../../src/writes/two-generations.ts';

const generation = 5_000;

function fill(memory: TwoGenerations<number>, name: string, count = generation): void {
  for (let index = 0; index < count; index += 1) memory.set(`${name}-${index}`, index);
}

describe('a memory of two generations', () => {
  it('knows what was set last, and what was set a generation ago', () => {
    const memory = new TwoGenerations<number>();
    memory.set('a', 1);
    memory.set('a', 2);
    expect(memory.get('a')).toBe(2);
    fill(memory, 'b');
    expect(memory.get('a')).toBe(2);
    expect(memory.get('b-4999')).toBe(4999);
  });

  it('forgets what is two generations old', () => {
    const memory = new TwoGenerations<number>();
    memory.set('a', 1);
    fill(memory, 'b');
    fill(memory, 'c');
    expect(memory.get('a')).toBeUndefined();
  });

  it('keeps what must stay, for as long as it must', () => {
    let stays = true;
    const memory = new TwoGenerations<number>((value) => value === -1 && stays);
    memory.set('a', -1);
    for (const name of ['b', 'c', 'd', 'e']) fill(memory, name);
    expect(memory.get('a')).toBe(-1);
    stays = false;
    for (const name of ['f', 'g', 'h']) fill(memory, name);
    expect(memory.get('a')).toBeUndefined();
  });

  it('forgets what is deleted, of whatever generation', () => {
    const memory = new TwoGenerations<number>();
    memory.set('a', 1);
    fill(memory, 'b');
    memory.set('a', 2);
    memory.delete('a');
    memory.delete('b-1');
    expect([memory.get('a'), memory.get('b-1'), memory.get('b-2')]).toEqual([undefined, undefined, 2]);
  });
});
