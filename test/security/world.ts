import { randomUUID } from 'node:crypto';
import { scopes } from '../../src/callers/caller.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { type Execution, type Harness, novuKey, startHarness } from '../support/harness.ts';
import { createSigner, type Signer } from '../support/tokens.ts';

/** In every value of every row that is not the caller's. */
export const mark = 'MARK';
/** In every stored token, whoever's it is. */
export const tokenMark = 'TOKEN';

/** Somebody with rows. */
export type Persona = {
  subscriberId: string;
  /** The contexts of the token. */
  contexts: readonly string[];
  /** The id of the context `tenant`. */
  tenant: string;
  connection: string;
  endpoint: string;
  /** Begins what this persona makes. */
  prefix: string;
};

export const ada: Persona = {
  subscriberId: 'subscriber-123',
  contexts: ['tenant:a', 'team:a'],
  tenant: 'a',
  connection: 'own-connection',
  endpoint: 'own-endpoint',
  prefix: 'own-',
};
export const bob: Persona = {
  subscriberId: `${mark}-subscriber-b`,
  contexts: [`tenant:${mark}b`],
  tenant: `${mark}b`,
  connection: `${mark}-b`,
  endpoint: `${mark}-endpoint-b`,
  prefix: `${mark}-`,
};

type Row = { identifier: string; subscriberId?: string; context?: Record<string, string> };

/** What Ada sees: her own, whatever its contexts, and shared ones whose every context is in her token. */
const visibleConnections: Row[] = [
  { identifier: ada.connection, subscriberId: ada.subscriberId, context: { tenant: 'a' } },
  { identifier: 'own-plain', subscriberId: ada.subscriberId },
  { identifier: 'own-elsewhere', subscriberId: ada.subscriberId, context: { region: 'elsewhere' } },
  { identifier: 'shared-a', context: { tenant: 'a' } },
  { identifier: 'shared-a-team', context: { tenant: 'a', team: 'a' } },
];
const hiddenConnections: Row[] = [
  { identifier: bob.connection, subscriberId: bob.subscriberId, context: { tenant: bob.tenant } },
  { identifier: `${mark}-b-in-a`, subscriberId: bob.subscriberId, context: { tenant: 'a' } },
  { identifier: `${mark}-b-plain`, subscriberId: bob.subscriberId },
  { identifier: `${mark}-shared-b`, context: { tenant: bob.tenant } },
  { identifier: `${mark}-shared-mixed`, context: { tenant: 'a', team: bob.tenant } },
];
/** Hidden as well, but one of Ada's endpoints names it. */
const linkedConnection: Row = { identifier: 'linked-hidden', context: { tenant: `${mark}b2` } };

type EndpointRow = Row & { subscriberId: string; connectionIdentifier?: string };
const visibleEndpoints: EndpointRow[] = [
  {
    identifier: ada.endpoint,
    subscriberId: ada.subscriberId,
    connectionIdentifier: ada.connection,
    context: { tenant: 'a' },
  },
  { identifier: 'own-endpoint-shared', subscriberId: ada.subscriberId, connectionIdentifier: 'shared-a' },
  {
    identifier: 'own-endpoint-linked',
    subscriberId: ada.subscriberId,
    connectionIdentifier: linkedConnection.identifier,
  },
];
const hiddenEndpoints: EndpointRow[] = [
  {
    identifier: bob.endpoint,
    subscriberId: bob.subscriberId,
    connectionIdentifier: bob.connection,
    context: { tenant: bob.tenant },
  },
  {
    identifier: `${mark}-endpoint-in-a`,
    subscriberId: bob.subscriberId,
    connectionIdentifier: 'shared-a',
    context: { tenant: 'a' },
  },
  {
    identifier: `${mark}-endpoint-on-own`,
    subscriberId: bob.subscriberId,
    connectionIdentifier: ada.connection,
  },
];

const names = (rows: readonly Row[]) => rows.map(({ identifier }) => identifier);
export const visible = {
  connection: names(visibleConnections),
  endpoint: names(visibleEndpoints),
  subscriber: [ada.subscriberId],
  context: [ada.tenant],
};
export const hidden = { connection: names(hiddenConnections), endpoint: names(hiddenEndpoints) };
const everyHidden: ReadonlySet<string> = new Set([
  ...hidden.connection,
  ...hidden.endpoint,
  linkedConnection.identifier,
]);

export type World = AsyncDisposable & {
  harness: Harness;
  sandbox: Harness['sandbox'];
  /** Back to the rows above; nothing asked, nothing written. */
  reset(): Promise<void>;
  /** As an end user with every scope that a token can hold, unless others are given. */
  as(
    persona: Persona,
    scope?: string,
  ): (query: string, variables?: Record<string, unknown>) => Promise<Execution>;
  asService(query: string, variables?: Record<string, unknown>): Promise<Execution>;
  /** Writes to hidden rows since the reset, and hidden rows that are not as they were. */
  harm(): string[];
};

const everyScope = scopes.join(' ');

/** A sandbox full of rows and a gateway that bounds nothing, for walks that are longer than anybody's. */
export async function startWorld(sandboxOptions: SandboxOptions = {}): Promise<World> {
  const signer: Signer = await createSigner();
  const harness = await startHarness({
    sandbox: {
      knowsEverySubscriber: true,
      authShape: 'full',
      supportsVerify: true,
      rateLimiting: false,
      ...sandboxOptions,
    },
    env: {
      ...signer.env,
      LIMIT_DEPTH: '100',
      LIMIT_TOKENS: '100000',
      LIMIT_COST: '10000000',
    },
  });
  const { sandbox } = harness;
  let before = '';
  const hiddenRows = () =>
    JSON.stringify(
      [...sandbox.connections(), ...sandbox.endpoints()].filter(({ identifier }) =>
        everyHidden.has(identifier),
      ),
    );

  const post = async (path: string, body: object) => {
    const response = await fetch(sandbox.url + path, {
      method: 'POST',
      headers: { authorization: `ApiKey ${novuKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (response.status !== 201) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };

  return {
    harness,
    sandbox,
    async reset() {
      sandbox.reset();
      for (const { tenant, prefix } of [ada, bob])
        await post('/v2/contexts', { type: 'tenant', id: tenant, data: { note: `${prefix}note` } });
      // One after the other: the order of rows is part of what is compared.
      for (const row of [...interleave(visibleConnections, hiddenConnections), linkedConnection]) {
        const isHidden = everyHidden.has(row.identifier);
        const text = (what: string) => `${isHidden ? mark : 'own'}-${what}-${row.identifier}`;
        await post('/v1/channel-connections', {
          ...row,
          integrationIdentifier: 'slack-prod',
          workspace: { id: text('workspace'), name: text('name'), botUserId: text('bot') },
          auth: {
            accessToken: `${tokenMark}-${text('access')}`,
            refreshToken: `${tokenMark}-${text('refresh')}`,
          },
        });
      }
      for (const row of interleave(visibleEndpoints, hiddenEndpoints)) {
        const userId = `${everyHidden.has(row.identifier) ? mark : 'own'}-user-${row.identifier}`;
        await post('/v1/channel-endpoints', {
          ...row,
          integrationIdentifier: 'slack-prod',
          type: 'slack_user',
          endpoint: { userId },
        });
      }
      for (const { subscriberId, prefix } of [ada, bob])
        await post('/v2/subscribers', {
          subscriberId,
          firstName: `${prefix}first`,
          email: `${prefix}mail@example.com`,
          data: { note: `${prefix}note` },
        });
      clear(sandbox.requests);
      clear(sandbox.journal);
      before = hiddenRows();
    },
    as(persona, scope = everyScope) {
      const { subscriberId: sub, contexts } = persona;
      const signed = signer.sign({ sub, contexts, scope });
      return async (query, variables = {}) => {
        const authorization = `Bearer ${await signed}`;
        return harness.execute(query, variables, { key: null, headers: { authorization } });
      };
    },
    asService: (query, variables) => harness.execute(query, variables),
    harm() {
      const written = sandbox.journal
        .filter(({ identifier }) => everyHidden.has(identifier))
        .map(({ kind, identifier }) => `${kind} ${identifier}`);
      return hiddenRows() === before ? written : [...written, 'a hidden row has changed'];
    },
    [Symbol.asyncDispose]: () => harness[Symbol.asyncDispose](),
  };
}

const interleave = <T>(some: readonly T[], others: readonly T[]): T[] =>
  some
    .flatMap((one, index) => (others[index] === undefined ? [one] : [one, others[index]]))
    .concat(others.slice(some.length));

const clear = (list: readonly unknown[]) => {
  (list as unknown[]).length = 0;
};

export type Calls = Readonly<Record<string, (persona: Persona) => Record<string, unknown>>>;

/** For every mutation what a persona may do: the ground on which names of somebody else's are put. */
export const calls: Calls = {
  createChannelConnection: ({ prefix, subscriberId, tenant }) => ({
    input: {
      subscriberId,
      integrationIdentifier: 'teams-prod',
      context: [{ type: 'tenant', id: tenant }],
      workspace: { id: `${prefix}workspace` },
      auth: { accessToken: `${tokenMark}-${prefix}new` },
    },
  }),
  updateChannelConnection: ({ prefix, connection }) => ({
    identifier: connection,
    input: { workspace: { id: `${prefix}workspace` }, auth: { accessToken: `${tokenMark}-${prefix}new` } },
  }),
  deleteChannelConnection: ({ connection }) => ({ identifier: connection, withEndpoints: false }),
  verifyChannelConnection: ({ connection }) => ({ identifier: connection }),
  createChannelEndpoint: ({ prefix, subscriberId, tenant, connection }) => ({
    input: {
      subscriberId,
      integrationIdentifier: 'slack-prod',
      connectionIdentifier: connection,
      context: [{ type: 'tenant', id: tenant }],
      address: { slackUser: { userId: `${prefix}user` } },
    },
  }),
  updateChannelEndpoint: ({ prefix, endpoint }) => ({
    identifier: endpoint,
    input: { address: { slackUser: { userId: `${prefix}other-user` } } },
  }),
  deleteChannelEndpoint: ({ endpoint }) => ({ identifier: endpoint }),
  generateConnectOAuthUrl: ({ subscriberId, tenant, connection }) => ({
    input: {
      subscriberId,
      integrationIdentifier: 'slack-prod',
      connectionIdentifier: connection,
      context: [{ type: 'tenant', id: tenant }],
    },
  }),
  generateLinkUserOAuthUrl: ({ subscriberId, tenant, connection }) => ({
    input: {
      subscriberId,
      integrationIdentifier: 'slack-prod',
      connectionIdentifier: connection,
      context: [{ type: 'tenant', id: tenant }],
    },
  }),
  upsertSubscriber: ({ subscriberId, prefix }) => ({
    input: { subscriberId, firstName: `${prefix}other-first`, data: { note: `${prefix}other-note` } },
  }),
  updateSubscriber: ({ subscriberId, prefix }) => ({
    subscriberId,
    input: { lastName: `${prefix}last` },
  }),
  deleteSubscriber: ({ subscriberId }) => ({ subscriberId }),
  createContext: ({ tenant, prefix }) => ({
    input: { type: 'region', id: tenant, data: { note: `${prefix}note` } },
  }),
  updateContext: ({ tenant, prefix }) => ({
    type: 'tenant',
    id: tenant,
    input: { data: { note: `${prefix}other-note` } },
  }),
  deleteContext: ({ tenant }) => ({ type: 'tenant', id: tenant }),
  linkChannelEndpoint: ({ subscriberId, tenant }) => ({
    input: {
      subscriberId,
      integrationIdentifier: 'telegram-prod',
      context: [{ type: 'tenant', id: tenant }],
    },
  }),
};

/** For every query of this schema's own. */
export const reads: Calls = {
  channelConnection: ({ connection }) => ({ identifier: connection }),
  channelConnections: () => ({ first: 100 }),
  channelEndpoint: ({ endpoint }) => ({ identifier: endpoint }),
  channelEndpoints: () => ({ first: 100 }),
  integrations: () => ({}),
  subscriber: ({ subscriberId }) => ({ subscriberId }),
  // A page of ten, since each has lists of their own below.
  subscribers: () => ({ first: 10 }),
  context: ({ tenant }) => ({ type: 'tenant', id: tenant }),
  contexts: () => ({ first: 100 }),
};

/** For every entity its key, as a router would send it. */
export const entities: Readonly<Record<string, (persona: Persona) => Record<string, string>>> = {
  ChannelConnection: ({ connection }) => ({ identifier: connection }),
  ChannelEndpoint: ({ endpoint }) => ({ identifier: endpoint }),
  Integration: () => ({ identifier: 'slack-prod' }),
  Subscriber: ({ subscriberId }) => ({ subscriberId }),
  Context: ({ tenant }) => ({ type: 'tenant', id: tenant }),
};

/** What tells the rows of a list apart, by the type of its nodes. */
export const nodeKeys: Readonly<Record<string, string>> = {
  ChannelConnection: 'identifier',
  ChannelEndpoint: 'identifier',
  Subscriber: 'identifier: subscriberId',
  Context: 'identifier: id',
};

export const freshKey = () => `key-${randomUUID()}`;
