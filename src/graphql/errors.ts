import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import { WriteError } from '../upstream/write-error.ts';
import { wasUncertain } from '../upstream/client.ts';
import { type Applied, type FailureKind, NovuError } from '../upstream/errors.ts';

/** Every `extensions.code` of a top-level error that the gateway itself makes. */
export const errorCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'INVALID_CURSOR',
  'RATE_LIMITED',
  'UPSTREAM_UNSUPPORTED',
  'UPSTREAM_AUTH_FAILED',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_BAD_RESPONSE',
  'OUTCOME_UNKNOWN',
  'INTERNAL_SERVER_ERROR',
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'PAYLOAD_TOO_LARGE',
  'OVERLOADED',
  'TOO_MANY_CHARACTERS',
  'TOO_MANY_TOKENS',
  'TOO_DEEP',
  'TOO_MANY_DIRECTIVES',
  'TOO_MANY_FIELDS',
  'TOO_MANY_VALUES',
  'TOO_MANY_NOVU_CALLS',
  'TOO_MANY_MUTATIONS',
  'TOO_COMPLEX',
  'TOO_COSTLY',
  'TOO_MANY_ITEMS',
  'CROSS_SITE_REQUEST',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_ONLY',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** Whether a write that failed was done: an answer that is always true. */
export type Outcome = 'NOT_APPLIED' | 'APPLIED' | 'UNKNOWN';

/** Errors made here, whose words are known to hold nothing of the caller's or of Novu's. */
const own = new WeakSet<object>();

export function gatewayError(
  code: ErrorCode,
  message: string,
  extensions: GraphQLErrorExtensions = {},
): GraphQLError {
  // One request may meet a thousand of them, and nobody looks where they were made: a stack costs more than the rest.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new GraphQLError(message, { extensions: { code, ...extensions } });
  Error.stackTraceLimit = stackTraceLimit;
  own.add(error);
  return error;
}

/** Whether the error, or the one that graphql-js located in the document, is the gateway's own. */
export function isGatewayError(error: GraphQLError): boolean {
  return own.has(error) || (error.originalError != null && own.has(error.originalError));
}

type Words = { code: ErrorCode; message: string; retryable: boolean };

const words: Record<FailureKind, Words> = {
  'not-sent': { code: 'UPSTREAM_UNAVAILABLE', message: 'Novu could not be reached.', retryable: true },
  busy: {
    code: 'UPSTREAM_UNAVAILABLE',
    message: 'Novu is not being asked at the moment: too many calls wait or it is down.',
    retryable: true,
  },
  paced: {
    code: 'RATE_LIMITED',
    message: "Novu's rate limit is used up for longer than this call may wait.",
    retryable: true,
  },
  'too-many-calls': {
    code: 'TOO_MANY_NOVU_CALLS',
    message: 'The operation needs more calls to Novu than one operation may make.',
    retryable: false,
  },
  'rate-limited': { code: 'RATE_LIMITED', message: "Novu's rate limit is used up.", retryable: true },
  timeout: { code: 'UPSTREAM_TIMEOUT', message: 'Novu did not answer in time.', retryable: true },
  reset: {
    code: 'UPSTREAM_UNAVAILABLE',
    message: 'The connection to Novu broke before it answered.',
    retryable: true,
  },
  aborted: { code: 'UPSTREAM_TIMEOUT', message: 'The caller left before Novu answered.', retryable: true },
  'bad-response': {
    code: 'UPSTREAM_BAD_RESPONSE',
    message: 'Novu answered something that cannot be read.',
    retryable: true,
  },
  unavailable: { code: 'UPSTREAM_UNAVAILABLE', message: 'Novu failed to answer.', retryable: true },
  validation: { code: 'BAD_USER_INPUT', message: 'Novu refused the arguments.', retryable: false },
  'not-found': {
    code: 'UPSTREAM_BAD_RESPONSE',
    message: 'Novu knows nothing by that name.',
    retryable: false,
  },
  unsupported: {
    code: 'UPSTREAM_UNSUPPORTED',
    message: 'This Novu server does not offer that.',
    retryable: false,
  },
  conflict: { code: 'UPSTREAM_BAD_RESPONSE', message: 'Novu reported a conflict.', retryable: false },
  'in-progress': {
    code: 'UPSTREAM_UNAVAILABLE',
    message: 'Novu is still working on an earlier call with this key.',
    retryable: true,
  },
  'key-reused': {
    code: 'BAD_USER_INPUT',
    message: 'The idempotency key was used for another input.',
    retryable: false,
  },
  auth: {
    code: 'UPSTREAM_AUTH_FAILED',
    message: "Novu refused the gateway's own key; the operator of the gateway has to look at it.",
    retryable: false,
  },
  'too-large': { code: 'BAD_USER_INPUT', message: 'Novu finds the input too large.', retryable: false },
  redirect: {
    code: 'UPSTREAM_BAD_RESPONSE',
    message: 'Novu answered with a redirect, which is not followed.',
    retryable: false,
  },
  refused: { code: 'UPSTREAM_BAD_RESPONSE', message: 'Novu refused the call.', retryable: false },
};

const outcomes: Record<Applied, Outcome> = { no: 'NOT_APPLIED', yes: 'APPLIED', unknown: 'UNKNOWN' };

/** What to ask or to retry a write with. */
export type WriteHandle = {
  identifier?: string;
  idempotencyKey?: string;
  /** What it has done before it failed, under the name that it has in `extensions`. */
  done?: Readonly<Record<string, readonly string[]>>;
};

/**
 * The one place where what went wrong towards Novu becomes a top-level error. Writes pass their handle, so that
 * `extensions` has the `outcome`, and with it unknown the identifier and key to go on with. What was done in part is
 * neither applied nor not: its outcome is unknown, and `extensions` says which part.
 */
export function toTopLevelError(error: unknown, write?: WriteHandle): unknown {
  const failure = error instanceof WriteError ? error.failure : error;
  if (!(failure instanceof NovuError)) return error;
  const { code, message, retryable } = words[failure.kind];
  const extensions: GraphQLErrorExtensions = { retryable };
  if (failure.retryAfterMs !== null) extensions['retryAfterMs'] = failure.retryAfterMs;
  else if (failure.facts.rateLimit?.resetSeconds != null && code === 'RATE_LIMITED')
    extensions['retryAfterMs'] = failure.facts.rateLimit.resetSeconds * 1000;
  else if (code === 'RATE_LIMITED') extensions['retryAfterMs'] = 1000;
  if (failure.errorId !== null) extensions['errorId'] = failure.errorId;
  if (write === undefined) return gatewayError(code, message, extensions);

  const done = Object.entries(write.done ?? {}).filter(([, all]) => all.length > 0);
  for (const [name, all] of done) extensions[name] = [...all];
  const said = error instanceof WriteError ? error.outcome : failure.applied;
  const isOpen = done.length > 0 || (!(error instanceof WriteError) && wasUncertain(failure));
  const applied = said === 'no' && isOpen ? 'unknown' : said;
  extensions['outcome'] = outcomes[applied];
  if (applied !== 'unknown') return gatewayError(code, message, extensions);
  extensions['retryable'] = true;
  if (write.identifier !== undefined) extensions['identifier'] = write.identifier;
  if (write.idempotencyKey !== undefined) extensions['idempotencyKey'] = write.idempotencyKey;
  if (done.length > 0)
    return gatewayError(code, `${message} A part was done before: repeat it to go on.`, extensions);
  const timedOut =
    error instanceof WriteError ? error.timedOut : failure.kind === 'timeout' || failure.kind === 'paced';
  return timedOut
    ? gatewayError(
        'OUTCOME_UNKNOWN',
        'The time ran out before it was known whether Novu did this. Retry with the same key, or look it up by its identifier.',
        extensions,
      )
    : gatewayError(
        code,
        `${message} Whether it was done is not known: retry with the same key, or look it up by its identifier.`,
        extensions,
      );
}

/** Anything that is not one of our own errors becomes this, so that nothing of the inside shows. */
export function maskedError(error?: GraphQLError): GraphQLError {
  return new GraphQLError('Unexpected error.', {
    nodes: error?.nodes ?? null,
    path: error?.path ?? null,
    extensions: {
      code: 'INTERNAL_SERVER_ERROR',
      ...(error?.path === undefined && { http: { status: 500 } }),
    },
  });
}
