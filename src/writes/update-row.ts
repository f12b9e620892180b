import { isVisible, type Owned } from '../callers/access.ts';
import { type Context, readCall, writeCall } from '../graphql/context.ts';
import type { KeyedPayload } from '../graphql/payload.ts';
import type { Answered } from '../upstream/answer.ts';
import type { CallContext, Novu } from '../upstream/client.ts';
import { NovuError } from '../upstream/errors.ts';
import { type IdempotencyKey, keyFacts, upstreamKeyOf } from './key.ts';
import { lookCall } from './look-call.ts';
import type { RefusalRules } from './refusals.ts';
import { hideForeign, refuse, toRefusal } from './settle.ts';
import { update, type Updated } from './update.ts';
import { writesOf } from './writes.ts';

export type RowUpdate<T> = {
  /** Keys of different operations never meet. */
  operation: string;
  identifier: string;
  /** The serialised body. */
  body: string;
  /** The values in it that no answer may repeat. */
  secrets: readonly string[];
  update(
    novu: Novu,
    identifier: string,
    body: string,
    upstreamKey: string,
    call: CallContext,
  ): Promise<Answered<T>>;
  get(novu: Novu, identifier: string, call: CallContext): Promise<Answered<T> | null>;
  /**
   * Whether a row that is missing is made, as Novu's upserts do: then it is not looked for before, and whoever may name it
   * may write it. @default false
   */
  makesMissing?: boolean;
  /** Whether the row is as this body makes it, as far as a row shows it. */
  matches(row: T): boolean;
  /** Whether a row shows all that this body sets. */
  showsAll: boolean;
  /**
   * Throws a NovuError when the row can't take this body, or the caller may not use what it names. With it services read
   * the row first, as end users do.
   */
  requireFit?: ((row: T, call: CallContext) => void | Promise<void>) | undefined;
  /** Another row that leaves no place for the new state, or null: see `UpdateSpec`. `before` is the row, when it was read. */
  findOccupant?: ((before: T | null, call: CallContext) => Promise<string | null>) | undefined;
  rules: RefusalRules;
  /** Reads what a conflict names. */
  find(identifier: string): Promise<T | null>;
};

/** Updates a row by its identifier: see `update` for what that takes. What an end user may not see is not there. */
export async function updateRow<T extends Updated & Owned>(
  context: Context,
  idempotencyKey: IdempotencyKey,
  spec: RowUpdate<T>,
): Promise<KeyedPayload<T>> {
  const { caller, novu } = context;
  const { key } = idempotencyKey;
  const { identifier, body, requireFit, findOccupant } = spec;
  const isUser = caller.kind === 'user';
  const call = writeCall(context, spec.secrets);
  const check = async (reading: CallContext): Promise<T> => {
    const row = await spec.get(novu, identifier, reading);
    if (row === null || !isVisible(caller, row.value)) throw new NovuError('not-found');
    await requireFit?.(row.value, reading);
    return row.value;
  };
  const checksFirst = isUser && spec.makesMissing !== true;
  if (checksFirst) {
    call.recheck = async () => {
      await check(call);
    };
  }
  const write = async () => {
    const before = checksFirst || requireFit !== undefined ? await check(readCall(context)) : null;
    return update<T>({
      identifier,
      upstreamKey: upstreamKeyOf(caller, key),
      deadline: call.deadline,
      before,
      patch: (upstreamKey) => spec.update(novu, identifier, body, upstreamKey, call),
      read: () => spec.get(novu, identifier, lookCall(call)),
      matches: spec.matches,
      showsAll: spec.showsAll,
      earliestAt: (moment) => novu.earliestAt(moment),
      mayShow: isUser ? (row) => isVisible(caller, row) : undefined,
      recheck: call.recheck,
      findOccupant: findOccupant && (() => findOccupant(before, lookCall(call))),
    });
  };
  try {
    const owner = `${caller.id} ${spec.operation}`;
    const updated = await writesOf(novu).usedKeys.run(owner, idempotencyKey, `${identifier}\n${body}`, write);
    return {
      value: updated.value,
      facts: updated.facts,
      userErrors: [],
      idempotency: keyFacts(idempotencyKey, updated.replayed, updated.honouredUpstream),
    };
  } catch (error) {
    const { userErrors, facts } = toRefusal(error, spec.rules, { identifier, idempotencyKey: key });
    return refuse(await hideForeign(caller, userErrors, spec.find), idempotencyKey, facts);
  }
}
