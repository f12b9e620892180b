/** The same two operations as somebody would write them with fastify, mercurius and graphql-jit; no retries, no limits. */
import { hash, timingSafeEqual } from 'node:crypto';
import { fastify, type FastifyRequest } from 'fastify';
import { GraphQLScalarType } from 'graphql';
import { mercurius } from 'mercurius';
import { Pool } from 'undici';
import { novuUrl, report } from './contender.ts';
import { callerKey, collection, novuKey } from './operations.ts';

const schema = /* GraphQL */ `
  type Query { channelConnection(identifier: ID!): ChannelConnection }
  type Mutation {
    createChannelConnection(input: CreateChannelConnectionInput!, idempotencyKey: String): CreateChannelConnectionPayload
  }
  input CreateChannelConnectionInput {
    identifier: ID  subscriberId: ID  context: [ContextInput!]  connectionMode: ConnectionMode
    integrationIdentifier: ID!  workspace: WorkspaceInput!  auth: ConnectionAuthInput!
  }
  input ContextInput { type: String!  id: String! }
  input WorkspaceInput { id: ID!  name: String  botUserId: ID }
  input ConnectionAuthInput { accessToken: String!  refreshToken: String  expiresAt: DateTime  refreshTokenExpiresAt: DateTime }
  type ChannelConnection {
    id: ID!  identifier: ID!  channel: ChannelType  providerId: String  provider: Provider  integrationIdentifier: ID
    subscriberId: ID  subscriber: Subscriber  contextKeys: [String!]!  workspace: Workspace  auth: ConnectionAuth!
    createdAt: DateTime  updatedAt: DateTime
  }
  type Workspace { id: ID!  name: String  botUserId: ID }
  type ConnectionAuth { hasAccessToken: Boolean!  hasRefreshToken: Boolean!  expiresAt: DateTime  refreshTokenExpiresAt: DateTime }
  type Subscriber { subscriberId: ID! }
  type CreateChannelConnectionPayload {
    channelConnection: ChannelConnection  userErrors: [UserError!]!  idempotency: Idempotency!  rateLimit: RateLimit  headers: [HttpHeader!]!
  }
  type Idempotency { key: String!  source: IdempotencyKeySource!  replayed: Boolean!  honouredUpstream: Boolean! }
  type RateLimit { limit: Int  remaining: Int  resetSeconds: Int  policy: String }
  type HttpHeader { name: String!  values: [String!]! }
  type UserError { message: String!  code: String!  path: [String!] }
  enum ConnectionMode { SUBSCRIBER SHARED }
  enum ChannelType { IN_APP EMAIL SMS CHAT PUSH TOOL UNRECOGNIZED }
  enum Provider { SLACK MSTEAMS DISCORD UNRECOGNIZED }
  enum IdempotencyKeySource { ARGUMENT HEADER GENERATED }
  scalar DateTime
`;

type Row = Record<string, unknown>;
type Headers = Record<string, string | string[] | undefined>;
type Call = { requestId: string; keyHeader: string | undefined };
type Input = Row & {
  context?: { type: string; id: string }[];
  connectionMode?: string;
  auth: Row & { accessToken: string };
};

const pool = new Pool(novuUrl, { connections: 64, pipelining: 1, allowH2: false });
const authorization = `ApiKey ${novuKey}`;

/** One call to Novu; rejects with what Novu answered instead of a 2xx. */
function ask(method: 'GET' | 'POST', path: string, call: Call, key?: string, body?: string) {
  const { promise, resolve, reject } = Promise.withResolvers<{ row: Row; headers: Headers }>();
  const headers = [
    'authorization',
    authorization,
    'accept',
    'application/json',
    'x-request-id',
    call.requestId,
  ];
  if (body !== undefined) headers.push('content-type', 'application/json');
  if (key !== undefined) headers.push('idempotency-key', key);
  const chunks: Buffer[] = [];
  let status = 0;
  let received: Headers = {};
  pool.dispatch(
    { method, path, headers, body: body ?? null, headersTimeout: 10_000, bodyTimeout: 10_000 },
    {
      onRequestStart: () => undefined,
      onResponseStart(_controller, statusCode, responseHeaders) {
        status = statusCode;
        received = responseHeaders;
      },
      onResponseData: (_controller, chunk) => void chunks.push(chunk),
      onResponseEnd() {
        const { data } = JSON.parse(Buffer.concat(chunks).toString()) as { data: Row };
        if (status >= 200 && status < 300) resolve({ row: toConnection(data), headers: received });
        else reject(new Error(`Novu answered ${status}`));
      },
      onResponseError: (_controller, error) => reject(error),
    },
  );
  return promise;
}

const text = (value: unknown) => (typeof value === 'string' ? value : null);
const time = (value: unknown) => (typeof value === 'string' ? new Date(value) : null);
const channels = new Set(['in_app', 'email', 'sms', 'chat', 'push', 'tool']);
const providers = new Map([
  ['slack', 'SLACK'],
  ['msteams', 'MSTEAMS'],
  ['discord', 'DISCORD'],
]);

function toConnection(data: Row): Row {
  const channel = text(data['channel']);
  const providerId = text(data['providerId']);
  const subscriberId = text(data['subscriberId']);
  const auth = (data['auth'] ?? {}) as Row;
  if (typeof data['identifier'] !== 'string') throw new Error('not a connection');
  return {
    id: data['identifier'],
    identifier: data['identifier'],
    channel: channel === null ? null : channels.has(channel) ? channel.toUpperCase() : 'UNRECOGNIZED',
    providerId,
    provider: providerId === null ? null : (providers.get(providerId) ?? 'UNRECOGNIZED'),
    integrationIdentifier: text(data['integrationIdentifier']),
    subscriberId,
    subscriber: subscriberId === null ? null : { subscriberId },
    contextKeys: Array.isArray(data['contextKeys']) ? data['contextKeys'] : [],
    workspace: data['workspace'] ?? null,
    auth: {
      hasAccessToken: auth['hasAccessToken'] ?? Boolean(auth['accessToken']),
      hasRefreshToken: auth['hasRefreshToken'] ?? Boolean(auth['refreshToken']),
      expiresAt: time(auth['expiresAt']),
      refreshTokenExpiresAt: time(auth['refreshTokenExpiresAt']),
    },
    createdAt: time(data['createdAt']),
    updatedAt: time(data['updatedAt']),
  };
}

const hidden = new Set(['set-cookie', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']);
const count = (value: unknown) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : null);

const toPayload = (row: Row, headers: Headers, key: string, source: string) => ({
  channelConnection: row,
  userErrors: [],
  idempotency: {
    key,
    source,
    replayed: headers['idempotency-replay'] === 'true',
    honouredUpstream: headers['idempotency-key'] !== undefined,
  },
  rateLimit: {
    limit: count(headers['ratelimit-limit']),
    remaining: count(headers['ratelimit-remaining']),
    resetSeconds: count(headers['ratelimit-reset']),
    policy: headers['ratelimit-policy'],
  },
  headers: Object.entries(headers)
    .filter(([name]) => !hidden.has(name))
    .map(([name, value]) => ({ name, values: [value].flat() })),
});

const toBody = ({ context, connectionMode, ...input }: Input) =>
  JSON.stringify({
    ...input,
    ...(context && { context: Object.fromEntries(context.map(({ type, id }) => [type, id])) }),
    ...(connectionMode && { connectionMode: connectionMode.toLowerCase() }),
  });

const resolvers = {
  DateTime: new GraphQLScalarType({
    name: 'DateTime',
    serialize: (value) => (value as Date).toISOString(),
    parseValue: (value) => new Date(value as string),
  }),
  Query: {
    channelConnection: async (_root: unknown, { identifier }: { identifier: string }, call: Call) =>
      (await ask('GET', `${collection}/${encodeURIComponent(identifier)}`, call)).row,
  },
  Mutation: {
    async createChannelConnection(
      _root: unknown,
      { input, idempotencyKey }: { input: Input; idempotencyKey?: string },
      call: Call,
    ) {
      const key = idempotencyKey ?? call.keyHeader ?? crypto.randomUUID();
      if (!/^[\x21-\x7e]{1,255}$/.test(key)) throw new Error('not an idempotency key');
      const source =
        idempotencyKey !== undefined ? 'ARGUMENT' : call.keyHeader !== undefined ? 'HEADER' : 'GENERATED';
      const { row, headers } = await ask('POST', collection, call, key, toBody(input));
      return toPayload(row, headers, key, source);
    },
  },
};

const digest = (key: unknown) => hash('sha256', String(key), 'buffer');
const expected = digest(callerKey);
const app = fastify({ logger: false });
app.addHook('onRequest', async (request, reply) => {
  if (!timingSafeEqual(digest(request.headers['x-api-key']), expected)) return reply.code(401).send();
});
app.register(mercurius, {
  schema,
  resolvers: resolvers as never,
  jit: 1,
  context: (request: FastifyRequest): Call => ({
    requestId: crypto.randomUUID(),
    keyHeader: request.headers['idempotency-key'] as string | undefined,
  }),
});
report(await app.listen({ port: 0, host: '127.0.0.1' }));
