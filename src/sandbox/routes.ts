import { connectionHandlers } from './connections.ts';
import { endpointHandlers } from './endpoints.ts';
import { badRequest } from './errors.ts';
import { integrationHandlers } from './integrations.ts';
import type { Category } from './rate-limit.ts';
import type { Call, State } from './state.ts';

export type Route = {
  method: string;
  segments: readonly string[];
  success: 200 | 201 | 204;
  category: Category;
  handle: (call: Call) => unknown;
  /** Whether the route exists; a route that does not is unknown to the server. */
  exists?: () => boolean;
};

export type Match = { route: Route; identifier: string };

export function createRouter(state: State): (method: string, path: string) => Match | undefined {
  const connections = connectionHandlers(state);
  const endpoints = endpointHandlers(state);
  const integrations = integrationHandlers(state);

  const route = (
    method: string,
    path: string,
    success: Route['success'],
    handle: Route['handle'],
    exists = (): boolean => true,
  ): Route => ({
    method,
    segments: path.split('/'),
    success,
    category: path.startsWith('/v1/integrations') ? 'global' : 'configuration',
    handle,
    exists,
  });

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
  ];

  return (method, path) => {
    const verb = method === 'HEAD' ? 'GET' : method;
    const segments = (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path).split('/');
    const found = routes.find((candidate) => candidate.method === verb && fits(candidate.segments, segments));
    if (!found || found.exists?.() === false) return undefined;
    const index = found.segments.indexOf(':identifier');
    return { route: found, identifier: index < 0 ? '' : decode(segments[index] ?? '') };
  };
}

const fits = (pattern: readonly string[], segments: readonly string[]): boolean =>
  pattern.length === segments.length &&
  pattern.every((part, index) =>
    part === ':identifier' ? segments[index] !== '' : part === segments[index],
  );

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest(`Failed to decode param '${segment}'`);
  }
}
