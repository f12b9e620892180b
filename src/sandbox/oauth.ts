import { createHmac } from 'node:crypto';
import { badRequest } from './errors.ts';
import { isRecord, type Json, textOf } from './validation.ts';

export type OauthMode = 'connect' | 'link_user';

export const CALLBACK_PATH = '/v1/integrations/chat/oauth/callback';

const STATE_MS = 300_000;

const SLACK_SCOPES = 'chat:write,chat:write.public,channels:read,groups:read,users:read,users:read.email';
const SLACK_USER_SCOPES = 'identity.basic';
const WEBEX_SCOPES =
  'spark:messages_write spark:rooms_read spark:people_read spark:memberships_read spark:kms';
const WEBEX_USER_SCOPES = 'spark:people_read';
const TEAMS_USER_SCOPES = 'openid profile User.Read';

/** base64url of the JSON, a dot and its hex HMAC; a callback refuses it five minutes after `timestamp`. */
export function signState(data: Json, secretKey: string): string {
  const payload = JSON.stringify(data);
  return Buffer.from(`${payload}.${signatureOf(payload, secretKey)}`).toString('base64url');
}

const signatureOf = (payload: string, secretKey: string): string =>
  createHmac('sha256', secretKey).update(payload).digest('hex');

/** What a link's state holds, unchecked: it decides which provider's callback looks at it. */
export function peekState(state: string): Json {
  try {
    const value: unknown = JSON.parse(splitState(state).payload);
    if (isRecord(value)) return value;
  } catch {
    // Reported below.
  }
  throw badRequest('Invalid OAuth state parameter - cannot extract provider');
}

export function verifyState(state: string, secretKey: string, now: number): Json {
  const { payload, signature } = splitState(state);
  const data = peekState(state);
  const age = now - Number(data['timestamp']);
  if (signature !== signatureOf(payload, secretKey) || !(age <= STATE_MS)) {
    throw badRequest('Invalid OAuth state parameter');
  }
  return data;
}

function splitState(state: string): { payload: string; signature: string } {
  const decoded = Buffer.from(state, 'base64url').toString();
  const dot = decoded.lastIndexOf('.');
  return { payload: decoded.slice(0, dot), signature: decoded.slice(dot + 1) };
}

type Link = { mode: OauthMode; credentials: Json; state: string; body: Json; redirectUri: string };

export function slackUrl({ mode, credentials, state, body, redirectUri }: Link): string {
  const query = new URLSearchParams({
    state,
    client_id: textOf(credentials['clientId']),
    redirect_uri: redirectUri,
  });
  if (mode === 'connect') query.set('scope', joined(body['scope'], ',') ?? SLACK_SCOPES);
  else query.set('user_scope', joined(body['userScope'], ',') ?? SLACK_USER_SCOPES);
  return `https://slack.com/oauth/v2/authorize?${query}`;
}

export function webexUrl({ mode, credentials, state, body, redirectUri }: Link): string {
  const scope =
    mode === 'connect'
      ? (joined(body['scope'], ' ') ?? WEBEX_SCOPES)
      : (joined(body['userScope'], ' ') ?? WEBEX_USER_SCOPES);
  const query = new URLSearchParams({
    state,
    client_id: textOf(credentials['clientId']),
    response_type: 'code',
    redirect_uri: redirectUri,
    scope,
  });
  return `https://webexapis.com/v1/authorize?${query}`;
}

/** An administrator consents for the organization; a user signs in. */
export function teamsUrl({ mode, credentials, state, redirectUri }: Link): string {
  const query = new URLSearchParams({
    client_id: textOf(credentials['clientId']),
    ...(mode === 'link_user' && { response_type: 'code' }),
    redirect_uri: redirectUri,
    scope: mode === 'connect' ? 'https://graph.microsoft.com/.default' : TEAMS_USER_SCOPES,
    state,
    ...(mode === 'link_user' && { response_mode: 'query' }),
  });
  return mode === 'connect'
    ? `https://login.microsoftonline.com/organizations/v2.0/adminconsent?${query}`
    : `https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize?${query}`;
}

const joined = (value: unknown, separator: string): string | undefined =>
  Array.isArray(value) ? value.join(separator) : undefined;
