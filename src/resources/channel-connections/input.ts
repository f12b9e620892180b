import { type BodyOf, defineInput } from '../../graphql/define-input.ts';
import { anyText, dateTime, id, nested, secret, string } from '../../graphql/input-fields.ts';
import { context } from '../common/contexts.ts';
import { checkMode, connectionMode, identifier } from '../common/row-input.ts';

const WorkspaceInput = defineInput('WorkspaceInput', undefined, {
  id: id({ required: true }),
  name: string({ rule: anyText }),
  botUserId: id({ rule: anyText }),
});

const ConnectionAuthInput = defineInput('ConnectionAuthInput', undefined, {
  accessToken: secret({ required: true }),
  refreshToken: secret({ description: 'For providers whose tokens rotate.', rule: anyText }),
  expiresAt: dateTime(),
  refreshTokenExpiresAt: dateTime(),
});

const target = {
  workspace: nested(WorkspaceInput, { required: true }),
  auth: nested(ConnectionAuthInput, { required: true }),
};

const create = {
  identifier: id({ description: 'Made from the idempotency key when left out.', rule: identifier }),
  subscriberId: id(),
  context,
  connectionMode,
  integrationIdentifier: id({ required: true }),
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
  'Mirrors UpdateChannelConnectionRequestDto: both are replaced whole.',
  target,
);
export type UpdateChannelConnectionBody = BodyOf<typeof target>;
