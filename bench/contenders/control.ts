/**
 * Loaded into every process of the benchmark before its own code (`--import`): answers the driver with facts, and ends
 * with it.
 */

/** What a process says of itself when asked. */
export type Facts = {
  /** Microseconds of CPU since it started, all threads. */
  cpu: number;
  /** Bytes. */
  rss: number;
  /** Requests taken since it started, where it counts them. */
  served: number;
};

export const counted = { served: 0 };

/** Port and host, as the driver says: arguments of `listen`. */
export const listening: [port: number, host: string] = [Number(process.env['PORT'] ?? 0), '127.0.0.1'];
/** Where Novu is, as the driver says. */
export const novuUrl = process.env['NOVU_API_URL'] ?? '';

if (process.send !== undefined) {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpu: user + system, rss: process.memoryUsage.rss(), ...counted } satisfies Facts);
  });
  process.on('disconnect', () => process.exit());
}
