import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Exchange } from '../requests/exchange.ts';
import { createReader } from './http1.ts';

export type Answer = { status: number; body: Buffer };

/** A kept-alive connection that carries one request at a time. */
export type Connection = {
  /** Rejects when the connection ends before the answer is whole. */
  ask(request: string): Promise<Answer>;
  close(): void;
};

export async function openConnection(url: string): Promise<Connection> {
  const { hostname, port } = new URL(url);
  const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let waiting: PromiseWithResolvers<Answer> | null = null;
  const fail = (error: Error) => {
    waiting?.reject(error);
    waiting = null;
  };
  const read = createReader(({ head, body }) => {
    const asked = waiting;
    waiting = null;
    asked?.resolve({ status: Number(head.slice(9, 12)), body });
  });
  await once(socket, 'connect');
  socket
    .on('data', read)
    .on('error', fail)
    .on('close', () => fail(new Error('the connection ended before the answer')));
  return {
    ask(request) {
      waiting = Promise.withResolvers<Answer>();
      socket.write(request, 'latin1');
      return waiting.promise;
    },
    close: () => void socket.destroy(),
  };
}

/** The bytes of a request, all of them ASCII. */
export function toRequest(exchange: Exchange, id: string): string {
  const { method, headers, path, credentials, body } = exchange;
  let head = `${method} ${path(id)} HTTP/1.1\r\nhost: 127.0.0.1\r\n`;
  for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
  if (credentials !== undefined) head += `${credentials(id)}\r\n`;
  if (body === undefined) return `${head}\r\n`;
  const text = body(id);
  return `${head}content-length: ${text.length}\r\n\r\n${text}`;
}

let asked = 0;
/** A number of its own for each request of a run, always of nine digits: no key and no document ever comes twice. */
export const nextId = (): string => String((asked += 1)).padStart(9, '0');
