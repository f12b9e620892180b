import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const callerKey = 'chaos-key-0123456789';

export type GatewayProcess = {
  /** Sends one GraphQL document; rejects when no answer came. */
  post(body: object, signal?: AbortSignal): Promise<{ status: number; text: string }>;
  /** SIGTERM, and the end of what is in progress. */
  stop(): Promise<void>;
  /** SIGKILL: calls in progress end without an answer. */
  kill(): Promise<void>;
};

export type GatewayLog = {
  /** Name of the operation by the id of the request to the gateway, which Novu gets as x-request-id. */
  operations: Map<string, string>;
  /** Lines that speak of something unforeseen or hold a secret. */
  suspicious: string[];
};

export type Gateways = {
  get(which: number): GatewayProcess;
  /** Kills one; another takes its place as soon as it listens. */
  kill(which: number): void;
  stop(): Promise<void>;
  log: GatewayLog;
};

/** Two gateways in front of one Novu. */
export async function startGateways(
  novu: { url: string; secretKey: string },
  upstreamTimeoutMs: number,
  isSecret: (text: string) => boolean,
): Promise<Gateways> {
  const log: GatewayLog = { operations: new Map(), suspicious: [] };
  const start = () => startGateway(novu, upstreamTimeoutMs, log, isSecret);
  const running = await Promise.all([start(), start()]);
  let killing: Promise<void> = Promise.resolve();
  const replace = async (which: number) => {
    const next = start();
    await running[which]!.kill();
    running[which] = await next;
  };
  return {
    get: (which) => running[which]!,
    kill(which) {
      killing = killing.then(() => replace(which));
    },
    async stop() {
      await killing;
      await Promise.all(running.map((gateway) => gateway.stop()));
    },
    log,
  };
}

/** Starts `node src/main.ts` in front of the given Novu; its log lines go to `log`. */
async function startGateway(
  novu: { url: string; secretKey: string },
  upstreamTimeoutMs: number,
  log: GatewayLog,
  isSecret: (text: string) => boolean,
): Promise<GatewayProcess> {
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      NOVU_API_URL: novu.url,
      NOVU_SECRET_KEY: novu.secretKey,
      GATEWAY_API_KEYS: `chaos:${callerKey}`,
      PORT: '0',
      LOG_LEVEL: 'info',
      UPSTREAM_TIMEOUT_MS: String(upstreamTimeoutMs),
      SHUTDOWN_GRACE_MS: '10000',
    },
  });
  const url = await listening(child, log, isSecret);
  const pool = new Pool(new URL(url).origin, { connections: 256, headersTimeout: 0, bodyTimeout: 0 });
  const end = async (signal: NodeJS.Signals) => {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'close') : undefined;
    child.kill(signal);
    await ended;
    await pool.destroy();
  };
  return {
    async post(body, signal) {
      const answer = await pool.request({
        method: 'POST',
        path: '/graphql',
        headers: { 'content-type': 'application/json', 'x-api-key': callerKey },
        body: JSON.stringify(body),
        ...(signal && { signal }),
      });
      return { status: answer.statusCode, text: await answer.body.text() };
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

/** Resolves with the address that the gateway logs. */
function listening(
  child: ChildProcess,
  log: GatewayLog,
  isSecret: (text: string) => boolean,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const errors: string[] = [];
  child.once('exit', () => reject(new Error(`A gateway did not start: ${errors.join('\n')}`)));
  const take = (line: string, isError: boolean) => {
    if (isError) errors.push(line);
    if (isError || isSecret(line)) log.suspicious.push(line.slice(0, 500));
    const entry = toEntry(line);
    if (entry['msg'] === 'listening') resolve(String(entry['url']));
    if (typeof entry['requestId'] === 'string' && typeof entry['operation'] === 'string')
      log.operations.set(entry['requestId'], entry['operation']);
    if (typeof entry['level'] === 'number' && entry['level'] >= 50) log.suspicious.push(line.slice(0, 500));
  };
  createInterface({ input: child.stdout! }).on('line', (line) => take(line, false));
  createInterface({ input: child.stderr! }).on('line', (line) => take(line, true));
  return promise;
}

function toEntry(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {};
  }
}
