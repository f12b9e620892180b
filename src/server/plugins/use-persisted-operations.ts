import { hash } from 'node:crypto';
import { parse } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { type ErrorCode, gatewayError } from '../../graphql/errors.ts';
import { hasSecretLiteral } from '../../operations/secret-literals.ts';
import { schema } from '../../schema/schema.ts';

export type PersistedOperationsOptions = {
  /** Documents by id. */
  trusted: ReadonlyMap<string, string>;
  /** Refuse every other document. */
  only: boolean;
  /** Automatic persisted queries: keep what clients send with its hash. */
  apq: boolean;
};

const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  operations: z.array(z.object({ id: z.string(), body: z.string() })),
});
const plainMap = z.record(z.string(), z.string());

/**
 * Documents by id, out of Apollo's manifest or a JSON object of id to document (Relay, GraphQL Code Generator). Throws
 * an Error that says what is wrong, without repeating the text.
 */
export function parsePersistedOperations(text: string): Map<string, string> {
  let json: unknown;
  try {
    json = JSON.parse(text) as unknown;
  } catch {
    throw new Error('is not JSON');
  }
  const manifest = apolloManifest.safeParse(json);
  const map = manifest.success ? null : plainMap.safeParse(json);
  if (map?.success === false) throw new Error("is neither Apollo's manifest nor an object of id to document");
  const entries = manifest.success
    ? manifest.data.operations.map(({ id, body }) => [id, body] as const)
    : Object.entries(map?.data ?? {});
  for (const [id, body] of entries) {
    try {
      parse(body);
    } catch {
      throw new Error(`holds a document that can't be parsed, with the id ${id.slice(0, 80)}`);
    }
  }
  return new Map(entries);
}

/** At most this many bytes of documents are kept for automatic persisted queries. */
const apqBytes = 8 * 1024 * 1024;

/** Documents by their hash instead of their text: a list that the operator trusts, and Apollo's automatic ones. */
export function usePersistedOperations({ trusted, only, apq }: PersistedOperationsOptions): Plugin {
  const kept = new LRUCache<string, string>({
    maxSize: apqBytes,
    sizeCalculation: (text) => text.length + 64,
  });
  const trustedTexts = new Set(trusted.values());
  // Thrown, since a result that is only set does not keep Yoga from asking for the document that is missing.
  const refuse = (code: ErrorCode, message: string) =>
    gatewayError(code, message, { http: { status: code === 'PERSISTED_QUERY_NOT_FOUND' ? 200 : 400 } });
  const refuseUnknown = () =>
    refuse('PERSISTED_QUERY_ONLY', 'Only operations that were registered are taken.');

  return {
    onParams({ params, setParams }) {
      const id = readId(params);
      if (typeof params.query === 'string' && params.query !== '') {
        if (only && !trustedTexts.has(params.query)) throw refuseUnknown();
        if (id === null || !apq || only) return;
        if (hash('sha256', params.query) !== id)
          throw refuse('BAD_REQUEST', 'The hash is not that of the document.');
        if (isKeepable(params.query)) kept.set(id, params.query);
        return;
      }
      if (id === null) {
        if (only) throw refuseUnknown();
        return;
      }
      const query = trusted.get(id) ?? (only ? undefined : kept.get(id));
      // The words that Apollo Client looks for before it sends the document.
      if (query === undefined) throw refuse('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
      setParams({ ...params, query });
    },
  };
}

/** The id of a persisted document: Apollo's extension, or `documentId` of the GraphQL-over-HTTP drafts. */
function readId({ extensions }: GraphQLParams): string | null {
  const persisted: unknown = extensions?.['persistedQuery'];
  const id: unknown =
    typeof persisted === 'object' && persisted !== null
      ? (persisted as Record<string, unknown>)['sha256Hash']
      : undefined;
  return typeof id === 'string' && id.length <= 256 ? id : null;
}

/** A document with a token in it is run, but never kept. */
function isKeepable(query: string): boolean {
  try {
    return !hasSecretLiteral(schema, parse(query, { maxTokens: 10_000 }));
  } catch {
    return false;
  }
}
