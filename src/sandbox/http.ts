import type { IncomingMessage } from 'node:http';
import { badRequest, httpError } from './errors.ts';
import { isRecord } from './validation.ts';

/** Novu's limit on the body of the routes that the sandbox has. */
const MAX_BODY_BYTES = 100 * 1024;

export type Query = Record<string, string | string[]>;

export type Reply = { status: number; headers: Record<string, string>; body: string | null };

export const JSON_TYPE = 'application/json; charset=utf-8';

/** Reads at most the limit; undefined is a body beyond it, whose rest is thrown away. */
export function readBody(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else resolve(undefined);
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', reject);
    request.on('close', () => reject(new Error('The client went away')));
  });
}

/** Only JSON is read; any other type is an empty object to the handler. */
export function parseBody(body: string | undefined, contentType: string | undefined): unknown {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return {};
  if (body === undefined) throw httpError(413);
  if (body === '') return {};
  try {
    const value: unknown = JSON.parse(body);
    if (isRecord(value) || Array.isArray(value)) return value;
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : 'Unexpected token');
  }
  throw badRequest(`Unexpected token '${body.trimStart()[0]}', "${body}" is not valid JSON`);
}

/** `key=a&key=b`, `key[]=a` and `key[0]=a` are lists. */
export function parseQuery(search: string): Query {
  const query: Query = Object.create(null);
  for (const [name, value] of new URLSearchParams(search)) {
    const key = name.replace(/\[\d*\]$/, '');
    const known = query[key];
    if (known !== undefined) query[key] = [known, value].flat();
    else query[key] = key === name ? value : [value];
  }
  return query;
}
