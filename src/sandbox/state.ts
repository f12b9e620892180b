import { badRequest, notFound } from './errors.ts';
import type { Query } from './http.ts';
import type { ResolvedOptions } from './options.ts';
import { ENVIRONMENT_ID, seedForeignIntegrations, seedIntegrations } from './seed.ts';
import { seedSubscribers } from './seed-subscribers.ts';
import { endpointSlot, slotOf, TOOL_TYPES } from './slots.ts';
import { createIds, createTable, type Table } from './store.ts';
import type {
  StoredConnection,
  StoredContext,
  StoredEndpoint,
  StoredIntegration,
  StoredSubscriber,
} from './rows.ts';
import { isRecord, textOf } from './validation.ts';

export type State = {
  options: ResolvedOptions;
  connections: Table<StoredConnection>;
  endpoints: Table<StoredEndpoint>;
  /** By identifier. */
  integrations: Map<string, StoredIntegration>;
  /** Of other environments of the organization: shown by older servers, found by no call. */
  foreignIntegrations: readonly StoredIntegration[];
  /** By subscriberId. */
  subscribers: Map<string, StoredSubscriber>;
  /** By `type:id`; rows appear on first use, even when the create that used them fails later. */
  contexts: Map<string, StoredContext>;
  nextId: () => string;
  /** The sandbox's own address, for redirects; empty until it listens. */
  url: string;
};

export type WriteKind = 'create' | 'update' | 'delete';
export type TableName = 'connections' | 'endpoints' | 'subscribers' | 'contexts';

/** What a handler gets of one request. */
export type Call = {
  /** The last named part of the path, decoded; empty where the route has none. */
  identifier: string;
  /** The context's type, where the route has one. */
  type: string;
  query: Query;
  body: Record<string, unknown>;
  /** Waits between the checks and the write of a create, where Novu's races are. */
  beforeWrite: (() => Promise<void>) | undefined;
  /** Records a write that was applied. */
  wrote: (kind: WriteKind, table: TableName, identifier: string) => void;
};

export type Handlers<Operation extends string> = Record<Operation, (call: Call) => unknown>;

/** Whether this server has the unique index for endpoints of the type. */
export const hasEndpointIndex = ({ options }: State, type: string): boolean =>
  options.uniqueIndexes && (type in TOOL_TYPES || options.uniqueChatUsers);

export function createState(options: ResolvedOptions): State {
  const state: State = {
    options,
    connections: createTable((row) => slotOf(row.integrationIdentifier, row.subscriberId, row.contextKeys)),
    endpoints: createTable<StoredEndpoint>(endpointSlot),
    integrations: new Map(),
    foreignIntegrations: seedForeignIntegrations(),
    subscribers: new Map(),
    contexts: new Map(),
    nextId: createIds(() => options.clock()),
    url: '',
  };
  seed(state);
  return state;
}

export function seed(state: State): void {
  state.connections.clear();
  state.endpoints.clear();
  state.contexts.clear();
  state.integrations = new Map(seedIntegrations().map((row) => [row.identifier, row]));
  state.subscribers = new Map(seedSubscribers().map((row) => [row.subscriberId, row]));
}

export function requireIntegration(state: State, value: unknown): StoredIntegration {
  const identifier = textOf(value);
  const integration = state.integrations.get(identifier);
  if (!integration) throw notFound(`Integration not found: ${identifier}`);
  return integration;
}

export const knowsSubscriber = (state: State, subscriberId: string): boolean =>
  state.options.knowsEverySubscriber || state.subscribers.has(subscriberId);

export function createSubscriber(state: State, subscriberId: string): StoredSubscriber {
  guardRoom(state, state.subscribers.size);
  const now = new Date(state.options.clock()).toISOString();
  const row: StoredSubscriber = {
    _id: state.nextId(),
    subscriberId,
    data: {},
    channels: [],
    topics: [],
    isOnline: null,
    lastOnlineAt: null,
    createdAt: now,
    updatedAt: now,
  };
  state.subscribers.set(subscriberId, row);
  return row;
}

/** Adds contexts that are not there yet, leaves the data of the others alone, returns the sorted keys. */
export function resolveContexts(state: State, context: unknown): string[] {
  if (!isRecord(context)) return [];
  const keys = Object.entries(context).map(([type, value]) => {
    const id = textOf(isRecord(value) ? value['id'] : value);
    const known = state.contexts.get(`${type}:${id}`);
    return (known ?? createContext(state, type, id, isRecord(value) ? value['data'] : undefined)).key;
  });
  return keys.sort((a, b) => a.localeCompare(b));
}

export function createContext(state: State, type: string, id: string, data: unknown): StoredContext {
  guardRoom(state, state.contexts.size);
  const now = new Date(state.options.clock()).toISOString();
  const key = `${type}:${id}`;
  const row = {
    _id: state.nextId(),
    type,
    id,
    key,
    data: { ...Object(data) },
    createdAt: now,
    updatedAt: now,
  };
  state.contexts.set(key, row);
  return row;
}

export function requireFeature(state: State): void {
  if (!state.options.featureEnabled) throw notFound('Feature not enabled');
}

/** The sandbox's own bound on a table. */
export function guardRoom({ options: { maxRows } }: State, size: number): void {
  if (size >= maxRows) throw badRequest(`Sandbox is full: ${maxRows} rows are stored (maxRows)`);
}

/** The unique index on (environment, identifier), and the table's bound. */
export function guardInsert(
  state: State,
  table: Table<StoredConnection> | Table<StoredEndpoint>,
  identifier: string,
): void {
  if (state.options.uniqueIndexes && table.byIdentifier(identifier)) {
    throw duplicateKey(identifier);
  }
  guardRoom(state, table.size);
}

/** What MongoDB throws where a unique index is violated: Novu answers with its opaque 500. */
export const duplicateKey = (value: string): Error =>
  new Error(`E11000 duplicate key error: ${ENVIRONMENT_ID} ${value}`);
