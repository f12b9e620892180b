import type { FieldMap } from '@pothos/core';
import type { BuilderTypes } from '../../graphql/builder.ts';
import { ChannelType, Provider, toChannelType, toProvider } from './channel-types.ts';
import type { Row } from '../../rest/row.ts';

/** The fields that connections and endpoints share. */
export const rowFields = <T extends Row>(
  t: PothosSchemaTypes.ObjectFieldBuilder<BuilderTypes, T>,
): FieldMap => ({
  id: t.id({
    nullable: false,
    description: 'The identifier again, for clients that normalise their cache by `id`.',
    resolve: (row) => row.identifier,
  }),
  identifier: t.id({ nullable: false, resolve: (row) => row.identifier }),
  channel: t.field({ type: ChannelType, nullable: true, resolve: (row) => toChannelType(row.channel) }),
  providerId: t.string({
    nullable: true,
    description: 'The provider as Novu spells it, for example slack.',
    resolve: (row) => row.providerId,
  }),
  provider: t.field({
    type: Provider,
    nullable: true,
    description: 'The same as an enum; UNRECOGNIZED when Novu knows a provider that this gateway does not.',
    resolve: (row) => toProvider(row.providerId),
  }),
  integrationIdentifier: t.id({ nullable: true, resolve: (row) => row.integrationIdentifier }),
  subscriberId: t.id({ nullable: true, resolve: (row) => row.subscriberId }),
  contextKeys: t.stringList({
    nullable: { list: false, items: false },
    description: 'The contexts as type:id.',
    resolve: (row) => row.contextKeys,
  }),
  createdAt: t.field({ type: 'DateTime', nullable: true, resolve: (row) => row.createdAt }),
  updatedAt: t.field({ type: 'DateTime', nullable: true, resolve: (row) => row.updatedAt }),
});
