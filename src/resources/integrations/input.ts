import { type BodyOf, defineInput } from '../../graphql/define-input.ts';
import { boolean, id, list, secret, string } from '../../graphql/input-fields.ts';
import { context } from '../common/contexts.ts';
import { checkMode, connectionMode, identifier } from '../common/row-input.ts';

const contextHash = secret({
  description: 'HMAC-SHA256 of the context, for integrations that check contexts.',
});
const scopes = list(string(), {
  description: "What to ask the provider for; Novu's own choice when left out.",
  called: ['scope', 'scopes'],
  atMost: 100,
});

const integrationIdentifier = id({ required: true, description: 'The integration that the link is for.' });

const connect = {
  subscriberId: id({ description: 'The subscriber that the connection is for.' }),
  integrationIdentifier,
  connectionIdentifier: id({
    description:
      'Of the connection to be; made by Novu when left out. End users can name an existing one of their own alone.',
    rule: identifier,
  }),
  context,
  contextHash,
  scope: scopes,
  connectionMode,
  autoLinkUser: boolean({
    description:
      'Whether the subscriber becomes an endpoint too; when left out, Novu does so in the mode SUBSCRIBER.',
  }),
};

export const GenerateConnectOAuthUrlInput = defineInput(
  'GenerateConnectOAuthUrlInput',
  "Mirrors Novu's GenerateConnectOauthUrlRequestDto, field for field; `context` is its map written as a typed list.",
  connect,
  { rule: checkMode },
);
export type ConnectOAuthBody = BodyOf<typeof connect>;

const linkedSubscriber = id({ required: true, description: 'The subscriber that opens the link.' });

const linkUser = {
  subscriberId: linkedSubscriber,
  integrationIdentifier,
  connectionIdentifier: id({ description: 'An existing connection; Webex needs one.' }),
  context,
  contextHash,
  userScope: scopes,
};

export const GenerateLinkUserOAuthUrlInput = defineInput(
  'GenerateLinkUserOAuthUrlInput',
  "Mirrors Novu's GenerateLinkUserOauthUrlRequestDto, field for field; `context` is its map written as a typed list.",
  linkUser,
);
export type LinkUserOAuthBody = BodyOf<typeof linkUser>;

const link = {
  integrationIdentifier,
  subscriberId: linkedSubscriber,
  context,
  contextHash,
};

export const LinkChannelEndpointInput = defineInput(
  'LinkChannelEndpointInput',
  "Mirrors Novu's LinkChannelEndpointRequestDto, field for field; `context` is its map written as a typed list.",
  link,
);
export type LinkChannelEndpointBody = BodyOf<typeof link>;
