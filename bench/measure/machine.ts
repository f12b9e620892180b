import { readFileSync } from 'node:fs';

/** Microseconds that all programs of this machine have computed, or null where nobody says. */
export function machineBusy(): number | null {
  const [user, nice, system, , , , , steal] =
    readOrNull('/proc/stat')?.split('\n', 1)[0]?.split(/\s+/).slice(1).map(Number) ?? [];
  if (user === undefined) return null;
  // In hundredths of a second. Interrupts are left out: they may or may not be ours.
  return (user + (nice ?? 0) + (system ?? 0) + (steal ?? 0)) * 10_000;
}

/** Bytes of memory that a process holds, or null where nobody says. */
export function rssOf(pid: number): number | null {
  const kilobytes = /^VmRSS:\s*(\d+)/m.exec(readOrNull(`/proc/${pid}/status`) ?? '')?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return null;
  }
}
