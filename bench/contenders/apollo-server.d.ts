/**
 * The part of Apollo Server 5 that the benchmark uses. Its own types load @graphql-tools/utils, which adds members to
 * graphql's `GraphQLResolveInfo` for the whole project.
 */
declare module '@apollo/server' {
  export class ApolloServer {
    constructor(options: { typeDefs: string; resolvers: object });
    stop(): Promise<void>;
  }
}

declare module '@apollo/server/standalone' {
  import type { IncomingMessage } from 'node:http';
  import type { ApolloServer } from '@apollo/server';
  export function startStandaloneServer(
    server: ApolloServer,
    options: {
      listen: { port: number; host: string };
      context: (request: { req: IncomingMessage }) => Promise<object>;
    },
  ): Promise<{ url: string }>;
}
