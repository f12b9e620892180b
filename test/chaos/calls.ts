/** What a call wants: a share of the creates is wrong on purpose. */
export type Purpose = 'plain' | 'conflict' | 'reuse';

/** One GraphQL operation that a caller sent to one of the gateways, and what came back. */
export type Call = {
  /** Of the operation; unique. */
  name: string;
  kind: 'create' | 'update' | 'delete' | 'read';
  purpose: Purpose;
  gateway: number;
  key: string | null;
  /** Null when the gateway is to derive it. */
  identifier: string | null;
  /** `workspace.name` that this write puts there. */
  puts: string | null;
  /** How many writes the sandbox had noted at the start and at the end: the exact order of things. */
  from: number;
  to: number;
  startedAt: number;
  endedAt: number;
  answer: Answer;
};

export type AnsweredRow = {
  identifier: string;
  integrationIdentifier: string | null;
  subscriberId: string | null;
  contextKeys: string[];
  workspace: { id: string; name: string | null } | null;
};

export type Answer =
  | { is: 'done'; row: AnsweredRow | null; identifier: string | null; replayed: boolean | null }
  | { is: 'refused'; code: string; existingIdentifier: string | null; retryAfterMs: number }
  | {
      is: 'failed';
      code: string;
      outcome: string | null;
      identifier: string | null;
      idempotencyKey: string | null;
      retryAfterMs: number;
    }
  /** The caller left, or the gateway was killed. */
  | { is: 'nothing' };

const row = 'identifier integrationIdentifier subscriberId contextKeys workspace { id name }';
const idempotency = 'idempotency { key replayed }';
const refusals =
  'userErrors { code message ... on NovuConflictError { existingIdentifier } ... on NovuIdempotencyError { retryAfterMs } }';

/** The operations are named one by one, so that the gateway's log tells which request to Novu was whose. */
export const documents = {
  create: (name: string) =>
    `mutation ${name}($input: CreateChannelConnectionInput!, $key: String) { write: createChannelConnection(input: $input, idempotencyKey: $key) { channelConnection { ${row} } ${idempotency} ${refusals} } }`,
  update: (name: string) =>
    `mutation ${name}($identifier: ID!, $input: UpdateChannelConnectionInput!, $key: String) { write: updateChannelConnection(identifier: $identifier, input: $input, idempotencyKey: $key) { channelConnection { ${row} } ${idempotency} ${refusals} } }`,
  delete: (name: string) =>
    `mutation ${name}($identifier: ID!) { write: deleteChannelConnection(identifier: $identifier) { deletedIdentifier ${refusals} } }`,
  read: (name: string) =>
    `query ${name}($identifier: ID!) { channelConnection(identifier: $identifier) { ${row} } }`,
};

type Body = {
  data?: {
    write?: {
      channelConnection?: AnsweredRow | null;
      deletedIdentifier?: string | null;
      idempotency?: { key: string; replayed: boolean };
      userErrors: { code: string; existingIdentifier?: string | null; retryAfterMs?: number | null }[];
    } | null;
    channelConnection?: AnsweredRow | null;
  } | null;
  errors?: { extensions?: Record<string, unknown> }[];
};

export function readAnswer(kind: Call['kind'], text: string): Answer {
  const { data, errors } = JSON.parse(text) as Body;
  if (errors !== undefined) {
    const extensions = errors[0]?.extensions ?? {};
    const texts = (name: string) => (typeof extensions[name] === 'string' ? extensions[name] : null);
    return {
      is: 'failed',
      code: texts('code') ?? 'none',
      outcome: texts('outcome'),
      identifier: texts('identifier'),
      idempotencyKey: texts('idempotencyKey'),
      retryAfterMs: Number(extensions['retryAfterMs'] ?? 0),
    };
  }
  if (kind === 'read') {
    const found = data?.channelConnection ?? null;
    return { is: 'done', row: found, identifier: found?.identifier ?? null, replayed: null };
  }
  const write = data?.write;
  const refusal = write?.userErrors[0];
  if (refusal !== undefined)
    return {
      is: 'refused',
      code: refusal.code,
      existingIdentifier: refusal.existingIdentifier ?? null,
      retryAfterMs: refusal.retryAfterMs ?? 0,
    };
  const found = write?.channelConnection ?? null;
  return {
    is: 'done',
    row: found,
    identifier: found?.identifier ?? write?.deletedIdentifier ?? null,
    replayed: write?.idempotency?.replayed ?? null,
  };
}
