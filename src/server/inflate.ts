import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate as inflateZlib } from 'node:zlib';

/** A content coding of a body that is taken (RFC 9110 section 8.4.1; br: RFC 7932). */
export type Coding = 'gzip' | 'deflate' | 'br';

const inflaters = {
  gzip: promisify(gunzip),
  deflate: promisify(inflateZlib),
  br: promisify(brotliDecompress),
};

/** For `accept-encoding` of a refusal. */
export const codings = Object.keys(inflaters).join(', ');

const isCoding = (name: string): name is Coding => Object.hasOwn(inflaters, name);

/** The coding that a Content-Encoding names; undefined where it names none, null for one that is not taken, or several. */
export function codingOf(contentEncoding: string | undefined): Coding | undefined | null {
  if (contentEncoding === undefined) return undefined;
  const name = contentEncoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return undefined;
  if (name === 'x-gzip') return 'gzip';
  return isCoding(name) ? name : null;
}

/** The body without its coding, of `limit` bytes at most; what would be more is never made. */
export async function inflateBody(
  body: Uint8Array,
  coding: Coding,
  limit: number,
): Promise<Buffer | 'too large' | 'broken'> {
  try {
    return await inflaters[coding](body, { maxOutputLength: limit });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too large' : 'broken';
  }
}

/** The same of a body that comes in pieces; no more than `limit` bytes of it are read. */
export async function inflateStream(
  stream: AsyncIterable<Uint8Array>,
  coding: Coding,
  limit: number,
): Promise<Buffer | 'too large' | 'broken'> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit) return 'too large';
    chunks.push(chunk);
  }
  return inflateBody(Buffer.concat(chunks), coding, limit);
}
