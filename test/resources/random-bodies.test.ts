import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ChannelTypeEnum,
  GetChannelEndpointResponseDtoType,
  ProvidersIdEnum,
} from '@novu/api/models/components/index.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, readerKey, startHarness } from '../support/harness.ts';

// Bodies by the response schemas of Novu's OpenAPI document: as they should be, with values that a newer Novu may
// send, with fields missing and with fields of another type.

type Json = Record<string, unknown>;
type Fields = Record<string, fc.Arbitrary<unknown>>;

const name = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(null, '', 0, -1, 1e300, true, [], {}, [[]], [null], '\uD800', '__proto__'),
);
const time = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom<unknown>(1_700_000_000_000, '1700000000000', '+275760-09-13T00:00:00.000Z', 'yesterday'),
);
const oneOf = (values: object) =>
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...(Object.values(values) as string[])) }, name);

/** Each field as it should be (mostly), of another type, or missing. */
const looseRecord = (fields: Fields): fc.Arbitrary<Json> =>
  fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [key, fc.oneof({ weight: 3, arbitrary: value }, odd)]),
    ),
    { requiredKeys: [] },
  );

const row: Fields = {
  identifier: name,
  channel: oneOf(ChannelTypeEnum),
  providerId: oneOf(ProvidersIdEnum),
  integrationIdentifier: name,
  subscriberId: fc.option(name),
  contextKeys: fc.array(name),
  createdAt: time,
  updatedAt: time,
};
const connection = looseRecord({
  ...row,
  workspace: looseRecord({ id: name, name, botUserId: name }),
  auth: looseRecord({
    accessToken: name,
    hasAccessToken: fc.boolean(),
    refreshToken: name,
    hasRefreshToken: fc.boolean(),
    expiresAt: time,
    refreshTokenExpiresAt: time,
  }),
  connected: fc.boolean(),
  connectionMode: name,
});
const endpoint = looseRecord({
  ...row,
  connectionIdentifier: fc.option(name),
  type: oneOf(GetChannelEndpointResponseDtoType),
  endpoint: looseRecord({
    channelId: name,
    userId: name,
    url: name,
    channel: name,
    phoneNumber: name,
    teamId: name,
    chatId: name,
    roomId: name,
    parentId: name,
    personId: name,
    personEmail: name,
    routingKey: name,
    apiKey: name,
    region: fc.constantFrom('us', 'eu', 'au'),
    authToken: name,
    headers: fc.dictionary(name, name),
    method: fc.constantFrom('POST', 'PUT', 'GET'),
  }),
});
const integration = looseRecord({
  _id: name,
  _environmentId: name,
  identifier: name,
  name,
  providerId: oneOf(ProvidersIdEnum),
  channel: oneOf(ChannelTypeEnum),
  active: fc.boolean(),
  primary: fc.boolean(),
  deleted: fc.boolean(),
  credentials: fc.dictionary(name, name),
});

const subscriber = looseRecord({
  _id: name,
  subscriberId: name,
  firstName: fc.option(name),
  lastName: name,
  email: fc.option(name),
  phone: name,
  avatar: name,
  locale: name,
  timezone: name,
  data: fc.option(fc.dictionary(name, name)),
  createdAt: time,
  updatedAt: time,
  channels: fc.array(fc.record({ credentials: fc.dictionary(name, name) }), { maxLength: 2 }),
});
const context = looseRecord({
  type: name,
  id: name,
  data: fc.dictionary(name, name),
  createdAt: time,
  updatedAt: time,
});

/** Novu wraps one value as `{ data }`, and its reference shows it bare. */
const wrapped = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof(
    value.map((data) => ({ data })),
    value,
  );
/** In place of an identifier: the one that the request is about. A row of another one would be another row. */
const asked = '<the identifier>';
/** Of one row that was asked for by its identifier: something of a row must be in it. */
const oneRow = (value: fc.Arbitrary<Json>) =>
  wrapped(
    value
      .filter((fields) => Object.keys(row).some((key) => key in fields))
      .map((fields) =>
        ['string', 'number'].includes(typeof fields['identifier'])
          ? { ...fields, identifier: asked }
          : fields,
      ),
  );
/** Of a create: the identifier must be there. */
const newRow = (value: fc.Arbitrary<Json>) =>
  wrapped(value.map((fields) => ({ ...fields, identifier: asked })));
const listOf = (value: fc.Arbitrary<Json>) =>
  fc
    .tuple(
      fc.array(fc.oneof({ weight: 5, arbitrary: value }, odd), { maxLength: 5 }),
      looseRecord({
        next: fc.option(fc.stringMatching(/^[0-9a-f]{24}$/)),
        previous: fc.option(fc.stringMatching(/^[0-9a-f]{24}$/)),
        totalCount: fc.nat(),
        totalCountCapped: fc.boolean(),
      }),
    )
    .map(([data, facts]) => ({ ...facts, data }));
const link = wrapped(
  fc
    .tuple(looseRecord({ providerMetadata: fc.dictionary(name, odd) }), fc.oneof(fc.webUrl(), name))
    .map(([fields, url]) => ({ ...fields, url })),
);

const askedType = '<the type>';
const oneSubscriber = wrapped(subscriber.map((fields) => ({ ...fields, subscriberId: asked })));
const oneContext = wrapped(context.map((fields) => ({ ...fields, type: askedType, id: asked })));

/** What Novu answers in one run. */
const world = fc.record({
  'GET /v1/channel-connections/…': oneRow(connection),
  'GET /v1/channel-connections': listOf(connection),
  'POST /v1/channel-connections': newRow(connection),
  'PATCH /v1/channel-connections/…': oneRow(connection),
  'DELETE /v1/channel-connections/…': odd,
  'POST /v1/channel-connections/…/verify': oneRow(connection),
  'GET /v1/channel-endpoints/…': oneRow(endpoint),
  'GET /v1/channel-endpoints': listOf(endpoint),
  'POST /v1/channel-endpoints': newRow(endpoint),
  'PATCH /v1/channel-endpoints/…': oneRow(endpoint),
  'DELETE /v1/channel-endpoints/…': odd,
  'GET /v2/subscribers/…': oneSubscriber,
  'GET /v2/subscribers': listOf(subscriber),
  'POST /v2/subscribers': oneSubscriber,
  'PATCH /v2/subscribers/…': oneSubscriber,
  'DELETE /v2/subscribers/…': odd,
  'GET /v2/contexts/…': oneContext,
  'GET /v2/contexts': listOf(context),
  'POST /v2/contexts': oneContext,
  'PATCH /v2/contexts/…': oneContext,
  'DELETE /v2/contexts/…': odd,
  'GET /v1/integrations': wrapped(
    fc.array(fc.oneof({ weight: 5, arbitrary: integration }, odd), { maxLength: 5 }),
  ),
  'GET /v1/integrations/active': wrapped(fc.array(integration, { maxLength: 3 })),
  'POST /v1/integrations/channel-connections/oauth': link,
  'POST /v1/integrations/channel-endpoints/oauth': link,
  'POST /v1/integrations/channel-endpoints/link': link,
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

/** Serves the answers of a world with success, whatever is asked. */
async function startStub() {
  let answers: Json = {};
  const routeOf = ({ method, url = '' }: IncomingMessage) => {
    const path = url.replace(/\?.*$/, '');
    const collection =
      /^\/v1\/channel-(?:connections|endpoints)(?=\/)|^\/v2\/(?:subscribers|contexts)(?=\/)/.exec(path)?.[0];
    if (collection === undefined) return `${method} ${path}`;
    const rest = path
      .slice(collection.length)
      .replace(collection.endsWith('contexts') ? /^\/[^/]+\/[^/]+/ : /^\/[^/]+/, '/…');
    return `${method} ${collection}${rest}`;
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const segments = (request.url ?? '').replace(/\?.*$/, '').split('/').map(decodeURIComponent);
      const sent = JSON.parse(body || '{}') as Json;
      const isPost = request.method === 'POST';
      const type = isPost ? sent['type'] : segments[3];
      const identifier = isPost
        ? (sent['identifier'] ?? sent['subscriberId'] ?? sent['id'])
        : segments[2] === 'contexts'
          ? segments[4]
          : segments[3];
      const status = request.method === 'POST' ? 201 : 200;
      const route = routeOf(request);
      response.writeHead(route in answers ? status : 500, { 'content-type': 'application/json' }).end(
        JSON.stringify(answers[route] ?? null)
          .replaceAll(JSON.stringify(asked), () => JSON.stringify(String(identifier)))
          .replaceAll(JSON.stringify(askedType), () => JSON.stringify(String(type))),
      );
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: (next: World) => {
      answers = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const connectionFields = `
  id identifier channel providerId provider integrationIdentifier subscriberId contextKeys createdAt updatedAt
  workspace { id name botUserId }
  auth { hasAccessToken hasRefreshToken expiresAt refreshTokenExpiresAt accessToken }
`;
const endpointFields = `
  id identifier channel providerId provider integrationIdentifier connectionIdentifier subscriberId contextKeys type createdAt updatedAt
  address {
    __typename
    ... on SlackChannelEndpointAddress { channelId } ... on SlackUserEndpointAddress { slackUserId: userId } ... on WebhookEndpointAddress { hook: channel }
    ... on PhoneEndpointAddress { phoneNumber } ... on MsTeamsChannelEndpointAddress { teamId channelId } ... on MsTeamsUserEndpointAddress { userId }
    ... on TelegramChatEndpointAddress { chatId } ... on WebexRoomEndpointAddress { roomId parentId } ... on WebexPersonEndpointAddress { personId personEmail }
    ... on LineUserEndpointAddress { userId } ... on PagerDutyServiceEndpointAddress { region } ... on OpsgenieIntegrationEndpointAddress { region }
    ... on GrafanaOnCallIntegrationEndpointAddress { hasAuthToken } ... on ToolWebhookEndpointAddress { method headerNames }
    ... on UnrecognizedEndpointAddress { type fieldNames }
  }
`;
const list = (fields: string) =>
  `edges { cursor } nodes { ${fields} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount totalCountCapped rateLimit { limit }`;
const subscriberFields =
  'subscriberId firstName lastName email phone avatar locale timezone data createdAt updatedAt';
const contextFields = 'type id data createdAt updatedAt';
const integrationFields = 'id identifier name providerId provider channel active primary';
const rest = 'userErrors { message } rateLimit { limit } headers { name values }';
const keyed = `${rest} idempotency { key replayed }`;
const auth = '{ accessToken: "x" }';

const queries: [string, string][] = [
  [
    'channelConnection',
    `{ it: channelConnection(identifier: "c") { ${connectionFields} subscriber { subscriberId } integration { ${integrationFields} } endpoints { ${list('identifier')} } } }`,
  ],
  [
    'channelConnections',
    `{ it: channelConnections(first: 3) { ${list(`${connectionFields} endpoints(first: 2) { totalCount }`)} } }`,
  ],
  ['channelConnections from the end', `{ it: channelConnections(last: 2) { ${list(connectionFields)} } }`],
  [
    'channelEndpoint',
    `{ it: channelEndpoint(identifier: "e") { ${endpointFields} connection { ${connectionFields} } subscriber { channelEndpoints { totalCount } channelConnections { totalCount } } } }`,
  ],
  [
    'channelEndpoints',
    `{ it: channelEndpoints(first: 5) { ${list(`${endpointFields} connection { identifier }`)} } }`,
  ],
  [
    'integrations',
    `{ it: integrations { ${integrationFields} } active: integrations(activeOnly: true) { identifier } }`,
  ],
  [
    'subscriber',
    `{ it: subscriber(subscriberId: "s") { ${subscriberFields} channelEndpoints { totalCount } } }`,
  ],
  ['subscribers', `{ it: subscribers(first: 3) { ${list(subscriberFields)} } }`],
  ['context', `{ it: context(type: "t", id: "i") { ${contextFields} } }`],
  ['contexts', `{ it: contexts(last: 3) { ${list(contextFields)} } }`],
  [
    '_entities',
    '{ it: _entities(representations: [{ __typename: "ChannelConnection", identifier: "c" }, { __typename: "ChannelEndpoint", identifier: "e" }]) { __typename } }',
  ],
];

const mutations: [string, string][] = [
  [
    'createChannelConnection',
    `mutation { it: createChannelConnection(input: { subscriberId: "s", integrationIdentifier: "i", workspace: { id: "w" }, auth: ${auth} }) { value: channelConnection { ${connectionFields} } ${keyed} } }`,
  ],
  [
    'updateChannelConnection',
    `mutation { it: updateChannelConnection(identifier: "c", input: { workspace: { id: "w" }, auth: ${auth} }) { value: channelConnection { ${connectionFields} } ${keyed} } }`,
  ],
  [
    'verifyChannelConnection',
    `mutation { it: verifyChannelConnection(identifier: "c") { value: channelConnection { ${connectionFields} } ${rest} } }`,
  ],
  [
    'deleteChannelConnection',
    `mutation { it: deleteChannelConnection(identifier: "c") { value: deletedIdentifier ${rest} } }`,
  ],
  [
    'createChannelEndpoint',
    `mutation { it: createChannelEndpoint(input: { subscriberId: "s", integrationIdentifier: "i", address: { slackUser: { userId: "u" } } }) { value: channelEndpoint { ${endpointFields} } ${keyed} } }`,
  ],
  // Of a type that no other type looks like: any other is refused for what Novu says that the endpoint is.
  [
    'updateChannelEndpoint',
    `mutation { it: updateChannelEndpoint(identifier: "e", input: { address: { slackChannel: { channelId: "c" } } }) { value: channelEndpoint { ${endpointFields} } ${keyed} } }`,
  ],
  [
    'deleteChannelEndpoint',
    `mutation { it: deleteChannelEndpoint(identifier: "e") { value: deletedIdentifier ${rest} } }`,
  ],
  [
    'upsertSubscriber',
    `mutation { it: upsertSubscriber(input: { subscriberId: "s", firstName: "A" }) { value: subscriber { ${subscriberFields} } ${keyed} } }`,
  ],
  [
    'updateSubscriber',
    `mutation { it: updateSubscriber(subscriberId: "s", input: { firstName: "A" }) { value: subscriber { ${subscriberFields} } ${keyed} } }`,
  ],
  [
    'deleteSubscriber',
    `mutation { it: deleteSubscriber(subscriberId: "s") { value: deletedIdentifier ${rest} } }`,
  ],
  [
    'createContext',
    `mutation { it: createContext(input: { type: "t", id: "i" }) { value: context { ${contextFields} } ${keyed} } }`,
  ],
  [
    'updateContext',
    `mutation { it: updateContext(type: "t", id: "i", input: { data: {} }) { value: context { ${contextFields} } ${keyed} } }`,
  ],
  [
    'deleteContext',
    `mutation { it: deleteContext(type: "t", id: "i") { value: deletedIdentifier ${rest} } }`,
  ],
  [
    'generateConnectOAuthUrl',
    `mutation { it: generateConnectOAuthUrl(input: { subscriberId: "s", integrationIdentifier: "i" }) { value: url expiresAt ${keyed} } }`,
  ],
  [
    'generateLinkUserOAuthUrl',
    `mutation { it: generateLinkUserOAuthUrl(input: { subscriberId: "s", integrationIdentifier: "i" }) { value: url expiresAt ${keyed} } }`,
  ],
  [
    'linkChannelEndpoint',
    `mutation { it: linkChannelEndpoint(input: { subscriberId: "s", integrationIdentifier: "i" }) { value: url providerMetadata ${keyed} } }`,
  ],
];

describe('no successful answer of Novu, however odd, is made a failure', () => {
  let stub: Awaited<ReturnType<typeof startStub>>;
  let harness: Harness;
  beforeAll(async () => {
    stub = await startStub();
    harness = await startHarness({ novuUrl: stub.url });
  });
  afterAll(async () => {
    await harness[Symbol.asyncDispose]();
    await stub[Symbol.asyncDispose]();
  });

  const check = (document: string, look: (it: Json) => void) =>
    fc.assert(
      fc.asyncProperty(world, async (answers) => {
        stub.answer(answers);
        const { data, errors } = await harness.execute(document, {}, { key: readerKey });
        expect(errors).toEqual([]);
        look(data.it as Json);
      }),
      { numRuns: 60 },
    );

  it.each(queries)('of %s', (_name, document) => check(document, (it) => expect(it).not.toBeNull()));

  it.each(mutations)('of %s', (_name, document) =>
    check(document, ({ value, userErrors }) => {
      expect(userErrors).toEqual([]);
      expect(value).not.toBeNull();
    }),
  );
});
