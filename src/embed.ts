import { type AppDeps, composeApp, type Parts } from './app.ts';
import type { Config } from './config.ts';
import { createGateway as openGateway, type Gateway } from './server/gateway.ts';

export type { AppDeps };

export type App = Parts<Gateway> & {
  /** `fetch` for Workers, a handler for node:http, `handleNodeRequest` for Fastify. */
  readonly gateway: Gateway;
};

/**
 * The gateway with all its parts. Pure: reads no environment, listens nowhere. Throws a TypeError when the configuration
 * names no Novu and none is passed.
 */
export function createApp(config: Config, deps: AppDeps = {}): App {
  const parts = composeApp(config, deps, openGateway);
  return { ...parts, gateway: parts.openGateway() };
}

/** The gateway for who embeds it: see `App.gateway`. */
export function createGateway(config: Config, deps: AppDeps = {}): Gateway {
  return createApp(config, deps).gateway;
}
