import type { ContextMap } from '../common/contexts.ts';
import { isRecord } from '../../upstream/json.ts';
import { StoredSecret } from '../../upstream/secret.ts';
import { parseTime, toFlag, toText, toTexts } from '../../upstream/tolerant.ts';
import type { Row } from '../../rest/row.ts';

/** A chat workspace with its tokens, linked to a subscriber or to contexts: Novu's GetChannelConnectionResponseDto. */
export type ChannelConnection = Row & {
  __typename: 'ChannelConnection';
  workspace: { id: string; name: string | null; botUserId: string | null } | null;
  auth: {
    hasAccessToken: boolean;
    hasRefreshToken: boolean;
    expiresAt: Date | null;
    refreshTokenExpiresAt: Date | null;
    /** Null when Novu withholds it. */
    accessToken: StoredSecret | null;
  };
};

/**
 * The connection, or undefined when the body lacks even an identifier. Plain code, since it reads every row of every
 * answer: it costs a tenth of a schema that forgives as much.
 */
export function parseChannelConnection(body: unknown): ChannelConnection | undefined {
  if (!isRecord(body)) return undefined;
  const identifier = toText(body['identifier']);
  if (identifier === null || identifier === '') return undefined;
  return {
    __typename: 'ChannelConnection',
    identifier,
    channel: toText(body['channel']),
    providerId: toText(body['providerId']),
    integrationIdentifier: toText(body['integrationIdentifier']),
    subscriberId: toText(body['subscriberId']),
    contextKeys: toTexts(body['contextKeys']),
    workspace: toWorkspace(body['workspace']),
    auth: toAuth(body['auth'], toFlag(body['connected'])),
    createdAt: parseTime(body['createdAt']),
    updatedAt: parseTime(body['updatedAt']),
  };
}

function toWorkspace(value: unknown): ChannelConnection['workspace'] {
  if (!isRecord(value)) return null;
  const id = toText(value['id']);
  return id === null ? null : { id, name: toText(value['name']), botUserId: toText(value['botUserId']) };
}

/** Every shape that Novu's versions have given to `auth`, none of it required. */
function toAuth(value: unknown, connected: boolean | null): ChannelConnection['auth'] {
  const auth = isRecord(value) ? value : {};
  const accessToken = toText(auth['accessToken']);
  return {
    hasAccessToken: toFlag(auth['hasAccessToken']) ?? connected ?? Boolean(accessToken),
    hasRefreshToken: toFlag(auth['hasRefreshToken']) ?? Boolean(toText(auth['refreshToken'])),
    expiresAt: parseTime(auth['expiresAt']),
    refreshTokenExpiresAt: parseTime(auth['refreshTokenExpiresAt']),
    accessToken: accessToken ? new StoredSecret(accessToken) : null,
  };
}

/** Novu's CreateChannelConnectionRequestDto; the order of the keys is the order on the wire. */
export type CreateChannelConnectionBody = {
  identifier?: string;
  subscriberId?: string;
  context?: ContextMap;
  connectionMode?: 'subscriber' | 'shared';
  integrationIdentifier: string;
  workspace: WorkspaceBody;
  auth: AuthBody;
};

export type WorkspaceBody = { id: string; name?: string; botUserId?: string };
export type AuthBody = {
  accessToken: string;
  refreshToken?: string;
  expiresAt?: string;
  refreshTokenExpiresAt?: string;
};

/** Novu's UpdateChannelConnectionRequestDto: both are replaced whole. */
export type UpdateChannelConnectionBody = { workspace: WorkspaceBody; auth: AuthBody };
