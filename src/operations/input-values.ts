/** Levels of objects and lists in variables and extensions; what is deeper overflows the stack of who writes it down. */
const maxDepth = 64;

export type InputFault = 'too many items' | 'too deep' | 'number';

export const inputFaultWords = {
  'too deep': `variables and extensions may have at most ${maxDepth} levels of objects and lists.`,
  number: 'A whole number in variables must be within 2^53: send larger ones as strings.',
};

/**
 * What is wrong with a value of a request as such, whatever the schema says: too deep, a list or an object with more
 * than `maxItems` items, or a whole number that readers of JSON do not agree on (RFC 8259 section 6). Null: nothing.
 */
export function findInputFault(value: unknown, maxItems: number, levels = maxDepth): InputFault | null {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return null;
    return Number.isInteger(value) || !Number.isFinite(value) ? 'number' : null;
  }
  if (typeof value !== 'object' || value === null) return null;
  if (levels === 0) return 'too deep';
  if (Array.isArray(value)) {
    if (value.length > maxItems) return 'too many items';
    for (const item of value) {
      const fault = findInputFault(item, maxItems, levels - 1);
      if (fault !== null) return fault;
    }
    return null;
  }
  let keys = 0;
  for (const key in value) {
    keys += 1;
    if (keys > maxItems) return 'too many items';
    const fault = findInputFault((value as Record<string, unknown>)[key], maxItems, levels - 1);
    if (fault !== null) return fault;
  }
  return null;
}
