/** Fastify, mercurius and graphql-jit. */
import { fastify, type FastifyRequest } from 'fastify';
import { mercurius } from 'mercurius';
import { listening } from './control.ts';
import { isCaller, resolvers, toCall, typeDefs } from './handwritten/schema.ts';

const [port, host] = listening;
const app = fastify({ logger: false });
app.addHook('onRequest', async (request, reply) => {
  if (!isCaller(request.headers['x-api-key'])) return reply.code(401).send();
});
app.register(mercurius, {
  schema: typeDefs,
  resolvers: resolvers as never,
  jit: 1,
  context: (request: FastifyRequest) => toCall(request.headers['idempotency-key']),
});
await app.listen({ port, host });
