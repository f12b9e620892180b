import { isDeepStrictEqual } from 'node:util';
import type { Exchange } from '../requests/exchange.ts';
import { type Answer, type Connection, nextId, openConnection, toRequest } from './connection.ts';

/** Asks once and looks at every field of the answer. Throws when it is another than expected. */
export async function verify(url: string, exchange: Exchange): Promise<void> {
  const id = nextId();
  const connection = await openConnection(url);
  const { status, body } = await connection.ask(toRequest(exchange, id)).finally(() => connection.close());
  const answer: unknown = status < 300 ? JSON.parse(body.toString()) : undefined;
  if (!isDeepStrictEqual(withoutCursors(answer), withoutCursors(exchange.answer(id))))
    throw new Error(`a wrong answer (${status}): ${body.toString().slice(0, 2000)}`);
}

/** What a cursor looks like is each program's own affair; that there is one is not. */
function withoutCursors(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer ?? null, (name, value: unknown) =>
      name === 'endCursor' && typeof value === 'string' && value !== '' ? 'a cursor' : value,
    ),
  );
}

/** Tells an answer from a refusal by how it begins; `verify` has looked at the rest. */
export function createCheck(exchange: Exchange): (answer: Answer) => boolean {
  const [start = ''] = JSON.stringify(exchange.answer('')).split(/"identifier"|"nodes"/);
  return ({ status, body }) => status < 300 && body.toString('latin1', 0, start.length) === start;
}

export type Load = {
  connections: number;
  seconds: number;
  /** Whether refusals are counted instead of ending the run. @default false */
  tolerant?: boolean;
};

export type Sent = { requests: number; refused: number; seconds: number };

/**
 * Keeps connections busy, each with one request at a time, and waits for the last answers. Throws when a request fails,
 * unless the load is tolerant.
 */
export async function send(
  url: string,
  exchange: Exchange,
  { connections, seconds, tolerant = false }: Load,
): Promise<Sent> {
  const isRight = createCheck(exchange);
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(url)));
  const start = performance.now();
  const end = start + seconds * 1000;
  let requests = 0;
  let refused = 0;
  async function keepBusy(connection: Connection): Promise<void> {
    while (performance.now() < end) {
      const answer = await connection.ask(toRequest(exchange, nextId()));
      if (isRight(answer)) requests += 1;
      else if (tolerant) refused += 1;
      else throw new Error(`a request failed (${answer.status}): ${answer.body.toString().slice(0, 500)}`);
    }
  }
  try {
    await Promise.all(open.map(keepBusy));
  } finally {
    for (const connection of open) connection.close();
  }
  return { requests, refused, seconds: (performance.now() - start) / 1000 };
}
