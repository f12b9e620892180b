import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { createLineWriter } from '../../src/telemetry/line-writer.ts';

/** A file descriptor that takes what `take` lets it: a number of bytes, or an error's code. */
function start(take: (bytes: Uint8Array) => number | string = ({ length }) => length) {
  const disk = { take, text: '', calls: 0 };
  const writer = createLineWriter(1, (_fd, bytes) => {
    disk.calls += 1;
    const taken = disk.take(bytes);
    if (typeof taken === 'string') throw Object.assign(new Error(taken), { code: taken });
    disk.text += Buffer.from(bytes.subarray(0, taken)).toString();
    return taken;
  });
  return { disk, writer };
}

describe('the writer of log lines', () => {
  it('writes the lines of one turn of the event loop in one go', async () => {
    const { disk, writer } = start();
    writer.write('one\n');
    writer.write('two\n');
    expect(disk.calls).toBe(0);
    await setImmediate();
    expect(disk).toMatchObject({ text: 'one\ntwo\n', calls: 1 });
  });

  it('writes at once when the process ends', () => {
    const { disk, writer } = start();
    writer.write('last\n');
    writer.flushSync();
    expect(disk.text).toBe('last\n');
  });

  it('goes on where a reader took a part', () => {
    const { disk, writer } = start(() => 3);
    writer.write('a longer line\n');
    writer.flushSync();
    expect(disk.text).toBe('a longer line\n');
  });

  it('keeps the rest for a reader that takes no more at the moment, and its order', () => {
    vi.useFakeTimers();
    try {
      const { disk, writer } = start();
      let calls = 0;
      disk.take = () => ((calls += 1) === 1 ? 2 : 'EAGAIN');
      writer.write('one\n');
      writer.flushSync();
      writer.write('two\n');
      disk.take = ({ length }) => length;
      vi.runAllTimers();
      expect(disk.text).toBe('one\ntwo\n');
    } finally {
      vi.useRealTimers();
    }
  });

  it.each(['ENOSPC', 'EPIPE', 'EIO'])(
    'neither throws nor tries again after %s, and says what was lost',
    (code) => {
      const { disk, writer } = start(() => code);
      writer.write('one\n');
      writer.write('two\n');
      writer.flushSync();
      writer.flushSync();
      expect(disk.calls).toBe(1);
      disk.take = ({ length }) => length;
      writer.write('three\n');
      writer.flushSync();
      const [line, loss] = disk.text.split('\n');
      expect(line).toBe('three');
      expect(JSON.parse(loss ?? '')).toMatchObject({ lines: 2, msg: 'lines of the log were lost' });
    },
  );

  it('keeps no more than a bounded part of what nobody takes', () => {
    const { disk, writer } = start(() => 'EAGAIN');
    const line = `${'x'.repeat(99_999)}\n`;
    for (let count = 0; count < 100; count += 1) writer.write(line);
    writer.flushSync();
    for (let count = 0; count < 100; count += 1) writer.write(line);
    disk.take = ({ length }) => length;
    writer.flushSync();
    expect(disk.text.length).toBeLessThan(2_200_000);
    expect(JSON.parse(disk.text.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ lines: 180 });
  });
});
