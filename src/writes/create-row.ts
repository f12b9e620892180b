import { createOnceOf } from './create-once.ts';
import { type Context, writeCall } from '../graphql/context.ts';
import { type IdempotencyKey, upstreamKeyOf } from './key.ts';
import type { KeyedPayload } from '../graphql/payload.ts';
import { conflictingIdentifier, type RefusalRules } from './refusals.ts';
import { settleCreate } from './settle.ts';
import type { Novu } from '../upstream/client.ts';
import type { CallContext } from '../upstream/client.ts';
import type { Answered } from '../upstream/answer.ts';
import type { NovuError } from '../upstream/errors.ts';
import { Deadline } from '../upstream/deadline.ts';
import { deriveIdentifier } from './identifiers.ts';
import type { Row } from '../rest/row.ts';

/** Whose key it is, for one operation, and the identifier that it means when the input names none. */
export function identify(
  { caller }: Context,
  operation: string,
  prefix: string,
  { key }: IdempotencyKey,
): { owner: string; derive: () => string } {
  const owner = `${caller.id} ${operation}`;
  return { owner, derive: () => deriveIdentifier(prefix, owner, key) };
}

export type RowCreation<T> = {
  owner: string;
  /** Whether `identifier` was made from the key. */
  identifierIsDerived: boolean;
  identifier: string;
  /** The serialised body. */
  body: string;
  /** The values in it that no answer may repeat. */
  secrets: readonly string[];
  create(novu: Novu, body: string, upstreamKey: string, call: CallContext): Promise<Answered<T>>;
  get(novu: Novu, identifier: string, call: CallContext): Promise<Answered<T> | null>;
  /** Whether the row is what this body makes. */
  isSame(row: T): boolean;
  /** @default what Novu's text names */
  conflictingIdentifier?(error: NovuError): string | null;
  rules: RefusalRules;
  /** Reads what a conflict names. */
  find(identifier: string): Promise<T | null>;
};

const minLookMs = 250;
const lookMs = (leftMs: number) => Math.min(leftMs, Math.max(leftMs / 2, minLookMs));

/** Creates a row once: see `CreateOnce` for what that takes. */
export async function createRow<T extends Row>(
  context: Context,
  idempotencyKey: IdempotencyKey,
  { owner, identifier, identifierIsDerived, body, secrets, rules, find, ...creation }: RowCreation<T>,
): Promise<KeyedPayload<T>> {
  const { key, source } = idempotencyKey;
  const call = writeCall(context, secrets);
  return settleCreate(
    createOnceOf(context.novu).run<T>({
      owner,
      key,
      keyIsCallers: source !== 'GENERATED',
      upstreamKey: upstreamKeyOf(context.caller, key),
      identifier,
      identifierIsDerived,
      body,
      deadline: call.deadline,
      post: (upstreamKey) => creation.create(context.novu, body, upstreamKey, call),
      // A look that hangs must leave time for another try.
      read: () =>
        creation.get(context.novu, identifier, {
          ...call,
          deadline: new Deadline(lookMs(call.deadline.leftMs)),
        }),
      identifierOf: (row) => row.identifier,
      createdAtOf: (row) => (row.createdAt === null ? null : new Date(row.createdAt)),
      earliestAt: (moment) => context.novu.earliestAt(moment),
      isSame: (row) => creation.isSame(row),
      conflictingIdentifier: creation.conflictingIdentifier ?? conflictingIdentifier,
    }),
    rules,
    { identifier, idempotencyKey: key },
    idempotencyKey,
    { caller: context.caller, find },
  );
}
