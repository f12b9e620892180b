import { isVisible, type Owned } from '../callers/access.ts';
import type { Caller } from '../callers/caller.ts';
import type { Answered } from '../upstream/answer.ts';
import type { CallContext } from '../upstream/client.ts';
import { WriteError } from '../upstream/write-error.ts';
import { NovuError } from '../upstream/errors.ts';
import { noFacts, type ResponseFacts } from '../upstream/facts.ts';
import { type Context, readCall, writeCall } from '../graphql/context.ts';
import type { DefinedInput } from '../graphql/define-input.ts';
import { toTopLevelError, type WriteHandle } from '../graphql/errors.ts';
import { checkInput, checkKey, type IdempotencyKey, keyFacts } from './key.ts';
import { type KeyedPayload, type Payload, refusal } from '../graphql/payload.ts';
import { type RefusalRules, toUserErrors } from './refusals.ts';
import { invalidInput, type UserErrorValue } from '../graphql/user-errors.ts';

/** How a write ended: the value with what Novu said beside it. */
export type Written<T> = { value: T; facts: ResponseFacts };

/**
 * What the caller can put right, of a write that failed. All else is thrown as a top-level error that says what is
 * known of the outcome.
 */
export function toRefusal(
  error: unknown,
  rules: RefusalRules,
  handle: WriteHandle,
): { userErrors: UserErrorValue[]; facts: ResponseFacts } {
  const failure = error instanceof WriteError && error.outcome === 'no' ? error.failure : error;
  const userErrors = failure instanceof NovuError ? toUserErrors(failure, rules, handle) : null;
  if (userErrors !== null) return { userErrors, facts: (failure as NovuError).facts };
  throw toTopLevelError(error, handle);
}

/** Awaits a write whose refusals become the payload's userErrors: see `toRefusal`. */
export async function settleWrite<T>(
  writing: Promise<Written<T>>,
  rules: RefusalRules,
  handle: WriteHandle,
): Promise<Payload<T>> {
  try {
    const { value, facts } = await writing;
    return { value, facts, userErrors: [] };
  } catch (error) {
    const { userErrors, facts } = toRefusal(error, rules, handle);
    return refusal(userErrors, facts);
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
  writing: Promise<Written<T> & { honouredUpstream: boolean }>,
  rules: RefusalRules,
  handle: WriteHandle,
  key: IdempotencyKey,
): Promise<KeyedPayload<T>> {
  try {
    const { value, facts, honouredUpstream } = await writing;
    return {
      value,
      facts,
      userErrors: [],
      idempotency: keyFacts(key, facts.idempotencyReplayed, honouredUpstream),
    };
  } catch (error) {
    const { userErrors, facts } = toRefusal(error, rules, handle);
    return refuse(userErrors, key, facts);
  }
}

/** A conflict with what is somebody else's keeps its identifier to itself. */
export async function hideForeign(
  caller: Caller,
  userErrors: UserErrorValue[],
  find: (identifier: string) => Promise<Owned | null>,
): Promise<UserErrorValue[]> {
  if (caller.kind === 'service') return userErrors;
  return Promise.all(
    userErrors.map(async (fault) => {
      if (fault.type !== 'NovuConflictError' || fault.existingIdentifier === null) return fault;
      const row = await find(fault.existingIdentifier).catch(() => null);
      return row !== null && isVisible(caller, row) ? fault : { ...fault, existingIdentifier: null };
    }),
  );
}

/**
 * The call of a write by identifier. What an end user may not see doesn't exist for them: that is checked now, and
 * before each further try, so that there is never more than one round trip between a check and its write.
 */
export async function ownWriteCall(
  context: Context,
  read: (call: CallContext) => Promise<Answered<Owned> | null>,
): Promise<CallContext> {
  const { caller } = context;
  const call = writeCall(context, []);
  if (caller.kind === 'service') return call;
  const check = async (reading: CallContext) => {
    const row = await read(reading);
    if (row === null || !isVisible(caller, row.value)) throw new NovuError('not-found');
  };
  await check(readCall(context));
  call.recheck = () => check(call);
  return call;
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
