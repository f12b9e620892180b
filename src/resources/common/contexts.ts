import { z } from 'zod';
import { builder } from '../../graphql/builder.ts';

export type ContextEntry = { type: string; id: string; data?: Record<string, unknown> | null | undefined };

export const ContextInput = builder.inputType('ContextInput', {
  description: "One entry of Novu's context map: { [type]: id } or { [type]: { id, data } }.",
  fields: (t) => ({
    type: t.string({ required: true, description: 'For example tenant. Each type at most once.' }),
    id: t.string({ required: true, description: '1 to 100 letters, digits, dashes and underscores.' }),
    data: t.field({
      type: 'JSONObject',
      description: 'Kept by Novu when it makes the context; at most 64 KB.',
    }),
  }),
});

export type ContextMap = Record<string, string | { id: string; data: Record<string, unknown> }>;

const maxEntries = 5;
const maxDataBytes = 64 * 1024;

/** Novu's rules: 1 to 5 entries, id of [A-Za-z0-9_-]{1,100}, data of at most 64 KB; as a map no type can come twice. */
export const contextEntries = z
  .array(
    z.object({
      type: z
        .string()
        .min(1, 'must not be empty')
        .max(100, 'must have at most 100 characters')
        .refine((type) => type.isWellFormed(), 'must be valid Unicode'),
      id: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,100}$/, 'must be 1 to 100 letters, digits, dashes and underscores'),
      data: z
        .custom<Record<string, unknown>>()
        .nullish()
        .refine(
          (data) => data == null || Buffer.byteLength(JSON.stringify(data)) <= maxDataBytes,
          'must have at most 64 KB as JSON',
        ),
    }),
  )
  .min(1, 'must hold at least one entry')
  .max(maxEntries, `must hold at most ${maxEntries} entries`)
  .superRefine((entries, ctx) => {
    const seen = new Set<string>();
    for (const [index, { type }] of entries.entries()) {
      if (seen.has(type)) ctx.addIssue({ code: 'custom', message: 'is there twice', path: [index, 'type'] });
      seen.add(type);
    }
  });

/** The list as Novu's map. fromEntries defines properties, so that a type named __proto__ stays a key. */
export function toContextMap(entries: readonly ContextEntry[]): ContextMap {
  return Object.fromEntries(entries.map(({ type, id, data }) => [type, data == null ? id : { id, data }]));
}

/** The keys under which Novu stores contexts. */
export function toContextKeys(context: ContextMap | undefined): string[] {
  return Object.entries(context ?? {}).map(
    ([type, value]) => `${type}:${typeof value === 'string' ? value : value.id}`,
  );
}
