import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { type Dispatcher, Pool } from 'undici';
import type { Cutoff, Waiting } from './cutoff.ts';
import { NovuError, type ReceivedAnswer } from './errors.ts';
import type { Method } from './method.ts';
import type { ResolvedUpstreamOptions } from './options.ts';
import type { Signal } from './signal.ts';

export type Outgoing = {
  method: Method;
  /** Percent-encoded path with its query, without the base address. */
  path: string;
  body?: string | undefined;
  idempotencyKey?: string | undefined;
  requestId?: string | undefined;
};

export type SendOptions = {
  timeoutMs: number;
  signal?: Signal | undefined;
  /** Ends it before its time. */
  cutoff?: Cutoff | undefined;
};

/** One try over HTTP: resolves with whatever was answered, rejects with a NovuError when nothing usable was. */
export type Transport = {
  send(outgoing: Outgoing, options: SendOptions): Promise<ReceivedAnswer>;
  close(): Promise<void>;
};

export function createTransport(options: ResolvedUpstreamOptions): Transport {
  const pool = new Pool(options.url.origin, {
    connections: options.connections,
    pipelining: 1,
    allowH2: false,
    // Ours is the only clock: a call's own timer ends it, so undici's are not needed on top.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: Math.max(1_000, Math.min(5_000, options.writeTimeoutMs)) },
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 60_000,
  });
  const prefix = options.url.pathname.replace(/\/+$/, '');
  const authorization = `ApiKey ${options.secretKey}`;

  return {
    send(outgoing, sending) {
      const { signal } = sending;
      const exchange = new Exchange(outgoing.method !== 'GET', options.maxResponseBytes, sending);
      if (signal?.aborted) exchange.abort();
      else
        pool.dispatch(
          {
            method: outgoing.method,
            path: prefix + outgoing.path,
            headers: toHeaders(outgoing, authorization),
            body: outgoing.body ?? null,
            // undici would repeat GET on a broken keep-alive connection by itself; retrying is decided in one place.
            idempotent: false,
          },
          exchange,
        );
      return exchange.answer;
    },
    close: () => pool.destroy(),
  };
}

const noHeaders: ReceivedAnswer['headers'] = {};

/** One request and its answer, as undici's handler. One object with few closures, since there is one for each call. */
class Exchange implements Dispatcher.DispatchHandler, Waiting {
  before: Waiting | undefined;
  after: Waiting | undefined;
  readonly answer: Promise<ReceivedAnswer>;
  readonly #resolve: (answer: ReceivedAnswer) => void;
  readonly #reject: (error: NovuError) => void;
  readonly #isWrite: boolean;
  readonly #maxBytes: number;
  readonly #signal: Signal | undefined;
  readonly #onAbort: (() => void) | undefined;
  readonly #cutoff: Cutoff | undefined;
  readonly #timer: NodeJS.Timeout;
  /** Known from the moment that bytes may be on the wire; before that Novu can't have seen the request. */
  #controller: Dispatcher.DispatchController | undefined;
  #isSettled = false;
  #status = 0;
  #headers = noHeaders;
  #bytes = 0;
  #chunk: Buffer | undefined;
  #chunks: Buffer[] | undefined;

  constructor(isWrite: boolean, maxBytes: number, { timeoutMs, signal, cutoff }: SendOptions) {
    const { promise, resolve, reject } = Promise.withResolvers<ReceivedAnswer>();
    this.answer = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#isWrite = isWrite;
    this.#maxBytes = maxBytes;
    this.#signal = signal;
    this.#timer = setTimeout(expire, timeoutMs, this);
    this.#cutoff = cutoff;
    cutoff?.add(this);
    if (signal === undefined) return;
    this.#onAbort = () => this.abort();
    signal.addEventListener('abort', this.#onAbort);
  }

  /** The caller left. */
  abort(): void {
    this.#fail(new NovuError('aborted', { applied: this.#applied }));
  }

  expire(): void {
    const kind = this.#controller === undefined ? 'not-sent' : 'timeout';
    this.#fail(new NovuError(kind, { applied: this.#applied }));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#isSettled) controller.abort(new Error('ended before it was sent'));
    else this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: ReceivedAnswer['headers'],
  ): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes)
      this.#fail(new NovuError('bad-response', { applied: this.#applied, status: this.#status }));
    else if (this.#chunk === undefined) this.#chunk = chunk;
    else (this.#chunks ??= [this.#chunk]).push(chunk);
  }

  onResponseEnd(): void {
    if (this.#isSettled) return;
    this.#settle();
    const headers = this.#headers;
    const bytes = this.#chunks === undefined ? this.#chunk : Buffer.concat(this.#chunks);
    const text =
      bytes === undefined
        ? ''
        : headers['content-encoding'] === undefined
          ? bytes.toString()
          : decode(bytes, headers, this.#maxBytes);
    this.#resolve({ status: this.#status, headers, text });
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, cause: Error): void {
    const kind = this.#controller === undefined ? 'not-sent' : this.#status === 0 ? 'reset' : 'bad-response';
    this.#fail(new NovuError(kind, { applied: this.#applied, cause }));
  }

  get #applied(): 'no' | 'unknown' {
    return this.#controller === undefined || !this.#isWrite ? 'no' : 'unknown';
  }

  #fail(error: NovuError): void {
    if (this.#isSettled) return;
    this.#settle();
    this.#reject(error);
    this.#controller?.abort(error);
  }

  #settle(): void {
    this.#isSettled = true;
    clearTimeout(this.#timer);
    this.#cutoff?.delete(this);
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}

function expire(exchange: Exchange): void {
  exchange.expire();
}

/** Compression isn't asked for; a proxy that does it all the same must not turn a success into a failure. */
function decode(bytes: Buffer, headers: ReceivedAnswer['headers'], maxOutputLength: number): string {
  const decoders: Record<string, typeof gunzipSync | undefined> = {
    gzip: gunzipSync,
    'x-gzip': gunzipSync,
    deflate: inflateSync,
    br: brotliDecompressSync,
  };
  const decoder = decoders[String(headers['content-encoding']).trim().toLowerCase()];
  try {
    return (decoder === undefined ? bytes : decoder(bytes, { maxOutputLength })).toString();
  } catch {
    return bytes.toString();
  }
}

function toHeaders(outgoing: Outgoing, authorization: string): string[] {
  const headers = ['authorization', authorization, 'accept', 'application/json'];
  if (outgoing.body !== undefined) headers.push('content-type', 'application/json');
  if (outgoing.idempotencyKey !== undefined) headers.push('idempotency-key', outgoing.idempotencyKey);
  if (outgoing.requestId !== undefined) headers.push('x-request-id', outgoing.requestId);
  return headers;
}
