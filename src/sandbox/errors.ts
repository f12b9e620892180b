import { randomUUID } from 'node:crypto';

const REASONS: Record<number, string> = {
  303: 'See Other',
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Payload Too Large',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  499: 'Client Closed Request',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

export type FieldErrors = Record<string, { messages: string[]; value?: unknown }>;

/** A refusal that Novu answers with a body; anything else that is thrown becomes its opaque 500. */
export class ApiError extends Error {
  readonly status: number;
  readonly ctx: Record<string, unknown>;
  readonly errors: FieldErrors | undefined;
  /** The class of the command that refused; undefined for every other refusal. */
  readonly command: string | undefined;

  constructor(
    status: number,
    message: string,
    ctx: Record<string, unknown>,
    errors?: FieldErrors,
    command?: string,
  ) {
    super(message);
    this.status = status;
    this.ctx = ctx;
    this.errors = errors;
    this.command = command;
  }
}

/** The handler was cut off by a crash or a shutdown: no answer is made and an idempotency key stays in progress. */
export class Interrupted extends Error {}

export const reasonOf = (status: number): string => REASONS[status] ?? 'Error';

/** An exception with a message carries its reason phrase in ctx, one without a message does not. */
export const httpError = (status: number, message?: string): ApiError => {
  const reason = reasonOf(status);
  return message === undefined
    ? new ApiError(status, reason, { statusCode: status })
    : new ApiError(status, message, { error: reason, statusCode: status });
};

export const badRequest = (message: string): ApiError => httpError(400, message);
export const notFound = (message: string): ApiError => httpError(404, message);
export const conflict = (message: string): ApiError => httpError(409, message);

/** What the validation pipe answers: every message under one key, field paths only inside the messages. */
export const pipeError = (messages: string[]): ApiError =>
  new ApiError(422, 'Validation Error', {}, { general: { messages, value: 'No Value Recorded' } });

/** What a command answers: one key per field, with the refused value echoed. */
export const commandError = (command: string, errors: FieldErrors): ApiError => {
  const parts = Object.entries(errors).map(([field, { messages }]) => `${field}: ${messages.join(', ')}`);
  return new ApiError(422, `Validation failed for ${command}: ${parts.join('; ')}`, {}, errors, command);
};

/**
 * What Novu makes of an error that it kept under an idempotency key. A command's refusal is a
 * BadRequestException: it comes back as 400, with the refused values at the top level. A server error comes back as a new 500.
 */
export function replayed(error: unknown): Error {
  if (!(error instanceof ApiError) || error.status >= 500) return new Error('replayed server error');
  if (error.command === undefined) return error;
  return new ApiError(400, error.message, {
    className: error.command,
    constraintsViolated: error.errors,
  });
}

/** ctx is spread first and repeated last, as Novu's exception filter does. */
export function renderError(error: unknown, url: string, now: number): { status: number; body: string } {
  const timestamp = new Date(now).toISOString();
  if (error instanceof ApiError && error.status !== 500) {
    const { status, ctx, message, errors } = error;
    const body = {
      ...ctx,
      statusCode: status,
      timestamp,
      path: url,
      message,
      ctx,
      ...(errors && { errors }),
    };
    return { status, body: JSON.stringify(body) };
  }
  const message = 'Internal server error, contact support and provide them with the errorId';
  return {
    status: 500,
    body: JSON.stringify({ statusCode: 500, timestamp, path: url, message, errorId: randomUUID() }),
  };
}
