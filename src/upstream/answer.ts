import { type NovuAnswer, wasUncertain } from './client.ts';
import { type Page, parsePage, unwrap } from './envelope.ts';
import { NovuError } from './errors.ts';
import type { ResponseFacts } from './facts.ts';

/** What was read of an answer, with what Novu said beside it. */
export type Answered<T> = { value: T; facts: ResponseFacts };

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

/** Reads a page of a list; a body without any list is a `bad-response`. */
export function readPage<T>(
  answer: NovuAnswer,
  parseRow: (row: unknown) => T | undefined,
): { page: Page<T>; facts: ResponseFacts } {
  const page = parsePage(answer.body, parseRow);
  if (page === undefined) throw new NovuError('bad-response', { status: answer.status, facts: answer.facts });
  return { page, facts: answer.facts };
}

/** Of a delete: what Novu said. Gone already counts as done when an earlier try of the same call may have done it. */
export async function readDeleted(deleting: Promise<NovuAnswer>): Promise<ResponseFacts> {
  try {
    return (await deleting).facts;
  } catch (error) {
    if (error instanceof NovuError && error.kind === 'not-found' && wasUncertain(error)) return error.facts;
    throw error;
  }
}
