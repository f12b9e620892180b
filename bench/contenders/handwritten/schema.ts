/**
 * The operations of the benchmark as somebody would write them by hand; no retries, no limits, nothing happens once.
 * Mercurius and Apollo Server run it.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import { GraphQLScalarType } from 'graphql';
import { collection } from '../../requests/novu.ts';
import { callerKey } from '../../requests/operations.ts';
import { ask, type Call, type Input, type Row, toBody, toConnection, toPage, toPayload } from './novu.ts';

type ListArguments = { first?: number; filter?: Record<string, string> };

export const typeDefs = /* GraphQL */ `
  type Query {
    channelConnection(identifier: ID!): ChannelConnection
    channelConnections(first: Int, filter: ChannelConnectionFilter): ChannelConnectionsConnection!
  }
  type Mutation {
    createChannelConnection(input: CreateChannelConnectionInput!, idempotencyKey: String): CreateChannelConnectionPayload
  }
  input CreateChannelConnectionInput {
    identifier: ID  subscriberId: ID  context: [ContextInput!]  connectionMode: ConnectionMode
    integrationIdentifier: ID!  workspace: WorkspaceInput!  auth: ConnectionAuthInput!
  }
  input ChannelConnectionFilter { subscriberId: ID  providerId: String  integrationIdentifier: ID }
  type ChannelConnectionsConnection { nodes: [ChannelConnection!]!  pageInfo: PageInfo!  totalCount: Int!  totalCountCapped: Boolean! }
  type PageInfo { hasNextPage: Boolean!  endCursor: String }
  input ContextInput { type: String!  id: String! }
  input WorkspaceInput { id: ID!  name: String  botUserId: ID }
  input ConnectionAuthInput { accessToken: String!  refreshToken: String  expiresAt: DateTime  refreshTokenExpiresAt: DateTime }
  type ChannelConnection {
    id: ID!  identifier: ID!  channel: ChannelType  providerId: String  provider: Provider  integrationIdentifier: ID
    subscriberId: ID  subscriber: Subscriber  contextKeys: [String!]!  workspace: Workspace  auth: ConnectionAuth!
    createdAt: DateTime  updatedAt: DateTime
  }
  type Workspace { id: ID!  name: String  botUserId: ID }
  type ConnectionAuth { hasAccessToken: Boolean!  hasRefreshToken: Boolean  expiresAt: DateTime  refreshTokenExpiresAt: DateTime }
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

export const resolvers = {
  DateTime: new GraphQLScalarType({
    name: 'DateTime',
    serialize: (value) => (value as Date).toISOString(),
    parseValue: (value) => new Date(value as string),
  }),
  Query: {
    channelConnection: async (_root: unknown, { identifier }: { identifier: string }, call: Call) =>
      toConnection(
        (await ask('GET', `${collection}/${encodeURIComponent(identifier)}`, call)).answer['data'] as Row,
      ),
    channelConnections: async (_root: unknown, { first = 10, filter }: ListArguments, call: Call) => {
      const search = new URLSearchParams({ limit: String(first), ...filter });
      return toPage((await ask('GET', `${collection}?${search}`, call)).answer);
    },
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
      const { answer, headers } = await ask('POST', collection, call, key, toBody(input));
      return toPayload(toConnection(answer['data'] as Row), headers, key, source);
    },
  },
};

export const toCall = (keyHeader: string | string[] | undefined): Call => ({
  requestId: crypto.randomUUID(),
  keyHeader: keyHeader?.toString(),
});

const digest = (key: unknown) => hash('sha256', String(key), 'buffer');
const expected = digest(callerKey);
export const isCaller = (key: unknown): boolean => timingSafeEqual(digest(key), expected);
