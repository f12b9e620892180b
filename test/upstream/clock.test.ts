import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NovuClock } from '../../src/upstream/clock.ts';

const header = (ms: number) => new Date(ms).toUTCString();
const base = Date.UTC(2026, 0, 31, 12);

describe('the clock of Novu', () => {
  it('is unknown until an answer has a Date header', () => {
    const clock = new NovuClock();
    expect(clock.earliestAt(base)).toBeNull();
    clock.observe(undefined, base, base);
    clock.observe('soon', base, base);
    expect(clock.earliestAt(base)).toBeNull();
  });

  it('is never put too late, and nearer with every answer', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -86_400_000, max: 86_400_000 }),
        fc.array(fc.record({ wait: fc.nat(500), there: fc.nat(50), back: fc.nat(50) }), {
          minLength: 1,
          maxLength: 200,
        }),
        (offset, answers) => {
          const clock = new NovuClock();
          let now = base;
          let worst = Number.POSITIVE_INFINITY;
          for (const { wait, there, back } of answers) {
            const sentAt = now + wait;
            const receivedAt = sentAt + there + back;
            clock.observe(header(sentAt + there + offset), sentAt, receivedAt);
            now = receivedAt;
            const error = now + offset - (clock.earliestAt(now) ?? Number.NaN);
            expect(error).toBeGreaterThanOrEqual(0);
            if (now - base < 30_000) {
              expect(error).toBeLessThanOrEqual(worst);
              worst = error;
            }
          }
        },
      ),
    );
  });

  it('is to some milliseconds after answers at many places of a second', () => {
    const clock = new NovuClock();
    for (let ms = 0; ms < 5_000; ms += 13) clock.observe(header(base + ms + 250), base + ms, base + ms + 2);
    expect(base + 250 - (clock.earliestAt(base) ?? 0)).toBeLessThan(20);
  });

  it('is learnt again when one of the clocks was set', () => {
    const clock = new NovuClock();
    clock.observe(header(base), base, base);
    clock.observe(header(base + 3_600_000), base + 10, base + 10);
    expect(clock.earliestAt(base)).toBeGreaterThan(base + 3_598_000);
    clock.observe(header(base), base + 20, base + 20);
    expect(clock.earliestAt(base)).toBeLessThanOrEqual(base);
  });
});
