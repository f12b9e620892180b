import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { anyText, requiredText } from '../../src/graphql/input-fields.ts';
import { toPredicate } from '../../src/graphql/predicate.ts';
import { identifier } from '../../src/resources/common/row-input.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '.', '..', 'a', '\ud800', 'x'.repeat(1024), 'x'.repeat(1025)),
);

describe('the predicate of a rule', () => {
  it.each<[string, z.ZodType]>([
    ['anyText', anyText],
    ['requiredText', requiredText],
    ['identifier', identifier],
    ['a pattern', z.string().regex(/^[a-z]+$/)],
    ['a pattern that counts', z.string().regex(/a/g)],
    ['a change', z.string().trim().min(1)],
    ['a format', z.string().length(3)],
    ['a choice', z.enum(['a', 'b'])],
    ['an object', z.object({ a: z.string() }).refine(({ a }) => a !== '')],
  ])('accepts exactly what zod accepts by %s', (_name, rule) => {
    const isRight = toPredicate(rule);
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          text.map((a) => ({ a })),
          fc.anything(),
        ),
        (value) => {
          expect(isRight(value)).toBe(rule.safeParse(value).success);
        },
      ),
      { numRuns: 500 },
    );
  });
});
