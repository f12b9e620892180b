import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Log } from '../log.ts';
import type { Context } from '../context.ts';

/** One line per operation: who, the name that the document declares, how it ended. Never a value, a variable or a text. */
export function useLog(log: Log): Plugin<Context> {
  return {
    onExecute({ args }) {
      const startedAt = performance.now();
      const { requestId, caller } = args.contextValue;
      const operation = getOperationAST(args.document, args.operationName);
      return {
        onExecuteDone({ result }) {
          if (!log.isLevelEnabled('info')) return;
          const codes =
            'errors' in result
              ? result.errors?.map((error) => error.extensions['code'] ?? 'INVALID')
              : undefined;
          log.info(
            {
              requestId,
              caller: caller.name,
              operation: operation?.name?.value ?? null,
              kind: operation?.operation,
              ms: Math.round((performance.now() - startedAt) * 10) / 10,
              ...(codes !== undefined && codes.length > 0 && { errors: codes }),
            },
            'operation',
          );
        },
      };
    },
  };
}
