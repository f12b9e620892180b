import { authenticate } from './auth.ts';
import { Interrupted, notFound, renderError } from './errors.ts';
import { JSON_TYPE, parseBody, parseQuery, type Reply } from './http.ts';
import type { Idempotency } from './idempotency.ts';
import type { RateLimit } from './rate-limit.ts';
import { createRouter, type Route } from './routes.ts';
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

type Parts = { state: State; rateLimit: RateLimit; idempotency: Idempotency };

/**
 * Novu's layers in their order: body, route, authentication, rate limit, idempotency, validation and handler,
 * envelope. What fails in an earlier layer carries none of the headers of a later one.
 */
export function createApp({ state, rateLimit, idempotency }: Parts) {
  const findRoute = createRouter(state);
  const { options } = state;

  return async (incoming: Incoming, hooks: Hooks, wrote: Call['wrote']): Promise<Reply> => {
    const headers: Record<string, string> = {};
    try {
      const body = parseBody(incoming.body, text(incoming.headers['content-type']));
      const match = findRoute(incoming.method, incoming.path);
      if (!match) throw notFound(`Cannot ${incoming.method} ${incoming.url}`);
      const { route, identifier } = match;
      authenticate(text(incoming.headers['authorization']), options.secretKey);
      if (options.rateLimiting) rateLimit.take(route.category, headers);

      const call: Call = {
        identifier,
        query: parseQuery(incoming.search),
        body: isRecord(body) ? body : {},
        beforeWrite: hooks.beforeWrite,
        wrote,
      };
      const work = async (): Promise<string> => {
        if (hooks.start) await hooks.start();
        const value = await route.handle(call);
        if (hooks.end) await hooks.end();
        return envelope(value);
      };
      const key = text(incoming.headers['idempotency-key']);
      const isOnce = options.idempotency && key && (route.method === 'POST' || route.method === 'PATCH');
      return success(
        route,
        headers,
        isOnce ? await idempotency.once(key, body, headers, work) : await work(),
      );
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      const { status, body } = renderError(error, incoming.url, options.clock());
      return { status, headers: { ...headers, 'Content-Type': JSON_TYPE }, body };
    }
  };
}

const text = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(', ') : value;

/** A value that already has `data` and is no document goes out as it is. */
const envelope = (value: unknown): string =>
  JSON.stringify(isRecord(value) && value['data'] && !value['_id'] && !value['id'] ? value : { data: value });

const success = (route: Route, headers: Record<string, string>, body: string): Reply =>
  route.success === 204
    ? { status: 204, headers, body: null }
    : { status: route.success, headers: { ...headers, 'Content-Type': JSON_TYPE }, body };
