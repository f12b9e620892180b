import { isVisible } from '../../callers/access.ts';
import { type Context, readCall } from '../../graphql/context.ts';
import { loadEach, requestLoader } from '../../rest/loader.ts';
import { getChannelEndpoint } from './api.ts';
import type { ChannelEndpoint } from './wire.ts';

const endpoints = Symbol('channel endpoints');

/** Reads of this request by identifier: each distinct one is asked for once, and not at all when a list had it. */
export function endpointLoader(context: Context) {
  return requestLoader<string, ChannelEndpoint | null>(context, endpoints, (identifiers) =>
    loadEach(context, identifiers, (identifier) =>
      getChannelEndpoint(context.novu, identifier, readCall(context)),
    ),
  );
}

/** One endpoint, or null when there is none by that identifier that the caller may see. */
export async function findChannelEndpoint(
  context: Context,
  identifier: string,
): Promise<ChannelEndpoint | null> {
  const row = await endpointLoader(context).load(identifier);
  return row !== null && isVisible(context.caller, row) ? row : null;
}
