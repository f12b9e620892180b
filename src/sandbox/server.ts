import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createApp, type Hooks, type Incoming } from './app.ts';
import { answerControl } from './control.ts';
import type { Engine, RecordedRequest } from './engine.ts';
import { Interrupted } from './errors.ts';
import { hooksOf, isLate, type Pause, reachesHandler, replyOf } from './fault-effects.ts';
import { parseQuery, type Reply, readBody } from './http.ts';
import { categoryOf } from './rate-limit.ts';
import { remember } from './store.ts';
import { strangerReply } from './stranger.ts';

const MAX_ANSWERS = 100;

const CREATE = /^POST \/v1\/channel-(connections|endpoints)\/?$/;

/** `lifetime` ends when the server stops: what is then at work stops without an answer. */
export function createSandboxServer(engine: Engine, lifetime: () => AbortSignal): Server {
  const { state, requests, journal, answers } = engine;
  const { options } = state;
  const app = createApp(engine);

  const pause: Pause = async (delayMs, until) => {
    const signal = lifetime();
    if (signal.aborted) throw new Interrupted('stopped');
    const stopped = Promise.withResolvers<never>();
    const stop = (): void => stopped.reject(new Interrupted('stopped'));
    signal.addEventListener('abort', stop, { once: true });
    try {
      if (delayMs > 0) await Promise.race([delay(delayMs, undefined, { ref: false }), stopped.promise]);
      await Promise.race([until, stopped.promise]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };

  /** Without races latency comes before the checks, so that checks and write stay one step. */
  function withLatency(hooks: Hooks, isCreate: boolean): Hooks {
    const { latencyMs, races } = options;
    if (latencyMs <= 0) return hooks;
    const point = races && isCreate ? 'beforeWrite' : 'start';
    const inner = hooks[point];
    const wait = async (): Promise<void> => {
      await pause(latencyMs);
      await inner?.();
    };
    return { ...hooks, [point]: wait };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const incoming = await readRequest(request);
    const { method, path, url } = incoming;
    if (path.startsWith('/sandbox/')) return send(response, answerControl(engine, incoming));

    const record: RecordedRequest = {
      index: engine.nextIndex(),
      method,
      path,
      query: parseQuery(incoming.search),
      headers: incoming.headers,
      body: incoming.body,
      rawHeaders: request.rawHeaders,
      at: options.clock(),
      status: null,
      fault: null,
    };
    remember(requests, record, options.maxRecords);
    const fault = engine.hooks.onRequest?.(record) ?? engine.faults.take(method, path);
    record.fault = fault?.kind ?? null;

    const work = (hooks: Hooks): Promise<Reply | undefined> =>
      app(incoming, withLatency(hooks, CREATE.test(`${method} ${path}`)), (kind, table, identifier) =>
        remember(
          journal,
          { kind, table, identifier, at: options.clock(), requestIndex: record.index },
          options.maxRecords,
        ),
      ).catch((error: unknown) => {
        if (error instanceof Interrupted) return undefined;
        throw error;
      });

    if (!fault) {
      const reply = await work({});
      // A handler that was cut off has no answer; its socket goes with the server.
      if (!reply) return;
      record.status = reply.status;
      if (reply.status < 300) keep(`${method} ${url}`, reply);
      return send(response, reply);
    }

    const normal = reachesHandler(fault) ? await work(hooksOf(fault, pause)) : undefined;
    if (fault.kind === 'reset-before' || fault.kind === 'reset-after') {
      request.socket.resetAndDestroy();
      return;
    }
    if (fault.kind === 'hang-before' || fault.kind === 'hang-after') return;
    const reply = await replyOf(fault, normal, {
      url,
      now: options.clock(),
      refusal: (seconds) =>
        options.rateLimiting
          ? engine.rateLimit.refusal(categoryOf(path), seconds)
          : { 'Retry-After': `${seconds}` },
      stranger: (identifier) => strangerReply(engine, incoming, identifier, normal),
      cached: () => answers.get(`${method} ${url}`),
      work: () => work({}),
    });
    if (!reply) return;
    record.status = reply.status;
    if (fault.kind === 'truncate') truncate(response, reply);
    else send(response, reply);
    if (isLate(fault)) await doLate(fault, () => work({}));
  }

  /** A request that a proxy held back reaches Novu after the proxy has answered. */
  async function doLate(
    { delayMs = 0, until }: { delayMs?: number; until?: Promise<unknown> },
    work: () => Promise<unknown>,
  ): Promise<void> {
    try {
      await pause(delayMs, until);
      await work();
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    }
  }

  /** For a proxy's cache: the newest answer of a URL, of the newest URLs. */
  function keep(key: string, reply: Reply): void {
    answers.delete(key);
    const oldest = answers.size >= MAX_ANSWERS ? answers.keys().next().value : undefined;
    if (oldest !== undefined) answers.delete(oldest);
    answers.set(key, reply);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A hook or a fault's function threw, or the client went away.
      if (response.headersSent || request.socket.destroyed) request.socket.destroy();
      else
        send(response, {
          status: 500,
          headers: { 'Content-Type': 'text/plain' },
          body: `Sandbox: ${String(error)}`,
        });
    });
  });
  // As long as a load balancer keeps them, so that a client's pooled socket is not closed under it.
  server.keepAliveTimeout = 65_000;
  return server;
}

async function readRequest(request: IncomingMessage): Promise<Incoming> {
  const url = request.url ?? '/';
  const cut = url.indexOf('?');
  return {
    method: request.method ?? 'GET',
    url,
    path: cut < 0 ? url : url.slice(0, cut),
    search: cut < 0 ? '' : url.slice(cut + 1),
    headers: request.headers,
    body: await readBody(request),
  };
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(
    status,
    body === null ? headers : { ...headers, 'Content-Length': Buffer.byteLength(body) },
  );
  response.end(body ?? undefined);
}

/** Half of what was promised, then the end of the connection. */
function truncate(response: ServerResponse, { status, headers, body }: Reply): void {
  const bytes = Buffer.from(body ?? '{"data":{}}');
  response.writeHead(status === 204 ? 200 : status, { ...headers, 'Content-Length': bytes.length });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy());
}
