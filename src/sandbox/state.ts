import { ENVIRONMENT_ID, SUBSCRIBERS, seedIntegrations } from './seed.ts';
import type { ResolvedOptions } from './options.ts';
import { badRequest, notFound } from './errors.ts';
import {
  createIds,
  createTable,
  type StoredConnection,
  type StoredEndpoint,
  type StoredIntegration,
  type Table,
} from './store.ts';
import type { Query } from './http.ts';
import { textOf } from './validation.ts';

export type State = {
  options: ResolvedOptions;
  connections: Table<StoredConnection>;
  endpoints: Table<StoredEndpoint>;
  integrations: Map<string, StoredIntegration>;
  subscribers: Set<string>;
  /** `type:id` to data; rows appear on first use, even when the create that used them fails later. */
  contexts: Map<string, unknown>;
  nextId: () => string;
};

export type WriteKind = 'create' | 'update' | 'delete';
export type TableName = 'connections' | 'endpoints';

/** What a handler gets of one request. */
export type Call = {
  identifier: string;
  query: Query;
  body: Record<string, unknown>;
  /** Waits between the checks and the write of a create, where Novu's races are. */
  beforeWrite: (() => Promise<void>) | undefined;
  /** Notes a write that was applied. */
  wrote: (kind: WriteKind, table: TableName, identifier: string) => void;
};

export type Handlers<Operation extends string> = Record<Operation, (call: Call) => unknown>;

export const slotOf = (
  integrationIdentifier: string,
  subscriberId: string | null,
  contextKeys: readonly string[],
): string => JSON.stringify([integrationIdentifier, subscriberId, ...contextKeys.toSorted()]);

export const TOOL_TYPES: Readonly<Record<string, string>> = {
  pagerduty_service: 'PagerDuty',
  opsgenie_integration: 'Opsgenie',
  grafana_oncall_integration: 'Grafana',
  tool_webhook: 'Tool webhook',
};

export function createState(options: ResolvedOptions): State {
  const state: State = {
    options,
    connections: createTable((row) => slotOf(row.integrationIdentifier, row.subscriberId, row.contextKeys)),
    endpoints: createTable((row) =>
      row.type in TOOL_TYPES ? slotOf(row.integrationIdentifier, row.subscriberId, []) : undefined,
    ),
    integrations: new Map(),
    subscribers: new Set(),
    contexts: new Map(),
    nextId: createIds(() => options.clock()),
  };
  seed(state);
  return state;
}

export function seed(state: State): void {
  state.connections.clear();
  state.endpoints.clear();
  state.contexts.clear();
  state.integrations = new Map(seedIntegrations().map((row) => [row.identifier, row]));
  state.subscribers = new Set(SUBSCRIBERS);
}

export function requireIntegration(state: State, value: unknown): StoredIntegration {
  const identifier = textOf(value);
  const integration = state.integrations.get(identifier);
  if (!integration) throw notFound(`Integration not found: ${identifier}`);
  return integration;
}

export const knowsSubscriber = (state: State, subscriberId: string): boolean =>
  state.options.knowsEverySubscriber || state.subscribers.has(subscriberId);

export function requireFeature(state: State): void {
  if (!state.options.featureEnabled) throw notFound('Feature not enabled');
}

/** The unique index on (environment, identifier) and the sandbox's own bound. */
export function guardInsert(
  state: State,
  table: Table<StoredConnection> | Table<StoredEndpoint>,
  identifier: string,
): void {
  if (table.byIdentifier(identifier))
    throw new Error(`E11000 duplicate key error: ${ENVIRONMENT_ID} ${identifier}`);
  const { maxRows } = state.options;
  if (table.size >= maxRows) throw badRequest(`Sandbox is full: ${maxRows} rows are stored (maxRows)`);
}
