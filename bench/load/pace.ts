import { setTimeout as wait } from 'node:timers/promises';
import type { Exchange } from '../requests/exchange.ts';
import { type Connection, nextId, openConnection, toRequest } from './connection.ts';
import { createCheck } from './send.ts';

export type Pace = { perSecond: number; seconds: number };

/**
 * Sends requests evenly spaced, whether or not those before are answered (an open loop), and returns how many
 * milliseconds each took from the moment that it was sent. Throws when a request fails.
 */
export async function pace(url: string, exchange: Exchange, { perSecond, seconds }: Pace): Promise<number[]> {
  const isRight = createCheck(exchange);
  const idle: Connection[] = await Promise.all(Array.from({ length: 4 }, () => openConnection(url)));
  const all = [...idle];
  const latencies: number[] = [];
  async function ask(): Promise<void> {
    let connection = idle.pop();
    if (connection === undefined) all.push((connection = await openConnection(url)));
    const request = toRequest(exchange, nextId());
    const sent = performance.now();
    const answer = await connection.ask(request);
    latencies.push(performance.now() - sent);
    if (!isRight(answer)) throw new Error(`a request failed (${answer.status})`);
    idle.push(connection);
  }
  const start = performance.now();
  const asked: Promise<void>[] = [];
  try {
    for (let index = 0; index < perSecond * seconds; index += 1) {
      const early = start + (index * 1000) / perSecond - performance.now();
      if (early > 0) await wait(early);
      asked.push(ask());
    }
    await Promise.all(asked);
  } finally {
    for (const connection of all) connection.close();
  }
  return latencies;
}
