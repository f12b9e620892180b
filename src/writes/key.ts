import { createHmac } from 'node:crypto';
import {
  type FragmentDefinitionNode,
  type GraphQLResolveInfo,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Context } from '../graphql/context.ts';
import type { DefinedInput } from '../graphql/define-input.ts';
import type { Caller } from '../callers/caller.ts';
import { keyFault, scopeKey } from './identifiers.ts';
import type { IdempotencyFacts, IdempotencySource } from '../graphql/response-facts.ts';
import { invalidInput, type UserErrorValue } from '../graphql/user-errors.ts';

export type IdempotencyKey = { key: string; source: IdempotencySource };

/**
 * The key of one mutation field: its argument, else the HTTP header when the operation has exactly one mutation
 * field (one header can't serve two), else a new UUID.
 */
export function resolveKey(
  argument: string | null | undefined,
  context: Context,
  info: GraphQLResolveInfo,
): IdempotencyKey {
  if (argument != null) return { key: argument, source: 'ARGUMENT' };
  if (context.idempotencyKeyHeader !== null && countRootFields(info) === 1)
    return { key: context.idempotencyKeyHeader, source: 'HEADER' };
  return { key: crypto.randomUUID(), source: 'GENERATED' };
}

/**
 * The key of a create, see `resolveKey`. Where a service sent the HTTP header `X-Request-Id` and no key, the key is
 * derived from it, the name of the field in the answer and the input: a request that is sent again makes nothing twice,
 * and another input under the same id is another call. It takes a secret, so that nothing of the input can be tried out.
 */
export function resolveCreateKey(
  argument: string | null | undefined,
  input: unknown,
  context: Context,
  info: GraphQLResolveInfo,
): IdempotencyKey {
  const resolved = resolveKey(argument, context, info);
  const { caller, novu, requestIdHeader } = context;
  if (resolved.source !== 'GENERATED' || requestIdHeader === null || caller.kind !== 'service')
    return resolved;
  const call = JSON.stringify([caller.id, requestIdHeader, info.fieldName, info.path.key, input]);
  const digest = createHmac('sha256', novu.identifierKeys[0]).update(call).digest('hex');
  return { key: `req-${digest}`, source: 'REQUEST_ID' };
}

/** What is wrong with the key, as the error that the payload shows. */
export function checkKey({ key, source }: IdempotencyKey): UserErrorValue[] {
  const fault = source === 'GENERATED' ? null : keyFault(key);
  if (fault === null) return [];
  return [
    source === 'ARGUMENT'
      ? invalidInput(`The idempotency key ${fault}.`, ['idempotencyKey'])
      : invalidInput(`The HTTP header Idempotency-Key ${fault}.`, null),
  ];
}

/** What the key becomes upstream: as it is for services, scoped to the caller for end users, so that keys never meet. */
export function upstreamKeyOf(caller: Caller, key: string): string {
  return caller.kind === 'service' ? key : scopeKey(caller.id, key);
}

export const keyFacts = (
  { key, source }: IdempotencyKey,
  replayed = false,
  honouredUpstream = false,
): IdempotencyFacts => ({
  key,
  source,
  replayed,
  honouredUpstream,
});

const rootFields = new WeakMap<OperationDefinitionNode, number>();

function countRootFields({ operation, fragments }: GraphQLResolveInfo): number {
  let count = rootFields.get(operation);
  if (count === undefined) {
    count = countFields(operation.selectionSet, fragments);
    rootFields.set(operation, count);
  }
  return count;
}

function countFields(
  selectionSet: SelectionSetNode,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
): number {
  let count = 0;
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.FIELD) count += selection.name.value === '__typename' ? 0 : 1;
    else {
      const inner =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection.selectionSet
          : fragments[selection.name.value]?.selectionSet;
      if (inner !== undefined) count += countFields(inner, fragments);
    }
  }
  return count;
}

/** Checks an input: the body to send with the secrets in it, or what is wrong, each with its path. */
export function checkInput<T>(
  input: Pick<DefinedInput<T>, 'check'>,
  value: unknown,
): { body: T; secrets: readonly string[] } | { userErrors: UserErrorValue[] } {
  const checked = input.check(value);
  if ('body' in checked) return checked;
  return {
    userErrors: checked.issues.map(({ message, path }) => {
      const where = ['input', ...path.map(String)];
      return invalidInput(`${where.at(-1)} ${message}.`, where);
    }),
  };
}
