import type { Caller } from './caller.ts';

/** What says whose a row is: connections and endpoints of Novu's have both. */
export type Owned = { subscriberId: string | null; contextKeys: readonly string[] };

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

/** Whether the caller may name these: an end user themself alone, and contexts of their claim. */
export function isOwn(
  caller: Caller,
  named: { subscriberId?: string | undefined; contextKeys: readonly string[] },
): boolean {
  if (caller.kind === 'service') return true;
  if (named.subscriberId !== undefined && named.subscriberId !== caller.subscriberId) return false;
  return named.contextKeys.every((key) => caller.contextKeys.has(key));
}

export type OwnerFilter = {
  subscriberId?: string;
  contextKeys?: readonly string[];
  connectionMode?: 'subscriber' | 'shared';
};

/**
 * The filter that is sent to Novu for this caller, or null when there can be nothing to see. For an end user it is
 * forced: their own rows, or with connectionMode=shared the shared ones, where the filter names contexts that are all in
 * their claim. The mode is always sent: some older Novu servers mix the two without it.
 */
export function toOwnFilter(caller: Caller, asked: OwnerFilter): OwnerFilter | null {
  if (caller.kind === 'service') return asked;
  if (asked.subscriberId !== undefined && asked.subscriberId !== caller.subscriberId) return null;
  const claimed =
    asked.contextKeys !== undefined &&
    asked.contextKeys.length > 0 &&
    asked.contextKeys.every((key) => caller.contextKeys.has(key));
  if (asked.connectionMode === 'shared' && !claimed) return null;
  return {
    subscriberId: caller.subscriberId,
    ...(asked.contextKeys !== undefined && { contextKeys: asked.contextKeys }),
    connectionMode: asked.connectionMode ?? 'subscriber',
  };
}
