/** `ApiKey` and `Bearer` have the same length. */
const schemeLength = 6;
const blank = 0x20;
const firstVisible = 0x21;
const lastVisible = 0x7e;

export type Scheme = 'apikey' | 'bearer';

/** The scheme of an `authorization` header, in whatever case (RFC 9110 section 11.1); null for one that is not taken. */
export function schemeOf(header: string): Scheme | null {
  if (header.charCodeAt(schemeLength) !== blank) return null;
  const scheme = header.slice(0, schemeLength).toLowerCase();
  return scheme === 'apikey' || scheme === 'bearer' ? scheme : null;
}

/** What follows a scheme of `schemeOf`: visible ASCII without a blank; null when it is anything else. */
export function credentialOf(header: string): string | null {
  let start = schemeLength + 1;
  while (header.charCodeAt(start) === blank) start += 1;
  if (start === header.length) return null;
  for (let index = start; index < header.length; index += 1) {
    const code = header.charCodeAt(index);
    if (code < firstVisible || code > lastVisible) return null;
  }
  return header.slice(start);
}

/** `Bearer` may stand before a router's secret, since some routers can send nothing else. */
export function withoutBearer(header: string): string {
  if (schemeOf(header) !== 'bearer') return header;
  let start = schemeLength + 1;
  while (header.charCodeAt(start) === blank) start += 1;
  return header.slice(start);
}
