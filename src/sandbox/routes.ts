import { connectionHandlers } from './connections.ts';
import { contextHandlers } from './contexts.ts';
import { endpointHandlers } from './endpoints.ts';
import { badRequest } from './errors.ts';
import type { Reply } from './http.ts';
import { integrationHandlers } from './integrations.ts';
import { CALLBACK_PATH } from './oauth.ts';
import { finishOauth } from './oauth-callback.ts';
import { type Category, categoryOf } from './rate-limit.ts';
import type { Call, State } from './state.ts';
import { subscriberHandlers } from './subscribers.ts';

type ApiRoute = {
  success: 200 | 201 | 204;
  category: Category;
  handle: (call: Call) => unknown;
};

/** Open to browsers: without a key, without a rate limit, and its answer is no JSON. */
type PageRoute = { page: (call: Call) => Promise<Reply> };

export type Route = {
  method: string;
  segments: readonly string[];
  /** Whether the route exists; a route that does not is unknown to the server. */
  exists?: () => boolean;
} & (ApiRoute | PageRoute);

export type Match = { route: Route; params: Pick<Call, 'identifier' | 'type'> };

export type FindRoute = (method: string, path: string) => Match | undefined;

export function createRouter(state: State): FindRoute {
  const connections = connectionHandlers(state);
  const endpoints = endpointHandlers(state);
  const integrations = integrationHandlers(state);
  const subscribers = subscriberHandlers(state);
  const contexts = contextHandlers(state);

  const route = (
    method: string,
    path: string,
    success: ApiRoute['success'],
    handle: ApiRoute['handle'],
    exists = (): boolean => true,
  ): Route => ({ method, segments: path.split('/'), success, category: categoryOf(path), handle, exists });

  const routes: readonly Route[] = [
    route('GET', '/v1/channel-connections', 200, connections.list),
    route('POST', '/v1/channel-connections', 201, connections.create),
    route('GET', '/v1/channel-connections/:identifier', 200, connections.retrieve),
    route('PATCH', '/v1/channel-connections/:identifier', 200, connections.update),
    route('DELETE', '/v1/channel-connections/:identifier', 204, connections.remove),
    route(
      'POST',
      '/v1/channel-connections/:identifier/verify',
      200,
      connections.verify,
      () => state.options.supportsVerify,
    ),
    route('GET', '/v1/channel-endpoints', 200, endpoints.list),
    route('POST', '/v1/channel-endpoints', 201, endpoints.create),
    route('GET', '/v1/channel-endpoints/:identifier', 200, endpoints.retrieve),
    route('PATCH', '/v1/channel-endpoints/:identifier', 200, endpoints.update),
    route('DELETE', '/v1/channel-endpoints/:identifier', 204, endpoints.remove),
    route('GET', '/v1/integrations', 200, integrations.list),
    route('GET', '/v1/integrations/active', 200, integrations.active),
    route('POST', '/v1/integrations/chat/oauth', 201, integrations.chatOauth),
    route('POST', '/v1/integrations/channel-connections/oauth', 201, integrations.connectOauth),
    route('POST', '/v1/integrations/channel-endpoints/oauth', 201, integrations.linkUserOauth),
    route('POST', '/v1/integrations/channel-endpoints/link', 200, integrations.link),
    { method: 'GET', segments: CALLBACK_PATH.split('/'), page: (call) => finishOauth(state, call) },
    route('GET', '/v2/subscribers', 200, subscribers.list),
    route('POST', '/v2/subscribers', 201, subscribers.create),
    route('GET', '/v2/subscribers/:identifier', 200, subscribers.retrieve),
    route('PATCH', '/v2/subscribers/:identifier', 200, subscribers.update),
    route('DELETE', '/v2/subscribers/:identifier', 200, subscribers.remove),
    route('GET', '/v2/contexts', 200, contexts.list),
    route('POST', '/v2/contexts', 201, contexts.create),
    route('GET', '/v2/contexts/:type/:identifier', 200, contexts.retrieve),
    route('PATCH', '/v2/contexts/:type/:identifier', 200, contexts.update),
    route('DELETE', '/v2/contexts/:type/:identifier', 204, contexts.remove),
  ];

  return (method, path) => {
    const verb = method === 'HEAD' ? 'GET' : method;
    const segments = (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path).split('/');
    const found = routes.find((candidate) => candidate.method === verb && fits(candidate.segments, segments));
    if (!found || found.exists?.() === false) return undefined;
    const param = (name: string): string => {
      const index = found.segments.indexOf(name);
      return index < 0 ? '' : decode(segments[index] ?? '');
    };
    return { route: found, params: { type: param(':type'), identifier: param(':identifier') } };
  };
}

const fits = (pattern: readonly string[], segments: readonly string[]): boolean =>
  pattern.length === segments.length &&
  pattern.every((part, index) => (part.startsWith(':') ? segments[index] !== '' : part === segments[index]));

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest(`Failed to decode param '${segment}'`);
  }
}
