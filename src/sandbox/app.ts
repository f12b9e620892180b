import { authenticate } from './auth.ts';
import { Interrupted, notFound, renderError } from './errors.ts';
import { JSON_TYPE, parseBody, parseQuery, type Reply } from './http.ts';
import type { Idempotency } from './idempotency.ts';
import type { RateLimit } from './rate-limit.ts';
import type { FindRoute } from './routes.ts';
import type { Call, State } from './state.ts';
import { isRecord } from './validation.ts';

export type Incoming = {
  method: string;
  /** Path and query as sent. */
  url: string;
  path: string;
  search: string;
  headers: Record<string, string | string[] | undefined>;
  /** undefined is a body beyond Novu's limit. */
  body: string | undefined;
};

/** Points inside the idempotency layer where a fault or a delay takes effect. */
export type Hooks = {
  start?: (() => Promise<void>) | undefined;
  beforeWrite?: (() => Promise<void>) | undefined;
  end?: (() => Promise<void>) | undefined;
};

type Parts = { state: State; findRoute: FindRoute; rateLimit: RateLimit; idempotency: Idempotency };

/**
 * Novu's layers in their order: body, route, authentication, rate limit, idempotency, validation and handler,
 * envelope. What fails in an earlier layer carries none of the headers of a later one.
 */
export function createApp({ state, findRoute, rateLimit, idempotency }: Parts) {
  const { options } = state;

  return async (incoming: Incoming, hooks: Hooks, wrote: Call['wrote']): Promise<Reply> => {
    const headers: Record<string, string> = {};
    try {
      const body = parseBody(incoming.body, joined(incoming.headers['content-type']));
      const match = findRoute(incoming.method, incoming.path);
      if (!match) throw notFound(`Cannot ${incoming.method} ${incoming.url}`);
      const { route, params } = match;
      const call: Call = {
        ...params,
        query: parseQuery(incoming.search),
        body: isRecord(body) ? body : {},
        beforeWrite: hooks.beforeWrite,
        wrote,
      };
      const run = async <T>(handle: (call: Call) => T): Promise<Awaited<T>> => {
        if (hooks.start) await hooks.start();
        const value = await handle(call);
        if (hooks.end) await hooks.end();
        return value;
      };
      if ('page' in route) return await run(route.page);

      authenticate(joined(incoming.headers['authorization']), options.secretKey);
      if (options.rateLimiting) rateLimit.take(route.category, headers);
      const work = async (): Promise<string> => envelope(await run(route.handle));
      const key = joined(incoming.headers['idempotency-key']);
      const isOnce = options.idempotency && key && (route.method === 'POST' || route.method === 'PATCH');
      const answer = isOnce ? await idempotency.once(key, body, headers, work) : await work();
      return route.success === 204
        ? { status: 204, headers, body: null }
        : { status: route.success, headers: { ...headers, 'Content-Type': JSON_TYPE }, body: answer };
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      const { status, body } = renderError(error, incoming.url, options.clock());
      return { status, headers: { ...headers, 'Content-Type': JSON_TYPE }, body };
    }
  };
}

const joined = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(', ') : value;

/** A value that already has `data` and is no document goes out as it is. */
export const envelope = (value: unknown): string =>
  JSON.stringify(isRecord(value) && value['data'] && !value['_id'] && !value['id'] ? value : { data: value });
