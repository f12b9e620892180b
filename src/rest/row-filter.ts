import type { OwnerFilter } from '../callers/access.ts';
import { badArgument } from '../graphql/relay.ts';
import type { RowQuery } from './row.ts';

export type RowFilter = {
  subscriberId?: string | null | undefined;
  channel?: string | null | undefined;
  providerId?: string | null | undefined;
  integrationIdentifier?: string | null | undefined;
  contextKeys?: readonly string[] | null | undefined;
};

/** Throws BAD_USER_INPUT when Novu can't be asked for a string of the filter. */
export function checkFilterText(name: string, value: string | null | undefined): void {
  if (value === '') throw badArgument(`filter.${name}`, 'must not be empty');
  if (value?.isWellFormed() === false) throw badArgument(`filter.${name}`, 'must be valid Unicode');
}

/** The filter as Novu takes it, in two parts: what narrows, and whose rows. `parent` is the subscriber above the list. */
export function toRowFilter(
  { subscriberId, channel, providerId, integrationIdentifier, contextKeys }: RowFilter,
  parent: string | undefined,
): { filter: Omit<RowQuery, 'limit'>; asked: OwnerFilter } {
  if (channel === 'UNRECOGNIZED') throw badArgument('filter.channel', 'can be any channel but UNRECOGNIZED');
  checkFilterText('subscriberId', subscriberId);
  checkFilterText('providerId', providerId);
  checkFilterText('integrationIdentifier', integrationIdentifier);
  if (contextKeys?.some((key) => key === '' || !key.isWellFormed()))
    throw badArgument('filter.contextKeys', 'must hold texts like type:id');
  if (parent !== undefined && subscriberId != null && subscriberId !== parent)
    throw badArgument('filter.subscriberId', 'must be left out here, or be the subscriber itself');
  const owner = parent ?? subscriberId;
  return {
    filter: {
      ...(channel != null && { channel: channel.toLowerCase() }),
      ...(providerId != null && { providerId }),
      ...(integrationIdentifier != null && { integrationIdentifier }),
    },
    asked: {
      ...(owner != null && { subscriberId: owner }),
      ...(contextKeys != null && { contextKeys }),
    },
  };
}
