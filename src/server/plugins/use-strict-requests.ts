import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { gatewayError } from '../../graphql/errors.ts';

/** JSON in UTF-8 is the one form of body: the others are how browsers are made to post across sites. */
export function isJson(contentType: string | null | undefined): boolean {
  return (
    contentType != null &&
    /^\s*application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?\s*$/i.test(contentType)
  );
}

/** Levels of objects and lists in variables and extensions; what is deeper overflows the stack of who writes it down. */
const maxDepth = 64;

export function useStrictRequests(): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser, endResponse, fetchAPI }) {
      if (request.method === 'POST' && !isJson(request.headers.get('content-type'))) {
        const error = {
          message: 'The body must be application/json in UTF-8.',
          extensions: { code: 'BAD_REQUEST' },
        };
        endResponse(fetchAPI.Response.json({ errors: [error] }, { status: 415 }));
        return;
      }
      if (requestParser === undefined) return;
      setRequestParser((request) => {
        let parsed: ReturnType<typeof requestParser>;
        try {
          parsed = requestParser(request);
        } catch (error) {
          if (error instanceof SyntaxError) throw badRequest('variables and extensions must be JSON.');
          throw error;
        }
        return 'then' in parsed ? parsed.then(checked) : checked(parsed);
      });
    },
  };
}

const badRequest = (message: string) =>
  gatewayError('BAD_REQUEST', message, { http: { status: 400, spec: false } });

function checked<T extends GraphQLParams | GraphQLParams[] | Response>(parsed: T): T {
  for (const one of Array.isArray(parsed) ? parsed : [parsed]) {
    if (typeof one !== 'object' || one === null) continue;
    const { variables, extensions } = one as GraphQLParams;
    check(variables, maxDepth);
    check(extensions, maxDepth);
  }
  return parsed;
}

/** Throws for what Novu could not get as it was meant. */
function check(value: unknown, levels: number): void {
  if (typeof value === 'number') {
    const isWhole = Number.isInteger(value) || !Number.isFinite(value);
    if (isWhole && !Number.isSafeInteger(value))
      throw badRequest('A whole number in variables must be within 2^53: send larger ones as text.');
  } else if (typeof value === 'object' && value !== null) {
    if (levels === 0)
      throw badRequest(`variables and extensions may have at most ${maxDepth} levels of objects and lists.`);
    if (Array.isArray(value)) for (const item of value) check(item, levels - 1);
    else for (const key in value) check((value as Record<string, unknown>)[key], levels - 1);
  }
}

/** Whether variables are an object, or none, in which `check` finds nothing. */
export function isPlainVariables(variables: unknown): variables is Record<string, unknown> | null {
  if (variables === null) return true;
  if (typeof variables !== 'object' || Array.isArray(variables)) return false;
  try {
    check(variables, maxDepth);
    return true;
  } catch {
    return false;
  }
}
