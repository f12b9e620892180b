import { getNamedType, isObjectType } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/schema.ts';
import { fieldsOf, isForServices, mutations, queries, rootDocument } from '../security/generate.ts';
import { connectionInput, createDocument, startHarness } from '../support/harness.ts';
import { createSigner } from '../support/tokens.ts';
import { ada, calls, reads, startWorld, type World } from '../security/world.ts';

type Field = (typeof queries)[number];
type Facts = { rateLimit: object | null; headers?: object[] };

/** The fields of what a root field leads to that say something of Novu's load. */
const factsOf = (field: Field): string[] => {
  const type = getNamedType(field.type);
  if (!isObjectType(type)) return [];
  return fieldsOf(type).flatMap(({ name, type }) =>
    getNamedType(type).name === 'NovuRateLimit'
      ? [`${name} { limit remaining resetSeconds policy }`]
      : getNamedType(type).name === 'NovuHttpHeader'
        ? [`${name} { name values }`]
        : [],
  );
};

let world: World;
beforeAll(async () => {
  world = await startWorld({ rateLimiting: true });
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => world.reset());

describe("what Novu says of the environment's load", () => {
  const cases = [
    ...mutations.map((field) => ['mutation', field.name, field, calls[field.name]!(ada)] as const),
    ...queries.map((field) => ['query', field.name, field, reads[field.name]!(ada)] as const),
  ].filter(([, , field]) => factsOf(field).length > 0);

  it.each(cases)(
    'is told to services by the %s %s, and not to end users',
    async (kind, name, field, variables) => {
      const query = rootDocument(kind, field, `{ ${factsOf(field).join(' ')} }`);
      const service = await world.asService(query, variables);
      expect(service.errors).toEqual([]);
      const { rateLimit, headers } = service.data[name] as Facts;
      expect(rateLimit).toMatchObject({ limit: expect.any(Number), remaining: expect.any(Number) });
      if (headers !== undefined) expect(headers.length).toBeGreaterThan(0);

      if (kind === 'mutation' && isForServices(field)) return;
      await world.reset();
      const user = await world.as(ada)(query, variables);
      expect(user.errors).toEqual([]);
      expect(user.data[name]).toEqual({ rateLimit: null, ...(headers !== undefined && { headers: [] }) });
    },
  );

  it('is not told to an end user who asks the server itself, the first time or again', async () => {
    const signer = await createSigner();
    await using harness = await startHarness({ env: signer.env });
    const url = await harness.listen();
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${await signer.sign({ contexts: ['key:org-acme'] })}`,
    };
    for (const key of ['first', 'second', 'third']) {
      const body = JSON.stringify({ query: createDocument, variables: { input: connectionInput(), key } });
      const response = await fetch(url, { method: 'POST', headers, body });
      expect(await response.json()).toMatchObject({
        data: { createChannelConnection: { rateLimit: null, headers: [] } },
      });
    }
  });

  it('is in no other place', () => {
    const said = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .filter((type) =>
        fieldsOf(type).some(({ type }) => /^(?:NovuRateLimit|NovuHttpHeader)$/.test(getNamedType(type).name)),
      );
    const tested = new Set(cases.map(([, , field]) => getNamedType(field.type).name));
    expect(new Set(said.map(({ name }) => name))).toEqual(tested);
  });
});
