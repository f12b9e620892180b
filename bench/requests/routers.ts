/** The forms in which routers of federated graphs ask. */
import { createHmac } from 'node:crypto';
import { stripIgnoredCharacters } from 'graphql';
import type { Exchange, Operation } from './exchange.ts';
import { create, entities, list, operations, type Query, retrieve } from './operations.ts';

export const routerSecret = 'router-secret-of-the-benchmark';
export const hmacSecret = 'hmac-secret-of-the-benchmark';

/** apollo-router/src/services/subgraph/http.rs: `ACCEPT_GRAPHQL_JSON`. */
const apolloAccept = 'application/json, application/graphql-response+json';
/** @graphql-tools/executor-http, which Hive Gateway asks subgraphs with. */
const hiveAccept = 'application/graphql-response+json, application/json, multipart/mixed';

const isOperationName = /(?<=^(?:query|mutation) )\w+/;

/** The documents of routers are printed in one line and have names of their planner's. */
function printed({ text }: Query): { text: string; name: string } {
  const name = `${isOperationName.exec(text)?.[0] ?? 'Operation'}__novu__0`;
  return { text: stripIgnoredCharacters(text.replace(isOperationName, name)), name };
}

function byApolloRouter(query: Query): Exchange {
  const { text, name } = printed(query);
  const start = `{"query":${JSON.stringify(text)},"operationName":${JSON.stringify(name)},"variables":`;
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: apolloAccept,
      'user-agent': 'apollo-router',
      'router-authorization': routerSecret,
    },
    path: () => '/graphql',
    body: (id) => `${start}${JSON.stringify(query.variables(id))}}`,
    answer: (id) => ({ data: query.data(id) }),
  };
}

function byHiveGateway(query: Query): Exchange {
  const { text, name } = printed(query);
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: hiveAccept },
    path: () => '/graphql',
    body(id) {
      const variables = query.variables(id);
      const signature = createHmac('sha256', hmacSecret)
        .update(stringifySorted({ query: text, variables }))
        .digest('base64');
      const extensions = { 'hmac-signature': signature };
      return JSON.stringify({ query: text, variables, operationName: name, extensions });
    },
    answer: (id) => ({ data: query.data(id) }),
  };
}

/** JSON with the keys of every object sorted, which is what Hive Gateway signs (json-stable-stringify). */
function stringifySorted(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}

const asked: [Query, Operation][] = [
  [create, operations.create],
  [retrieve, operations.retrieve],
  [list, operations.list],
  [entities, operations.entities],
];

export const routerOperations: Operation[] = asked.flatMap(([query, operation]) => [
  { ...operation, name: `${operation.name}, Apollo Router`, graphql: byApolloRouter(query) },
  { ...operation, name: `${operation.name}, Hive Gateway, signed`, graphql: byHiveGateway(query) },
]);
