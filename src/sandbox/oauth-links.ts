import { createHmac } from 'node:crypto';
import { consentUrl } from './consent-page.ts';
import { badRequest, notFound } from './errors.ts';
import { CALLBACK_PATH, type OauthMode, signState, slackUrl, teamsUrl, webexUrl } from './oauth.ts';
import { ENVIRONMENT_ID } from './seed.ts';
import { createSubscriber, knowsSubscriber, type State } from './state.ts';
import type { StoredIntegration } from './rows.ts';
import { checkConnectionMode, isRecord, type Json, textOf } from './validation.ts';

type Provider = {
  /** Whether a missing subscriber is created with the link. */
  createsSubscriber: boolean;
  /** Its own rules on the body. */
  check: (body: Json, mode: OauthMode) => void;
  /** The messages for missing credentials, and for a missing client id. */
  missing: readonly [credentials: string, clientId: string];
  url: typeof slackUrl;
};

const SLACK: Provider = {
  createsSubscriber: true,
  check(body) {
    const { subscriberId, scope } = body;
    if (Array.isArray(scope) && scope.includes('incoming-webhook') && !subscriberId) {
      throw badRequest('subscriberId is required for incoming webhook');
    }
    checkConnectionMode(body);
  },
  // Both messages of Novu's end in a space.
  missing: [
    'Slack integration missing credentials ',
    'Slack integration missing required OAuth credentials (clientId) ',
  ],
  url: slackUrl,
};

const PROVIDERS: ReadonlyMap<string, Provider> = new Map([
  ['slack', SLACK],
  ['novu-slack', SLACK],
  [
    'msteams',
    {
      createsSubscriber: false,
      // connectionMode is not looked at.
      check: (body) => checkConnectionMode({ ...body, connectionMode: undefined }),
      missing: ['MS Teams integration missing credentials ', 'MS Teams integration missing clientId'],
      url: teamsUrl,
    },
  ],
  [
    'webex-messaging',
    {
      createsSubscriber: true,
      check(body, mode) {
        if (mode === 'connect') return checkConnectionMode(body);
        if (!body['subscriberId']) throw badRequest('subscriberId is required for link_user mode');
        if (!body['connectionIdentifier']) {
          throw badRequest('connectionIdentifier is required for Webex link_user mode');
        }
      },
      missing: [
        'Webex Messaging integration missing credentials',
        'Webex Messaging integration missing required OAuth credentials (clientId)',
      ],
      url: webexUrl,
    },
  ],
]);

/** The integration that an OAuth link is for; only those of providers with OAuth are found. */
export function requireOauthIntegration(state: State, body: Json): StoredIntegration {
  const identifier = textOf(body['integrationIdentifier']);
  const integration = state.integrations.get(identifier);
  if (!integration || !PROVIDERS.has(integration.providerId)) {
    throw notFound(`Integration not found: ${identifier} in environment ${ENVIRONMENT_ID}`);
  }
  return integration;
}

/** An integration with `hmac` takes only contexts that the customer's own server has signed. */
export function checkContextHash(state: State, body: Json, integration: StoredIntegration): void {
  if (!integration.credentials?.['hmac']) return;
  const { context, contextHash } = body;
  if (!context) throw badRequest('A context is required when HMAC validation is enabled.');
  if (!contextHash) throw badRequest('A valid contextHash is required when HMAC validation is enabled.');
  const expected = createHmac('sha256', state.options.secretKey).update(canonical(context)).digest('hex');
  if (contextHash !== expected) throw badRequest('Please provide a valid context HMAC hash');
}

/** JSON with sorted keys at every level. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );

export function authorize(
  state: State,
  body: Json,
  integration: StoredIntegration,
  mode: OauthMode,
): { url: string } {
  const provider = PROVIDERS.get(integration.providerId);
  if (!provider) throw new Error('Checked when the integration was looked up');
  provider.check(body, mode);
  ensureSubscriber(state, body['subscriberId'], provider.createsSubscriber);
  const { credentials } = integration;
  if (!credentials) throw notFound(provider.missing[0]);
  if (!credentials['clientId']) throw notFound(provider.missing[1]);
  const signed = signState(
    {
      identifier: body['connectionIdentifier'],
      subscriberId: body['subscriberId'],
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
  const redirectUri = `${state.url}${CALLBACK_PATH}`;
  const url = provider.url({ mode, credentials, state: signed, body, redirectUri });
  return { url: state.options.consentPages === 'sandbox' ? consentUrl(state.url, url) : url };
}

export function ensureSubscriber(state: State, subscriberId: unknown, mayCreate: boolean): void {
  if (typeof subscriberId !== 'string' || subscriberId === '') return;
  if (state.subscribers.has(subscriberId)) return;
  if (mayCreate && state.options.oauthSubscribers === 'created') createSubscriber(state, subscriberId);
  else if (!knowsSubscriber(state, subscriberId)) throw notFound(`Subscriber not found: ${subscriberId}`);
}
