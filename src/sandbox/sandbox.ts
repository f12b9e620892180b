import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createEngine, type JournalEntry, type OnRequest, type RecordedRequest } from './engine.ts';
import type { Fault } from './faults.ts';
import { type ResolvedOptions, resolveOptions, type SandboxOptions } from './options.ts';
import { ENVIRONMENT_ID, type IntegrationSeed, toIntegration } from './seed.ts';
import { createSandboxServer } from './server.ts';
import type {
  StoredConnection,
  StoredContext,
  StoredEndpoint,
  StoredIntegration,
  StoredSubscriber,
} from './rows.ts';

export type { JournalEntry, OnRequest, RecordedRequest } from './engine.ts';
export type { Fault, FaultMatch } from './faults.ts';
export type { AuthShape, NovuVersion, SandboxOptions, Tier } from './options.ts';
export type { IntegrationSeed } from './seed.ts';
export type {
  StoredConnection,
  StoredContext,
  StoredEndpoint,
  StoredIntegration,
  StoredSubscriber,
} from './rows.ts';

export type Sandbox = AsyncDisposable & {
  /** Loopback only. Resolves to the URL. `port` @default 0, any free one */
  listen: (port?: number, host?: '127.0.0.1') => Promise<string>;
  /** Empty until it listens. */
  readonly url: string;
  /** Ends every connection, hanging ones too. */
  close: () => Promise<void>;
  /** Novu restarts: sockets drop, work at hand is lost, after `downMs` (@default 0) the same port answers, state kept. */
  restart: (downMs?: number) => Promise<void>;
  /** Queues a fault for the next request that matches. */
  fail: (fault: Fault) => void;
  /** Asked first for every request; its fault is used whatever `match` and `times` say. */
  onRequest: OnRequest | undefined;
  clearFaults: () => void;
  /** The newest requests, at most `maxRecords`. */
  readonly requests: readonly RecordedRequest[];
  /** The newest writes that were applied, at most `maxRecords`. */
  readonly journal: readonly JournalEntry[];
  connections: () => StoredConnection[];
  endpoints: () => StoredEndpoint[];
  integrations: () => StoredIntegration[];
  subscribers: () => StoredSubscriber[];
  contexts: () => StoredContext[];
  /** An integration beside the seeded ones, or in place of the one with its identifier, until the next reset. */
  addIntegration: (integration: IntegrationSeed) => void;
  /** False where there is none. Rows that name it stay, as in Novu. */
  removeIntegration: (identifier: string) => boolean;
  /** May be changed while it runs. */
  readonly options: ResolvedOptions;
  readonly environmentId: string;
  /** Back to the seed: no rows, no keys, full buckets, no faults, no records. Options stay. */
  reset: () => void;
};

/** An embedded Novu that keeps everything in memory. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const resolved = resolveOptions(options);
  const engine = createEngine(resolved);
  let lifetime = new AbortController();
  let url = '';
  const server = createSandboxServer(engine, () => lifetime.signal);

  async function listen(port = 0, host = '127.0.0.1'): Promise<string> {
    if (host !== '127.0.0.1') throw new TypeError(`The sandbox listens on 127.0.0.1 only, not on ${host}`);
    lifetime = new AbortController();
    server.listen(port, host);
    await once(server, 'listening');
    url = `http://${host}:${portOf(server.address())}`;
    engine.state.url = url;
    return url;
  }

  async function close(): Promise<void> {
    lifetime.abort();
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  return {
    listen,
    close,
    [Symbol.asyncDispose]: close,
    get url() {
      return url;
    },
    async restart(downMs = 0) {
      const port = portOf(server.address());
      await close();
      if (downMs > 0) await delay(downMs);
      await listen(port);
    },
    fail: engine.faults.add,
    get onRequest() {
      return engine.hooks.onRequest;
    },
    set onRequest(hook) {
      engine.hooks.onRequest = hook;
    },
    clearFaults: engine.faults.clear,
    requests: engine.requests,
    journal: engine.journal,
    connections: () => structuredClone([...engine.state.connections.all()]),
    endpoints: () => structuredClone([...engine.state.endpoints.all()]),
    integrations: () => structuredClone([...engine.state.integrations.values()]),
    subscribers: () => structuredClone([...engine.state.subscribers.values()]),
    contexts: () => structuredClone([...engine.state.contexts.values()]),
    addIntegration(integration) {
      const { integrations } = engine.state;
      integrations.set(integration.identifier, toIntegration(integration, 0x200 + integrations.size));
    },
    removeIntegration: (identifier) => engine.state.integrations.delete(identifier),
    options: resolved,
    environmentId: ENVIRONMENT_ID,
    reset: engine.reset,
  };
}

const portOf = (address: AddressInfo | string | null): number =>
  address !== null && typeof address === 'object' ? address.port : 0;
