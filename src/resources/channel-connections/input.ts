import { type BodyOf, defineInput } from '../../graphql/define-input.ts';
import { anyText, dateTime, id, nested, secret, string } from '../../graphql/input-fields.ts';
import { context } from '../common/contexts.ts';
import { checkMode, connectionMode, identifier } from '../common/row-input.ts';

const ChannelWorkspaceInput = defineInput('ChannelWorkspaceInput', 'A workspace of a chat provider.', {
  id: id({ required: true, description: "The provider's id of the workspace." }),
  name: string({ description: 'The name that people know it by.', rule: anyText }),
  botUserId: id({ description: "The provider's id of the app's bot user there.", rule: anyText }),
});

const ChannelConnectionAuthInput = defineInput('ChannelConnectionAuthInput', 'The tokens of a workspace.', {
  accessToken: secret({ required: true, description: 'The token that Novu sends messages with.' }),
  refreshToken: secret({ description: 'For providers whose tokens rotate.', rule: anyText }),
  expiresAt: dateTime({ description: 'When the access token expires.' }),
  refreshTokenExpiresAt: dateTime({ description: 'When the refresh token expires.' }),
});

const target = {
  workspace: nested(ChannelWorkspaceInput, {
    required: true,
    description: 'The workspace that is connected.',
  }),
  auth: nested(ChannelConnectionAuthInput, { required: true, description: 'Its tokens.' }),
};

const create = {
  identifier: id({
    description: 'Made from the idempotency key when left out; end users have to leave it out.',
    rule: identifier,
  }),
  subscriberId: id({ description: 'The subscriber that the connection is for.' }),
  context,
  connectionMode,
  integrationIdentifier: id({ required: true, description: 'The integration that sends.' }),
  ...target,
};

export const CreateChannelConnectionInput = defineInput(
  'CreateChannelConnectionInput',
  "Mirrors Novu's CreateChannelConnectionRequestDto, field for field; `context` is its map written as a typed list.",
  create,
  { rule: checkMode },
);
export type CreateChannelConnectionBody = BodyOf<typeof create>;

export const UpdateChannelConnectionInput = defineInput(
  'UpdateChannelConnectionInput',
  'Mirrors UpdateChannelConnectionRequestDto: both are replaced as a whole.',
  target,
);
export type UpdateChannelConnectionBody = BodyOf<typeof target>;
