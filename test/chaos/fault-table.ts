import type { Fault } from '../../src/sandbox/sandbox.ts';
import { connectionInput, type Execution, type Harness, startHarness } from '../support/harness.ts';

// Produces the two tables of docs/reliability.md from real runs: `npm run chaos -- --tables` prints them.

const operations = ['create', 'update', 'delete', 'read'] as const;
type Operation = (typeof operations)[number];

const identifier = 'fault-table-1';
const auth = { accessToken: 'xoxb-example' };
const input = connectionInput({ identifier });

const documents: Record<Operation, { query: string; variables: Record<string, unknown> }> = {
  create: {
    query: `mutation ($input: CreateChannelConnectionInput!) {
      write: createChannelConnection(input: $input, idempotencyKey: "create-1") { row: channelConnection { identifier } idempotency { replayed } userErrors { code } }
    }`,
    variables: { input },
  },
  update: {
    query: `mutation ($identifier: ID!, $input: UpdateChannelConnectionInput!) {
      write: updateChannelConnection(identifier: $identifier, input: $input, idempotencyKey: "update-1") { row: channelConnection { identifier } idempotency { replayed } userErrors { code } }
    }`,
    variables: { identifier, input: { workspace: { id: 'T1', name: 'Renamed' }, auth } },
  },
  delete: {
    query:
      'mutation ($identifier: ID!) { write: deleteChannelConnection(identifier: $identifier) { row: deletedIdentifier userErrors { code } } }',
    variables: { identifier },
  },
  read: {
    query: 'query ($identifier: ID!) { row: channelConnection(identifier: $identifier) { identifier } }',
    variables: { identifier },
  },
};

const done: Record<Operation, string> = {
  create: 'created',
  update: 'updated',
  delete: 'deleted',
  read: 'read',
};
const path = '/v1/channel-connections';

/** Each meets one request; the rest go well. */
const passing: [name: string, fault: Fault | null][] = [
  ['none', null],
  ['the connection breaks before Novu did anything', { kind: 'reset-before' }],
  ['the connection breaks after the work was done', { kind: 'reset-after' }],
  ['Novu answers 500 before the work', { kind: 'error-before' }],
  ['Novu answers 500 after the work', { kind: 'error-after' }],
  ["a proxy's error page, the work not done", { kind: 'html' }],
  ["a proxy's error page, the work done", { kind: 'html', applied: true }],
  ['429', { kind: 'rate-limited', retryAfterSeconds: 0 }],
  ['no answer, the work not done', { kind: 'hang-before' }],
  ['no answer, the work done', { kind: 'hang-after' }],
  ['the answer is cut off', { kind: 'truncate' }],
  ['the answer is not JSON', { kind: 'not-json' }],
  ['a success with a body that says nothing', { kind: 'body', body: { data: {} } }],
  ['Novu crashes and keeps the key in progress', { kind: 'reset-before', leavesKey: true }],
];

/** Each meets every request. */
const lasting: [name: string, fault: Fault | 'down'][] = [
  ['nobody listens at the address of Novu', 'down'],
  ['every connection breaks', { kind: 'reset-before' }],
  ['no answer ever', { kind: 'hang-before' }],
  ['Novu answers 500', { kind: 'error-before' }],
  ["a proxy's error page", { kind: 'html' }],
  ['429 with `Retry-After: 60`', { kind: 'rate-limited', retryAfterSeconds: 60 }],
];

async function perform(
  operation: Operation,
  idempotency: boolean,
  trouble: Trouble,
  timeoutMs: number,
): Promise<string> {
  const env = { UPSTREAM_TIMEOUT_MS: String(timeoutMs) };
  const harness = await startHarness({ sandbox: { idempotency }, env });
  try {
    if (operation !== 'create') await harness.execute(documents.create.query, documents.create.variables);
    await trouble(harness);
    const before = harness.sandbox.requests.length;
    const { query, variables } = documents[operation];
    const seen = describe(operation, await harness.execute(query, variables));
    const methods = harness.sandbox.requests.slice(before).map((request) => request.method);
    return seen.startsWith('`') ? seen : `${seen}: ${methods.join(' ')}`;
  } finally {
    await harness[Symbol.asyncDispose]();
  }
}

function describe(operation: Operation, { data, errors }: Execution): string {
  const error = errors[0]?.extensions;
  if (error !== undefined) {
    const { code, outcome } = error;
    // With the outcome unknown the code says how it ended, which is a matter of chance here.
    if (outcome === 'UNKNOWN') return '`UNKNOWN`';
    return [code, outcome].flatMap((word) => (typeof word === 'string' ? `\`${word}\`` : [])).join(' ');
  }
  if (operation === 'read') return data.row === null ? 'null' : done.read;
  const { userErrors, row, idempotency } = data.write;
  if (userErrors.length > 0 || row === null) return `\`${userErrors[0]?.code}\``;
  return idempotency?.replayed === true ? `${done[operation]}, replayed` : done[operation];
}

type Trouble = (harness: Harness) => Promise<void> | void;

async function toTable(timeoutMs: number, faults: [name: string, trouble: Trouble][]): Promise<string> {
  const cell = async (operation: Operation, trouble: Trouble) => {
    const [off, on] = await Promise.all([
      perform(operation, false, trouble, timeoutMs),
      perform(operation, true, trouble, timeoutMs),
    ]);
    return off === on ? off : `${off}; with idempotency of Novu ${on}`;
  };
  const rows: string[] = [];
  for (const [name, trouble] of faults) {
    const cells = await Promise.all(operations.map((operation) => cell(operation, trouble)));
    rows.push(`| ${name} | ${cells.join(' | ')} |`);
  }
  return [`| Fault | ${operations.join(' | ')} |`, '|---|---|---|---|---|', ...rows].join('\n');
}

/** What callers see, and which requests Novu saw, when one request fails. */
export function passingTable(): Promise<string> {
  return toTable(
    3_000,
    passing.map(([name, fault]) => [
      name,
      ({ sandbox }) => {
        if (fault !== null) sandbox.fail({ ...fault, match: { path } });
      },
    ]),
  );
}

/** What callers see when every request fails. */
export function lastingTable(): Promise<string> {
  return toTable(
    1_000,
    lasting.map(([name, fault]) => [
      name,
      async ({ sandbox }) => {
        if (fault === 'down') await sandbox.close();
        else sandbox.fail({ ...fault, match: { path }, times: 1_000 });
      },
    ]),
  );
}
