import { expect } from 'vitest';
import { type App, type AppDeps, createApp } from '../../src/embed.ts';
import { type Config, parseConfig } from '../../src/config.ts';
import type { Gateway } from '../../src/server/gateway.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import type { Log } from '../../src/telemetry/log.ts';
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
  log?: Log;
  /** Other parts than those of the configuration, and the server's patience. */
  deps?: AppDeps;
};

export type Harness = AsyncDisposable & {
  sandbox: Sandbox;
  app: App;
  gateway: Gateway;
  novu: Novu;
  config: Config;
  /**
   * Asks as the backend `backend` unless another key is given (null: none), on the way of production: over HTTP through
   * the server that `createApp` builds, or through `gateway.fetch` where DOOR=fetch is set. A read is asked twice, the
   * document new and known, and must be answered alike.
   */
  execute(
    query: string,
    variables?: Record<string, unknown>,
    options?: {
      headers?: Record<string, string>;
      key?: string | null;
      operationName?: string;
      signal?: AbortSignal;
      /** Ask once: what is asked of Novu is counted. */
      once?: boolean;
    },
  ): Promise<Execution>;
  /** Sends a request on the way that `execute` takes; the path is of /graphql unless it is named. */
  fetch(init: RequestInit, path?: string): Promise<Response>;
  /** Starts the server; closed with the harness. Resolves with the address of /graphql. */
  listen(): Promise<string>;
};

/** The way in that the whole suite takes: CI runs it with both. */
export const door: 'server' | 'fetch' = process.env['DOOR'] === 'fetch' ? 'fetch' : 'server';

/** A sandbox and a gateway in front of it: two callers, `backend` and `reader`, of which `reader` may read tokens. */
export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const sandbox = createSandbox({ secretKey: novuKey, ...options.sandbox });
  let isDisturbed = options.novuUrl !== undefined;
  const fail = sandbox.fail.bind(sandbox);
  sandbox.fail = (...faults) => {
    isDisturbed = true;
    fail(...faults);
  };
  const novuUrl = options.novuUrl ?? (await sandbox.listen());
  const config = parseConfig({
    NOVU_API_URL: novuUrl,
    NOVU_SECRET_KEY: novuKey,
    GATEWAY_API_KEYS: `backend:${backendKey},reader:${readerKey}`,
    GATEWAY_SECRET_READERS: 'reader',
    ...options.env,
  });
  const novu =
    options.deps?.novu ??
    createNovu({
      url: new URL(novuUrl),
      secretKey: novuKey,
      readTimeoutMs: config.readTimeoutMs,
      writeTimeoutMs: config.writeTimeoutMs,
      ...options.upstream,
    });
  const app = createApp(config, { novu, ...(options.log && { log: options.log }), ...options.deps });
  let listening: Promise<string> | undefined;
  const listen = () => (listening ??= app.server.listen(0, '127.0.0.1').then((url) => `${url}/graphql`));

  async function send(init: RequestInit, path = '/graphql'): Promise<Response> {
    if (door === 'fetch') return app.gateway.fetch(`http://gateway.test${path}`, init);
    return fetch(new URL(path, await listen()), init);
  }

  return {
    sandbox,
    app,
    gateway: app.gateway,
    novu,
    config,
    fetch: send,
    async execute(
      query,
      variables,
      { headers = {}, key = backendKey, operationName, signal, once = false } = {},
    ) {
      const ask = async () => {
        const response = await send({
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
      };
      const first = await ask();
      if (once || isDisturbed || !isRead(query) || sandbox.onRequest !== undefined) return first;
      const requests = sandbox.requests.length;
      const second = await ask();
      // What the second one asked of Novu is not counted.
      (sandbox.requests as unknown[]).splice(requests);
      expect([second.status, comparable(second.text)]).toEqual([first.status, comparable(first.text)]);
      return first;
    },
    listen,
    async [Symbol.asyncDispose]() {
      if (listening !== undefined) await app.server.drain(0);
      await novu.close();
      await sandbox.close();
    },
  };
}

const isRead = (query: string) => !/(?:^|[\s}])(?:mutation|subscription)\b/.test(query);
/** What Novu's limiter leaves differs from one call to the next. */
const comparable = (text: string) =>
  text.replaceAll(/"(?:remaining|resetSeconds|limit|policy|rateLimit)":(?:"[^"]*"|[^,{}]*)/g, '');

export function toExecution(status: number, text: string, headers: Headers): Execution {
  const body = text.startsWith('{') ? (JSON.parse(text) as Partial<Execution>) : {};
  return { status, data: body.data ?? null, errors: body.errors ?? [], text, headers };
}

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
      userErrors { __typename code message path ... on NovuConflictError { existingIdentifier } ... on NovuIdempotencyError { idempotencyKey retryAfterMs } }
    }
  }
`;
