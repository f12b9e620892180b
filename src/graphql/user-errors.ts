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
export type UserErrorCode = (typeof userErrorCodes)[number];

type Shape<Name extends string, Codes extends UserErrorCode> = {
  type: Name;
  code: Codes;
  message: string;
  /** Where in the arguments, for example ['input', 'workspace', 'id']. */
  path: string[] | null;
};

export type ConflictErrorValue = Shape<'ConflictError', 'ALREADY_EXISTS'> & {
  existingIdentifier: string | null;
  resource: string;
};
export type IdempotencyErrorValue = Shape<
  'IdempotencyError',
  'IDEMPOTENCY_KEY_REUSED' | 'IDEMPOTENCY_IN_PROGRESS'
> & {
  idempotencyKey: string;
  retryAfterMs: number | null;
};

/** An error that the caller can correct. */
export type UserErrorValue =
  | Shape<'ValidationError', 'INVALID_INPUT'>
  | Shape<'NotFoundError', 'NOT_FOUND'>
  | ConflictErrorValue
  | IdempotencyErrorValue
  | Shape<'UnsupportedError', 'UNSUPPORTED'>
  | Shape<'ProviderError', 'PROVIDER_REFUSED' | 'BUSY'>;

export const invalidInput = (message: string, path: string[] | null): UserErrorValue => ({
  type: 'ValidationError',
  code: 'INVALID_INPUT',
  message,
  path,
});
export const notFound = (message: string, path: string[] | null): UserErrorValue => ({
  type: 'NotFoundError',
  code: 'NOT_FOUND',
  message,
  path,
});

export const UserErrorCodeEnum = builder.enumType('UserErrorCode', { values: userErrorCodes });

export const UserError = builder.interfaceRef<UserErrorValue>('UserError');
builder.interfaceType(UserError, {
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

builder.objectType(builder.objectRef<UserErrorValue>('ValidationError'), {
  description: 'Something in the input is not as Novu wants it.',
  interfaces: [UserError],
});
builder.objectType(builder.objectRef<UserErrorValue>('NotFoundError'), {
  description: 'Something that the call refers to does not exist in this environment.',
  interfaces: [UserError],
});
builder.objectType(builder.objectRef<UserErrorValue>('UnsupportedError'), {
  description: 'This Novu server does not offer the operation.',
  interfaces: [UserError],
});
builder.objectType(builder.objectRef<UserErrorValue>('ProviderError'), {
  description:
    'The chat provider refused the stored tokens (PROVIDER_REFUSED), or a check of them is running already (BUSY).',
  interfaces: [UserError],
});
export const ConflictError = builder.objectRef<ConflictErrorValue>('ConflictError');
builder.objectType(ConflictError, {
  description: 'It exists already, or the identifier is taken: see `existing`.',
  interfaces: [UserError],
  fields: (t) => ({ existingIdentifier: t.exposeID('existingIdentifier') }),
});
builder.objectType(builder.objectRef<IdempotencyErrorValue>('IdempotencyError'), {
  description: 'The idempotency key was used for another input, or an earlier call with it is still running.',
  interfaces: [UserError],
  fields: (t) => ({
    idempotencyKey: t.exposeString('idempotencyKey', { nullable: false }),
    retryAfterMs: t.exposeInt('retryAfterMs'),
  }),
});
