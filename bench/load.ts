import { isDeepStrictEqual } from 'node:util';
import autocannon from 'autocannon';
import type { Exchange } from './operations.ts';

let asked = 0;
/** Of the same length every time. */
const nextId = () => String((asked += 1)).padStart(9, '0');

/** Asks once and looks at every field of the answer. Throws when it is another than expected. */
export async function verify(url: string, exchange: Exchange): Promise<void> {
  const id = nextId();
  const response = await fetch(url + exchange.path(id), {
    method: exchange.method,
    headers: exchange.headers,
    body: exchange.body?.(id) ?? null,
  });
  const text = await response.text();
  const answer: unknown = response.ok ? JSON.parse(text) : undefined;
  if (!isDeepStrictEqual(answer, exchange.answer(id)))
    throw new Error(`a wrong answer (${response.status}): ${text}`);
}

export type Load = { connections: number } & ({ duration: number } | { amount: number });

/** Requests over kept-alive connections, each sent when the one before it is answered. Throws when any fails. */
export async function send(
  url: string,
  exchange: Exchange,
  load: Load,
): Promise<{ requests: number; seconds: number }> {
  // Enough to tell an answer from a refusal; `verify` has looked at the rest.
  const [start = ''] = JSON.stringify(exchange.answer('')).split('"identifier"');
  const result = await autocannon({
    url,
    ...load,
    sampleInt: 50,
    requests: [
      {
        setupRequest(request) {
          const id = nextId();
          request.method = exchange.method;
          request.path = exchange.path(id);
          Object.assign(request.headers, exchange.headers);
          if (exchange.body !== undefined) request.body = exchange.body(id);
          return request;
        },
      },
    ],
    verifyBody: (body) => body.startsWith(start),
  });
  const failed = result.non2xx + result.errors + result.timeouts + result.mismatches;
  if (failed > 0) throw new Error(`${failed} of ${result['2xx'] + failed} requests failed`);
  return { requests: result['2xx'], seconds: result.duration };
}
