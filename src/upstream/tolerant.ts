import { z } from 'zod';

/**
 * Building blocks for what Novu sends: a field that is missing or of another type becomes null and never fails
 * the whole. Numbers are taken as text where text is meant.
 */
export const text = z.preprocess(toText, z.string().nullable());

export const flag = z.boolean().nullable().catch(null);

/** A list of texts; anything else in it is left out; never null. */
export const texts = z.preprocess(toTexts, z.array(z.string()));

export function toText(value: unknown): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
}

export function toFlag(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

export function toTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A time, see `parseTime`. */
export const time = z.unknown().transform(parseTime);

/** ISO 8601, or milliseconds since 1970 as text or number; anything else is null. */
export function parseTime(value: unknown): Date | null {
  const date =
    typeof value === 'number'
      ? new Date(value)
      : typeof value === 'string'
        ? new Date(
            /^-?\d{1,16}$/.test(value.trim())
              ? Number(value)
              : /^\d{4}-\d\d/.test(value)
                ? value
                : Number.NaN,
          )
        : null;
  // Years outside 0000-9999 have no RFC 3339 form.
  return date === null ||
    Number.isNaN(date.getTime()) ||
    date.getUTCFullYear() < 0 ||
    date.getUTCFullYear() > 9999
    ? null
    : date;
}
