import { builder } from '../../graphql/builder.ts';
import { createListTypes } from '../../graphql/relay.ts';
import { unrecognized } from '../../graphql/unrecognized.ts';
import { isKeyAlone, type RowOrKey } from '../../rest/row.ts';
import { nullOfKeyAlone, rowFields } from '../common/row-fields.ts';
import { NovuChannelType } from '../common/channel-types.ts';
import { ChannelEndpointAddress } from './address.ts';
import { endpointTypes } from './kinds.ts';
import type { ChannelEndpoint as ChannelEndpointValue } from './wire.ts';

export { deleteEndpointsOf } from './delete-of-connection.ts';

const typeNames: ReadonlyMap<string, string> = new Map(
  endpointTypes.map((type) => [type, type.toUpperCase()]),
);

export const ChannelEndpointType = builder.enumType('ChannelEndpointType', {
  description: "Novu's types of endpoints; UNRECOGNIZED when Novu knows one that this gateway does not.",
  values: [...typeNames.values(), 'UNRECOGNIZED'],
});

export const ChannelEndpoint = builder.objectRef<RowOrKey<ChannelEndpointValue>>('ChannelEndpoint');
const reads = 'channel-endpoints:read';
builder.objectType(ChannelEndpoint, {
  novu: { scope: reads },
  description:
    "Where messages for a subscriber go in one channel: a Slack user, a phone, a webhook. Mirrors Novu's GetChannelEndpointResponseDto.",
  fields: (t) => ({
    ...rowFields(t),
    connectionIdentifier: t.exposeID('connectionIdentifier', {
      description: 'The connection that messages go through. It may exist no longer: Novu does not check.',
    }),
    type: t.field({
      type: ChannelEndpointType,
      nullable: true,
      description: nullOfKeyAlone,
      resolve: (row) =>
        isKeyAlone(row) ? null : (typeNames.get(row.type ?? '') ?? unrecognized('ChannelEndpointType')),
    }),
    address: t.expose('address', {
      type: ChannelEndpointAddress,
      nullable: true,
      description: nullOfKeyAlone,
    }),
  }),
});

export const ChannelEndpointFilter = builder.inputType('ChannelEndpointFilter', {
  description: 'channel: UNRECOGNIZED is refused; contextKeys: [] means endpoints without a context.',
  fields: (t) => ({
    subscriberId: t.id({ description: 'Of this subscriber.' }),
    channel: t.field({ type: NovuChannelType, description: 'Of this channel.' }),
    providerId: t.string({ description: 'Of this provider, as Novu spells it, for example slack.' }),
    integrationIdentifier: t.id({ description: 'Of this integration.' }),
    connectionIdentifier: t.id({ description: 'Of this connection.' }),
    contextKeys: t.stringList({ description: 'Exactly these contexts, in any order, each as type:id.' }),
  }),
});

export const ChannelEndpointsConnection = createListTypes('ChannelEndpoints', ChannelEndpoint, reads);
