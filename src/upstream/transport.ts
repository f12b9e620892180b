import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { Pool } from 'undici';
import type { ReceivedAnswer } from './errors.ts';
import { NovuError } from './errors.ts';
import type { ResolvedUpstreamOptions } from './options.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export type Outgoing = {
  method: Method;
  /** Percent-encoded path with its query, without the base address. */
  path: string;
  body?: string;
  idempotencyKey?: string;
  requestId?: string;
};

export type SendOptions = { timeoutMs: number; signal?: AbortSignal };

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
    send(outgoing, { timeoutMs, signal }) {
      const { promise, resolve, reject } = Promise.withResolvers<ReceivedAnswer>();
      let abort: ((reason: Error) => void) | undefined;
      let settled = false;
      const write = outgoing.method !== 'GET';

      const fail = (error: NovuError) => {
        if (settled) return;
        settled = true;
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        reject(error);
        abort?.(error);
      };
      // Started means that bytes may be on the wire; before that Novu can't have seen the call.
      const applied = () => (abort === undefined || !write ? 'no' : 'unknown');
      const onAbort = () => fail(new NovuError('aborted', { applied: applied() }));
      const timer = setTimeout(
        () => fail(new NovuError(abort === undefined ? 'not-sent' : 'timeout', { applied: applied() })),
        timeoutMs,
      );
      if (signal?.aborted) onAbort();
      else signal?.addEventListener('abort', onAbort, { once: true });
      if (settled) return promise;

      let answer: { status: number; headers: ReceivedAnswer['headers'] } | undefined;
      const chunks: Buffer[] = [];
      let size = 0;

      pool.dispatch(
        {
          method: outgoing.method,
          path: prefix + outgoing.path,
          headers: toHeaders(outgoing, authorization),
          body: outgoing.body ?? null,
          // undici would repeat GET on a broken keep-alive connection by itself; retrying is decided in one place.
          idempotent: false,
        },
        {
          onRequestStart(controller) {
            if (settled) controller.abort(new Error('ended before it was sent'));
            else abort = (reason) => controller.abort(reason);
          },
          onResponseStart(_controller, status, headers) {
            if (status >= 200) answer = { status, headers };
          },
          onResponseData(_controller, chunk) {
            size += chunk.length;
            if (size > options.maxResponseBytes) {
              fail(
                new NovuError('bad-response', {
                  applied: applied(),
                  ...(answer && { status: answer.status }),
                }),
              );
            } else {
              chunks.push(chunk);
            }
          },
          onResponseEnd() {
            if (settled) return;
            settled = true;
            clearTimeout(timer);
            signal?.removeEventListener('abort', onAbort);
            const headers = answer?.headers ?? {};
            const bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
            const text =
              headers['content-encoding'] === undefined
                ? bytes.toString()
                : decode(bytes, headers, options.maxResponseBytes);
            resolve({ status: answer?.status ?? 0, headers, text });
          },
          onResponseError(_controller, cause) {
            const kind = abort === undefined ? 'not-sent' : answer === undefined ? 'reset' : 'bad-response';
            fail(new NovuError(kind, { applied: applied(), cause }));
          },
        },
      );
      return promise;
    },
    close: () => pool.destroy(),
  };
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
