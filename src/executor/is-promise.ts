/** Whether a value acts like a promise: graphql-js takes every thenable for one. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  if (typeof value === 'object') {
    return value !== null && typeof (value as { then?: unknown }).then === 'function';
  }
  return typeof value === 'function' && typeof (value as { then?: unknown }).then === 'function';
}
