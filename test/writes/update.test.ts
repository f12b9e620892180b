import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/sandbox.ts';
import { backendKey, type Execution, type Harness, readerKey, startHarness } from '../support/harness.ts';
import { callsOf, seedConnection, seedEndpoint } from '../support/rows.ts';

const connections = '/v1/channel-connections';
const endpoints = '/v1/channel-endpoints';
const onPatch = (fault: Fault): Fault => ({ ...fault, match: { method: 'PATCH' } });
/** Milliseconds; the rows that are there were made before by any clock. */
const anHourAgo = () => Date.now() - 3_600_000;

const document = /* GraphQL */ `
  mutation ($identifier: ID!, $input: UpdateChannelConnectionInput!, $key: String) {
    it: updateChannelConnection(identifier: $identifier, input: $input, idempotencyKey: $key) {
      row: channelConnection { identifier workspace { id } }
      idempotency { replayed honouredUpstream }
      userErrors { code }
    }
  }
`;
const endpointDocument = /* GraphQL */ `
  mutation ($identifier: ID!, $input: UpdateChannelEndpointInput!, $key: String) {
    it: updateChannelEndpoint(identifier: $identifier, input: $input, idempotencyKey: $key) {
      row: channelEndpoint { identifier address { ... on SlackUserEndpointAddress { userId } ... on SlackChannelEndpointAddress { channelId } } }
      idempotency { replayed honouredUpstream }
      userErrors { __typename code message ... on NovuConflictError { existingIdentifier } }
    }
  }
`;

type Options = { key?: string; caller?: string; workspaceId?: string; identifier?: string };
const update = (
  harness: Harness,
  { key, caller = backendKey, workspaceId = 'T2', identifier = 'mine' }: Options = {},
): Promise<Execution> =>
  harness.execute(
    document,
    { identifier, key, input: { workspace: { id: workspaceId }, auth: { accessToken: 'xoxb-new' } } },
    { key: caller },
  );
const updateEndpoint = (harness: Harness, address: object, identifier = 'ada'): Promise<Execution> =>
  harness.execute(endpointDocument, { identifier, input: { address } });
const verbs = (calls: string[]) => calls.map((call) => call.split(' ')[0]).join(' ');
const tokenOf = (harness: Harness, identifier = 'mine') =>
  harness.sandbox.connections().find((row) => row.identifier === identifier)?.auth;

async function start(options: Parameters<typeof startHarness>[0] = {}): Promise<Harness> {
  const harness = await startHarness(options);
  await seedConnection(harness, { identifier: 'mine' });
  return harness;
}

describe('an update that Novu answers with a failure of its own', () => {
  it.each<[string, Fault]>([
    ['after the work', { kind: 'error-after' }],
    ['before the work', { kind: 'error-before' }],
  ])('(%s) is looked at, and done again: the row does not show its tokens', async (_name, fault) => {
    await using harness = await start();
    harness.sandbox.fail(onPatch(fault));
    const { result, calls } = await callsOf(harness, () => update(harness));
    expect(result.errors).toEqual([]);
    expect(result.data.it).toMatchObject({ row: { workspace: { id: 'T2' } }, userErrors: [] });
    expect(verbs(calls)).toBe('PATCH GET PATCH');
    expect(tokenOf(harness)).toMatchObject({ accessToken: 'xoxb-new' });
  });

  it('each time, and does all the same, is a success that a later time of change proves', async () => {
    let now = anHourAgo();
    await using harness = await start({ sandbox: { clock: () => (now += 10) } });
    harness.sandbox.fail({ ...onPatch({ kind: 'error-after' }), times: 100 });
    const { result, calls } = await callsOf(harness, () => update(harness));
    expect(result.errors).toEqual([]);
    expect(result.data.it.row).toMatchObject({ identifier: 'mine', workspace: { id: 'T2' } });
    expect(verbs(calls)).toBe('PATCH GET PATCH GET');
  });

  it('each time, and does nothing, says so after three tries', async () => {
    await using harness = await start({ sandbox: { clock: anHourAgo } });
    harness.sandbox.fail({ ...onPatch({ kind: 'error-before' }), times: 100 });
    const { result, calls } = await callsOf(harness, () => update(harness));
    expect(result.errors[0]?.extensions).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      outcome: 'NOT_APPLIED',
      retryable: true,
    });
    expect(verbs(calls)).toBe('PATCH GET PATCH GET PATCH GET');
  });

  it('is not taken for done because the workspace is the same: that was so before', async () => {
    await using harness = await start({ sandbox: { clock: anHourAgo } });
    harness.sandbox.fail({ ...onPatch({ kind: 'error-before' }), times: 100 });
    await seedConnection(harness, {
      identifier: 'other',
      subscriberId: 'subscriber-456',
      workspace: { id: 'T2' },
    });
    const result = await update(harness, { identifier: 'other', workspaceId: 'T2' });
    expect(result.errors[0]?.extensions).toMatchObject({ outcome: 'NOT_APPLIED' });
    expect(tokenOf(harness, 'other')).not.toMatchObject({ accessToken: 'xoxb-new' });
  });

  it('is open when nobody can look', async () => {
    await using harness = await start();
    harness.sandbox.fail({ ...onPatch({ kind: 'error-before' }), times: 100 });
    harness.sandbox.fail({ kind: 'status', status: 401, match: { method: 'GET' }, times: 100 });
    const result = await update(harness);
    expect(result.errors[0]?.extensions).toMatchObject({ outcome: 'UNKNOWN' });
  });

  it('is settled by one look where the row shows all that was sent', async () => {
    await using harness = await startHarness();
    await seedEndpoint(harness, { type: 'slack_channel', endpoint: { channelId: 'C1' } });
    harness.sandbox.fail(onPatch({ kind: 'error-after' }));
    const { result, calls } = await callsOf(harness, () =>
      updateEndpoint(harness, { slackChannel: { channelId: 'C2' } }),
    );
    expect(result.data.it).toMatchObject({ row: { address: { channelId: 'C2' } }, userErrors: [] });
    expect(verbs(calls)).toBe('PATCH GET');
  });
});

describe('an update to a chat user that another endpoint has', () => {
  it('is a conflict with that one, after one PATCH, one look and one list', async () => {
    await using harness = await startHarness();
    await seedEndpoint(harness);
    await seedEndpoint(harness, {
      identifier: 'bob',
      subscriberId: 'subscriber-456',
      endpoint: { userId: 'U2' },
    });
    const { result, calls } = await callsOf(harness, () =>
      updateEndpoint(harness, { slackUser: { userId: 'U2' } }),
    );
    expect(result.data.it).toMatchObject({
      row: null,
      userErrors: [{ __typename: 'NovuConflictError', code: 'ALREADY_EXISTS', existingIdentifier: 'bob' }],
    });
    expect(calls).toEqual([
      `GET ${endpoints}/ada`,
      `PATCH ${endpoints}/ada`,
      `GET ${endpoints}/ada`,
      `GET ${endpoints}?limit=100&integrationIdentifier=slack-prod`,
    ]);
  });
});

describe('a key of an update that Novu knows from somebody else', () => {
  it('of another caller does not keep it from its work', async () => {
    await using harness = await start();
    await seedConnection(harness, { identifier: 'other', subscriberId: 'subscriber-456' });
    await update(harness, { key: 'order-1', caller: readerKey, identifier: 'other' });
    const { result, calls } = await callsOf(harness, () =>
      update(harness, { key: 'order-1', workspaceId: 'T3' }),
    );
    expect(result.data.it).toMatchObject({
      row: { identifier: 'mine', workspace: { id: 'T3' } },
      idempotency: { replayed: false, honouredUpstream: false },
      userErrors: [],
    });
    expect(verbs(calls)).toBe('PATCH PATCH');
  });

  it('of another caller, with an equal body, does not bring the row of that caller', async () => {
    await using harness = await start();
    await seedConnection(harness, { identifier: 'other', subscriberId: 'subscriber-456' });
    await update(harness, { key: 'order-1', caller: readerKey, identifier: 'other' });
    const result = await update(harness, { key: 'order-1' });
    expect(result.data.it).toMatchObject({
      row: { identifier: 'mine', workspace: { id: 'T2' } },
      idempotency: { replayed: false, honouredUpstream: false },
    });
    expect(tokenOf(harness)).toMatchObject({ accessToken: 'xoxb-new' });
  });

  it('of a create of the same caller does not either', async () => {
    await using harness = await start();
    await harness.execute(
      'mutation ($input: CreateChannelConnectionInput!) { createChannelConnection(input: $input, idempotencyKey: "order-1") { userErrors { code } } }',
      {
        input: {
          subscriberId: 'subscriber-456',
          integrationIdentifier: 'slack-prod',
          workspace: { id: 'T9' },
          auth: { accessToken: 'x' },
        },
      },
    );
    expect((await update(harness, { key: 'order-1' })).data.it).toMatchObject({
      row: { identifier: 'mine', workspace: { id: 'T2' } },
      userErrors: [],
    });
  });

  it('is refused for another input of the same caller, as far as this process knows', async () => {
    await using harness = await start();
    await update(harness, { key: 'order-1' });
    const { result, calls } = await callsOf(harness, () =>
      update(harness, { key: 'order-1', workspaceId: 'T3' }),
    );
    expect(result.data.it.userErrors).toEqual([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
    expect(calls).toEqual([]);
  });

  it('may be used again for a corrected input when the first was refused', async () => {
    await using harness = await start();
    const typo = await update(harness, { key: 'order-1', identifier: 'nothing' });
    expect(typo.data.it.userErrors).toEqual([{ code: 'NOT_FOUND' }]);
    expect((await update(harness, { key: 'order-1' })).data.it).toMatchObject({
      row: { workspace: { id: 'T2' } },
      userErrors: [],
    });
  });
});

describe('an answer to an update', () => {
  it('about another row is not shown', async () => {
    await using harness = await start();
    const body = { data: { identifier: 'of-somebody-else', workspace: { id: 'T-theirs' } } };
    harness.sandbox.fail(onPatch({ kind: 'status', status: 200, body }));
    const { result, calls } = await callsOf(harness, () => update(harness));
    expect(result.text).not.toContain('theirs');
    expect(result.data.it.row).toMatchObject({ identifier: 'mine', workspace: { id: 'T2' } });
    expect(verbs(calls)).toBe('PATCH PATCH');
  });

  it('about another row leaves the outcome open when the next try is refused', async () => {
    await using harness = await start();
    const body = { data: { identifier: 'of-somebody-else' } };
    harness.sandbox.fail(onPatch({ kind: 'status', status: 200, body }));
    harness.sandbox.fail(onPatch({ kind: 'status', status: 401 }));
    const { errors } = await update(harness);
    expect(errors[0]?.extensions).toMatchObject({ code: 'UPSTREAM_AUTH_FAILED', outcome: 'UNKNOWN' });
  });

  it('that says nothing is completed by a read', async () => {
    await using harness = await start();
    harness.sandbox.fail(onPatch({ kind: 'body', body: { data: {} } }));
    const { result, calls } = await callsOf(harness, () => update(harness));
    expect(result.data.it.row).toMatchObject({ identifier: 'mine', workspace: { id: 'T2' } });
    expect(verbs(calls)).toBe('PATCH GET');
  });

  it('that says nothing, of a row that cannot be read, says that the work was done', async () => {
    await using harness = await start();
    harness.sandbox.fail(onPatch({ kind: 'body', body: { data: {} } }));
    harness.sandbox.fail({ kind: 'status', status: 401, match: { method: 'GET' } });
    const { errors } = await update(harness);
    expect(errors[0]?.extensions).toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE', outcome: 'APPLIED' });
  });

  it('that the row is gone is no refusal after a try that may have been applied', async () => {
    await using harness = await start();
    harness.sandbox.fail(onPatch({ kind: 'reset-after' }));
    harness.sandbox.fail(
      onPatch({
        kind: 'status',
        status: 404,
        message: 'Channel connection with identifier "mine" not found',
      }),
    );
    const { errors } = await update(harness);
    expect(errors[0]?.extensions).toMatchObject({ outcome: 'UNKNOWN' });
  });
});

it.each<[string, Fault]>([
  ['a reset before the work', { kind: 'reset-before' }],
  ['a reset after the work', { kind: 'reset-after' }],
  ['an error page', { kind: 'html' }],
  ['a cut answer', { kind: 'truncate' }],
  ['a 429', { kind: 'rate-limited', retryAfterSeconds: 0 }],
])(
  'an update is repeated after %s, with another key only where Novu may have kept it',
  async (_name, fault) => {
    await using harness = await start();
    harness.sandbox.fail(onPatch(fault));
    const from = harness.sandbox.requests.length;
    const { data } = await update(harness, { key: 'order-1' });
    expect(data.it).toMatchObject({ row: { workspace: { id: 'T2' } }, userErrors: [] });
    const tries = harness.sandbox.requests.slice(from).filter(({ path }) => path.startsWith(connections));
    expect(tries.map(({ method }) => method)).toEqual(['PATCH', 'PATCH']);
    const [first, second] = tries.map(({ headers }) => headers['idempotency-key']);
    expect(first).toBe('order-1');
    expect(second === first).toBe(fault.kind === 'rate-limited');
  },
);
