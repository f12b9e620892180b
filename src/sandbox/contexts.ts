import { filterOf, type Page, paginate, parseCursorQuery } from './cursor.ts';
import { conflict, notFound } from './errors.ts';
import { ENVIRONMENT_ID } from './seed.ts';
import { type Call, createContext, type Handlers, type State } from './state.ts';
import type { StoredContext } from './rows.ts';
import {
  CONTEXT_ID,
  type Checks,
  collectChecks,
  isRecord,
  isTooLarge,
  type Json,
  textOf,
} from './validation.ts';

type Operation = 'list' | 'create' | 'retrieve' | 'update' | 'remove';

export const contextHandlers = (state: State): Handlers<Operation> => ({
  list({ query }: Call): Page<Json> {
    const list = parseCursorQuery(query, 'ListContextsCommand', collectChecks());
    const [type, id, search] = [
      filterOf(query['type']),
      filterOf(query['id']),
      filterOf(query['search'])?.toLowerCase(),
    ];
    const rows = [...state.contexts.values()].filter(
      (row) =>
        (type === undefined || row.type === type) &&
        (id === undefined || row.id === id) &&
        (search === undefined || row.key.toLowerCase().includes(search)),
    );
    const page = paginate(rows, list, (cursor) =>
      [...state.contexts.values()].find((row) => row._id === cursor),
    );
    return { ...page, data: page.data.map(show) };
  },

  create({ body, wrote }: Call): Json {
    const checks = collectChecks();
    checkName(checks, body['type'], 'type', 'Type');
    checkName(checks, body['id'], 'id', 'ID');
    if (body['data'] !== undefined && body['data'] !== null) checkData(checks, body['data']);
    checks.done();
    const [type, id] = [textOf(body['type']), textOf(body['id'])];
    if (state.contexts.has(`${type}:${id}`)) {
      throw conflict(`Context with type '${type}' and id '${id}' already exists`);
    }
    const row = createContext(state, type, id, body['data']);
    wrote('create', 'contexts', row.key);
    return show(row);
  },

  retrieve({ type, identifier }: Call): Json {
    const row = state.contexts.get(`${type}:${identifier}`);
    if (!row) {
      throw notFound(
        `Context with id '${identifier}' and type '${type}' not found in environment ${ENVIRONMENT_ID}`,
      );
    }
    return show(row);
  },

  update({ type, identifier, body, wrote }: Call): Json {
    const checks = collectChecks();
    if (body['data'] === undefined || body['data'] === null) {
      checks.fail('data should not be null or undefined');
    } else checkData(checks, body['data']);
    checks.done();
    const row = requireContext(state, type, identifier);
    row.data = { ...Object(body['data']) };
    row.updatedAt = new Date(state.options.clock()).toISOString();
    wrote('update', 'contexts', row.key);
    return show(row);
  },

  /** What refers to the context keeps its key. */
  remove({ type, identifier, wrote }: Call): void {
    const row = requireContext(state, type, identifier);
    state.contexts.delete(row.key);
    wrote('delete', 'contexts', row.key);
  },
});

function requireContext(state: State, type: string, id: string): StoredContext {
  const row = state.contexts.get(`${type}:${id}`);
  if (!row) throw notFound(`Context with type '${type}' and id '${id}' not found`);
  return row;
}

function checkName(checks: Checks, value: unknown, path: string, name: string): void {
  if (typeof value !== 'string') return checks.string(value, path);
  if (value === '') checks.fail(`${path} must be longer than or equal to 1 characters`);
  else if (value.length > 100) checks.fail(`${path} must be shorter than or equal to 100 characters`);
  else if (!CONTEXT_ID.test(value)) {
    checks.fail(`${name} must be lowercase alphanumeric with optional ., _, or - separators`);
  }
}

function checkData(checks: Checks, data: unknown): void {
  if (!isRecord(data)) checks.fail('data must be an object');
  else if (isTooLarge(data)) checks.fail('Data is too large');
}

const show = ({ type, id, data, createdAt, updatedAt }: StoredContext): Json => ({
  type,
  id,
  data,
  createdAt,
  updatedAt,
});
