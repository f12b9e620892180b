import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { gatewayError, isGatewayError, maskedError } from '../../graphql/errors.ts';
import { toSafeError } from '../../operations/safe-messages.ts';

export type SafeErrorsOptions = {
  /** Told of what nobody foresaw, before it is masked. */
  onUnexpected: (error: unknown) => void;
};

/** Lets out only errors whose words are known: the gateway's own, and graphql-js's without the values they repeat. */
export function useSafeErrors({ onUnexpected }: SafeErrorsOptions): Plugin {
  const clean = (error: unknown): GraphQLError => {
    if (!(error instanceof GraphQLError)) {
      onUnexpected(error);
      return maskedError();
    }
    if (isGatewayError(error)) {
      // Yoga takes the status of errors in documents back for clients of the older media type; a limit stays one.
      if (error.extensions.http !== undefined) error.extensions.http.spec = false;
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
  };
  return {
    onResultProcess({ result, setResult }) {
      if (Array.isArray(result))
        setResult(
          result.map((one) => (one.errors === undefined ? one : { ...one, errors: one.errors.map(clean) })),
        );
      else if ('errors' in result && result.errors !== undefined)
        setResult({ ...result, errors: result.errors.map(clean) });
    },
  };
}
