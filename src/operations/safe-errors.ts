import { GraphQLError } from 'graphql';
import { gatewayError, isGatewayError, maskedError } from '../graphql/errors.ts';
import { toSafeError } from './safe-messages.ts';

/** Told of what nobody foresaw, before it is masked. */
export type OnUnexpected = (error: unknown) => void;

/** Errors that were made safe: what is cleaned twice stays as it is. */
const safe = new WeakSet<GraphQLError>();

/**
 * The one place where errors are made fit to be shown: the gateway's own pass, graphql-js's are worded without the
 * values that they repeat, and everything else is masked.
 */
export function cleanError(error: unknown, onUnexpected: OnUnexpected): GraphQLError {
  if (error instanceof GraphQLError && safe.has(error)) return error;
  const cleaned = clean(error, onUnexpected);
  safe.add(cleaned);
  return cleaned;
}

function clean(error: unknown, onUnexpected: OnUnexpected): GraphQLError {
  if (!(error instanceof GraphQLError)) {
    onUnexpected(error);
    return maskedError();
  }
  if (isGatewayError(error)) {
    // Yoga takes the status of errors with `spec` back for clients of the older media type.
    if (error.extensions.http !== undefined) error.extensions.http.spec ??= false;
    return error;
  }
  if (error.extensions['code'] === 'REQUEST_ENTITY_TOO_LARGE') {
    return gatewayError('PAYLOAD_TOO_LARGE', 'The body is too large.', {
      http: { status: 413, spec: false },
    });
  }
  // With a path it comes from a resolver or from a value of ours that doesn't fit: never the caller's doing.
  const isRequestError =
    error.path === undefined &&
    (error.originalError === undefined || error.originalError instanceof GraphQLError);
  if (isRequestError) return toSafeError(error);
  onUnexpected(error.originalError ?? error);
  return maskedError(error);
}
