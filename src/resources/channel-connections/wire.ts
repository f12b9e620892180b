import { z } from 'zod';
import type { ContextMap } from '../contexts/types.ts';
import { flag, text, time } from '../../upstream/tolerant.ts';
import { rowShape } from '../channel-rows/row.ts';

const workspace = z
  .object({ id: text, name: text, botUserId: text })
  .nullable()
  .catch(null)
  .transform((value) => (value === null || value.id === null ? null : { ...value, id: value.id }));

/** Every shape that Novu's versions have given to `auth`, none of it required. */
const auth = z
  .object({
    accessToken: text,
    hasAccessToken: flag,
    refreshToken: text,
    hasRefreshToken: flag,
    expiresAt: time,
    refreshTokenExpiresAt: time,
  })
  .partial()
  .nullable()
  .catch(null);

/** Novu's GetChannelConnectionResponseDto, read tolerantly: only the identifier must be there. */
const channelConnection = z
  .object({
    ...rowShape,
    workspace: workspace.optional().default(null),
    auth: auth.optional().default(null),
    connected: flag.optional().default(null),
  })
  .transform(({ connected, ...row }) => ({
    ...row,
    auth: {
      hasAccessToken: row.auth?.hasAccessToken ?? connected ?? Boolean(row.auth?.accessToken),
      hasRefreshToken: row.auth?.hasRefreshToken ?? Boolean(row.auth?.refreshToken),
      expiresAt: row.auth?.expiresAt ?? null,
      refreshTokenExpiresAt: row.auth?.refreshTokenExpiresAt ?? null,
      /** Null when Novu withholds it. */
      accessToken: row.auth?.accessToken || null,
    },
  }));

/** What is read of Novu's object, by its names. */
export type ChannelConnectionWire = z.input<typeof channelConnection>;

/** A chat workspace with its tokens, linked to a subscriber or to contexts. */
export type ChannelConnection = z.output<typeof channelConnection>;

/** The connection, or undefined when the body lacks even an identifier. */
export function parseChannelConnection(body: unknown): ChannelConnection | undefined {
  const parsed = channelConnection.safeParse(body);
  return parsed.success ? parsed.data : undefined;
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
