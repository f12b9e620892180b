import { createEndpoint } from './create-endpoint.ts';
import { paginate } from './cursor.ts';
import { hasShape } from './endpoint-types.ts';
import { badRequest, notFound } from './errors.ts';
import { isListed, parseListQuery } from './list-query.ts';
import { ENVIRONMENT_ID } from './seed.ts';
import {
  type Call,
  duplicateKey,
  type Handlers,
  hasEndpointIndex,
  requireFeature,
  type State,
} from './state.ts';
import { endpointSlot } from './slots.ts';
import type { StoredEndpoint } from './rows.ts';
import { collectChecks, isRecord, type Json } from './validation.ts';

type Operation = 'list' | 'create' | 'retrieve' | 'update' | 'remove';

export const endpointHandlers = (state: State): Handlers<Operation> => ({
  list({ query }: Call): unknown {
    const list = parseListQuery(query, 'ListChannelEndpointsCommand', state.options);
    requireFeature(state);
    const { subscriberId } = list;
    const owned = subscriberId === undefined ? state.endpoints.all() : state.endpoints.of(subscriberId);
    const page = paginate(
      [...owned].filter((row) => isListed(row, list)),
      list,
      state.endpoints.byId,
    );
    return { ...page, data: page.data.map(show) };
  },

  async create({ body, beforeWrite, wrote }: Call): Promise<unknown> {
    requireFeature(state);
    const row = await createEndpoint(state, body, beforeWrite);
    wrote('create', 'endpoints', row.identifier);
    return show(row);
  },

  retrieve({ identifier }: Call): unknown {
    requireFeature(state);
    return show(requireEndpoint(state, identifier));
  },

  update({ identifier, body, wrote }: Call): unknown {
    const { endpoint } = body;
    const checks = collectChecks();
    if (endpoint === undefined || endpoint === null) checks.fail('endpoint should not be null or undefined');
    else if (!isRecord(endpoint)) checks.fail('endpoint must be an object');
    checks.done();
    requireFeature(state);
    const row = state.endpoints.byIdentifier(identifier);
    if (!row) {
      throw notFound(
        `Channel endpoint with identifier "${identifier}" not found in environment "${ENVIRONMENT_ID}"`,
      );
    }
    if (!isRecord(endpoint) || !hasShape(row.type, endpoint)) {
      throw badRequest(`Endpoint must match the required format for type "${row.type}"`);
    }
    const slot = endpointSlot({ ...row, endpoint });
    const holder = slot === undefined ? undefined : state.endpoints.inSlot(slot);
    if (slot !== undefined && holder && holder !== row && hasEndpointIndex(state, row.type)) {
      throw duplicateKey(slot);
    }
    state.endpoints.change(row, {
      endpoint: { ...endpoint },
      updatedAt: new Date(state.options.clock()).toISOString(),
    });
    wrote('update', 'endpoints', identifier);
    return show(row);
  },

  remove({ identifier, wrote }: Call): void {
    requireFeature(state);
    state.endpoints.remove(requireEndpoint(state, identifier));
    wrote('delete', 'endpoints', identifier);
  },
});

function requireEndpoint(state: State, identifier: string): StoredEndpoint {
  const row = state.endpoints.byIdentifier(identifier);
  if (!row) throw notFound(`Channel endpoint with identifier '${identifier}' not found`);
  return row;
}

function show(row: StoredEndpoint): Json {
  const { _id, ...shown } = row;
  return shown;
}
