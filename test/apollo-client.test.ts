import {
  ApolloClient,
  ApolloLink,
  CombinedGraphQLErrors,
  gql,
  HttpLink,
  InMemoryCache,
  Observable,
  ServerError,
  type TypedDocumentNode,
} from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { RetryLink } from '@apollo/client/link/retry';
import { describe, expect, it } from 'vitest';
import type { NovuUserErrorCode } from '../src/graphql/user-errors.ts';
import {
  ChannelConnectionDocument,
  CreateChannelConnectionDocument,
  UpdateChannelConnectionDocument,
} from './support/generated/graphql.ts';
import { backendKey, connectionInput, type Harness, startHarness } from './support/harness.ts';

const identifier = 'slack-prod-user123-abc4';

/** What the documentation tells users of Apollo Client to set. */
const createCache = () =>
  new InMemoryCache({
    typePolicies: {
      ChannelConnection: { keyFields: ['identifier'] },
      // A part of its connection: two connections may know one Slack team by different names.
      ChannelWorkspace: { keyFields: false, merge: true },
      ChannelConnectionAuth: { merge: true },
      Query: {
        fields: {
          channelConnection: (existing, { args, toReference }) =>
            existing ?? toReference({ __typename: 'ChannelConnection', identifier: args?.['identifier'] }),
        },
      },
    },
  });

async function connect(harness: Harness, { cache = createCache(), links = [] as ApolloLink[] } = {}) {
  const uri = await harness.listen();
  const http = new HttpLink({ uri, headers: { 'x-api-key': backendKey } });
  const client = new ApolloClient({ cache, link: ApolloLink.from([...links, http]) });
  return { client, uri };
}

const post = (harness: Harness) => harness.sandbox.requests.filter(({ method }) => method === 'POST');

describe('the example', () => {
  it('creates the connection and gives the facts of the call as typed data', async () => {
    await using harness = await startHarness();
    const { client } = await connect(harness);
    const { data, error } = await client.mutate({ mutation: CreateChannelConnectionDocument });
    expect(error).toBeUndefined();
    const payload = data?.createChannelConnection;
    expect(payload?.userErrors).toEqual([]);
    expect(payload?.channelConnection).toMatchObject({
      identifier,
      channel: 'CHAT',
      providerId: 'slack',
      integrationIdentifier: 'slack-prod',
      subscriberId: 'subscriber-123',
      contextKeys: ['key:org-acme'],
      workspace: { id: 'T123456', name: 'Acme HQ' },
      auth: { hasAccessToken: true },
    });
    expect(payload?.idempotency).toMatchObject({ key: 'connect-acme-1', replayed: false });
    expect(payload?.rateLimit?.limit).toBeTypeOf('number');
    expect(payload?.headers.map(({ name }) => name)).toContain('ratelimit-limit');
  });

  it('run again says that it was replayed, and one connection exists', async () => {
    await using harness = await startHarness();
    const { client } = await connect(harness);
    await client.mutate({ mutation: CreateChannelConnectionDocument });
    const { data } = await client.mutate({ mutation: CreateChannelConnectionDocument });
    expect(data?.createChannelConnection?.idempotency.replayed).toBe(true);
    expect(data?.createChannelConnection?.channelConnection?.identifier).toBe(identifier);
    expect(harness.sandbox.connections()).toHaveLength(1);
  });
});

describe('the normalised cache', () => {
  const WhatTheCreateReturned: TypedDocumentNode<
    { channelConnection: { identifier: string; providerId: string; workspace: { name: string } } | null },
    { identifier: string }
  > = gql`
    query WhatTheCreateReturned($identifier: ID!) {
      channelConnection(identifier: $identifier) {
        identifier
        providerId
        workspace {
          name
        }
      }
    }
  `;

  it('answers what the create returned without another call', async () => {
    await using harness = await startHarness();
    const { client } = await connect(harness);
    await client.mutate({ mutation: CreateChannelConnectionDocument });
    const asked = harness.sandbox.requests.length;
    const { data } = await client.query({ query: WhatTheCreateReturned, variables: { identifier } });
    expect(data?.channelConnection).toMatchObject({ identifier, workspace: { name: 'Acme HQ' } });
    expect(harness.sandbox.requests).toHaveLength(asked);
  });

  it('asks for fields that it has not, once', async () => {
    await using harness = await startHarness();
    const { client } = await connect(harness);
    await client.mutate({ mutation: CreateChannelConnectionDocument });
    const asked = harness.sandbox.requests.length;
    await client.query({ query: ChannelConnectionDocument });
    const { data } = await client.query({ query: ChannelConnectionDocument });
    expect(data?.channelConnection?.subscriber?.subscriberId).toBe('subscriber-123');
    expect(harness.sandbox.requests).toHaveLength(asked + 1);
  });

  it('shows an update to whoever watches the connection', async () => {
    await using harness = await startHarness();
    const { client } = await connect(harness);
    await client.mutate({ mutation: CreateChannelConnectionDocument });
    const names: unknown[] = [];
    const { promise: renamed, resolve } = Promise.withResolvers<void>();
    const watched = client
      .watchQuery({ query: WhatTheCreateReturned, variables: { identifier } })
      .subscribe(({ data }) => {
        const name = data?.channelConnection?.workspace?.name;
        names.push(name);
        if (name === 'Acme Headquarters') resolve();
      });
    await client.mutate({ mutation: UpdateChannelConnectionDocument });
    await renamed;
    watched.unsubscribe();
    expect(names).toEqual(['Acme HQ', 'Acme Headquarters']);
  });

  it('knows a connection by its `id` when no policy says otherwise', async () => {
    await using harness = await startHarness();
    const { client } = await connect(harness, { cache: new InMemoryCache() });
    await client.mutate({ mutation: CreateChannelConnectionDocument });
    await client.query({ query: gql`{ channelConnection(identifier: "${identifier}") { id channel } }` });
    const entries = client.cache.extract() as Record<string, unknown>;
    expect(entries[`ChannelConnection:${identifier}`]).toMatchObject({
      id: identifier,
      channel: 'CHAT',
    });
  });

  it('keeps the names that two connections give one workspace apart', async () => {
    await using harness = await startHarness();
    const { client } = await connect(harness);
    await client.mutate({ mutation: CreateChannelConnectionDocument });
    await client.mutate({
      mutation: gql`
        mutation ($input: CreateChannelConnectionInput!) {
          createChannelConnection(input: $input) {
            channelConnection {
              identifier
              providerId
              workspace {
                id
                name
              }
            }
          }
        }
      `,
      variables: {
        input: connectionInput({
          identifier: 'other',
          subscriberId: 'subscriber-456',
          workspace: { id: 'T123456', name: 'Acme Labs' },
        }),
      },
    });
    const read = (identifier: string) =>
      client.readQuery({ query: WhatTheCreateReturned, variables: { identifier } })?.channelConnection
        ?.workspace.name;
    expect([read(identifier), read('other')]).toEqual(['Acme HQ', 'Acme Labs']);
  });
});

describe('an error', () => {
  const codeOf = (error: unknown) =>
    CombinedGraphQLErrors.is(error) ? error.errors[0]?.extensions?.['code'] : undefined;

  it.each([
    ['UPSTREAM_AUTH_FAILED', { kind: 'status', status: 401 }, false],
    ['UPSTREAM_UNSUPPORTED', { kind: 'status', status: 404, message: 'Feature not enabled' }, false],
    ['UPSTREAM_BAD_RESPONSE', { kind: 'body', status: 200, body: { data: {} } }, true],
  ] as const)('has a code to switch on: %s', async (code, fault, retryable) => {
    await using harness = await startHarness();
    const { client } = await connect(harness);
    harness.sandbox.fail({ ...fault, times: 10 });
    const { data, error } = await client.query({ query: ChannelConnectionDocument, errorPolicy: 'all' });
    expect(data).toEqual({ channelConnection: null });
    expect(codeOf(error)).toBe(code);
    expect(CombinedGraphQLErrors.is(error) && error.errors[0]?.extensions?.['retryable']).toBe(retryable);
  });

  it('in the document has a code as well', async () => {
    await using harness = await startHarness();
    const { client } = await connect(harness);
    const { error } = await client.query({ query: gql`{ nothingLikeIt }`, errorPolicy: 'all' });
    expect(codeOf(error)).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('of the HTTP request shows its status: 401 without a key', async () => {
    await using harness = await startHarness();
    const { uri } = await connect(harness);
    const stranger = new ApolloClient({ cache: new InMemoryCache(), link: new HttpLink({ uri }) });
    const { error } = await stranger.query({ query: ChannelConnectionDocument, errorPolicy: 'all' });
    expect(ServerError.is(error) && [error.statusCode, JSON.parse(error.bodyText)]).toEqual([
      401,
      { errors: [{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED' } }] },
    ]);
  });

  it('that the caller can put right is data, with a code that the compiler knows', async () => {
    await using harness = await startHarness();
    const { client } = await connect(harness);
    harness.sandbox.fail({ kind: 'status', status: 404, message: 'Integration not found' });
    const { data, error } = await client.mutate({ mutation: CreateChannelConnectionDocument });
    expect(error).toBeUndefined();
    const [first] = data?.createChannelConnection?.userErrors ?? [];
    const code: NovuUserErrorCode | undefined = first?.code;
    expect(code).toBe('NOT_FOUND');
    expect(first?.path).toEqual(['input', 'integrationIdentifier']);
  });
});

/** Lets RetryLink see errors that the gateway calls retryable: it looks at broken requests alone. */
const throwRetryable = new ApolloLink(
  (operation, forward) =>
    new Observable((observer) => {
      const subscription = forward(operation).subscribe({
        next(result) {
          if (result.errors?.some(({ extensions }) => extensions?.['retryable'] === true))
            observer.error(new CombinedGraphQLErrors(result));
          else observer.next(result);
        },
        error: (error) => observer.error(error),
        complete: () => observer.complete(),
      });
      return () => subscription.unsubscribe();
    }),
);

const retry = () => new RetryLink({ delay: () => 0, attempts: { max: 3 } });

/** The way to the gateway breaks, once its answer is there. */
function loseAnswers(count: number): ApolloLink {
  let left = count;
  return new ApolloLink(
    (operation, forward) =>
      new Observable((observer) => {
        const subscription = forward(operation).subscribe({
          next(result) {
            left -= 1;
            if (left >= 0) observer.error(new TypeError('fetch failed'));
            else observer.next(result);
          },
          error: (error) => observer.error(error),
          complete: () => observer.complete(),
        });
        return () => subscription.unsubscribe();
      }),
  );
}

const CreateWithoutKey: TypedDocumentNode<{
  createChannelConnection: { idempotency: { source: string; replayed: boolean } };
}> = gql`
  mutation ($input: CreateChannelConnectionInput!) {
    createChannelConnection(input: $input) {
      channelConnection {
        identifier
      }
      idempotency {
        source
        replayed
      }
    }
  }
`;

describe.each([
  ['keeps keys', true],
  ['knows no idempotency keys', false],
])('a retried create, where Novu %s', (_name, idempotency) => {
  it.each([
    ['Novu hangs up after the write', { kind: 'reset-after' }],
    ['Novu hangs up before the write', { kind: 'reset-before' }],
    ['Novu says 500 after the write', { kind: 'error-after' }],
    ['Novu says 500 before the write', { kind: 'error-before' }],
    ['a proxy says 502 after the write', { kind: 'html', status: 502, applied: true }],
  ] as const)('makes one connection when %s', async (_fault, fault) => {
    await using harness = await startHarness({ sandbox: { idempotency } });
    const { client } = await connect(harness, { links: [retry(), throwRetryable] });
    harness.sandbox.fail({ ...fault, match: { method: 'POST' } });
    const { data, error } = await client.mutate({ mutation: CreateChannelConnectionDocument });
    expect(error).toBeUndefined();
    expect(data?.createChannelConnection?.userErrors).toEqual([]);
    expect(data?.createChannelConnection?.channelConnection?.identifier).toBe(identifier);
    expect(harness.sandbox.connections()).toHaveLength(1);
  });

  it('makes one connection when the answer is lost on its way to the client', async () => {
    await using harness = await startHarness({ sandbox: { idempotency } });
    const { client } = await connect(harness, { links: [retry(), loseAnswers(2)] });
    const { data } = await client.mutate({ mutation: CreateChannelConnectionDocument });
    expect(data?.createChannelConnection?.idempotency.replayed).toBe(true);
    expect(harness.sandbox.connections()).toHaveLength(1);
  });

  it('makes one connection, with a key per operation in a header and no identifier', async () => {
    await using harness = await startHarness({ sandbox: { idempotency } });
    const withKey = new SetContextLink(({ headers }) => ({
      headers: { ...headers, 'idempotency-key': crypto.randomUUID() },
    }));
    const { client } = await connect(harness, { links: [withKey, retry(), loseAnswers(1)] });
    const { identifier: _left, ...input } = connectionInput();
    const { data } = await client.mutate({ mutation: CreateWithoutKey, variables: { input } });
    expect(data?.createChannelConnection.idempotency).toMatchObject({ source: 'HEADER', replayed: true });
    expect(harness.sandbox.connections()).toHaveLength(1);
  });

  it('finds out what became of a write whose outcome the gateway did not learn', async () => {
    await using harness = await startHarness({
      sandbox: { idempotency },
      env: { UPSTREAM_TIMEOUT_MS: '600' },
    });
    const seen: unknown[] = [];
    const look = new ApolloLink(
      (operation, forward) =>
        new Observable((observer) =>
          forward(operation).subscribe({
            next(result) {
              seen.push(result.errors?.[0]?.extensions);
              observer.next(result);
            },
            error: (error) => observer.error(error),
            complete: () => observer.complete(),
          }),
        ),
    );
    const { client } = await connect(harness, { links: [retry(), throwRetryable, look] });
    harness.sandbox.fail({ kind: 'hang-after', match: { method: 'POST' } });
    // Nobody answers as long as the first call lasts.
    harness.sandbox.onRequest = (request) =>
      seen.length === 0 && request.index > 0 ? { kind: 'hang-before' } : undefined;
    const { data, error } = await client.mutate({ mutation: CreateChannelConnectionDocument });
    expect(error).toBeUndefined();
    expect(seen[0]).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      outcome: 'UNKNOWN',
      retryable: true,
      identifier,
      idempotencyKey: 'connect-acme-1',
    });
    expect(data?.createChannelConnection?.idempotency.replayed).toBe(true);
    expect(harness.sandbox.connections()).toHaveLength(1);
  });

  it('is not sent again when Novu refused it for good', async () => {
    await using harness = await startHarness({ sandbox: { idempotency } });
    const { client } = await connect(harness, { links: [retry(), throwRetryable] });
    harness.sandbox.fail({ kind: 'status', status: 401, times: 10 });
    const { error } = await client.mutate({ mutation: CreateChannelConnectionDocument, errorPolicy: 'all' });
    expect(CombinedGraphQLErrors.is(error) && error.errors[0]?.extensions).toMatchObject({
      code: 'UPSTREAM_AUTH_FAILED',
      outcome: 'NOT_APPLIED',
      retryable: false,
    });
    expect(post(harness)).toHaveLength(1);
    expect(harness.sandbox.connections()).toHaveLength(0);
  });
});
