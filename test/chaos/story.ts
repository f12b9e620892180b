import type { Call, Purpose } from './calls.ts';
import { createRandom, type Random } from './random.ts';

/** What a caller asks a gateway for. */
export type Order = {
  kind: Call['kind'];
  purpose: Purpose;
  key: string | null;
  identifier: string | null;
  puts: string | null;
  input: Record<string, unknown> | null;
};

/** One write as its caller sees it, called until the outcome is known. */
export type Settled = {
  order: Order;
  calls: Call[];
  /** `keyless`: its caller got no answer and had no key to call again with. */
  outcome: 'known' | 'unknown' | 'keyless';
};

export type Facts = {
  index: number;
  /** Unique, so that Novu's rule of one connection per integration, subscriber and context is not in the way. */
  subscriberId: string | null;
  contextKeys: string[];
  integrationIdentifier: string;
  workspaceId: string;
};

export type Desk = {
  /** One call; the caller leaves after `leavesAfterMs` when given. */
  call(order: Order, gateway: number, leavesAfterMs: number | null): Promise<Call>;
  pause(ms: number): Promise<void>;
};

const maxTries = 60;

/** The life of one connection: created, created again, changed, read, deleted, by callers who retry with their key. */
export async function live(
  desk: Desk,
  seed: number,
  index: number,
): Promise<{ facts: Facts; settled: Settled[] }> {
  const random = createRandom(seed, index);
  const settled: Settled[] = [];
  const facts = inventFacts(random, index);
  const token = `canary-${seed}-${index}`;
  const input = (changes: Record<string, unknown> = {}) => ({
    integrationIdentifier: facts.integrationIdentifier,
    ...(facts.subscriberId !== null && { subscriberId: facts.subscriberId }),
    ...(facts.contextKeys.length > 0 && {
      context: facts.contextKeys.map((key) => ({ type: 'tenant', id: key.slice('tenant:'.length) })),
    }),
    workspace: { id: facts.workspaceId, name: 'made' },
    auth: { accessToken: token },
    ...changes,
  });

  let lane = 0;
  async function settle(order: Order, first = random.int(0, 1), mayGiveUp = false): Promise<Settled> {
    lane += 1;
    const result = await untilKnown(desk, createRandom(seed, index, lane), order, first, mayGiveUp);
    settled.push(result);
    return result;
  }
  const isDone = ({ calls }: Settled) => calls.at(-1)?.answer.is === 'done';
  const nothing = { puts: null, input: null, key: null, purpose: 'plain' } as const;

  const chosen = random.chance(0.4) ? `chaos-${index}-${random.int(0, 1e6)}` : null;
  const key = random.chance(0.9) ? `create-${seed}-${index}` : null;
  const create: Order = {
    kind: 'create',
    purpose: 'plain',
    key,
    identifier: chosen,
    puts: 'made',
    input: input({ ...(chosen !== null && { identifier: chosen }) }),
  };
  const lanes = key !== null && random.chance(0.2) ? random.pick([2, 2, 2, 4]) : 1;
  const made = await Promise.all(
    Array.from({ length: lanes }, (_, each) => settle(create, each % 2, lanes === 1)),
  );
  const done = made.find(isDone);
  if (done === undefined) return { facts, settled };
  const identifier = identifierOf(done);

  if (key !== null && random.chance(0.25)) await settle(create);
  if (random.chance(0.06)) {
    const other = random.chance(0.5) ? `twin-${index}` : null;
    await settle({
      ...create,
      purpose: 'conflict',
      key: `conflict-${seed}-${index}`,
      identifier: other,
      input: input({ ...(other !== null && { identifier: other }) }),
    });
  }
  if (key !== null && random.chance(0.06)) {
    await settle({
      ...create,
      purpose: 'reuse',
      input: input({
        ...(chosen !== null && { identifier: chosen }),
        ...(random.chance(0.5)
          ? { subscriberId: `somebody-else-${index}` }
          : { workspace: { id: `other-${index}`, name: 'made' } }),
      }),
    });
  }
  if (random.chance(0.3)) await settle({ ...nothing, kind: 'read', identifier });

  const updates = random.pick([0, 0, 1, 1, 2, 3]);
  for (let count = 1; count <= updates; count += 1) {
    const name = `name-${count}`;
    const update: Order = {
      kind: 'update',
      purpose: 'plain',
      key: random.chance(0.8) ? `update-${seed}-${index}-${count}` : null,
      identifier,
      puts: name,
      input: { workspace: { id: facts.workspaceId, name }, auth: { accessToken: token } },
    };
    if (random.chance(0.1)) await Promise.all([settle(update, 0), settle(update, 1)]);
    else await settle(update);
    if (random.chance(0.15)) await settle(update);
    if (random.chance(0.2)) await settle({ ...nothing, kind: 'read', identifier });
  }
  if (key !== null && random.chance(0.1)) await settle(create);

  if (random.chance(0.5)) {
    const remove: Order = { ...nothing, kind: 'delete', identifier };
    if (random.chance(0.1)) await Promise.all([settle(remove, 0), settle(remove, 1)]);
    else await settle(remove);
    if (random.chance(0.15)) await settle(remove);
    if (random.chance(0.2)) await settle({ ...nothing, kind: 'read', identifier });
    if (key !== null && random.chance(0.1)) await settle(create);
  }
  return { facts, settled };
}

function inventFacts(random: Random, index: number): Facts {
  const hasContext = random.chance(0.5);
  return {
    index,
    subscriberId: !hasContext || random.chance(0.5) ? `subscriber-${index}` : null,
    contextKeys: hasContext ? [`tenant:t-${index}`] : [],
    integrationIdentifier: random.pick(['slack-prod', 'teams-prod', 'discord-prod']),
    workspaceId: `W${index}`,
  };
}

function identifierOf({ calls }: Settled): string {
  const answer = calls.at(-1)?.answer;
  return answer?.is === 'done' ? (answer.identifier ?? '') : '';
}

/** Calls, and calls again with the same key on either gateway, until the answer says what became of the write. */
async function untilKnown(
  desk: Desk,
  random: Random,
  order: Order,
  first: number,
  mayGiveUp: boolean,
): Promise<Settled> {
  const calls: Call[] = [];
  let { key } = order;
  let gateway = first;
  let isOpen = false;
  while (calls.length < maxTries) {
    // Without a key of their own, callers can only retry with what an answer gave them.
    const leaves = (key !== null || order.kind !== 'create') && random.chance(0.06);
    const call = await desk.call({ ...order, key }, gateway, leaves ? random.int(1, 300) : null);
    calls.push(call);
    const { answer } = call;
    const isUnknown = answer.is === 'nothing' || (answer.is === 'failed' && answer.outcome === 'UNKNOWN');
    if (isUnknown) isOpen = true;
    if (answer.is === 'failed' && isUnknown && key === null && order.kind !== 'delete')
      key = answer.idempotencyKey;
    const isAnswer =
      answer.is === 'done' || (answer.is === 'refused' && answer.code !== 'IDEMPOTENCY_IN_PROGRESS');
    if (isAnswer) return { order, calls, outcome: 'known' };
    if (answer.is === 'nothing' && key === null && order.kind === 'create')
      return { order, calls, outcome: 'keyless' };
    if (mayGiveUp && !isOpen && answer.is === 'failed' && random.chance(0.3))
      return { order, calls, outcome: 'known' };
    gateway = random.int(0, 1);
    const asked = answer.is === 'failed' || answer.is === 'refused' ? answer.retryAfterMs : 0;
    await desk.pause(Math.min(asked, 700) + random.int(5, Math.min(400, 40 * calls.length)));
  }
  return { order, calls, outcome: 'unknown' };
}
