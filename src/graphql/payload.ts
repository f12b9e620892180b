import type { FieldMap } from '@pothos/core';
import { noFacts, type ResponseFacts } from '../upstream/facts.ts';
import { type BuilderTypes, builder } from './builder.ts';
import { HttpHeader, Idempotency, type IdempotencyFacts, RateLimit } from './response-facts.ts';
import { UserError, type UserErrorValue } from './user-errors.ts';

/** What a mutation answers: the value or why there is none, and what Novu said beside it. */
export type Payload<T> = {
  value: T | null;
  userErrors: UserErrorValue[];
  facts: ResponseFacts;
};
export type KeyedPayload<T> = Payload<T> & { idempotency: IdempotencyFacts };

export const refusal = (userErrors: UserErrorValue[], facts: ResponseFacts = noFacts): Payload<never> => ({
  value: null,
  userErrors,
  facts,
});

type PayloadFields<T> = PothosSchemaTypes.ObjectFieldBuilder<BuilderTypes, T>;

/** The fields that every payload ends with. */
export const payloadFields = <T extends Payload<unknown>>(t: PayloadFields<T>): FieldMap => ({
  userErrors: t.field({
    type: [UserError],
    nullable: { list: false, items: false },
    resolve: (payload) => payload.userErrors,
  }),
  rateLimit: t.field({ type: RateLimit, nullable: true, resolve: (payload) => payload.facts.rateLimit }),
  headers: t.field({
    type: [HttpHeader],
    nullable: { list: false, items: false },
    resolve: (payload) => payload.facts.headers,
  }),
});

/** The same for payloads of mutations that take an idempotency key. */
export const keyedPayloadFields = <T extends KeyedPayload<unknown>>(t: PayloadFields<T>): FieldMap => ({
  ...payloadFields<T>(t),
  idempotency: t.field({ type: Idempotency, nullable: false, resolve: (payload) => payload.idempotency }),
});

type Ref<T> = ReturnType<typeof builder.objectRef<T>>;

/**
 * The payload type of a mutation whose value is a row, under `field`. Writing does not imply reading: a caller
 * without the scope of the row learns how it ended, not what is stored.
 */
function rowPayload<T, P extends Payload<T>>(
  name: string,
  field: string,
  row: Ref<T>,
  others: (t: PayloadFields<P>) => object,
): Ref<P> {
  const ref = builder.objectRef<P>(name);
  builder.objectType(ref, {
    fields: (t) => ({
      [field]: t.field({
        type: row,
        nullable: true,
        novu: { asks: 'nothing', when: ({ value }) => value !== null },
        resolve: ({ value }) => value as never,
      }),
      ...others(t),
    }),
  });
  return ref;
}

export const createRowPayload = <T>(name: string, field: string, row: Ref<T>) =>
  rowPayload<T, Payload<T>>(name, field, row, payloadFields);

/** The same for a mutation that takes an idempotency key. */
export const createKeyedRowPayload = <T>(name: string, field: string, row: Ref<T>) =>
  rowPayload<T, KeyedPayload<T>>(name, field, row, keyedPayloadFields);

/** The payload type of a delete: the identifier of what is gone. */
export function createDeletePayload(name: string): Ref<Payload<string>> {
  const ref = builder.objectRef<Payload<string>>(name);
  builder.objectType(ref, {
    fields: (t) => ({
      deletedIdentifier: t.id({ nullable: true, resolve: ({ value }) => value }),
      ...payloadFields(t),
    }),
  });
  return ref;
}
