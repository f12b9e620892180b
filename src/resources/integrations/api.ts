import { type Answered, readOne } from '../../upstream/answer.ts';
import type { CallContext, Novu } from '../../upstream/client.ts';
import { collection } from '../../rest/collection.ts';
import { isRefusedByProvider } from './refusals.ts';
import { type Link, parseIntegration, parseLink } from './wire.ts';

const spec = {
  parse: parseIntegration,
  key: ['identifier'],
  fields: [],
  category: 'global',
  isVisible: () => true,
} as const;

/** GET: all at once, Novu has no pages here. */
export const integrations = collection('/v1/integrations', spec);
export const activeIntegrations = collection('/v1/integrations/active', spec);

/** The three routes that answer with a link. */
export type LinkRoute = 'channel-connections/oauth' | 'channel-endpoints/oauth' | 'channel-endpoints/link';

const request = {
  method: 'POST',
  repeat: 'always',
  isFinal: isRefusedByProvider,
  category: 'global',
} as const;

/** POST /v1/integrations/{route}. Novu keeps nothing, so a link may be made twice without harm. */
export async function requestLink(
  novu: Novu,
  route: LinkRoute,
  body: string,
  idempotencyKey: string,
  call: CallContext,
): Promise<Answered<Link>> {
  const path = `/v1/integrations/${route}`;
  const answer = await novu.request({ ...request, path, body, idempotencyKey }, call);
  return readOne(answer, parseLink);
}
