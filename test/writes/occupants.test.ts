import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/sandbox.ts';
import { type Harness, startHarness } from '../support/harness.ts';
import { asUser, callsOf, seedEndpoint } from '../support/rows.ts';
import { createSigner } from '../support/tokens.ts';

// A unique index of Novu's lets one Slack or MS Teams user have one endpoint of an integration, whoever the
// subscriber is; Novu answers the second one with a failure of its own that names nothing.

const path = '/v1/channel-endpoints';
/** Looks like that of the index, with nothing in the way. */
const indexFailure: Fault = { kind: 'error-before', match: { method: 'POST' }, times: 100 };

const bobs = { identifier: 'bob', subscriberId: 'subscriber-456', endpoint: { userId: 'U1' } };

const document = /* GraphQL */ `
  mutation ($input: CreateChannelEndpointInput!) {
    it: createChannelEndpoint(input: $input, idempotencyKey: "key-1") {
      row: channelEndpoint { identifier }
      idempotency { replayed }
      userErrors { __typename code message path ... on NovuConflictError { existingIdentifier } }
    }
  }
`;
const input = (changes: object = {}) => ({
  subscriberId: 'subscriber-123',
  integrationIdentifier: 'slack-prod',
  address: { slackUser: { userId: 'U1' } },
  ...changes,
});
const create = (harness: Harness, changes?: object) => harness.execute(document, { input: input(changes) });

describe('an endpoint for a chat user that has one', () => {
  it('is a conflict with that one, after one POST and one list', async () => {
    await using harness = await startHarness();
    await seedEndpoint(harness, bobs);
    const { result, calls } = await callsOf(harness, () => create(harness));
    expect(result.errors).toEqual([]);
    expect(result.data.it).toMatchObject({
      row: null,
      userErrors: [
        {
          __typename: 'NovuConflictError',
          code: 'ALREADY_EXISTS',
          path: ['input'],
          existingIdentifier: 'bob',
        },
      ],
    });
    expect(calls).toEqual([`POST ${path}`, `GET ${path}?limit=100&integrationIdentifier=slack-prod`]);
  });

  it('does not tell an end user whose that is', async () => {
    const signer = await createSigner();
    await using harness = await startHarness({ env: signer.env });
    await seedEndpoint(harness, bobs);
    const { data, text } = await asUser(harness, signer)(document, { input: input() });
    expect(data.it.userErrors).toMatchObject([{ code: 'ALREADY_EXISTS', existingIdentifier: null }]);
    expect(text).not.toMatch(/bob|subscriber-456/);
  });

  it('is found on a later page', async () => {
    await using harness = await startHarness();
    await seedEndpoint(harness, bobs);
    for (let index = 0; index < 120; index += 1)
      await seedEndpoint(harness, { identifier: `other-${index}`, endpoint: { userId: `V${index}` } });
    const { result, calls } = await callsOf(harness, () => create(harness));
    expect(result.data.it.userErrors).toMatchObject([{ existingIdentifier: 'bob' }]);
    expect(calls.filter((call) => call.startsWith('GET'))).toHaveLength(2);
  });
});

describe('a failure of Novu on such an endpoint', () => {
  it('is no conflict when no other endpoint is in the way', async () => {
    await using harness = await startHarness();
    await seedEndpoint(harness, { identifier: 'bob', endpoint: { userId: 'U2' } });
    await seedEndpoint(harness, {
      identifier: 'eve',
      integrationIdentifier: 'slack-dev',
      endpoint: { userId: 'U1' },
    });
    harness.sandbox.fail({ ...indexFailure, times: 1 });
    const { data } = await create(harness);
    expect(data.it).toMatchObject({ row: {}, userErrors: [], idempotency: { replayed: false } });
    expect(harness.sandbox.endpoints()).toHaveLength(3);
  });

  it('after its work is the success of this call, though the list holds an equal one', async () => {
    await using harness = await startHarness({ sandbox: { uniqueChatUsers: false } });
    await seedEndpoint(harness, bobs);
    harness.sandbox.fail({ kind: 'error-after', match: { method: 'POST' } });
    const { data } = await create(harness);
    expect(data.it).toMatchObject({ userErrors: [], idempotency: { replayed: false } });
    expect(data.it.row.identifier).toMatch(/^chendp_/);
  });

  it('is gone on with when the list cannot be read', async () => {
    await using harness = await startHarness();
    harness.sandbox.fail({ ...indexFailure, times: 1 });
    harness.sandbox.fail({ kind: 'status', status: 401, match: { method: 'GET' } });
    const { data } = await create(harness);
    expect(data.it).toMatchObject({ row: {}, userErrors: [] });
    expect(harness.sandbox.endpoints()).toHaveLength(1);
  });

  it('is not looked into for types that may have any number', async () => {
    await using harness = await startHarness();
    harness.sandbox.fail({ ...indexFailure, times: 1 });
    const { calls } = await callsOf(harness, () =>
      create(harness, { address: { slackChannel: { channelId: 'C1' } } }),
    );
    expect(calls.map((call) => call.replace(/chendp_.*/, '…'))).toEqual([
      `POST ${path}`,
      `GET ${path}/…`,
      `POST ${path}`,
    ]);
  });

  it('is looked into once, however often Novu fails', async () => {
    await using harness = await startHarness();
    harness.sandbox.fail(indexFailure);
    const { result, calls } = await callsOf(harness, () => create(harness));
    expect(result.errors[0]?.extensions).toMatchObject({ outcome: 'NOT_APPLIED' });
    expect(calls.filter((call) => call.includes('limit=100'))).toHaveLength(1);
  });
});

describe('a conflict that names nothing', () => {
  it('is a refusal without a name when the list does not show what is in the way', async () => {
    await using harness = await startHarness();
    harness.sandbox.fail({
      kind: 'status',
      status: 409,
      message:
        'PagerDuty endpoint already exists for subscriber "subscriber-123" on integration "pagerduty-prod"',
      match: { method: 'POST' },
      times: 100,
    });
    const { result, calls } = await callsOf(harness, () =>
      create(harness, {
        integrationIdentifier: 'pagerduty-prod',
        address: { pagerDutyService: { routingKey: 'a'.repeat(32), region: 'US' } },
      }),
    );
    expect(result.data.it.userErrors).toMatchObject([{ code: 'ALREADY_EXISTS', existingIdentifier: null }]);
    expect(calls).toHaveLength(3);
  });
});
