import type { Caller } from '../../callers/caller.ts';
import { invalidInput, type UserErrorValue } from '../../graphql/user-errors.ts';
import type { KnownText } from '../../writes/refusals.ts';

/** Texts of Novu's about fields that several inputs have. */
export const modeTexts: readonly KnownText[] = [
  {
    pattern: /^context is required when connectionMode/,
    message: 'context is required when connectionMode is SHARED.',
    path: ['input', 'context'],
  },
  {
    pattern: /^subscriberId is required when connectionMode/,
    message: 'subscriberId is required when connectionMode is SUBSCRIBER.',
    path: ['input', 'subscriberId'],
  },
  {
    pattern: /^Either subscriberId or context/,
    message: 'Either subscriberId or context must be given.',
    path: ['input'],
  },
];

export const contextTexts: readonly KnownText[] = [
  {
    pattern: /^(?:Invalid context payload structure|Too many contexts)/,
    message: 'Novu refused the contexts.',
    path: ['input', 'context'],
  },
  {
    pattern: /^Context '.*' Data is too large$/s,
    message: 'The data of a context is larger than Novu takes.',
    path: ['input', 'context'],
  },
];

export const unknownParts: readonly KnownText[] = [
  {
    pattern: /^Integration not found/,
    message: 'No integration has this identifier.',
    path: ['input', 'integrationIdentifier'],
  },
  {
    pattern: /^Subscriber not found/,
    message: 'No subscriber has this id.',
    path: ['input', 'subscriberId'],
  },
];

export const unknownConnection: KnownText = {
  pattern: /^Channel connection not found/,
  message: 'No channel connection of this integration has this identifier.',
  path: ['input', 'connectionIdentifier'],
};

/** For a 404 of a call that names nothing but its input. */
export const unknownInput = {
  message: 'Something that the input refers to does not exist.',
  path: ['input'],
};

/**
 * An end user's create takes the identifier that follows from its key: names that they could choose would tell whose
 * exist, and one that somebody else will take could be prepared.
 */
export const chosenIdentifier = (
  caller: Caller,
  { identifier }: { identifier?: string | undefined },
): UserErrorValue[] =>
  caller.kind === 'user' && identifier !== undefined
    ? [invalidInput("End users can't choose an identifier: leave it out.", ['input', 'identifier'])]
    : [];
