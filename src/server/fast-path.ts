import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  getOperationAST,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { Context } from '../graphql/context.ts';
import { estimateCost, hasLongList } from '../operations/limits.ts';
import type { LogOperation } from './plugins/use-log.ts';
import type { Running } from './plugins/use-running.ts';
import { isPlainVariables } from './plugins/use-strict-requests.ts';

/**
 * A shorter way for requests like ones that Yoga has handled before: a document that its whole chain of checks has let
 * through, asked for in plain JSON. It runs the operation and writes the answer; whatever is out of the ordinary goes
 * the long way, and so does the writing of every answer with errors. An operation runs on one of the two, never on both.
 */
export type FastPath = {
  /** Undefined: nothing was run, let Yoga do all of it. */
  run(
    params: Readonly<Record<string, unknown>>,
    accept: string | undefined,
    makeContext: () => Context,
  ): Promise<FastAnswer | undefined> | undefined;
};

export type FastAnswer = { contentType: string; body: string } | { precomputed: ExecutionResult };

export type FastPathOptions = {
  schema: GraphQLSchema;
  maxCost: number;
  maxListItems: number;
  running: Running;
  logOperation: LogOperation;
};

/** Bytes of documents that are remembered. */
const maxBytes = 8 * 1024 * 1024;

const json = 'application/json; charset=utf-8';
const graphqlResponse = 'application/graphql-response+json; charset=utf-8';
/** What clients ask for, and Yoga's answer to it; any other Accept goes the long way. */
const contentTypes: ReadonlyMap<string | undefined, string> = new Map([
  [undefined, json],
  ['*/*', json],
  ['application/json', json],
  ['application/graphql-response+json', graphqlResponse],
  ['application/graphql-response+json,application/json;q=0.9', graphqlResponse],
  ['application/graphql-response+json, application/json', graphqlResponse],
]);

const paramNames = new Set(['query', 'variables', 'operationName']);

export function createFastPath({ schema, maxCost, maxListItems, running, logOperation }: FastPathOptions): {
  path: FastPath;
  plugin: Plugin<object, { precomputed?: ExecutionResult }>;
} {
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: maxBytes,
    sizeCalculation: (_document, text) => text.length * 8,
  });
  const costs = new WeakMap<OperationDefinitionNode, number>();

  function isTooCostly(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>>,
  ): boolean {
    const known = costs.get(operation);
    if (known !== undefined) return known > maxCost;
    let depends = false;
    const cost = estimateCost(schema, document, operation, variables, maxCost, () => {
      depends = true;
    });
    if (!depends) costs.set(operation, cost);
    return cost > maxCost;
  }

  async function runOperation(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variableValues: Readonly<Record<string, unknown>>,
    contentType: string,
    contextValue: Context,
  ): Promise<FastAnswer | undefined> {
    const startedAt = performance.now();
    const operationName = operation.name?.value ?? null;
    running.start();
    try {
      const result = await execute({ schema, document, contextValue, variableValues, operationName });
      // Without data nothing has been run: the variables don't fit, and the long way finds the words for it.
      if (result.data === undefined) return undefined;
      logOperation(contextValue, document, operationName, startedAt, result);
      return result.errors === undefined
        ? { contentType, body: JSON.stringify(result) }
        : { precomputed: result };
    } finally {
      running.end();
    }
  }

  return {
    path: {
      run(params, accept, makeContext) {
        const { query, variables = null, operationName = null } = params;
        const contentType = contentTypes.get(accept);
        if (contentType === undefined || typeof query !== 'string') return undefined;
        for (const name in params) if (!paramNames.has(name)) return undefined;
        if (operationName !== null && typeof operationName !== 'string') return undefined;
        if (!isPlainVariables(variables) || hasLongList(variables, maxListItems)) return undefined;
        const document = documents.get(query);
        const operation = document && getOperationAST(document, operationName);
        if (document === undefined || operation == null || isTooCostly(document, operation, variables ?? {}))
          return undefined;
        return runOperation(document, operation, variables ?? {}, contentType, makeContext());
      },
    },
    plugin: {
      onParams({ context, setResult }) {
        const { precomputed }: { precomputed?: ExecutionResult } = context;
        if (precomputed !== undefined) setResult(precomputed);
      },
      onValidate({ context, params }) {
        return ({ valid }) => {
          const { query } = (context as { params?: { query?: unknown } }).params ?? {};
          if (valid && typeof query === 'string') documents.set(query, params.documentAST);
        };
      },
      onExecute({ setExecuteFn }) {
        // One executor on both ways.
        setExecuteFn(execute as Parameters<typeof setExecuteFn>[0]);
      },
    },
  };
}
