import { describe, expect, it } from 'vitest';
import { describeError } from '../../src/telemetry/log.ts';

describe('what is said of an exception', () => {
  it('is its name and where it happened', () => {
    const { error, at } = describeError(new TypeError('with a token in it'));
    expect(error).toBe('TypeError');
    expect(at?.[0]).toMatch(/log\.test\.ts:\d+:\d+/);
  });

  it.each<[string, unknown, string]>([
    ['a text', 'token', 'string'],
    ['nothing', undefined, 'undefined'],
    ['an object', { message: 'token' }, 'object'],
  ])('is its type when it is %s', (_name, thrown, error) => {
    expect(describeError(thrown)).toEqual({ error });
  });

  it.each([
    ['a message of several lines', new Error('a\n    at token (/token:1:1)\n    at /token:1:2')],
    ['a stack of its own', Object.assign(new Error('a'), { stack: 'Error: b\n    at /token:1:1' })],
    ['a message that was changed later', Object.assign(new Error('\n    at /token:1:1'), { message: 'b' })],
    ['a cause', new Error('a', { cause: new Error('token') })],
    ['a stack that is no text', Object.assign(new Error('token'), { stack: ['token'] })],
  ])('holds nothing of %s', (_name, thrown) => {
    expect(JSON.stringify(describeError(thrown))).not.toContain('token');
  });
});
