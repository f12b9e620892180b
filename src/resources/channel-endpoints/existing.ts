import { builder } from '../../graphql/builder.ts';
import { NovuConflictError } from '../../graphql/user-errors.ts';
import { findChannelConnection } from '../channel-connections/find.ts';
import { ChannelConnection } from '../channel-connections/types.ts';
import { findChannelEndpoint } from './find.ts';
import { ChannelEndpoint } from './types.ts';

const ExistingChannelRow = builder.unionType('ExistingChannelRow', {
  description: 'What a create or an update is in conflict with.',
  types: [ChannelConnection, ChannelEndpoint],
  resolveType: ({ __typename }) => __typename,
});

const isRow = (resource: string) => resource === 'ChannelConnection' || resource === 'ChannelEndpoint';

builder.objectField(NovuConflictError, 'existing', (t) =>
  t.field({
    novu: {
      asks: 'one',
      leadsTo: ({ resource, existingIdentifier }) =>
        existingIdentifier !== null && isRow(resource) ? resource : null,
    },
    type: ExistingChannelRow,
    nullable: true,
    description:
      'The connection or endpoint that is in the way; asked for only when this field is. FORBIDDEN without the scope to read it; null when Novu does not say which it is, or it is gone.',
    resolve: ({ resource, existingIdentifier }, _args, context) => {
      if (existingIdentifier === null) return null;
      return resource === 'ChannelConnection'
        ? findChannelConnection(context, { identifier: existingIdentifier })
        : findChannelEndpoint(context, existingIdentifier);
    },
  }),
);
