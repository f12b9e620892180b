import { describe, expect, it } from 'vitest';
import { type Harness, startHarness } from '../../support/harness.ts';
import { asUser, callsOf, codesOf, seedConnection, seedEndpoint } from '../../support/rows.ts';
import { createSigner } from '../../support/tokens.ts';

const profile = 'subscriberId firstName lastName email phone avatar locale timezone data createdAt updatedAt';
const upsert = `mutation ($input: UpsertSubscriberInput!, $key: String) {
  upsertSubscriber(input: $input, idempotencyKey: $key) {
    subscriber { ${profile} } idempotency { key replayed } userErrors { __typename code message path }
  }
}`;
const update = `mutation ($id: ID!, $input: UpdateSubscriberInput!) {
  updateSubscriber(subscriberId: $id, input: $input) {
    subscriber { ${profile} } userErrors { __typename code message path }
  }
}`;
const remove = `mutation ($id: ID!) {
  deleteSubscriber(subscriberId: $id) { deletedIdentifier userErrors { __typename code message path } }
}`;
const ada = {
  subscriberId: 'ada',
  firstName: 'Ada',
  lastName: 'Lovelace',
  email: 'ada@example.com',
  phone: '+44',
  avatar: 'https://example.com/ada.png',
  locale: 'en_GB',
  timezone: 'Europe/London',
  data: { plan: 'pro' },
};
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);

const make = (harness: Harness, input: object = ada, key?: string) => harness.execute(upsert, { input, key });
const find = async (harness: Harness, subscriberId = 'ada') =>
  (
    await harness.execute(`query ($id: ID!) { subscriber(subscriberId: $id) { ${profile} } }`, {
      id: subscriberId,
    })
  ).data.subscriber;

describe('upsertSubscriber', () => {
  it('makes a subscriber, with every field', async () => {
    await using harness = await startHarness();
    const { data, errors } = await make(harness);
    expect(errors).toEqual([]);
    expect(data.upsertSubscriber).toMatchObject({
      subscriber: { ...ada, createdAt: time, updatedAt: time },
      userErrors: [],
    });
    expect(await find(harness)).toMatchObject(ada);
  });

  it('updates the one that is there as Novu does: what is left out stays, data becomes empty', async () => {
    await using harness = await startHarness();
    await make(harness);
    const { data } = await make(harness, { subscriberId: 'ada', firstName: 'Augusta', phone: null });
    expect(data.upsertSubscriber.subscriber).toMatchObject({
      ...ada,
      firstName: 'Augusta',
      phone: null,
      data: {},
    });
    expect(harness.sandbox.requests.at(-1)?.body).toBe(
      JSON.stringify({ subscriberId: 'ada', firstName: 'Augusta', phone: null }),
    );
  });

  it('says what Novu finds wrong, at the field', async () => {
    await using harness = await startHarness();
    const { data } = await make(harness, {
      subscriberId: 'ada',
      email: 'nobody',
      locale: '??',
      timezone: 'Mars/Base',
    });
    expect(data.upsertSubscriber).toMatchObject({
      subscriber: null,
      userErrors: [
        { code: 'INVALID_INPUT', path: ['input', 'email'], message: 'Must be an email.' },
        { code: 'INVALID_INPUT', path: ['input', 'locale'], message: 'Must be locale.' },
        {
          code: 'INVALID_INPUT',
          path: ['input', 'timezone'],
          message: 'Must be a valid IANA time-zone.',
        },
      ],
    });
  });

  it.each([
    [{ kind: 'error-before' } as const],
    [{ kind: 'error-after' } as const],
    [{ kind: 'reset-before' } as const],
    [{ kind: 'reset-after' } as const],
  ])('is done once and told so after %j', async (fault) => {
    await using harness = await startHarness();
    harness.sandbox.fail(fault);
    const { data, errors } = await make(harness);
    expect(errors).toEqual([]);
    expect(data.upsertSubscriber).toMatchObject({ subscriber: ada, userErrors: [] });
    expect(await find(harness)).toMatchObject(ada);
  });

  it('tells a key that was used for another input', async () => {
    await using harness = await startHarness();
    await make(harness, ada, 'key-1');
    const { data } = await make(harness, { ...ada, firstName: 'Augusta' }, 'key-1');
    expect(data.upsertSubscriber.userErrors).toMatchObject([
      { __typename: 'NovuIdempotencyError', code: 'IDEMPOTENCY_KEY_REUSED' },
    ]);
    expect(await find(harness)).toMatchObject({ firstName: 'Ada' });
  });

  it('takes no other row for the answer', async () => {
    await using harness = await startHarness();
    harness.sandbox.fail({
      kind: 'body',
      body: (normal) => ({ data: { ...(normal as { data: object }).data, subscriberId: 'another' } }),
    });
    const { data, errors } = await make(harness);
    expect(errors).toEqual([]);
    expect(data.upsertSubscriber.subscriber.subscriberId).toBe('ada');
  });
});

describe('updateSubscriber', () => {
  it('sets what is given, takes away what is null, and leaves the rest', async () => {
    await using harness = await startHarness();
    await make(harness);
    const { data } = await harness.execute(update, { id: 'ada', input: { locale: null, phone: '+81' } });
    expect(data.updateSubscriber).toMatchObject({
      subscriber: { ...ada, locale: null, phone: '+81' },
      userErrors: [],
    });
  });

  it('says that there is none', async () => {
    await using harness = await startHarness();
    const { data } = await harness.execute(update, { id: 'nobody', input: { phone: '+81' } });
    expect(data.updateSubscriber).toEqual({
      subscriber: null,
      userErrors: [
        {
          __typename: 'NovuNotFoundError',
          code: 'NOT_FOUND',
          message: 'No subscriber has this id.',
          path: ['subscriberId'],
        },
      ],
    });
  });

  it('says that Novu does not take the id', async () => {
    await using harness = await startHarness({ sandbox: { checksSubscriberIds: true } });
    await make(harness, { subscriberId: 'a/b' });
    const { data, text } = await harness.execute(update, { id: 'a/b', input: { phone: '+81' } });
    expect(data.updateSubscriber.userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['subscriberId'] },
    ]);
    expect(text).not.toContain('a/b');
  });
});

describe('deleteSubscriber', () => {
  it('deletes, and says afterwards that there is none', async () => {
    await using harness = await startHarness();
    await make(harness);
    expect((await harness.execute(remove, { id: 'ada' })).data.deleteSubscriber).toEqual({
      deletedIdentifier: 'ada',
      userErrors: [],
    });
    expect(await find(harness)).toBeNull();
    expect((await harness.execute(remove, { id: 'ada' })).data.deleteSubscriber).toMatchObject({
      deletedIdentifier: null,
      userErrors: [{ code: 'NOT_FOUND', path: ['subscriberId'] }],
    });
  });
});

describe('a subscriber behind a reference', () => {
  it('is asked for once for each id, and only when a field wants more than the id', async () => {
    await using harness = await startHarness();
    for (const identifier of ['one', 'two', 'three']) await seedEndpoint(harness, { identifier });
    const ids = '{ channelEndpoints { nodes { subscriber { subscriberId } } } }';
    const names = '{ channelEndpoints { nodes { subscriber { subscriberId firstName email } } } }';
    expect((await callsOf(harness, () => harness.execute(ids))).calls).toHaveLength(1);
    const { calls } = await callsOf(harness, () => harness.execute(names));
    expect(calls.slice(1)).toEqual(['GET /v2/subscribers/subscriber-123']);
  });

  it('that Novu does not know has its id and null for all else', async () => {
    await using harness = await startHarness();
    const { data, errors } = await harness.execute(
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Subscriber { ${profile} } } }`,
      { of: [{ __typename: 'Subscriber', subscriberId: 'nobody' }] },
    );
    expect(errors).toEqual([]);
    const { subscriberId, ...rest } = data._entities[0];
    expect(subscriberId).toBe('nobody');
    expect(new Set(Object.values(rest))).toEqual(new Set([null]));
  });

  it('leaves the rest of an answer standing when Novu fails', async () => {
    await using harness = await startHarness();
    await seedConnection(harness);
    harness.sandbox.onRequest = ({ path }) =>
      path.startsWith('/v2/subscribers') ? { kind: 'status', status: 401, message: 'no' } : undefined;
    const { data, errors } = await harness.execute(
      '{ channelConnections { nodes { identifier subscriber { subscriberId firstName } } } }',
    );
    expect(data.channelConnections.nodes).toEqual([
      {
        identifier: 'slack-prod-user123-abc4',
        subscriber: { subscriberId: 'subscriber-123', firstName: null },
      },
    ]);
    expect(errors).toMatchObject([{ path: ['channelConnections', 'nodes', 0, 'subscriber', 'firstName'] }]);
  });

  it('never shows what Novu keeps of channels, which holds credentials', async () => {
    await using harness = await startHarness();
    harness.sandbox.onRequest = ({ path }) =>
      path.startsWith('/v2/subscribers/')
        ? {
            kind: 'body',
            body: (normal) => ({
              data: {
                ...(normal as { data: object }).data,
                channels: [{ providerId: 'slack', credentials: { webhookUrl: 'https://canary.example' } }],
              },
            }),
          }
        : undefined;
    const { text, errors } = await harness.execute(
      `{ subscriber(subscriberId: "subscriber-123") { ${profile} } }`,
    );
    expect(errors).toEqual([]);
    expect(text).not.toContain('canary');
  });
});

describe('subscribers', () => {
  const list = `query ($first: Int, $last: Int, $after: String, $before: String, $filter: SubscriberFilter) {
    subscribers(first: $first, last: $last, after: $after, before: $before, filter: $filter) {
      edges { cursor } nodes { subscriberId } totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
    }
  }`;
  const ids = (data: { subscribers: { nodes: { subscriberId: string }[] } }) =>
    data.subscribers.nodes.map(({ subscriberId }) => subscriberId);

  async function withMany() {
    const harness = await startHarness({ sandbox: { rateLimiting: false } });
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      await make(harness, {
        subscriberId: `many-${name}`,
        firstName: `Many ${name}`,
        email: 'many@example.com',
      });
    return harness;
  }

  it('are walked through page by page, newest first, a call for each page', async () => {
    await using harness = await withMany();
    const filter = { email: 'many@example.com' };
    const found: string[] = [];
    let after: string | null = null;
    const { calls } = await callsOf(harness, async () => {
      for (;;) {
        const { data } = await harness.execute(list, { first: 2, after, filter });
        found.push(...ids(data));
        expect(data.subscribers.totalCount).toBe(5);
        if (!data.subscribers.pageInfo.hasNextPage) return;
        after = data.subscribers.pageInfo.endCursor as string;
      }
    });
    expect(found).toEqual(['many-e', 'many-d', 'many-c', 'many-b', 'many-a']);
    expect(calls).toHaveLength(3);
  });

  it('go on from any row, in both directions', async () => {
    await using harness = await withMany();
    const filter = { name: 'many' };
    const { data } = await harness.execute(list, { first: 5, filter });
    const cursor = data.subscribers.edges[2].cursor as string;
    const after = await harness.execute(list, { first: 5, after: cursor, filter });
    const before = await harness.execute(list, { last: 5, before: cursor, filter });
    expect(ids(after.data)).toEqual(['many-b', 'many-a']);
    expect(ids(before.data)).toEqual(['many-e', 'many-d']);
  });

  it.each([
    [{ subscriberId: 'many-c' }, ['many-c']],
    [{ name: 'Many d' }, ['many-d']],
    [{ phone: '0' }, []],
  ])('are found by %j', async (filter, wanted) => {
    await using harness = await withMany();
    expect(ids((await harness.execute(list, { filter })).data)).toEqual(wanted);
  });

  it('are not asked for by an empty string, which would mean all', async () => {
    await using harness = await startHarness();
    const answer = await harness.execute(list, { filter: { email: '' } });
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(harness.sandbox.requests).toEqual([]);
  });

  it('of an end user are themself alone, and nobody else by any filter', async () => {
    const signer = await createSigner();
    await using harness = await startHarness({ env: signer.env });
    await make(harness);
    const asAda = asUser(harness, signer, { sub: 'ada' });
    expect(ids((await asAda(list)).data)).toEqual(['ada']);
    expect(ids((await asAda(list, { filter: { subscriberId: 'subscriber-123' } })).data)).toEqual([]);
    expect((await asAda('{ subscriber(subscriberId: "subscriber-123") { subscriberId } }')).data).toEqual({
      subscriber: null,
    });
  });
});

describe('an end user', () => {
  it('makes and changes themself, though nothing was there, and nobody else', async () => {
    const signer = await createSigner();
    await using harness = await startHarness({ env: signer.env });
    const asAda = asUser(harness, signer, { sub: 'ada' });
    expect((await asAda(upsert, { input: ada })).data.upsertSubscriber).toMatchObject({
      subscriber: ada,
      userErrors: [],
    });
    expect((await asAda(update, { id: 'ada', input: { phone: '+81' } })).data.updateSubscriber).toMatchObject(
      {
        subscriber: { phone: '+81' },
      },
    );
    const before = harness.sandbox.requests.length;
    for (const answer of [
      await asAda(upsert, { input: { ...ada, subscriberId: 'subscriber-123' } }),
      await asAda(update, { id: 'subscriber-123', input: { phone: '+81' } }),
      await asAda(remove, { id: 'subscriber-123' }),
    ])
      expect(codesOf(answer)).toEqual(['FORBIDDEN']);
    expect(harness.sandbox.requests).toHaveLength(before);
    expect((await asAda(remove, { id: 'ada' })).data.deleteSubscriber).toMatchObject({
      deletedIdentifier: 'ada',
    });
  });

  it('learns nothing of another behind a reference, and Novu is not asked', async () => {
    const signer = await createSigner();
    await using harness = await startHarness({ env: signer.env });
    const { data, errors } = await asUser(harness, signer, { sub: 'ada' })(
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Subscriber { subscriberId createdAt } } }',
      { of: [{ __typename: 'Subscriber', subscriberId: 'subscriber-123' }] },
    );
    expect(errors).toEqual([]);
    expect(data._entities).toEqual([{ subscriberId: 'subscriber-123', createdAt: null }]);
    expect(harness.sandbox.requests).toEqual([]);
  });
});
