/** The same two operations as somebody would write them with fastify, mercurius and graphql-jit; no retries, no limits. */
import { hash, timingSafeEqual } from 'node:crypto';
import { fastify, type FastifyRequest } from 'fastify';
import { GraphQLScalarType } from 'graphql';
import { mercurius } from 'mercurius';
import { report } from './contender.ts';
import { ask, type Call, type Input, toBody, toPayload } from './mercurius-novu.ts';
import { callerKey, collection } from './operations.ts';

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
