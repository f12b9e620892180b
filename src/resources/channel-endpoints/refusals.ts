import type { KnownText, RefusalRules } from '../../writes/refusals.ts';
import { CreateChannelEndpointInput } from './input.ts';
import { contextTexts, unknownConnection, unknownInput, unknownParts } from '../common/row-refusals.ts';

const occupied = 'Novu allows one such endpoint on this integration, and another one exists already.';

const validation: readonly KnownText[] = [
  ...contextTexts,
  {
    pattern: /requires a connectionIdentifier$/,
    message: 'connectionIdentifier is required for this type of address.',
    path: ['input', 'connectionIdentifier'],
  },
  {
    pattern: /endpoint context must match/i,
    message: 'The context must be that of the connection.',
    path: ['input', 'context'],
  },
  {
    pattern: /^Channel endpoint type .* requires an? .+ integration$/s,
    message: 'The integration is not of the provider that this type of address needs.',
    path: ['input', 'integrationIdentifier'],
  },
  {
    pattern: /require the Tool webhook integration to use dynamic routingMode/,
    message: 'The integration must use the dynamic routing mode.',
    path: ['input', 'integrationIdentifier'],
  },
];

export const wrongForm = 'Endpoint must match the required format';

/** What Novu says of `endpoint` and `type` is about the input's address. */
function rulesOf(name: string, message: string) {
  return {
    resource: 'ChannelEndpoint',
    renamed: new Map([
      ['endpoint', ['address', name]],
      ['type', ['address']],
    ]),
    validation: [
      {
        pattern: new RegExp(wrongForm),
        message,
        path: ['input', 'address', name],
      },
      ...validation,
    ],
  };
}

/** `address` is none of Novu's fields. */
const inputFields = new Set(CreateChannelEndpointInput.fieldNames);
inputFields.delete('address');

export const createRules = (addressName: string): RefusalRules => ({
  ...rulesOf(addressName, 'Novu refused the address: something in it is not as its type needs it.'),
  inputFields,
  notFound: [
    unknownConnection,
    {
      pattern: /^Subscriber not found/,
      message: 'No subscriber has this id. With createSubscriberIfMissing a newer Novu server makes it.',
      path: ['input', 'subscriberId'],
    },
    ...unknownParts,
  ],
  subject: unknownInput,
  exists: 'The subscriber has an endpoint of this type on this integration already.',
  occupied,
});

const subject = { message: 'No channel endpoint has this identifier.', path: ['identifier'] };

export const updateRules = (addressName: string): RefusalRules => ({
  ...rulesOf(
    addressName,
    'The address must be of the type that the endpoint was made with, and in its form.',
  ),
  inputFields: new Set(),
  notFound: [
    {
      pattern: unknownConnection.pattern,
      message: "The connection that the endpoint's connectionIdentifier names does not exist.",
      path: ['identifier'],
    },
  ],
  subject,
  occupied,
});

export const deleteRules: RefusalRules = {
  resource: 'ChannelEndpoint',
  inputFields: new Set(),
  validation: [],
  notFound: [],
  subject,
};
