import {
  type HidesValue,
  noFacts,
  type ReceivedHeaders,
  type ResponseFacts,
  readFacts,
  readRetryAfterMs,
} from './facts.ts';
import { isRecord, parseJson } from './json.ts';

/**
 * What went wrong between the gateway and Novu.
 * - `not-sent`: no connection was made; `busy`: our queue is full or the breaker is open; `paced`: Novu's quota is
 *   used up and the deadline comes first: Novu was not asked in any of the three.
 * - `timeout`, `reset`: no answer; `aborted`: the caller left.
 * - `bad-response`: an answer that can't be read; `unavailable`: a 5xx or an error page.
 * - the rest are Novu's own refusals (by status and text: Novu has no stable error codes).
 */
export type FailureKind =
  | 'not-sent'
  | 'busy'
  | 'paced'
  | 'timeout'
  | 'reset'
  | 'aborted'
  | 'bad-response'
  | 'unavailable'
  | 'validation'
  | 'not-found'
  | 'unsupported'
  | 'conflict'
  | 'in-progress'
  | 'key-reused'
  | 'auth'
  | 'too-large'
  | 'rate-limited'
  | 'redirect'
  | 'refused';

/** Whether Novu may have done what it was asked: `no`, `yes`, or `unknown`. */
export type Applied = 'no' | 'yes' | 'unknown';

/** One thing that Novu found wrong, with the field where its text names one. Novu's `value` is never kept. */
export type FieldIssue = { field: string | null; text: string };

export type NovuErrorInit = {
  status?: number;
  facts?: ResponseFacts;
  /** Novu's own words. They may repeat input: never shown as they are. */
  text?: string;
  issues?: FieldIssue[];
  errorId?: string | null;
  retryAfterMs?: number | null;
  applied?: Applied;
  /** The answer is Novu's own ErrorDto, so that its handling of the request has ended. */
  answeredByNovu?: boolean;
  cause?: unknown;
};

/** A call to Novu that did not end in a usable answer. Its message holds nothing that Novu or the caller sent. */
export class NovuError extends Error {
  readonly kind: FailureKind;
  readonly status: number | null;
  readonly facts: ResponseFacts;
  readonly text: string;
  readonly issues: FieldIssue[];
  readonly errorId: string | null;
  readonly retryAfterMs: number | null;
  readonly applied: Applied;
  readonly answeredByNovu: boolean;

  constructor(kind: FailureKind, init: NovuErrorInit = {}) {
    super(
      `Novu: ${kind}${init.status === undefined ? '' : ` (${init.status})`}`,
      init.cause === undefined ? undefined : { cause: init.cause },
    );
    this.name = 'NovuError';
    this.kind = kind;
    this.status = init.status ?? null;
    this.facts = init.facts ?? noFacts;
    this.text = init.text ?? '';
    this.issues = init.issues ?? [];
    this.errorId = init.errorId ?? null;
    this.retryAfterMs = init.retryAfterMs ?? null;
    this.applied = init.applied ?? 'no';
    this.answeredByNovu = init.answeredByNovu ?? false;
  }
}

export type ReceivedAnswer = { status: number; headers: ReceivedHeaders; text: string };

/** Turns an answer that is not a 2xx into a NovuError (statuses and texts: Novu's exception filter and guards). */
export function toNovuError(answer: ReceivedAnswer, hides: HidesValue, now: number): NovuError {
  const { status, headers } = answer;
  const body = parseJson(answer.text);
  const dto = isRecord(body) ? body : undefined;
  const text = dto === undefined ? '' : readText(dto['message']);
  const init: NovuErrorInit = {
    status,
    facts: readFacts(headers, hides),
    text: withhold(text, hides),
    issues: (dto === undefined ? [] : readIssues(dto, text)).map((issue) => ({
      field: issue.field !== null && hides(issue.field) ? null : issue.field,
      text: withhold(issue.text, hides),
    })),
    errorId: readErrorId(dto?.['errorId'], hides),
    retryAfterMs: readRetryAfterMs(headers, now),
    answeredByNovu: dto !== undefined && typeof dto['statusCode'] === 'number',
  };
  return new NovuError(classify(status, text, dto), {
    ...init,
    applied: status >= 500 || status === 408 ? 'unknown' : 'no',
  });
}

/** Novu's words, unless they repeat a secret: then nothing of them is looked at any more. */
function withhold(text: string, hides: HidesValue): string {
  return hides(text) ? 'withheld' : text;
}

function classify(status: number, text: string, dto: Record<string, unknown> | undefined): FailureKind {
  if (status >= 300 && status < 400) return 'redirect';
  if (status >= 500 || status === 408) return 'unavailable';
  if (status === 429) return 'rate-limited';
  if (status === 401 || status === 403) return 'auth';
  if (status === 413) return 'too-large';
  if (dto === undefined) return 'bad-response';
  if (status === 404) {
    if (text === 'Feature not enabled' || text.startsWith('Cannot ')) return 'unsupported';
    // A proxy that lacks a route says nothing about what Novu holds.
    return typeof dto['statusCode'] === 'number' || /not found/i.test(text) ? 'not-found' : 'bad-response';
  }
  if (status === 409) {
    return /^Request with key ".*" is currently being processed/s.test(text) ? 'in-progress' : 'conflict';
  }
  if (status === 422 && /^Request with key ".*" is being reused for a different body/s.test(text))
    return 'key-reused';
  if (status === 400 || status === 422) return 'validation';
  return 'refused';
}

function readText(message: unknown): string {
  if (typeof message === 'string') return message;
  if (Array.isArray(message)) return message.filter((part) => typeof part === 'string').join('; ');
  return '';
}

/** `errors` is a map of `{ messages }` by field (or `general`), or an array; never more than 50 are kept. */
function readIssues(dto: Record<string, unknown>, text: string): FieldIssue[] {
  const found: FieldIssue[] = [];
  const errors = dto['errors'];
  if (Array.isArray(errors)) {
    for (const error of errors) {
      if (!isRecord(error)) continue;
      const path = Array.isArray(error['path'])
        ? error['path'].filter((part) => typeof part !== 'object').join('.')
        : null;
      found.push({ field: path === '' ? null : path, text: readText(error['message']) });
    }
  } else if (isRecord(errors)) {
    for (const [field, error] of Object.entries(errors)) {
      const messages = isRecord(error) && Array.isArray(error['messages']) ? error['messages'] : [];
      for (const message of messages) {
        if (typeof message === 'string')
          found.push(field === 'general' ? splitField(message) : { field, text: message });
      }
    }
  }
  if (found.length === 0 && text !== '') found.push(splitField(text));
  return found.slice(0, 50);
}

/** class-validator's texts start with the property path: `workspace.id must be a string`, `each value in scope must …`. */
function splitField(message: string): FieldIssue {
  const match =
    /^(?:each value in |nested property |property )*([A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)*) (.+)$/s.exec(
      message,
    );
  return match === null ? { field: null, text: message } : { field: match[1] ?? null, text: match[2] ?? '' };
}

function readErrorId(value: unknown, hides: HidesValue): string | null {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value) && !hides(value) ? value : null;
}
