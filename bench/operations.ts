export const novuKey = 'novu-secret-key-of-the-benchmark';
export const callerKey = 'caller-key-of-the-benchmark';
export const collection = '/v1/channel-connections';

/** What the stub answers: Novu's GetChannelConnectionResponseDto. */
export const connection = {
  identifier: 'slack-prod-user123-abc4',
  channel: 'chat',
  providerId: 'slack',
  integrationIdentifier: 'slack-prod',
  subscriberId: 'subscriber-123',
  contextKeys: ['key:org-acme'],
  workspace: { id: 'T123456', name: 'Acme HQ' },
  auth: { accessToken: 'xoxb-example' },
  createdAt: '2026-01-31T12:00:00.000Z',
  updatedAt: '2026-01-31T12:00:00.000Z',
};

/** Those of Novu's headers that a gateway has work with. The limits are high enough to hold nothing back. */
export const novuHeaders = {
  'content-type': 'application/json; charset=utf-8',
  date: 'Sat, 31 Jan 2026 12:00:00 GMT',
  'ratelimit-limit': '10000000',
  'ratelimit-remaining': '11000000',
  'ratelimit-reset': '1',
  'ratelimit-policy':
    '10000000;w=5;burst=11000000;comment="token bucket";category="configuration";cost="single";serviceLevel="unlimited"',
};

const auth = { accessToken: 'xoxb-example' };
const workspace = connection.workspace;
const common = {
  identifier: connection.identifier,
  subscriberId: connection.subscriberId,
  integrationIdentifier: connection.integrationIdentifier,
};

/** One way to ask for an operation. What GraphQL asks for is never equal: of equal requests a gateway may make one call. */
export type Exchange = {
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  path: (id: string) => string;
  body?: (id: string) => string;
  /** The parsed body that must come back. */
  answer: (id: string) => unknown;
};

export type Operation = {
  name: 'create' | 'retrieve';
  /** Highest ratio to the bare proxy that `--check` lets the gateway pass with. */
  limit: number;
  rest: Exchange;
  graphql: Exchange;
};

const json = { 'content-type': 'application/json', accept: 'application/json' };

function graphql(query: string, variables: (id: string) => object, data: (id: string) => object): Exchange {
  const text = JSON.stringify(query);
  return {
    method: 'POST',
    headers: { ...json, 'x-api-key': callerKey },
    path: () => '/graphql',
    body: (id) => `{"query":${text},"variables":${JSON.stringify(variables(id))}}`,
    answer: (id) => ({ data: data(id) }),
  };
}

const create: Operation = {
  name: 'create',
  limit: 5,
  rest: {
    method: 'POST',
    headers: { ...json, 'idempotency-key': 'bench' },
    path: () => collection,
    body: () => JSON.stringify({ ...common, context: { key: 'org-acme' }, workspace, auth }),
    answer: () => ({ data: connection }),
  },
  graphql: graphql(
    `mutation CreateChannelConnection($input: CreateChannelConnectionInput!, $idempotencyKey: String) {
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
    (id) => ({
      idempotencyKey: `bench-${id}`,
      input: { ...common, context: [{ type: 'key', id: 'org-acme' }], workspace, auth },
    }),
    (id) => ({
      createChannelConnection: {
        channelConnection: { ...connection, channel: 'CHAT', auth: { hasAccessToken: true } },
        idempotency: { key: `bench-${id}`, replayed: false },
        rateLimit: { limit: 10_000_000, remaining: 11_000_000, resetSeconds: 1 },
        headers: Object.entries(novuHeaders).map(([name, value]) => ({ name, values: [value] })),
        userErrors: [],
      },
    }),
  ),
};

const retrieve: Operation = {
  name: 'retrieve',
  limit: 4,
  rest: {
    method: 'GET',
    headers: json,
    path: (id) => `${collection}/bench-${id}`,
    answer: (id) => ({ data: { ...connection, identifier: `bench-${id}` } }),
  },
  graphql: graphql(
    `query ChannelConnection($identifier: ID!) {
      channelConnection(identifier: $identifier) {
        identifier channel provider subscriber { subscriberId } workspace { id name }
        auth { hasAccessToken hasRefreshToken expiresAt }
      }
    }`,
    (id) => ({ identifier: `bench-${id}` }),
    (id) => ({
      channelConnection: {
        identifier: `bench-${id}`,
        channel: 'CHAT',
        provider: 'SLACK',
        subscriber: { subscriberId: connection.subscriberId },
        workspace,
        auth: { hasAccessToken: true, hasRefreshToken: false, expiresAt: null },
      },
    }),
  ),
};

export const operations = [create, retrieve];
