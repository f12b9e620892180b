import { createSchema, createYoga } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { safeHeaders, useBrowserSafety } from '../../../src/server/plugins/use-browser-safety.ts';

const listed = 'https://app.example.com';

function yogaWith(corsOrigins: string[], guardGet = true) {
  return createYoga({
    schema: createSchema({ typeDefs: 'type Query { a: Int }', resolvers: { Query: { a: () => 1 } } }),
    logging: false,
    graphiql: false,
    landingPage: false,
    cors: corsOrigins.length > 0 && { origin: corsOrigins, credentials: false },
    plugins: [useBrowserSafety({ corsOrigins, guardGet })],
  });
}
const url = 'http://gateway.test/graphql';
const post = (headers: Record<string, string>): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: '{"query":"{ a }"}',
});

describe('useBrowserSafety', () => {
  it.each([
    ['no browser', {}, 200],
    ['the same origin', { 'sec-fetch-site': 'same-origin' }, 200],
    ['an address that was typed', { 'sec-fetch-site': 'none' }, 200],
    ['a listed origin', { 'sec-fetch-site': 'cross-site', origin: listed }, 200],
    ['a listed origin of the same site', { 'sec-fetch-site': 'same-site', origin: listed }, 200],
    ['another origin', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403],
    [
      'another origin of the same site',
      { 'sec-fetch-site': 'same-site', origin: 'https://x.example.com' },
      403,
    ],
    ['a sandboxed frame', { 'sec-fetch-site': 'cross-site', origin: 'null' }, 403],
    ['no origin', { 'sec-fetch-site': 'cross-site' }, 403],
  ])('judges %s by what browsers say', async (_name, headers, status) => {
    const response = await yogaWith([listed, 'https://two.example']).fetch(url, post(headers));
    expect(response.status).toBe(status);
    expect(Object.fromEntries(response.headers)).toMatchObject(safeHeaders);
    expect(response.headers.get('access-control-allow-origin')).not.toBe('null');
  });

  it('asks GET for a header that needs a preflight, unless told otherwise', async () => {
    const get = { headers: { accept: 'application/json' } };
    expect((await yogaWith([]).fetch(`${url}?query={a}`, get)).status).toBe(400);
    expect((await yogaWith([], false).fetch(`${url}?query={a}`, get)).status).toBe(200);
    const asking = { headers: { ...get.headers, 'apollo-require-preflight': '1' } };
    expect((await yogaWith([]).fetch(`${url}?query={a}`, asking)).status).toBe(200);
  });

  it('leaves headers alone that an answer has already', async () => {
    const yoga = createYoga({
      schema: createSchema({ typeDefs: 'type Query { a: Int }' }),
      logging: false,
      plugins: [
        {
          onRequest: ({ endResponse, fetchAPI }) =>
            endResponse(new fetchAPI.Response('', { headers: { 'cache-control': 'public' } })),
        },
        useBrowserSafety({ corsOrigins: [], guardGet: true }),
      ],
    });
    const { headers } = await yoga.fetch(url);
    expect(headers.get('cache-control')).toBe('public');
    expect(headers.get('x-frame-options')).toBe('DENY');
  });
});
