import { hash } from 'node:crypto';
import { type GraphQLSchema, parse } from 'graphql';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { type ErrorCode, gatewayError } from '../graphql/errors.ts';
import { hasSecretLiteral } from './secret-literals.ts';

export type PersistedOperationsOptions = {
  schema: GraphQLSchema;
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
export class PersistedOperations {
  readonly #options: PersistedOperationsOptions;
  readonly #trustedTexts: ReadonlySet<string>;
  readonly #kept = new LRUCache<string, string>({
    maxSize: apqBytes,
    sizeCalculation: (text) => text.length + 64,
  });

  constructor(options: PersistedOperationsOptions) {
    this.#options = options;
    this.#trustedTexts = new Set(options.trusted.values());
  }

  /** The text of the document that is asked for. Throws a GraphQLError where there is none, or it may not be run. */
  findText({ query, extensions }: PersistedParams): string | null {
    const { trusted, only, apq } = this.#options;
    const id = readId(extensions);
    if (query != null && query !== '') {
      if (only && !this.#trustedTexts.has(query)) throw refuseUnknown();
      if (id === null || !apq || only) return query;
      if (hash('sha256', query) !== id) throw refuse('BAD_REQUEST', 'The hash is not that of the document.');
      if (this.#isKeepable(query)) this.#kept.set(id, query);
      return query;
    }
    if (id === null) {
      if (only) throw refuseUnknown();
      return null;
    }
    const text = trusted.get(id) ?? (only ? undefined : this.#kept.get(id));
    // The words that Apollo Client looks for before it sends the document.
    if (text === undefined) throw refuse('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
    return text;
  }

  /** A document with a token in it is run, but never kept. */
  #isKeepable(query: string): boolean {
    try {
      return !hasSecretLiteral(this.#options.schema, parse(query, { maxTokens: 10_000 }));
    } catch {
      return false;
    }
  }
}

type PersistedParams = {
  query?: string | null | undefined;
  extensions?: Readonly<Record<string, unknown>> | null | undefined;
};

const refuse = (code: ErrorCode, message: string) =>
  gatewayError(code, message, {
    http: { status: code === 'PERSISTED_QUERY_NOT_FOUND' ? 200 : 400, spec: code !== 'BAD_REQUEST' },
  });
const refuseUnknown = () => refuse('PERSISTED_QUERY_ONLY', 'Only operations that were registered are taken.');

/** The id of a persisted document: Apollo's extension, or `documentId` of the GraphQL-over-HTTP drafts. */
function readId(extensions: PersistedParams['extensions']): string | null {
  const persisted: unknown = extensions?.['persistedQuery'];
  const id: unknown =
    typeof persisted === 'object' && persisted !== null
      ? (persisted as Record<string, unknown>)['sha256Hash']
      : undefined;
  return typeof id === 'string' && id.length <= 256 ? id : null;
}
