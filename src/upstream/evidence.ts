import { NovuError } from './errors.ts';

/**
 * What a try without a whole answer says of Novu:
 * - `certain`: no connection could be made, which no request can bring about;
 * - `likely`: the connection broke before an answer, or there was none in the time that calls usually have. One
 *   caller may bring that about by what it asks for, so that the breaker wants a second voice;
 * - `none`: the caller left or was in a hurry, or the call could not be sent for a reason of ours.
 */
export function evidenceOf(error: unknown, hadFullTime: boolean): 'certain' | 'likely' | 'none' {
  if (!(error instanceof NovuError)) return 'none';
  if (error.kind === 'not-sent' && error.cause !== undefined)
    return isOurFault(error.cause) ? 'none' : 'certain';
  if (error.kind === 'reset') return 'likely';
  return (error.kind === 'timeout' || error.kind === 'not-sent') && hadFullTime ? 'likely' : 'none';
}

/** undici's codes for a request that it refuses to send, and for a pool that was closed. */
function isOurFault(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED';
}

/** An answer that says that Novu is down, not that it dislikes one request: its own ErrorDto with a 500 does not. */
export function isOutage({ kind, status, answeredByNovu }: NovuError): boolean {
  return kind === 'unavailable' && status !== 408 && (!answeredByNovu || status === 503);
}
