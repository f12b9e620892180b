import type { Context } from '../../graphql/context.ts';
import { endpoints } from './api.ts';
import type { ChannelEndpoint } from './wire.ts';

/** One endpoint, or null when there is none by that identifier that the caller may see. */
export async function findChannelEndpoint(
  context: Context,
  identifier: string,
): Promise<ChannelEndpoint | null> {
  return endpoints.find(context, identifier);
}
