import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { composeServices } from '@apollo/composition';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, getOperationAST, parse } from 'graphql';
import { createYoga } from 'graphql-yoga';

export type Subgraph = {
  name: string;
  url: string;
  typeDefs: DocumentNode;
  /** Sent with every request to it. */
  headers?: Record<string, string>;
};

type Resolvers = Record<string, Record<string, (parent: never, args: never) => unknown>>;

/** A small subgraph of another team, on a port of its own. */
export async function startSubgraph(
  name: string,
  sdl: string,
  resolvers: Resolvers,
): Promise<Subgraph & AsyncDisposable> {
  const typeDefs = parse(`extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
    ${sdl}`);
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: resolvers as never }]);
  const yoga = createYoga({ schema, graphiql: false, landingPage: false, logging: false });
  const server = createServer((req, res) => void yoga(req, res));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    name,
    typeDefs,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The supergraph of these subgraphs; throws what composition finds wrong. */
export function compose(subgraphs: readonly Pick<Subgraph, 'name' | 'url' | 'typeDefs'>[]): string {
  const { errors, supergraphSdl } = composeServices(
    subgraphs.map(({ name, url, typeDefs }) => ({ name, url, typeDefs })),
  );
  if (errors !== undefined) throw new Error(errors.map((error) => error.message).join('\n'));
  return supergraphSdl;
}

export type Answer = {
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are looked at loosely in tests
  data: any;
  errors: { message: string; extensions: Record<string, unknown> }[];
};

export type Router = AsyncDisposable & {
  execute(query: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** The subgraphs that were asked since the last look, in order. */
  asked(): string[];
};

/** Apollo Gateway in front of them, asking each over HTTP. */
export async function startRouter(subgraphs: readonly Subgraph[]): Promise<Router> {
  let asked: string[] = [];
  const gateway = new ApolloGateway({
    supergraphSdl: compose(subgraphs),
    logger: silent,
    buildService: ({ name, url }) =>
      new RemoteGraphQLDataSource({
        url: url ?? '',
        willSendRequest({ request }) {
          asked.push(name);
          const headers = subgraphs.find((subgraph) => subgraph.name === name)?.headers ?? {};
          for (const [header, value] of Object.entries(headers)) request.http?.headers.set(header, value);
        },
      }),
  });
  const { schema, executor } = await gateway.load();
  type RequestContext = Parameters<typeof executor>[0];

  return {
    async execute(query, variables = {}) {
      const document = parse(query);
      const context: Partial<RequestContext> = {
        request: { query, variables },
        source: query,
        queryHash: query,
        document,
        schema,
        context: {},
        metrics: {},
        logger: silent,
        operationName: null,
        operation: getOperationAST(document) ?? undefined,
      } as Partial<RequestContext>;
      const { data, errors } = await executor(context as RequestContext);
      return {
        data: JSON.parse(JSON.stringify(data ?? null)) as unknown,
        errors: (errors ?? []).map(({ message, extensions }) => ({ message, extensions })),
      };
    },
    asked() {
      const since = asked;
      asked = [];
      return since;
    },
    [Symbol.asyncDispose]: () => gateway.stop(),
  };
}

const nothing = () => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
