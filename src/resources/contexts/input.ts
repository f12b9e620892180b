import { type BodyOf, defineInput } from '../../graphql/define-input.ts';
import { id, jsonObject, string } from '../../graphql/input-fields.ts';
import { contextData, contextId } from '../common/contexts.ts';

const create = {
  type: string({
    required: true,
    description: 'For example tenant: 1 to 100 letters, digits, dashes and underscores.',
    rule: contextId,
  }),
  id: id({ required: true, description: 'The id within the type, in the same form.', rule: contextId }),
  data: jsonObject({ description: 'What messages may say of it; at most 64 KB.', rule: contextData }),
};

export const CreateContextInput = defineInput(
  'CreateContextInput',
  "Novu's CreateContextRequestDto, without the URL that it lets agents call.",
  create,
);
export type CreateContextBody = BodyOf<typeof create>;

const update = {
  data: jsonObject({
    required: true,
    description: 'Replaced as a whole; at most 64 KB.',
    rule: contextData,
  }),
};

export const UpdateContextInput = defineInput(
  'UpdateContextInput',
  "Novu's UpdateContextRequestDto, without the URL that it lets agents call.",
  update,
);
export type UpdateContextBody = BodyOf<typeof update>;
