import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { Facts } from '../contenders/control.ts';
import { nextId, openConnection, toRequest } from '../load/connection.ts';
import type { Exchange } from '../requests/exchange.ts';
import type { Program } from './programs.ts';

export type Running = {
  program: Program;
  url: string;
  pid: number;
  /** Milliseconds from the start of the process to its first answer. */
  firstAnswerMs: number;
  /** Null unless its output is asked for. */
  output: Readable | null;
  facts(): Promise<Facts>;
  /** Lets it end by itself, as far as it listens to the driver. */
  end(): Promise<void>;
  stop(): Promise<void>;
};

export type StartOptions = {
  /** Where it finds Novu. */
  novuUrl?: string;
  /** What it is asked until it answers. */
  probe: Exchange;
  flags?: string[];
  env?: Record<string, string>;
  /** Whether it tells facts; without, the process is exactly what it is elsewhere. @default true */
  control?: boolean;
  /** @default false */
  withOutput?: boolean;
};

const control = new URL('../contenders/control.ts', import.meta.url).href;
const maxStartMs = 60_000;

/** Starts a program and resolves when it has answered. Throws when it ends, or takes a minute. */
export async function start(program: Program, options: StartOptions): Promise<Running> {
  const { novuUrl = '', probe, flags = [], env = {}, withOutput = false } = options;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const child = fork(program.file, {
    execArgv: [
      ...(program.flags ?? []),
      ...flags,
      ...((options.control ?? true) ? ['--import', control] : []),
    ],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      ...program.env,
      PORT: String(port),
      NOVU_API_URL: novuUrl,
      ...env,
    },
    stdio: ['ignore', withOutput ? 'pipe' : 'ignore', 'inherit', 'ipc'],
  });
  await answered(child, program.name, url, probe);
  return {
    program,
    url,
    pid: child.pid ?? 0,
    firstAnswerMs: performance.now() - startedAt,
    output: child.stdout,
    async facts() {
      const answer = once(child, 'message', { signal: AbortSignal.timeout(30_000) });
      child.send('facts');
      const [facts] = await answer.catch((error: unknown) => {
        throw new Error(`${program.name} tells nothing (exit ${child.exitCode}, ${child.signalCode})`, {
          cause: error,
        });
      });
      return facts as Facts;
    },
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answered(child: ChildProcess, name: string, url: string, probe: Exchange): Promise<void> {
  const deadline = performance.now() + maxStartMs;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${name} ended before it answered`);
    if (performance.now() > deadline) throw new Error(`${name} does not answer`);
    try {
      const connection = await openConnection(url);
      const { status } = await connection.ask(toRequest(probe, nextId())).finally(() => connection.close());
      if (status < 300) return;
    } catch {
      // It does not listen yet.
    }
    await wait(2);
  }
}
