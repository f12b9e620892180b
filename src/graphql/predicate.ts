import type { z } from 'zod';

type Test = (value: string) => boolean;
export type Predicate = (value: unknown) => boolean;

/**
 * Whether a value is right by a rule, as a closure. A rule for strings is read into plain tests: zod itself costs
 * twenty times as much where it may not compile its parsers, and is asked for the words when a value is wrong. Any
 * other rule is zod's to judge.
 */
export function toPredicate(rule: z.core.$ZodType): Predicate {
  const { def } = rule._zod;
  const tests = def.type === 'string' ? toTests(def.checks ?? []) : undefined;
  if (tests === undefined) return (value) => accepts(rule, value);
  return (value) => {
    if (typeof value !== 'string') return false;
    for (const test of tests) if (!test(value)) return false;
    return true;
  };
}

function accepts(rule: z.core.$ZodType, value: unknown): boolean {
  const { issues } = rule._zod.run({ value, issues: [] }, {}) as z.core.ParsePayload;
  return issues.length === 0;
}

/** Undefined when one of the checks is of a kind that is not known here, or changes the value. */
function toTests(checks: readonly z.core.$ZodCheck<never>[]): Test[] | undefined {
  const tests: Test[] = [];
  for (const { _zod } of checks) {
    const test = toTest(_zod.def as z.core.$ZodCheckDef & Record<string, unknown>);
    if (test === undefined) return undefined;
    tests.push(test);
  }
  return tests;
}

function toTest({ check, minimum, maximum, pattern, fn }: Record<string, unknown>): Test | undefined {
  if (check === 'min_length' && typeof minimum === 'number') return (value) => value.length >= minimum;
  if (check === 'max_length' && typeof maximum === 'number') return (value) => value.length <= maximum;
  if (check === 'string_format' && pattern instanceof RegExp && !pattern.global)
    return (value) => pattern.test(value);
  if (check === 'custom' && typeof fn === 'function') return (value) => fn(value) === true;
  return undefined;
}
