import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backendKey, type Harness, startHarness } from '../support/harness.ts';

const compressors = { gzip: gzipSync, 'x-gzip': gzipSync, deflate: deflateSync, br: brotliCompressSync };
const limit = 10_000;

describe.each(['the server on node:http', 'the gateway as a fetch handler'])(
  'a compressed body, for %s,',
  (door) => {
    let harness: Harness;
    let url: string;
    beforeAll(async () => {
      harness = await startHarness({ env: { LIMIT_BODY_BYTES: String(limit) } });
      url = await harness.listen();
    });
    afterAll(() => harness[Symbol.asyncDispose]());

    async function post(body: Uint8Array, coding: string, headers: Record<string, string> = {}) {
      const init = {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-encoding': coding,
          'x-api-key': backendKey,
          ...headers,
        },
        body: new Uint8Array(body),
      };
      const response = door.includes('fetch')
        ? await harness.gateway.fetch(url, init)
        : await fetch(url, init);
      const text = await response.text();
      return { status: response.status, text, headers: response.headers };
    }
    const operation = (padding: number) =>
      JSON.stringify({
        query: '{ channelConnection(identifier: "nobody") { id } }',
        extensions: { padding: 'x'.repeat(padding) },
      });

    it.each(Object.entries(compressors))('is taken in %s', async (coding, compress) => {
      const answer = await post(compress(operation(0)), coding);
      expect([answer.status, answer.text]).toEqual([200, '{"data":{"channelConnection":null}}']);
    });

    it.each(Object.entries(compressors))(
      'is refused where more is in it than a body may have, in %s',
      async (coding, compress) => {
        const bomb = compress(operation(5_000_000));
        const small = compress(operation(limit));
        for (const body of [bomb, small]) {
          const answer = await post(body, coding);
          expect(answer.status).toBe(413);
          expect(answer.text).toContain('PAYLOAD_TOO_LARGE');
        }
      },
    );

    it('is refused where it has more bytes itself', async () => {
      const answer = await post(gzipSync(crypto.getRandomValues(new Uint8Array(limit * 2))), 'gzip');
      expect(answer.status).toBe(413);
    });

    it.skipIf(!door.includes('fetch'))('is not read any further once it is too long', async () => {
      let pulled = 0;
      const stream = new ReadableStream<Uint8Array>({
        pull(controller) {
          pulled += 1;
          if (pulled > 100) controller.close();
          else controller.enqueue(new Uint8Array(1_000));
        },
      });
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', 'x-api-key': backendKey },
        body: stream,
        duplex: 'half',
      };
      expect((await harness.gateway.fetch(url, init)).status).toBe(413);
      expect(pulled).toBeLessThan(20);
    });

    it.each(Object.entries(compressors))(
      'is refused where it is none, or is cut, in %s',
      async (coding, compress) => {
        const whole = compress(operation(100));
        for (const body of [Buffer.from(operation(0)), whole.subarray(0, whole.length - 9)]) {
          const answer = await post(body, coding);
          expect(answer.status).toBe(400);
          expect(answer.text).toContain('BAD_REQUEST');
        }
      },
    );

    it('is refused in any other coding, and told which are taken', async () => {
      const answer = await post(gzipSync(operation(0)), 'zstd');
      expect([answer.status, answer.headers.get('accept-encoding')]).toEqual([415, 'gzip, deflate, br']);
    });

    it('is not looked at before it is known who calls', async () => {
      const answer = await post(gzipSync(operation(5_000_000)), 'gzip', {
        'x-api-key': 'a-key-of-nobody-0123',
      });
      expect(answer.status).toBe(401);
    });
  },
);
