import type { Plugin } from 'graphql-yoga';
import type { Authenticate, SignedParams } from '../../callers/authenticate.ts';
import type { Caller } from '../../callers/caller.ts';
import { gatewayError } from '../../graphql/errors.ts';

const message = 'The credentials are missing or not valid.';

/** The body of every refusal at the door. */
export const unauthenticatedBody = JSON.stringify({
  errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }],
});

export const challenge = {
  'content-type': 'application/json; charset=utf-8',
  'www-authenticate': 'ApiKey, Bearer',
};

export type CallerOptions = {
  authenticate: Authenticate;
  /** Who signed the request, where bodies may be signed. */
  checkSignature: ((params: SignedParams) => Caller | null) | null;
};

/** Answers 401 before anything is read, unless the server in front has settled who calls. */
export function useCaller({
  authenticate,
  checkSignature,
}: CallerOptions): Plugin<object, { caller?: Caller; mayBeSigned?: boolean }> {
  return {
    onRequest({ request, serverContext, requestHandler, setRequestHandler, endResponse, fetchAPI }) {
      if (serverContext.caller !== undefined || serverContext.mayBeSigned === true) return undefined;
      const admit = (caller: Caller | 'signature' | null) => {
        if (caller === null)
          endResponse(new fetchAPI.Response(unauthenticatedBody, { status: 401, headers: challenge }));
        else {
          // An object of this request alone: a host may hand in the same context for all of them.
          const own: typeof serverContext = Object.create(serverContext);
          if (caller !== 'signature') own.caller = caller;
          setRequestHandler((settled) => requestHandler(settled, own));
        }
      };
      const { headers } = request;
      try {
        const found = authenticate({
          authorization: headers.get('authorization'),
          apiKey: headers.get('x-api-key'),
          routerAuthorization: headers.get('router-authorization'),
        });
        // A host's own check that fails lets nobody in, and its reasons nowhere out.
        return found instanceof Promise ? found.catch(() => null).then(admit) : admit(found);
      } catch {
        return admit(null);
      }
    },
    onParams({ params, context, setResult }) {
      const settled = context as { caller?: Caller };
      if (settled.caller !== undefined) return;
      const caller = checkSignature?.(params) ?? null;
      if (caller !== null) settled.caller = caller;
      else
        setResult({
          errors: [
            gatewayError('UNAUTHENTICATED', message, {
              http: { status: 401, headers: { 'www-authenticate': challenge['www-authenticate'] } },
            }),
          ],
        });
    },
  };
}
