import type { Fault } from '../../src/sandbox/sandbox.ts';
import type { Random } from './random.ts';

/** How often each fault is drawn, against the sum of all. */
const weights = {
  'reset-before': 12,
  'reset-after': 12,
  'error-before': 12,
  'error-after': 12,
  'hang-before': 5,
  'hang-after': 5,
  truncate: 9,
  'not-json': 9,
  html: 9,
  slow: 12,
  'rate-limited': 3,
} as const;

type Kind = keyof typeof weights;

const kinds = Object.keys(weights) as Kind[];
const total = Object.values(weights).reduce<number>((sum, weight) => sum + weight, 0);

function drawKind(random: Random): Kind {
  let left = random.next() * total;
  for (const kind of kinds) {
    left -= weights[kind];
    if (left < 0) return kind;
  }
  return 'slow';
}

/** One fault at random. `tryMs` is how long the gateway waits for one try of a write. */
export function drawFault(random: Random, tryMs: number): Fault {
  const kind = drawKind(random);
  switch (kind) {
    case 'reset-before':
    case 'hang-before':
      return { kind, leavesKey: random.chance(0.3) };
    case 'error-before':
    case 'error-after':
      return { kind, status: random.pick([500, 500, 502, 503, 504]), cached: random.chance(0.5) };
    case 'html':
      return { kind, status: random.pick([502, 503, 504]), applied: random.chance(0.5) };
    case 'rate-limited':
      return { kind, retryAfterSeconds: random.chance(0.85) ? 0 : 1 };
    case 'slow':
      return {
        kind,
        // One in three is so slow that the gateway has given up when Novu gets to its write.
        delayMs: random.chance(0.33) ? random.int(tryMs, tryMs * 2.2) : random.int(10, tryMs * 0.6),
        at: random.pick(['start', 'before-write', 'before-write', 'end']),
      };
    default:
      return { kind };
  }
}
