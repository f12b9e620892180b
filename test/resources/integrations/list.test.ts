import type { GraphQLObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../../src/schema/schema.ts';
import { startHarness } from '../../support/harness.ts';
import { asUser, callsOf, codesOf, seedConnection } from '../../support/rows.ts';
import { createSigner } from '../../support/tokens.ts';

const fields = 'id identifier name providerId provider channel active primary';

/** Novu's answer with other rows in front. */
const withRows = (...rows: unknown[]) => ({
  kind: 'body' as const,
  body: (normal: unknown) => ({ data: [...rows, ...(normal as { data: unknown[] }).data] }),
});

describe('integrations', () => {
  it('are listed in the order of Novu, in one call', async () => {
    await using harness = await startHarness();
    const { result, calls } = await callsOf(harness, () => harness.execute(`{ integrations { ${fields} } }`));
    expect(result.errors).toEqual([]);
    expect(calls).toEqual(['GET /v1/integrations']);
    const stored = harness.sandbox.integrations();
    expect(result.data.integrations.map(({ identifier }: { identifier: string }) => identifier)).toEqual(
      stored.map(({ identifier }) => identifier),
    );
    expect(result.data.integrations[0]).toEqual({
      id: 'slack-prod',
      identifier: 'slack-prod',
      name: 'slack-prod',
      providerId: 'slack',
      provider: 'SLACK',
      channel: 'CHAT',
      active: true,
      primary: true,
    });
  });

  it('that are active are a call of their own', async () => {
    await using harness = await startHarness();
    const { result, calls } = await callsOf(harness, () =>
      harness.execute(
        '{ integrations(activeOnly: true) { identifier active } again: integrations(activeOnly: true) { id } }',
      ),
    );
    expect(calls).toEqual(['GET /v1/integrations/active']);
    const identifiers = result.data.integrations.map(({ identifier }: { identifier: string }) => identifier);
    expect(identifiers).toContain('slack-prod');
    expect(identifiers).not.toContain('slack-dev');
  });

  it('never show credentials, whatever Novu sends', async () => {
    await using harness = await startHarness();
    const { text } = await harness.execute(`{ integrations { ${fields} } }`);
    expect(JSON.stringify(harness.sandbox.integrations())).toContain('sandbox-secret');
    expect(text).not.toContain('sandbox-secret');
    const type = schema.getType('Integration') as GraphQLObjectType;
    expect(Object.keys(type.getFields()).sort()).toEqual(fields.split(' ').sort());
  });

  it.each<[string, unknown, object | null]>([
    ['null', null, null],
    ['a text', 'odd', null],
    ['a row without identifier', { name: 'x' }, null],
    ['a deleted one', { identifier: 'gone', deleted: true }, null],
    [
      'one with nothing but its identifier',
      { identifier: 'bare' },
      { identifier: 'bare', name: null, active: null, primary: null, channel: null, provider: null },
    ],
    [
      'one of a newer Novu',
      {
        identifier: 'new',
        providerId: 'pigeon',
        channel: 'air',
        active: 'yes',
        primary: 1,
        credentials: 'odd',
        name: [],
      },
      {
        identifier: 'new',
        providerId: 'pigeon',
        provider: 'UNRECOGNIZED',
        channel: 'UNRECOGNIZED',
        active: null,
        primary: null,
        name: null,
      },
    ],
  ])('do not fail for %s', async (_name, row, expected) => {
    await using harness = await startHarness();
    harness.sandbox.fail(withRows(row));
    const { data, errors } = await harness.execute(`{ integrations { ${fields} } }`);
    expect(errors).toEqual([]);
    const others = harness.sandbox.integrations().length;
    expect(data.integrations).toHaveLength(others + (expected === null ? 0 : 1));
    if (expected !== null) expect(data.integrations[0]).toMatchObject(expected);
  });

  it.each([
    ['no list', { kind: 'body' as const, body: { data: { a: 1 } }, times: 9 }, 'UPSTREAM_BAD_RESPONSE'],
    ['no key', { kind: 'status' as const, status: 401 }, 'UPSTREAM_AUTH_FAILED'],
  ])('fail where Novu gives %s', async (_name, fault, code) => {
    await using harness = await startHarness();
    harness.sandbox.fail(fault);
    expect(codesOf(await harness.execute('{ integrations { id } }'))).toEqual([code]);
  });

  it('need the scope, for whoever asks and by whatever way', async () => {
    const signer = await createSigner();
    await using harness = await startHarness({ env: signer.env });
    await seedConnection(harness, { identifier: 'mine' });
    const execute = asUser(harness, signer, { scope: 'channel-connections:read' });
    const { result, calls } = await callsOf(harness, async () => [
      await execute('{ integrations { id } }'),
      await execute('{ channelConnection(identifier: "mine") { integration { id } } }'),
      await execute(
        '{ _entities(representations: [{ __typename: "Integration", identifier: "slack-prod" }]) { __typename } }',
      ),
    ]);
    for (const execution of result) expect(codesOf(execution)).toEqual(['FORBIDDEN']);
    expect(calls).toEqual(['GET /v1/channel-connections/mine']);
    const allowed = await asUser(harness, signer)('{ integrations { id } }');
    expect(allowed.errors).toEqual([]);
  });

  it('are entities for a federation router: one list for all of them', async () => {
    await using harness = await startHarness();
    const { result, calls } = await callsOf(harness, () =>
      harness.execute(
        'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Integration { identifier provider } } }',
        {
          of: ['slack-prod', 'nope', 'telegram-prod'].map((identifier) => ({
            __typename: 'Integration',
            identifier,
          })),
        },
      ),
    );
    expect(result.data._entities).toEqual([
      { identifier: 'slack-prod', provider: 'SLACK' },
      { identifier: 'nope', provider: null },
      { identifier: 'telegram-prod', provider: 'TELEGRAM' },
    ]);
    expect(calls).toEqual(['GET /v1/integrations']);
  });
});
