import { type BodyOf, defineInput } from '../../graphql/define-input.ts';
import { boolean, id } from '../../graphql/input-fields.ts';
import { context } from '../common/contexts.ts';
import { identifier } from '../common/row-input.ts';
import { address } from './address.ts';
import type { AddressBody } from './kinds.ts';

const create = {
  identifier: id({
    description: 'Made from the idempotency key when left out; end users have to leave it out.',
    rule: identifier,
  }),
  subscriberId: id({ required: true, description: 'The subscriber that is reached there.' }),
  createSubscriberIfMissing: boolean({
    description: 'Creates the subscriber when there is none with this id.',
  }),
  context,
  integrationIdentifier: id({ required: true, description: 'The integration that sends.' }),
  connectionIdentifier: id({
    description:
      'The connection that messages go through, of the same integration; for end users one of their own.',
  }),
  address,
};

export const CreateChannelEndpointInput = defineInput(
  'CreateChannelEndpointInput',
  "Mirrors Novu's Create…EndpointDto of every type, field for field; `address` holds their `type` and `endpoint`, `context` is their map written as a typed list.",
  create,
);

/** Novu's Create…EndpointDto of every type: `address` becomes `type` and `endpoint`. */
export type CreateChannelEndpointBody = Omit<BodyOf<typeof create>, 'address'> & AddressBody;

export const UpdateChannelEndpointInput = defineInput(
  'UpdateChannelEndpointInput',
  'Mirrors UpdateChannelEndpointRequestDto: the address is replaced whole, its type stays.',
  { address },
);

/** Novu's UpdateChannelEndpointRequestDto: the type stays what it is. */
export type UpdateChannelEndpointBody = { endpoint: AddressBody['endpoint'] };
