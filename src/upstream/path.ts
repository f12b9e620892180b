/** Longest identifier that is put into a URL, in UTF-16 units; Node's own servers refuse request lines of 16 KB. */
const MAX_SEGMENT = 1024;

/**
 * One path segment, percent-encoded, or undefined when no URL can carry it safely: empty, `.`, `..` (proxies
 * resolve these even when encoded), lone surrogates, over 1024 characters. Novu puts no rule on identifiers.
 */
export function encodeSegment(segment: string): string | undefined {
  if (segment === '' || segment === '.' || segment === '..' || segment.length > MAX_SEGMENT) return undefined;
  if (!segment.isWellFormed()) return undefined;
  return encodeURIComponent(segment);
}

export type QueryValue = string | number | boolean | readonly string[] | undefined;

/**
 * `?a=1&b=2`, or '' when nothing is set. An empty list is written as `name=`: that is how Novu is asked for rows
 * without any (contextKeys); repeated names are how it takes several.
 */
export function toQuery(values: Record<string, QueryValue>): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    if (Array.isArray(value)) {
      if (value.length === 0) parts.push(`${name}=`);
      for (const item of value) parts.push(`${name}=${encodeURIComponent(item)}`);
    } else {
      parts.push(`${name}=${encodeURIComponent(String(value))}`);
    }
  }
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** The words of Novu's routes; whatever else stands in a path names something. */
const words: ReadonlySet<string> = new Set([
  'v1',
  'v2',
  'channel-connections',
  'channel-endpoints',
  'chat',
  'contexts',
  'health-check',
  'integrations',
  'link',
  'oauth',
  'subscribers',
  'topics',
  'verify',
]);

/** The route of a path, for logs and metrics: no query, `{identifier}` for each part that is not a word of a route. */
export function routeOf(path: string): string {
  const end = path.indexOf('?');
  const parts = (end < 0 ? path : path.slice(0, end)).split('/');
  return parts.map((part) => (part === '' || words.has(part) ? part : '{identifier}')).join('/');
}
