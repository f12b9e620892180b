import { envelope, type Incoming } from './app.ts';
import type { Engine } from './engine.ts';
import { JSON_TYPE, type Reply } from './http.ts';
import type { State } from './state.ts';
import { isRecord, type Json } from './validation.ts';

type Collection = {
  base: string;
  /** Paths of its rows, the newest last. */
  paths: (state: State) => string[];
};

const COLLECTIONS: readonly Collection[] = [
  {
    base: '/v1/channel-connections',
    paths: (state) => [...state.connections.all()].map(({ identifier }) => encodeURIComponent(identifier)),
  },
  {
    base: '/v1/channel-endpoints',
    paths: (state) => [...state.endpoints.all()].map(({ identifier }) => encodeURIComponent(identifier)),
  },
  { base: '/v2/subscribers', paths: (state) => [...state.subscribers.keys()].map(encodeURIComponent) },
  {
    base: '/v2/contexts',
    paths: (state) =>
      [...state.contexts.values()].map(({ type, id }) => [type, id].map(encodeURIComponent).join('/')),
  },
];

/**
 * The route's success with a row in it that the request does not name: the one asked for, or the newest other one, or
 * a made-up one. Routes without rows answer as ever.
 */
export async function strangerReply(
  engine: Engine,
  { method, path, body }: Incoming,
  wanted: string | undefined,
  normal: Reply | undefined,
): Promise<Reply | undefined> {
  const { state, findRoute } = engine;
  const collection = COLLECTIONS.find(({ base }) => path === base || path.startsWith(`${base}/`));
  const route = findRoute(method, path)?.route;
  if (!collection || !route || !('success' in route)) return normal;
  if (route.success === 204) return { status: 204, headers: {}, body: null };

  const { base, paths } = collection;
  const own = new Set(
    [path, ...namesIn(normal?.body), ...namesIn(body)].map((name) => name.replace(`${base}/`, '')),
  );
  const other =
    wanted === undefined ? paths(state).findLast((name) => !own.has(name)) : encodeURIComponent(wanted);
  const found = other === undefined ? undefined : findRoute('GET', `${base}/${other}`);
  const row =
    found && 'handle' in found.route
      ? await found.route.handle({
          ...found.params,
          query: {},
          body: {},
          beforeWrite: undefined,
          wrote: () => {},
        })
      : { ...rowIn(normal?.body), identifier: 'stranger', subscriberId: 'stranger' };
  const isList = method === 'GET' && path === base;
  return {
    status: route.success,
    headers: { ...normal?.headers, 'Content-Type': JSON_TYPE },
    body: isList
      ? JSON.stringify({ data: [row], next: null, previous: null, totalCount: 1, totalCountCapped: false })
      : envelope(row),
  };
}

function rowIn(body: string | null | undefined): Json {
  try {
    const value: unknown = JSON.parse(body ?? '');
    if (!isRecord(value)) return {};
    return isRecord(value['data']) && !value['id'] ? value['data'] : value;
  } catch {
    return {};
  }
}

/** How a row's path may name the row that a body holds. */
function namesIn(body: string | null | undefined): string[] {
  const { identifier, subscriberId, type, id } = rowIn(body);
  const context = typeof type === 'string' && typeof id === 'string' ? [`${type}/${id}`] : [];
  return [identifier, subscriberId, ...context].filter((name) => typeof name === 'string').map(String);
}
