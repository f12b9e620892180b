import { randomBytes } from 'node:crypto';
import { badRequest, httpError, notFound } from './errors.ts';
import { authorize, checkContextHash, ensureSubscriber, requireOauthIntegration } from './oauth-links.ts';
import { type Call, type Handlers, requireFeature, type State } from './state.ts';
import { CONNECTION_MODES, collectChecks, type Json, textOf } from './validation.ts';

const LINK_MS = 600_000;

type Operation = 'list' | 'active' | 'chatOauth' | 'connectOauth' | 'linkUserOauth' | 'link';

export const integrationHandlers = (state: State): Handlers<Operation> => {
  const listed = () => [
    ...state.integrations.values(),
    ...(state.options.listedIntegrations === 'organization' ? state.foreignIntegrations : []),
  ];
  return {
    list: (): unknown => listed(),

    active: (): unknown => listed().filter(({ active }) => active),

    /** Deprecated by Novu; the only one that takes `mode`, and it checks no contextHash. */
    chatOauth({ body }: Call): unknown {
      const checks = checkOauthBody(body);
      checks.optionalString(body['subscriberId'], 'subscriberId');
      checks.optionalOneOf(body['mode'], 'mode', ['connect', 'link_user']);
      checks.done();
      requireFeature(state);
      const mode = body['mode'] === 'link_user' ? 'link_user' : 'connect';
      return authorize(state, body, requireOauthIntegration(state, body), mode);
    },

    connectOauth({ body }: Call): unknown {
      const checks = checkOauthBody(body);
      checks.optionalString(body['subscriberId'], 'subscriberId');
      checks.done();
      requireFeature(state);
      const integration = requireOauthIntegration(state, body);
      checkContextHash(state, body, integration);
      return authorize(state, body, integration, 'connect');
    },

    linkUserOauth({ body }: Call): unknown {
      const checks = checkOauthBody(body);
      checks.filledString(body['subscriberId'], 'subscriberId');
      checks.done();
      requireFeature(state);
      const integration = requireOauthIntegration(state, body);
      checkContextHash(state, body, integration);
      return authorize(state, body, integration, 'link_user');
    },

    /**
     * Telegram only: a deep link that carries a one-time code. A bot token that begins with "revoked" is one that
     * Telegram refuses, one that begins with "unreachable" meets no answer.
     */
    link({ body }: Call): unknown {
      const checks = collectChecks();
      checks.filledString(body['integrationIdentifier'], 'integrationIdentifier');
      checks.filledString(body['subscriberId'], 'subscriberId');
      checks.context(body['context']);
      checks.optionalString(body['contextHash'], 'contextHash');
      checks.done();
      requireFeature(state);
      const identifier = textOf(body['integrationIdentifier']);
      const integration = state.integrations.get(identifier);
      if (!integration) throw notFound(`Integration ${identifier} not found`);
      if (integration.providerId !== 'telegram') {
        throw badRequest(
          `Provider "${integration.providerId}" does not support subscriber chat linking via this endpoint.`,
        );
      }
      checkContextHash(state, body, integration);
      const token = textOf(integration.credentials?.['apiToken']);
      if (!token) {
        throw httpError(
          422,
          'Bot Token is missing from integration credentials. Save the Bot Token and re-run the webhook configuration first.',
        );
      }
      ensureSubscriber(state, body['subscriberId'], true);
      if (token.startsWith('revoked')) throw httpError(502, 'Telegram getMe failed: Unauthorized');
      if (token.startsWith('unreachable')) {
        throw httpError(502, 'Failed to reach Telegram API (getMe): timeout of 10000ms exceeded');
      }
      if (!state.options.cacheAvailable) {
        throw httpError(
          503,
          'Could not issue a Telegram connection link because the cache is unavailable. Try again shortly.',
        );
      }
      const botUsername = textOf(integration.credentials?.['botUsername']);
      return {
        url: `https://t.me/${botUsername}?start=${randomBytes(24).toString('base64url')}`,
        providerMetadata: {
          botUsername,
          expiresAt: new Date(state.options.clock() + LINK_MS).toISOString(),
        },
      };
    },
  };
};

function checkOauthBody(body: Json): ReturnType<typeof collectChecks> {
  const checks = collectChecks();
  checks.filledString(
    body['integrationIdentifier'],
    'integrationIdentifier',
    'Integration identifier is required',
  );
  checks.optionalString(body['connectionIdentifier'], 'connectionIdentifier');
  checks.context(body['context']);
  checks.optionalString(body['contextHash'], 'contextHash');
  checks.optionalStrings(body['scope'], 'scope');
  checks.optionalStrings(body['userScope'], 'userScope');
  checks.optionalOneOf(body['connectionMode'], 'connectionMode', CONNECTION_MODES);
  checks.optionalBoolean(body['autoLinkUser'], 'autoLinkUser');
  return checks;
}
