/** Milliseconds that a caller is willing to wait, a whole number in the header X-Request-Timeout-Ms; anything else asks for nothing. */
export function readWait(header: string | null | undefined): number {
  return header != null && /^[1-9]\d{0,8}$/.test(header) ? Number(header) : Number.POSITIVE_INFINITY;
}
