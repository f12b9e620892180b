import { type ExecutionResult, type GraphQLError, type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { Caller } from '../callers/caller.ts';
import { namesItsOperation } from '../callers/signature.ts';
import { gatewayError } from '../graphql/errors.ts';
import type { Context } from '../graphql/context.ts';
import { type DocumentRecord, Documents, type Operation } from './documents.ts';
import { findInputFault, inputFaultWords } from './input-values.ts';
import { type Limits, refuseExcess, tooCostly, tooManyItems, tooManyValues } from './limits.ts';
import { noteOperation } from './operation-facts.ts';
import type { PersistedOperations } from './persisted-operations.ts';
import type { Running } from './running.ts';
import { cleanError, type OnUnexpected } from './safe-errors.ts';
import { relocate, type Skeleton } from './string-literals.ts';

/** The parameters of a GraphQL request (GraphQL over HTTP, section "Request Parameters"). */
export type Params = {
  /** Missing where the extensions name a persisted document. */
  query?: string | null | undefined;
  variables?: Readonly<Record<string, unknown>> | null | undefined;
  operationName?: string | null | undefined;
  extensions?: Readonly<Record<string, unknown>> | null | undefined;
};

/** An operation with its variables, checked in every way: all that is left is to run it. */
export type Ready = {
  operation: Operation;
  variables: Record<string, unknown>;
  /** The text and its literals, where the record is shared, for the places of errors. */
  text: string;
  skeleton: Skeleton | null;
};

/** How a request came, as far as it says what may be run. */
export type Manner = {
  caller: Caller;
  /** Mutations are refused (GraphQL over HTTP, section "GET"). @default false */
  isGet?: boolean;
};

/** Why a request is not run, as the errors of its answer. */
export type Refused = { errors: readonly GraphQLError[] };

export type OperationsOptions = {
  schema: GraphQLSchema;
  limits: Limits;
  introspection: boolean;
  cacheBytes: number;
  shareLiterals: boolean;
  /** Documents by id; null where there are none. */
  persisted: PersistedOperations | null;
  onUnexpected: OnUnexpected;
  running: Running;
};

/**
 * Everything between the parameters of a request and its result, on every way in: one record for each document, one
 * executor, one place for limits, errors and what is told of it.
 */
export class Operations {
  readonly #documents: Documents;
  readonly #options: OperationsOptions;

  constructor(options: OperationsOptions) {
    this.#options = options;
    this.#documents = new Documents(options);
  }

  /** Whether a request may name its document instead of holding it. */
  get takesIds(): boolean {
    return this.#options.persisted !== null;
  }

  /** Documents held at the moment. */
  get documentsHeld(): number {
    return this.#documents.size;
  }

  /** Reads, checks and coerces; nothing is run. */
  prepare(params: Params, how: Manner): Ready | Refused {
    try {
      const { limits, persisted } = this.#options;
      const { variables, operationName, extensions } = params;
      checkInput(variables, limits);
      checkInput(extensions, limits);
      const query = persisted === null ? params.query : persisted.findText(params);
      if (query == null || query === '')
        throw gatewayError('BAD_REQUEST', 'Must provide query string.', { http: { status: 400 } });
      return this.#prepare(query, variables ?? {}, operationName ?? null, how);
    } catch (thrown) {
      return { errors: (Array.isArray(thrown) ? thrown : [thrown]).map((error) => this.#clean(error)) };
    }
  }

  /** Runs once. The result is fit to be shown. */
  async run(ready: Ready, context: Context): Promise<ExecutionResult> {
    const { running } = this.#options;
    running.start();
    try {
      const result = await ready.operation.run({ contextValue: context, variables: ready.variables });
      return this.#finish(ready, context, result);
    } finally {
      running.end();
    }
  }

  /** Runs once and writes the body of the answer. */
  async write(ready: Ready, context: Context): Promise<string> {
    const { running } = this.#options;
    running.start();
    try {
      const written = await ready.operation.write({ contextValue: context, variables: ready.variables });
      if ('json' in written) {
        if (context.facts !== undefined) noteOperation(context.facts, ready.operation, noErrors);
        return written.json;
      }
      return JSON.stringify(this.#finish(ready, context, written));
    } finally {
      running.end();
    }
  }

  #prepare(
    query: string,
    raw: Readonly<Record<string, unknown>>,
    operationName: string | null,
    { caller, isGet = false }: Manner,
  ): Ready {
    const { record, skeleton } = this.#documents.find(query);
    if (!namesItsOperation(caller, record.operationCount))
      throw gatewayError('UNAUTHENTICATED', 'The credentials are missing or not valid.', {
        http: { status: 401, spec: false, headers: { 'www-authenticate': 'ApiKey, Bearer' } },
      });
    const operation = select(record, operationName);
    if (isGet && operation.kind === OperationTypeNode.MUTATION)
      throw gatewayError('BAD_REQUEST', 'Can only perform a mutation operation from a POST request.', {
        http: { status: 405, spec: false, headers: { Allow: 'POST' } },
      });
    const given = skeleton === null ? raw : withLiterals(raw, record, skeleton);
    const coercion = operation.coerce(given, coercionOptions);
    if ('errors' in coercion) {
      if (skeleton === null) throw coercion.errors.slice(0, 1);
      // The error of this very document, whose literals are no variables.
      return this.#prepareUnshared(query, raw, operationName);
    }
    return this.#ready({ operation, variables: coercion.coerced, text: query, skeleton });
  }

  #prepareUnshared(
    query: string,
    raw: Readonly<Record<string, unknown>>,
    operationName: string | null,
  ): Ready {
    const operation = select(this.#documents.findUnshared(query), operationName);
    const coercion = operation.coerce(raw, coercionOptions);
    if ('errors' in coercion) throw coercion.errors.slice(0, 1);
    return this.#ready({ operation, variables: coercion.coerced, text: query, skeleton: null });
  }

  #ready(ready: Ready): Ready {
    const { limits } = this.#options;
    const { estimate } = ready.operation;
    if (estimate.cost(ready.variables) > limits.cost) throw refuseExcess(tooCostly(limits.cost));
    if (estimate.values(ready.variables) > limits.values) throw refuseExcess(tooManyValues(limits.values));
    return ready;
  }

  #finish(ready: Ready, { facts }: Context, result: ExecutionResult): ExecutionResult {
    const { operation, skeleton, text } = ready;
    if (result.errors === undefined) {
      if (facts !== undefined) noteOperation(facts, operation, noErrors);
      return result;
    }
    const errors = result.errors.map((error) => {
      const cleaned = this.#clean(error);
      return skeleton === null ? cleaned : relocate(cleaned, text, skeleton);
    });
    if (facts !== undefined) noteOperation(facts, operation, errors);
    return { ...result, errors };
  }

  #clean(error: unknown): GraphQLError {
    return cleanError(error, this.#options.onUnexpected);
  }
}

/** Throws for what Novu could not get as it was meant, and for what would cost too much to look at. */
function checkInput(value: unknown, limits: Limits): void {
  if (value == null) return;
  const fault = findInputFault(value, limits.listItems);
  if (fault === 'too many items') throw refuseExcess(tooManyItems(limits.listItems));
  if (fault !== null)
    throw gatewayError('BAD_REQUEST', inputFaultWords[fault], { http: { status: 400, spec: false } });
}

const noErrors: readonly GraphQLError[] = [];

/** Each error of graphql-js repeats the whole value, and one is enough to go on with. */
const coercionOptions = { maxErrors: 1, hideSuggestions: true };

function select(record: DocumentRecord, operationName: string | null): Operation {
  const operation = record.operations.get(operationName);
  if (operation === undefined)
    throw gatewayError('BAD_REQUEST', 'Could not determine what operation to execute.', {
      http: { status: 400 },
    });
  return operation;
}

function withLiterals(
  raw: Readonly<Record<string, unknown>>,
  { literals }: DocumentRecord,
  skeleton: Skeleton,
): Record<string, unknown> {
  const given: Record<string, unknown> = { ...raw };
  for (const [index, name] of literals.entries()) given[name] = skeleton.literals[index];
  return given;
}
