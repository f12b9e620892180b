import { z } from 'zod';
import type { DefinedInput, Findings, InputField } from './define-input.ts';
import { toPredicate } from './predicate.ts';
import { unrecognized } from './unrecognized.ts';

const isWellFormed = (value: string) => value.isWellFormed();

/** Rules for strings. */
export const anyText = z.string().refine(isWellFormed, 'must be valid Unicode');
export const requiredText = z
  .string()
  .min(1, 'must not be empty')
  .refine(isWellFormed, 'must be valid Unicode');

type Options<R extends boolean> = {
  /** @default false */
  required?: R;
  description?: string;
};
type RuleOptions<R extends boolean> = Options<R> & {
  /** Novu's rule for the value. @default `requiredText` */
  rule?: z.ZodType<string>;
};

/** What is wrong with a value, in zod's words. */
function addIssues(rule: z.ZodType, value: unknown, findings: Findings): void {
  for (const { message, path } of rule.safeParse(value).error?.issues ?? [])
    findings.add(message, ...(path as (string | number)[]));
}

function ruled<W, R extends boolean>(
  type: unknown,
  { required, description }: Options<R>,
  rule: z.ZodType<W>,
  isSecret = false,
): InputField<W, R> {
  const isRight = toPredicate(rule);
  return {
    type,
    required: (required ?? false) as R,
    description,
    isSecret,
    read(value, findings) {
      if (!isRight(value)) addIssues(rule, value, findings);
      if (isSecret && typeof value === 'string') findings.secrets.push(value);
      return value as W;
    },
  };
}

export const id = <const R extends boolean = false>({
  rule = requiredText,
  ...options
}: RuleOptions<R> = {}) => ruled('ID', options, rule);

export const string = <const R extends boolean = false>({
  rule = requiredText,
  ...options
}: RuleOptions<R> = {}) => ruled('String', options, rule);

/** A string that no answer, log or error repeats. */
export const secret = <const R extends boolean = false>({
  rule = requiredText,
  ...options
}: RuleOptions<R> = {}) => ruled('NovuSecret', options, rule, true);

export const boolean = <const R extends boolean = false>(options: Options<R> = {}) =>
  ruled('Boolean', options, z.boolean());

export const jsonObject = <const R extends boolean = false>({
  rule,
  ...options
}: Options<R> & { rule: z.ZodType<Record<string, unknown>> }) => ruled('JSONObject', options, rule);

/** An optional field for which null is sent: it takes the stored value away. */
export const nullable = <W>(field: InputField<W, false>): InputField<W | null, false> => ({
  ...field,
  takesNull: true,
});

const anyDate = z.date();

/** Sent as ISO 8601. */
export function dateTime<const R extends boolean = false>(options: Options<R> = {}): InputField<string, R> {
  const field = ruled('DateTime', options, anyDate);
  return {
    ...field,
    read: (value, findings) =>
      value instanceof Date && !Number.isNaN(value.getTime())
        ? value.toISOString()
        : String(field.read(value, findings)),
  };
}

/** A value of an enum: each name with how Novu spells it. Names that are not in the table are refused. */
export function choice<const T extends Readonly<Record<string, string>>, const R extends boolean = false>(
  type: unknown,
  spellings: T,
  { required, description }: Options<R> = {},
): InputField<T[keyof T], R> {
  const names = Object.keys(spellings);
  const fault = `must be ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
  return {
    type,
    required: (required ?? false) as R,
    description,
    spellings,
    read(value, findings) {
      const isKnown = typeof value === 'string' && Object.hasOwn(spellings, value);
      if (!isKnown) findings.add(fault);
      return spellings[String(value)] as T[keyof T];
    },
  };
}

/** A string of Novu's as the field `what` shows it: by its name where it is an enum's, UNRECOGNIZED when there is none. */
export function toName(
  { spellings }: Pick<InputField<unknown>, 'spellings'>,
  spelling: string | null,
  what: string,
): string | null {
  if (spellings === undefined || spelling === null) return spelling;
  for (const name in spellings) if (spellings[name] === spelling) return name;
  return unrecognized(what);
}

/** Another input; `write` makes of its body what is sent. */
export function nested<B, const R extends boolean = false>(
  input: DefinedInput<B>,
  options?: Options<R>,
): InputField<B, R>;
export function nested<B, W, const R extends boolean = false>(
  input: DefinedInput<B>,
  options: Options<R> & { write: (body: B) => W },
): InputField<W, R>;
export function nested<B, R extends boolean>(
  input: DefinedInput<B>,
  { required, description, write }: Options<R> & { write?: (body: B) => unknown } = {},
): InputField<unknown, R> {
  return {
    type: input,
    required: (required ?? false) as R,
    description,
    read(value, findings) {
      const from = findings.issues.length;
      const body = input.readBody(value, findings);
      return write === undefined || findings.issues.length > from ? body : write(body);
    },
  };
}

type ListOptions<T, W> = {
  description?: string;
  /** What one and several items are called, for what is said of their number. */
  called: readonly [string, string];
  /** @default 0 */
  atLeast?: number;
  atMost: number;
  /** A field of which no two items may have the same value. */
  unique?: string & keyof T;
  /** Makes of the items what is sent. @default the items */
  write?: (items: T[]) => W;
};

/** An optional list of strings or of another input. */
export function list<T, W = T[]>(
  item: DefinedInput<T> | InputField<T>,
  { description, called: [one, several], atLeast = 0, atMost, unique, write }: ListOptions<T, W>,
): InputField<W, false> {
  const [type, read] = 'readBody' in item ? [item, item.readBody] : [item.type, item.read];
  return {
    type: [type],
    required: false,
    description,
    read(value, findings) {
      const given = Array.isArray(value) ? (value as unknown[]) : [];
      const found: T[] = [];
      if (given.length > atMost) {
        findings.add(`must hold at most ${atMost} ${several}`);
        return found as W;
      }
      const before = findings.issues.length;
      for (const [index, value] of given.entries()) {
        const from = findings.issues.length;
        found.push(read(value, findings));
        if (findings.issues.length > from) findings.below(index, from);
      }
      if (given.length < atLeast) findings.add(`must hold at least one ${one}`);
      if (unique !== undefined) addRepeated(found, unique, findings);
      return (write === undefined || findings.issues.length > before ? found : write(found)) as W;
    },
  };
}

function addRepeated<T>(items: readonly T[], field: string & keyof T, findings: Findings): void {
  if (items.length < 2) return;
  const seen = new Set<unknown>();
  for (const [index, item] of items.entries()) {
    if (seen.has(item[field])) findings.add('is there twice', index, field);
    seen.add(item[field]);
  }
}
