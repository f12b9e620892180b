import { isDeepStrictEqual } from 'node:util';
import { toOwnFilter } from '../../callers/access.ts';
import type { Context } from '../../graphql/context.ts';
import type { KeyedPayload, Payload } from '../../graphql/payload.ts';
import { requireOwn } from '../../graphql/policy.ts';
import type { ConnectionArgs, ListValue } from '../../graphql/relay.ts';
import { emptyList, listCollection } from '../../rest/listing.ts';
import { forgetReads } from '../../rest/reads.ts';
import { checkFilterText } from '../../rest/row-filter.ts';
import type { IdempotencyKey } from '../../writes/key.ts';
import type { RefusalRules } from '../../writes/refusals.ts';
import { prepareWrite } from '../../writes/settle.ts';
import { type RowUpdate, updateRow } from '../../writes/update-row.ts';
import { deleteRow } from '../common/row-writes.ts';
import { subscribers } from './api.ts';
import { type UpdateSubscriberBody, UpdateSubscriberInput, UpsertSubscriberInput } from './input.ts';
import type { Subscriber } from './wire.ts';

type Filter = Partial<Record<'subscriberId' | 'email' | 'phone' | 'name', string | null | undefined>>;

/** A page of subscribers; for end users of themself alone. */
export async function listSubscribers(
  context: Context,
  { filter, ...args }: ConnectionArgs & { filter?: Filter | null | undefined },
): Promise<ListValue<Subscriber>> {
  const { subscriberId, email, phone, name } = filter ?? {};
  for (const [field, value] of Object.entries(filter ?? {})) checkFilterText(field, value);
  const own = toOwnFilter(context.caller, subscriberId == null ? {} : { subscriberId });
  if (own === null) return emptyList(context, args);
  const query = {
    ...(own.subscriberId !== undefined && { subscriberId: own.subscriberId }),
    ...(email != null && { email }),
    ...(phone != null && { phone }),
    ...(name != null && { name }),
  };
  return listCollection(context, subscribers, args, {
    scope: ['subscribers', query],
    // Ids of MongoDB begin with the time.
    createdAt: '_id',
    fetchPage: (page) => subscribers.list(context, { ...page, ...query }),
  });
}

const subject = { message: 'No subscriber has this id.', path: ['subscriberId'] };
const validation = (path: string[]) => [
  {
    pattern: /^Invalid subscriberId: /,
    message: 'Novu takes letters, digits, dashes, underscores and dots, or an email address.',
    path,
  },
];
const rules: RefusalRules = {
  resource: 'Subscriber',
  inputFields: UpsertSubscriberInput.fieldNames,
  validation: validation(['subscriberId']),
  notFound: [],
  subject,
};

type Update = Pick<
  RowUpdate<Subscriber>,
  'operation' | 'identifier' | 'body' | 'secrets' | 'update' | 'rules'
> & {
  /** The fields that are set. */
  sent: UpdateSubscriberBody;
  makesMissing: boolean;
};

async function write(
  context: Context,
  key: IdempotencyKey,
  { sent, ...spec }: Update,
): Promise<KeyedPayload<Subscriber>> {
  const payload = await updateRow<Subscriber>(context, key, {
    ...spec,
    get: subscribers.get,
    matches: (row) =>
      Object.entries(sent).every(([name, value]) =>
        isDeepStrictEqual(row[name as keyof UpdateSubscriberBody], value),
      ),
    showsAll: true,
    find: async (subscriberId) => subscribers.load(context, subscriberId),
  });
  forgetReads(context);
  return payload;
}

/** Creates the subscriber, or updates what is there: Novu's own upsert. End users: themself alone. */
export async function upsertSubscriber(
  context: Context,
  input: unknown,
  key: IdempotencyKey,
): Promise<KeyedPayload<Subscriber>> {
  const prepared = prepareWrite(UpsertSubscriberInput, input, key, (body) => {
    requireOwn(context.caller, { subscriberId: body.subscriberId, contextKeys: [] });
    return body;
  });
  if ('refused' in prepared) return prepared.refused;
  const { subscriberId, ...profile } = prepared.sent;
  return write(context, key, {
    operation: 'upsert-subscriber',
    identifier: subscriberId,
    body: prepared.body,
    secrets: prepared.secrets,
    sent: { data: {}, ...profile },
    makesMissing: true,
    update: (novu, _id, body, upstreamKey, call) => subscribers.create(novu, body, upstreamKey, call),
    rules: {
      ...rules,
      validation: validation(['input', 'subscriberId']),
      subject: { ...subject, path: ['input', 'subscriberId'] },
    },
  });
}

/** Sets the given fields of a subscriber. End users: themself alone. */
export async function updateSubscriber(
  context: Context,
  subscriberId: string,
  input: unknown,
  key: IdempotencyKey,
): Promise<KeyedPayload<Subscriber>> {
  const prepared = prepareWrite(UpdateSubscriberInput, input, key, (body) => {
    requireOwn(context.caller, { subscriberId, contextKeys: [] });
    return body;
  });
  if ('refused' in prepared) return prepared.refused;
  return write(context, key, {
    operation: 'update-subscriber',
    identifier: subscriberId,
    body: prepared.body,
    secrets: prepared.secrets,
    sent: prepared.sent,
    makesMissing: false,
    update: subscribers.update,
    rules,
  });
}

/** Deletes a subscriber; the value is the id. End users: themself alone. */
export async function deleteSubscriber(context: Context, subscriberId: string): Promise<Payload<string>> {
  requireOwn(context.caller, { subscriberId, contextKeys: [] });
  return deleteRow(context, subscribers, subscriberId, rules);
}
