import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NovuError } from '../../src/upstream/errors.ts';

export type Seen = { method: string; path: string; headers: IncomingMessage['headers']; body: string };
export type Handler = (request: Seen, response: ServerResponse, index: number) => void;

export type Served = AsyncDisposable & {
  url: URL;
  /** Every request, from the moment its body was read. */
  seen: Seen[];
  /** Sockets that were opened. */
  connections(): number;
  /** Resolves when so many requests were seen. */
  until(count: number): Promise<void>;
};

/** A server of a few lines in Novu's place; hanging answers end with it. */
export async function serve(handler: Handler): Promise<Served> {
  const seen: Seen[] = [];
  let connections = 0;
  let waiting: { count: number; resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
      seen.push(one);
      handler(one, response, seen.length - 1);
      for (const waiter of waiting) if (seen.length >= waiter.count) waiter.resolve();
      waiting = waiting.filter(({ count }) => seen.length < count);
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    seen,
    connections: () => connections,
    until(count) {
      if (seen.length >= count) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ count, resolve });
      return promise;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export const json = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
};

/** A port where nobody listens. */
export async function deadUrl(): Promise<URL> {
  const served = await serve(() => undefined);
  await served[Symbol.asyncDispose]();
  return served.url;
}

/** The NovuError that a call ends with. */
export async function failureOf(call: Promise<unknown>): Promise<NovuError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof NovuError) return error;
    throw error;
  }
  throw new Error('It succeeded');
}
