export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const byteOrderMark = 0xfeff;

/** The parsed text, or undefined when it is not JSON. A leading byte order mark is skipped (RFC 8259 section 8.1). */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text) as unknown;
  } catch {
    return undefined;
  }
}
