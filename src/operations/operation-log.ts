import type { GraphQLError } from 'graphql';
import { type ErrorCode, isGatewayError } from '../graphql/errors.ts';
import type { Log } from '../telemetry/log.ts';

export type LoggedOperation = {
  requestId: string;
  /** The caller's name. */
  caller: string;
  /** The name that the document declares, at most 128 characters of it. */
  name: string | null;
  kind: string;
  startedAt: number;
  errors: readonly GraphQLError[];
};

/** One line per operation: who, which, how it ended. Never a value, a variable or words of an error. */
export function logOperation(log: Log, operation: LoggedOperation): void {
  if (!log.isLevelEnabled('info')) return;
  const { requestId, caller, name, kind, startedAt, errors } = operation;
  const ms = Math.round((performance.now() - startedAt) * 10) / 10;
  log.info(
    errors.length === 0
      ? { requestId, caller, operation: name, kind, ms }
      : { requestId, caller, operation: name, kind, ms, errors: errors.map(codeOf) },
    'operation',
  );
}

/** What the caller is told; the code of an error that is not the gateway's own may be anybody's words. */
function codeOf(error: GraphQLError): string {
  if (isGatewayError(error)) return String(error.extensions['code']);
  return (error.path === undefined ? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR') satisfies ErrorCode;
}
