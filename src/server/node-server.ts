import { isUtf8 } from 'node:buffer';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server as HttpServer,
  ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { SignedParams } from '../callers/signature.ts';
import { type Caller, fairWeight } from '../callers/caller.ts';
import type { Context, ContextInit } from '../graphql/context.ts';
import type { Operations, Params } from '../operations/operations.ts';
import type { Running } from '../operations/running.ts';
import { describeError, type Log } from '../telemetry/log.ts';
import type { RequestFacts } from '../telemetry/request-facts.ts';
import type { Requests } from '../telemetry/requests.ts';
import type { Cutoff } from '../upstream/cutoff.ts';
import { Cancellation, type Signal } from '../upstream/signal.ts';
import { chooseAnswerType } from './accept.ts';
import {
  type Admission,
  type Incoming,
  notInflatable,
  notJson,
  notObject,
  overloaded,
  pathOf,
  single,
  tooLarge,
  unauthenticated,
} from './admission.ts';
import type { Gateway, SettledContext } from './gateway.ts';
import { codingOf, inflateBody } from './inflate.ts';
import { Places } from './places.ts';
import { isPlaygroundRequest } from './plugins/use-playground.ts';
import { readRequestId } from './request-id.ts';
import { readWait } from './request-wait.ts';
import { type Refusal, refusalContentType, safeHeaders, toRefusalBody } from './refusal.ts';

export type ServerOptions = {
  admission: Admission;
  operations: Operations;
  /** Everything but plain POST. */
  openGateway: () => Gateway | Promise<Gateway>;
  makeContext: (init: Omit<ContextInit, 'novu'>) => Context;
  checkSignature: ((params: SignedParams) => Caller | null) | null;
  log: Log;
  /** Who is told of each request; null when nobody wants to know. */
  requests: Requests | null;
  /** What `drain` waits for beside the connections. */
  running: Running;
  /** Ends what `drain` can't wait for any longer. */
  cutoff: Cutoff;
  /** Bytes of a request body. */
  maxBodyBytes: number;
  /** Requests in progress; one more is answered 503 at once. */
  maxInFlight: number;
  /** The same of one caller. */
  maxCallerInFlight: number;
  /** Whether Novu can be asked at the moment; /ready follows it. */
  isReady: () => boolean;
  /** Whether the pages of the playground are there. */
  playground: boolean;
  /** Milliseconds until the headers of a request must be there. @default 10000 */
  headersTimeoutMs?: number | undefined;
  /** Milliseconds until the whole request must be there. @default 25000 */
  requestTimeoutMs?: number | undefined;
  /** Milliseconds that a caller has to take an answer. @default 30000 */
  answerTimeoutMs?: number | undefined;
};

export type Server = {
  /** Resolves with the address to open, once it accepts connections. */
  listen(port: number, host: string): Promise<string>;
  /**
   * Not ready from now on; takes nothing new and ends what is in progress. Connections without a whole request get a
   * second to send one. A second before `graceMs` is over (at half of a shorter one) calls to Novu are cut, so that
   * callers are told that their outcome is unknown; half a second later it gives up. Resolves true when all ended.
   */
  drain(graceMs: number): Promise<boolean>;
};

/** Headers and bodies that never end are cut within 30 seconds. */
export const patience = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 25_000,
  answerTimeoutMs: 30_000,
  checkEveryMs: 2_000,
};

/** Bodies of callers who are not known before they are read: few at a time, and in a short time. */
const unknownCallers = { id: 'unknown', max: 64, bodyTimeoutMs: 5_000 };

const sweepMs = 50;
/** What a caller gets, while the server drains, to send the rest of a request. */
const restMs = 1_000;
/** What answers get to go out, once calls to Novu were cut. */
const answerMs = 1_000;
/** A service alone may have two thirds of all places, an end user a fifth. */
const weightOf = (caller: Caller): number => fairWeight(caller) / 4;
const paramNames: ReadonlySet<string> = new Set(['query', 'variables', 'operationName', 'extensions']);

/** The statuses of Node's codes for bytes that are no request; for any other it is 400. */
const badBytes: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** An answer, with what belongs to its request. */
class Answer extends ServerResponse {
  /** As the caller sent it in X-Request-Id. */
  requestIdHeader: string | null = null;
  /** The same, or made here; given back with the answer. */
  requestId = '';
  /** What is told of it; undefined when nobody wants to know. */
  facts: RequestFacts | undefined;
  /** Whether it is written, and has to be taken. */
  isTracked = false;
  /** Whether it is out, or nobody takes it, and whether the work for it has ended: it is told of after both. */
  isClosed = false;
  hasEnded = false;
}

type Connection = {
  /** The newest answer that is due on it. */
  answer: Answer | null;
  /** Answers that are written but not yet taken. */
  untaken: number;
  /** When the last of them was taken, or the first was written. */
  since: number;
};

/** The gateway on node:http: it knows the caller before it reads a body, and counts the bytes that it reads. */
export function createServer(options: ServerOptions): Server {
  const { admission, operations, openGateway, makeContext, checkSignature, log, running, isReady } = options;
  const { cutoff, requests } = options;
  const { maxBodyBytes, maxInFlight, maxCallerInFlight, playground: hasPlayground } = options;
  const headersTimeoutMs = options.headersTimeoutMs ?? patience.headersTimeoutMs;
  const requestTimeoutMs = options.requestTimeoutMs ?? patience.requestTimeoutMs;
  const answerTimeoutMs = options.answerTimeoutMs ?? patience.answerTimeoutMs;
  const bounds = { max: maxInFlight, perCaller: maxCallerInFlight };
  /** Bodies that are being read hold places of their own, so that a slow one keeps nobody from running. */
  const reading = new Places(bounds);
  const unknownReading = new Places({ max: unknownCallers.max, perCaller: unknownCallers.max });
  const working = new Places(bounds);
  const connections = new Map<Socket, Connection>();
  let draining = false;

  const http: HttpServer<typeof IncomingMessage, typeof Answer> = createHttpServer(
    {
      ServerResponse: Answer,
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(patience.checkEveryMs, headersTimeoutMs, requestTimeoutMs),
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16_384,
    },
    (req, res) => {
      const connection = connectionOf(req.socket);
      connection.answer = res;
      res.on('close', onClosed);
      if (draining) res.setHeader('connection', 'close');
      const path = pathOf(req.url ?? '/');
      if (path === '/health' || path === '/ready') {
        const ok = path === '/health' || (!draining && isReady());
        res
          .writeHead(ok ? 200 : 503, { ...safeHeaders, 'content-type': 'text/plain; charset=utf-8' })
          .end(ok ? 'ok\n' : 'not ready\n');
        return;
      }
      res.requestIdHeader = readRequestId(single(req.headers['x-request-id']));
      res.requestId = res.requestIdHeader ?? crypto.randomUUID();
      res.facts = requests?.begin(res.requestId, req.method ?? 'GET');
      void serve(req, res);
    },
  );
  http.on('connection', (socket) => {
    connectionOf(socket);
  });
  if (requests !== null)
    http.on('clientError', (error, socket) => refuseBytes(requests, error, socket as Socket));
  // All 16 KB of them may be headers: those beyond a count would be dropped in silence.
  http.maxHeadersCount = 0;

  // An answer that nobody reads ends after a time; it holds no place of those in progress.
  const sweepAnswers = setInterval(
    () => {
      const before = performance.now() - answerTimeoutMs;
      for (const [socket, { untaken, since }] of connections)
        if (untaken > 0 && since < before) socket.destroy();
    },
    Math.min(patience.checkEveryMs, answerTimeoutMs),
  );
  sweepAnswers.unref();

  async function serve(req: IncomingMessage, res: Answer): Promise<void> {
    try {
      await handle(req, res);
    } catch (error) {
      log.error({ ...describeError(error), requestId: res.requestId }, 'unexpected error');
      if (res.headersSent) res.destroy();
      else refuse(req, res, { status: 500, code: 'INTERNAL_SERVER_ERROR', message: 'Unexpected error.' });
    }
    res.hasEnded = true;
    if (res.isClosed) conclude(res);
  }

  /** What is no request of HTTP is answered as Node answers it where nobody listens, and told of. */
  function refuseBytes(listening: Requests, { code = '' }: NodeJS.ErrnoException, socket: Socket): void {
    const status = badBytes[code] ?? 400;
    if (socket.writable && connections.get(socket)?.answer?.headersSent !== true) {
      socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`);
    }
    socket.destroySoon();
    // A connection that was opened in vain is none.
    if (socket.bytesRead === 0 || code === 'ECONNRESET') return;
    const facts = listening.begin(crypto.randomUUID(), null);
    facts.status = status;
    facts.refusal = code;
    listening.end(facts);
  }

  /** Tells of a request when both its answer and its work have ended: a write goes on when the caller has left. */
  function conclude(res: Answer): void {
    if (res.facts === undefined) return;
    res.facts.status = res.writableFinished ? res.statusCode : null;
    requests?.end(res.facts);
  }

  async function handle(req: IncomingMessage, res: Answer): Promise<void> {
    const incoming = toIncoming(req);
    const preflight = admission.preflight(incoming);
    if (preflight !== null) {
      res
        .writeHead(preflight.status, { ...safeHeaders, 'x-request-id': res.requestId, ...preflight.headers })
        .end();
      return;
    }
    const refusal = admission.address(incoming);
    if (refusal !== null) return refuse(req, res, refusal);
    // The page of the playground is for strangers.
    if (hasPlayground && isPlaygroundRequest(incoming)) return handlePage(req, res);

    const asked = admission.caller(incoming);
    const found = asked instanceof Promise ? await asked : asked;
    if (typeof found === 'object' && 'status' in found) return refuse(req, res, found);
    if (found !== 'signature') res.facts?.knows(found);
    const other = admission.request(incoming);
    if (other !== null) return refuse(req, res, other);
    if (req.method !== 'POST') return handleElse(req, res, found);

    const pot = found === 'signature' ? unknownReading : reading;
    const id = found === 'signature' ? unknownCallers.id : found.id;
    const weight = found === 'signature' ? 1 : weightOf(found);
    if (!pot.enter(id, weight)) return refuse(req, res, overloaded);
    let body: Buffer | 'too large' | 'left' | 'broken';
    try {
      body = await readBody(
        req,
        maxBodyBytes,
        found === 'signature' ? unknownCallers.bodyTimeoutMs : undefined,
      );
      const coding = codingOf(req.headers['content-encoding']);
      if (coding != null && typeof body === 'object') body = await inflateBody(body, coding, maxBodyBytes);
    } finally {
      pot.leave(id);
    }
    if (body === 'broken') return refuse(req, res, notInflatable);
    if (body === 'too large') return refuse(req, res, tooLarge(maxBodyBytes));
    if (body === 'left') {
      res.destroy();
      return;
    }
    const parsed = parse(body);
    if (parsed === undefined) return refuse(req, res, notJson);
    if (typeof parsed !== 'object' || parsed === null) return refuse(req, res, notObject);
    const caller = found === 'signature' ? checkSigned(parsed) : found;
    if (caller === null) {
      // What is no request of GraphQL was signed by nobody; Yoga says what it is, and asks each of a batch.
      return isPlain(parsed)
        ? refuse(req, res, unauthenticated)
        : handleElse(toParsed(req, parsed), res, 'signature');
    }
    if (found === 'signature') res.facts?.knows(caller);
    return handleBody(req, res, incoming, parsed, caller);
  }

  function checkSigned(parsed: object): Caller | null {
    return Array.isArray(parsed) ? null : (checkSignature?.(parsed) ?? null);
  }

  async function handleBody(
    req: IncomingMessage,
    res: Answer,
    incoming: Incoming,
    parsed: object,
    caller: Caller,
  ): Promise<void> {
    const { headers } = req;
    if (!working.enter(caller.id, weightOf(caller))) return refuse(req, res, overloaded);
    let isWorking = true;
    const leave = () => {
      if (isWorking) working.leave(caller.id);
      isWorking = false;
    };
    try {
      const answerType = chooseAnswerType(headers.accept);
      const { requestId, requestIdHeader, facts } = res;
      const settled: SettledContext = { admitted: true, caller, requestId, facts };
      if (answerType !== null && req.url === '/graphql' && isPlain(parsed)) {
        const ready = operations.prepare(parsed, { caller });
        if (!('errors' in ready)) {
          const written = await operations.write(
            ready,
            makeContext({
              caller,
              signal: () => leavingOf(res),
              requestId,
              requestIdHeader,
              facts: facts?.addOperation(),
              idempotencyKeyHeader: single(headers['idempotency-key']) ?? null,
              maxWaitMs: readWait(single(headers['x-request-timeout-ms'])),
            }),
          );
          leave();
          answer(res, answerType, written, admission.corsHeaders(incoming));
          return;
        }
        settled.refused = ready;
      }
      const response = await (await openGateway()).handleNodeRequest(toParsed(req, parsed), settled);
      leave();
      await send(res, response);
    } finally {
      leave();
    }
  }

  /** GET and every other verb: Yoga's, once the caller is known. */
  async function handleElse(req: IncomingMessage, res: Answer, found: Caller | 'signature'): Promise<void> {
    const pot = found === 'signature' ? unknownReading : working;
    const id = found === 'signature' ? unknownCallers.id : found.id;
    if (!pot.enter(id, found === 'signature' ? 1 : weightOf(found))) return refuse(req, res, overloaded);
    const { requestId, facts } = res;
    const settled: SettledContext =
      found === 'signature'
        ? { admitted: true, requestId, facts }
        : { admitted: true, caller: found, requestId, facts };
    let response: Response;
    try {
      response = await (await openGateway()).handleNodeRequest(req, settled);
    } finally {
      pot.leave(id);
    }
    await send(res, response);
  }

  async function handlePage(req: IncomingMessage, res: Answer): Promise<void> {
    if (!unknownReading.enter(unknownCallers.id, 1)) return refuse(req, res, overloaded);
    const settled: SettledContext = { requestId: res.requestId, facts: res.facts };
    let response: Response;
    try {
      response = await (await openGateway()).handleNodeRequest(req, settled);
    } finally {
      unknownReading.leave(unknownCallers.id);
    }
    await send(res, response);
  }

  function answer(
    res: Answer,
    type: string,
    body: string,
    cors: Readonly<Record<string, string>> | null,
  ): void {
    const length = Buffer.byteLength(body);
    const headers = [
      ...answerHeaders,
      'x-request-id',
      res.requestId,
      'content-type',
      type,
      'content-length',
      String(length),
    ];
    for (const name in cors) headers.push(name, cors[name] as string);
    res.writeHead(200, headers);
    track(res);
    // One byte a character is cheaper to write, and most answers have no other.
    res.end(body, length === body.length ? 'latin1' : 'utf8');
  }

  async function send(res: Answer, response: Response): Promise<void> {
    const headers: string[] = [];
    for (const [name, value] of response.headers) headers.push(name, value);
    if (res.destroyed) return;
    res.writeHead(response.status, headers);
    track(res);
    if (response.body === null) res.end();
    else {
      // A caller who leaves ends the stream; nothing else can go wrong with it that anybody could be told of.
      Readable.from(response.body as unknown as AsyncIterable<Uint8Array>)
        .on('error', () => res.destroy())
        .pipe(res);
    }
  }

  function connectionOf(socket: Socket): Connection {
    let connection = connections.get(socket);
    if (connection !== undefined) return connection;
    connection = { answer: null, untaken: 0, since: 0 };
    connections.set(socket, connection);
    socket.once('close', () => connections.delete(socket));
    return connection;
  }

  /** From now on it has to be taken. */
  function track(res: Answer): void {
    const connection = connections.get(res.req.socket);
    if (connection === undefined) return;
    res.isTracked = true;
    if (connection.untaken === 0) connection.since = performance.now();
    connection.untaken += 1;
  }

  /** The answer is out, or nobody takes it. */
  function onClosed(this: Answer): void {
    this.isClosed = true;
    if (this.hasEnded) conclude(this);
    const connection = connections.get(this.req.socket);
    if (connection !== undefined) {
      if (this.isTracked) {
        connection.untaken -= 1;
        connection.since = performance.now();
      }
      if (connection.answer === this) connection.answer = null;
    }
    // Its answer began before the drain and promised to keep the connection, which nobody needs any more.
    if (draining) http.closeIdleConnections();
  }

  /** Ends connections that hold no whole request: those that sent nothing, or all. */
  function closeWaiting(all: boolean): void {
    for (const [socket, { answer: res }] of connections) {
      const isEmpty = res === null && socket.bytesRead === 0;
      const isWaiting = res === null || !res.req.complete;
      if (isEmpty || (all && isWaiting)) socket.destroy();
    }
  }

  return {
    async listen(port, host) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      http.once('error', reject);
      http.listen(port, host, resolve);
      await promise;
      const address = http.address() as AddressInfo;
      return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
    },
    async drain(graceMs) {
      draining = true;
      const closed = Promise.withResolvers<void>();
      http.close(() => closed.resolve());
      const restUntil = performance.now() + restMs;
      // Connections that are kept alive become idle one by one, as their last answers go out.
      const sweep = setInterval(() => {
        http.closeIdleConnections();
        closeWaiting(performance.now() >= restUntil);
      }, sweepMs);
      http.closeIdleConnections();
      const late = Promise.withResolvers<boolean>();
      const lastMs = Math.min(answerMs, graceMs / 2);
      cutoff.endIn(graceMs - lastMs);
      const timer = setTimeout(() => late.resolve(false), graceMs - lastMs / 2);
      const ended = await Promise.race([
        Promise.all([closed.promise, running.whenIdle()]).then(() => true),
        late.promise,
      ]);
      clearTimeout(timer);
      clearInterval(sweep);
      clearInterval(sweepAnswers);
      http.closeAllConnections();
      return ended;
    },
  };
}

const answerHeaders: readonly string[] = Object.entries(safeHeaders).flat();

const toIncoming = (req: IncomingMessage): Incoming => ({
  method: req.method ?? 'GET',
  target: req.url ?? '/',
  headers: req.headers,
  rawHeaders: req.rawHeaders,
});

/** Yoga takes a body without keys for one that has not been read yet. */
function toParsed(req: IncomingMessage, parsed: object): IncomingMessage {
  return Object.assign(req, { body: Object.keys(parsed).length === 0 ? { query: undefined } : parsed });
}

/** Whether the parameters have the form of GraphQL over HTTP; what has not is worded by Yoga. */
function isPlain(parsed: object): parsed is Params {
  if (Array.isArray(parsed)) return false;
  for (const name in parsed) if (!paramNames.has(name)) return false;
  const { query, variables, operationName, extensions } = parsed as Record<string, unknown>;
  if (query == null || query === '' ? !isObject(extensions) : typeof query !== 'string') return false;
  if (operationName != null && typeof operationName !== 'string') return false;
  return (variables == null || isObject(variables)) && (extensions == null || isObject(extensions));
}

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Given when the caller leaves before the answer is out. */
function leavingOf(res: Answer): Signal {
  const leaving = new Cancellation();
  if (res.destroyed) leaving.cancel();
  else
    res.once('close', () => {
      if (!res.writableFinished) leaving.cancel();
    });
  return leaving;
}

function refuse(req: IncomingMessage, res: Answer, refusal: Refusal): void {
  if (res.facts !== undefined) res.facts.refusal = refusal.code;
  const headers: Record<string, string> = {
    ...safeHeaders,
    'x-request-id': res.requestId,
    'content-type': refusalContentType,
    ...refusal.headers,
  };
  // A body that nobody reads would keep the connection busy.
  if (!req.complete) headers['connection'] = 'close';
  res.writeHead(refusal.status, headers).end(toRefusalBody(refusal));
}

/** The whole body within its limit; stops reading at the first byte too many. */
function readBody(
  req: IncomingMessage,
  limit: number,
  timeoutMs: number | undefined,
): Promise<Buffer | 'too large' | 'left'> {
  const { promise, resolve } = Promise.withResolvers<Buffer | 'too large' | 'left'>();
  let first: Buffer | undefined;
  let others: Buffer[] | undefined;
  let size = 0;
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => resolve('left'), timeoutMs);
  req.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) {
      req.pause();
      resolve('too large');
    } else if (first === undefined) first = chunk;
    else (others ??= [first]).push(chunk);
  });
  req.once('end', () => {
    clearTimeout(timer);
    resolve(others === undefined ? (first ?? Buffer.alloc(0)) : Buffer.concat(others));
  });
  req.once('error', () => resolve('left'));
  req.once('close', () => resolve('left'));
  return promise;
}

/** Undefined when it is not JSON in UTF-8. */
function parse(body: Buffer): unknown {
  if (!isUtf8(body)) return undefined;
  const text = body.toString();
  try {
    // A byte order mark in front is passed over (RFC 8259 section 8.1).
    return JSON.parse(text.charCodeAt(0) === 0xfe_ff ? text.slice(1) : text) as unknown;
  } catch {
    return undefined;
  }
}
