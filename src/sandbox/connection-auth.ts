import { badRequest } from './errors.ts';
import type { ResolvedOptions } from './options.ts';
import type { StoredConnection, StoredIntegration } from './rows.ts';
import type { Json } from './validation.ts';

const ROTATING_PROVIDERS: ReadonlySet<string> = new Set(['slack', 'novu-slack', 'webex-messaging']);

/** A refresh token needs a provider that rotates and an integration that can; without an expiry it is due at once. */
export function storableAuth(value: unknown, integration: StoredIntegration, now: number): Json {
  const auth: Json = { ...Object(value) };
  if (!auth['refreshToken']) return auth;
  if (!ROTATING_PROVIDERS.has(integration.providerId)) {
    throw badRequest(
      `Token rotation is not supported for provider "${integration.providerId}". Remove refreshToken from the connection auth.`,
    );
  }
  const { credentials } = integration;
  if (integration.providerId !== 'novu-slack' && !(credentials?.['clientId'] && credentials['secretKey'])) {
    throw badRequest(
      `Integration "${integration.identifier}" must have clientId and secretKey configured to store a rotating refresh token.`,
    );
  }
  return { ...auth, expiresAt: auth['expiresAt'] ?? new Date(now).toISOString() };
}

/** What a read shows of it, in the shape that the options choose. */
export function showAuth({ authShape }: ResolvedOptions, { auth, subscriberId }: StoredConnection): Json {
  const { accessToken = '', expiresAt, refreshTokenExpiresAt } = auth;
  switch (authShape) {
    case 'full':
      return { auth };
    case 'accessToken':
      return { auth: { accessToken } };
    case 'hasAccessToken':
      return { auth: { hasAccessToken: accessToken !== '' } };
    case 'empty':
      return {
        auth: { accessToken: '' },
        connected: accessToken !== '',
        connectionMode: subscriberId === null ? 'shared' : 'subscriber',
      };
    case 'redacted':
      return {
        auth: {
          accessToken,
          hasRefreshToken: Boolean(auth['refreshToken']),
          expiresAt,
          refreshTokenExpiresAt,
        },
      };
    case 'missing':
      return {};
  }
}
