import { noFacts, type ResponseFacts } from '../upstream/facts.ts';
import type { BuilderTypes } from './builder.ts';
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
export const payloadFields = <T extends Payload<unknown>>(t: PayloadFields<T>) => ({
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
export const keyedPayloadFields = <T extends KeyedPayload<unknown>>(t: PayloadFields<T>) => ({
  ...payloadFields<T>(t),
  idempotency: t.field({ type: Idempotency, nullable: false, resolve: (payload) => payload.idempotency }),
});
