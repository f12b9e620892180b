import { isRecord } from '../../upstream/json.ts';
import { StoredSecret } from '../../upstream/secret.ts';
import { type Time, toFlag, toText, toTime } from '../../upstream/tolerant.ts';
import { parseRow, type Row, type RowOrKey, toRowReference } from '../../rest/row.ts';

/** A chat workspace with its tokens, linked to a subscriber or to contexts: Novu's GetChannelConnectionResponseDto. */
export type ChannelConnection = Row & {
  __typename: 'ChannelConnection';
  workspace: { id: string; name: string | null; botUserId: string | null } | null;
  auth: {
    hasAccessToken: boolean;
    /** This and the two times are null when Novu does not say. */
    hasRefreshToken: boolean | null;
    expiresAt: Time | null;
    refreshTokenExpiresAt: Time | null;
    /** Null when Novu withholds it. */
    accessToken: StoredSecret | null;
  };
};

/** What stands for a connection that a reference names and that is gone or not the caller's. */
export function toConnectionReference({ identifier }: Pick<Row, 'identifier'>): RowOrKey<ChannelConnection> {
  return { ...toRowReference(identifier), __typename: 'ChannelConnection', workspace: null, auth: null };
}

/** The connection, or undefined when the body lacks even an identifier. */
export function parseChannelConnection(body: unknown): ChannelConnection | undefined {
  if (!isRecord(body)) return undefined;
  const row = parseRow(body);
  if (row === undefined) return undefined;
  return {
    ...row,
    __typename: 'ChannelConnection',
    workspace: toWorkspace(body['workspace']),
    auth: toAuth(body['auth'], toFlag(body['connected'])),
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
    hasRefreshToken:
      toFlag(auth['hasRefreshToken']) ??
      ('refreshToken' in auth ? Boolean(toText(auth['refreshToken'])) : null),
    expiresAt: toTime(auth['expiresAt']),
    refreshTokenExpiresAt: toTime(auth['refreshTokenExpiresAt']),
    accessToken: accessToken ? new StoredSecret(accessToken) : null,
  };
}
