import type { NovuAnswer } from './client.ts';
import type { Answered } from './create-once.ts';
import { unwrap } from './envelope.ts';
import { NovuError } from './errors.ts';

/**
 * Reads the one object of an answer. A 2xx that lacks what `parse` needs is a `bad-response` that says that the
 * work was done: whoever gets it must not ask for it again.
 */
export function readOne<T>(answer: NovuAnswer, parse: (body: unknown) => T | undefined): Answered<T> {
  const value = parse(unwrap(answer.body));
  if (value === undefined)
    throw new NovuError('bad-response', { status: answer.status, facts: answer.facts, applied: 'yes' });
  return { value, facts: answer.facts };
}

/** The value, or null when Novu knows nothing by that name. */
export async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NovuError && error.kind === 'not-found') return null;
    throw error;
  }
}
