import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairQueue, type Owner } from '../../src/upstream/fair-queue.ts';

const service = { id: 'S', weight: 3 };
const [ann, ben] = [
  { id: 'a', weight: 1 },
  { id: 'b', weight: 1 },
];
const all = () => true;

function filled(...counts: [Owner, number][]): FairQueue<Owner, string> {
  const queue = new FairQueue<Owner, string>();
  for (const [owner, count] of counts)
    for (let index = 0; index < count; index += 1) queue.push(owner, `${owner.id}${index}`);
  return queue;
}
const drain = (queue: FairQueue<Owner, string>, mayGo: (owner: Owner) => boolean = all): string => {
  const taken: string[] = [];
  for (let item = queue.take(mayGo); item !== undefined; item = queue.take(mayGo)) taken.push(item);
  return taken.join(' ');
};

describe('a fair queue', () => {
  it('serves owners in turn, each by its weight, and the items of each in their order', () => {
    expect(drain(filled([service, 7], [ann, 3], [ben, 1]))).toBe('S0 S1 S2 a0 b0 S3 S4 S5 a1 S6 a2');
  });

  it('puts who comes later behind all others', () => {
    const queue = filled([ann, 3], [ben, 3]);
    expect(queue.take(all)).toBe('a0');
    queue.push({ id: 'c', weight: 1 }, 'c0');
    expect(drain(queue)).toBe('b0 a1 c0 b1 a2 b2');
  });

  it('passes over who may not go, and does not count that as a turn', () => {
    const queue = filled([ann, 2], [ben, 3]);
    expect([queue.take(({ id }) => id !== 'a'), queue.take(({ id }) => id !== 'a')]).toEqual(['b0', 'b1']);
    expect(drain(queue)).toBe('a0 b2 a1');
    expect(filled([ann, 1]).take(() => false)).toBeUndefined();
  });

  it('lets items leave, wherever they stand', () => {
    const queue = filled([ann, 3], [ben, 1]);
    queue.remove('a', 'a1');
    queue.remove('b', 'b0');
    queue.remove('b', 'b0');
    queue.remove('nobody', 'x');
    expect(queue.size).toBe(2);
    expect(drain(queue)).toBe('a0 a2');
  });

  it('knows how many go before one more', () => {
    const queue = filled([service, 10], [ann, 2]);
    expect(queue.aheadOf(ben)).toBe(3 + 1);
    expect(queue.aheadOf(ann)).toBe(2 + 9);
    expect(queue.aheadOf(service)).toBe(10 + 2);
  });

  it('knows who has most for its weight', () => {
    expect(filled([service, 5], [ann, 2]).longest()).toEqual({ load: 2, last: 'a1' });
    expect(filled([service, 9], [ann, 2]).longest()).toEqual({ load: 3, last: 'S8' });
    expect(filled().longest()).toBeUndefined();
  });

  it('loses and doubles nothing, and lets nobody wait for more than a round of the others', () => {
    const owners = [service, ann, ben];
    const step = fc.oneof(
      fc.record({ is: fc.constant('push' as const), owner: fc.nat(2) }),
      fc.record({ is: fc.constant('take' as const), blocked: fc.nat(3) }),
      fc.record({ is: fc.constant('remove' as const), owner: fc.nat(2) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const queue = new FairQueue<Owner, string>();
        const waiting = new Map<string, string[]>(owners.map(({ id }) => [id, []]));
        let count = 0;
        for (const one of steps) {
          if (one.is === 'push') {
            const owner = owners[one.owner] ?? ann;
            count += 1;
            queue.push(owner, `${owner.id}${count}`);
            waiting.get(owner.id)?.push(`${owner.id}${count}`);
          } else if (one.is === 'take') {
            const item = queue.take(({ id }) => id !== owners[one.blocked]?.id);
            const expected = owners.filter(
              ({ id }, index) => index !== one.blocked && waiting.get(id)?.length,
            );
            if (item === undefined) expect(expected).toEqual([]);
            else expect(waiting.get(item.slice(0, 1))?.shift()).toBe(item);
          } else {
            const { id } = owners[one.owner] ?? ann;
            const item = waiting.get(id)?.pop();
            if (item !== undefined) queue.remove(id, item);
          }
          expect(queue.size).toBe([...waiting.values()].flat().length);
        }
        // Of the rest, a round holds no owner more often than it weighs.
        const rest = drain(queue).split(' ').filter(Boolean);
        expect(rest.toSorted()).toEqual([...waiting.values()].flat().toSorted());
        const left = (id: string, from: number) => rest.slice(from).some((item) => item.startsWith(id));
        rest.forEach((_item, from) => {
          const round = rest.slice(from, from + 10).join(' ');
          for (const { id } of owners) if (left(id, from + 10)) expect(round).toContain(id);
        });
      }),
    );
  });
});
