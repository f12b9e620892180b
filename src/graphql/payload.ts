import type { FieldMap } from '@pothos/core';
import { noFacts, type ResponseFacts } from '../upstream/facts.ts';
import { type BuilderTypes, builder, type Ref } from './builder.ts';
import { NovuHttpHeader, NovuIdempotency, type IdempotencyFacts, NovuRateLimit } from './response-facts.ts';
import { NovuUserError, type UserErrorValue } from './user-errors.ts';

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

const noHeaders: ResponseFacts['headers'] = [];

/**
 * The fields that every payload ends with. `rateLimit` and `headers` tell the load of the whole environment: services
 * see them, end users get null and none.
 */
export const payloadFields = (t: PayloadFields<Payload<unknown>>): FieldMap => ({
  userErrors: t.expose('userErrors', { type: [NovuUserError], nullable: { list: false, items: false } }),
  rateLimit: t.field({
    tag: ['internal'],
    type: NovuRateLimit,
    nullable: true,
    description: 'Null for end users: it is that of the whole environment.',
    resolve: ({ facts }, _args, { caller }) => (caller.kind === 'service' ? facts.rateLimit : null),
  }),
  headers: t.field({
    tag: ['internal'],
    type: [NovuHttpHeader],
    nullable: { list: false, items: false },
    description: "The headers of Novu's answer. None for end users: they tell of the whole environment.",
    resolve: ({ facts }, _args, { caller }) => (caller.kind === 'service' ? facts.headers : noHeaders),
  }),
});

/** The same for payloads of mutations that take an idempotency key. */
export const keyedPayloadFields = (t: PayloadFields<KeyedPayload<unknown>>): FieldMap => ({
  ...payloadFields(t),
  idempotency: t.expose('idempotency', { type: NovuIdempotency, nullable: false }),
});

/**
 * The payload type of a mutation whose value is a row, under `field`. Writing does not imply reading: a caller
 * without the scope of the row learns how it ended, not what is stored.
 */
export function createRowPayload<T extends object>(
  name: string,
  field: string,
  row: Ref<T>,
): Ref<Payload<T>> {
  const ref = builder.objectRef<Payload<T>>(name);
  return ref.implement({ fields: (t) => ({ [field]: rowField(t, row), ...payloadFields(t) }) });
}

/** The same for a mutation that takes an idempotency key. */
export function createKeyedRowPayload<T extends object>(
  name: string,
  field: string,
  row: Ref<T>,
): Ref<KeyedPayload<T>> {
  const ref = builder.objectRef<KeyedPayload<T>>(name);
  return ref.implement({ fields: (t) => ({ [field]: rowField(t, row), ...keyedPayloadFields(t) }) });
}

const rowField = <T extends object>(t: PayloadFields<Payload<unknown>>, row: Ref<T>) =>
  t.field({
    type: row,
    nullable: true,
    novu: { asks: 'nothing', when: ({ value }) => value !== null },
    resolve: ({ value }) => value as never,
  });

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
