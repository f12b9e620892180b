import type { FieldMap } from '@pothos/core';
import type { BuilderTypes } from '../../graphql/builder.ts';
import { NovuChannelType, NovuProvider, toChannelType, toProvider } from './channel-types.ts';
import type { Row, RowOrKey } from '../../rest/row.ts';

/** Of fields that every row has. */
export const nullOfKeyAlone =
  "Null only where another subgraph refers to a row that is gone or not the caller's.";

/** The fields that connections and endpoints share. */
export const rowFields = (
  t: PothosSchemaTypes.ObjectFieldBuilder<BuilderTypes, RowOrKey<Row>>,
): FieldMap => ({
  id: t.exposeID('identifier', {
    nullable: false,
    description: 'The identifier again, for clients that normalise their cache by `id`.',
  }),
  identifier: t.exposeID('identifier', { nullable: false }),
  channel: t.field({ type: NovuChannelType, nullable: true, resolve: (row) => toChannelType(row.channel) }),
  providerId: t.exposeString('providerId', {
    description: 'The provider as Novu spells it, for example slack.',
  }),
  provider: t.field({
    type: NovuProvider,
    nullable: true,
    description: 'The same as an enum; UNRECOGNIZED when Novu knows a provider that this gateway does not.',
    resolve: (row) => toProvider(row.providerId),
  }),
  integrationIdentifier: t.exposeID('integrationIdentifier'),
  subscriberId: t.exposeID('subscriberId'),
  contextKeys: t.exposeStringList('contextKeys', {
    nullable: { list: true, items: false },
    description: `The contexts as type:id. ${nullOfKeyAlone}`,
  }),
  createdAt: t.expose('createdAt', { type: 'DateTime' }),
  updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
});
