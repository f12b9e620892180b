import type { Hooks } from './app.ts';
import { httpError, Interrupted, reasonOf, renderError } from './errors.ts';
import type { Fault } from './faults.ts';
import { JSON_TYPE, type Reply } from './http.ts';
import { tooManyRequests } from './rate-limit.ts';

/** Whether the handler runs at all, and to its end. */
export function reachesHandler(fault: Fault): boolean {
  switch (fault.kind) {
    case 'reset-before':
    case 'hang-before':
      return fault.leavesKey ?? false;
    case 'rate-limited':
      return false;
    case 'error-before':
      return fault.cached ?? true;
    case 'html':
    case 'status':
    case 'cached':
      return fault.applied ?? false;
    case 'mixed-up':
      return fault.applied ?? true;
    case 'proxy-error':
      return fault.work === 'before';
    default:
      return true;
  }
}

/** Work that is done after the answer was sent. */
export const isLate = (fault: Fault): fault is Fault & { kind: 'proxy-error' } =>
  fault.kind === 'proxy-error' && fault.work === 'late';

/** Waits for both, and no longer than the server lives. */
export type Pause = (delayMs: number, until?: Promise<unknown>) => Promise<void>;

/** What the fault does inside the idempotency layer. */
export function hooksOf(fault: Fault, pause: Pause): Hooks {
  const stop = (error: Error) => async (): Promise<never> => {
    throw error;
  };
  switch (fault.kind) {
    case 'reset-before':
    case 'hang-before':
      return { start: stop(new Interrupted('crashed')) };
    case 'error-before':
      return { start: stop(faultError(fault)) };
    case 'error-after':
      return (fault.cached ?? true) ? { end: stop(faultError(fault)) } : {};
    case 'slow': {
      const wait = (): Promise<void> => pause(fault.delayMs ?? 0, fault.until);
      return fault.at === 'before-write'
        ? { beforeWrite: wait }
        : fault.at === 'end'
          ? { end: wait }
          : { start: wait };
    }
    default:
      return {};
  }
}

const faultError = ({ status = 500, message }: { status?: number; message?: string }): Error =>
  httpError(status, message);

const JSON_HEADERS = { 'Content-Type': JSON_TYPE };

/** What a fault may need of the server to make its answer. */
export type Source = {
  url: string;
  now: number;
  /** Headers of a rate limit's refusal. */
  refusal: (retryAfterSeconds: number) => Record<string, string>;
  /** The route's success with another row in it. */
  stranger: (identifier: string | undefined) => Promise<Reply | undefined>;
  /** What the same method and URL were answered before. */
  cached: () => Reply | undefined;
  /** Does the work now, if it was not done. */
  work: () => Promise<Reply | undefined>;
};

/** The answer that is sent in place of `normal`, which is undefined when the handler was not reached. */
export async function replyOf(
  fault: Fault,
  normal: Reply | undefined,
  source: Source,
): Promise<Reply | undefined> {
  const failure = (error: Error, headers = {}): Reply => ({
    ...renderError(error, source.url, source.now),
    headers: { ...headers, ...JSON_HEADERS },
  });
  switch (fault.kind) {
    case 'rate-limited': {
      const headers = source.refusal(fault.retryAfterSeconds ?? 1);
      return failure(tooManyRequests(), headers);
    }
    case 'error-before':
    case 'error-after':
      return (fault.cached ?? true) ? normal : failure(faultError(fault));
    case 'status': {
      const reply = failure(httpError(fault.status, fault.message), fault.headers);
      if (fault.body === undefined) return { ...reply, status: fault.status };
      return { ...reply, status: fault.status, body: toBody(fault.body) };
    }
    case 'proxy-error':
      return proxyError(fault);
    case 'mixed-up':
      return source.stranger(fault.identifier);
    case 'cached':
      return withAge(source.cached()) ?? normal ?? source.work();
    case 'html': {
      const status = fault.status ?? 502;
      const body =
        fault.body ?? `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`;
      return { status, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body };
    }
    case 'not-json':
      return {
        status: fault.status ?? normal?.status ?? 200,
        headers: { ...normal?.headers, ...JSON_HEADERS },
        body: fault.body ?? '{"data": upstream connect error',
      };
    case 'body': {
      const parsed: unknown = normal?.body ? JSON.parse(normal.body) : undefined;
      const body = typeof fault.body === 'function' ? (fault.body(parsed) ?? '') : fault.body;
      return {
        status: fault.status ?? normal?.status ?? 200,
        headers: { ...normal?.headers, ...JSON_HEADERS },
        body: toBody(body),
      };
    }
    case 'headers': {
      if (!normal) return undefined;
      const changed = new Map(
        Object.entries(normal.headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      for (const [name, value] of Object.entries(fault.headers)) {
        if (value === null) changed.delete(name.toLowerCase());
        else changed.set(name.toLowerCase(), value);
      }
      return { ...normal, headers: Object.fromEntries(changed) };
    }
    default:
      return normal;
  }
}

const withAge = (reply: Reply | undefined): Reply | undefined =>
  reply && { ...reply, headers: { ...reply.headers, Age: '60' } };

function proxyError({ status = 504, message, retryAfterSeconds }: Fault & { kind: 'proxy-error' }): Reply {
  const error = reasonOf(status);
  return {
    status,
    headers: {
      ...JSON_HEADERS,
      ...(retryAfterSeconds !== undefined && { 'Retry-After': `${retryAfterSeconds}` }),
      ...(status >= 300 && status < 400 && { Location: '/' }),
    },
    body: JSON.stringify({ statusCode: status, error, message: message ?? `${error} at the proxy` }),
  };
}

const toBody = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));
