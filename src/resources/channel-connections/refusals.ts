import type { RefusalRules } from '../../writes/refusals.ts';
import { contextTexts, modeTexts, unknownParts } from '../common/row-refusals.ts';
import { CreateChannelConnectionInput } from './input.ts';

export const rules: RefusalRules = {
  resource: 'ChannelConnection',
  inputFields: CreateChannelConnectionInput.fieldNames,
  subject: { message: 'No channel connection has this identifier.', path: ['identifier'] },
  validation: [
    ...modeTexts,
    ...contextTexts,
    {
      pattern: /^Token rotation is not supported/,
      message: "The integration's provider does not take a refresh token.",
      path: ['input', 'auth', 'refreshToken'],
    },
    {
      pattern: /must have clientId and secretKey configured/,
      message: 'The integration needs clientId and secretKey to keep a refresh token.',
      path: ['input', 'auth', 'refreshToken'],
    },
  ],
  notFound: [
    {
      pattern: /^Integration ".*" not found$/s,
      message: "The connection's integration is gone, and Novu needs it to keep a refresh token.",
      path: ['input', 'auth', 'refreshToken'],
    },
    ...unknownParts,
  ],
};
