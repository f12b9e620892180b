import { isVisible, type Owned } from '../callers/access.ts';
import type { Caller } from '../callers/caller.ts';
import { type Created } from './create-once.ts';
import { WriteError } from '../upstream/write-error.ts';
import { NovuError } from '../upstream/errors.ts';
import { noFacts, type ResponseFacts } from '../upstream/facts.ts';
import { toTopLevelError, type WriteHandle } from '../graphql/errors.ts';
import type { DefinedInput } from '../graphql/define-input.ts';
import { checkInput, checkKey, type IdempotencyKey, keyFacts } from './key.ts';
import { type KeyedPayload, type Payload, refusal } from '../graphql/payload.ts';
import { type RefusalRules, toUserErrors } from './refusals.ts';
import { invalidInput, type UserErrorValue } from '../graphql/user-errors.ts';

/** How a write ended: the value with what Novu said beside it. */
export type Written<T> = { value: T; facts: ResponseFacts };

/**
 * Awaits a write. What the caller can put right becomes the payload's userErrors; all else is thrown as a top-level
 * error that says what is known of the outcome.
 */
export async function settleWrite<T, W extends Written<T>>(
  writing: Promise<W>,
  rules: RefusalRules,
  handle: WriteHandle,
): Promise<(W & { userErrors: [] }) | Payload<never>> {
  try {
    return { ...(await writing), userErrors: [] };
  } catch (error) {
    const failure = error instanceof WriteError && error.outcome === 'no' ? error.failure : error;
    const userErrors = failure instanceof NovuError ? toUserErrors(failure, rules, handle) : null;
    if (userErrors === null) throw toTopLevelError(error, handle);
    return refusal(userErrors, (failure as NovuError).facts);
  }
}

/** The payload of a write that takes a key and was refused. */
export function refuse(
  userErrors: UserErrorValue[],
  key: IdempotencyKey,
  facts: ResponseFacts = noFacts,
): KeyedPayload<never> {
  return { ...refusal(userErrors, facts), idempotency: keyFacts(key) };
}

/** `settleWrite` for a call that Novu repeats by its own memory of the key. */
export async function settleKeyed<T>(
  writing: Promise<Written<T>>,
  rules: RefusalRules,
  handle: WriteHandle,
  key: IdempotencyKey,
): Promise<KeyedPayload<T>> {
  const written = await settleWrite(writing, rules, handle);
  const { facts } = written;
  return { ...written, idempotency: keyFacts(key, facts.idempotencyReplayed, facts.idempotencyHonoured) };
}

/** `settleWrite` for what `CreateOnce` makes. `find` reads what a conflict names, to keep what is not the caller's. */
export async function settleCreate<T>(
  creating: Promise<Created<T>>,
  rules: RefusalRules,
  handle: WriteHandle,
  key: IdempotencyKey,
  { caller, find }: { caller: Caller; find: (identifier: string) => Promise<Owned | null> },
): Promise<KeyedPayload<T>> {
  const written = await settleWrite<T, Created<T>>(creating, rules, handle);
  if (!('replayed' in written))
    return refuse(await hideForeign(caller, written.userErrors, find), key, written.facts);
  return { ...written, idempotency: keyFacts(key, written.replayed, written.honouredUpstream) };
}

/** A conflict with what is somebody else's keeps its identifier to itself. */
async function hideForeign(
  caller: Caller,
  userErrors: readonly UserErrorValue[],
  find: (identifier: string) => Promise<Owned | null>,
): Promise<UserErrorValue[]> {
  if (caller.kind === 'service') return [...userErrors];
  return Promise.all(
    userErrors.map(async (fault) => {
      if (fault.type !== 'ConflictError' || fault.existingIdentifier === null) return fault;
      const row = await find(fault.existingIdentifier).catch(() => null);
      return row !== null && isVisible(caller, row) ? fault : { ...fault, existingIdentifier: null };
    }),
  );
}

/** Express' default limit on Novu's routes. */
const maxBodyBytes = 100 * 1024;

/**
 * What a write by input and key sends to Novu, or its payload when the input, the key or the size is wrong.
 * `toBody` makes it of the checked input, and throws when the caller may not do this.
 */
export function prepareWrite<T, B extends object>(
  input: Pick<DefinedInput<T>, 'check'>,
  value: unknown,
  key: IdempotencyKey,
  toBody: (checked: T) => B,
): { checked: T; sent: B; body: string; secrets: readonly string[] } | { refused: KeyedPayload<never> } {
  const result = checkInput(input, value);
  const keyErrors = checkKey(key);
  if ('userErrors' in result) return { refused: refuse([...keyErrors, ...result.userErrors], key) };
  const { body: checked, secrets } = result;
  const sent = toBody(checked);
  if (keyErrors.length > 0) return { refused: refuse(keyErrors, key) };
  const body = JSON.stringify(sent);
  if (Buffer.byteLength(body) <= maxBodyBytes) return { checked, sent, body, secrets };
  return {
    refused: refuse([invalidInput('The input is larger than the 100 KB that Novu takes.', ['input'])], key),
  };
}
