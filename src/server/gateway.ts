import type { ExecutionResult, GraphQLError } from 'graphql';
import { createYoga, type GraphQLParams, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Caller } from '../callers/caller.ts';
import type { SignedParams } from '../callers/signature.ts';
import type { Context, ContextInit } from '../graphql/context.ts';
import { gatewayError } from '../graphql/errors.ts';
import { noteErrors } from '../operations/operation-facts.ts';
import type { Operations, Params, Ready, Refused } from '../operations/operations.ts';
import { cleanError, type OnUnexpected } from '../operations/safe-errors.ts';
import type { RequestFacts } from '../telemetry/request-facts.ts';
import type { Requests } from '../telemetry/requests.ts';
import { type Admission, type Incoming, notInflatable, tooLarge, unauthenticated } from './admission.ts';
import { codingOf, inflateStream } from './inflate.ts';
import { playgroundTabs } from './plugins/playground/examples.ts';
import { usePlayground } from './plugins/use-playground.ts';
import { readRequestId } from './request-id.ts';
import { readWait } from './request-wait.ts';
import { type Refusal, refusalContentType, safeHeaders, toRefusalBody } from './refusal.ts';

/** What a server in front of the gateway may have settled already. */
export type ServerContext = {
  /** Who calls: nobody is asked for credentials then. */
  caller?: Caller;
  /** For the log, and sent on to Novu. @default what X-Request-Id holds, else a new UUID */
  requestId?: string;
};

/** What our own server in front has settled, beside that. */
export type SettledContext = ServerContext & {
  /** All of `Admission` has let the request pass; the caller is missing where the body is to be signed. */
  admitted?: boolean;
  /** Why the operation is not run: only the words are to be written. */
  refused?: Refused;
  /** Where it is noted what becomes of the request; whoever passes it in ends it. */
  facts?: RequestFacts | undefined;
};

export type Gateway = YogaServerInstance<ServerContext, object>;

export type GatewayOptions = {
  admission: Admission;
  operations: Operations;
  onUnexpected: OnUnexpected;
  /** Who is told of each request that comes through `fetch`; null when nobody wants to know. */
  requests: Requests | null;
  /** What a request carries to the resolvers, of this client of Novu's. */
  makeContext: (init: Omit<ContextInit, 'novu'>) => Context;
  checkSignature: ((params: SignedParams) => Caller | null) | null;
  playground: boolean;
  /** Operations in one HTTP request; 1 is no batching. */
  maxBatch: number;
  /** Bytes of a request body; where the server in front counts them, it is settled there. */
  maxBodyBytes: number;
  onDispose: () => Promise<void>;
};

/**
 * Every way of HTTP but the plain POST: GET, batches, browsers, the playground, and `fetch` for who embeds the gateway.
 * Yoga keeps HTTP and media types; who may come in is `Admission`'s, and what an operation does is `Operations`'.
 */
export function createGateway({
  admission,
  operations,
  onUnexpected,
  requests,
  makeContext,
  checkSignature,
  playground,
  maxBatch,
  maxBodyBytes,
  onDispose,
}: GatewayOptions): Gateway {
  return createYoga<ServerContext, object>({
    graphqlEndpoint: '/graphql',
    landingPage: false,
    graphiql: false,
    cors: false,
    multipart: false,
    batching: maxBatch > 1 && { limit: maxBatch },
    maskedErrors: false,
    logging: false,
    parserAndValidationCache: false,
    healthCheckEndpoint: '/health',
    maxRequestBodySize: maxBodyBytes,
    plugins: [
      playground && usePlayground({ title: 'novu-graphql', tabs: playgroundTabs() }),
      useRequests(requests),
      useAdmission(admission, maxBodyBytes),
      useOperations({ operations, makeContext, checkSignature }),
      useSafeErrors(onUnexpected),
      { onDispose },
    ] as Plugin<object, SettledContext>[],
  });
}

/** What a request has that came through `fetch`, which no server in front of it has begun. */
const begun = new WeakMap<Request, RequestFacts>();

/** Requests with several operations: what one of them asks may be asked by another, too, and be meant twice. */
const batches = new WeakSet<Request>();

/** Gives each request its id, back with the answer too, and tells of it when it has ended. */
function useRequests(requests: Requests | null): Plugin<object, SettledContext> {
  const ids = new WeakMap<Request, string>();
  return {
    onRequest({ request, serverContext }) {
      const id =
        serverContext.requestId ?? readRequestId(request.headers.get('x-request-id')) ?? crypto.randomUUID();
      ids.set(request, id);
      if (requests !== null && serverContext.admitted !== true && serverContext.facts === undefined)
        begun.set(request, requests.begin(id, request.method));
    },
    onResponse({ request, response }) {
      const id = ids.get(request);
      if (id !== undefined) response.headers.set('x-request-id', id);
      const facts = begun.get(request);
      if (facts === undefined) return;
      facts.status = response.status;
      requests?.end(facts);
    },
  };
}

/** Asks `Admission`, unless the server in front has. */
function useAdmission(admission: Admission, maxBodyBytes: number): Plugin<object, SettledContext> {
  return {
    onRequest({ request, url, serverContext, requestHandler, setRequestHandler, endResponse, fetchAPI }) {
      const incoming: Incoming = {
        method: request.method,
        target: url.pathname + url.search,
        headers: Object.fromEntries(request.headers),
      };
      const refuse = (refusal: Refusal) => {
        const facts = begun.get(request);
        if (facts !== undefined) facts.refusal = refusal.code;
        endResponse(
          new fetchAPI.Response(toRefusalBody(refusal), {
            status: refusal.status,
            headers: { 'content-type': refusalContentType, ...refusal.headers },
          }),
        );
      };
      if (serverContext.admitted === true) return undefined;
      const preflight = admission.preflight(incoming);
      if (preflight !== null) {
        endResponse(new fetchAPI.Response(null, preflight));
        return undefined;
      }
      const refused = admission.address(incoming);
      if (refused !== null) {
        refuse(refused);
        return undefined;
      }
      const admit = (found: Caller | 'signature' | Refusal) => {
        if (typeof found === 'object' && 'status' in found) return refuse(found);
        const other = admission.request(incoming);
        if (other !== null) return refuse(other);
        // An object of this request alone: a host may hand in the same context for all of them.
        const own: SettledContext = Object.create(serverContext);
        if (found !== 'signature') own.caller = found;
        const handle: typeof requestHandler = (settled) =>
          requestHandler(settled, own as Parameters<typeof requestHandler>[1]);
        const coding = codingOf(incoming.headers['content-encoding'] as string | undefined);
        if (coding == null || request.body === null) return setRequestHandler(handle);
        return inflateStream(request.body as unknown as AsyncIterable<Uint8Array>, coding, maxBodyBytes).then(
          (body) => {
            if (body === 'too large') return refuse(tooLarge(maxBodyBytes));
            if (body === 'broken') return refuse(notInflatable);
            const { url, method, signal } = request;
            const headers = new fetchAPI.Headers(request.headers);
            headers.delete('content-encoding');
            headers.delete('content-length');
            const inflated = new fetchAPI.Request(url, {
              method,
              headers,
              signal,
              body: new Uint8Array(body),
            });
            return setRequestHandler((_sent, context) => handle(inflated, context));
          },
        );
      };
      if (serverContext.caller !== undefined) return admit(serverContext.caller);
      const found = admission.caller(incoming);
      return found instanceof Promise ? found.then(admit) : admit(found);
    },
    onRequestParse({ request, requestParser, setRequestParser }) {
      if (requestParser === undefined) return undefined;
      setRequestParser((request) => {
        try {
          return requestParser(request);
        } catch (error) {
          if (error instanceof SyntaxError) throw badRequest('variables and extensions must be JSON.');
          throw error;
        }
      });
      return {
        onRequestParseDone({ requestParserResult }) {
          if (Array.isArray(requestParserResult)) batches.add(request);
        },
      };
    },
    onResponse({ request, response }) {
      const { headers } = response;
      for (const name in safeHeaders) if (!headers.has(name)) headers.set(name, safeHeaders[name] as string);
      const cors = admission.corsHeaders({
        method: request.method,
        target: '/',
        headers: { origin: request.headers.get('origin') ?? undefined },
      });
      for (const name in cors) headers.set(name, cors[name] as string);
    },
  };
}

const badRequest = (message: string) =>
  gatewayError('BAD_REQUEST', message, { http: { status: 400, spec: false } });

type OperationsPlugin = Pick<GatewayOptions, 'operations' | 'makeContext' | 'checkSignature'>;

/** Yoga's parse, validate and execute: all of it is `Operations`. */
function useOperations({
  operations,
  makeContext,
  checkSignature,
}: OperationsPlugin): Plugin<object, SettledContext> {
  function respond(
    params: GraphQLParams,
    request: Request,
    { caller, requestId, refused, facts: given }: SettledContext,
  ): ExecutionResult | Promise<ExecutionResult> {
    const ofRequest = given ?? begun.get(request);
    const facts = ofRequest?.addOperation();
    const refuse = (errors: readonly GraphQLError[]): ExecutionResult => {
      if (facts !== undefined) noteErrors(facts, errors);
      return { errors };
    };
    if (refused !== undefined) return refuse(refused.errors);
    const known = caller ?? checkSignature?.(params) ?? null;
    if (known === null) return refuse([unauthenticatedError()]);
    ofRequest?.knows(known);
    const ready: Ready | Refused = operations.prepare(params as Params, {
      caller: known,
      isGet: request.method === 'GET',
    });
    if ('errors' in ready) return refuse(ready.errors);
    return operations.run(
      ready,
      makeContext({
        caller: known,
        requestId,
        requestIdHeader: batches.has(request) ? null : readRequestId(request.headers.get('x-request-id')),
        facts,
        signal: request.signal,
        idempotencyKeyHeader: request.headers.get('idempotency-key'),
        maxWaitMs: readWait(request.headers.get('x-request-timeout-ms')),
      }),
    );
  }
  return {
    onParams({ params: sent, request, context, setParams, setParamsHandler }) {
      // Yoga asks for a text before anybody could find it by its id.
      if (operations.takesIds && sent.query == null) setParams({ ...sent, query: '' });
      setParamsHandler(({ params }) => respond(params, request, context));
    },
  };
}

/** The 401 of a body that nobody signed. */
const unauthenticatedError = () =>
  gatewayError(unauthenticated.code, unauthenticated.message, {
    http: { status: unauthenticated.status, headers: { ...unauthenticated.headers } },
  });

/** What Yoga itself finds wrong is worded here, too. */
function useSafeErrors(onUnexpected: OnUnexpected): Plugin<object, SettledContext> {
  const clean = (result: ExecutionResult): ExecutionResult =>
    result.errors === undefined
      ? result
      : { ...result, errors: result.errors.map((error) => cleanError(error, onUnexpected)) };
  return {
    onResultProcess({ request, serverContext, result, setResult }) {
      if (Array.isArray(result)) setResult(result.map((one) => clean(one as ExecutionResult)));
      else if ('errors' in result) {
        const cleaned = clean(result);
        setResult(cleaned);
        const facts = serverContext.facts ?? begun.get(request);
        if (facts?.operations.length === 0) noteErrors(facts.addOperation(), cleaned.errors ?? []);
      }
    },
  };
}
