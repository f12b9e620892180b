import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Authenticate } from '../callers/authenticate.ts';
import { type Gateway, runFast } from './gateway.ts';
import type { ErrorCode } from '../graphql/errors.ts';
import { describeError, type Log } from '../telemetry/log.ts';
import { safeHeaders } from './plugins/use-browser-safety.ts';
import { challenge, unauthenticatedBody } from './plugins/use-caller.ts';
import type { Running } from './plugins/use-running.ts';
import { isJson } from './plugins/use-strict-requests.ts';

export type ServerOptions = {
  gateway: Gateway;
  authenticate: Authenticate;
  log: Log;
  /** What `drain` waits for beside the connections: give the gateway the same. */
  running?: Running;
  /** Bytes of a request body. @default 262144 */
  maxBodyBytes?: number;
  /** Requests in progress; one more is answered 503 at once. @default 1000 */
  maxInFlight?: number;
  /** Whether Novu can be asked at the moment; /ready follows it. @default always */
  isReady?: () => boolean;
  /**
   * Take only requests whose Host names this machine: a page whose name was made to point here (DNS rebinding) is
   * none of the callers that an open sandbox is for. @default false
   */
  loopbackHostsOnly?: boolean;
  /** Milliseconds until the headers of a request must be there. @default 10000 */
  headersTimeoutMs?: number;
  /** Milliseconds until the whole request must be there. @default 25000 */
  requestTimeoutMs?: number;
};

export type Server = {
  /** Resolves with the address to open, once it accepts connections. */
  listen(port: number, host: string): Promise<string>;
  /** Not ready from now on; takes nothing new, ends what is in progress, gives up after `graceMs`. Resolves true when all ended. */
  drain(graceMs: number): Promise<boolean>;
};

/** Headers and bodies that never end are cut within 30 seconds. */
export const patience = { headersTimeoutMs: 10_000, requestTimeoutMs: 25_000, checkEveryMs: 2_000 };

const sweepMs = 50;
const json = 'application/json; charset=utf-8';

/** The gateway on node:http: it knows the caller before it reads a body, and counts the bytes that it reads. */
export function createServer({
  gateway,
  authenticate,
  log,
  running,
  maxBodyBytes = 256 * 1024,
  maxInFlight = 1000,
  isReady = () => true,
  loopbackHostsOnly = false,
  headersTimeoutMs = patience.headersTimeoutMs,
  requestTimeoutMs = patience.requestTimeoutMs,
}: ServerOptions): Server {
  let inFlight = 0;
  let draining = false;

  const http: HttpServer = createHttpServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(patience.checkEveryMs, headersTimeoutMs, requestTimeoutMs),
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16_384,
    },
    (req, res) => {
      if (draining) res.setHeader('connection', 'close');
      const path = pathOf(req.url ?? '/');
      if (path === '/health' || path === '/ready') {
        const ok = path === '/health' || (!draining && isReady());
        res
          .writeHead(ok ? 200 : 503, { ...safeHeaders, 'content-type': 'text/plain; charset=utf-8' })
          .end(ok ? 'ok\n' : 'not ready\n');
        return;
      }
      if (inFlight >= maxInFlight) {
        refuse(req, res, 503, 'OVERLOADED', 'Too many requests are in progress.', { 'retry-after': '1' });
        return;
      }
      inFlight += 1;
      res.once('close', () => {
        inFlight -= 1;
        // Its answer began before the drain and promised to keep the connection, which nobody needs any more.
        if (draining) http.closeIdleConnections();
      });
      handle(req, res).catch((error: unknown) => {
        log.error(describeError(error), 'unexpected error');
        if (res.headersSent) res.destroy();
        else refuse(req, res, 500, 'INTERNAL_SERVER_ERROR', 'Unexpected error.');
      });
    },
  );

  // All 16 KB of them may be headers: those beyond a count would be dropped in silence.
  http.maxHeadersCount = 0;

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { headers } = req;
    if (!isHost(headers.host) || req.url?.startsWith('/') !== true)
      return refuse(req, res, 400, 'BAD_REQUEST', 'The address of the request is not valid.');
    if (loopbackHostsOnly && !isLoopback(headers.host))
      return refuse(req, res, 403, 'CROSS_SITE_REQUEST', 'The sandbox is open under localhost only.');
    // Only the page of the playground is for strangers; Yoga's own plugin asks everybody else.
    if (req.method !== 'POST') {
      if (isAmbiguous(req))
        return refuse(req, res, 400, 'BAD_REQUEST', 'A header that says who calls was sent twice.');
      await gateway(req, res, {});
      return;
    }
    const found = isAmbiguous(req)
      ? null
      : authenticate({
          authorization: headers.authorization,
          apiKey: single(headers['x-api-key']),
          routerAuthorization: single(headers['router-authorization']),
        });
    const caller = found instanceof Promise ? await found : found;
    if (caller === null) {
      res.writeHead(401, { ...safeHeaders, ...challenge, ...closing(req) }).end(unauthenticatedBody);
      return;
    }
    const settled = caller === 'signature' ? { mayBeSigned: true } : { caller };
    if (!isJson(headers['content-type'])) {
      await gateway(req, res, settled);
      return;
    }
    if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') {
      return refuse(req, res, 415, 'BAD_REQUEST', 'A compressed body is not taken.');
    }
    const body = await readBody(req, maxBodyBytes);
    if (body === 'too large')
      return refuse(req, res, 413, 'PAYLOAD_TOO_LARGE', `The body must have at most ${maxBodyBytes} bytes.`);
    if (body === 'left') {
      res.destroy();
      return;
    }
    const parsed = parse(body);
    if (parsed === undefined) return refuse(req, res, 400, 'BAD_REQUEST', 'The body is not JSON in UTF-8.');
    if (typeof parsed !== 'object' || parsed === null)
      return refuse(req, res, 400, 'BAD_REQUEST', 'The body must be a JSON object.');
    // Yoga takes a body without keys for one that has not been read yet.
    const params = Object.keys(parsed).length === 0 ? { query: undefined } : parsed;
    const answer =
      caller === 'signature' || req.url !== '/graphql'
        ? undefined
        : await runFast(gateway, params as Record<string, unknown>, {
            caller,
            headers,
            signal: leavingOf(res),
          });
    if (answer !== undefined && 'body' in answer) {
      const { contentType, body } = answer;
      const length = Buffer.byteLength(body);
      res.writeHead(200, { ...safeHeaders, 'content-type': contentType, 'content-length': length });
      // One byte a character is cheaper to write, and most answers have no other.
      res.end(body, length === body.length ? 'latin1' : 'utf8');
      return;
    }
    await gateway(
      Object.assign(req, { body: params }),
      res,
      answer === undefined ? settled : { ...settled, ...answer },
    );
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
      // Connections that are kept alive become idle one by one, as their last answers go out.
      const sweep = setInterval(() => http.closeIdleConnections(), sweepMs);
      http.closeIdleConnections();
      const late = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => late.resolve(false), graceMs);
      const ended = await Promise.race([
        Promise.all([closed.promise, running?.whenIdle()]).then(() => true),
        late.promise,
      ]);
      clearTimeout(timer);
      clearInterval(sweep);
      http.closeAllConnections();
      return ended;
    },
  };
}

/** Aborted when the caller leaves before the answer is out. */
function leavingOf(res: ServerResponse): AbortSignal {
  const leaving = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) leaving.abort();
  });
  return leaving.signal;
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

/** Whether an address can be made of it; Yoga answers an error of its own, with its stack, where none can. */
function isHost(host: string | undefined): boolean {
  return (
    host === undefined || (/^[\w.:[\]-]*$/.test(host) && (host === '' || URL.canParse(`http://${host}`)))
  );
}

function isLoopback(host: string | undefined): boolean {
  return host !== undefined && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i.test(host);
}

/** Node keeps the first of two authorization lines silently; which of them a proxy looked at is anybody's guess. */
function isAmbiguous(req: IncomingMessage): boolean {
  const { rawHeaders } = req;
  let authorizations = 0;
  let apiKeys = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 13 && name.toLowerCase() === 'authorization') authorizations += 1;
    else if (name.length === 9 && name.toLowerCase() === 'x-api-key') apiKeys += 1;
  }
  return authorizations > 1 || apiKeys > 1;
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** A body that nobody reads would keep the connection busy. */
function closing(req: IncomingMessage): Record<string, string> {
  return req.complete ? {} : { connection: 'close' };
}

function refuse(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  code: ErrorCode,
  message: string,
  headers: Record<string, string> = {},
): void {
  res
    .writeHead(status, { ...safeHeaders, 'content-type': json, ...closing(req), ...headers })
    .end(JSON.stringify({ errors: [{ message, extensions: { code } }] }));
}

/** The whole body within its limit; stops reading at the first byte too many. */
function readBody(req: IncomingMessage, limit: number): Promise<Buffer | 'too large' | 'left'> {
  if (Number(req.headers['content-length'] ?? 0) > limit) return Promise.resolve('too large');
  const { promise, resolve } = Promise.withResolvers<Buffer | 'too large' | 'left'>();
  const chunks: Buffer[] = [];
  let size = 0;
  req.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else {
      req.pause();
      resolve('too large');
    }
  });
  req.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
  req.once('error', () => resolve('left'));
  req.once('close', () => resolve('left'));
  return promise;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Undefined when it is not JSON in UTF-8. */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body)) as unknown;
  } catch {
    return undefined;
  }
}
