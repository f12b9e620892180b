import type { Plugin } from 'graphql-yoga';
import type { Authenticate } from '../auth.ts';
import type { Caller } from '../caller.ts';

/** The body of every refusal at the door. */
export const unauthenticatedBody = JSON.stringify({
  errors: [{ message: 'The credentials are missing or not valid.', extensions: { code: 'UNAUTHENTICATED' } }],
});

/** Answers 401 before anything is read, unless the server in front has settled who calls. */
export function useCaller(authenticate: Authenticate): Plugin<object, { caller?: Caller }> {
  return {
    onRequest({ request, serverContext, endResponse, fetchAPI }) {
      if (serverContext.caller !== undefined) return;
      const caller = authenticate({
        authorization: request.headers.get('authorization'),
        apiKey: request.headers.get('x-api-key'),
      });
      if (caller !== null) serverContext.caller = caller;
      else {
        endResponse(
          new fetchAPI.Response(unauthenticatedBody, {
            status: 401,
            headers: { 'content-type': 'application/json; charset=utf-8', 'www-authenticate': 'ApiKey' },
          }),
        );
      }
    },
  };
}
