import { filterOf, type Page, paginate, parseCursorQuery } from './cursor.ts';
import { ApiError, badRequest, conflict, notFound } from './errors.ts';
import { ENVIRONMENT_ID, ORGANIZATION_ID } from './seed.ts';
import { type Call, createSubscriber, type Handlers, type State } from './state.ts';
import type { StoredSubscriber } from './rows.ts';
import { checkProfile, profileOf } from './subscriber-profile.ts';
import { collectChecks, type Json, textOf } from './validation.ts';

type Operation = 'list' | 'create' | 'retrieve' | 'update' | 'remove';

/** The ids that Novu's pattern accepts; checked only with the option `checksSubscriberIds`. */
const SUBSCRIBER_ID = /^(?:[a-zA-Z0-9._-]+|[^\s@]+@[^\s@]+\.[^\s@]+)$/;

export const subscriberHandlers = (state: State): Handlers<Operation> => ({
  list({ query }: Call): Page<Json> {
    const checks = collectChecks();
    for (const name of ['email', 'name', 'phone', 'subscriberId']) checks.optionalString(query[name], name);
    const list = parseCursorQuery(query, 'ListSubscribersCommand', checks, '_id');
    const name = filterOf(query['name'])?.toLowerCase();
    const isListed = (row: StoredSubscriber): boolean =>
      (['email', 'phone', 'subscriberId'] as const).every(
        (field) => filterOf(query[field]) === undefined || row[field] === filterOf(query[field]),
      ) &&
      (name === undefined || `${row.firstName ?? ''} ${row.lastName ?? ''}`.toLowerCase().includes(name));
    const rows = [...state.subscribers.values()];
    const page = paginate(rows.filter(isListed), list, (id) => rows.find((row) => row._id === id));
    return { ...page, data: page.data.map(show) };
  },

  /** An existing subscriber is updated; `data` left out is `{}`, which replaces what is stored. */
  create({ body, query, wrote }: Call): Json {
    const checks = collectChecks();
    checks.filledString(body['subscriberId'], 'subscriberId');
    checkProfile(checks, body);
    checks.done();
    const subscriberId = textOf(body['subscriberId']);
    const known = state.subscribers.get(subscriberId);
    if (known && query['failIfExists'] === 'true') {
      throw conflict(`Subscriber with id "${subscriberId}" already exists`);
    }
    const row = known ?? createSubscriber(state, subscriberId);
    change(state, row, { ...profileOf(body), data: { ...Object(body['data']) } });
    wrote(known ? 'update' : 'create', 'subscribers', subscriberId);
    return show(row);
  },

  retrieve({ identifier }: Call): Json {
    const row = state.subscribers.get(identifier);
    if (!row) throw notFound(`Subscriber: ${identifier} was not found`);
    return show(row);
  },

  update({ identifier, body, wrote }: Call): Json {
    const checks = collectChecks();
    checkProfile(checks, body);
    checks.done();
    const row = state.subscribers.get(identifier);
    if (!row) throw notFound(`Subscriber ${identifier} was not found`);
    if (state.options.checksSubscriberIds && !SUBSCRIBER_ID.test(identifier)) {
      throw badRequest(
        `Invalid subscriberId: ${identifier}, only alphanumeric characters, -, _, and . or valid email addresses are allowed`,
      );
    }
    change(state, row, profileOf(body));
    wrote('update', 'subscribers', identifier);
    return show(row);
  },

  /** Connections and endpoints of the subscriber stay. */
  remove({ identifier, wrote }: Call): Json {
    if (!state.subscribers.delete(identifier)) {
      throw new ApiError(404, 'Subscriber was not found', { externalSubscriberId: identifier });
    }
    wrote('delete', 'subscribers', identifier);
    return { acknowledged: true, status: 'deleted' };
  },
});

function change(state: State, row: StoredSubscriber, values: Partial<StoredSubscriber>): void {
  Object.assign(row, values, { updatedAt: new Date(state.options.clock()).toISOString() });
}

const show = (row: StoredSubscriber): Json => ({
  ...row,
  deleted: false,
  _environmentId: ENVIRONMENT_ID,
  _organizationId: ORGANIZATION_ID,
});
