import { createHmac } from 'node:crypto';
import { type Json, textOf } from './validation.ts';

export type OauthMode = 'connect' | 'link_user';

const REDIRECT_URI = 'https://api.novu.co/v1/integrations/chat/oauth/callback';
const SLACK_SCOPES = 'chat:write,chat:write.public,channels:read,groups:read,users:read,users:read.email';
const SLACK_USER_SCOPES = 'identity.basic';
const WEBEX_SCOPES =
  'spark:messages_write spark:rooms_read spark:people_read spark:memberships_read spark:kms';

/** base64url of the JSON, a dot and its hex HMAC; a callback refuses it five minutes after `timestamp`. */
export function signState(data: Json, secretKey: string): string {
  const payload = JSON.stringify(data);
  const signature = createHmac('sha256', secretKey).update(payload).digest('hex');
  return Buffer.from(`${payload}.${signature}`).toString('base64url');
}

export function oauthUrl(
  providerId: string,
  mode: OauthMode,
  credentials: Json,
  state: string,
  body: Json,
): string {
  const query = new URLSearchParams({
    state,
    client_id: textOf(credentials['clientId']),
    redirect_uri: REDIRECT_URI,
  });
  switch (providerId) {
    case 'msteams': {
      const tenant = encodeURIComponent(textOf(credentials['tenantId']) || 'organizations');
      if (mode === 'connect') return `https://login.microsoftonline.com/${tenant}/adminconsent?${query}`;
      query.set('response_type', 'code');
      query.set('scope', 'openid profile');
      return `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/authorize?${query}`;
    }
    case 'webex-messaging':
      query.set('response_type', 'code');
      query.set('scope', joined(body['scope'], ' ') ?? WEBEX_SCOPES);
      return `https://webexapis.com/v1/authorize?${query}`;
    default:
      if (mode === 'connect') query.set('scope', joined(body['scope'], ',') ?? SLACK_SCOPES);
      else query.set('user_scope', joined(body['userScope'], ',') ?? SLACK_USER_SCOPES);
      return `https://slack.com/oauth/v2/authorize?${query}`;
  }
}

const joined = (value: unknown, separator: string): string | undefined =>
  Array.isArray(value) ? value.join(separator) : undefined;
