import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { type Caller, serviceCaller } from './caller.ts';

const signatureExtension = 'hmac-signature';
/** The base64 of 32 bytes has 44 characters. */
const maxSignatureLength = 128;

/** The parameters of a GraphQL request, as they came. */
export type SignedParams = { query?: unknown; variables?: unknown; extensions?: unknown };

/**
 * Checks Hive Gateway's HMAC signature of a request: base64 of HMAC-SHA256 over query and variables with sorted keys,
 * in the GraphQL extension `hmac-signature`. The signature covers neither a time nor `operationName`: a request that
 * somebody recorded can be sent again, and of a document with several operations it does not say which one was meant
 * (see `namesItsOperation`).
 */
export function createSignatureCheck(secret: string): (params: SignedParams) => Caller | null {
  const key = createSecretKey(secret, 'utf8');
  const caller: Caller = { ...serviceCaller('hive-gateway', false), isKnownBySignature: true };
  return ({ query, variables, extensions }) => {
    const signature =
      typeof extensions === 'object' && extensions !== null
        ? (extensions as Record<string, unknown>)[signatureExtension]
        : undefined;
    if (typeof query !== 'string' || typeof signature !== 'string') return null;
    if (signature.length > maxSignatureLength) return null;
    const hasVariables =
      typeof variables === 'object' && variables !== null && Object.keys(variables).length > 0;
    let signed: string;
    try {
      signed = stableStringify({ query, ...(hasVariables && { variables }) });
    } catch {
      // Nested deeper than the stack: no gateway signed that.
      return null;
    }
    const expected = createHmac('sha256', key).update(signed).digest();
    const given = Buffer.from(signature, 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected) ? caller : null;
  };
}

/**
 * Whether it is certain that the caller asked for the operation that would run, out of so many in the document. A
 * signature does not cover `operationName`: with several operations, whoever passes the request on could choose
 * another one, so such a request is to be refused as UNAUTHENTICATED.
 */
export function namesItsOperation(caller: Caller, operationsInDocument: number): boolean {
  return operationsInDocument === 1 || caller.kind !== 'service' || caller.isKnownBySignature !== true;
}

/** JSON with its keys sorted by UTF-16 units at every level, the form that is signed. */
function stableStringify(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableStringify).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${stableStringify(inner)}`).join(',')}}`;
}
