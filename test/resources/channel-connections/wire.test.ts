import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChannelConnection } from '../../../src/resources/channel-connections/wire.ts';
import { connectionInput, createDocument, startHarness } from '../../support/harness.ts';

const anything = fc.anything({ withNullPrototype: false });
const json = fc.jsonValue();
const time = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.integer({ min: 0, max: 4e12 }),
  fc.integer({ min: 0, max: 4e12 }).map(String),
);
const text = fc.string();

/** A field as Novu sends it, or missing, or of any other type. */
const odd = (valid: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 3, arbitrary: valid }, { weight: 1, arbitrary: json });

const fields = {
  channel: odd(fc.constantFrom('chat', 'email', 'in_app', 'tool', 'carrier_pigeon')),
  providerId: odd(fc.constantFrom('slack', 'msteams', 'google-chat', 'photon-imessage')),
  integrationIdentifier: odd(text),
  subscriberId: odd(fc.option(text)),
  contextKeys: odd(fc.array(odd(text))),
  workspace: odd(fc.record({ id: odd(text), name: odd(text), botUserId: odd(text) }, { requiredKeys: [] })),
  auth: odd(
    fc.record(
      {
        accessToken: odd(text),
        hasAccessToken: odd(fc.boolean()),
        refreshToken: odd(text),
        hasRefreshToken: odd(fc.boolean()),
        expiresAt: odd(time),
        refreshTokenExpiresAt: odd(time),
        custom: json,
      },
      { requiredKeys: [] },
    ),
  ),
  connected: odd(fc.boolean()),
  connectionMode: json,
  createdAt: odd(time),
  updatedAt: odd(time),
  extra: json,
};
const row = fc.record(fields, { requiredKeys: [] });

const isTextOrNull = (value: unknown) => value === null || typeof value === 'string';
const isTimeOrNull = (value: unknown) =>
  value === null || (typeof value === 'string' && new Date(value).toISOString() === value);

describe('a connection of Novu', () => {
  it('is read whatever else it holds, as long as it has an identifier', () => {
    fc.assert(
      fc.property(row, fc.string({ minLength: 1 }), (body, identifier) => {
        const parsed = parseChannelConnection({ ...body, identifier });
        expect(parsed?.identifier).toBe(identifier);
        if (parsed === undefined) return;
        for (const name of ['channel', 'providerId', 'integrationIdentifier', 'subscriberId'] as const)
          expect(parsed[name]).toSatisfy(isTextOrNull);
        for (const key of parsed.contextKeys) expect(key).toBeTypeOf('string');
        for (const at of [parsed.createdAt, parsed.updatedAt, parsed.auth.expiresAt])
          expect(at).toSatisfy(isTimeOrNull);
        expect(parsed.auth.hasAccessToken).toBeTypeOf('boolean');
        expect([true, false, null]).toContain(parsed.auth.hasRefreshToken);
        expect(parsed).not.toHaveProperty('extra');
        expect(parsed.auth).not.toHaveProperty('custom');
        expect(parsed.auth).not.toHaveProperty('refreshToken');
      }),
      { numRuns: 500 },
    );
  });

  it('keeps what is as it should be, beside what is not', () => {
    fc.assert(
      fc.property(json, (nonsense) => {
        const parsed = parseChannelConnection({
          identifier: 'a',
          channel: 'chat',
          contextKeys: ['a:b', nonsense, 'c:d'],
          workspace: { id: 'T', name: { nonsense } },
          auth: { accessToken: { nonsense }, hasAccessToken: true, expiresAt: { nonsense } },
          createdAt: '2026-07-01T10:00:00.000Z',
          updatedAt: { nonsense },
        });
        expect(parsed).toMatchObject({
          channel: 'chat',
          workspace: { id: 'T', name: null },
          auth: { hasAccessToken: true, expiresAt: null, accessToken: null },
          updatedAt: null,
        });
        expect(parsed?.contextKeys).toContain('c:d');
        expect(parsed?.createdAt).toBe('2026-07-01T10:00:00.000Z');
      }),
    );
  });

  it('is none without an identifier', () => {
    fc.assert(
      fc.property(fc.oneof(row, anything), (body) => {
        fc.pre(typeof body !== 'object' || body === null || !('identifier' in body));
        expect(parseChannelConnection(body)).toBeUndefined();
      }),
    );
    for (const identifier of ['', null, true, {}, []])
      expect(parseChannelConnection({ identifier })).toBeUndefined();
  });

  it('takes a number as identifier', () => {
    expect(parseChannelConnection({ identifier: 7 })?.identifier).toBe('7');
  });
});

describe('through the gateway', () => {
  it('no success of Novu becomes a failure by what its body holds beside an identifier', async () => {
    await using harness = await startHarness({ sandbox: { maxRecords: 10 } });
    let body: object = {};
    harness.sandbox.onRequest = () => ({ kind: 'status', status: 201, body });
    await fc.assert(
      fc.asyncProperty(row, fc.boolean(), fc.uuid(), async (fuzzed, wrapped, key) => {
        const sent = { ...fuzzed, identifier: 'mine' };
        body = wrapped ? { data: sent } : sent;
        const { data, errors } = await harness.execute(createDocument, {
          input: connectionInput({ identifier: 'mine' }),
          key,
        });
        expect(errors).toEqual([]);
        expect(data.createChannelConnection.channelConnection.identifier).toBe('mine');
        expect(data.createChannelConnection.userErrors).toEqual([]);
        const read = await harness.execute(
          '{ channelConnection(identifier: "mine") { id provider channel subscriber { subscriberId } workspace { id } createdAt } }',
        );
        expect(read.errors).toEqual([]);
        expect(read.data.channelConnection.id).toBe('mine');
      }),
      { numRuns: 100 },
    );
  });
});
