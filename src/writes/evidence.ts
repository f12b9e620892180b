import type { Answered } from '../upstream/answer.ts';
import { NovuError } from '../upstream/errors.ts';
import type { ResponseFacts } from '../upstream/facts.ts';
import type { Time } from '../upstream/tolerant.ts';

/** How far the clocks of Novu's servers may be apart, and ours from theirs. */
const theirClocksMs = 100;
const ourClockMs = 1_500;

/**
 * Whether a time of Novu's lies before a call began, by Novu's own clock where an answer shows it. The Date header is
 * cut to the second, so that the beginning is put too early rather than too late.
 */
export function isBefore(
  time: Time,
  facts: ResponseFacts,
  startedAt: number,
  /** The earliest that it can have been at Novu when the call began; null while nothing is known. */
  novuStartedAt: number | null,
): boolean {
  const at = Date.parse(time);
  if (novuStartedAt !== null) return at < novuStartedAt - theirClocksMs;
  const date = Date.parse(facts.headers.find((header) => header.name === 'date')?.values[0] ?? '');
  return Number.isNaN(date)
    ? at < startedAt - ourClockMs
    : at < date - (Date.now() - startedAt) - theirClocksMs;
}

/**
 * The row by its identifier; null when there is none. Undefined when the read failed, or brought another row: that
 * says nothing.
 */
export async function look<T extends { identifier: string }>(
  reading: Promise<Answered<T> | null>,
  identifier: string,
): Promise<Answered<T> | null | undefined> {
  const row = await quietly(reading);
  return row != null && row.value.identifier !== identifier ? undefined : row;
}

/** Undefined when Novu could not be asked. */
export async function quietly<T>(asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof NovuError) return undefined;
    throw error;
  }
}

/** Novu's own code failed just now: its work on the request has ended, and a unique index may have been the reason. */
export const isNovusOwnFailure = ({ status, answeredByNovu, facts }: NovuError): boolean =>
  status === 500 && answeredByNovu && !facts.idempotencyReplayed;
