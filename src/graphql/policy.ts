import { isOwn } from '../callers/access.ts';
import type { Caller, Scope } from '../callers/caller.ts';
import { gatewayError } from './errors.ts';

/**
 * What is needed for the types and fields of the schema, by their coordinates: a type's scope is that of every field
 * that leads to it. Services and payloads check it by `requireScope`, the schema tells it when asked to.
 */
export const neededScopes: Readonly<Record<string, Scope>> = {
  ChannelConnection: 'channel-connections:read',
  ChannelConnectionsConnection: 'channel-connections:read',
  ChannelEndpoint: 'channel-endpoints:read',
  ChannelEndpointsConnection: 'channel-endpoints:read',
  Integration: 'integrations:read',
  'ConnectionAuth.accessToken': 'channel-connections:read-secrets',
  'Mutation.createChannelConnection': 'channel-connections:write',
  'Mutation.updateChannelConnection': 'channel-connections:write',
  'Mutation.deleteChannelConnection': 'channel-connections:write',
  'Mutation.verifyChannelConnection': 'channel-connections:write',
  'Mutation.generateConnectOAuthUrl': 'channel-connections:write',
  'Mutation.createChannelEndpoint': 'channel-endpoints:write',
  'Mutation.updateChannelEndpoint': 'channel-endpoints:write',
  'Mutation.deleteChannelEndpoint': 'channel-endpoints:write',
  'Mutation.generateLinkUserOAuthUrl': 'channel-endpoints:write',
  'Mutation.linkChannelEndpoint': 'channel-endpoints:write',
};

/** Throws FORBIDDEN unless the caller has the scope; called before Novu is asked. */
export function requireScope(caller: Caller, scope: Scope): void {
  if (!caller.scopes.has(scope)) throw gatewayError('FORBIDDEN', `This needs the scope ${scope}.`);
}

/** Throws FORBIDDEN when an end user names another subscriber, or a context outside their claim. */
export function requireOwn(caller: Caller, named: Parameters<typeof isOwn>[1]): void {
  if (!isOwn(caller, named))
    throw gatewayError(
      'FORBIDDEN',
      'End users can act for themselves alone, and in the contexts of their token.',
    );
}
