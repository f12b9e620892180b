import type { Caller } from '../callers/caller.ts';
import { type Context, readCall } from '../graphql/context.ts';
import { toTopLevelError } from '../graphql/errors.ts';
import { type Answered, orNull, readOne, readPage } from '../upstream/answer.ts';
import type { CallContext, Novu, NovuAnswer } from '../upstream/client.ts';
import type { Page } from '../upstream/envelope.ts';
import { NovuError } from '../upstream/errors.ts';
import type { ResponseFacts } from '../upstream/facts.ts';
import { isRecord } from '../upstream/json.ts';
import type { RateCategory } from '../upstream/pacer.ts';
import { encodeSegment, type QueryValue, toQuery } from '../upstream/path.ts';
import { createMemory, inTurn } from './reads.ts';

/** What comes after the collection in the path of a row: one segment, or several. */
export type Key = string | readonly string[];
type Query = Record<string, QueryValue>;
export type Listed<T> = { readonly page: Page<T>; readonly facts: ResponseFacts };

export type CollectionSpec<T> = {
  /** The row, or undefined when the body lacks what one must have. */
  parse: (body: unknown) => T | undefined;
  /** The names, here and in Novu's body, of the fields that are a row's key, in the order of the path. */
  key: readonly (string & keyof T)[];
  /**
   * Fields of which a body must have one to be taken for the row that was asked for by its key, when it does not say
   * the key itself.
   */
  fields: readonly string[];
  /** By which limit Novu counts these calls. @default 'configuration' */
  category?: RateCategory;
  /** Whether the caller may see a row. */
  isVisible: (caller: Caller, row: T) => boolean;
};

/** How a row stands to a caller. */
export type Standing = 'missing' | 'foreign' | 'own';

/** The single rows of a collection: their routes, and what a request remembers of them. */
export type Rows<T> = {
  /** What tells the row from the others, as its key does. */
  idOf: (row: T) => string;
  /** Whether this is the row with the key. */
  isRow: (row: T, key: Key) => boolean;
  isVisible: (caller: Caller, row: T) => boolean;
  /** GET /{key}; null when there is none. Novu is asked, whatever the request has read before. */
  get: (novu: Novu, key: Key, call: CallContext) => Promise<Answered<T> | null>;
  /**
   * POST. `body` is serialised JSON, so that every try of a call sends the same bytes. Where Novu updates what exists
   * already, `update` of writes/ repeats it.
   */
  create: (novu: Novu, body: string, idempotencyKey: string, call: CallContext) => Promise<Answered<T>>;
  /** PATCH /{key}: what is in the body is replaced whole. Sent once: `update` of writes/ repeats it. */
  update: (
    novu: Novu,
    key: Key,
    body: string,
    idempotencyKey: string,
    call: CallContext,
  ) => Promise<Answered<T>>;
  /** DELETE /{key}. */
  remove: (novu: Novu, key: Key, call: CallContext) => Promise<NovuAnswer>;
  /** POST /{key}/{action}. */
  act: (novu: Novu, key: Key, action: string, call: CallContext) => Promise<NovuAnswer>;
  /** Reads an answer about the row that was asked for by this key. */
  read: (answer: NovuAnswer, key: Key) => Answered<T>;
  /** A row or null, at most one call for each of a request, and none when a list had it; eight at once. */
  load: (context: Context, key: Key) => T | null | Promise<T | null>;
  /** Whether `load` asks Novu for nothing. */
  isKnown: (context: Context, key: Key) => boolean;
  /** `load` for a field: null also for what the caller may not see. */
  find: (context: Context, key: Key) => Promise<T | null>;
  /**
   * For the rules of other resources: whether there is such a row, and whether it is the caller's to use. With a `call`
   * Novu is asked now, whatever the request has read before; what goes wrong then is a NovuError.
   */
  lookUp: (context: Context, key: Key, call?: CallContext) => Promise<Standing>;
};

/** One of Novu's collections. `Q` is the query of its list. */
export type Collection<T, Q extends Query = Query> = Rows<T> & {
  /** GET, at most once for each query of a request; eight at once. */
  list: (context: Context, query: Q) => Promise<Listed<T>>;
  /** The same, asked now, whatever the request has read before. */
  listNow: (novu: Novu, query: Q, call: CallContext) => Promise<Listed<T>>;
};

/**
 * The routes and the reads of a collection of Novu's. Answers with a 2xx that can't be read, and everything else that
 * goes wrong, are NovuErrors from the functions that take a client, top-level errors from `load`, `find` and `lookUp`.
 */
export function collection<T, Q extends Query = Query>(
  path: string,
  spec: CollectionSpec<T>,
): Collection<T, Q> {
  const { parse, key: names, fields, category, isVisible } = spec;
  const route = category === undefined ? {} : { category };
  const [name = ''] = names;
  const idOf = (row: T): string =>
    names.length === 1 ? String(row[name as keyof T]) : JSON.stringify(names.map((one) => row[one]));
  const memoryOf = createMemory<T, Listed<T>>(idOf);

  /** Throws `not-found` for a key that no path can carry: nothing has it, and Novu is not asked. */
  function pathOf(key: Key): string {
    const tail = toPath(key);
    if (tail === undefined) throw new NovuError('not-found');
    return path + tail;
  }

  function parseNamed(body: unknown, key: Key): T | undefined {
    const row = parse(body);
    if (row !== undefined || !isRecord(body) || !fields.some((field) => field in body)) return row;
    const segments = typeof key === 'string' ? [key] : key;
    return parse({ ...body, ...Object.fromEntries(names.map((one, index) => [one, segments[index]])) });
  }

  async function get(novu: Novu, key: Key, call: CallContext): Promise<Answered<T> | null> {
    const tail = toPath(key);
    if (tail === undefined) return null;
    const answer = await orNull(novu.request({ method: 'GET', path: path + tail, ...route }, call));
    return answer && read(answer, key);
  }

  const read = (answer: NovuAnswer, key: Key) => readOne(answer, (body) => parseNamed(body, key));

  async function fetchPage(novu: Novu, url: string, call: CallContext): Promise<Listed<T>> {
    return readPage(await novu.request({ method: 'GET', path: url, ...route }, call), parse);
  }

  async function fetchRow(context: Context, key: Key): Promise<T | null> {
    try {
      return (await get(context.novu, key, readCall(context)))?.value ?? null;
    } catch (error) {
      throw toTopLevelError(error);
    }
  }

  const load = (context: Context, key: Key) =>
    memoryOf(context).row(toId(key), () => inTurn(context, () => fetchRow(context, key)));

  return {
    idOf,
    isRow: (row, key) => idOf(row) === toId(key),
    isVisible,
    get,
    read,
    async create(novu, body, idempotencyKey, call) {
      const request = { method: 'POST', path, body, idempotencyKey, repeat: 'safe', ...route } as const;
      return readOne(await novu.request(request, call), parse);
    },
    async update(novu, key, body, idempotencyKey, call) {
      const request = { method: 'PATCH', path: pathOf(key), body, idempotencyKey, ...route } as const;
      return read(await novu.request(request, call), key);
    },
    async remove(novu, key, call) {
      return novu.request({ method: 'DELETE', path: pathOf(key), repeat: 'always', ...route }, call);
    },
    async act(novu, key, action, call) {
      return novu.request({ method: 'POST', path: `${pathOf(key)}/${action}`, ...route }, call);
    },
    listNow: (novu, query, call) => fetchPage(novu, path + toQuery(query), call),
    list(context, query) {
      const url = path + toQuery(query);
      return memoryOf(context).page(
        url,
        () => inTurn(context, () => fetchPage(context.novu, url, readCall(context))),
        ({ page }) => page.items,
      );
    },
    load,
    isKnown: (context, key) => memoryOf(context).known(toId(key)) !== undefined,
    async find(context, key) {
      const row = await load(context, key);
      return row !== null && isVisible(context.caller, row) ? row : null;
    },
    async lookUp(context, key, call) {
      const row =
        call === undefined ? await load(context, key) : ((await get(context.novu, key, call))?.value ?? null);
      if (row === null) return 'missing';
      return isVisible(context.caller, row) ? 'own' : 'foreign';
    },
  };
}

const toId = (key: Key): string => (typeof key === 'string' ? key : JSON.stringify(key));

/** `/a/b`, or undefined when no path can carry it. */
function toPath(key: Key): string | undefined {
  if (typeof key === 'string') {
    const segment = encodeSegment(key);
    return segment === undefined ? undefined : `/${segment}`;
  }
  let path = '';
  for (const one of key) {
    const segment = encodeSegment(one);
    if (segment === undefined) return undefined;
    path += `/${segment}`;
  }
  return path;
}
