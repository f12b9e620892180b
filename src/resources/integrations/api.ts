import { readOne, readPage } from '../../upstream/answer.ts';
import type { CallContext, Novu } from '../../upstream/client.ts';
import type { Answered } from '../../upstream/answer.ts';
import { type Integration, type Link, parseIntegration, parseLink } from './wire.ts';

/** GET /v1/integrations, or /v1/integrations/active: all at once, Novu has no pages here. */
export async function listIntegrations(
  novu: Novu,
  activeOnly: boolean,
  call: CallContext,
): Promise<Integration[]> {
  const path = activeOnly ? '/v1/integrations/active' : '/v1/integrations';
  return readPage(await novu.request({ method: 'GET', path }, call), parseIntegration).page.items;
}

/** The three routes that answer with a link. */
export type LinkRoute = 'channel-connections/oauth' | 'channel-endpoints/oauth' | 'channel-endpoints/link';

/** POST /v1/integrations/{route}. Novu keeps nothing, so a link may be made twice without harm. */
export async function requestLink(
  novu: Novu,
  route: LinkRoute,
  body: string,
  idempotencyKey: string,
  call: CallContext,
): Promise<Answered<Link>> {
  const path = `/v1/integrations/${route}`;
  const answer = await novu.request({ method: 'POST', path, body, idempotencyKey, repeat: 'always' }, call);
  return readOne(answer, parseLink);
}
