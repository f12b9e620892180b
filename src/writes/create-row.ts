import { isVisible, type Owned } from '../callers/access.ts';
import { type Context, writeCall } from '../graphql/context.ts';
import type { KeyedPayload } from '../graphql/payload.ts';
import type { Answered } from '../upstream/answer.ts';
import type { CallContext, Novu } from '../upstream/client.ts';
import { NovuError } from '../upstream/errors.ts';
import type { Made } from './creation.ts';
import { deriveIdentifier } from './identifiers.ts';
import { type IdempotencyKey, keyFacts, upstreamKeyOf } from './key.ts';
import { lookCall } from './look-call.ts';
import { conflictingIdentifier, type RefusalRules } from './refusals.ts';
import { hideForeign, refuse, toRefusal } from './settle.ts';
import { writesOf } from './writes.ts';

/** Whose key it is, for one operation, and what identifiers it means when the input names none. */
export type KeyIdentity = {
  owner: string;
  derive(): string;
  /** Under older secrets. */
  deriveEarlier(): string[];
};

export function identify(
  { caller, novu }: Context,
  operation: string,
  prefix: string,
  { key }: IdempotencyKey,
): KeyIdentity {
  const owner = `${caller.id} ${operation}`;
  const { identifierKeys } = novu;
  return {
    owner,
    derive: () => deriveIdentifier(prefix, owner, key, identifierKeys[0]),
    deriveEarlier: () =>
      identifierKeys.slice(1).map((secret) => deriveIdentifier(prefix, owner, key, secret)),
  };
}

export type RowCreation<T> = {
  identity: KeyIdentity;
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
  /** For end users, before each further try: rejects with a NovuError when they may not do this any more. */
  recheck?: ((call: CallContext) => Promise<void>) | undefined;
  /** The row that leaves no place for this one, or null: see `CreateSpec`. */
  findOccupant?: ((call: CallContext) => Promise<string | null>) | undefined;
  rules: RefusalRules;
  /** Reads what a conflict names. */
  find(identifier: string): Promise<T | null>;
};

/** Creates a row once: see `CreateOnce` for what that takes. */
export async function createRow<T extends Made & Owned>(
  context: Context,
  idempotencyKey: IdempotencyKey,
  creation: RowCreation<T>,
): Promise<KeyedPayload<T>> {
  const { caller, novu } = context;
  const { key, source } = idempotencyKey;
  const { identity, identifier, identifierIsDerived, body, recheck, findOccupant } = creation;
  const keyIsCallers = source !== 'GENERATED';
  const call = writeCall(context, creation.secrets);
  const isUser = caller.kind === 'user';
  if (isUser && recheck !== undefined) call.recheck = () => recheck(call);
  const looksEarlier = keyIsCallers && identifierIsDerived && novu.identifierKeys.length > 1;
  try {
    const created = await writesOf(novu).creates.run<T>({
      owner: identity.owner,
      key,
      keyIsCallers,
      upstreamKey: upstreamKeyOf(caller, key),
      identifier,
      identifierIsDerived,
      body,
      deadline: call.deadline,
      post: (upstreamKey) => creation.create(novu, body, upstreamKey, call),
      read: () => creation.get(novu, identifier, lookCall(call)),
      readEarlier: looksEarlier
        ? () => firstOf(identity.deriveEarlier(), (earlier) => creation.get(novu, earlier, lookCall(call)))
        : undefined,
      recheck: call.recheck,
      findOccupant: findOccupant && (() => findOccupant(lookCall(call))),
      mayShow: isUser ? (row) => isVisible(caller, row) : undefined,
      earliestAt: (moment) => novu.earliestAt(moment),
      // Of a row that was made under an older secret the identifier alone is another one.
      isSame: (row) => creation.isSame(row.identifier === identifier ? row : { ...row, identifier }),
      conflictingIdentifier: creation.rules.conflictingIdentifier ?? conflictingIdentifier,
    });
    return {
      value: created.value,
      facts: created.facts,
      userErrors: [],
      idempotency: keyFacts(idempotencyKey, created.replayed, created.honouredUpstream),
    };
  } catch (error) {
    const handle = { identifier, idempotencyKey: key };
    const { userErrors, facts } = toRefusal(error, creation.rules, handle);
    return refuse(await hideForeign(caller, userErrors, creation.find), idempotencyKey, facts);
  }
}

/** The first row that is there. */
async function firstOf<T extends Made>(
  identifiers: readonly string[],
  read: (identifier: string) => Promise<Answered<T> | null>,
): Promise<Answered<T> | null> {
  const rows = await Promise.all(
    identifiers.map(async (identifier) => {
      const row = await read(identifier);
      // Another row's answer says nothing of this one.
      if (row !== null && row.value.identifier !== identifier) throw new NovuError('bad-response');
      return row;
    }),
  );
  return rows.find((row) => row !== null) ?? null;
}
