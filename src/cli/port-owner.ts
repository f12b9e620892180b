import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Who listens on a port of this machine, as far as it can be seen: on Linux, of one's own processes. */
export function findPortOwner(port: number): string | null {
  try {
    const inodes = new Set([
      ...listeningInodes('/proc/net/tcp', port),
      ...listeningInodes('/proc/net/tcp6', port),
    ]);
    for (const pid of readdirSync('/proc')) {
      if (/^\d+$/.test(pid) && holdsOneOf(pid, inodes))
        return `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (process ${pid})`;
    }
  } catch {
    // Not Linux, or not to be seen.
  }
  return null;
}

const listening = '0A';

/** The columns of /proc/net/tcp: local address as hex:port, state, inode (proc(5)). */
function listeningInodes(file: string, port: number): string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(wanted) === true && state === listening)
    .map(([, , , , , , , , , inode]) => `socket:[${inode}]`);
}

function holdsOneOf(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).some((fd) => inodes.has(readlinkSync(`${folder}/${fd}`)));
  } catch {
    return false;
  }
}
