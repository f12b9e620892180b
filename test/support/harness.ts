import { createAuthenticate } from '../../src/callers/authenticate.ts';
import { type Config, parseConfig } from '../../src/config.ts';
import { createGateway, type Gateway } from '../../src/server/gateway.ts';
import { Running } from '../../src/server/plugins/use-running.ts';
import { createServer, type ServerOptions } from '../../src/server/node-server.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { createNovu, type Novu } from '../../src/upstream/client.ts';
import type { UpstreamOptions } from '../../src/upstream/options.ts';

export const novuKey = 'novu-secret-key-of-the-tests';
export const backendKey = 'backend-key-0123456789';
export const readerKey = 'reader-key-0123456789';

export type Execution = {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are looked at loosely in tests
  data: any;
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
  text: string;
  headers: Headers;
};

export type HarnessOptions = {
  sandbox?: SandboxOptions;
  /** More environment variables of the gateway. */
  env?: Record<string, string>;
  upstream?: Partial<UpstreamOptions>;
  /** Answers instead of the sandbox. */
  novuUrl?: string;
  log?: ServerOptions['log'];
};

export type Harness = AsyncDisposable & {
  sandbox: Sandbox;
  gateway: Gateway;
  novu: Novu;
  config: Config;
  /** Through Yoga's own fetch, as the backend `backend` unless another key is given (null: none). */
  execute(
    query: string,
    variables?: Record<string, unknown>,
    options?: {
      headers?: Record<string, string>;
      key?: string | null;
      operationName?: string;
      signal?: AbortSignal;
    },
  ): Promise<Execution>;
  /** Starts node:http in front; closed with the harness. Resolves with the address of /graphql. */
  listen(): Promise<string>;
};

/** A sandbox and a gateway in front of it: two callers, `backend` and `reader`, of which `reader` may read tokens. */
export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const sandbox = createSandbox({ secretKey: novuKey, ...options.sandbox });
  const novuUrl = options.novuUrl ?? (await sandbox.listen());
  const config = parseConfig({
    NOVU_API_URL: novuUrl,
    NOVU_SECRET_KEY: novuKey,
    GATEWAY_API_KEYS: `backend:${backendKey},reader:${readerKey}`,
    GATEWAY_SECRET_READERS: 'reader',
    ...options.env,
  });
  const novu = createNovu({
    url: new URL(novuUrl),
    secretKey: novuKey,
    readTimeoutMs: config.readTimeoutMs,
    writeTimeoutMs: config.writeTimeoutMs,
    ...options.upstream,
  });
  const authenticate = createAuthenticate(config);
  const running = new Running();
  const deps = { novu, authenticate, running, ...(options.log && { log: options.log }) };
  const gateway = createGateway(config, deps);
  const closers: (() => Promise<unknown>)[] = [];

  return {
    sandbox,
    gateway,
    novu,
    config,
    async execute(query, variables, { headers = {}, key = backendKey, operationName, signal } = {}) {
      const response = await gateway.fetch('http://gateway.test/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(key !== null && { 'x-api-key': key }),
          ...headers,
        },
        body: JSON.stringify({ query, variables, operationName }),
        ...(signal && { signal }),
      });
      return toExecution(response.status, await response.text(), response.headers);
    },
    async listen() {
      const behind = createGateway(config, { ...deps, maxBodyBytes: false });
      const server = createServer({
        running,
        gateway: behind,
        authenticate,
        log: options.log ?? quiet,
        isReady: () => novu.reachable,
      });
      closers.push(() => server.drain(0));
      return `${await server.listen(0, '127.0.0.1')}/graphql`;
    },
    async [Symbol.asyncDispose]() {
      for (const close of closers) await close();
      await novu.close();
      await sandbox.close();
    },
  };
}

export function toExecution(status: number, text: string, headers: Headers): Execution {
  const body = text.startsWith('{') ? (JSON.parse(text) as Partial<Execution>) : {};
  return { status, data: body.data ?? null, errors: body.errors ?? [], text, headers };
}

const nothing = () => undefined;
const quiet = { info: nothing, warn: nothing, error: nothing, debug: nothing, isLevelEnabled: () => false };

/** The input of the README's first example, with what is given replaced. */
export function connectionInput(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    identifier: 'slack-prod-user123-abc4',
    subscriberId: 'subscriber-123',
    integrationIdentifier: 'slack-prod',
    context: [{ type: 'key', id: 'org-acme' }],
    workspace: { id: 'T123456', name: 'Acme HQ' },
    auth: { accessToken: 'xoxb-example-secret-token' },
    ...changes,
  };
}

export const createDocument = /* GraphQL */ `
  mutation Create($input: CreateChannelConnectionInput!, $key: String) {
    createChannelConnection(input: $input, idempotencyKey: $key) {
      channelConnection { identifier channel providerId provider integrationIdentifier subscriberId contextKeys workspace { id name botUserId } auth { hasAccessToken hasRefreshToken expiresAt } createdAt updatedAt }
      idempotency { key source replayed honouredUpstream }
      rateLimit { limit remaining resetSeconds policy }
      headers { name values }
      userErrors { __typename code message path ... on ConflictError { existingIdentifier } ... on IdempotencyError { idempotencyKey retryAfterMs } }
    }
  }
`;
