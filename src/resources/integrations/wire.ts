import { z } from 'zod';
import { isRecord } from '../../upstream/json.ts';
import { flag, parseTime, text } from '../../upstream/tolerant.ts';
import { rowShape } from '../../rest/row.ts';
import type { ContextMap } from '../common/contexts.ts';

const noText = text.default(null);
const noFlag = flag.default(null);

/** Novu's IntegrationResponseDto, of which credentials and configurations are never even read. */
const integration = z.object({
  identifier: rowShape.identifier,
  name: noText,
  providerId: noText,
  channel: noText,
  active: noFlag,
  primary: noFlag,
  deleted: noFlag,
});

/** What is read of Novu's object, by its names. */
export type IntegrationWire = z.input<typeof integration>;

/** An account with a provider, through which Novu sends. */
export type Integration = Omit<z.output<typeof integration>, 'deleted'> & { __typename: 'Integration' };

/** The integration; undefined when it is deleted or the row lacks even an identifier. */
export function parseIntegration(row: unknown): Integration | undefined {
  const parsed = integration.safeParse(row);
  if (!parsed.success || parsed.data.deleted === true) return undefined;
  const { deleted: _, ...shown } = parsed.data;
  return { __typename: 'Integration', ...shown };
}

/** Novu's GenerateConnectOauthUrlRequestDto. */
export type ConnectOAuthBody = {
  subscriberId?: string;
  integrationIdentifier: string;
  connectionIdentifier?: string;
  context?: ContextMap;
  contextHash?: string;
  scope?: string[];
  connectionMode?: 'subscriber' | 'shared';
  autoLinkUser?: boolean;
};

/** Novu's GenerateLinkUserOauthUrlRequestDto. */
export type LinkUserOAuthBody = {
  subscriberId: string;
  integrationIdentifier: string;
  connectionIdentifier?: string;
  context?: ContextMap;
  contextHash?: string;
  userScope?: string[];
};

/** Novu's LinkChannelEndpointRequestDto. */
export type LinkChannelEndpointBody = {
  integrationIdentifier: string;
  subscriberId: string;
  context?: ContextMap;
  contextHash?: string;
};

export type Link = {
  url: string;
  /** When the link says so itself. */
  expiresAt: Date | null;
  /** What the link is for, when it says so itself: Novu's `connect` or `link_user`. */
  mode: string | null;
  providerMetadata: Record<string, unknown> | null;
};

const link = z.object({ url: z.string().min(1), providerMetadata: z.unknown().optional() });

/** What is read of Novu's two answers with a link, by its names. */
export type LinkWire = z.input<typeof link>;

/** Novu's callback refuses a state that is older, in milliseconds. */
export const oauthLifeMs = 5 * 60_000;

/** The link, or undefined when there is no URL in the answer. */
export function parseLink(body: unknown): Link | undefined {
  const parsed = link.safeParse(body);
  if (!parsed.success) return undefined;
  const { url } = parsed.data;
  const state = readState(url);
  const madeAt = parseTime(state['timestamp']);
  const metadata = isRecord(parsed.data.providerMetadata) ? parsed.data.providerMetadata : null;
  return {
    url,
    expiresAt:
      madeAt === null ? parseTime(metadata?.['expiresAt']) : new Date(madeAt.getTime() + oauthLifeMs),
    mode: typeof state['mode'] === 'string' ? state['mode'] : null,
    providerMetadata: metadata,
  };
}

/** Novu's OAuth state: base64url of a JSON, a dot and its hex HMAC. Empty when the URL has none that can be read. */
function readState(url: string): Record<string, unknown> {
  const state = URL.parse(url)?.searchParams.get('state');
  const text = Buffer.from(state ?? '', 'base64url').toString();
  try {
    const json: unknown = JSON.parse(text.slice(0, Math.max(text.lastIndexOf('.'), 0)));
    return isRecord(json) ? json : {};
  } catch {
    return {};
  }
}
