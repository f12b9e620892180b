import { createConnection, replaceTarget } from './create-connection.ts';
import { createEndpoint } from './create-endpoint.ts';
import { badRequest, notFound } from './errors.ts';
import { filterOf } from './cursor.ts';
import type { Reply } from './http.ts';
import { peekState, verifyState } from './oauth.ts';
import { ENVIRONMENT_ID } from './seed.ts';
import { type Call, resolveContexts, type State } from './state.ts';
import { slotOf } from './slots.ts';
import { shortId } from './store.ts';
import type { StoredConnection, StoredIntegration } from './rows.ts';
import { type Json, textOf } from './validation.ts';

/** What the provider answers for a code. */
type Exchange = { accessToken: string; workspace: Json; userId: string; webhookUrl: string | null };

const CLOSE_TAB = '<script>window.close();</script>';

/**
 * GET /v1/integrations/chat/oauth/callback, where a provider sends the user back to: it connects the workspace or
 * links the user, and answers a page that closes the tab. It asks for no key, the signed state stands for it.
 */
export async function finishOauth(state: State, { query, beforeWrite, wrote }: Call): Promise<Reply> {
  const signed = filterOf(query['state']) ?? '';
  const { providerId } = peekState(signed);
  if (!providerId) throw badRequest('Invalid state: missing providerId');
  const code = filterOf(query['code']);
  const tenant = filterOf(query['tenant']);
  if (providerId === 'msteams') {
    if (!tenant && !code) throw badRequest('Missing required parameter: tenant');
  } else if (providerId !== 'slack' && providerId !== 'novu-slack' && providerId !== 'webex-messaging') {
    throw badRequest(`OAuth callback not supported for provider: ${textOf(providerId)}`);
  } else if (!code) throw badRequest('Missing required parameter: code');

  const data = verifyState(signed, state.options.secretKey, state.options.clock());
  const integration = state.integrations.get(textOf(data['integrationIdentifier']));
  if (!integration) {
    throw notFound(
      `Slack integration not found: ${textOf(data['integrationIdentifier'])} in environment ${ENVIRONMENT_ID}`,
    );
  }
  if (!integration.credentials?.['clientId'] || !integration.credentials['secretKey']) {
    throw notFound('Slack integration missing required OAuth credentials (clientId/clientSecret) ');
  }
  const exchange = exchangeCode(code ?? '', tenant);
  const link = async (type: string, endpoint: Json, connectionIdentifier: unknown): Promise<void> => {
    const { subscriberId, context } = data;
    const body = {
      subscriberId,
      context,
      integrationIdentifier: integration.identifier,
      connectionIdentifier,
    };
    wrote(
      'create',
      'endpoints',
      (await createEndpoint(state, { ...body, type, endpoint }, beforeWrite)).identifier,
    );
  };

  const user = userEndpoint(integration, exchange);
  if (data['mode'] === 'link_user') {
    if (!data['subscriberId']) throw badRequest('subscriberId is required for link_user mode');
    await link(user.type, user.endpoint, data['identifier']);
  } else if (exchange.webhookUrl !== null) {
    if (!data['subscriberId']) throw badRequest('subscriberId is required for incoming webhook');
    await link('webhook', { url: exchange.webhookUrl }, undefined);
  } else {
    const row = await connect(state, data, integration, exchange, { beforeWrite, wrote });
    // Exactly true; of a user who is linked already this ends in a 500, although the tokens were replaced.
    if (data['autoLinkUser'] === true && data['subscriberId']) {
      await link(user.type, user.endpoint, row.identifier);
    }
  }
  const redirectUrl = textOf(integration.credentials['redirectUrl']);
  return redirectUrl
    ? { status: 302, headers: { Location: redirectUrl }, body: '' }
    : { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: CLOSE_TAB };
}

/**
 * A code is made of words with dots between: one that begins with T is the workspace, with U the user, `webhook` gives
 * an incoming webhook, `refused` is a code that the provider does not take. `T42.U7` and `sandbox` are codes.
 */
function exchangeCode(code: string, tenant: string | undefined): Exchange {
  const words = code.split('.');
  if (words.includes('refused')) throw badRequest('Slack OAuth error: invalid_code');
  const team = words.find((word) => word.startsWith('T')) ?? tenant ?? 'T0SANDBOX';
  return {
    accessToken: `xoxb-sandbox-${shortId(16)}`,
    workspace: { id: team, name: `Workspace ${team}` },
    userId: words.find((word) => word.startsWith('U')) ?? 'U0SANDBOX',
    webhookUrl: words.includes('webhook') ? `https://hooks.slack.com/services/${shortId(12)}` : null,
  };
}

function userEndpoint(
  { providerId }: StoredIntegration,
  { userId }: Exchange,
): { type: string; endpoint: Json } {
  switch (providerId) {
    case 'msteams':
      return { type: 'ms_teams_user', endpoint: { userId } };
    case 'webex-messaging':
      return { type: 'webex_person', endpoint: { personId: userId } };
    default:
      return { type: 'slack_user', endpoint: { userId } };
  }
}

/**
 * A given identifier names any connection of the environment, whoever owns it: it is overwritten. Otherwise the
 * connection of the integration, the subscriber and the exact context is, and keeps its identifier.
 */
async function connect(
  state: State,
  data: Json,
  integration: StoredIntegration,
  { accessToken, workspace }: Exchange,
  { beforeWrite, wrote }: Pick<Call, 'beforeWrite' | 'wrote'>,
): Promise<StoredConnection> {
  const subscriberId = data['connectionMode'] === 'shared' ? undefined : data['subscriberId'];
  const { identifier, context, connectionMode } = data;
  const target = { workspace, auth: { accessToken } };
  const slot = (): string =>
    slotOf(integration.identifier, textOf(subscriberId) || null, resolveContexts(state, context));
  const known = state.connections.byIdentifier(textOf(identifier)) ?? state.connections.inSlot(slot());
  if (known) {
    replaceTarget(state, known, target);
    wrote('update', 'connections', known.identifier);
    return known;
  }
  const body = {
    identifier,
    subscriberId,
    context,
    connectionMode,
    integrationIdentifier: integration.identifier,
  };
  const row = await createConnection(state, { ...body, ...target }, beforeWrite);
  wrote('create', 'connections', row.identifier);
  return row;
}
