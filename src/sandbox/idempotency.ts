import { createHash } from 'node:crypto';
import { badRequest, conflict, httpError, Interrupted, replayed } from './errors.ts';
import type { ResolvedOptions } from './options.ts';

const PROGRESS_MS = 300_000;
const RESULT_MS = 86_400_000;
const MAX_KEY_LENGTH = 255;
const MAX_ENTRIES = 200_000;
const DOCS = 'https://docs.novu.co/additional-resources/idempotency';

type Entry = { fingerprint: string; expires: number; outcome?: { body: string } | { error: unknown } };

export type Idempotency = {
  /**
   * Runs `work` once per key. Keys are shared by all routes of the organization; the fingerprint is of the parsed
   * body alone. Errors are kept as long as results are. Facts for the caller go to `headers`.
   */
  once(
    key: string,
    body: unknown,
    headers: Record<string, string>,
    work: () => Promise<string>,
  ): Promise<string>;
  clear(): void;
};

export function createIdempotency(options: ResolvedOptions): Idempotency {
  const entries = new Map<string, Entry>();

  function find(key: string): Entry | undefined {
    const entry = entries.get(key);
    if (entry && entry.expires > options.clock()) return entry;
    entries.delete(key);
    return undefined;
  }

  function repeat(entry: Entry, key: string, fingerprint: string, headers: Record<string, string>): string {
    headers['Idempotency-Key'] = key;
    // Progress is looked at before the body.
    if (!entry.outcome) {
      headers['Retry-After'] = '1';
      headers['Link'] = DOCS;
      throw conflict(`Request with key "${key}" is currently being processed. Please retry after 1 second`);
    }
    if (entry.fingerprint !== fingerprint) {
      headers['Link'] = DOCS;
      throw httpError(422, `Request with key "${key}" is being reused for a different body`);
    }
    headers['Idempotency-Replay'] = 'true';
    if ('body' in entry.outcome) return entry.outcome.body;
    if (options.replayMode === 'old') throw httpError(503);
    throw replayed(entry.outcome.error);
  }

  return {
    async once(key, body, headers, work) {
      if (key.length > MAX_KEY_LENGTH) {
        throw badRequest(
          `idempotencyKey "${key}" has exceeded the maximum allowed length of ${MAX_KEY_LENGTH} characters`,
        );
      }
      if (!options.cacheAvailable) throw httpError(503);
      const fingerprint = createHash('sha256').update(JSON.stringify(body)).digest('base64');
      const known = find(key);
      if (known) return repeat(known, key, fingerprint, headers);

      const entry: Entry = { fingerprint, expires: options.clock() + PROGRESS_MS };
      const oldest = entries.size >= MAX_ENTRIES ? entries.keys().next().value : undefined;
      if (oldest !== undefined) entries.delete(oldest);
      entries.set(key, entry);
      try {
        const result = await work();
        entry.outcome = { body: result };
        return result;
      } catch (error) {
        if (error instanceof Interrupted) throw error;
        entry.outcome = { error };
        throw error;
      } finally {
        if (entry.outcome) entry.expires = options.clock() + RESULT_MS;
        headers['Idempotency-Key'] = key;
      }
    },
    clear: () => entries.clear(),
  };
}
