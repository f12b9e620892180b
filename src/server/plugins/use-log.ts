import { type DocumentNode, getOperationAST, type GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';
import { type ErrorCode, isGatewayError } from '../../graphql/errors.ts';
import type { Log } from '../../telemetry/log.ts';

export type LogOperation = (
  context: Context,
  document: DocumentNode,
  operationName: string | null | undefined,
  startedAt: number,
  result: unknown,
) => void;

/** One line per operation: who, the name that the document declares, how it ended. Never a value, a variable or a text. */
export function createLogOperation(log: Log): LogOperation {
  return ({ requestId, caller }, document, operationName, startedAt, result) => {
    if (!log.isLevelEnabled('info')) return;
    const operation = getOperationAST(document, operationName);
    const { errors = [] } = result as { errors?: readonly GraphQLError[] };
    log.info(
      {
        requestId,
        caller: caller.name,
        operation: operation?.name?.value ?? null,
        kind: operation?.operation,
        ms: Math.round((performance.now() - startedAt) * 10) / 10,
        ...(errors.length > 0 && { errors: errors.map(codeOf) }),
      },
      'operation',
    );
  };
}

export function useLog(logOperation: LogOperation): Plugin<Context> {
  return {
    onExecute({ args }) {
      const startedAt = performance.now();
      return {
        onExecuteDone: ({ result }) =>
          logOperation(args.contextValue, args.document, args.operationName, startedAt, result),
      };
    },
  };
}

/** What the caller is told; the code of an error that is not the gateway's own may be anybody's words. */
function codeOf(error: GraphQLError): string {
  if (isGatewayError(error)) return String(error.extensions['code']);
  return (error.path === undefined ? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR') satisfies ErrorCode;
}
