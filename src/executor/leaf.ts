import type { GraphQLLeafType } from 'graphql';
import { inspect } from './inspect.ts';
import { quote } from './json.ts';
import { Leaves, type TypePlan } from './output-type.ts';

/** A value of a leaf type as the type itself serialises it. */
export function serialize(plan: TypePlan, value: unknown): unknown {
  const type = plan.type as GraphQLLeafType;
  const serialized: unknown = type.serialize(value);
  if (serialized === null || serialized === undefined) {
    throw new Error(
      `Expected \`${inspect(type)}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${inspect(serialized)}`,
    );
  }
  return serialized;
}

/**
 * The JSON of a value of a built-in scalar or an enum, or undefined for other types and for values that only the
 * type's own `serialize` may judge.
 */
export function writeBuiltIn(plan: TypePlan, value: unknown): string | undefined {
  switch (plan.leaf) {
    case Leaves.string:
      return typeof value === 'string' ? quote(value) : undefined;
    case Leaves.id:
      if (typeof value === 'string') return quote(value);
      return Number.isInteger(value) ? `"${String(value)}"` : undefined;
    case Leaves.int:
      // oxlint-disable-next-line no-bitwise -- the cheapest test of a 32-bit integer
      return typeof value === 'number' && (value | 0) === value ? `${value}` : undefined;
    case Leaves.float:
      return Number.isFinite(value) ? `${value as number}` : undefined;
    case Leaves.boolean:
      if (value === true) return 'true';
      return value === false ? 'false' : undefined;
    case Leaves.enum:
      return plan.names?.get(value);
    default:
      return undefined;
  }
}
