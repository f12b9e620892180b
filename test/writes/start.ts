import { createSecretKey } from 'node:crypto';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { orNull, readOne } from '../../src/upstream/answer.ts';
import { type CallContext, createNovu, type Novu } from '../../src/upstream/client.ts';
import { Deadline } from '../../src/upstream/deadline.ts';
import { NovuError } from '../../src/upstream/errors.ts';
import { isRecord } from '../../src/upstream/json.ts';
import type { UpstreamOptions } from '../../src/upstream/options.ts';
import { WriteError } from '../../src/upstream/write-error.ts';
import { CreateOnce } from '../../src/writes/create-once.ts';
import type { Created, CreateSpec } from '../../src/writes/creation.ts';
import { deriveIdentifier } from '../../src/writes/identifiers.ts';

export const secretKey = 'novu-secret-key-of-the-tests';
export const secret = createSecretKey(Buffer.from('identifier secret of the tests'));
export const path = '/v1/channel-connections';

export type Row = {
  identifier: string;
  subscriberId: unknown;
  workspaceId: unknown;
  createdAt: string | null;
};

function parseRow(body: unknown): Row | undefined {
  if (!isRecord(body) || typeof body['identifier'] !== 'string') return undefined;
  const { identifier, subscriberId, workspace, createdAt } = body;
  return {
    identifier,
    subscriberId,
    workspaceId: isRecord(workspace) ? workspace['id'] : undefined,
    createdAt: typeof createdAt === 'string' ? createdAt : null,
  };
}

export type Call = {
  owner?: string;
  /** Without one the gateway has made it. */
  key?: string;
  identifier?: string;
  subscriberId?: string;
  workspaceId?: string;
  timeoutMs?: number;
  /** More of the spec, or other. */
  changes?: Partial<CreateSpec<Row>>;
};

export type Started = AsyncDisposable & {
  sandbox: Sandbox;
  novu: Novu;
  create(call?: Call, process?: CreateOnce): Promise<Created<Row>>;
  /** Like `create`, with what went wrong. */
  fail(call?: Call, process?: CreateOnce): Promise<WriteError | NovuError>;
  /** Requests that Novu saw. */
  posts(): number;
  reads(): number;
};

/** A sandbox, and `CreateOnce` in front of it. */
export async function start(
  options: SandboxOptions = {},
  upstream: Partial<UpstreamOptions> = {},
): Promise<Started> {
  const sandbox = createSandbox({ secretKey, ...options });
  const novu = createNovu({
    url: new URL(await sandbox.listen()),
    secretKey,
    breakerThreshold: 1000,
    ...upstream,
  });
  const one = new CreateOnce();
  const count = (method: string) => sandbox.requests.filter((request) => request.method === method).length;
  const create = (call: Call = {}, process = one) => process.run(specOf(novu, call));
  return {
    sandbox,
    novu,
    create,
    async fail(call, process) {
      try {
        await create(call, process);
      } catch (error) {
        if (error instanceof WriteError || error instanceof NovuError) return error;
        throw error;
      }
      throw new Error('It succeeded');
    },
    posts: () => count('POST'),
    reads: () => count('GET'),
    async [Symbol.asyncDispose]() {
      await novu.close();
      await sandbox.close();
    },
  };
}

/** What a resource does with one create of a channel connection. */
export function specOf(
  novu: Novu,
  {
    changes,
    owner = 'service:a',
    key,
    subscriberId = 'user-1',
    workspaceId = 'T1',
    timeoutMs = 10_000,
    ...call
  }: Call,
): CreateSpec<Row> {
  const usedKey = key ?? crypto.randomUUID();
  const identifier = call.identifier ?? deriveIdentifier('chconn_', owner, usedKey, secret);
  const body = JSON.stringify({
    identifier,
    subscriberId,
    integrationIdentifier: 'slack-prod',
    workspace: { id: workspaceId },
    auth: { accessToken: 'xoxb-1' },
  });
  const context: CallContext = { deadline: new Deadline(timeoutMs), caller: { id: owner, kind: 'service' } };
  return {
    owner,
    key: usedKey,
    keyIsCallers: key !== undefined,
    upstreamKey: usedKey,
    identifier,
    identifierIsDerived: call.identifier === undefined,
    body,
    deadline: context.deadline,
    post: async (idempotencyKey) =>
      readOne(await novu.request({ method: 'POST', path, body, idempotencyKey }, context), parseRow),
    read: async () => {
      const answer = await orNull(novu.request({ method: 'GET', path: `${path}/${identifier}` }, context));
      return answer && readOne(answer, parseRow);
    },
    isSame: (row) =>
      row.identifier === identifier && row.subscriberId === subscriberId && row.workspaceId === workspaceId,
    conflictingIdentifier: ({ text }) =>
      /with identifier "(.*)" already exists/.exec(text)?.[1] ??
      /Connection ID: (.+)$/.exec(text)?.[1] ??
      null,
    ...changes,
  };
}
