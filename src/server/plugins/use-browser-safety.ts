import type { Plugin } from 'graphql-yoga';
import { gatewayError } from '../../graphql/errors.ts';
import { isJson } from './use-strict-requests.ts';

export type BrowserSafetyOptions = {
  /** Origins whose pages may call. */
  corsOrigins: readonly string[];
  /** Ask GET requests for a header that a page of another origin can't send unasked. */
  guardGet: boolean;
};

/** Headers that make a browser ask first (CORS preflight); Apollo's clients and routers send one of them. */
const preflightHeaders = ['x-apollo-operation-name', 'apollo-require-preflight', 'graphql-require-preflight'];

/** For the answers of an API: nothing in them is to be shown, framed, sniffed or kept. */
export const safeHeaders = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
};
const safeHeaderList = Object.entries(safeHeaders);

/** Keeps other sites' pages from making a visitor's browser call, and gives answers the headers that browsers heed. */
export function useBrowserSafety({ corsOrigins, guardGet }: BrowserSafetyOptions): Plugin {
  const allowed = new Set(corsOrigins);
  return {
    onRequestParse({ request, endResponse, fetchAPI }) {
      const { headers } = request;
      const site = headers.get('sec-fetch-site');
      const foreign =
        (site === 'cross-site' || site === 'same-site') && !allowed.has(headers.get('origin') ?? '');
      const asksFirst =
        isJson(headers.get('content-type')) || preflightHeaders.some((name) => headers.has(name));
      const unguarded = guardGet && request.method === 'GET' && !asksFirst;
      if (!foreign && !unguarded) return;
      const message = foreign
        ? 'Pages of this origin may not call.'
        : `A GET request needs one of the headers ${preflightHeaders.join(', ')}, or content-type: application/json.`;
      const { extensions } = gatewayError('CROSS_SITE_REQUEST', message);
      endResponse(
        fetchAPI.Response.json({ errors: [{ message, extensions }] }, { status: foreign ? 403 : 400 }),
      );
    },
    onResponse({ response }) {
      const { headers } = response;
      for (const [name, value] of safeHeaderList) if (!headers.has(name)) headers.set(name, value);
      // Yoga's word for "none" is the origin of sandboxed frames.
      if (allowed.size > 0 && headers.get('access-control-allow-origin') === 'null')
        headers.delete('access-control-allow-origin');
    },
  };
}
