import type { Caller, Scope } from './caller.ts';
import { gatewayError } from './graphql/errors.ts';

/** What says whose a row is: connections and endpoints of Novu's have both. */
export type Owned = { subscriberId: string | null; contextKeys: readonly string[] };

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

/**
 * Services see everything. An end user sees what is their own, and shared rows (no subscriber) whose every context
 * is in their claim; not another subscriber's row, whatever its contexts.
 */
export function isVisible(caller: Caller, row: Owned): boolean {
  if (caller.kind === 'service' || row.subscriberId === caller.subscriberId) return true;
  return (
    row.subscriberId === null &&
    row.contextKeys.length > 0 &&
    row.contextKeys.every((key) => caller.contextKeys.has(key))
  );
}

/** Throws FORBIDDEN when an end user names another subscriber, or a context outside their claim. */
export function requireOwn(
  caller: Caller,
  named: { subscriberId?: string | undefined; contextKeys: readonly string[] },
): void {
  if (caller.kind === 'service') return;
  const foreign = named.subscriberId !== undefined && named.subscriberId !== caller.subscriberId;
  if (foreign || !named.contextKeys.every((key) => caller.contextKeys.has(key))) {
    throw gatewayError(
      'FORBIDDEN',
      'End users can act for themselves alone, and in the contexts of their token.',
    );
  }
}

export type OwnerFilter = {
  subscriberId?: string;
  contextKeys?: readonly string[];
  connectionMode?: 'subscriber' | 'shared';
};

/**
 * The filter that is sent to Novu for this caller, or null when there can be nothing to see. For an end user it is
 * forced: their own rows, and shared ones only where the filter names contexts that are all in their claim.
 */
export function toOwnFilter(caller: Caller, asked: OwnerFilter): OwnerFilter | null {
  if (caller.kind === 'service') return asked;
  if (asked.subscriberId !== undefined && asked.subscriberId !== caller.subscriberId) return null;
  const claimed =
    asked.contextKeys !== undefined &&
    asked.contextKeys.length > 0 &&
    asked.contextKeys.every((key) => caller.contextKeys.has(key));
  if (asked.connectionMode === 'shared' && !claimed) return null;
  const mode = asked.connectionMode ?? (claimed ? undefined : 'subscriber');
  return {
    subscriberId: caller.subscriberId,
    ...(asked.contextKeys !== undefined && { contextKeys: asked.contextKeys }),
    ...(mode !== undefined && { connectionMode: mode }),
  };
}
