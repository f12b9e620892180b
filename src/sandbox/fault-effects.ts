import type { Hooks } from './app.ts';
import { httpError, Interrupted, renderError } from './errors.ts';
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
      return fault.applied ?? false;
    default:
      return true;
  }
}

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

/** The answer that is sent in place of `normal`, which is undefined when the handler was not reached. */
export function replyOf(
  fault: Fault,
  normal: Reply | undefined,
  request: { url: string; now: number; refusal: (retryAfterSeconds: number) => Record<string, string> },
): Reply | undefined {
  const failure = (error: Error, headers = {}): Reply => ({
    ...renderError(error, request.url, request.now),
    headers: { ...headers, ...JSON_HEADERS },
  });
  switch (fault.kind) {
    case 'rate-limited': {
      const headers = request.refusal(fault.retryAfterSeconds ?? 1);
      return failure(tooManyRequests(), headers);
    }
    case 'error-before':
    case 'error-after':
      return (fault.cached ?? true) ? normal : failure(faultError(fault));
    case 'status': {
      const reply = failure(httpError(fault.status, fault.message), fault.headers);
      if (fault.body === undefined) return { ...reply, status: fault.status };
      return { ...reply, status: fault.status, body: asText(fault.body) };
    }
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
        body: asText(body),
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

const asText = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));
