import type { ErrorCode } from '../graphql/errors.ts';

/** Why a request is not taken: the same body on every way in. */
export type Refusal = {
  status: number;
  code: ErrorCode;
  message: string;
  /** Beside those of every answer. */
  headers?: Readonly<Record<string, string>>;
};

export const refusalContentType = 'application/json; charset=utf-8';

/** The body of a refusal, in the form of a GraphQL answer. */
export function toRefusalBody({ code, message }: Refusal): string {
  return JSON.stringify({ errors: [{ message, extensions: { code } }] });
}

/** For the answers of an API: nothing in them is to be shown, framed, sniffed or kept. */
export const safeHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
};
