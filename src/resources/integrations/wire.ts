import { isRecord } from '../../upstream/json.ts';
import { parseTime, toFlag, toText } from '../../upstream/tolerant.ts';

/** An account with a provider, through which Novu sends: Novu's IntegrationResponseDto without its credentials. */
export type Integration = {
  __typename: 'Integration';
  identifier: string;
  name: string | null;
  providerId: string | null;
  channel: string | null;
  active: boolean | null;
  primary: boolean | null;
};

/** What stands for an integration that a reference names and that is gone. */
export const toIntegrationReference = ({ identifier }: { identifier: string }): Integration => ({
  __typename: 'Integration',
  identifier,
  name: null,
  providerId: null,
  channel: null,
  active: null,
  primary: null,
});

/** The integration; undefined when it is deleted or the row lacks even an identifier. */
export function parseIntegration(body: unknown): Integration | undefined {
  if (!isRecord(body) || body['deleted'] === true) return undefined;
  const identifier = toText(body['identifier']);
  if (identifier === null || identifier === '') return undefined;
  return {
    __typename: 'Integration',
    identifier,
    name: toText(body['name']),
    providerId: toText(body['providerId']),
    channel: toText(body['channel']),
    active: toFlag(body['active']),
    primary: toFlag(body['primary']),
  };
}

export type Link = {
  url: string;
  /** When the link says so itself. */
  expiresAt: Date | null;
  /** What the link is for, when it says so itself: Novu's `connect` or `link_user`. */
  mode: string | null;
  providerMetadata: Record<string, unknown> | null;
};

/** Novu's callback refuses a state that is older, in milliseconds. */
export const oauthLifeMs = 5 * 60_000;

/** The link, or undefined when there is no URL in the answer. */
export function parseLink(body: unknown): Link | undefined {
  const url = isRecord(body) ? body['url'] : undefined;
  if (!isRecord(body) || typeof url !== 'string' || url === '') return undefined;
  const state = readState(url);
  const madeAt = parseTime(state['timestamp']);
  const metadata = isRecord(body['providerMetadata']) ? body['providerMetadata'] : null;
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
