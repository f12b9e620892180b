import type { GraphQLError } from 'graphql';
import { type ErrorCode, errorCodes } from '../graphql/errors.ts';
import type { OperationFacts } from '../telemetry/request-facts.ts';
import type { Operation } from './documents.ts';

/** Notes how an operation ended: which, and the codes of its errors. Never a value, a variable or words of an error. */
export function noteOperation(
  facts: OperationFacts,
  { name, kind, hash }: Operation,
  errors: readonly GraphQLError[],
): void {
  facts.name = name;
  facts.kind = kind;
  facts.document = hash;
  noteErrors(facts, errors);
}

/** Notes why an operation was not run, or how it failed. */
export function noteErrors(facts: OperationFacts, errors: readonly GraphQLError[]): void {
  if (errors.length === 0) return;
  facts.errors = errors.map(codeOf);
  facts.isUnknown = errors.some(({ extensions }) => extensions['outcome'] === 'UNKNOWN');
}

const known: ReadonlySet<unknown> = new Set(errorCodes);

/** What the caller is told; a code that is not the gateway's own may be anybody's words. */
function codeOf({ extensions, path }: GraphQLError): string {
  if (known.has(extensions['code'])) return String(extensions['code']);
  return (path === undefined ? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR') satisfies ErrorCode;
}
