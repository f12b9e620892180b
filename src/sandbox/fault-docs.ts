import type { Fault } from './faults.ts';

type FaultDoc = { what: string; fields: Record<string, string>; example: object };

const STATUS = 'the status, 200 to 599';
const APPLIED = 'whether the work is done all the same';

/** What `GET /sandbox/faults` says of each kind. */
export const FAULT_DOCS: Readonly<Record<Fault['kind'], FaultDoc>> = {
  'reset-before': {
    what: 'The connection is reset and nothing was written.',
    fields: { leavesKey: 'true: the idempotency key stays in progress for five minutes' },
    example: { kind: 'reset-before', leavesKey: true },
  },
  'reset-after': {
    what: 'The write was done, then the connection is reset.',
    fields: {},
    example: { kind: 'reset-after', match: { method: 'POST', path: '/v1/channel-connections' } },
  },
  'hang-before': {
    what: 'Nothing is ever answered and nothing was written.',
    fields: { leavesKey: 'true: the idempotency key stays in progress for five minutes' },
    example: { kind: 'hang-before' },
  },
  'hang-after': {
    what: 'The write was done, and nothing is ever answered.',
    fields: {},
    example: { kind: 'hang-after' },
  },
  'error-before': {
    what: "Novu's handler fails without its write.",
    fields: {
      status: `${STATUS}; 500`,
      message: 'its message',
      cached: 'false: not kept under the idempotency key',
    },
    example: { kind: 'error-before', times: 2 },
  },
  'error-after': {
    what: "Novu's handler fails after its write.",
    fields: {
      status: `${STATUS}; 500`,
      message: 'its message',
      cached: 'false: not kept under the idempotency key',
    },
    example: { kind: 'error-after', status: 503, cached: false },
  },
  'rate-limited': {
    what: "429 in Novu's words, with its headers.",
    fields: { retryAfterSeconds: 'seconds; 1' },
    example: { kind: 'rate-limited', retryAfterSeconds: 3 },
  },
  truncate: {
    what: 'The write was done and the answer is cut off.',
    fields: {},
    example: { kind: 'truncate' },
  },
  'not-json': {
    what: 'The write was done and the answer, called JSON, is none.',
    fields: { status: STATUS, body: 'the body' },
    example: { kind: 'not-json' },
  },
  html: {
    what: "A proxy's error page.",
    fields: { status: `${STATUS}; 502`, body: 'the page', applied: APPLIED },
    example: { kind: 'html', status: 504, applied: true },
  },
  slow: {
    what: 'The answer takes longer.',
    fields: { delayMs: 'milliseconds', at: 'start, before-write or end; start' },
    example: { kind: 'slow', delayMs: 3000, at: 'end' },
  },
  status: {
    what: "An answer made in front of the handler, in the form of Novu's errors unless a body is given.",
    fields: {
      status: `${STATUS}; required`,
      message: 'its message',
      body: 'the body',
      headers: 'more headers',
      applied: APPLIED,
    },
    example: { kind: 'status', status: 402, body: { message: 'Payment Required' } },
  },
  'proxy-error': {
    what: 'A proxy answers {"statusCode","error","message"} in its own words.',
    fields: {
      status: `${STATUS}; 504. Also 303, 429 and 499`,
      message: 'its message',
      work: 'never, before the answer, or late: after the answer was sent',
      delayMs: 'milliseconds until late work is done',
      retryAfterSeconds: 'sent as Retry-After',
    },
    example: { kind: 'proxy-error', status: 504, work: 'late', delayMs: 2000 },
  },
  'mixed-up': {
    what: "Another row's answer, also as the success of a create.",
    fields: { identifier: 'which row', applied: `${APPLIED}; true` },
    example: { kind: 'mixed-up', match: { method: 'POST' } },
  },
  cached: {
    what: 'What the same method and URL were answered before.',
    fields: { applied: APPLIED },
    example: { kind: 'cached', match: { method: 'GET' } },
  },
  body: {
    what: 'The normal answer with another body.',
    fields: { body: 'the body; required', status: STATUS },
    example: { kind: 'body', body: { data: null } },
  },
  headers: {
    what: 'The normal answer with headers replaced, or removed by null.',
    fields: { headers: 'names to values or null; required' },
    example: { kind: 'headers', headers: { 'content-type': 'text/plain' } },
  },
};

export const FAULT_KINDS: readonly string[] = Object.keys(FAULT_DOCS);

/** Of every kind. */
export const COMMON_FIELDS: Readonly<Record<string, string>> = {
  kind: 'one of those below',
  match:
    '{"method": "POST", "path": "/v1/channel-connections"}: the path and all below it, or a pattern that begins with ^; every request when left out',
  times: 'how many matching requests it meets; 1',
};
