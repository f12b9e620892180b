// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes control characters
// oxlint-disable-next-line no-control-regex -- JSON escapes control characters
const escaped = /[\u0000-\u001f"\\\ud800-\udfff]/;

/** Below this length a loop over the characters is faster than a regular expression. */
const shortString = 48;

/** A string in JSON, exactly as JSON.stringify writes it, lone surrogates included. */
export function quote(value: string): string {
  const { length } = value;
  if (length > shortString) return escaped.test(value) ? JSON.stringify(value) : `"${value}"`;
  for (let index = 0; index < length; index++) {
    const code = value.charCodeAt(index);
    if (code < 0x20 || code === 0x22 || code === 0x5c || (code >= 0xd800 && code <= 0xdfff)) {
      return JSON.stringify(value);
    }
  }
  return `"${value}"`;
}

/**
 * A value in JSON as JSON.stringify writes it below a key, which `toJSON` is told.
 *
 * @returns an empty string where JSON.stringify leaves the value out (undefined, functions, symbols).
 * @throws what JSON.stringify throws: for BigInts, circular values, and from `toJSON`.
 */
export function stringifyProperty(key: string, value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      return Number.isFinite(value) ? `${value}` : 'null';
    case 'boolean':
      return value ? 'true' : 'false';
    default: {
      const text = JSON.stringify({ [key]: value });
      return text === '{}' ? '' : text.slice(JSON.stringify(key).length + 2, -1);
    }
  }
}
