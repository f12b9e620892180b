import { badRequest, pipeError } from './errors.ts';

export type Json = Record<string, unknown>;
export type ContextPayload = Record<string, string | { id: string; data?: Json }>;

/** A value that its checks have found to be a string or absent. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isMissing = (value: unknown): value is null | undefined => value === null || value === undefined;

export type Checks = ReturnType<typeof collectChecks>;

/** The few class-validator rules that Novu's bodies use, with its messages; the first failure of a field is reported. */
export function collectChecks() {
  const messages: string[] = [];
  const checks = {
    string(value: unknown, path: string): void {
      if (isMissing(value)) messages.push(`${path} should not be null or undefined`);
      else if (typeof value !== 'string') messages.push(`${path} must be a string`);
    },
    filledString(value: unknown, path: string, empty = `${path} should not be empty`): void {
      if (isMissing(value) || value === '') messages.push(empty);
      else if (typeof value !== 'string') messages.push(`${path} must be a string`);
    },
    optionalString(value: unknown, path: string): void {
      if (!isMissing(value) && typeof value !== 'string') messages.push(`${path} must be a string`);
    },
    optionalBoolean(value: unknown, path: string): void {
      if (!isMissing(value) && typeof value !== 'boolean') messages.push(`${path} must be a boolean value`);
    },
    optionalStrings(value: unknown, path: string): void {
      if (isMissing(value)) return;
      if (!Array.isArray(value)) messages.push(`${path} must be an array`);
      else if (!value.every((item) => typeof item === 'string')) {
        messages.push(`each value in ${path} must be a string`);
      }
    },
    optionalOneOf(value: unknown, path: string, allowed: readonly string[]): void {
      if (isMissing(value) || (typeof value === 'string' && allowed.includes(value))) return;
      messages.push(`${path} must be one of the following values: ${allowed.join(', ')}`);
    },
    nested(value: unknown, path: string, inner: (object: Json) => void): void {
      if (isMissing(value)) messages.push(`${path} should not be null or undefined`);
      else if (!isRecord(value)) messages.push(`nested property ${path} must be either object or array`);
      else inner(value);
    },
    context(value: unknown): void {
      const fault = contextFault(value);
      if (fault) messages.push(fault);
    },
    fail(message: string): void {
      messages.push(message);
    },
    done(): void {
      if (messages.length > 0) throw pipeError(messages);
    },
  };
  return checks;
}

/** Characters of a context's type and id. */
export const CONTEXT_ID = /^[a-zA-Z0-9_-]{1,100}$/;
const MAX_CONTEXTS = 5;
const MAX_DATA_BYTES = 64 * 1024;

export function contextFault(value: unknown): string | undefined {
  if (isMissing(value)) return undefined;
  if (!isRecord(value) || Object.keys(value).length === 0 || !Object.values(value).every(isContextValue)) {
    return 'Invalid context payload structure. Expected object with context types as keys and string IDs or {id, data} objects as values';
  }
  const entries = Object.entries(value);
  if (entries.length > MAX_CONTEXTS) {
    return `Too many contexts: ${entries.length} provided, maximum allowed is ${MAX_CONTEXTS}`;
  }
  const large = entries.find(([, entry]) => isRecord(entry) && isTooLarge(entry['data']));
  return large && `Context '${large[0]}' Data is too large`;
}

/** Beyond Novu's limit on the data of one context. */
export const isTooLarge = (data: unknown): boolean =>
  Boolean(data) && Buffer.byteLength(JSON.stringify(data)) > MAX_DATA_BYTES;

function isContextValue(value: unknown): boolean {
  if (typeof value === 'string') return CONTEXT_ID.test(value);
  if (!isRecord(value)) return false;
  const { id, data } = value;
  return (
    typeof id === 'string' &&
    CONTEXT_ID.test(id) &&
    (data === undefined || (typeof data === 'object' && data !== null))
  );
}

export const CONNECTION_MODES: readonly string[] = ['subscriber', 'shared'];

export function checkConnectionMode(body: {
  connectionMode?: unknown;
  subscriberId?: unknown;
  context?: unknown;
}): void {
  const { connectionMode, subscriberId, context } = body;
  if (connectionMode === 'shared') {
    if (!context) throw badRequest('context is required when connectionMode is "shared"');
  } else if (connectionMode === 'subscriber') {
    if (!subscriberId) throw badRequest('subscriberId is required when connectionMode is "subscriber"');
  } else if (!subscriberId && !context) {
    throw badRequest('Either subscriberId or context must be provided');
  }
}
