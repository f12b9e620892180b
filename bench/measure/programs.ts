import { existsSync, readFileSync } from 'node:fs';
import type { Exchange, Operation } from '../requests/exchange.ts';
import { callerVariables } from '../requests/callers.ts';
import { novuKey, unwrapped } from '../requests/novu.ts';
import { openApiExchanges } from '../requests/openapi.ts';
import { callerKey, operations, rest } from '../requests/operations.ts';

/** Something that is measured: a program of its own, started by the driver. */
export type Program = {
  name: string;
  file: URL;
  /** Of Node. */
  flags?: string[];
  env?: Record<string, string>;
  /** How it is asked; undefined for what it does not do. */
  exchange(operation: Operation): Exchange | undefined;
};

const file = (name: string) => new URL(`../${name}`, import.meta.url);

export const stub: Program = {
  name: 'stand-in for Novu',
  file: file('contenders/stub-novu.ts'),
  exchange: ({ rest }) => rest,
};

export const bareProxy: Program = {
  name: 'bare proxy',
  file: file('contenders/bare-proxy.ts'),
  exchange: ({ rest }) => rest,
};

/** Those of `npm start`. */
const startFlags = (
  JSON.parse(readFileSync(file('../package.json'), 'utf8')) as { scripts: { start: string } }
).scripts.start
  .split(' ')
  .filter((word) => word.startsWith('--'));

/** The process that `npm start` starts. */
export const gateway: Program = {
  name: 'novu-graphql',
  file: file('../src/main.ts'),
  flags: startFlags,
  env: { NOVU_SECRET_KEY: novuKey, GATEWAY_API_KEYS: `bench:${callerKey}`, LOG_LEVEL: 'silent' },
  exchange: ({ graphql }) => graphql,
};

/** What `npm run build` makes of it. */
export const builtGateway: Program = { ...gateway, file: file('../dist/main.js') };

/** The same, told of 1,000 keys, tokens, a router's secret and a secret for signatures. */
export const gatewayOfManyCallers: Program = { ...gateway, env: { ...gateway.env, ...callerVariables } };

const ofMainOperations = (graphql: Record<keyof typeof rest, Exchange>) => (operation: Operation) =>
  operation.name === operations.create.name
    ? graphql.create
    : operation.name === operations.retrieve.name
      ? graphql.retrieve
      : operation.name === operations.list.name
        ? graphql.list
        : undefined;

const handwritten = ofMainOperations({
  create: operations.create.graphql,
  retrieve: operations.retrieve.graphql,
  list: operations.list.graphql,
});

export const mercurius: Program = {
  name: 'mercurius + jit',
  file: file('contenders/mercurius.ts'),
  exchange: handwritten,
};

export const apolloServer: Program = {
  name: 'Apollo Server 5',
  file: file('contenders/apollo-server.ts'),
  exchange: handwritten,
};

export const novuSdk: Program = {
  name: '@novu/api, no GraphQL',
  file: file('contenders/novu-sdk.ts'),
  exchange: ofMainOperations(rest),
};

export const hiveGateway: Program = {
  name: 'Hive Gateway',
  file: file('contenders/hive/gateway.ts'),
  exchange: ofMainOperations(openApiExchanges),
};

export const composeHive = file('contenders/hive/compose.ts');
/** Below which address Hive Gateway finds Novu. */
export const hiveEndpoint = (novuUrl: string) => novuUrl + unwrapped;

/** Why Hive Gateway can't be measured, or null. */
export function hiveObstacle(openApi: string | undefined): string | null {
  if (!existsSync(file('contenders/hive/node_modules')))
    return 'it is not installed (npm ci --prefix bench/contenders/hive)';
  if (openApi === undefined || openApi === '') return "NOVU_OPENAPI does not name Novu's OpenAPI document";
  return existsSync(openApi) ? null : 'there is no file where NOVU_OPENAPI says';
}
