import type { IncomingHttpHeaders } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import { type Authenticate, createAuthenticate, createSignatureCheck } from '../callers/authenticate.ts';
import type { Caller } from '../callers/caller.ts';
import type { Config } from '../config.ts';
import { type Context, createContext } from '../graphql/context.ts';
import { createFastPath, type FastAnswer, type FastPath } from './fast-path.ts';
import { playgroundTabs } from './plugins/playground/examples.ts';
import { schema } from '../schema/schema.ts';
import { describeError, type Log, silentLog } from '../telemetry/log.ts';
import { useBrowserSafety } from './plugins/use-browser-safety.ts';
import { useCaller } from './plugins/use-caller.ts';
import { useNoIntrospection } from './plugins/use-introspection.ts';
import { useLimits } from './plugins/use-limits.ts';
import { createLogOperation, useLog } from './plugins/use-log.ts';
import { usePersistedOperations } from './plugins/use-persisted-operations.ts';
import { usePlayground } from './plugins/use-playground.ts';
import { useStrictRequests } from './plugins/use-strict-requests.ts';
import { Running, useRunning } from './plugins/use-running.ts';
import { useSafeErrors } from './plugins/use-safe-errors.ts';
import { createNovu, type Novu } from '../upstream/client.ts';

/** What a server in front of the gateway may have settled already. */
export type ServerContext = {
  caller?: Caller;
  /** The headers name nobody, but the body may be signed. */
  mayBeSigned?: boolean;
  /** The operation has run already: only its answer is to be written. */
  precomputed?: ExecutionResult;
  requestId?: string;
};

export type GatewayDeps = {
  /** @default a client of the configured Novu */
  novu?: Novu;
  /** @default silent */
  log?: Log;
  /** @default made from the configured keys; nobody comes in without one */
  authenticate?: Authenticate;
  /** Counts the operations in progress, for a server that drains. @default one of its own */
  running?: Running;
  /** Trusted documents by id, see `parsePersistedOperations`. @default none */
  persistedOperations?: ReadonlyMap<string, string>;
  /** Bytes of a request body; false where the server in front counts them. @default the configured limit */
  maxBodyBytes?: number | false;
};

const allowedHeaders = [
  'content-type',
  'authorization',
  'x-api-key',
  'idempotency-key',
  'x-request-timeout-ms',
  'x-apollo-operation-name',
  'apollo-require-preflight',
  'graphql-require-preflight',
  'apollographql-client-name',
  'apollographql-client-version',
];

export type Gateway = YogaServerInstance<ServerContext, object>;

/**
 * The gateway as a Yoga instance: `fetch` for Workers, a handler for node:http, `handleNodeRequest` for Fastify.
 * Pure: reads no environment, listens nowhere. Throws a TypeError when the configuration names no Novu.
 */
export function createGateway(config: Config, deps: GatewayDeps = {}): Gateway {
  const log = deps.log ?? silentLog;
  const novu = deps.novu ?? createConfiguredNovu(config);
  const authenticate = deps.authenticate ?? createAuthenticate(config);
  const persisted =
    deps.persistedOperations ??
    (config.persistedOperations.apq || config.persistedOperations.mode === 'only'
      ? new Map<string, string>()
      : null);

  const running = deps.running ?? new Running();
  const logOperation = createLogOperation(log);
  const fast = createFastPath({
    schema,
    maxCost: config.limits.cost,
    maxListItems: config.limits.listItems,
    running,
    logOperation,
  });

  const gateway = createYoga<ServerContext, object>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    graphiql: false,
    cors: config.corsOrigins.length > 0 && {
      origin: config.corsOrigins,
      credentials: false,
      methods: ['GET', 'POST'],
      allowedHeaders,
      maxAge: 600,
    },
    multipart: false,
    batching: config.limits.batch > 1 && { limit: config.limits.batch },
    maskedErrors: false,
    logging: false,
    healthCheckEndpoint: '/health',
    maxRequestBodySize: deps.maxBodyBytes ?? config.limits.bodyBytes,
    context: ({ request, caller, requestId }): Context => {
      if (caller === undefined) throw new TypeError('no caller');
      return createContext({
        caller,
        novu,
        requestId,
        signal: request.signal,
        idempotencyKeyHeader: request.headers.get('idempotency-key'),
        maxWaitMs: readWait(request.headers.get('x-request-timeout-ms')),
      });
    },
    plugins: [
      config.playground && usePlayground({ title: 'novu-graphql', tabs: playgroundTabs() }),
      useCaller({
        authenticate,
        checkSignature: config.hmacSecret === null ? null : createSignatureCheck(config.hmacSecret),
      }),
      useStrictRequests(),
      useBrowserSafety({ corsOrigins: config.corsOrigins, guardGet: !config.isSandbox }),
      persisted !== null &&
        usePersistedOperations({
          trusted: persisted,
          only: config.persistedOperations.mode === 'only',
          apq: config.persistedOperations.apq,
        }),
      useLimits(config.limits),
      !config.introspection && useNoIntrospection(),
      useSafeErrors({ onUnexpected: (error) => log.error(describeError(error), 'unexpected error') }),
      useRunning(running),
      useLog(logOperation),
      fast.plugin,
      { onDispose: () => novu.close() },
    ],
  });
  fastPaths.set(gateway, { path: fast.path, novu });
  return gateway;
}

const fastPaths = new WeakMap<Gateway, { path: FastPath; novu: Novu }>();

export type FastRequest = {
  caller: Caller;
  headers: IncomingHttpHeaders;
  /** Aborted when the caller leaves. */
  signal: AbortSignal;
};

/** See `FastPath`: for the server in front of a gateway, once it knows the caller and has parsed the body. */
export function runFast(
  gateway: Gateway,
  params: Readonly<Record<string, unknown>>,
  { caller, headers, signal }: FastRequest,
): Promise<FastAnswer | undefined> | undefined {
  const fast = fastPaths.get(gateway);
  // What browsers of other origins send is for the long way to judge.
  if (fast === undefined || headers.origin !== undefined || headers['sec-fetch-site'] !== undefined)
    return undefined;
  return fast.path.run(params, headers.accept, () =>
    createContext({
      caller,
      novu: fast.novu,
      signal,
      idempotencyKeyHeader: single(headers['idempotency-key']),
      maxWaitMs: readWait(single(headers['x-request-timeout-ms'])),
    }),
  );
}

/** Node joins repeated headers with a comma; a list is no answer to "which". */
function single(header: string | string[] | undefined): string | null {
  return typeof header === 'string' ? header : null;
}

export function createConfiguredNovu(config: Config): Novu {
  if (config.novu === null)
    throw new TypeError('The configuration names no Novu: set NOVU_SECRET_KEY, or pass a client.');
  return createNovu({
    ...config.novu,
    readTimeoutMs: config.readTimeoutMs,
    writeTimeoutMs: config.writeTimeoutMs,
  });
}

/** Milliseconds that a caller is willing to wait, a whole number in the header X-Request-Timeout-Ms; anything else asks for nothing. */
function readWait(header: string | null): number {
  return header !== null && /^[1-9]\d{0,8}$/.test(header) ? Number(header) : Number.POSITIVE_INFINITY;
}
