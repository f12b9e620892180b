import { orNull, readOne, readPage } from '../upstream/answer.ts';
import type { CallContext, Novu, NovuAnswer } from '../upstream/client.ts';
import type { Answered } from '../upstream/answer.ts';
import type { Page } from '../upstream/envelope.ts';
import { NovuError } from '../upstream/errors.ts';
import type { ResponseFacts } from '../upstream/facts.ts';
import { encodeSegment, type QueryValue, toQuery } from '../upstream/path.ts';
import { named } from './row.ts';

type Query = Record<string, QueryValue>;
export type Listed<T> = { page: Page<T>; facts: ResponseFacts };

/** The five routes that Novu's collections of rows have alike. */
export function createCollection<T>(collection: string, parse: (body: unknown) => T | undefined) {
  return {
    /** POST. `body` is serialised JSON, so that every try of a call sends the same bytes. */
    async create(novu: Novu, body: string, idempotencyKey: string, call: CallContext): Promise<Answered<T>> {
      const answer = await novu.request({ method: 'POST', path: collection, body, idempotencyKey }, call);
      return readOne(answer, parse);
    },

    /** GET /{identifier}; null when there is none. */
    async get(novu: Novu, identifier: string, call: CallContext): Promise<Answered<T> | null> {
      if (encodeSegment(identifier) === undefined) return null;
      const path = rowPath(collection, identifier);
      const answer = await orNull(novu.request({ method: 'GET', path }, call));
      return answer && readOne(answer, named(identifier, parse));
    },

    /** GET. */
    async list(novu: Novu, query: Query, call: CallContext): Promise<Listed<T>> {
      return readPage(await novu.request({ method: 'GET', path: collection + toQuery(query) }, call), parse);
    },

    /** PATCH /{identifier}: what is in the body is replaced whole. `update` of writes/ repeats it. */
    async update(
      novu: Novu,
      identifier: string,
      body: string,
      idempotencyKey: string,
      call: CallContext,
    ): Promise<Answered<T>> {
      const path = rowPath(collection, identifier);
      const answer = await novu.request({ method: 'PATCH', path, body, idempotencyKey }, call);
      return readOne(answer, named(identifier, parse));
    },

    /** DELETE /{identifier}. */
    async remove(novu: Novu, identifier: string, call: CallContext): Promise<NovuAnswer> {
      const path = rowPath(collection, identifier);
      return novu.request({ method: 'DELETE', path, repeat: 'always' }, call);
    },
  };
}

/** The path of one row. Nothing that a path can't carry exists: `not-found`, and Novu is not asked. */
export function rowPath(collection: string, identifier: string): string {
  const segment = encodeSegment(identifier);
  if (segment === undefined) throw new NovuError('not-found');
  return `${collection}/${segment}`;
}
