import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Breaker } from '../../src/upstream/breaker.ts';
import { NovuError } from '../../src/upstream/errors.ts';
import { evidenceOf, isOutage } from '../../src/upstream/evidence.ts';

/** A breaker whose time passes when it is told to, and whose probes are answered by hand. */
function start(threshold = 3) {
  const changes: boolean[] = [];
  const probes: ((isThere: boolean) => void)[] = [];
  const scheduled: { callback: () => void; ms: number }[] = [];
  const breaker = new Breaker({
    threshold,
    probeMs: 2_000,
    probe: () => new Promise((resolve) => probes.push(resolve)),
    onChange: (isOpen) => changes.push(isOpen),
    schedule(callback, ms) {
      scheduled.push({ callback, ms });
      return setTimeout(() => undefined, 0).unref();
    },
  });
  return {
    breaker,
    changes,
    probes,
    scheduled,
    fail(...sources: (string | null)[]) {
      for (const source of sources) breaker.failed(source);
    },
    /** The next probe is made, and answered so. */
    async probed(isThere: boolean) {
      scheduled.shift()?.callback();
      probes.shift()?.(isThere);
      await setImmediate();
    },
  };
}

describe('a breaker opens', () => {
  it('when calls of several callers failed in a row', () => {
    const one = start();
    one.fail('a', 'b');
    expect(one.breaker.isOpen).toBe(false);
    one.fail('a');
    expect(one.breaker.isOpen).toBe(true);
    expect([one.changes, one.probes]).toEqual([[true], []]);
  });

  it('when no connection can be made, whoever asks', () => {
    const one = start();
    one.fail('a', 'a', null);
    expect(one.breaker.isOpen).toBe(true);
  });

  it('for one caller alone only when a probe fails too', async () => {
    const one = start();
    one.fail('a', 'a', 'a', 'a');
    expect([one.breaker.isOpen, one.probes.length]).toEqual([false, 1]);
    await one.probed(false);
    expect(one.breaker.isOpen).toBe(true);
  });
});

describe('a breaker stays closed', () => {
  it('while there are answers between the failures', () => {
    const one = start();
    for (let round = 0; round < 10; round += 1) {
      one.fail('a', 'b');
      one.breaker.answered();
    }
    expect(one.breaker.isOpen).toBe(false);
  });

  it('for one caller alone when a probe is answered, and its failures count from the start then', async () => {
    const one = start();
    one.fail('a', 'a', 'a');
    await one.probed(true);
    one.fail('a', 'a');
    expect([one.breaker.isOpen, one.probes.length]).toEqual([false, 0]);
    one.fail('a');
    expect([one.breaker.isOpen, one.probes.length]).toEqual([false, 1]);
  });

  it('when a probe fails for one caller alone but a call was answered meanwhile', async () => {
    const one = start();
    one.fail('a', 'a', 'a');
    one.breaker.answered();
    await one.probed(false);
    expect(one.breaker.isOpen).toBe(false);
  });

  it('for failures of two callers, an answer and failures of one of them', () => {
    const one = start();
    one.fail('a', 'b');
    one.breaker.answered();
    one.fail('a', 'a', 'a');
    expect(one.breaker.isOpen).toBe(false);
  });
});

describe('an open breaker', () => {
  it('probes again and again until it is answered', async () => {
    const one = start();
    one.fail('a', 'b', 'a');
    expect(one.scheduled.map(({ ms }) => ms)).toEqual([2_000]);
    await one.probed(false);
    await one.probed(false);
    expect([one.breaker.isOpen, one.scheduled.length]).toEqual([true, 1]);
    await one.probed(true);
    expect([one.breaker.isOpen, one.scheduled.length]).toEqual([false, 0]);
    expect(one.changes).toEqual([true, false]);
  });

  it('closes when a call that was sent before is answered', () => {
    const one = start();
    one.fail('a', 'b', 'a');
    one.breaker.answered();
    expect(one.breaker.isOpen).toBe(false);
  });

  it('is not told of the same failures twice, and probes no more once it is shut down', async () => {
    const one = start();
    one.fail('a', 'b', 'a', 'b', 'c');
    expect([one.changes, one.scheduled.length]).toEqual([[true], 1]);
    one.breaker.close();
    one.scheduled[0]?.callback();
    await setImmediate();
    expect(one.probes).toEqual([]);
  });
});

describe('what a try says of Novu', () => {
  const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  const invalid = Object.assign(new Error('invalid'), { code: 'UND_ERR_INVALID_ARG' });
  it.each([
    ['no connection', new NovuError('not-sent', { cause: refused }), false, 'certain'],
    ['a request that undici refuses', new NovuError('not-sent', { cause: invalid }), true, 'none'],
    ['no connection in the usual time', new NovuError('not-sent'), true, 'likely'],
    ['no connection in a short time', new NovuError('not-sent'), false, 'none'],
    ['no answer in the usual time', new NovuError('timeout'), true, 'likely'],
    ['no answer in a short time', new NovuError('timeout'), false, 'none'],
    ['a broken connection', new NovuError('reset'), false, 'likely'],
    ['a caller who left', new NovuError('aborted'), true, 'none'],
    ['an answer that was cut', new NovuError('bad-response'), true, 'none'],
    ['an error of ours', new TypeError('ours'), true, 'none'],
  ])('(%s) is known', (_name, error, hadFullTime, evidence) => {
    expect(evidenceOf(error, hadFullTime)).toBe(evidence);
  });

  it.each([
    ['unavailable', 500, true, false],
    ['unavailable', 500, false, true],
    ['unavailable', 502, true, false],
    ['unavailable', 502, false, true],
    ['unavailable', 503, true, true],
    ['unavailable', 408, false, false],
    ['bad-response', 404, false, false],
    ['redirect', 302, false, false],
    ['rate-limited', 429, false, false],
  ] as const)('(%s, %d, of Novu itself: %s) is an outage: %s', (kind, status, answeredByNovu, outage) => {
    expect(isOutage(new NovuError(kind, { status, answeredByNovu }))).toBe(outage);
  });
});
