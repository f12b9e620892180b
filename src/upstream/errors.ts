import { noFacts, type ReceivedHeaders, type ResponseFacts, readFacts, readRetryAfterMs } from './facts.ts';
import { isRecord, parseJson } from './json.ts';
import type { HidesValue, SecretGuard } from './secrets.ts';

/**
 * What went wrong between the gateway and Novu.
 * - `not-sent`: no connection was made; `busy`: our queue is full or the breaker is open; `paced`: Novu's quota is
 *   used up and the deadline comes first; `too-many-calls`: the operation has spent its `CallBudget`. Novu was not
 *   asked in any of the four.
 * - `timeout`, `reset`: no answer; `aborted`: the caller left.
 * - `bad-response`: an answer that can't be read, or a refusal in a shape that is not Novu's; `unavailable`: a 5xx or
 *   408; `redirect`: a 3xx.
 * - `auth`, `too-large` and `rate-limited` are Novu's or of a proxy in front of it, `answeredByNovu` says which.
 * - the rest are Novu's own refusals (by status and text: Novu has no stable error codes).
 */
export type FailureKind =
  | 'not-sent'
  | 'busy'
  | 'paced'
  | 'too-many-calls'
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
  /** The answer has the shape of Novu's own ErrorDto, so that its handling of the request has ended. */
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

/**
 * Turns an answer that is not a 2xx into a NovuError (statuses and texts: Novu's exception filter and guards).
 *
 * Whose word it is decides what it means. Novu's exception filter answers with `statusCode` (equal to the status),
 * `timestamp`, `path` and, with 500, an `errorId`; proxies that are built with Nest or Fastify answer with a part of
 * that, and while they do Novu may still be at work. So a write is `applied: 'no'` only where Novu itself refused it,
 * or where the status is one that proxies give before they pass a request on (401, 403, 413, 429). Everything else
 * leaves it `unknown`: 5xx and 408 whoever says so, 3xx, and any other 4xx that is not in Novu's shape.
 */
export function toNovuError(
  answer: ReceivedAnswer,
  guard: SecretGuard,
  now: number,
  isWrite = true,
): NovuError {
  const { status, headers } = answer;
  const body = parseJson(answer.text);
  const dto = isErrorDto(status, body) ? body : undefined;
  const text = dto === undefined ? '' : readText(dto['message']);
  const hides = guard.inspector();
  const isRefused = status >= 400 && status < 500 && status !== 408;
  const isFinal = isRefused && (dto !== undefined || beforeNovu.has(status));
  return new NovuError(classify(status, text, dto !== undefined), {
    status,
    facts: readFacts(headers, guard),
    text: withhold(text, hides),
    issues: dto === undefined ? [] : readIssues(dto, text, hides),
    errorId: dto === undefined ? null : readErrorId(dto['errorId'], hides),
    retryAfterMs: readRetryAfterMs(headers, now),
    answeredByNovu: dto !== undefined,
    applied: isFinal || !isWrite ? 'no' : 'unknown',
  });
}

/** Statuses that a proxy gives before it passes a request on. */
const beforeNovu: ReadonlySet<number> = new Set([401, 403, 413, 429]);

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** Whether the body is Novu's ErrorDto for this status, whole. */
function isErrorDto(status: number, body: unknown): body is Record<string, unknown> {
  return (
    status >= 400 &&
    isRecord(body) &&
    body['statusCode'] === status &&
    typeof body['path'] === 'string' &&
    typeof body['timestamp'] === 'string' &&
    isoTime.test(body['timestamp']) &&
    (status !== 500 || typeof body['errorId'] === 'string')
  );
}

/**
 * Whether Novu's own limiter refused: its guard answers with an ErrorDto and sets the RateLimit headers. Any other 429
 * is of a proxy, which may ask for more time than Novu needs.
 */
export function isLimitedByNovu(error: NovuError): boolean {
  return error.kind === 'rate-limited' && error.answeredByNovu && error.facts.rateLimit?.limit != null;
}

/** Novu's words, unless they repeat a secret: then nothing of them is looked at any more. */
function withhold(text: string, hides: HidesValue): string {
  return hides(text) ? 'withheld' : text;
}

function classify(status: number, text: string, isNovus: boolean): FailureKind {
  if (status >= 300 && status < 400) return 'redirect';
  if (status >= 500 || status === 408) return 'unavailable';
  if (status === 429) return 'rate-limited';
  if (status === 401 || status === 403) return 'auth';
  if (status === 413) return 'too-large';
  if (!isNovus) return 'bad-response';
  if (status === 404)
    return text === 'Feature not enabled' || text.startsWith('Cannot ') ? 'unsupported' : 'not-found';
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

const maxIssues = 50;

/** `errors` is a map of `{ messages }` by field (or `general`), or an array; never more than 50 are kept. */
function readIssues(dto: Record<string, unknown>, text: string, hides: HidesValue): FieldIssue[] {
  const found: FieldIssue[] = [];
  const keep = (field: string | null, words: string) => {
    if (found.length < maxIssues)
      found.push({ field: field === null || hides(field) ? null : field, text: withhold(words, hides) });
  };
  const split = (message: string) => {
    const issue = splitField(message);
    keep(issue.field, issue.text);
  };
  const errors = dto['errors'];
  if (Array.isArray(errors)) {
    for (const error of errors) {
      if (found.length >= maxIssues) break;
      if (!isRecord(error)) continue;
      const path = Array.isArray(error['path'])
        ? error['path'].filter((part) => typeof part !== 'object').join('.')
        : '';
      keep(path === '' ? null : path, readText(error['message']));
    }
  } else if (isRecord(errors)) {
    for (const field in errors) {
      if (found.length >= maxIssues) break;
      const error = errors[field];
      const messages = isRecord(error) && Array.isArray(error['messages']) ? error['messages'] : [];
      for (const message of messages.slice(0, maxIssues)) {
        if (typeof message !== 'string') continue;
        if (field === 'general') split(message);
        else keep(field, message);
      }
    }
  }
  if (found.length === 0 && text !== '') split(text);
  return found;
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
