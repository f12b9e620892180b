/** Apollo Server with its own HTTP server, and the HTTP client of the other contenders. */
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { GraphQLError } from 'graphql';
import { listening } from './control.ts';
import { isCaller, resolvers, toCall, typeDefs } from './handwritten/schema.ts';

const [port, host] = listening;
await startStandaloneServer(new ApolloServer({ typeDefs, resolvers }), {
  listen: { port, host },
  async context({ req }) {
    if (!isCaller(req.headers['x-api-key']))
      throw new GraphQLError('no caller', { extensions: { http: { status: 401 } } });
    return toCall(req.headers['idempotency-key']);
  },
});
