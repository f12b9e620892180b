import type { Context } from '../../context.ts';
import { readCall, writeCall } from '../../context.ts';
import { toTopLevelError } from '../../graphql/errors.ts';
import { type IdempotencyKey, checkInput, checkKey, keyFacts } from '../../graphql/keyed.ts';
import { type KeyedPayload, refusal } from '../../graphql/payload.ts';
import { conflictingIdentifier, type RefusalRules, toUserErrors } from '../../graphql/refusals.ts';
import { invalidInput } from '../../graphql/user-errors.ts';
import { WriteError } from '../../upstream/create-once.ts';
import { NovuError } from '../../upstream/errors.ts';
import { deriveIdentifier } from '../../upstream/idempotency.ts';
import { toContextKeys } from '../contexts/types.ts';
import { createChannelConnection, getChannelConnection } from './api.ts';
import { createBody } from './input.ts';
import type { ChannelConnection, CreateChannelConnectionBody } from './wire.ts';

/** Express' default limit on this route of Novu's. */
const maxBodyBytes = 100 * 1024;

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
  subject: 'No channel connection has this identifier.',
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

/** One connection of Novu's, or null when there is none by that identifier. */
export async function findChannelConnection(
  context: Context,
  identifier: string,
): Promise<ChannelConnection | null> {
  try {
    return (await getChannelConnection(context.novu, identifier, readCall(context)))?.value ?? null;
  } catch (error) {
    throw toTopLevelError(error);
  }
}

/** Creates a connection once: see `CreateOnce` for what that takes. */
export async function createConnection(
  context: Context,
  input: unknown,
  idempotencyKey: IdempotencyKey,
): Promise<KeyedPayload<ChannelConnection>> {
  const refuse = (userErrors: Parameters<typeof refusal>[0], facts?: Parameters<typeof refusal>[1]) => ({
    ...refusal(userErrors, facts),
    idempotency: keyFacts(idempotencyKey),
  });
  const checked = checkInput(createBody, input);
  const keyErrors = checkKey(idempotencyKey);
  if ('userErrors' in checked) return refuse([...keyErrors, ...checked.userErrors]);
  if (keyErrors.length > 0) return refuse(keyErrors);

  const { key, source } = idempotencyKey;
  const owner = `${context.caller.id} create-channel-connection`;
  const { identifier = deriveIdentifier('chconn_', owner, key), ...rest } = checked.body;
  const expected: CreateChannelConnectionBody & { identifier: string } = { identifier, ...rest };
  const body = JSON.stringify(expected);
  if (Buffer.byteLength(body) > maxBodyBytes)
    return refuse([invalidInput('The input is larger than the 100 KB that Novu takes.', ['input'])]);

  const call = writeCall(context, [expected.auth.accessToken, expected.auth.refreshToken ?? '']);
  try {
    const created = await context.createOnce.run<ChannelConnection>({
      owner,
      key,
      keyIsCallers: source !== 'GENERATED',
      upstreamKey: key,
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
    });
    return {
      value: created.value,
      userErrors: [],
      facts: created.facts,
      idempotency: keyFacts(idempotencyKey, created.replayed, created.honouredUpstream),
    };
  } catch (error) {
    const failure = error instanceof WriteError ? error.failure : error;
    const known =
      error instanceof WriteError && error.outcome !== 'no'
        ? null
        : failure instanceof NovuError && toUserErrors(failure, rules, { idempotencyKey: key, identifier });
    if (known) return refuse(known, (failure as NovuError).facts);
    throw toTopLevelError(error, { identifier, idempotencyKey: key });
  }
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
