/**
 * How single values of Novu's are read: a field that is missing or of another type becomes null and never fails the
 * whole. Numbers are taken as strings where strings are meant.
 */
export function toText(value: unknown): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
}

export function toFlag(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

const isText = (value: unknown) => typeof value === 'string';

/** A list of strings; anything else in it is left out. Never null. */
export function toTexts(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.every(isText) ? value : value.filter(isText);
}

/**
 * A time as Novu writes it and as GraphQL answers it: RFC 3339 in UTC with milliseconds, so that later times are
 * greater strings.
 */
export type Time = string;

/** Exactly the strings that `Date.prototype.toISOString` makes for the years 0000 to 9999, 29 February apart. */
const time =
  /^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** A time, see `parseTime`. What is written as a `Time` already is kept as it is: a Date costs twenty times as much. */
export function toTime(value: unknown): Time | null {
  if (typeof value === 'string' && time.test(value)) return value;
  return parseTime(value)?.toISOString() ?? null;
}

/** ISO 8601, or milliseconds since 1970 as string or number; anything else is null. */
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
