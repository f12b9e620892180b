import { describe, expect, it } from 'vitest';
import { isLimitedByNovu, toNovuError } from '../../src/upstream/errors.ts';

const read = (status: number, body: unknown, headers = {}, hides: (text: string) => boolean = () => false) =>
  toNovuError(
    { status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) },
    { inspector: () => hides },
    Date.parse('2026-01-01T00:00:00Z'),
  );
/** Novu's ErrorDto, as its exception filter makes it. */
const dto = (status: number, message: unknown, more = {}) => ({
  statusCode: status,
  timestamp: '2026-01-01T00:00:00.000Z',
  path: '/v1/channel-connections?subscriberId=private',
  message,
  ...(status === 500 ? { errorId: '0b7f8c1e-1111-4222-8333-444455556666' } : { ctx: {} }),
  ...more,
});

describe('an answer of Novu', () => {
  it.each([
    [400, 'Either subscriberId or context must be provided', 'validation', 'no'],
    [400, "Unexpected token 'x'", 'validation', 'no'],
    [401, 'API Key not found', 'auth', 'no'],
    [402, 'Payment Required', 'refused', 'no'],
    [403, 'Insufficient permissions', 'auth', 'no'],
    [404, 'Integration not found: slack', 'not-found', 'no'],
    [404, "Channel connection with identifier 'x' not found", 'not-found', 'no'],
    [404, { message: 'Subscriber was not found', externalSubscriberId: 'x' }, 'not-found', 'no'],
    [404, 'Feature not enabled', 'unsupported', 'no'],
    [404, 'Cannot POST /v1/channel-connections/x/verify', 'unsupported', 'no'],
    [408, 'Request Timeout', 'unavailable', 'unknown'],
    [409, 'Channel connection with identifier "x" already exists in environment "e"', 'conflict', 'no'],
    [
      409,
      'Request with key "k" is currently being processed. Please retry after 1 second',
      'in-progress',
      'no',
    ],
    [
      409,
      'Channel connection with identifier "Request with key "k" is currently being processed" already exists in environment "e"',
      'conflict',
      'no',
    ],
    [413, 'Payload Too Large', 'too-large', 'no'],
    [418, 'teapot', 'refused', 'no'],
    [422, 'Validation Error', 'validation', 'no'],
    [422, 'Request with key "k" is being reused for a different body', 'key-reused', 'no'],
    [429, 'API rate limit exceeded', 'rate-limited', 'no'],
    [500, 'Internal server error', 'unavailable', 'unknown'],
    [502, 'Slack token refresh failed: x', 'unavailable', 'unknown'],
    [503, 'Service Unavailable', 'unavailable', 'unknown'],
  ])('%d "%s" is %s, applied: %s', (status, message, kind, applied) => {
    expect(read(status, dto(status, message))).toMatchObject({
      kind,
      status,
      applied,
      answeredByNovu: true,
    });
  });
});

describe('an answer of a proxy', () => {
  const nest = (status: number, error: string) => ({ statusCode: status, error, message: error });
  it.each([
    // Status, headers, body, kind, and whether a write may have been done.
    [300, {}, '', 'redirect', 'unknown'],
    [301, { location: '/' }, '', 'redirect', 'unknown'],
    [302, { location: '/' }, '<html>', 'redirect', 'unknown'],
    [303, { location: '/done' }, '', 'redirect', 'unknown'],
    [304, { etag: '"1"' }, '', 'redirect', 'unknown'],
    [307, { location: '/' }, '<html>', 'redirect', 'unknown'],
    // Novu redirects nobody, whatever the body looks like.
    [303, {}, dto(303, 'x'), 'redirect', 'unknown'],
    [400, {}, '<html>Bad Request</html>', 'bad-response', 'unknown'],
    [400, {}, nest(400, 'Bad Request'), 'bad-response', 'unknown'],
    [401, {}, '<html>', 'auth', 'no'],
    [403, {}, { message: 'Forbidden' }, 'auth', 'no'],
    [404, {}, '<html>Not Found</html>', 'bad-response', 'unknown'],
    [404, {}, { message: 'no Route matched with those values' }, 'bad-response', 'unknown'],
    [404, {}, nest(404, 'Not Found'), 'bad-response', 'unknown'],
    [408, {}, '', 'unavailable', 'unknown'],
    [408, {}, nest(408, 'Request Timeout'), 'unavailable', 'unknown'],
    [409, {}, 'conflict', 'bad-response', 'unknown'],
    [409, {}, nest(409, 'Conflict'), 'bad-response', 'unknown'],
    [413, {}, '<html>', 'too-large', 'no'],
    [421, {}, '', 'bad-response', 'unknown'],
    [422, {}, nest(422, 'Validation Error'), 'bad-response', 'unknown'],
    [425, {}, '', 'bad-response', 'unknown'],
    [429, { 'retry-after': '30' }, '', 'rate-limited', 'no'],
    [499, {}, '', 'bad-response', 'unknown'],
    [499, {}, nest(499, 'Client Closed Request'), 'bad-response', 'unknown'],
    [500, {}, '{"truncated":', 'unavailable', 'unknown'],
    [500, {}, '[]', 'unavailable', 'unknown'],
    [500, {}, 'null', 'unavailable', 'unknown'],
    [500, {}, nest(500, 'Internal Server Error'), 'unavailable', 'unknown'],
    [502, {}, '<html>', 'unavailable', 'unknown'],
    [502, {}, nest(502, 'Bad Gateway'), 'unavailable', 'unknown'],
    [504, {}, '', 'unavailable', 'unknown'],
    [504, {}, nest(504, 'Gateway Timeout'), 'unavailable', 'unknown'],
    [524, {}, 'error code: 524', 'unavailable', 'unknown'],
    [600, {}, '', 'unavailable', 'unknown'],
  ])('%d with %j and %j is %s, applied: %s', (status, headers, body, kind, applied) => {
    expect(read(status, body, headers)).toMatchObject({
      kind,
      status,
      applied,
      answeredByNovu: false,
      text: '',
      issues: [],
      errorId: null,
    });
  });

  it.each([
    ['another status', 502, { statusCode: 504 }],
    ['a status as text', 502, { statusCode: '502' }],
    ['no time', 502, { timestamp: undefined }],
    ['a time that is none', 502, { timestamp: 'now' }],
    ['a time as number', 502, { timestamp: 1_767_225_600_000 }],
    ['no path', 502, { path: undefined }],
    ['a path that is none', 502, { path: null }],
    ['no errorId beside 500', 500, { errorId: undefined }],
    ['no time beside 400', 400, { timestamp: undefined }],
    ['no path beside 409', 409, { path: undefined }],
  ])('is what lacks a part of the ErrorDto: %s', (_name, status, more) => {
    expect(read(status, dto(status, 'x', more))).toMatchObject({ answeredByNovu: false, applied: 'unknown' });
    expect(read(status, dto(status, 'x'))).toMatchObject({ answeredByNovu: true });
  });

  it('never leaves a read open', () => {
    const answer = { status: 504, headers: {}, text: '' };
    const guard = { inspector: () => () => false };
    expect(toNovuError(answer, guard, 0, false).applied).toBe('no');
    expect(toNovuError(answer, guard, 0, true).applied).toBe('unknown');
  });
});

describe('a 429', () => {
  const limit = { 'ratelimit-limit': '100', 'ratelimit-remaining': '0', 'retry-after': '1' };
  it.each([
    ["Novu's shape and headers", true, dto(429, 'API rate limit exceeded'), limit],
    ['no RateLimit headers', false, dto(429, 'API rate limit exceeded'), { 'retry-after': '30' }],
    ['another shape', false, { statusCode: 429, error: 'Too Many Requests', message: 'x' }, limit],
    ['a page', false, '<html>', { 'retry-after': '30' }],
  ])("with %s is Novu's own: %s", (_name, isNovus, body, headers) => {
    expect(isLimitedByNovu(read(429, body, headers))).toBe(isNovus);
  });
});

describe('what Novu found wrong', () => {
  it('is read from the texts of the pipe, which name the field', () => {
    const error = read(
      422,
      dto(422, 'Validation Error', {
        errors: {
          general: {
            messages: [
              'workspace.id must be a string',
              'auth should not be null or undefined',
              'each value in scope must be a string',
              'nested property workspace must be either object or array',
              'Invalid context payload structure.',
            ],
            value: 'No Value Recorded',
          },
        },
      }),
    );
    expect(error.issues).toEqual([
      { field: 'workspace.id', text: 'must be a string' },
      { field: 'auth', text: 'should not be null or undefined' },
      { field: 'scope', text: 'must be a string' },
      { field: 'workspace', text: 'must be either object or array' },
      { field: 'Invalid', text: 'context payload structure.' },
    ]);
  });

  it('is read by field from a command, without the value', () => {
    const error = read(
      422,
      dto(422, 'Validation failed for X', {
        errors: { endpoint: { messages: ['Endpoint must match'], value: { apiKey: 'secret-value' } } },
      }),
    );
    expect(error.issues).toEqual([{ field: 'endpoint', text: 'Endpoint must match' }]);
    expect(JSON.stringify(error)).not.toContain('secret-value');
    expect(error.message).not.toContain('Validation');
  });

  it('is read from an array of zod issues', () => {
    const error = read(
      400,
      dto(400, 'Zod Validation Failed', {
        errors: [
          { path: ['auth', 'accessToken'], message: 'Required' },
          { path: [], message: 'No' },
          'odd',
          null,
        ],
      }),
    );
    expect(error.issues).toEqual([
      { field: 'auth.accessToken', text: 'Required' },
      { field: null, text: 'No' },
    ]);
  });

  it.each([
    [{ errors: {} }],
    [{ errors: 'odd' }],
    [{ errors: { general: 'odd' } }],
    [{ errors: { general: { messages: 'odd' } } }],
    [{ errors: { general: { messages: [7, null] } } }],
  ])('falls back on the message with %j', (more) => {
    expect(read(422, dto(422, 'workspace.id must be a string', more)).issues).toEqual([
      { field: 'workspace.id', text: 'must be a string' },
    ]);
  });

  it.each([[null], [7], [{ deep: 'x' }]])('is nothing when the message is %j', (message) => {
    expect(read(422, dto(422, message)).issues).toEqual([]);
  });

  it('is at most fifty things', () => {
    const messages = Array.from({ length: 1_000 }, (_, index) => `field${index} must be a string`);
    expect(read(422, dto(422, 'x', { errors: { general: { messages } } })).issues).toHaveLength(50);
  });
});

describe('an error of Novu', () => {
  it('carries the errorId when it looks like one', () => {
    const id = '0b7f8c1e-1111-4222-8333-444455556666';
    expect(read(500, dto(500, 'x', { errorId: id })).errorId).toBe(id);
    for (const odd of ['<script>', 'a'.repeat(65), '', 7, null, { a: 1 }])
      expect(read(500, dto(500, 'x', { errorId: odd })).errorId).toBeNull();
    expect(read(500, dto(500, 'x', { errorId: 'token' }), {}, (text) => text === 'token').errorId).toBeNull();
  });

  it('carries Retry-After and the facts of its headers', () => {
    const error = read(429, dto(429, 'x'), {
      'retry-after': '2',
      'ratelimit-limit': '100',
      'ratelimit-remaining': '0',
    });
    expect(error.retryAfterMs).toBe(2_000);
    expect(error.facts.rateLimit).toMatchObject({ limit: 100, remaining: 0 });
  });

  it('says nothing of what was sent in its own message', () => {
    expect(read(409, dto(409, 'identifier "private" taken')).message).toBe('Novu: conflict (409)');
  });
});
