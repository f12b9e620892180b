import { requireOwn } from '../../graphql/policy.ts';
import { type Context, writeCall } from '../../graphql/context.ts';
import type { DefinedInput } from '../../graphql/define-input.ts';
import { toTopLevelError } from '../../graphql/errors.ts';
import { type IdempotencyKey, upstreamKeyOf } from '../../writes/key.ts';
import type { KeyedPayload } from '../../graphql/payload.ts';
import { notFound } from '../../graphql/user-errors.ts';
import { prepareWrite, refuse, settleKeyed } from '../../writes/settle.ts';
import { writesOf } from '../../writes/writes.ts';
import type { CallContext } from '../../upstream/client.ts';
import type { Answered } from '../../upstream/answer.ts';
import { NovuError } from '../../upstream/errors.ts';
import { lookUpConnection, requireOwnConnection } from '../channel-connections/types.ts';
import { unknownConnection } from '../common/row-refusals.ts';
import { toContextKeys } from '../common/contexts.ts';
import { activeIntegrations, integrations, type LinkRoute, requestLink } from './api.ts';
import {
  type ConnectOAuthBody,
  GenerateConnectOAuthUrlInput,
  GenerateLinkUserOAuthUrlInput,
  type LinkChannelEndpointBody,
  LinkChannelEndpointInput,
  type LinkUserOAuthBody,
} from './input.ts';
import { linkRules as rules } from './refusals.ts';
import { type Integration, type Link, oauthLifeMs } from './wire.ts';

/** The integrations of the environment: one call of a request, however many of its fields ask. */
export async function findIntegrations(
  context: Context,
  activeOnly: boolean,
): Promise<readonly Integration[]> {
  try {
    return (await (activeOnly ? activeIntegrations : integrations).list(context, {})).page.items;
  } catch (error) {
    throw toTopLevelError(error);
  }
}

/** One integration out of that list, or null. */
export async function findIntegration(context: Context, identifier: string): Promise<Integration | null> {
  const rows = await findIntegrations(context, false);
  return rows.find((row) => row.identifier === identifier) ?? null;
}

type LinkBody = ConnectOAuthBody | LinkUserOAuthBody | LinkChannelEndpointBody;

type LinkSpec<B extends LinkBody> = {
  route: LinkRoute;
  type: Pick<DefinedInput<B>, 'check'>;
  /** What Novu's own state says of such a link, where it has one. */
  mode: string | null;
  /** The connection that the body names: an end user can name an existing one of their own alone. */
  connectionOf?: (body: B) => string | undefined;
};

async function makeLink<B extends LinkBody>(
  context: Context,
  input: unknown,
  idempotencyKey: IdempotencyKey,
  { route, type, mode, connectionOf }: LinkSpec<B>,
): Promise<KeyedPayload<Link>> {
  const prepared = prepareWrite(type, input, idempotencyKey, (body) => {
    requireOwn(context.caller, {
      subscriberId: body.subscriberId,
      contextKeys: toContextKeys(body.context),
    });
    return body;
  });
  if ('refused' in prepared) return prepared.refused;
  const { sent, body, secrets } = prepared;
  const call = writeCall(context, secrets);
  const named = context.caller.kind === 'user' ? connectionOf?.(sent) : undefined;
  if (named !== undefined) {
    // One that is not theirs looks as if there were none.
    if ((await lookUpConnection(context, named)) !== 'own')
      return refuse([notFound(unknownConnection.message, unknownConnection.path)], idempotencyKey);
    call.recheck = () => requireOwnConnection(context, named, call);
  }
  const upstreamKey = upstreamKeyOf(context.caller, idempotencyKey.key);
  const request = async () => {
    const link = await requestFreshLink(context, route, body, upstreamKey, call, mode);
    // By Novu's word in the link, or else by our clock.
    const expiresAt = link.value.expiresAt ?? new Date(Date.now() + oauthLifeMs);
    return { ...link, value: { ...link.value, expiresAt } };
  };
  const used = writesOf(context.novu).usedKeys.run(
    `${context.caller.id} ${route}`,
    idempotencyKey,
    body,
    request,
  );
  return settleKeyed(used, rules, { idempotencyKey: idempotencyKey.key }, idempotencyKey);
}

/** What Novu repeats from its memory of a key may have expired, or be the answer of another route, or to another caller. */
async function requestFreshLink(
  { novu }: Context,
  route: LinkRoute,
  body: string,
  upstreamKey: string,
  call: CallContext,
  mode: string | null,
): Promise<Answered<Link> & { honouredUpstream: boolean }> {
  const isUsable = ({ value, facts }: Answered<Link>) =>
    !facts.idempotencyReplayed ||
    (value.mode === mode && value.expiresAt !== null && value.expiresAt.getTime() > Date.now());
  try {
    const answer = await requestLink(novu, route, body, upstreamKey, call);
    if (isUsable(answer)) return { ...answer, honouredUpstream: answer.facts.idempotencyHonoured };
  } catch (error) {
    const isReplay = error instanceof NovuError && error.facts.idempotencyReplayed;
    const isKeyOfAnother = error instanceof NovuError && error.kind === 'key-reused';
    if (!isKeyOfAnother && (!isReplay || error.kind !== 'bad-response')) throw error;
  }
  await call.recheck?.();
  const answer = await requestLink(novu, route, body, crypto.randomUUID(), call);
  return { ...answer, honouredUpstream: false };
}

export const connectWorkspace = (context: Context, input: unknown, key: IdempotencyKey) =>
  makeLink(context, input, key, {
    route: 'channel-connections/oauth',
    type: GenerateConnectOAuthUrlInput,
    mode: 'connect',
    connectionOf: ({ connectionIdentifier }) => connectionIdentifier,
  });

export const linkUser = (context: Context, input: unknown, key: IdempotencyKey) =>
  makeLink(context, input, key, {
    route: 'channel-endpoints/oauth',
    type: GenerateLinkUserOAuthUrlInput,
    mode: 'link_user',
    connectionOf: ({ connectionIdentifier }) => connectionIdentifier,
  });

export const linkEndpoint = (context: Context, input: unknown, key: IdempotencyKey) =>
  makeLink(context, input, key, {
    route: 'channel-endpoints/link',
    type: LinkChannelEndpointInput,
    mode: null,
  });
