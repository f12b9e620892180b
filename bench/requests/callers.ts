/** Documents that differ in their literals, and many callers: tokens and keys. */
import { generateKeyPairSync, sign } from 'node:crypto';
import type { Operation } from './exchange.ts';
import { callerKey, create, list, operations, type Query, retrieve, toGraphql } from './operations.ts';
import { hmacSecret, routerSecret } from './routers.ts';

const issuer = 'https://issuer.example/';
const audience = 'novu-graphql';
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const keyCount = 1000;
const tokenCount = 1000;

const keyOf = (index: number) => `caller-key-of-the-benchmark-${index}`;

/** What a gateway is told that knows every kind of caller. */
export const callerVariables: Record<string, string> = {
  GATEWAY_API_KEYS: [
    `bench:${callerKey}`,
    ...Array.from({ length: keyCount - 1 }, (_, index) => `bench-${index}:${keyOf(index)}`),
  ].join(','),
  JWT_PUBLIC_KEY: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  JWT_ISSUER: issuer,
  JWT_AUDIENCE: audience,
  JWT_CONTEXT_CLAIM: 'contexts',
  ROUTER_SECRET: routerSecret,
  HMAC_SECRET: hmacSecret,
};

/** A token (ES256, RFC 7518 section 3.4) of the subscriber whose row the stand-in for Novu answers. */
function tokenOf(number: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: issuer,
    aud: audience,
    sub: 'subscriber-123',
    jti: number,
    exp: Math.floor(Date.now() / 1000) + 3600,
    scope: 'channel-connections:read channel-connections:write',
    contexts: ['key:org-acme'],
  };
  const signed = `${part({ alg: 'ES256', typ: 'JWT' })}.${part(claims)}`;
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

const bearer = (token: string) => `authorization: Bearer ${token}`;
const tokens: string[] = [];
/** The same tokens again and again; made when they are first asked for. */
const tokenAt = (index: number) => (tokens[index] ??= tokenOf(`many-${index}`));

function withCallers(name: string, operation: Operation, query: Query, credentials: (id: string) => string) {
  return {
    ...operation,
    name: `${operation.name}, ${name}`,
    graphql: { ...toGraphql(query, {}), credentials },
  };
}

/** End users are told neither Novu's headers nor its rate limit. */
const createByUser: Query = {
  ...create,
  data(id) {
    const { createChannelConnection } = create.data(id) as { createChannelConnection: object };
    return { createChannelConnection: { ...createChannelConnection, rateLimit: null, headers: [] } };
  },
};

export const callerOperations: Operation[] = (
  [
    [operations.create, createByUser, create],
    [operations.retrieve, retrieve, retrieve],
  ] as const
).flatMap(([operation, byUser, query]) => [
  withCallers('one token', operation, byUser, () => bearer(tokenAt(0))),
  withCallers(`${tokenCount} tokens`, operation, byUser, (id) => bearer(tokenAt(Number(id) % tokenCount))),
  withCallers('a new token each', operation, byUser, (id) => bearer(tokenOf(id))),
  withCallers(
    `${keyCount} keys`,
    operation,
    query,
    (id) => `x-api-key: ${keyOf(Number(id) % (keyCount - 1))}`,
  ),
]);

/** The variables written into the document as literals, which makes every document a new one. */
function inlined(operation: Operation, query: Query): Operation {
  const write = (id: string) => {
    const variables = Object.entries(query.variables(id));
    const withoutDefinitions = query.text.replace(/^(\w+ \w+)\([^)]*\)/, '$1');
    return variables.reduce(
      (text, [name, value]) => text.replaceAll(`$${name}`, () => toLiteral(value)),
      withoutDefinitions,
    );
  };
  return {
    ...operation,
    name: `${operation.name}, literals new in each document`,
    graphql: { ...operation.graphql, body: (id) => JSON.stringify({ query: write(id) }) },
  };
}

/** A value in the language of GraphQL (specification section 2.9); strings here need no escapes but JSON's. */
function toLiteral(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toLiteral).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, inner]) => `${name}: ${toLiteral(inner)}`)
    .join(', ')} }`;
}

export const literalOperations: Operation[] = [
  inlined(operations.create, create),
  inlined(operations.retrieve, retrieve),
  inlined(operations.list, list),
];
