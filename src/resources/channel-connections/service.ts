import { type OwnerFilter, isVisible, requireOwn, requireScope, toOwnFilter } from '../../access.ts';
import { type Context, readCall, writeCall } from '../../context.ts';
import type { ConnectionArgs } from '../../graphql/connection.ts';
import { toTopLevelError } from '../../graphql/errors.ts';
import { checkInput, checkKey, type IdempotencyKey, keyFacts, upstreamKeyOf } from '../../graphql/keyed.ts';
import { inTurn, requestLoader } from '../../graphql/loader.ts';
import { type KeyedPayload, type Payload, refusal } from '../../graphql/payload.ts';
import { conflictingIdentifier, type RefusalRules } from '../../graphql/refusals.ts';
import { badArgument, emptyList, type ListValue, listPage, type Order } from '../../graphql/relay.ts';
import { invalidInput, type UserErrorValue } from '../../graphql/user-errors.ts';
import { settleWrite } from '../../graphql/write.ts';
import { readDeleted, readOne } from '../../upstream/answer.ts';
import { waitFor } from '../../upstream/deadline.ts';
import { NovuError } from '../../upstream/errors.ts';
import { noFacts, type ResponseFacts } from '../../upstream/facts.ts';
import { deriveIdentifier } from '../../upstream/idempotency.ts';
import { delayFor } from '../../upstream/retry.ts';
import { toContextKeys } from '../contexts/types.ts';
import {
  createChannelConnection,
  deleteChannelConnection,
  getChannelConnection,
  type ListQuery,
  listChannelConnections,
  updateChannelConnection,
  verifyChannelConnection,
} from './api.ts';
import { createBody, updateBody } from './input.ts';
import {
  type AuthBody,
  type ChannelConnection,
  type CreateChannelConnectionBody,
  parseChannelConnection,
} from './wire.ts';

/** Express' default limit on this route of Novu's. */
const maxBodyBytes = 100 * 1024;
const tooLarge = () => [invalidInput('The input is larger than the 100 KB that Novu takes.', ['input'])];
const unknownConnection = 'No channel connection has this identifier.';

const rules: RefusalRules = {
  resource: 'ChannelConnection',
  inputFields: new Set([
    'identifier',
    'subscriberId',
    'context',
    'connectionMode',
    'integrationIdentifier',
    'workspace',
    'auth',
  ]),
  subject: unknownConnection,
  validation: [
    {
      pattern: /^context is required when connectionMode/,
      message: 'context is required when connectionMode is SHARED.',
      path: ['input', 'context'],
    },
    {
      pattern: /^subscriberId is required when connectionMode/,
      message: 'subscriberId is required when connectionMode is SUBSCRIBER.',
      path: ['input', 'subscriberId'],
    },
    {
      pattern: /^Either subscriberId or context/,
      message: 'Either subscriberId or context must be given.',
      path: ['input'],
    },
    {
      pattern: /^Token rotation is not supported/,
      message: "The integration's provider does not take a refresh token.",
      path: ['input', 'auth', 'refreshToken'],
    },
    {
      pattern: /must have clientId and secretKey configured/,
      message: 'The integration needs clientId and secretKey to keep a refresh token.',
      path: ['input', 'auth', 'refreshToken'],
    },
    {
      pattern: /^(?:Invalid context payload structure|Too many contexts)/,
      message: 'Novu refused the contexts.',
      path: ['input', 'context'],
    },
  ],
  notFound: [
    {
      pattern: /^Integration not found/,
      message: 'No integration has this identifier.',
      path: ['input', 'integrationIdentifier'],
    },
    {
      pattern: /^Subscriber not found/,
      message: 'No subscriber has this id.',
      path: ['input', 'subscriberId'],
    },
  ],
};

const connections = Symbol('channel connections');

/** Reads of this request by identifier: one call for each distinct one. */
function loaderOf(context: Context) {
  return requestLoader<string, ChannelConnection | null>(context, connections, (identifiers) =>
    Promise.all(
      identifiers.map((identifier) =>
        inTurn(context, () => getChannelConnection(context.novu, identifier, readCall(context))).then(
          (answer) => answer?.value ?? null,
          (error: unknown) => toTopLevelError(error) as Error,
        ),
      ),
    ),
  );
}

/** One connection, or null when there is none by that identifier that the caller may see. */
export async function findChannelConnection(
  context: Context,
  identifier: string,
): Promise<ChannelConnection | null> {
  requireScope(context.caller, 'channel-connections:read');
  const row = await loaderOf(context).load(identifier);
  return row !== null && isVisible(context.caller, row) ? row : null;
}

export type ChannelConnectionFilter = {
  subscriberId?: string | null | undefined;
  channel?: string | null | undefined;
  providerId?: string | null | undefined;
  integrationIdentifier?: string | null | undefined;
  contextKeys?: readonly string[] | null | undefined;
  connectionMode?: 'SUBSCRIBER' | 'SHARED' | null | undefined;
};

type ListArgs = ConnectionArgs & {
  filter?: ChannelConnectionFilter | null | undefined;
  orderBy?: Order | null | undefined;
};

const newestFirst: Order = { field: 'CREATED_AT', direction: 'DESC' };

/** A page of connections. `subscriberId` is that of the parent: only the subscriber's own, without shared ones. */
export async function listConnections(
  context: Context,
  args: ListArgs,
  subscriberId?: string,
): Promise<ListValue<ChannelConnection>> {
  requireScope(context.caller, 'channel-connections:read');
  const { filter, asked } = toFilter(args.filter ?? {}, subscriberId);
  const own = toOwnFilter(context.caller, asked);
  if (own === null) return emptyList(args);
  const query = { ...filter, ...own };
  return listPage(
    args,
    args.orderBy ?? newestFirst,
    ['channel-connections', query],
    async ({ reverse: _, ...page }) => {
      const fetched = await listChannelConnections(context.novu, { ...page, ...query }, readCall(context));
      fetched.page.items = fetched.page.items.filter((row) => isVisible(context.caller, row));
      return fetched;
    },
  );
}

function toFilter(
  filter: ChannelConnectionFilter,
  parent: string | undefined,
): { filter: Omit<ListQuery, 'limit'>; asked: OwnerFilter } {
  const { channel, providerId, integrationIdentifier, contextKeys, connectionMode } = filter;
  if (channel === 'UNRECOGNIZED') throw badArgument('filter.channel', 'can be any channel but UNRECOGNIZED');
  for (const name of ['subscriberId', 'providerId', 'integrationIdentifier'] as const) {
    if (filter[name] === '') throw badArgument(`filter.${name}`, 'must not be empty');
    if (filter[name]?.isWellFormed() === false) throw badArgument(`filter.${name}`, 'must be valid Unicode');
  }
  if (contextKeys?.some((key) => key === '' || !key.isWellFormed()))
    throw badArgument('filter.contextKeys', 'must hold texts like type:id');
  const foreign = parent !== undefined && filter.subscriberId != null && filter.subscriberId !== parent;
  if (foreign) throw badArgument('filter.subscriberId', 'must be left out here, or be the subscriber itself');
  const subscriberId = parent ?? filter.subscriberId;
  const mode =
    parent !== undefined
      ? 'subscriber'
      : connectionMode == null
        ? null
        : connectionMode === 'SHARED'
          ? 'shared'
          : 'subscriber';
  if (parent !== undefined && connectionMode === 'SHARED')
    throw badArgument('filter.connectionMode', 'can only be SUBSCRIBER below a subscriber');
  return {
    filter: {
      ...(channel != null && { channel: channel.toLowerCase() }),
      ...(providerId != null && { providerId }),
      ...(integrationIdentifier != null && { integrationIdentifier }),
    },
    asked: {
      ...(subscriberId != null && { subscriberId }),
      ...(contextKeys != null && { contextKeys }),
      ...(mode !== null && { connectionMode: mode }),
    },
  };
}

/** Creates a connection once: see `CreateOnce` for what that takes. */
export async function createConnection(
  context: Context,
  input: unknown,
  idempotencyKey: IdempotencyKey,
): Promise<KeyedPayload<ChannelConnection>> {
  requireScope(context.caller, 'channel-connections:write');
  const checked = checkInput(createBody, input);
  const keyErrors = checkKey(idempotencyKey);
  if ('userErrors' in checked) return refuse([...keyErrors, ...checked.userErrors], idempotencyKey);
  requireOwn(context.caller, {
    subscriberId: checked.body.subscriberId,
    contextKeys: toContextKeys(checked.body.context),
  });
  if (keyErrors.length > 0) return refuse(keyErrors, idempotencyKey);

  const { key, source } = idempotencyKey;
  const owner = `${context.caller.id} create-channel-connection`;
  const { identifier = deriveIdentifier('chconn_', owner, key), ...rest } = checked.body;
  const expected: CreateChannelConnectionBody & { identifier: string } = { identifier, ...rest };
  const body = JSON.stringify(expected);
  if (Buffer.byteLength(body) > maxBodyBytes) return refuse(tooLarge(), idempotencyKey);

  const call = writeCall(context, secretsOf(expected.auth));
  const written = await settleWrite(
    context.createOnce.run<ChannelConnection>({
      owner,
      key,
      keyIsCallers: source !== 'GENERATED',
      upstreamKey: upstreamKeyOf(context.caller, key),
      identifier,
      identifierIsDerived: checked.body.identifier === undefined,
      body,
      deadline: call.deadline,
      post: (upstreamKey) => createChannelConnection(context.novu, body, upstreamKey, call),
      read: () => getChannelConnection(context.novu, identifier, call),
      identifierOf: (row) => row.identifier,
      createdAtOf: (row) => row.createdAt,
      isSame: (row) => isMadeFrom(row, expected),
      conflictingIdentifier,
    }),
    rules,
    { identifier, idempotencyKey: key },
  );
  loaderOf(context).clear(identifier);
  if (written.value === null)
    return refuse(await hideForeign(context, written.userErrors), idempotencyKey, written.facts);
  const { replayed, honouredUpstream } = written as { replayed: boolean; honouredUpstream: boolean };
  return { ...written, idempotency: keyFacts(idempotencyKey, replayed, honouredUpstream) };
}

/** Replaces workspace and auth of a connection. */
export async function updateConnection(
  context: Context,
  identifier: string,
  input: unknown,
  idempotencyKey: IdempotencyKey,
): Promise<KeyedPayload<ChannelConnection>> {
  requireScope(context.caller, 'channel-connections:write');
  const checked = checkInput(updateBody, input);
  const keyErrors = checkKey(idempotencyKey);
  if ('userErrors' in checked) return refuse([...keyErrors, ...checked.userErrors], idempotencyKey);
  if (keyErrors.length > 0) return refuse(keyErrors, idempotencyKey);
  const body = JSON.stringify(checked.body);
  if (Buffer.byteLength(body) > maxBodyBytes) return refuse(tooLarge(), idempotencyKey);

  const { key } = idempotencyKey;
  const call = writeCall(context, secretsOf(checked.body.auth));
  const update = async () => {
    await requireVisible(context, identifier);
    const answer = await updateChannelConnection(
      context.novu,
      identifier,
      body,
      upstreamKeyOf(context.caller, key),
      call,
    );
    // Novu's fingerprint of a request has no path: it may replay what it answered for another connection.
    if (answer.value.identifier !== identifier && answer.facts.idempotencyReplayed)
      throw new NovuError('key-reused', { facts: answer.facts });
    return answer;
  };
  const written = await settleWrite(update(), rules, { identifier, idempotencyKey: key });
  loaderOf(context).clear(identifier);
  const { facts } = written;
  return {
    ...written,
    idempotency: keyFacts(idempotencyKey, facts.idempotencyReplayed, facts.idempotencyHonoured),
  };
}

/** Deletes a connection; its endpoints stay, as they do in Novu. The value is the identifier. */
export async function deleteConnection(context: Context, identifier: string): Promise<Payload<string>> {
  requireScope(context.caller, 'channel-connections:write');
  const remove = async () => {
    await requireVisible(context, identifier);
    return {
      value: identifier,
      facts: await readDeleted(deleteChannelConnection(context.novu, identifier, writeCall(context, []))),
    };
  };
  const written = await settleWrite(remove(), rules, { identifier });
  loaderOf(context).clear(identifier);
  return written;
}

const maxVerifyTries = 3;

/** Lets Novu check the stored tokens with the provider. */
export async function verifyConnection(
  context: Context,
  identifier: string,
): Promise<Payload<ChannelConnection>> {
  requireScope(context.caller, 'channel-connections:write');
  const call = writeCall(context, []);
  const verify = async () => {
    await requireVisible(context, identifier);
    for (let tries = 1; ; tries += 1) {
      try {
        const answer = await verifyChannelConnection(context.novu, identifier, call);
        if (parseChannelConnection(answer.body) === undefined && answer.body === undefined) {
          const row = await getChannelConnection(context.novu, identifier, call);
          if (row !== null) return { value: row.value, facts: answer.facts };
        }
        return readOne(answer, parseChannelConnection);
      } catch (error) {
        // A second check does no harm, so an answer that got lost is asked for again; Novu's own word stands.
        const lost = error instanceof NovuError && error.applied === 'unknown' && !error.answeredByNovu;
        if (!lost || tries >= maxVerifyTries || !(await waitFor(delayFor(error, tries), call.deadline)))
          throw error;
      }
    }
  };
  const written = await settleWrite(verify(), { ...rules, other: toProviderError }, { identifier });
  loaderOf(context).clear(identifier);
  return written;
}

/** Novu's two 502s of verify, by their texts; any other is of a proxy in front of it. */
function toProviderError(error: NovuError): UserErrorValue | null {
  if (error.status !== 502 || !error.answeredByNovu) return null;
  const path = ['identifier'];
  if (/token refresh .*already in progress/is.test(error.text)) {
    return {
      type: 'ProviderError',
      code: 'BUSY',
      message: 'A check of these tokens is running already: try again in a few seconds.',
      path,
    };
  }
  if (/token refresh failed/i.test(error.text)) {
    return {
      type: 'ProviderError',
      code: 'PROVIDER_REFUSED',
      message: 'The chat provider refused the stored tokens: connect the workspace again.',
      path,
    };
  }
  return null;
}

/** What an end user may not see doesn't exist for them: checked before every write by identifier. */
async function requireVisible(context: Context, identifier: string): Promise<void> {
  if (context.caller.kind === 'service') return;
  const row = await getChannelConnection(context.novu, identifier, readCall(context));
  if (row === null || !isVisible(context.caller, row.value)) throw new NovuError('not-found');
}

/** A conflict with somebody else's connection keeps its identifier to itself. */
async function hideForeign(
  context: Context,
  userErrors: readonly UserErrorValue[],
): Promise<UserErrorValue[]> {
  if (context.caller.kind === 'service') return [...userErrors];
  return Promise.all(
    userErrors.map(async (error) => {
      if (error.type !== 'ConflictError' || error.existingIdentifier === null) return error;
      const row = await loaderOf(context)
        .load(error.existingIdentifier)
        .catch(() => null);
      return row !== null && isVisible(context.caller, row) ? error : { ...error, existingIdentifier: null };
    }),
  );
}

function refuse(
  userErrors: UserErrorValue[],
  key: IdempotencyKey,
  facts: ResponseFacts = noFacts,
): KeyedPayload<never> {
  return { ...refusal(userErrors, facts), idempotency: keyFacts(key) };
}

function secretsOf({ accessToken, refreshToken }: AuthBody): string[] {
  return refreshToken === undefined ? [accessToken] : [accessToken, refreshToken];
}

/** Whether a stored row is what this body makes: integration, subscriber, contexts and workspace. */
function isMadeFrom(
  row: ChannelConnection,
  body: CreateChannelConnectionBody & { identifier: string },
): boolean {
  const subscriberId = body.connectionMode === 'shared' ? null : (body.subscriberId ?? null);
  const contextKeys = toContextKeys(body.context);
  return (
    row.identifier === body.identifier &&
    row.integrationIdentifier === body.integrationIdentifier &&
    row.subscriberId === subscriberId &&
    row.contextKeys.length === contextKeys.length &&
    contextKeys.every((key) => row.contextKeys.includes(key)) &&
    row.workspace?.id === body.workspace.id &&
    row.workspace.name === (body.workspace.name ?? null) &&
    row.workspace.botUserId === (body.workspace.botUserId ?? null)
  );
}
