import { createHmac, randomBytes } from 'node:crypto';
import { badRequest, notFound } from './errors.ts';
import { type OauthMode, oauthUrl, signState } from './oauth.ts';
import { ENVIRONMENT_ID } from './seed.ts';
import { type Call, type Handlers, knowsSubscriber, requireFeature, type State } from './state.ts';
import type { StoredIntegration } from './store.ts';
import {
  CONNECTION_MODES,
  checkConnectionMode,
  collectChecks,
  isRecord,
  type Json,
  textOf,
} from './validation.ts';

const OAUTH_PROVIDERS: ReadonlySet<string> = new Set([
  'slack',
  'novu',
  'novu-slack',
  'msteams',
  'webex-messaging',
]);
const LINK_MS = 600_000;

type Operation = 'list' | 'active' | 'chatOauth' | 'connectOauth' | 'linkUserOauth' | 'link';

export const integrationHandlers = (state: State): Handlers<Operation> => ({
  list: (): unknown => [...state.integrations.values()],

  active: (): unknown => [...state.integrations.values()].filter(({ active }) => active),

  /** Deprecated by Novu; the only one that takes `mode`, and not for Webex. */
  chatOauth({ body }: Call): unknown {
    const checks = checkOauthBody(body);
    checks.optionalString(body['subscriberId'], 'subscriberId');
    checks.optionalOneOf(body['mode'], 'mode', ['connect', 'link_user']);
    checks.done();
    requireFeature(state);
    const integration = requireOauthIntegration(state, body);
    if (integration.providerId === 'webex-messaging') {
      throw badRequest(`OAuth not supported for provider: ${integration.providerId}`);
    }
    return authorize(state, body, integration, body['mode'] === 'link_user' ? 'link_user' : 'connect');
  },

  connectOauth({ body }: Call): unknown {
    const checks = checkOauthBody(body);
    checks.optionalString(body['subscriberId'], 'subscriberId');
    checks.done();
    requireFeature(state);
    return authorize(state, body, requireOauthIntegration(state, body), 'connect');
  },

  linkUserOauth({ body }: Call): unknown {
    const checks = checkOauthBody(body);
    checks.filledString(body['subscriberId'], 'subscriberId');
    checks.done();
    requireFeature(state);
    return authorize(state, body, requireOauthIntegration(state, body), 'link_user');
  },

  /** Telegram only: a deep link that carries a one-time code. */
  link({ body }: Call): unknown {
    const checks = collectChecks();
    checks.filledString(body['integrationIdentifier'], 'integrationIdentifier');
    checks.filledString(body['subscriberId'], 'subscriberId');
    checks.context(body['context']);
    checks.optionalString(body['contextHash'], 'contextHash');
    checks.done();
    requireFeature(state);
    const integration = requireIntegrationHere(state, body);
    if (integration.providerId !== 'telegram') {
      throw badRequest(`Channel endpoint linking is not supported for provider: ${integration.providerId}`);
    }
    checkContextHash(state, body, integration);
    requireSubscriber(state, body['subscriberId']);
    const botUsername = textOf(integration.credentials?.['botUsername']);
    const code = randomBytes(24).toString('base64url');
    return {
      url: `https://t.me/${botUsername}?start=${code}`,
      providerMetadata: { botUsername, expiresAt: new Date(state.options.clock() + LINK_MS).toISOString() },
    };
  },
});

function checkOauthBody(body: Json): ReturnType<typeof collectChecks> {
  const checks = collectChecks();
  checks.string(body['integrationIdentifier'], 'integrationIdentifier');
  checks.optionalString(body['connectionIdentifier'], 'connectionIdentifier');
  checks.context(body['context']);
  checks.optionalString(body['contextHash'], 'contextHash');
  checks.optionalStrings(body['scope'], 'scope');
  checks.optionalStrings(body['userScope'], 'userScope');
  checks.optionalOneOf(body['connectionMode'], 'connectionMode', CONNECTION_MODES);
  checks.optionalBoolean(body['autoLinkUser'], 'autoLinkUser');
  return checks;
}

function requireIntegrationHere(state: State, body: Json): StoredIntegration {
  const identifier = textOf(body['integrationIdentifier']);
  const integration = state.integrations.get(identifier);
  if (!integration) throw missingIntegration(identifier);
  return integration;
}

function requireOauthIntegration(state: State, body: Json): StoredIntegration {
  const integration = requireIntegrationHere(state, body);
  if (!OAUTH_PROVIDERS.has(integration.providerId)) throw missingIntegration(integration.identifier);
  return integration;
}

const missingIntegration = (identifier: string): Error =>
  notFound(`Integration not found: ${identifier} in environment ${ENVIRONMENT_ID}`);

function requireSubscriber(state: State, subscriberId: unknown): void {
  if (typeof subscriberId !== 'string' || subscriberId === '') return;
  if (!knowsSubscriber(state, subscriberId)) throw notFound(`Subscriber not found: ${subscriberId}`);
}

function checkContextHash(state: State, body: Json, integration: StoredIntegration): void {
  if (integration.credentials?.['hmac'] !== true || !body['context']) return;
  const { contextHash } = body;
  if (!contextHash) throw badRequest('A valid contextHash is required when HMAC validation is enabled.');
  const expected = createHmac('sha256', state.options.secretKey)
    .update(canonical(body['context']))
    .digest('hex');
  if (contextHash !== expected) throw badRequest('Please provide a valid context HMAC hash');
}

/** JSON with sorted keys at every level. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );

function authorize(
  state: State,
  body: Json,
  integration: StoredIntegration,
  mode: OauthMode,
): { url: string } {
  checkContextHash(state, body, integration);
  const { subscriberId, scope } = body;
  if (Array.isArray(scope) && scope.includes('incoming-webhook') && !subscriberId) {
    throw badRequest('subscriberId is required for incoming webhook');
  }
  checkConnectionMode(body);
  requireSubscriber(state, subscriberId);
  const { credentials } = integration;
  const provider =
    integration.providerId === 'msteams'
      ? 'MS Teams'
      : integration.providerId === 'webex-messaging'
        ? 'Webex'
        : 'Slack';
  if (!credentials) throw notFound(`${provider} integration missing credentials `);
  if (!credentials['clientId']) {
    throw notFound(`${provider} integration missing required OAuth credentials (clientId) `);
  }
  const oauthState = signState(
    {
      identifier: body['connectionIdentifier'],
      subscriberId,
      context: body['context'],
      environmentId: ENVIRONMENT_ID,
      organizationId: integration._organizationId,
      integrationIdentifier: integration.identifier,
      providerId: integration.providerId,
      timestamp: state.options.clock(),
      mode,
      connectionMode: body['connectionMode'],
      autoLinkUser: body['autoLinkUser'],
    },
    state.options.secretKey,
  );
  return { url: oauthUrl(integration.providerId, mode, credentials, oauthState, body) };
}
