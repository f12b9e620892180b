import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/sandbox.ts';
import { type Harness, novuKey, startHarness } from '../support/harness.ts';
import { asUser, seedConnection, seedEndpoint } from '../support/rows.ts';
import { createSigner, type Signer } from '../support/tokens.ts';

// What was an end user's when a write began may be somebody else's when it is tried again.

const connections = '/v1/channel-connections';
const headers = { authorization: `ApiKey ${novuKey}`, 'content-type': 'application/json' };
const theirs = { subscriberId: 'subscriber-456', context: undefined };

const updateConnection =
  'mutation { it: updateChannelConnection(identifier: "mine", input: { workspace: { id: "T2" }, auth: { accessToken: "x" } }) { row: channelConnection { identifier subscriberId } userErrors { code path } } }';
const deleteConnection =
  'mutation { it: deleteChannelConnection(identifier: "mine") { deletedIdentifier userErrors { code path } } }';
const createEndpoint =
  'mutation { it: createChannelEndpoint(input: { subscriberId: "subscriber-123", integrationIdentifier: "slack-prod", connectionIdentifier: "mine", address: { slackUser: { userId: "U1" } } }) { row: channelEndpoint { identifier subscriberId } userErrors { code path } } }';
const updateEndpoint =
  'mutation { it: updateChannelEndpoint(identifier: "ada", input: { address: { slackUser: { userId: "U2" } } }) { row: channelEndpoint { identifier subscriberId } userErrors { code path } } }';

async function start(): Promise<{ harness: Harness; signer: Signer }> {
  const signer = await createSigner();
  const harness = await startHarness({ env: signer.env });
  await seedConnection(harness, { identifier: 'mine', context: undefined });
  return { harness, signer };
}

/** Deletes a row, and makes one of Bob's with its identifier. */
async function takeOver(harness: Harness, path: string, identifier: string): Promise<void> {
  await fetch(`${harness.sandbox.url}${path}/${identifier}`, { method: 'DELETE', headers });
  if (path === connections) await seedConnection(harness, { identifier, ...theirs });
  else await seedEndpoint(harness, { identifier, ...theirs });
}

/**
 * The first request that writes meets a fault; what it is about is somebody else's before Novu is asked again.
 * Resolves with the requests that came after.
 */
function takeOverMeanwhile(
  harness: Harness,
  { path, identifier }: { path: string; identifier: string },
  { method, ...fault }: Fault & { method: string },
): () => string[] {
  const { sandbox } = harness;
  let taken: Promise<void> | undefined;
  const seen: string[] = [];
  sandbox.onRequest = (request) => {
    // The requests of the one who takes it over have no request id.
    if (request.headers['x-request-id'] === undefined) return undefined;
    if (taken !== undefined) {
      seen.push(request.method);
      return { kind: 'slow', until: taken };
    }
    if (request.method !== method) return undefined;
    taken = takeOver(harness, path, identifier);
    return fault;
  };
  return () => seen;
}

const faults: Fault[] = [
  { kind: 'reset-before' },
  { kind: 'html' },
  { kind: 'rate-limited', retryAfterSeconds: 0 },
];

describe.each(faults)('a write of an end user that meets $kind while its object is taken over', (fault) => {
  it.each<[string, string, string, string, string]>([
    ['an update of a connection', updateConnection, 'PATCH', connections, 'mine'],
    ['an update of an endpoint', updateEndpoint, 'PATCH', '/v1/channel-endpoints', 'ada'],
    ['a delete of a connection', deleteConnection, 'DELETE', connections, 'mine'],
    ['an endpoint on a connection', createEndpoint, 'POST', connections, 'mine'],
  ])('(%s) is not tried again', async (_name, document, method, path, identifier) => {
    const { harness, signer } = await start();
    await using _ = harness;
    if (identifier === 'ada') await seedEndpoint(harness);
    const seen = takeOverMeanwhile(harness, { path, identifier }, { ...fault, method });
    const { data, text } = await asUser(harness, signer)(document);
    harness.sandbox.onRequest = undefined;
    expect(seen()).not.toContain(method);
    expect(text).not.toContain(theirs.subscriberId);
    if (fault.kind === 'rate-limited') expect(data.it.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    const rows = identifier === 'ada' ? harness.sandbox.endpoints() : harness.sandbox.connections();
    expect(rows).toMatchObject([{ identifier, subscriberId: theirs.subscriberId }]);
    if (method === 'POST') expect(harness.sandbox.endpoints()).toEqual([]);
  });
});

describe('what Novu answers to a write of an end user', () => {
  it.each<[string, string, string]>([
    ['an update of a connection', updateConnection, 'PATCH'],
    ['an update of an endpoint', updateEndpoint, 'PATCH'],
  ])('(%s) is not shown when it is not theirs to see', async (_name, document, method) => {
    const { harness, signer } = await start();
    await using _ = harness;
    await seedEndpoint(harness);
    harness.sandbox.fail({
      kind: 'body',
      match: { method },
      body: (normal) => ({ data: { ...(normal as { data: object }).data, subscriberId: 'subscriber-456' } }),
    });
    const { data, errors, text } = await asUser(harness, signer)(document);
    expect(data.it).toBeNull();
    expect(errors[0]?.extensions).toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE', outcome: 'UNKNOWN' });
    expect(text).not.toContain('subscriber-456');
  });

  it('(a create) is read back when it is not theirs to see, and shown when it is', async () => {
    const { harness, signer } = await start();
    await using _ = harness;
    harness.sandbox.fail({
      kind: 'body',
      match: { method: 'POST' },
      body: (normal) => ({ data: { ...(normal as { data: object }).data, subscriberId: 'subscriber-456' } }),
    });
    const { data } = await asUser(harness, signer)(createEndpoint);
    expect(data.it).toMatchObject({ row: { subscriberId: 'subscriber-123' }, userErrors: [] });
    expect(harness.sandbox.endpoints()).toHaveLength(1);
  });

  it('(a create) is not shown when it is not theirs to see on a second look either', async () => {
    const { harness, signer } = await start();
    await using _ = harness;
    harness.sandbox.onRequest = ({ path }) =>
      path.startsWith('/v1/channel-endpoints')
        ? {
            kind: 'body',
            body: (normal) => ({
              data: { ...(normal as { data: object }).data, subscriberId: 'subscriber-456' },
            }),
          }
        : undefined;
    const { errors, text } = await asUser(harness, signer)(createEndpoint);
    expect(errors[0]?.extensions).toMatchObject({ outcome: 'UNKNOWN' });
    expect(text).not.toContain('subscriber-456');
  });
});

describe('a write of an end user that cannot be checked', () => {
  it.each<Fault>([
    { kind: 'status', status: 401 },
    { kind: 'html', status: 502 },
    { kind: 'reset-before' },
    { kind: 'not-json' },
  ])('was not applied ($kind $status)', async (fault) => {
    const { harness, signer } = await start();
    await using _ = harness;
    for (const document of [updateConnection, deleteConnection]) {
      harness.sandbox.clearFaults();
      harness.sandbox.fail({ ...fault, match: { method: 'GET' }, times: 100 });
      const { errors } = await asUser(harness, signer)(document);
      expect(errors[0]?.extensions).toMatchObject({ outcome: 'NOT_APPLIED' });
    }
    expect(harness.sandbox.journal.map(({ kind }) => kind)).toEqual(['create']);
  });

  it('is open after a try that may have been applied', async () => {
    const { harness, signer } = await start();
    await using _ = harness;
    let wrote = false;
    harness.sandbox.onRequest = ({ method }) => {
      if (method === 'PATCH') {
        wrote = true;
        return { kind: 'reset-after' };
      }
      return wrote ? { kind: 'status', status: 401 } : undefined;
    };
    const { errors } = await asUser(harness, signer)(updateConnection);
    expect(errors[0]?.extensions).toMatchObject({ outcome: 'UNKNOWN' });
  });
});

it('a delete of an end user whose answer got lost is a success: the row is gone', async () => {
  const { harness, signer } = await start();
  await using _ = harness;
  harness.sandbox.fail({ kind: 'reset-after', match: { method: 'DELETE' } });
  const { data } = await asUser(harness, signer)(deleteConnection);
  expect(data.it).toEqual({ deletedIdentifier: 'mine', userErrors: [] });
});
