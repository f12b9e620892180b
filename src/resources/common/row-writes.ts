import { type Context, readCall, writeCall } from '../../graphql/context.ts';
import type { KeyedPayload, Payload } from '../../graphql/payload.ts';
import type { Key, Rows } from '../../rest/collection.ts';
import { forgetReads } from '../../rest/reads.ts';
import { readDeleted } from '../../upstream/answer.ts';
import { NovuError } from '../../upstream/errors.ts';
import { type IdempotencyKey, upstreamKeyOf } from '../../writes/key.ts';
import type { RefusalRules } from '../../writes/refusals.ts';
import { settleKeyed, settleWrite } from '../../writes/settle.ts';

/** The key of a row as errors and payloads name it. */
const nameOf = (key: Key): string => (typeof key === 'string' ? key : key.join(':'));

/** What an end user may not see doesn't exist for them: checked before every write of a row that exists. */
export async function requireVisible<T>(context: Context, rows: Rows<T>, key: Key): Promise<void> {
  if (context.caller.kind === 'service') return;
  const row = await rows.get(context.novu, key, readCall(context));
  if (row === null || !rows.isVisible(context.caller, row.value)) throw new NovuError('not-found');
}

export type RowUpdate = {
  /** The serialised body. */
  body: string;
  /** The values in it that no answer may repeat. */
  secrets: readonly string[];
  rules: RefusalRules;
  idempotencyKey: IdempotencyKey;
  /** Throws a NovuError when the row is not to be changed. @default `requireVisible` */
  check?: () => Promise<void>;
};

/** Changes a row by its key. */
export async function updateRow<T>(
  context: Context,
  rows: Rows<T>,
  key: Key,
  { body, secrets, rules, idempotencyKey, check }: RowUpdate,
): Promise<KeyedPayload<T>> {
  const call = writeCall(context, secrets);
  const update = async () => {
    await (check === undefined ? requireVisible(context, rows, key) : check());
    const upstreamKey = upstreamKeyOf(context.caller, idempotencyKey.key);
    const answer = await rows.update(context.novu, key, body, upstreamKey, call);
    // Novu's fingerprint of a request has no path: it may replay what it answered for another row.
    if (answer.facts.idempotencyReplayed && !rows.isRow(answer.value, key))
      throw new NovuError('key-reused', { facts: answer.facts });
    return answer;
  };
  const handle = { identifier: nameOf(key), idempotencyKey: idempotencyKey.key };
  const payload = await settleKeyed(update(), rules, handle, idempotencyKey);
  forgetReads(context);
  return payload;
}

/** Deletes a row by its key. The value is the key. */
export async function deleteRow<T>(
  context: Context,
  rows: Rows<T>,
  key: Key,
  rules: RefusalRules,
): Promise<Payload<string>> {
  const identifier = nameOf(key);
  const remove = async () => {
    await requireVisible(context, rows, key);
    const facts = await readDeleted(rows.remove(context.novu, key, writeCall(context, [])));
    return { value: identifier, facts };
  };
  const payload = await settleWrite(remove(), rules, { identifier });
  forgetReads(context);
  return payload;
}
