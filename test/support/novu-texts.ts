import type { UpstreamOptions } from '../../src/upstream/options.ts';
import type { Fault, IntegrationSeed, SandboxOptions } from '../../src/sandbox/sandbox.ts';

export type Sent = {
  method: string;
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
};

type Step = Sent | { add: IntegrationSeed } | { remove: string } | { fault: Fault };

/** What the gateway says of a refusal: a userError's code, or that of a top-level error. */
export type Said = { code: string; path: string[] | null; message: string };

/** `null` stands in the data where what was asked for is not there; `unreachable` says why no caller brings it about. */
type Meaning = Said | 'null' | { unreachable: string };

/** One refusal of Novu's, how to get it from the sandbox, and what it means to a caller of the gateway. */
export type NovuText = {
  id: string;
  status: number;
  /** Word for word: one of the messages in `errors` where `isIn` says so, else `message` of the answer. */
  text: string;
  isIn?: 'errors';
  options?: SandboxOptions;
  /** Options of the gateway's calls that bring it about. */
  gateway?: Partial<UpstreamOptions>;
  /** What comes before; its answers do not matter. */
  setup?: readonly Step[];
  request: Sent;
  /** A file of Novu v3.19.0 below apps/api/src/app, or where else the words are from. */
  source: string;
  means: Meaning;
};

/** The sandbox's environment, which some texts name. */
const environment = '6863a0c2e4b0a1b2c3d4e5f6';

const CONNECTIONS = '/v1/channel-connections';
const ENDPOINTS = '/v1/channel-endpoints';
const CONNECT = '/v1/integrations/channel-connections/oauth';
const LINK_USER = '/v1/integrations/channel-endpoints/oauth';
const LINK = '/v1/integrations/channel-endpoints/link';
const SUBSCRIBERS = '/v2/subscribers';
const CONTEXTS = '/v2/contexts';

type Fields = Record<string, unknown>;

const post = (path: string, body: Fields, headers?: Record<string, string>): Sent => ({
  method: 'POST',
  path,
  body,
  ...(headers && { headers }),
});
const patch = (path: string, body: Fields): Sent => ({ method: 'PATCH', path, body });
const get = (path: string): Sent => ({ method: 'GET', path });
const remove = (path: string): Sent => ({ method: 'DELETE', path });

const workspace = { id: 'T1', name: 'Acme' };
const auth = { accessToken: 'xoxb-1' };
const connection = (changes: Fields = {}): Fields => ({
  integrationIdentifier: 'slack-prod',
  subscriberId: 'user-1',
  workspace,
  auth,
  ...changes,
});
const endpoint = (changes: Fields = {}): Fields => ({
  integrationIdentifier: 'slack-prod',
  subscriberId: 'user-1',
  type: 'slack_user',
  endpoint: { userId: 'U1' },
  ...changes,
});
const owner = (changes: Fields = {}): Fields => ({
  integrationIdentifier: 'slack-prod',
  subscriberId: 'user-1',
  ...changes,
});
const telegram = (credentials: Fields): Step => ({
  add: { identifier: 'telegram-other', providerId: 'telegram', channel: 'chat', credentials },
});
const rotating = { accessToken: 'a', refreshToken: 'r' };
const large = { text: 'x'.repeat(66_000) };

const invalid = (message: string, ...path: string[]): Meaning => ({
  code: 'INVALID_INPUT',
  path: ['input', ...path],
  message,
});
const missing = (message: string, ...path: string[]): Meaning => ({ code: 'NOT_FOUND', path, message });
const taken = (message: string, ...path: string[]): Meaning => ({
  code: 'ALREADY_EXISTS',
  path: ['input', ...path],
  message,
});
const unreachable = (reason: string): Meaning => ({ unreachable: reason });
const topLevel = (code: string, message: string): Meaning => ({ code, path: null, message });

const createConnection = 'channel-connections/usecases/create-channel-connection';
const createEndpoint =
  'channel-endpoints/usecases/create-channel-endpoint/create-channel-endpoint.usecase.ts';
const connectionUtils = 'channel-connections/usecases/channel-connection.utils.ts';
const slackUrl = 'integrations/usecases/generate-chat-oath-url/generate-slack-oath-url';
const teamsUrl = 'integrations/usecases/generate-chat-oath-url/generate-msteams-oath-url';
const webexUrl = 'integrations/usecases/generate-chat-oath-url/generate-webex-oath-url';
const callback = 'integrations/usecases/chat-oauth-callback';
const verifier = 'integrations/usecases/generate-chat-oath-url/connect-context-verifier.service.ts';
const telegramLink = 'agents: issue-telegram-subscriber-link.usecase.ts';
const classValidator = 'class-validator, default message';
const idempotencyInterceptor = 'the idempotency interceptor';
const guard = 'the guard of API keys';

const opaque = 'Internal server error, contact support and provide them with the errorId';
const noIntegration = 'No integration has this identifier.';
const noConnection = 'No channel connection has this identifier.';
const noEndpoint = 'No channel endpoint has this identifier.';
const required = 'The input requires the field.';
const notEmpty = 'The gateway refuses an empty string itself.';
const ownRule = 'The gateway has the same rule on its input.';
const ownPaging = 'The gateway makes page sizes and cursors itself.';
const freshKey = 'The gateway reads the row by its identifier and goes on under a fresh key.';
const noOperation: Meaning = { unreachable: 'The gateway has no operation for it.' };
const failed = topLevel(
  'UPSTREAM_UNAVAILABLE',
  'Novu failed to answer. Whether it was done is not known: retry with the same key, or look it up by its identifier.',
);
const identifierTaken = 'The identifier is taken.';

const connections: readonly NovuText[] = [
  {
    id: 'connection-shared-without-context',
    status: 400,
    text: 'context is required when connectionMode is "shared"',
    request: post(CONNECTIONS, connection({ connectionMode: 'shared' })),
    source: connectionUtils,
    means: invalid('context is required when connectionMode is SHARED.', 'context'),
  },
  {
    id: 'connection-subscriber-mode-without-subscriber',
    status: 400,
    text: 'subscriberId is required when connectionMode is "subscriber"',
    request: post(
      CONNECTIONS,
      connection({ subscriberId: undefined, context: { tenant: 'a' }, connectionMode: 'subscriber' }),
    ),
    source: connectionUtils,
    means: invalid('subscriberId is required when connectionMode is SUBSCRIBER.', 'subscriberId'),
  },
  {
    id: 'connection-of-nobody',
    status: 400,
    text: 'Either subscriberId or context must be provided',
    request: post(CONNECTIONS, connection({ subscriberId: undefined })),
    source: connectionUtils,
    means: unreachable(ownRule),
  },
  {
    id: 'connection-unknown-integration',
    status: 404,
    text: 'Integration not found: gone',
    request: post(CONNECTIONS, connection({ integrationIdentifier: 'gone' })),
    source: createConnection,
    means: missing(noIntegration, 'input', 'integrationIdentifier'),
  },
  {
    id: 'connection-unknown-subscriber',
    status: 404,
    text: 'Subscriber not found: stranger',
    request: post(CONNECTIONS, connection({ subscriberId: 'stranger' })),
    source: createConnection,
    means: missing('No subscriber has this id.', 'input', 'subscriberId'),
  },
  {
    id: 'connection-identifier-taken',
    status: 409,
    text: `Channel connection with identifier "acme" already exists in environment "${environment}"`,
    setup: [post(CONNECTIONS, connection({ identifier: 'acme' }))],
    request: post(CONNECTIONS, connection({ identifier: 'acme', subscriberId: 'user-2' })),
    source: createConnection,
    means: taken(identifierTaken, 'identifier'),
  },
  {
    id: 'connection-slot-taken',
    status: 409,
    text: 'A channel connection already exists for integration "slack-prod" with subscriberId "user-1" and no context. Connection ID: acme',
    setup: [post(CONNECTIONS, connection({ identifier: 'acme' }))],
    request: post(CONNECTIONS, connection({ identifier: 'other' })),
    source: createConnection,
    means: taken('One exists already for this integration, subscriber and context.'),
  },
  {
    id: 'connection-shared-slot-taken',
    status: 409,
    text: 'A channel connection already exists for integration "slack-prod" with no subscriberId and context [region:eu, tenant:a]. Connection ID: acme',
    setup: [
      post(
        CONNECTIONS,
        connection({ identifier: 'acme', subscriberId: undefined, context: { tenant: 'a', region: 'eu' } }),
      ),
    ],
    request: post(
      CONNECTIONS,
      connection({ identifier: 'b', subscriberId: undefined, context: { region: 'eu', tenant: 'a' } }),
    ),
    source: createConnection,
    means: taken('One exists already for this integration, subscriber and context.'),
  },
  {
    id: 'connection-refresh-token-without-rotation',
    status: 400,
    text: 'Token rotation is not supported for provider "discord". Remove refreshToken from the connection auth.',
    request: post(CONNECTIONS, connection({ integrationIdentifier: 'discord-prod', auth: rotating })),
    source: createConnection,
    means: invalid("The integration's provider does not take a refresh token.", 'auth', 'refreshToken'),
  },
  {
    id: 'connection-refresh-token-without-credentials',
    status: 400,
    text: 'Integration "slack-dev" must have clientId and secretKey configured to store a rotating refresh token.',
    request: post(CONNECTIONS, connection({ integrationIdentifier: 'slack-dev', auth: rotating })),
    source: createConnection,
    means: invalid(
      'The integration needs clientId and secretKey to keep a refresh token.',
      'auth',
      'refreshToken',
    ),
  },
  {
    id: 'connection-read-unknown',
    status: 404,
    text: "Channel connection with identifier 'gone' not found",
    request: get(`${CONNECTIONS}/gone`),
    source: 'channel-connections/usecases/get-channel-connection',
    means: 'null',
  },
  {
    id: 'connection-delete-unknown',
    status: 404,
    text: "Channel connection with identifier 'gone' not found",
    request: remove(`${CONNECTIONS}/gone`),
    source: 'channel-connections/usecases/delete-channel-connection',
    means: missing(noConnection, 'identifier'),
  },
  {
    id: 'connection-update-unknown',
    status: 404,
    text: 'Channel connection with identifier "gone" not found',
    request: patch(`${CONNECTIONS}/gone`, { workspace, auth }),
    source: 'channel-connections/usecases/update-channel-connection',
    means: missing(noConnection, 'identifier'),
  },
  {
    id: 'connection-update-refresh-token-without-integration',
    status: 404,
    text: 'Integration "slack-prod" not found',
    setup: [post(CONNECTIONS, connection({ identifier: 'acme' })), { remove: 'slack-prod' }],
    request: patch(`${CONNECTIONS}/acme`, { workspace, auth: rotating }),
    source: 'channel-connections/usecases/update-channel-connection',
    means: missing(
      "The connection's integration is gone, and Novu needs it to keep a refresh token.",
      'input',
      'auth',
      'refreshToken',
    ),
  },
  {
    id: 'connection-update-without-auth',
    status: 422,
    text: 'auth should not be null or undefined',
    isIn: 'errors',
    request: patch(`${CONNECTIONS}/acme`, { workspace }),
    source: classValidator,
    means: unreachable(required),
  },
  {
    id: 'connection-workspace-without-id',
    status: 422,
    text: 'workspace.id should not be null or undefined',
    isIn: 'errors',
    request: post(CONNECTIONS, connection({ workspace: {} })),
    source: classValidator,
    means: unreachable(required),
  },
  {
    id: 'connection-verify-is-no-route',
    status: 404,
    text: `Cannot POST ${CONNECTIONS}/acme/verify`,
    request: post(`${CONNECTIONS}/acme/verify`, {}),
    source: 'channel-connections/channel-connections.controller.ts',
    means: { code: 'UNSUPPORTED', path: null, message: 'This Novu server does not offer this.' },
  },
  {
    id: 'connection-list-with-both-cursors',
    status: 400,
    text: 'Cannot specify both "before" and "after" cursors at the same time.',
    request: get(`${CONNECTIONS}?after=${'a'.repeat(24)}&before=${'b'.repeat(24)}`),
    source: 'the cursor lists of libs/dal',
    means: unreachable(ownPaging),
  },
  {
    id: 'connection-list-with-a-large-limit',
    status: 422,
    text: 'limit must not be greater than 100',
    isIn: 'errors',
    request: get(`${CONNECTIONS}?limit=101`),
    source: classValidator,
    means: unreachable(ownPaging),
  },
  {
    id: 'connection-list-with-a-negative-limit',
    status: 422,
    text: 'Validation failed for ListChannelConnectionsCommand: limit: limit must not be less than 1',
    request: get(`${CONNECTIONS}?limit=-1`),
    source: 'libs/application-generic base.command.ts',
    means: unreachable(ownPaging),
  },
  {
    id: 'connection-list-with-a-broken-cursor',
    status: 500,
    text: opaque,
    request: get(`${CONNECTIONS}?after=zzz`),
    source: 'exception-filter.ts',
    means: unreachable(ownPaging),
  },
  {
    id: 'context-of-another-structure',
    status: 422,
    text: 'Invalid context payload structure. Expected object with context types as keys and string IDs or {id, data} objects as values',
    isIn: 'errors',
    request: post(CONNECTIONS, connection({ context: {} })),
    source: 'libs/application-generic context-payload decorator',
    means: unreachable('A list of contexts has at least one entry, and its entries have a type.'),
  },
  {
    id: 'context-too-many',
    status: 422,
    text: 'Too many contexts: 6 provided, maximum allowed is 5',
    isIn: 'errors',
    request: post(CONNECTIONS, connection({ context: { a: '1', b: '1', c: '1', d: '1', e: '1', f: '1' } })),
    source: 'libs/application-generic context-payload decorator',
    means: unreachable('A list of contexts has at most five entries.'),
  },
  {
    id: 'context-data-too-large',
    status: 422,
    text: "Context 'tenant' Data is too large",
    isIn: 'errors',
    request: post(CONNECTIONS, connection({ context: { tenant: { id: 'a', data: large } } })),
    source: 'libs/dal context.repository.ts',
    means: unreachable('The data of a context has at most 64 KB, which the gateway counts as Novu does.'),
  },
  {
    id: 'feature-off',
    status: 404,
    text: 'Feature not enabled',
    options: { featureEnabled: false },
    request: post(CONNECTIONS, connection()),
    source: 'channel-connections.controller.ts before May 2026',
    means: { code: 'UNSUPPORTED', path: null, message: 'This Novu server does not offer this.' },
  },
];

/** Of the form that the schema asks for, but not of the one that Novu does: the key is a secret. */
const misshapen = endpoint({
  integrationIdentifier: 'pagerduty-prod',
  type: 'pagerduty_service',
  endpoint: { routingKey: 'too-short-secret', region: 'us' },
});
const refusedAddress = invalid(
  'Novu refused the address: something in it is not as its type needs it.',
  'address',
  'pagerDutyService',
);
const occupied = 'Novu allows one such endpoint on this integration, and another one exists already.';

const badShape = (type: string): string => `Endpoint must match the required format for type "${type}"`;

const endpoints: readonly NovuText[] = [
  {
    id: 'endpoint-of-another-shape',
    status: 422,
    text: badShape('pagerduty_service'),
    isIn: 'errors',
    request: post(ENDPOINTS, misshapen),
    source: 'channel-endpoints/validators/channel-endpoint.validator.ts',
    means: refusedAddress,
  },
  {
    id: 'endpoint-of-another-shape-in-whole',
    status: 422,
    text: `Validation failed for CreateChannelEndpointCommand: endpoint: ${badShape('pagerduty_service')}`,
    request: post(ENDPOINTS, misshapen),
    source: 'libs/application-generic base.command.ts',
    means: refusedAddress,
  },
  {
    id: 'endpoint-unknown-integration',
    status: 404,
    text: 'Integration not found: gone',
    request: post(ENDPOINTS, endpoint({ integrationIdentifier: 'gone' })),
    source: createEndpoint,
    means: missing(noIntegration, 'input', 'integrationIdentifier'),
  },
  {
    id: 'endpoint-unknown-subscriber',
    status: 404,
    text: 'Subscriber not found: stranger. Pass createSubscriberIfMissing: true to create it, or provision it via POST /v1/subscribers.',
    request: post(ENDPOINTS, endpoint({ subscriberId: 'stranger' })),
    source: createEndpoint,
    means: missing(
      'No subscriber has this id. With createSubscriberIfMissing a newer Novu server makes it.',
      'input',
      'subscriberId',
    ),
  },
  {
    id: 'endpoint-unknown-connection',
    status: 404,
    text: 'Channel connection not found: gone',
    request: post(ENDPOINTS, endpoint({ connectionIdentifier: 'gone' })),
    source: createEndpoint,
    means: missing(
      'No channel connection of this integration has this identifier.',
      'input',
      'connectionIdentifier',
    ),
  },
  {
    id: 'endpoint-identifier-taken',
    status: 409,
    text: `Channel endpoint with identifier "ada" already exists in environment "${environment}"`,
    setup: [post(ENDPOINTS, endpoint({ identifier: 'ada' }))],
    request: post(ENDPOINTS, endpoint({ identifier: 'ada', endpoint: { userId: 'U2' } })),
    source: createEndpoint,
    means: taken(identifierTaken, 'identifier'),
  },
  ...(
    [
      ['pagerduty', 'pagerduty_service', 'PagerDuty', { routingKey: 'a'.repeat(32), region: 'us' }],
      [
        'opsgenie',
        'opsgenie_integration',
        'Opsgenie',
        { apiKey: '00000000-0000-4000-8000-000000000000', region: 'us' },
      ],
      ['grafana', 'grafana_oncall_integration', 'Grafana', { url: 'https://example.com' }],
      ['tool-webhook', 'tool_webhook', 'Tool webhook', { url: 'https://example.com' }],
    ] as const
  ).flatMap(([provider, type, label, address]): NovuText[] => {
    const body = endpoint({ integrationIdentifier: `${provider}-prod`, type, endpoint: address });
    return [
      {
        id: `endpoint-second-${provider}`,
        status: 409,
        text: `${label} endpoint already exists for subscriber "user-1" on integration "${provider}-prod"`,
        setup: [post(ENDPOINTS, body)],
        request: post(ENDPOINTS, body),
        source: createEndpoint,
        means: taken(occupied),
      },
      {
        id: `endpoint-${provider}-on-another-provider`,
        status: 400,
        text: `Channel endpoint type "${type}" requires ${label === 'Opsgenie' ? 'an' : 'a'} ${label} integration`,
        request: post(ENDPOINTS, { ...body, integrationIdentifier: 'slack-prod' }),
        source: createEndpoint,
        means: invalid(
          'The integration is not of the provider that this type of address needs.',
          'integrationIdentifier',
        ),
      },
    ];
  }),
  {
    id: 'endpoint-tool-webhook-with-static-routing',
    status: 400,
    text: 'tool_webhook endpoints require the Tool webhook integration to use dynamic routingMode',
    setup: [
      {
        add: {
          identifier: 'tool-webhook-static',
          providerId: 'tool-webhook',
          channel: 'tool',
          credentials: { routingMode: 'static' },
        },
      },
    ],
    request: post(
      ENDPOINTS,
      endpoint({
        integrationIdentifier: 'tool-webhook-static',
        type: 'tool_webhook',
        endpoint: { url: 'https://example.com' },
      }),
    ),
    source: createEndpoint,
    means: invalid('The integration must use the dynamic routing mode.', 'integrationIdentifier'),
  },
  {
    id: 'endpoint-webex-on-another-provider',
    status: 400,
    text: 'Channel endpoint type "webex_room" requires a Webex Messaging integration',
    request: post(ENDPOINTS, endpoint({ type: 'webex_room', endpoint: { roomId: 'r' } })),
    source: createEndpoint,
    means: invalid(
      'The integration is not of the provider that this type of address needs.',
      'integrationIdentifier',
    ),
  },
  {
    id: 'endpoint-webex-without-connection',
    status: 400,
    text: 'Channel endpoint type "webex_room" requires a connectionIdentifier',
    request: post(
      ENDPOINTS,
      endpoint({ integrationIdentifier: 'webex-prod', type: 'webex_room', endpoint: { roomId: 'r' } }),
    ),
    source: createEndpoint,
    means: invalid('connectionIdentifier is required for this type of address.', 'connectionIdentifier'),
  },
  {
    id: 'endpoint-webex-of-another-context',
    status: 400,
    text: 'Webex endpoint context must match channel connection "webex" context',
    setup: [
      post(
        CONNECTIONS,
        connection({
          identifier: 'webex',
          integrationIdentifier: 'webex-prod',
          context: { tenant: 'a' },
        }),
      ),
    ],
    request: post(
      ENDPOINTS,
      endpoint({
        integrationIdentifier: 'webex-prod',
        connectionIdentifier: 'webex',
        type: 'webex_room',
        endpoint: { roomId: 'r' },
      }),
    ),
    source: createEndpoint,
    means: invalid('The context must be that of the connection.', 'context'),
  },
  ...(
    [
      ['slack_user', 'slack-prod'],
      ['ms_teams_user', 'teams-prod'],
    ] as const
  ).flatMap(([type, integrationIdentifier]): NovuText[] => [
    {
      id: `endpoint-second-${type}`,
      status: 500,
      text: opaque,
      setup: [post(ENDPOINTS, endpoint({ type, integrationIdentifier }))],
      request: post(ENDPOINTS, endpoint({ type, integrationIdentifier, subscriberId: 'user-2' })),
      source: 'libs/dal channel-endpoint.schema.ts:73',
      means: taken(occupied),
    },
    {
      id: `endpoint-change-to-a-taken-${type}`,
      status: 500,
      text: opaque,
      setup: [
        post(ENDPOINTS, endpoint({ type, integrationIdentifier })),
        post(
          ENDPOINTS,
          endpoint({ type, integrationIdentifier, identifier: 'ada', endpoint: { userId: 'U2' } }),
        ),
      ],
      request: patch(`${ENDPOINTS}/ada`, { endpoint: { userId: 'U1' } }),
      source: 'libs/dal channel-endpoint.schema.ts:73',
      means: taken(occupied),
    },
  ]),
  {
    id: 'endpoint-read-unknown',
    status: 404,
    text: "Channel endpoint with identifier 'gone' not found",
    request: get(`${ENDPOINTS}/gone`),
    source: 'channel-endpoints/usecases/get-channel-endpoint',
    means: 'null',
  },
  {
    id: 'endpoint-delete-unknown',
    status: 404,
    text: "Channel endpoint with identifier 'gone' not found",
    request: remove(`${ENDPOINTS}/gone`),
    source: 'channel-endpoints/usecases/delete-channel-endpoint',
    means: missing(noEndpoint, 'identifier'),
  },
  {
    id: 'endpoint-update-unknown',
    status: 404,
    text: `Channel endpoint with identifier "gone" not found in environment "${environment}"`,
    request: patch(`${ENDPOINTS}/gone`, { endpoint: { userId: 'U2' } }),
    source: 'channel-endpoints/usecases/update-channel-endpoint/update-channel-endpoint.usecase.ts',
    means: missing(noEndpoint, 'identifier'),
  },
  {
    id: 'endpoint-update-of-another-shape',
    status: 400,
    text: badShape('slack_user'),
    setup: [post(ENDPOINTS, endpoint({ identifier: 'ada' }))],
    request: patch(`${ENDPOINTS}/ada`, { endpoint: { channelId: 'C1' } }),
    source: 'channel-endpoints/usecases/update-channel-endpoint/update-channel-endpoint.usecase.ts',
    means: invalid(
      'The address must be of the type that the endpoint was made with, and in its form.',
      'address',
      'slackChannel',
    ),
  },
];

const needsIdentifier = 'Integration identifier is required';
const noCredentials = missing(
  'The integration lacks the credentials that OAuth needs.',
  'input',
  'integrationIdentifier',
);

const links: readonly NovuText[] = [
  {
    id: 'oauth-empty-integration',
    status: 422,
    text: needsIdentifier,
    isIn: 'errors',
    request: post(CONNECT, owner({ integrationIdentifier: '' })),
    source: 'integrations/dtos/generate-connect-oauth-url-request.dto.ts',
    means: unreachable(notEmpty),
  },
  {
    id: 'oauth-unknown-integration',
    status: 404,
    text: `Integration not found: gone in environment ${environment}`,
    request: post(CONNECT, owner({ integrationIdentifier: 'gone' })),
    source: 'integrations/usecases/generate-chat-oath-url/generate-connect-oauth-url.usecase.ts',
    means: missing(noIntegration, 'input', 'integrationIdentifier'),
  },
  {
    id: 'oauth-provider-without-oauth',
    status: 404,
    text: `Integration not found: discord-prod in environment ${environment}`,
    request: post(LINK_USER, owner({ integrationIdentifier: 'discord-prod' })),
    source: 'integrations/usecases/generate-chat-oath-url/generate-link-user-oauth-url.usecase.ts',
    means: missing(noIntegration, 'input', 'integrationIdentifier'),
  },
  {
    id: 'oauth-empty-subscriber',
    status: 422,
    text: 'subscriberId should not be empty',
    isIn: 'errors',
    request: post(LINK_USER, owner({ subscriberId: '' })),
    source: classValidator,
    means: unreachable(notEmpty),
  },
  {
    id: 'oauth-of-nobody',
    status: 400,
    text: 'Either subscriberId or context must be provided',
    request: post(CONNECT, owner({ subscriberId: undefined })),
    source: connectionUtils,
    means: unreachable(ownRule),
  },
  {
    id: 'oauth-webhook-of-nobody',
    status: 400,
    text: 'subscriberId is required for incoming webhook',
    request: post(
      CONNECT,
      owner({ subscriberId: undefined, context: { tenant: 'a' }, scope: ['incoming-webhook'] }),
    ),
    source: slackUrl,
    means: invalid('subscriberId is required for the scope incoming-webhook.', 'subscriberId'),
  },
  {
    id: 'oauth-slack-without-credentials',
    status: 404,
    text: 'Slack integration missing credentials ',
    request: post(CONNECT, owner({ integrationIdentifier: 'slack-dev' })),
    source: slackUrl,
    means: noCredentials,
  },
  {
    id: 'oauth-slack-without-client-id',
    status: 404,
    text: 'Slack integration missing required OAuth credentials (clientId) ',
    setup: [{ add: { identifier: 'slack-dev', providerId: 'slack', channel: 'chat', credentials: {} } }],
    request: post(CONNECT, owner({ integrationIdentifier: 'slack-dev' })),
    source: slackUrl,
    means: noCredentials,
  },
  {
    id: 'oauth-teams-of-nobody',
    status: 400,
    text: 'Either subscriberId or context must be provided',
    request: post(CONNECT, {
      integrationIdentifier: 'teams-prod',
      connectionMode: 'shared',
    }),
    source: teamsUrl,
    means: unreachable(ownRule),
  },
  {
    id: 'oauth-teams-unknown-subscriber',
    status: 404,
    text: 'Subscriber not found: stranger',
    request: post(CONNECT, owner({ integrationIdentifier: 'teams-prod', subscriberId: 'stranger' })),
    source: `${teamsUrl}/generate-msteams-oauth-url.usecase.ts:103`,
    means: missing('No subscriber has this id.', 'input', 'subscriberId'),
  },
  {
    id: 'oauth-teams-without-credentials',
    status: 404,
    text: 'MS Teams integration missing credentials ',
    setup: [{ add: { identifier: 'teams-dev', providerId: 'msteams', channel: 'chat' } }],
    request: post(CONNECT, owner({ integrationIdentifier: 'teams-dev' })),
    source: teamsUrl,
    means: noCredentials,
  },
  {
    id: 'oauth-teams-without-client-id',
    status: 404,
    text: 'MS Teams integration missing clientId',
    setup: [{ add: { identifier: 'teams-dev', providerId: 'msteams', channel: 'chat', credentials: {} } }],
    request: post(CONNECT, owner({ integrationIdentifier: 'teams-dev' })),
    source: `${teamsUrl}/generate-msteams-oauth-url.usecase.ts:42`,
    means: noCredentials,
  },
  {
    id: 'oauth-webex-without-connection',
    status: 400,
    text: 'connectionIdentifier is required for Webex link_user mode',
    request: post(LINK_USER, owner({ integrationIdentifier: 'webex-prod' })),
    source: `${webexUrl}/generate-webex-oauth-url.usecase.ts:79`,
    means: invalid(
      "connectionIdentifier is required for the integration's provider.",
      'connectionIdentifier',
    ),
  },
  {
    id: 'oauth-webex-without-subscriber',
    status: 400,
    text: 'subscriberId is required for link_user mode',
    request: post('/v1/integrations/chat/oauth', {
      integrationIdentifier: 'webex-prod',
      mode: 'link_user',
      connectionIdentifier: 'webex',
    }),
    source: webexUrl,
    means: unreachable('The route is deprecated, and the input requires subscriberId.'),
  },
  {
    id: 'oauth-webex-without-credentials',
    status: 404,
    text: 'Webex Messaging integration missing credentials',
    setup: [{ add: { identifier: 'webex-dev', providerId: 'webex-messaging', channel: 'chat' } }],
    request: post(CONNECT, owner({ integrationIdentifier: 'webex-dev' })),
    source: webexUrl,
    means: noCredentials,
  },
  {
    id: 'oauth-webex-without-client-id',
    status: 404,
    text: 'Webex Messaging integration missing required OAuth credentials (clientId)',
    setup: [
      { add: { identifier: 'webex-dev', providerId: 'webex-messaging', channel: 'chat', credentials: {} } },
    ],
    request: post(CONNECT, owner({ integrationIdentifier: 'webex-dev' })),
    source: webexUrl,
    means: noCredentials,
  },
  {
    id: 'hmac-without-context',
    status: 400,
    text: 'A context is required when HMAC validation is enabled.',
    request: post(CONNECT, owner({ integrationIdentifier: 'slack-hmac' })),
    source: `${verifier}:45`,
    means: invalid('context is required: the integration checks contexts.', 'context'),
  },
  {
    id: 'hmac-without-hash',
    status: 400,
    text: 'A valid contextHash is required when HMAC validation is enabled.',
    request: post(CONNECT, owner({ integrationIdentifier: 'slack-hmac', context: { tenant: 'a' } })),
    source: verifier,
    means: invalid('contextHash is required: the integration checks contexts.', 'contextHash'),
  },
  {
    id: 'hmac-with-another-hash',
    status: 400,
    text: 'Please provide a valid context HMAC hash',
    request: post(
      LINK_USER,
      owner({ integrationIdentifier: 'slack-hmac', context: { tenant: 'a' }, contextHash: 'wrong' }),
    ),
    source: 'inbox/utils/encryption.ts',
    means: invalid('contextHash is not that of the context.', 'contextHash'),
  },
  {
    id: 'link-unknown-integration',
    status: 404,
    text: 'Integration gone not found',
    request: post(LINK, owner({ integrationIdentifier: 'gone' })),
    source: 'integrations/integrations.controller.ts:976',
    means: missing(noIntegration, 'input', 'integrationIdentifier'),
  },
  {
    id: 'link-provider-without-links',
    status: 400,
    text: 'Provider "slack" does not support subscriber chat linking via this endpoint.',
    request: post(LINK, owner()),
    source: 'integrations/integrations.controller.ts:1004',
    means: invalid("The integration's provider has no such links.", 'integrationIdentifier'),
  },
  {
    id: 'link-without-bot-token',
    status: 422,
    text: 'Bot Token is missing from integration credentials. Save the Bot Token and re-run the webhook configuration first.',
    setup: [telegram({})],
    request: post(LINK, owner({ integrationIdentifier: 'telegram-other' })),
    source: telegramLink,
    means: invalid('The integration lacks the bot token that a link needs.', 'integrationIdentifier'),
  },
  {
    id: 'link-with-a-refused-bot-token',
    status: 502,
    text: 'Telegram getMe failed: Unauthorized',
    setup: [telegram({ apiToken: 'revoked-sandbox-secret' })],
    request: post(LINK, owner({ integrationIdentifier: 'telegram-other' })),
    source: telegramLink,
    means: {
      code: 'PROVIDER_REFUSED',
      path: ['input', 'integrationIdentifier'],
      message: "The chat provider refused the integration's bot token.",
    },
  },
  {
    id: 'link-without-telegram',
    status: 502,
    text: 'Failed to reach Telegram API (getMe): timeout of 10000ms exceeded',
    setup: [telegram({ apiToken: 'unreachable-sandbox-secret' })],
    request: post(LINK, owner({ integrationIdentifier: 'telegram-other' })),
    source: telegramLink,
    means: failed,
  },
  {
    id: 'link-without-cache',
    status: 503,
    text: 'Could not issue a Telegram connection link because the cache is unavailable. Try again shortly.',
    options: { cacheAvailable: false, rateLimiting: false },
    request: post(LINK, owner({ integrationIdentifier: 'telegram-prod' })),
    source: telegramLink,
    means: failed,
  },
  {
    id: 'callback-without-state',
    status: 400,
    text: 'Invalid OAuth state parameter - cannot extract provider',
    request: get('/v1/integrations/chat/oauth/callback?code=x'),
    source: callback,
    means: unreachable('The provider sends the browser to this route of Novu.'),
  },
];

const subscribers: readonly NovuText[] = [
  {
    id: 'subscriber-read-unknown',
    status: 404,
    text: 'Subscriber: stranger was not found',
    request: get(`${SUBSCRIBERS}/stranger`),
    source: 'subscribers-v2/usecases/get-subscriber',
    means: noOperation,
  },
  {
    id: 'subscriber-update-unknown',
    status: 404,
    text: 'Subscriber stranger was not found',
    request: patch(`${SUBSCRIBERS}/stranger`, { firstName: 'Ada' }),
    source: 'subscribers-v2/usecases/patch-subscriber/patch-subscriber.usecase.ts',
    means: noOperation,
  },
  {
    id: 'subscriber-delete-unknown',
    status: 404,
    text: 'Subscriber was not found',
    request: remove(`${SUBSCRIBERS}/stranger`),
    source: 'subscribers-v2/usecases/remove-subscriber/remove-subscriber.usecase.ts',
    means: noOperation,
  },
  {
    id: 'subscriber-exists',
    status: 409,
    text: 'Subscriber with id "user-1" already exists',
    request: post(`${SUBSCRIBERS}?failIfExists=true`, { subscriberId: 'user-1' }),
    source: 'subscribers-v2/subscribers.controller.ts',
    means: noOperation,
  },
  {
    id: 'subscriber-id-of-other-characters',
    status: 400,
    text: 'Invalid subscriberId: a b, only alphanumeric characters, -, _, and . or valid email addresses are allowed',
    options: { checksSubscriberIds: true },
    setup: [post(SUBSCRIBERS, { subscriberId: 'a b' })],
    request: patch(`${SUBSCRIBERS}/a%20b`, { firstName: 'Ada' }),
    source: 'subscribers-v2/usecases/patch-subscriber/patch-subscriber.usecase.ts',
    means: noOperation,
  },
  ...(
    [
      ['subscriberId', '', 'should not be empty'],
      ['email', 'ada', 'must be an email'],
      ['locale', 'Queen’s English', 'must be locale'],
      ['timezone', 'Europe/Atlantis', 'must be a valid IANA time-zone'],
      ['firstName', 7, 'must be a string'],
      ['data', 'text', 'must be an object'],
    ] as const
  ).map(
    ([field, value, words]): NovuText => ({
      id: `subscriber-${field}`,
      status: 422,
      text: `${field} ${words}`,
      isIn: 'errors',
      request: post(SUBSCRIBERS, { subscriberId: 'new', [field]: value }),
      source: classValidator,
      means: noOperation,
    }),
  ),
  {
    id: 'subscriber-list-with-both-cursors',
    status: 400,
    text: 'Cannot specify both "before" and "after" cursors at the same time.',
    request: get(`${SUBSCRIBERS}?after=${'a'.repeat(24)}&before=${'b'.repeat(24)}`),
    source: 'the cursor lists of libs/dal',
    means: noOperation,
  },
];

const contexts: readonly NovuText[] = [
  {
    id: 'context-read-unknown',
    status: 404,
    text: `Context with id 'acme' and type 'tenant' not found in environment ${environment}`,
    request: get(`${CONTEXTS}/tenant/acme`),
    source: 'contexts/usecases/get-context',
    means: noOperation,
  },
  {
    id: 'context-update-unknown',
    status: 404,
    text: "Context with type 'tenant' and id 'acme' not found",
    request: patch(`${CONTEXTS}/tenant/acme`, { data: {} }),
    source: 'contexts/usecases/update-context',
    means: noOperation,
  },
  {
    id: 'context-delete-unknown',
    status: 404,
    text: "Context with type 'tenant' and id 'acme' not found",
    request: remove(`${CONTEXTS}/tenant/acme`),
    source: 'contexts/usecases/delete-context',
    means: noOperation,
  },
  {
    id: 'context-exists',
    status: 409,
    text: "Context with type 'tenant' and id 'acme' already exists",
    setup: [post(CONTEXTS, { type: 'tenant', id: 'acme' })],
    request: post(CONTEXTS, { type: 'tenant', id: 'acme' }),
    source: 'contexts/usecases/create-context',
    means: noOperation,
  },
  {
    id: 'context-without-type',
    status: 422,
    text: 'type should not be null or undefined',
    isIn: 'errors',
    request: post(CONTEXTS, { id: 'acme' }),
    source: classValidator,
    means: noOperation,
  },
  {
    id: 'context-type-of-other-characters',
    status: 422,
    text: 'Type must be lowercase alphanumeric with optional ., _, or - separators',
    isIn: 'errors',
    request: post(CONTEXTS, { type: 'a tenant', id: 'acme' }),
    source: 'contexts/dtos/create-context-request.dto.ts',
    means: noOperation,
  },
  {
    id: 'context-id-of-other-characters',
    status: 422,
    text: 'ID must be lowercase alphanumeric with optional ., _, or - separators',
    isIn: 'errors',
    request: post(CONTEXTS, { type: 'tenant', id: 'Acme!' }),
    source: 'contexts/dtos/create-context-request.dto.ts',
    means: noOperation,
  },
  {
    id: 'context-update-without-data',
    status: 422,
    text: 'data should not be null or undefined',
    isIn: 'errors',
    request: patch(`${CONTEXTS}/tenant/acme`, {}),
    source: classValidator,
    means: noOperation,
  },
  {
    id: 'context-list-with-both-cursors',
    status: 400,
    text: 'Cannot specify both "before" and "after" cursors at the same time.',
    request: get(`${CONTEXTS}?after=${'a'.repeat(24)}&before=${'b'.repeat(24)}`),
    source: 'the cursor lists of libs/dal',
    means: noOperation,
  },
];

const key = { 'Idempotency-Key': 'k' };
const longKey = 'x'.repeat(256);

const layers: readonly NovuText[] = [
  {
    id: 'key-of-another-body',
    status: 422,
    text: 'Request with key "k" is being reused for a different body',
    setup: [post(CONNECTIONS, connection({ identifier: 'acme' }), key)],
    request: post(CONNECTIONS, connection({ identifier: 'other', subscriberId: 'user-2' }), key),
    source: idempotencyInterceptor,
    means: {
      code: 'IDEMPOTENCY_KEY_REUSED',
      path: ['idempotencyKey'],
      message: 'The idempotency key was used for another input before.',
    },
  },
  {
    id: 'key-in-progress',
    status: 409,
    text: 'Request with key "k" is currently being processed. Please retry after 1 second',
    setup: [{ fault: { kind: 'reset-before', leavesKey: true } }, post(CONNECTIONS, connection(), key)],
    request: post(CONNECTIONS, connection(), key),
    source: idempotencyInterceptor,
    means: unreachable(freshKey),
  },
  {
    id: 'key-too-long',
    status: 400,
    text: `idempotencyKey "${longKey}" has exceeded the maximum allowed length of 255 characters`,
    request: post(CONNECTIONS, connection(), { 'Idempotency-Key': longKey }),
    source: idempotencyInterceptor,
    means: unreachable('The gateway refuses longer keys, with the same limit.'),
  },
  {
    id: 'replay-of-a-command-refusal',
    status: 400,
    text: `Validation failed for CreateChannelEndpointCommand: endpoint: ${badShape('pagerduty_service')}`,
    setup: [post(ENDPOINTS, misshapen, key)],
    request: post(ENDPOINTS, misshapen, key),
    source: 'shared/framework/idempotency-http-error.ts, libs/application-generic base.command.ts:95',
    means: refusedAddress,
  },
  {
    id: 'replay-of-a-server-error',
    status: 500,
    text: opaque,
    setup: [{ fault: { kind: 'error-before', status: 503 } }, post(CONNECTIONS, connection(), key)],
    request: post(CONNECTIONS, connection(), key),
    source: 'shared/framework/idempotency-http-error.ts',
    means: unreachable(freshKey),
  },
  {
    id: 'replay-of-a-refusal-on-older-servers',
    status: 503,
    text: 'Service Unavailable',
    options: { replayMode: 'old' },
    setup: [post(CONNECTIONS, connection({ subscriberId: 'stranger' }), key)],
    request: post(CONNECTIONS, connection({ subscriberId: 'stranger' }), key),
    source: 'the idempotency interceptor before August 2026',
    means: unreachable(freshKey),
  },
  {
    id: 'key-without-cache',
    status: 503,
    text: 'Service Unavailable',
    options: { cacheAvailable: false, rateLimiting: false },
    request: post(CONNECTIONS, connection(), key),
    source: idempotencyInterceptor,
    means: topLevel('UPSTREAM_UNAVAILABLE', 'Novu failed to answer.'),
  },
  {
    id: 'rate-limit-used-up',
    status: 429,
    text: 'API rate limit exceeded',
    gateway: { readTimeoutMs: 5_000 },
    setup: [{ fault: { kind: 'rate-limited', retryAfterSeconds: 60 } }],
    request: get(CONNECTIONS),
    source: 'the guard of the rate limit',
    means: topLevel('RATE_LIMITED', "Novu's rate limit is used up."),
  },
  {
    id: 'rate-limit-without-cache',
    status: 503,
    text: 'Rate limiting cache service is not available',
    options: { cacheAvailable: false },
    request: get(CONNECTIONS),
    source: 'the guard of the rate limit',
    means: topLevel('UPSTREAM_UNAVAILABLE', 'Novu failed to answer.'),
  },
  ...(
    [
      ['missing', '', 'Missing authorization header'],
      ['of-another-scheme', 'Token abc', 'Invalid authentication scheme: "Token"'],
      ['empty', 'ApiKey ', 'Unauthorized'],
      ['unknown', 'ApiKey wrong', 'API Key not found'],
    ] as const
  ).map(
    ([name, authorization, text]): NovuText => ({
      id: `api-key-${name}`,
      status: 401,
      text,
      request: { ...get(CONNECTIONS), headers: { Authorization: authorization } },
      source: guard,
      gateway: { secretKey: 'wrong' },
      means:
        name === 'unknown'
          ? topLevel(
              'UPSTREAM_AUTH_FAILED',
              "Novu refused the gateway's own key; the operator of the gateway has to look at it.",
            )
          : unreachable('The gateway has a key, and sends it with the scheme ApiKey.'),
    }),
  ),
  {
    id: 'body-too-large',
    status: 413,
    text: 'Payload Too Large',
    request: post(CONNECTIONS, connection({ padding: 'x'.repeat(110_000) })),
    source: 'express.json with its default limit',
    means: unreachable('The gateway counts the body before it sends it.'),
  },
  {
    id: 'route-unknown',
    status: 404,
    text: 'Cannot GET /v1/nope',
    request: get('/v1/nope'),
    source: '@nestjs/core',
    means: unreachable('The gateway knows its routes.'),
  },
];

/** Every refusal of the routes that the gateway's domain has. */
export const novuTexts: readonly NovuText[] = [
  ...connections,
  ...endpoints,
  ...links,
  ...subscribers,
  ...contexts,
  ...layers,
];
