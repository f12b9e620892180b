import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/embed.ts';
import { parseConfig } from '../../src/config.ts';
import {
  backendKey,
  connectionInput,
  createDocument,
  type Harness,
  novuKey,
  startHarness,
} from '../support/harness.ts';
import { callsOf } from '../support/rows.ts';

const posts = (calls: string[]) => calls.filter((call) => call.startsWith('POST'));
const reads = (calls: string[]) => calls.filter((call) => call.startsWith('GET'));

const create = async (
  harness: Harness,
  changes: Record<string, unknown> = {},
  key: string | null = 'key-1',
) => {
  const { data, errors } = await harness.execute(createDocument, {
    input: connectionInput({ identifier: null, ...changes }),
    key,
  });
  return { ...data.createChannelConnection, errors };
};

type Secrets = { identifierSecret?: string | null; previousIdentifierSecrets?: string[] };
/** A process in front of the same Novu, which keeps nothing of keys. */
const beside = ({ sandbox }: Harness, upstream: Secrets) => startHarness({ novuUrl: sandbox.url, upstream });
const start = (upstream: Secrets = {}) => startHarness({ sandbox: { idempotency: false }, upstream });

describe('the identifier that follows from a key', () => {
  it('is the same with one secret, and cannot be told without it', async () => {
    const identifiers: string[] = [];
    for (const secrets of [{}, { identifierSecret: novuKey }, { identifierSecret: 'another secret' }]) {
      await using harness = await start(secrets);
      identifiers.push((await create(harness)).channelConnection.identifier);
    }
    expect(identifiers[0]).toMatch(/^chconn_[0-9a-z]{24}$/);
    expect(identifiers[1]).toBe(identifiers[0]);
    expect(identifiers[2]).not.toBe(identifiers[0]);
  });

  it('needs a secret that is one', async () => {
    await expect(start({ identifierSecret: '' })).rejects.toThrow(TypeError);
    await expect(start({ previousIdentifierSecrets: [''] })).rejects.toThrow(TypeError);
  });
});

it('comes from the environment', async () => {
  const open = async (env: Record<string, string>) => {
    const config = parseConfig({
      NOVU_SECRET_KEY: novuKey,
      GATEWAY_API_KEYS: `backend:${backendKey}`,
      ...env,
    });
    const app = createApp(config);
    await app.close();
    return app.novu.identifierKeys.map((key) => key.export().toString('hex'));
  };
  const [byDefault] = await open({});
  const [present, previous, ...more] = await open({
    IDENTIFIER_SECRET: 'a-new-identifier-secret-of-some-length',
    IDENTIFIER_SECRET_PREVIOUS: novuKey,
  });
  expect(present).not.toBe(byDefault);
  expect(previous).toBe(byDefault);
  expect(more).toEqual([]);
});

describe('after a change of the secret', () => {
  const changed = { identifierSecret: 'the new secret', previousIdentifierSecrets: [novuKey] };

  it('an earlier call with the key is found, by one read', async () => {
    await using before = await start();
    const first = await create(before);
    await using after = await beside(before, changed);
    const { result, calls } = await callsOf(before, () => create(after));
    expect(result).toMatchObject({
      channelConnection: { identifier: first.channelConnection.identifier },
      idempotency: { replayed: true },
      userErrors: [],
    });
    expect(calls).toEqual([`GET /v1/channel-connections/${first.channelConnection.identifier}`]);
    expect(before.sandbox.connections()).toHaveLength(1);
    // The row under the older secret is what this process knows the key by from now on.
    expect((await create(after)).idempotency.replayed).toBe(true);
    expect(before.sandbox.connections()).toHaveLength(1);
  });

  it('another input under the key is refused', async () => {
    await using before = await start();
    await create(before);
    await using after = await beside(before, changed);
    const { userErrors } = await create(after, { subscriberId: 'subscriber-456' });
    expect(userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
    expect(before.sandbox.connections()).toHaveLength(1);
  });

  it('a new key is made under the new secret, after one read for each older one', async () => {
    await using before = await start();
    await using after = await beside(before, {
      ...changed,
      previousIdentifierSecrets: [novuKey, 'a still older one'],
    });
    const { result, calls } = await callsOf(before, () => create(after));
    expect(result.idempotency.replayed).toBe(false);
    expect([reads(calls).length, posts(calls).length]).toEqual([2, 1]);
    await using twin = await beside(before, { identifierSecret: 'the new secret' });
    expect((await create(twin)).channelConnection.identifier).toBe(result.channelConnection.identifier);
  });

  it.each<[string, Record<string, unknown>, string | null]>([
    ['a key that the gateway made', {}, null],
    ['an identifier of the caller', { identifier: 'mine' }, 'key-1'],
  ])('%s takes no read: nothing earlier can have been derived', async (_name, changes, key) => {
    await using before = await start();
    await using after = await beside(before, changed);
    const { calls } = await callsOf(before, () => create(after, changes, key));
    expect(calls).toEqual(['POST /v1/channel-connections']);
  });

  it('nothing is made as long as nobody can look: it could be a second one', async () => {
    await using before = await start();
    await create(before);
    await using after = await beside(before, changed);
    before.sandbox.fail({ kind: 'status', status: 401, match: { method: 'GET' }, times: 100 });
    const { result, calls } = await callsOf(before, () => create(after));
    expect(result.errors[0]?.extensions).toMatchObject({ outcome: 'NOT_APPLIED' });
    expect(posts(calls)).toEqual([]);
  });

  it('a stranger row is not taken for the earlier one', async () => {
    await using before = await start();
    await using after = await beside(before, changed);
    before.sandbox.fail({
      kind: 'status',
      status: 200,
      body: { data: { identifier: 'of-somebody-else' } },
      match: { method: 'GET' },
    });
    const { errors } = await create(after);
    expect(errors[0]?.extensions).toMatchObject({ outcome: 'NOT_APPLIED' });
    expect(before.sandbox.connections()).toHaveLength(0);
  });
});
