/** What is measured of every contender. */
import type { Exchange, Operation } from './exchange.ts';
import { collection, connection, input, novuHeaders, page, pageSize } from './novu.ts';

export const callerKey = 'caller-key-of-the-benchmark';
export const json = { 'content-type': 'application/json', accept: 'application/json' };
/** Entities of one request. */
const entityCount = 100;

/** A document, its variables, and the data that must come back. */
export type Query = {
  name: string;
  text: string;
  variables: (id: string) => object;
  data: (id: string) => object;
};

/** The body of a request, as clients write it. */
export function toGraphql(
  query: Query,
  headers: Record<string, string> = { 'x-api-key': callerKey },
): Exchange {
  const text = JSON.stringify(query.text);
  return {
    method: 'POST',
    headers: { ...json, ...headers },
    path: () => '/graphql',
    body: (id) => `{"query":${text},"variables":${JSON.stringify(query.variables(id))}}`,
    answer: (id) => ({ data: query.data(id) }),
  };
}

export const create: Query = {
  name: 'create',
  text: `mutation CreateChannelConnection($input: CreateChannelConnectionInput!, $idempotencyKey: String) {
  createChannelConnection(idempotencyKey: $idempotencyKey, input: $input) {
    channelConnection {
      identifier channel providerId integrationIdentifier subscriberId contextKeys
      workspace { id name } auth { hasAccessToken } createdAt updatedAt
    }
    idempotency { key replayed }
    rateLimit { limit remaining resetSeconds }
    headers { name values }
    userErrors { code message path }
  }
}`,
  variables: (id) => ({
    idempotencyKey: `bench-${id}`,
    input: { ...input, context: [{ type: 'key', id: 'org-acme' }] },
  }),
  data: (id) => ({
    createChannelConnection: {
      channelConnection: { ...connection, channel: 'CHAT', auth: { hasAccessToken: true } },
      idempotency: { key: `bench-${id}`, replayed: false },
      rateLimit: { limit: 10_000_000, remaining: 11_000_000, resetSeconds: 1 },
      headers: Object.entries(novuHeaders).map(([name, value]) => ({ name, values: [value] })),
      userErrors: [],
    },
  }),
};

export const retrieve: Query = {
  name: 'retrieve',
  text: `query ChannelConnection($identifier: ID!) {
  channelConnection(identifier: $identifier) {
    identifier channel provider subscriber { subscriberId } workspace { id name }
    auth { hasAccessToken hasRefreshToken expiresAt }
  }
}`,
  variables: (id) => ({ identifier: `bench-${id}` }),
  data: (id) => ({
    channelConnection: {
      identifier: `bench-${id}`,
      channel: 'CHAT',
      provider: 'SLACK',
      subscriber: { subscriberId: connection.subscriberId },
      workspace: connection.workspace,
      auth: { hasAccessToken: true, hasRefreshToken: null, expiresAt: null },
    },
  }),
};

export const list: Query = {
  name: `list of ${pageSize}`,
  text: `query ChannelConnections($first: Int!, $filter: ChannelConnectionFilter) {
  channelConnections(first: $first, filter: $filter) {
    nodes {
      identifier channel provider subscriberId contextKeys workspace { id name } auth { hasAccessToken } createdAt updatedAt
    }
    pageInfo { hasNextPage endCursor }
    totalCount
  }
}`,
  variables: (id) => ({ first: pageSize, filter: { integrationIdentifier: `slack-prod-${id}` } }),
  data: () => ({
    channelConnections: {
      nodes: page.data.map((row) => ({
        identifier: row.identifier,
        channel: 'CHAT',
        provider: 'SLACK',
        subscriberId: row.subscriberId,
        contextKeys: row.contextKeys,
        workspace: row.workspace,
        auth: { hasAccessToken: true },
        createdAt: row.createdAt,
        updatedAt: row.updatedAt,
      })),
      pageInfo: { hasNextPage: true, endCursor: 'a cursor' },
      totalCount: page.totalCount,
    },
  }),
};

const identifiersOf = (id: string) =>
  Array.from({ length: entityCount }, (_, index) => `bench-${id}-${index}`);

export const entities: Query = {
  name: `\`_entities\` of ${entityCount}`,
  text: `query Entities($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on ChannelConnection { identifier channel provider workspace { id name } }
  }
}`,
  variables: (id) => ({
    representations: identifiersOf(id).map((identifier) => ({ __typename: 'ChannelConnection', identifier })),
  }),
  data: (id) => ({
    _entities: identifiersOf(id).map((identifier) => ({
      identifier,
      channel: 'CHAT',
      provider: 'SLACK',
      workspace: connection.workspace,
    })),
  }),
};

export const rest: { create: Exchange; retrieve: Exchange; list: Exchange } = {
  create: {
    method: 'POST',
    headers: { ...json, 'idempotency-key': 'bench' },
    path: () => collection,
    body: () => JSON.stringify({ ...input, context: { key: 'org-acme' } }),
    answer: () => ({ data: connection }),
  },
  retrieve: {
    method: 'GET',
    headers: json,
    path: (id) => `${collection}/bench-${id}`,
    answer: (id) => ({ data: { ...connection, identifier: `bench-${id}` } }),
  },
  list: {
    method: 'GET',
    headers: json,
    path: (id) => `${collection}?limit=${pageSize}&integrationIdentifier=slack-prod-${id}`,
    answer: () => page,
  },
};

export const operations = {
  create: { name: create.name, rest: rest.create, graphql: toGraphql(create) },
  retrieve: { name: retrieve.name, rest: rest.retrieve, graphql: toGraphql(retrieve) },
  list: { name: list.name, rest: rest.list, graphql: toGraphql(list) },
  entities: {
    name: entities.name,
    rest: rest.retrieve,
    graphql: toGraphql(entities),
    calls: entityCount,
    connections: 4,
  },
} satisfies Record<string, Operation>;
