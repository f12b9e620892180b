import { createHmac } from 'node:crypto';
import { Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type Caller, serviceCaller } from '../../src/callers/caller.ts';
import { createSignatureCheck, namesItsOperation } from '../../src/callers/signature.ts';

const secret = 'hmac-secret-0123456789';
const sign = (serialised: string) => createHmac('sha256', secret).update(serialised).digest('base64');

describe('what is signed', () => {
  const check = createSignatureCheck(secret);
  const isGood = (variables: unknown, serialised: string) =>
    check({
      query: 'q',
      variables,
      extensions: { 'hmac-signature': sign(`{"query":"q","variables":${serialised}}`) },
    }) !== null;

  it.each<[string, unknown, string]>([
    [
      'sorts keys at every level',
      { b: { d: 1, c: [{ f: 1, e: 2 }] }, a: 1 },
      '{"a":1,"b":{"c":[{"e":2,"f":1}],"d":1}}',
    ],
    ['sorts numbers as texts', { 10: 1, 9: 2, a: 3 }, '{"10":1,"9":2,"a":3}'],
    ['sorts by UTF-16 units', { ﬀ: 1, '😀': 2, Z: 3, a: 4 }, '{"Z":3,"a":4,"😀":2,"ﬀ":1}'],
    ['keeps null', { c: 1, a: null, b: [null] }, '{"a":null,"b":[null],"c":1}'],
    [
      'keeps the form of numbers and texts',
      { n: [1e21, 0.1, -0], s: '"\\\u2028é' },
      `{"n":[1e+21,0.1,0],"s":${JSON.stringify('"\\\u2028é')}}`,
    ],
    ['keeps __proto__', JSON.parse('{"__proto__":{"b":1,"a":2}}'), '{"__proto__":{"a":2,"b":1}}'],
  ])('%s', (_name, variables, serialised) => {
    expect(isGood(variables, serialised)).toBe(true);
    expect(isGood(variables, serialised.replace(/\d/, '7'))).toBe(false);
  });

  it('is nothing that is nested too deep to be written down', () => {
    let deep: unknown = [];
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
    expect(isGood(deep, 'null')).toBe(false);
  });

  it.each([undefined, null, 1, ['q'], { query: 'q' }])('is nothing without a document: %j', (query) => {
    const signature = sign(JSON.stringify({ query }));
    expect(check({ query, extensions: { 'hmac-signature': signature } })).toBeNull();
  });
});

describe('the operation that a caller asked for', () => {
  const query = 'q';
  const bySignature = createSignatureCheck(secret)({
    query,
    extensions: { 'hmac-signature': sign('{"query":"q"}') },
  });
  const operationsIn = (document: string) =>
    parse(document).definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length;
  const user: Caller = {
    kind: 'user',
    id: 'user:1',
    name: 'end user',
    scopes: new Set(),
    subscriberId: '1',
    contextKeys: new Set(),
  };
  const one = 'query A { __typename ...F } fragment F on Query { __typename }';
  const two = 'query A { __typename } mutation B { __typename }';

  it('is certain for the one operation of a signed document', () => {
    expect(namesItsOperation(bySignature!, operationsIn(one))).toBe(true);
  });

  it('is not certain for several, since the signature leaves operationName out', () => {
    expect(namesItsOperation(bySignature!, operationsIn(two))).toBe(false);
  });

  it.each<[string, Caller]>([
    ['a key', serviceCaller('backend', false)],
    ['a token', user],
  ])('is certain for callers with %s, however many there are', (_name, caller) => {
    expect(namesItsOperation(caller, operationsIn(two))).toBe(true);
  });
});
