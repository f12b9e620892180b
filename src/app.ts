import { type Authenticate, createAuthenticate } from './callers/authenticate.ts';
import { serviceCaller } from './callers/caller.ts';
import { createSignatureCheck, type SignedParams } from './callers/signature.ts';
import type { Config } from './config.ts';
import { type ContextInit, createContext } from './graphql/context.ts';
import { onUnrecognized } from './graphql/unrecognized.ts';
import { Operations } from './operations/operations.ts';
import { PersistedOperations } from './operations/persisted-operations.ts';
import { Running } from './operations/running.ts';
import { schema } from './schema/schema.ts';
import { Admission } from './server/admission.ts';
import type { Gateway, GatewayOptions } from './server/gateway.ts';
import { createServer, type Server, type ServerOptions } from './server/node-server.ts';
import { createCallLog } from './telemetry/call-log.ts';
import { describeError, type Log, silentLog, warnOnce } from './telemetry/log.ts';
import { createRequestLog } from './telemetry/request-log.ts';
import { Requests } from './telemetry/requests.ts';
import { createNovu, type Novu } from './upstream/client.ts';

export type AppDeps = {
  /** @default a client of the configured Novu */
  novu?: Novu;
  /** @default silent */
  log?: Log;
  /** @default made from the configured keys; nobody comes in without one */
  authenticate?: Authenticate;
  /** Trusted documents by id, see `parsePersistedOperations`. @default none */
  persistedOperations?: ReadonlyMap<string, string>;
  /** How long the server waits for callers. */
  timeouts?: Pick<ServerOptions, 'headersTimeoutMs' | 'requestTimeoutMs' | 'answerTimeoutMs'>;
};

/** The parts of the gateway, composed once: for the process, for who embeds it, for tests and benchmarks. */
export type Parts<Opened extends Gateway | Promise<Gateway>> = {
  readonly novu: Novu;
  readonly operations: Operations;
  /** Every way of HTTP but the plain POST; made when it is first asked for. */
  openGateway(): Opened;
  /** The gateway on node:http, with the shorter way for POST. */
  readonly server: Server;
  /** Takes over who may call from another configuration: keys, tokens, secrets of routers. The rest stays as it is. */
  reload(config: Config): void;
  /** Ends the connections to Novu. */
  close(): Promise<void>;
};

/**
 * Composes the gateway. Pure: reads no environment, listens nowhere. Throws a TypeError when the configuration names no
 * Novu and none is passed. `open` makes what is Yoga's: the process loads Yoga when a request needs it, since most get
 * nothing but plain POST, and Yoga is a quarter of the time until it listens and 15 MB.
 */
export function composeApp<Opened extends Gateway | Promise<Gateway>>(
  config: Config,
  deps: AppDeps,
  open: (options: GatewayOptions) => Opened,
): Parts<Opened> {
  const log = deps.log ?? silentLog;
  const novu = deps.novu ?? createConfiguredNovu(config, log);
  const onUnexpected = (error: unknown) => log.error(describeError(error), 'unexpected error');
  const running = new Running();
  const requests = log.isLevelEnabled('warn') ? new Requests([createRequestLog(log)]) : null;
  const stopListening = onUnrecognized(warnOnce(log));
  const operations = new Operations({
    schema,
    limits: config.limits,
    introspection: config.introspection,
    cacheBytes: config.documentsCacheBytes,
    // Where only listed documents are taken there is nothing to gain.
    shareLiterals: config.persistedOperations.mode !== 'only',
    persisted: createPersisted(config, deps.persistedOperations),
    onUnexpected,
    running,
  });
  let callers = createCallers(config);
  const admission = new Admission({
    authenticate: deps.authenticate ?? ((credentials) => callers.authenticate(credentials)),
    corsOrigins: config.corsOrigins,
    guardGet: !config.isSandbox,
    loopbackHostsOnly: config.isSandbox,
    maxBodyBytes: config.limits.bodyBytes,
  });
  const makeContext = (init: Omit<ContextInit, 'novu'>) =>
    createContext({ ...init, novu, maxNovuCalls: config.limits.novuCalls });
  const checkSignature = (params: SignedParams) => callers.checkSignature?.(params) ?? null;
  const close = () => {
    stopListening();
    return novu.close();
  };
  let opened: Opened | undefined;
  const openGateway = () =>
    (opened ??= open({
      admission,
      operations,
      onUnexpected,
      requests,
      makeContext,
      checkSignature,
      playground: config.playground,
      maxBatch: config.limits.batch,
      maxBodyBytes: config.limits.bodyBytes,
      onDispose: close,
    }));
  const server = createServer({
    admission,
    operations,
    openGateway,
    makeContext,
    checkSignature,
    log,
    requests,
    running,
    cutoff: novu.cutoff,
    isReady: () => novu.reachable,
    playground: config.playground,
    maxBodyBytes: config.limits.bodyBytes,
    maxInFlight: config.maxInFlight,
    maxCallerInFlight: config.limits.callerInFlight,
    ...deps.timeouts,
  });
  const reload = (changed: Config) => {
    callers = createCallers(changed);
  };
  return { novu, operations, openGateway, server, reload, close };
}

/** Who may call: made anew when keys are rotated. */
function createCallers(config: Config) {
  return {
    authenticate: createAuthenticate({
      ...config,
      anonymous: config.isSandbox ? serviceCaller('sandbox', false) : null,
    }),
    checkSignature: config.hmacSecret === null ? null : createSignatureCheck(config.hmacSecret),
  };
}

function createConfiguredNovu(config: Config, log: Log): Novu {
  if (config.novu === null)
    throw new TypeError('The configuration names no Novu: set NOVU_SECRET_KEY, or pass a client.');
  return createNovu({
    ...config.novu,
    identifierSecret: config.identifierSecret,
    previousIdentifierSecrets: config.identifierSecretsPrevious,
    readTimeoutMs: config.readTimeoutMs,
    writeTimeoutMs: config.writeTimeoutMs,
    ...(log.isLevelEnabled('debug') && { observer: createCallLog(log) }),
  });
}

function createPersisted(
  { persistedOperations: { apq, mode } }: Config,
  trusted: ReadonlyMap<string, string> | undefined,
): PersistedOperations | null {
  if (trusted === undefined && !apq && mode !== 'only') return null;
  return new PersistedOperations({ schema, trusted: trusted ?? new Map(), only: mode === 'only', apq });
}
