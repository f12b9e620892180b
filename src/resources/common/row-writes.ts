import type { Owned } from '../../callers/access.ts';
import type { Context } from '../../graphql/context.ts';
import type { Payload } from '../../graphql/payload.ts';
import type { Key, Rows } from '../../rest/collection.ts';
import { forgetReads } from '../../rest/reads.ts';
import { readDeleted } from '../../upstream/answer.ts';
import type { CallContext } from '../../upstream/client.ts';
import type { RefusalRules } from '../../writes/refusals.ts';
import { ownWriteCall, settleWrite } from '../../writes/settle.ts';

/** The key of a row as errors and payloads name it. */
const nameOf = (key: Key): string => (typeof key === 'string' ? key : key.join(':'));

/** The call of a write of a row that exists: see `ownWriteCall`. */
export const ownRowCall = <T extends Owned>(
  context: Context,
  rows: Rows<T>,
  key: Key,
): Promise<CallContext> => ownWriteCall(context, (call) => rows.get(context.novu, key, call));

/** Deletes a row by its key. The value is the key. */
export async function deleteRow<T extends Owned>(
  context: Context,
  rows: Rows<T>,
  key: Key,
  rules: RefusalRules,
): Promise<Payload<string>> {
  const identifier = nameOf(key);
  const remove = async () => {
    const call = await ownRowCall(context, rows, key);
    const facts = await readDeleted(rows.remove(context.novu, key, call));
    return { value: identifier, facts };
  };
  const payload = await settleWrite(remove(), rules, { identifier });
  forgetReads(context);
  return payload;
}
