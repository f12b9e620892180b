import { describe, expect, it } from 'vitest';
import { toNovuError } from '../../src/upstream/errors.ts';

const read = (status: number, body: unknown, headers = {}, hides: (text: string) => boolean = () => false) =>
  toNovuError(
    { status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) },
    hides,
    Date.parse('2026-01-01T00:00:00Z'),
  );
const dto = (status: number, message: unknown, more = {}) => ({
  statusCode: status,
  timestamp: '2026-01-01T00:00:00.000Z',
  path: '/v1/channel-connections?subscriberId=private',
  message,
  ctx: {},
  ...more,
});

describe('an answer of Novu', () => {
  it.each([
    [400, 'Either subscriberId or context must be provided', 'validation'],
    [400, "Unexpected token 'x'", 'validation'],
    [401, 'API Key not found', 'auth'],
    [402, 'Payment Required', 'refused'],
    [403, 'Insufficient permissions', 'auth'],
    [404, 'Integration not found: slack', 'not-found'],
    [404, "Channel connection with identifier 'x' not found", 'not-found'],
    [404, 'Feature not enabled', 'unsupported'],
    [404, 'Cannot POST /v1/channel-connections/x/verify', 'unsupported'],
    [408, 'Request Timeout', 'unavailable'],
    [409, 'Channel connection with identifier "x" already exists in environment "e"', 'conflict'],
    [409, 'Request with key "k" is currently being processed. Please retry after 1 second', 'in-progress'],
    [
      409,
      'Channel connection with identifier "Request with key "k" is currently being processed" already exists in environment "e"',
      'conflict',
    ],
    [413, 'Payload Too Large', 'too-large'],
    [418, 'teapot', 'refused'],
    [422, 'Validation Error', 'validation'],
    [422, 'Request with key "k" is being reused for a different body', 'key-reused'],
    [429, 'API rate limit exceeded', 'rate-limited'],
    [500, 'Internal server error', 'unavailable'],
    [502, 'Slack token refresh failed: x', 'unavailable'],
    [503, 'Service Unavailable', 'unavailable'],
  ])('%d "%s" is %s', (status, message, kind) => {
    expect(read(status, dto(status, message))).toMatchObject({ kind, status, answeredByNovu: true });
  });

  it.each([
    [301, '', 'redirect'],
    [307, '<html>', 'redirect'],
    [400, '<html>Bad Request</html>', 'bad-response'],
    [404, '<html>Not Found</html>', 'bad-response'],
    [404, '{"message":"no Route matched with those values"}', 'bad-response'],
    [404, '{"message":"Not Found"}', 'not-found'],
    [409, 'conflict', 'bad-response'],
    [413, '<html>', 'too-large'],
    [429, '', 'rate-limited'],
    [502, '<html>', 'unavailable'],
    [504, '', 'unavailable'],
    [500, '{"truncated":', 'unavailable'],
    [500, '[]', 'unavailable'],
    [500, 'null', 'unavailable'],
  ])('%d with %j is %s, and not by Novu itself', (status, text, kind) => {
    expect(read(status, text)).toMatchObject({ kind, answeredByNovu: false });
  });

  it.each([
    [400, 'no'],
    [404, 'no'],
    [408, 'unknown'],
    [409, 'no'],
    [429, 'no'],
    [500, 'unknown'],
    [503, 'unknown'],
  ])('with %d says whether the work was done: %s', (status, applied) => {
    expect(read(status, dto(status, 'x')).applied).toBe(applied);
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
