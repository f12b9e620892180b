import type { FieldMap } from '@pothos/core';
import type { BuilderTypes } from '../../graphql/builder.ts';
import { ChannelType, Provider, toChannelType, toProvider } from './channel-types.ts';
import type { Row } from '../../rest/row.ts';

/** The fields that connections and endpoints share. */
export const rowFields = (t: PothosSchemaTypes.ObjectFieldBuilder<BuilderTypes, Row>): FieldMap => ({
  id: t.exposeID('identifier', {
    nullable: false,
    description: 'The identifier again, for clients that normalise their cache by `id`.',
  }),
  identifier: t.exposeID('identifier', { nullable: false }),
  channel: t.field({ type: ChannelType, nullable: true, resolve: (row) => toChannelType(row.channel) }),
  providerId: t.exposeString('providerId', {
    description: 'The provider as Novu spells it, for example slack.',
  }),
  provider: t.field({
    type: Provider,
    nullable: true,
    description: 'The same as an enum; UNRECOGNIZED when Novu knows a provider that this gateway does not.',
    resolve: (row) => toProvider(row.providerId),
  }),
  integrationIdentifier: t.exposeID('integrationIdentifier'),
  subscriberId: t.exposeID('subscriberId'),
  contextKeys: t.exposeStringList('contextKeys', {
    nullable: { list: false, items: false },
    description: 'The contexts as type:id.',
  }),
  createdAt: t.expose('createdAt', { type: 'DateTime' }),
  updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
});
