import {
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  parse,
  type ParseOptions,
  type Source,
  validate,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Limits } from '../../config.ts';
import { gatewayError } from '../../graphql/errors.ts';
import { estimateCost, excessError, findExcess, hasLongList, tooManyItems } from '../../operations/limits.ts';

/** Nobody reads the hundredth error, and each costs as much as a small request. */
const maxErrors = 5;
const validateBriefly: typeof validate = (schema, document, rules) =>
  validate(schema, document, rules, { maxErrors });

/** Bounds what one document may cost to read, to check and to run; each bound has an error code of its own. */
export function useLimits(limits: Limits): Plugin {
  const measured = new WeakMap<DocumentNode, GraphQLError | null>();
  const parseBounded = (source: string | Source, options?: ParseOptions): DocumentNode => {
    try {
      return parse(source, { ...options, maxTokens: limits.tokens });
    } catch (error) {
      if (error instanceof GraphQLError && /more tha[nt] \d+ tokens/.test(error.message)) {
        throw gatewayError('TOO_MANY_TOKENS', `A document may have at most ${limits.tokens} tokens.`, {
          http: { status: 400, spec: false },
        });
      }
      throw error;
    }
  };
  return {
    onParams({ params }) {
      if (hasLongList(params.variables, limits.listItems)) throw excessError(tooManyItems(limits.listItems));
    },
    onParse({ setParseFn }) {
      setParseFn(parseBounded);
    },
    onValidate({ params, setResult, setValidationFn }) {
      setValidationFn(validateBriefly);
      const document = params.documentAST;
      let excess = measured.get(document);
      if (excess === undefined) {
        const found = findExcess(document, limits);
        excess = found === null ? null : excessError(found);
        measured.set(document, excess);
      }
      if (excess !== null) setResult([excess]);
    },
    onExecute({ args, setResultAndStopExecution }) {
      const operation = getOperationAST(args.document, args.operationName);
      if (operation == null) return;
      const cost = estimateCost(
        args.schema as GraphQLSchema,
        args.document,
        operation,
        args.variableValues ?? {},
        limits.cost,
      );
      if (cost > limits.cost) {
        setResultAndStopExecution({
          errors: [
            gatewayError('TOO_COSTLY', `An operation may have an estimated cost of at most ${limits.cost}.`, {
              http: { status: 400, spec: false },
            }),
          ],
        });
      }
    },
  };
}
