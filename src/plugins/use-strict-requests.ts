import type { Plugin } from 'graphql-yoga';

/** JSON in UTF-8 is the one form of body: the others are how browsers are made to post across sites. */
export function isJson(contentType: string | null | undefined): boolean {
  return (
    contentType != null &&
    /^\s*application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?\s*$/i.test(contentType)
  );
}

export function useStrictRequests(): Plugin {
  return {
    onRequestParse({ request, endResponse, fetchAPI }) {
      if (request.method !== 'POST' || isJson(request.headers.get('content-type'))) return;
      endResponse(
        fetchAPI.Response.json(
          {
            errors: [
              { message: 'The body must be application/json in UTF-8.', extensions: { code: 'BAD_REQUEST' } },
            ],
          },
          { status: 415 },
        ),
      );
    },
  };
}
