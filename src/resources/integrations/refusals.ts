import type { NovuError } from '../../upstream/errors.ts';
import type { KnownText, RefusalRules } from '../../writes/refusals.ts';
import type { UserErrorValue } from '../../graphql/user-errors.ts';
import {
  contextTexts,
  modeTexts,
  unknownConnection,
  unknownInput,
  unknownParts,
} from '../common/row-refusals.ts';
import {
  GenerateConnectOAuthUrlInput,
  GenerateLinkUserOAuthUrlInput,
  LinkChannelEndpointInput,
} from './input.ts';

const integrationPath = ['input', 'integrationIdentifier'];

const validation: readonly KnownText[] = [
  ...modeTexts,
  ...contextTexts,
  {
    pattern: /^Integration identifier is required$/,
    message: 'integrationIdentifier is required.',
    path: integrationPath,
  },
  {
    pattern: /^Provider ".*" does not support subscriber chat linking/s,
    message: "The integration's provider has no such links.",
    path: integrationPath,
  },
  {
    pattern: /^Bot Token is missing from integration credentials/,
    message: 'The integration lacks the bot token that a link needs.',
    path: integrationPath,
  },
  {
    pattern: /^subscriberId is required for incoming webhook/,
    message: 'subscriberId is required for the scope incoming-webhook.',
    path: ['input', 'subscriberId'],
  },
  {
    pattern: /^subscriberId is required for link_user mode/,
    message: 'subscriberId is required.',
    path: ['input', 'subscriberId'],
  },
  {
    pattern: /^A context is required when HMAC validation/,
    message: 'context is required: the integration checks contexts.',
    path: ['input', 'context'],
  },
  {
    pattern: /^A valid contextHash is required/,
    message: 'contextHash is required: the integration checks contexts.',
    path: ['input', 'contextHash'],
  },
  {
    pattern: /valid context HMAC hash/,
    message: 'contextHash is not that of the context.',
    path: ['input', 'contextHash'],
  },
  {
    pattern: /^connectionIdentifier is required/,
    message: "connectionIdentifier is required for the integration's provider.",
    path: ['input', 'connectionIdentifier'],
  },
];

/** The three routes that answer with a link. */
export const linkRules: RefusalRules = {
  resource: 'Integration',
  inputFields: new Set([
    ...GenerateConnectOAuthUrlInput.fieldNames,
    ...GenerateLinkUserOAuthUrlInput.fieldNames,
    ...LinkChannelEndpointInput.fieldNames,
  ]),
  subject: unknownInput,
  validation,
  notFound: [
    unknownConnection,
    {
      pattern: /integration missing (?:required OAuth )?(?:credentials|clientId)/,
      message: 'The integration lacks the credentials that OAuth needs.',
      path: integrationPath,
    },
    ...unknownParts,
    // The link's own words for it.
    {
      pattern: /^Integration .+ not found$/s,
      message: 'No integration has this identifier.',
      path: integrationPath,
    },
  ],
  other: toProviderError,
};

/** Telegram refused Novu's `getMe`. When Telegram or Novu's cache can't be reached, a later call can go well. */
export const isRefusedByProvider = ({ status, answeredByNovu, text }: NovuError): boolean =>
  status === 502 && answeredByNovu && text.startsWith('Telegram getMe failed');

function toProviderError(error: NovuError): UserErrorValue | null {
  if (!isRefusedByProvider(error)) return null;
  return {
    type: 'NovuProviderError',
    code: 'PROVIDER_REFUSED',
    message: "The chat provider refused the integration's bot token.",
    path: integrationPath,
  };
}
