import { builder } from './builder.ts';

export const userErrorCodes = [
  'INVALID_INPUT',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_IN_PROGRESS',
  'UNSUPPORTED',
  'PROVIDER_REFUSED',
  'BUSY',
  'UNRECOGNIZED',
] as const;
export type NovuUserErrorCode = (typeof userErrorCodes)[number];

type Shape<Name extends string, Codes extends NovuUserErrorCode> = {
  type: Name;
  code: Codes;
  message: string;
  /** Where in the arguments, for example ['input', 'workspace', 'id']. */
  path: string[] | null;
};

export type ConflictErrorValue = Shape<'NovuConflictError', 'ALREADY_EXISTS'> & {
  existingIdentifier: string | null;
  resource: string;
};
export type IdempotencyErrorValue = Shape<
  'NovuIdempotencyError',
  'IDEMPOTENCY_KEY_REUSED' | 'IDEMPOTENCY_IN_PROGRESS'
> & {
  idempotencyKey: string;
  retryAfterMs: number | null;
};

/** An error that the caller can correct. */
export type UserErrorValue =
  | Shape<'NovuValidationError', 'INVALID_INPUT'>
  | Shape<'NovuNotFoundError', 'NOT_FOUND'>
  | ConflictErrorValue
  | IdempotencyErrorValue
  | Shape<'NovuUnsupportedError', 'UNSUPPORTED'>
  | Shape<'NovuProviderError', 'PROVIDER_REFUSED' | 'BUSY'>;

export const invalidInput = (message: string, path: string[] | null): UserErrorValue => ({
  type: 'NovuValidationError',
  code: 'INVALID_INPUT',
  message,
  path,
});
export const notFound = (message: string, path: string[] | null): UserErrorValue => ({
  type: 'NovuNotFoundError',
  code: 'NOT_FOUND',
  message,
  path,
});

export const UserErrorCodeEnum = builder.enumType('NovuUserErrorCode', { values: userErrorCodes });

export const NovuUserError = builder.interfaceRef<UserErrorValue>('NovuUserError');
builder.interfaceType(NovuUserError, {
  description: 'An error that the caller can correct. All others are top-level errors with extensions.code.',
  fields: (t) => ({
    message: t.exposeString('message', { nullable: false }),
    code: t.expose('code', { type: UserErrorCodeEnum, nullable: false }),
    path: t.exposeStringList('path', {
      nullable: { list: true, items: false },
      description: 'Where in the input, for example ["input", "workspace", "id"].',
    }),
  }),
  resolveType: (error) => error.type,
});

builder.objectType(builder.objectRef<UserErrorValue>('NovuValidationError'), {
  description: 'Something in the input is not as Novu wants it.',
  interfaces: [NovuUserError],
});
builder.objectType(builder.objectRef<UserErrorValue>('NovuNotFoundError'), {
  description: 'Something that the call refers to does not exist in this environment.',
  interfaces: [NovuUserError],
});
builder.objectType(builder.objectRef<UserErrorValue>('NovuUnsupportedError'), {
  description: 'This Novu server does not offer the operation.',
  interfaces: [NovuUserError],
});
builder.objectType(builder.objectRef<UserErrorValue>('NovuProviderError'), {
  description:
    'The chat provider refused the stored tokens (PROVIDER_REFUSED), or a check of them is running already (BUSY).',
  interfaces: [NovuUserError],
});
export const NovuConflictError = builder.objectRef<ConflictErrorValue>('NovuConflictError');
builder.objectType(NovuConflictError, {
  description: 'It exists already, or the identifier is taken: see `existing`.',
  interfaces: [NovuUserError],
  fields: (t) => ({ existingIdentifier: t.exposeID('existingIdentifier') }),
});
builder.objectType(builder.objectRef<IdempotencyErrorValue>('NovuIdempotencyError'), {
  description: 'The idempotency key was used for another input, or an earlier call with it is still running.',
  interfaces: [NovuUserError],
  fields: (t) => ({
    idempotencyKey: t.exposeString('idempotencyKey', { nullable: false }),
    retryAfterMs: t.exposeInt('retryAfterMs'),
  }),
});
