/** What the header X-Request-Id holds, when it is 1 to 128 visible ASCII characters; anything else counts as none. */
export function readRequestId(header: string | null | undefined): string | null {
  return header != null && header.length <= 128 && /^[\x21-\x7e]+$/.test(header) ? header : null;
}
