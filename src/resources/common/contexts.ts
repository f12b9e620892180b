import { z } from 'zod';
import { type BodyOf, defineInput } from '../../graphql/define-input.ts';
import { jsonObject, list, string } from '../../graphql/input-fields.ts';

const maxEntries = 5;
const maxDataBytes = 64 * 1024;

/** Novu's rule for ids of contexts. */
export const contextId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,100}$/, 'must be 1 to 100 letters, digits, dashes and underscores');

/** Novu's rule for what a context holds. */
export const contextData = z
  .custom<Record<string, unknown>>()
  .refine(
    (data) => Buffer.byteLength(JSON.stringify(data)) <= maxDataBytes,
    'must have at most 64 KB as JSON',
  );

const entry = {
  type: string({
    required: true,
    description: 'For example tenant. Each type at most once.',
    rule: z
      .string()
      .min(1, 'must not be empty')
      .max(100, 'must have at most 100 characters')
      .refine((type) => type.isWellFormed(), 'must be valid Unicode'),
  }),
  id: string({
    required: true,
    description: '1 to 100 letters, digits, dashes and underscores.',
    rule: contextId,
  }),
  data: jsonObject({
    description: 'Kept by Novu when it makes the context; at most 64 KB.',
    rule: contextData,
  }),
};

const NovuContextInput = defineInput(
  'NovuContextInput',
  "One entry of Novu's context map: { [type]: id } or { [type]: { id, data } }.",
  entry,
);

export type ContextMap = Record<string, string | { id: string; data: Record<string, unknown> }>;

/** Novu's map of contexts, written as a list. */
export const context = list(NovuContextInput, {
  description: 'The contexts that it belongs to: 1 to 5, of different types.',
  called: ['entry', 'entries'],
  atLeast: 1,
  atMost: maxEntries,
  unique: 'type',
  write: toContextMap,
});

/** The list as Novu's map. fromEntries defines properties, so that a type named __proto__ stays a key. */
function toContextMap(entries: readonly BodyOf<typeof entry>[]): ContextMap {
  return Object.fromEntries(
    entries.map(({ type, id, data }) => [type, data === undefined ? id : { id, data }]),
  );
}

/** The keys under which Novu stores contexts. */
export function toContextKeys(context: ContextMap | undefined): string[] {
  return Object.entries(context ?? {}).map(
    ([type, value]) => `${type}:${typeof value === 'string' ? value : value.id}`,
  );
}
