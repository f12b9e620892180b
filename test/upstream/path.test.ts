import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeSegment, routeOf, toQuery } from '../../src/upstream/path.ts';

describe('encodeSegment', () => {
  it.each([[''], ['.'], ['..'], ['\uD800'], ['a\uDFFFb'], ['x'.repeat(1025)]])('refuses %j', (segment) => {
    expect(encodeSegment(segment)).toBeUndefined();
  });

  it.each([
    ['slack-prod', 'slack-prod'],
    ['../x', '..%2Fx'],
    ['a/b?c#d', 'a%2Fb%3Fc%23d'],
    ['%2e%2e', '%252e%252e'],
    ['a b', 'a%20b'],
    ['ü😀', '%C3%BC%F0%9F%98%80'],
    ['a\r\nb', 'a%0D%0Ab'],
  ])('writes %j as %j', (segment, encoded) => {
    expect(encodeSegment(segment)).toBe(encoded);
  });

  it('gives back what it took, and never more than one segment', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (segment) => {
        const encoded = encodeSegment(segment);
        if (encoded === undefined) return;
        expect(decodeURIComponent(encoded)).toBe(segment);
        expect(encoded).toMatch(/^[\x21-\x7e]+$/);
        expect(encoded).not.toMatch(/[/?#\\]/);
        expect(new URL(`http://novu/v1/rows/${encoded}`).pathname).toBe(`/v1/rows/${encoded}`);
      }),
      { examples: [['..'], ['.'], ['\\..'], ['%2e'], ['\u0000']] },
    );
  });

  it('takes every well-formed text but the empty one and the dots', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (segment) => {
        fc.pre(segment !== '.' && segment !== '..' && segment.length <= 1024);
        expect(encodeSegment(segment)).toBeDefined();
      }),
    );
  });
});

describe('toQuery', () => {
  it.each([
    [{}, ''],
    [{ a: undefined }, ''],
    [{ a: 1, b: true, c: 'x y' }, '?a=1&b=true&c=x%20y'],
    [{ a: '' }, '?a='],
    [{ keys: [] }, '?keys='],
    [{ keys: ['a:1', 'b&c'] }, '?keys=a%3A1&keys=b%26c'],
  ])('writes %j as %j', (values, query) => {
    expect(toQuery(values)).toBe(query);
  });
});

describe('routeOf', () => {
  it.each([
    ['/v1/channel-connections', '/v1/channel-connections'],
    ['/v1/channel-connections?subscriberId=private', '/v1/channel-connections'],
    ['/v1/channel-connections/chconn_1', '/v1/channel-connections/{identifier}'],
    ['/v1/channel-connections/chconn_1/verify?a=/b', '/v1/channel-connections/{identifier}/verify'],
    ['/v1/integrations/channel-connections/oauth', '/v1/integrations/channel-connections/oauth'],
    ['/v2/contexts/tenant/org-1', '/v2/contexts/{identifier}/{identifier}'],
  ])('of %s is %s', (path, route) => {
    expect(routeOf(path)).toBe(route);
  });
});
