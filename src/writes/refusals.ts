import type { NovuError } from '../upstream/errors.ts';
import { OccupiedError } from './occupied.ts';
import { invalidInput, notFound, type UserErrorValue } from '../graphql/user-errors.ts';

/** A text of Novu's, recognised, and what is said instead: Novu's words may repeat input, ours never do. */
export type KnownText = { pattern: RegExp; message: string; path: string[] | null };

export type RefusalRules = {
  /** The resource, for `NovuConflictError.existing`. */
  resource: string;
  /** First names of fields that a path in `input` may start with. */
  inputFields: ReadonlySet<string>;
  validation: readonly KnownText[];
  notFound: readonly KnownText[];
  /** Fields of Novu's that the input has elsewhere: Novu's first name to the path below `input`. */
  renamed?: ReadonlyMap<string, readonly string[]>;
  /** For a 404 that none of `notFound` knows: what was asked for by its identifier. */
  subject: { message: string; path: string[] | null };
  /** For a conflict that is not about the identifier. @default that integration, subscriber and context have one */
  exists?: string;
  /** For a conflict with the row that was found to be in the way. @default `exists` */
  occupied?: string;
  /** The identifier that a conflict of Novu's names, or null. @default as texts about connections do */
  conflictingIdentifier?: (error: NovuError) => string | null;
  /** What an identifier that is taken is in the input. @default ['input', 'identifier'] */
  identifierPath?: string[];
  /** What else this operation's callers can put right. */
  other?: (error: NovuError) => UserErrorValue | null;
};

export type RefusalContext = {
  idempotencyKey?: string;
  /** What a conflict is about when Novu's text does not say. */
  identifier?: string;
};

/** `Channel connection with identifier "X" already exists in environment "E"`, `… Connection ID: X`: Novu's only handle. */
export function conflictingIdentifier(error: NovuError): string | null {
  return (
    /with identifier "(.*)" already exists in environment "[^"]*"$/s.exec(error.text)?.[1] ??
    /Connection ID: (.+)$/s.exec(error.text)?.[1] ??
    null
  );
}

/** Novu's refusal as something the caller can put right, or null when it is a matter for a top-level error. */
export function toUserErrors(
  error: NovuError,
  rules: RefusalRules,
  context: RefusalContext,
): UserErrorValue[] | null {
  const known = (texts: readonly KnownText[], text: string) =>
    texts.find(({ pattern }) => pattern.test(text));
  switch (error.kind) {
    case 'validation': {
      const errors = error.issues.map(({ field, text }): UserErrorValue => {
        const rule =
          known(rules.validation, field === null ? text : `${field} ${text}`) ??
          known(rules.validation, error.text);
        if (rule !== undefined) return invalidInput(rule.message, rule.path);
        const path = toPath(field, rules);
        return invalidInput(toMessage(text, path), path);
      });
      return errors.length > 0
        ? errors
        : [invalidInput('Novu refused the input without saying why.', ['input'])];
    }
    case 'too-large':
      return [invalidInput('The input is larger than Novu takes.', ['input'])];
    case 'not-found': {
      const rule = known(rules.notFound, error.text);
      return [
        rule === undefined
          ? notFound(rules.subject.message, rules.subject.path)
          : notFound(rule.message, rule.path),
      ];
    }
    case 'unsupported':
      return [
        {
          type: 'NovuUnsupportedError',
          code: 'UNSUPPORTED',
          message: 'This Novu server does not offer this.',
          path: null,
        },
      ];
    case 'conflict': {
      // Without words of Novu's the conflict is the gateway's own finding: the identifier is taken.
      const isOccupied = error instanceof OccupiedError;
      const existingIdentifier = isOccupied
        ? error.existingIdentifier
        : ((rules.conflictingIdentifier ?? conflictingIdentifier)(error) ??
          (error.text === '' ? (context.identifier ?? null) : null));
      const taken = !isOccupied && existingIdentifier !== null && existingIdentifier === context.identifier;
      const exists = isOccupied ? (rules.occupied ?? rules.exists) : rules.exists;
      const message = taken
        ? 'The identifier is taken.'
        : (exists ?? 'One exists already for this integration, subscriber and context.');
      return [
        {
          type: 'NovuConflictError',
          code: 'ALREADY_EXISTS',
          message,
          path: taken ? (rules.identifierPath ?? ['input', 'identifier']) : ['input'],
          existingIdentifier,
          resource: rules.resource,
        },
      ];
    }
    case 'key-reused':
    case 'in-progress': {
      const reused = error.kind === 'key-reused';
      return [
        {
          type: 'NovuIdempotencyError',
          code: reused ? 'IDEMPOTENCY_KEY_REUSED' : 'IDEMPOTENCY_IN_PROGRESS',
          message: reused
            ? 'The idempotency key was used for another input before.'
            : 'An earlier call with this idempotency key is still running.',
          path: ['idempotencyKey'],
          idempotencyKey: context.idempotencyKey ?? '',
          retryAfterMs: reused ? null : (error.retryAfterMs ?? 1000),
        },
      ];
    }
    default: {
      const other = rules.other?.(error) ?? null;
      return other === null ? null : [other];
    }
  }
}

/** A name of a field or the index of a list; anything else may be a value. */
const fieldName = /^(?:[a-z][A-Za-z]{0,39}|\d{1,4})$/;

/** `workspace.id` as ["input", "workspace", "id"], when the input has such a field. */
function toPath(field: string | null, { inputFields, renamed }: RefusalRules): string[] | null {
  if (field === null) return null;
  const [first, ...rest] = field.split('.');
  const elsewhere = renamed?.get(first ?? '');
  if (!rest.every((part) => fieldName.test(part))) return null;
  if (elsewhere !== undefined) return ['input', ...elsewhere, ...rest];
  if (first === undefined || !inputFields.has(first)) return null;
  // What stands below context is named by the caller; the list has no such names.
  return first === 'context' ? ['input', first] : ['input', first, ...rest];
}

/** The phrases of class-validator, which hold nothing of the value. */
const phrase =
  /^(?:must be (?:a string|an object|a boolean(?: value)?|a number(?: conforming to the specified constraints)?|an array|a valid enum value|a valid ISO 8601 date string|an email|locale|a valid IANA time-zone|an integer number|shorter than or equal to \d+ characters|longer than or equal to \d+ characters|one of the following values: [\w ,-]{1,300})|should not be (?:empty|null or undefined)|must not be (?:less|greater) than \d+|is required)$/;

function toMessage(text: string, path: string[] | null): string {
  const words = text.trim();
  if (!phrase.test(words)) return 'Novu refused this value.';
  return path === null
    ? `Novu refused the input: something in it ${words}.`
    : `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
