import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/sandbox.ts';
import { connectionInput, createDocument, type Harness, startHarness } from '../support/harness.ts';

// What the chaos suite found, each with the faults that bring it about.

const timeoutMs = 1_200;
const env = { UPSTREAM_TIMEOUT_MS: String(timeoutMs) };
const collection = '/v1/channel-connections';
const key = 'regression-1';

const updateDocument = /* GraphQL */ `
  mutation Update($identifier: ID!, $input: UpdateChannelConnectionInput!, $key: String) {
    updateChannelConnection(identifier: $identifier, input: $input, idempotencyKey: $key) {
      channelConnection { identifier workspace { name } }
      userErrors { code }
    }
  }
`;

const create = (gateway: Harness, changes: Record<string, unknown> = { identifier: null }) =>
  gateway.execute(createDocument, { input: connectionInput(changes), key });

/** Another process in front of the same Novu: it remembers nothing of the first. */
const replicaOf = ({ sandbox }: Harness) => startHarness({ novuUrl: sandbox.url, env });

const failReads = (times: number): Fault => ({
  kind: 'html',
  match: { method: 'GET', path: collection },
  times,
});

describe.each([true, false])('with idempotency of Novu %s, a create', (idempotency) => {
  it('is not called a reuse of its key after the connection was updated', async () => {
    await using first = await startHarness({ sandbox: { idempotency }, env });
    await using second = await replicaOf(first);
    const made = await create(first);
    const { identifier } = made.data.createChannelConnection.channelConnection;
    await first.execute(updateDocument, {
      identifier,
      input: { workspace: { id: 'T999', name: 'Renamed' }, auth: { accessToken: 'xoxb-new' } },
    });
    for (const gateway of [first, second]) {
      const again = await create(gateway);
      expect(again.data.createChannelConnection).toMatchObject({
        channelConnection: { identifier, workspace: { name: 'Renamed' } },
        idempotency: { replayed: true },
        userErrors: [],
      });
    }
    expect(first.sandbox.connections()).toHaveLength(1);
  });

  it('is not called a replay when it makes anew what was deleted, though its answer was lost', async () => {
    await using gateway = await startHarness({ sandbox: { idempotency }, env });
    await create(gateway);
    const { identifier } = gateway.sandbox.connections()[0]!;
    await gateway.execute(
      'mutation ($identifier: ID!) { deleteChannelConnection(identifier: $identifier) { deletedIdentifier } }',
      { identifier },
    );
    const losesAnswer: Fault = { kind: 'reset-after', match: { method: 'POST', path: collection } };
    // With idempotency on the first POST only brings the old answer back.
    gateway.sandbox.fail({ ...losesAnswer, times: idempotency ? 2 : 1 });
    const again = await create(gateway);
    expect(again.data.createChannelConnection).toMatchObject({
      channelConnection: { identifier },
      idempotency: { replayed: false },
    });
  });

  it('says UNKNOWN rather than ALREADY_EXISTS of a connection that nobody could look at', async () => {
    await using first = await startHarness({ sandbox: { idempotency }, env });
    await using second = await replicaOf(first);
    const made = await create(first);
    const { identifier } = made.data.createChannelConnection.channelConnection;
    first.sandbox.fail(failReads(1_000));
    const blind = await create(second);
    expect(blind.errors[0]?.extensions).toMatchObject({
      outcome: 'UNKNOWN',
      retryable: true,
      identifier,
      idempotencyKey: key,
    });
    first.sandbox.clearFaults();
    const again = await create(second);
    expect(again.data.createChannelConnection).toMatchObject({
      channelConnection: { identifier },
      idempotency: { replayed: true },
    });
  });
});

describe('an answer that Novu kept', () => {
  it('is no success as long as nobody saw the connection', async () => {
    await using first = await startHarness({ env });
    await using second = await replicaOf(first);
    const made = await create(first);
    const { identifier } = made.data.createChannelConnection.channelConnection;
    await fetch(`${first.sandbox.url}${collection}/${identifier}`, {
      method: 'DELETE',
      headers: { authorization: `ApiKey ${first.sandbox.options.secretKey}` },
    });
    first.sandbox.fail(failReads(1_000));
    const again = await create(second);
    expect(again.data.createChannelConnection).toMatchObject({
      channelConnection: { identifier },
      idempotency: { replayed: false },
    });
    expect(first.sandbox.connections()).toHaveLength(1);
  });
});

describe('a key that Novu left in progress when it crashed', () => {
  /** One call that leaves the key behind and ends without an answer from Novu. */
  async function leaveKey({ sandbox }: Harness, call: () => Promise<unknown>): Promise<void> {
    let crashed = false;
    sandbox.onRequest = () => {
      const fault: Fault = crashed ? { kind: 'reset-before' } : { kind: 'hang-before', leavesKey: true };
      crashed = true;
      return fault;
    };
    await call();
    sandbox.onRequest = undefined;
  }

  it('does not keep a create from being settled by its next call', async () => {
    await using gateway = await startHarness({ env });
    await leaveKey(gateway, () => create(gateway));
    const again = await create(gateway);
    expect(again.data.createChannelConnection).toMatchObject({
      channelConnection: {},
      idempotency: { replayed: false },
      userErrors: [],
    });
    expect(gateway.sandbox.connections()).toHaveLength(1);
  });

  it('does not keep an update from being settled by its next call', async () => {
    await using gateway = await startHarness({ env });
    await create(gateway);
    const { identifier } = gateway.sandbox.connections()[0]!;
    const update = () =>
      gateway.execute(updateDocument, {
        identifier,
        input: { workspace: { id: 'T1', name: 'Renamed' }, auth: { accessToken: 'xoxb-new' } },
        key: 'update-1',
      });
    await leaveKey(gateway, update);
    const again = await update();
    expect(again.data.updateChannelConnection).toMatchObject({
      channelConnection: { workspace: { name: 'Renamed' } },
      userErrors: [],
    });
  });
});
