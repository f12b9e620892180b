import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a process of the benchmark says of itself when asked. */
export type Facts = {
  /** Microseconds of CPU since it started, all threads. */
  cpu: number;
  /** Requests taken since it started, where it counts them. */
  served: number;
};

/** Tells the driver where this process listens, answers it with facts, and ends with it. */
export function report(url: string, served: () => number = () => 0): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpu: user + system, served: served() } satisfies Facts);
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ url });
}

/** A plain node:http server on a port of the system's choice. */
export function listen(listener: RequestListener, onListening: (url: string) => void): void {
  const server = createServer({ keepAliveTimeout: 65_000 }, listener);
  server.listen(0, '127.0.0.1', () =>
    onListening(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
  );
}

/** Where Novu is, as the driver says. */
export const novuUrl = process.env['NOVU_API_URL'] ?? '';
