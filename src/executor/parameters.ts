const known = new WeakMap<object, number>();

/**
 * How many of the arguments of a call a function can look at: the number of its parameters when its source proves that
 * it reads no others, else Infinity. What a resolver cannot look at need not be made; for most resolvers that is `info`.
 * The length of the function would not do, since defaults and rest parameters are not counted there.
 */
export function countParameters(resolver: (...args: never[]) => unknown): number {
  let count = known.get(resolver);
  if (count === undefined) {
    count = readParameters(Function.prototype.toString.call(resolver));
    known.set(resolver, count);
  }
  return count;
}

// Plain names and patterns of names only: no defaults, no rest, no comments, no computed keys.
const arrowOfOne = /^(?:async\s+)?[\w$]+\s*=>/;
const inBrackets = /^(?:async\s+)?(?:function\b\s*)?[\w$]*\s*\(([\w$\s,{}:]*)\)\s*(?:=>|\{)/;
const patternOfNames = /\{[^{}]*\}/g;
// Bound functions, proxies and built-in functions show no source; an escape could spell the other names.
const otherAccess = /\barguments\b|\beval\b|\\u|\[native code\]/;

function readParameters(source: string): number {
  if (otherAccess.test(source)) return Number.POSITIVE_INFINITY;
  if (arrowOfOne.test(source)) return 1;
  const parameters = inBrackets.exec(source)?.[1];
  if (parameters === undefined) return Number.POSITIVE_INFINITY;
  const names = parameters.replace(patternOfNames, 'pattern');
  if (/[{}:]/.test(names)) return Number.POSITIVE_INFINITY;
  return names.split(',').filter((name) => name.trim() !== '').length;
}
