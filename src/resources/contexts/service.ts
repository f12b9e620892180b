import { isDeepStrictEqual } from 'node:util';
import type { Context as RequestContext } from '../../graphql/context.ts';
import type { KeyedPayload } from '../../graphql/payload.ts';
import type { Rows } from '../../rest/collection.ts';
import { forgetReads } from '../../rest/reads.ts';
import { wasUpdated } from '../../rest/row.ts';
import { createRow, identify } from '../../writes/create-row.ts';
import type { IdempotencyKey } from '../../writes/key.ts';
import type { RefusalRules } from '../../writes/refusals.ts';
import { prepareWrite } from '../../writes/settle.ts';
import { updateRow } from '../../writes/update-row.ts';
import { contexts } from './api.ts';
import { CreateContextInput, UpdateContextInput } from './input.ts';
import { type Context, toKey } from './wire.ts';

const validation = [
  {
    pattern: /Data is too large$/,
    message: 'The data of a context is larger than Novu takes.',
    path: ['input', 'data'],
  },
];
export const rules: RefusalRules = {
  resource: 'Context',
  inputFields: CreateContextInput.fieldNames,
  validation,
  notFound: [],
  subject: { message: 'No context has this type and id.', path: ['id'] },
  exists: 'There is a context of this type with this id.',
  conflictingIdentifier: ({ text }) => {
    const [, type, id] = /^Context with type '(.+)' and id '(.+)' already exists$/s.exec(text) ?? [];
    return type === undefined || id === undefined ? null : toKey(type, id);
  },
  identifierPath: ['input', 'id'],
};

/** The routes of one context, for writes that know it by `type:id`. */
const one = (type: string, id: string) => ({
  get: (...[novu, , call]: Parameters<Rows<Context>['get']>) => contexts.get(novu, [type, id], call),
  find: async (context: RequestContext) => contexts.load(context, [type, id]),
});

/** Creates a context once; type and id are its identifier. For services alone. */
export async function createContext(
  context: RequestContext,
  input: unknown,
  key: IdempotencyKey,
): Promise<KeyedPayload<Context>> {
  const prepared = prepareWrite(CreateContextInput, input, key, (body) => body);
  if ('refused' in prepared) return prepared.refused;
  const { type, id, data = {} } = prepared.sent;
  const { get, find } = one(type, id);
  const payload = await createRow<Context>(context, key, {
    identity: identify(context, 'create-context', '', key),
    identifier: toKey(type, id),
    identifierIsDerived: false,
    body: prepared.body,
    secrets: prepared.secrets,
    create: contexts.create,
    get,
    isSame: (row) => wasUpdated(row) || isDeepStrictEqual(row.data ?? {}, data),
    rules,
    find: () => find(context),
  });
  forgetReads(context);
  return payload;
}

/** Replaces the data of a context. For services alone. */
export async function updateContext(
  context: RequestContext,
  { type, id }: { type: string; id: string },
  input: unknown,
  key: IdempotencyKey,
): Promise<KeyedPayload<Context>> {
  const prepared = prepareWrite(UpdateContextInput, input, key, (body) => body);
  if ('refused' in prepared) return prepared.refused;
  const { get, find } = one(type, id);
  const payload = await updateRow<Context>(context, key, {
    operation: 'update-context',
    identifier: toKey(type, id),
    body: prepared.body,
    secrets: prepared.secrets,
    update: (novu, _key, body, upstreamKey, call) =>
      contexts.update(novu, [type, id], body, upstreamKey, call),
    get,
    matches: (row) => isDeepStrictEqual(row.data ?? {}, prepared.sent.data),
    showsAll: true,
    rules,
    find: () => find(context),
  });
  forgetReads(context);
  return payload;
}
