import type { RateLimitFacts, ResponseFacts } from '../upstream/facts.ts';
import { builder } from './builder.ts';

export const NovuRateLimit = builder.objectRef<RateLimitFacts>('NovuRateLimit');
builder.objectType(NovuRateLimit, {
  shareable: true,
  description: "Novu's RateLimit-* headers, typed. Null where Novu sent none.",
  fields: (t) => ({
    limit: t.exposeInt('limit', { description: 'Requests in a window of five seconds.' }),
    remaining: t.exposeInt('remaining', {
      description: 'Requests left, counted from the burst size: it may exceed the limit.',
    }),
    resetSeconds: t.exposeInt('resetSeconds', {
      description: 'Whole seconds until a request is accepted again.',
    }),
    policy: t.exposeString('policy', { description: "Novu's own wording of the rule." }),
  }),
});

export const NovuHttpHeader = builder.objectRef<ResponseFacts['headers'][number]>('NovuHttpHeader');
builder.objectType(NovuHttpHeader, {
  shareable: true,
  description:
    "A response header of Novu's, name in lower case, every value. Never set-cookie, authorization or hop-by-hop headers.",
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false }),
    values: t.exposeStringList('values', { nullable: { list: false, items: false } }),
  }),
});

export type IdempotencySource = 'ARGUMENT' | 'HEADER' | 'REQUEST_ID' | 'GENERATED';
export type IdempotencyFacts = {
  key: string;
  source: IdempotencySource;
  replayed: boolean;
  honouredUpstream: boolean;
};

const NovuIdempotencyKeySource = builder.enumType('NovuIdempotencyKeySource', {
  values: {
    ARGUMENT: { description: 'The argument idempotencyKey.' },
    HEADER: { description: 'The HTTP header Idempotency-Key.' },
    REQUEST_ID: {
      description:
        'Derived from the HTTP header X-Request-Id of a service, the name of the field in the answer and the input: a create that is sent again is the same call.',
    },
    GENERATED: { description: 'Made by the gateway, for this call alone.' },
  } as const,
});

export const NovuIdempotency = builder.objectRef<IdempotencyFacts>('NovuIdempotency');
builder.objectType(NovuIdempotency, {
  shareable: true,
  fields: (t) => ({
    key: t.exposeString('key', {
      nullable: false,
      description: 'The key that was sent to Novu, to retry with.',
    }),
    source: t.expose('source', { type: NovuIdempotencyKeySource, nullable: false }),
    replayed: t.exposeBoolean('replayed', {
      nullable: false,
      description: 'True when the answer is that of an earlier call with this key.',
    }),
    honouredUpstream: t.exposeBoolean('honouredUpstream', {
      nullable: false,
      description: 'True when Novu itself confirmed that it keeps this key (it echoed the header).',
    }),
  }),
});
