import type { Call } from './calls.ts';
import type { Facts, Settled } from './story.ts';

/** A write that the sandbox did, in the order in which it did them. */
export type Write = {
  /** Its place among all writes. */
  at: number;
  kind: 'create' | 'update' | 'delete';
  identifier: string;
  /** Name of the call that it was done for; null when its gateway was killed before it could say. */
  by: string | null;
  /** `workspace.name` that it put. */
  puts: string | null;
  /**
   * Done when nobody waited for it any more, and nobody can call it back: `novu` when Novu got to it after the gateway
   * had given the try up, `caller` when the caller had left and the gateway ran the write to its end.
   */
  late: 'novu' | 'caller' | null;
};

export type Story = {
  facts: Facts;
  settled: Settled[];
  writes: Write[];
  /** Identifiers of what the sandbox holds of it at the end. */
  rows: string[];
};

/**
 * - `lost`, `doubled`, `false`: what must never be. `unresolved`: a write whose outcome never became known.
 * - `late`, `overtaken`: an acknowledged write was undone by an earlier one that came after it: one that Novu finished
 *   after the gateway had given it up, or one whose caller had left and gone on with other writes.
 * - `unsure`: `replayed: false` for a row that an earlier, unanswered call had made moments before.
 */
export type Finding = {
  rule: 'lost' | 'doubled' | 'false' | 'unresolved' | 'late' | 'overtaken' | 'unsure';
  story: number;
  text: string;
  call: Call | null;
};

type Row = { puts: string | null; madeBy: Write } | null;
type State = { at: number; row: Row };

/** How long a gateway may go on with a call after its caller has left. */
const maxAfterlifeMs = 20_000;

/** Holds what callers were told against what the sandbox did. */
export function judge(story: Story): Finding[] {
  const { facts, settled, writes, rows: held } = story;
  const findings: Finding[] = [];
  const calls = settled
    .flatMap((each) => each.calls)
    .toSorted((one, other) => one.startedAt - other.startedAt);
  const states = new Map<string, State[]>();
  for (const identifier of new Set(writes.map((write) => write.identifier)))
    states.set(identifier, statesOf(writes.filter((write) => write.identifier === identifier)));

  const add = (rule: Finding['rule'], text: string, call: Call | null = null) =>
    findings.push({ rule, story: facts.index, text, call });
  const during = (identifier: string | null, { from, to }: Call): Row[] =>
    rowsDuring(states.get(identifier ?? '') ?? [], from, to);
  const writesOf = (call: Call) => writes.filter((write) => write.by === call.name);
  const overlaps = (one: Call, name: string | null) => {
    const other = calls.find((call) => call.name === name);
    return other !== undefined && one.startedAt <= endOf(other) && other.startedAt <= endOf(one);
  };

  const conflicts = new Set(calls.filter((call) => call.purpose === 'conflict').map((call) => call.name));
  const creates = writes.filter((write) => write.kind === 'create');
  /** What another caller's key made when nobody waited for it any more. */
  const strays = new Set<string | null>(
    creates
      .filter((write) => write.late !== null && conflicts.has(write.by ?? ''))
      .map((write) => write.identifier),
  );

  for (const { order, calls: tries, outcome } of settled) {
    if (outcome === 'unknown')
      add('unresolved', `${order.kind} was called ${tries.length} times`, tries.at(-1) ?? null);
  }
  for (const call of calls) {
    const { answer, kind } = call;
    if (answer.is === 'nothing') continue;
    if (answer.is === 'failed') {
      if (answer.code === 'INTERNAL_SERVER_ERROR' || answer.code === 'none')
        add('false', 'an unexpected error', call);
      if (kind === 'read') continue;
      if (answer.outcome === 'NOT_APPLIED' && writesOf(call).length > 0)
        add('false', 'NOT_APPLIED, yet done', call);
      if (answer.outcome === 'APPLIED' && writesOf(call).length === 0)
        add('false', 'APPLIED, yet not done', call);
      if (answer.outcome === 'UNKNOWN' && answer.identifier === null)
        add('false', 'UNKNOWN without the identifier to ask with', call);
      if (answer.outcome === 'UNKNOWN' && kind !== 'delete' && answer.idempotencyKey === null)
        add('false', 'UNKNOWN without the key to retry with', call);
      if (answer.outcome === null && answer.code !== 'OVERLOADED')
        add('false', 'an error without an outcome', call);
      continue;
    }
    if (answer.is === 'refused') {
      if (writesOf(call).length > 0) add('false', `refused with ${answer.code}, yet done`, call);
      if (!mayRefuse(call).includes(answer.code)) {
        // The other caller's create that was to meet a conflict came after the delete, when its caller had left.
        const isOthers = answer.code === 'ALREADY_EXISTS' && strays.has(answer.existingIdentifier);
        add(isOthers ? 'overtaken' : 'false', `refused with ${answer.code}`, call);
      }
      if (answer.code === 'NOT_FOUND' && !during(call.identifier, call).includes(null))
        add('false', 'NOT_FOUND, yet it was there', call);
      if (
        answer.code === 'ALREADY_EXISTS' &&
        !during(answer.existingIdentifier, call).some((row) => row !== null)
      )
        add('false', 'a conflict with what is not there', call);
      continue;
    }
    const rows = during(kind === 'create' ? answer.identifier : call.identifier, call);
    const shown = answer.row;
    if (kind === 'delete' || (kind === 'read' && shown === null)) {
      if (!rows.includes(null)) add('false', `${kind} says gone, yet it was there`, call);
      continue;
    }
    if (call.purpose !== 'plain') add('false', 'accepted what had to be refused', call);
    if (shown === null || !isOf(shown, facts, call)) add('false', 'another connection was shown', call);
    const fitting = rows.filter(
      (row) => row !== null && row.puts === (kind === 'update' ? call.puts : shown?.workspace?.name),
    );
    if (fitting.length === 0) {
      const replay =
        kind !== 'read' && answer.replayed === true && wasOnce(states, call, shown?.workspace?.name);
      if (!replay)
        add(kind === 'read' ? 'false' : 'lost', 'acknowledged, but the sandbox holds no such row', call);
    }
    if (kind === 'create') {
      const makers = rows.flatMap((row) => (row === null ? [] : [row.madeBy.by]));
      if (answer.replayed === true && makers.length > 0 && makers.every((by) => by === call.name))
        add('false', 'replayed, yet this call made it', call);
      if (answer.replayed === false && !makers.some((by) => by === call.name || overlaps(call, by)))
        add('unsure', 'not replayed, yet an earlier call had made it', call);
    }
    if (kind === 'update' && answer.replayed === true) {
      const earlier = writes.some(
        (write) => write.kind === 'update' && write.puts === call.puts && write.by !== call.name,
      );
      if (!earlier) add('false', 'replayed, yet no earlier call did it', call);
    }
  }

  const made = new Set(creates.map((write) => write.identifier).filter((each) => !strays.has(each)));
  if (made.size > 1 || held.filter((each) => !strays.has(each)).length > 1)
    add('doubled', `made as ${[...made].join(' and ')}`);
  const standing = [...states]
    .filter(([, each]) => each.at(-1)?.row != null)
    .map(([identifier]) => identifier);
  if (standing.toSorted().join() !== held.toSorted().join())
    add('false', 'the record of the sandbox contradicts what it holds');
  findings.push(...judgeEnd(story, calls, states));
  return findings;
}

/** Whether what was last acknowledged still stands at the end. */
function judgeEnd({ facts, writes }: Story, calls: Call[], states: Map<string, State[]>): Finding[] {
  const last = calls
    .filter((call) => call.kind !== 'read' && call.purpose === 'plain' && isAcknowledged(call))
    .toSorted((one, other) => one.endedAt - other.endedAt)
    .at(-1);
  if (last === undefined) return [];
  const identifier = last.answer.is === 'done' ? last.answer.identifier : last.identifier;
  const end = (states.get(identifier ?? '') ?? []).at(-1)?.row ?? null;
  const lastUpdate = calls
    .filter((call) => call.kind === 'update' && call.answer.is === 'done' && call.endedAt <= last.endedAt)
    .toSorted((one, other) => one.endedAt - other.endedAt)
    .at(-1);
  const isRight =
    last.kind === 'delete'
      ? end === null
      : end !== null && (last.kind === 'create' || end.puts === lastUpdate?.puts);
  if (isRight) return [];
  const late = writes.findLast(
    (write) => write.late !== null && write.identifier === identifier && write.at >= last.from,
  )?.late;
  const text = `at the end ${end === null ? 'it is gone' : `it is there as "${end.puts}"`}, against the last acknowledged ${last.kind}`;
  return [
    {
      rule: late === 'novu' ? 'late' : late === 'caller' ? 'overtaken' : 'lost',
      story: facts.index,
      text,
      call: last,
    },
  ];
}

/** A delete is as good when there is nothing to delete. */
function isAcknowledged({ kind, answer }: Call): boolean {
  return answer.is === 'done' || (kind === 'delete' && answer.is === 'refused');
}

function statesOf(writes: Write[]): State[] {
  const states: State[] = [{ at: -1, row: null }];
  for (const write of writes) {
    const before = states.at(-1)?.row ?? null;
    const madeBy = write.kind === 'create' ? write : (before?.madeBy ?? write);
    states.push({ at: write.at, row: write.kind === 'delete' ? null : { puts: write.puts, madeBy } });
  }
  return states;
}

/** What stood there at some moment of an interval. */
function rowsDuring(states: State[], from: number, to: number): Row[] {
  const before = states.findLast((state) => state.at < from)?.row ?? null;
  return [before, ...states.filter(({ at }) => at >= from && at < to).map(({ row }) => row)];
}

/** Of an answer that Novu kept: true when it was given, whatever became of the row since. */
function wasOnce(states: Map<string, State[]>, call: Call, name: string | null | undefined): boolean {
  const { answer } = call;
  if (call.kind !== 'update' || answer.is !== 'done') return false;
  return (states.get(answer.identifier ?? '') ?? []).some(
    ({ at, row }) => at < call.to && row?.puts === name,
  );
}

function endOf(call: Call): number {
  return call.answer.is === 'nothing' ? call.endedAt + maxAfterlifeMs : call.endedAt;
}

function mayRefuse({ kind, purpose }: Call): string[] {
  if (kind === 'delete') return ['NOT_FOUND'];
  if (kind === 'update') return ['IDEMPOTENCY_IN_PROGRESS'];
  if (purpose === 'conflict') return ['ALREADY_EXISTS', 'IDEMPOTENCY_IN_PROGRESS'];
  if (purpose === 'reuse') return ['IDEMPOTENCY_KEY_REUSED', 'ALREADY_EXISTS', 'IDEMPOTENCY_IN_PROGRESS'];
  return ['IDEMPOTENCY_IN_PROGRESS'];
}

function isOf(
  shown: NonNullable<Extract<Call['answer'], { is: 'done' }>['row']>,
  facts: Facts,
  call: Call,
): boolean {
  return (
    (call.identifier === null || shown.identifier === call.identifier) &&
    shown.integrationIdentifier === facts.integrationIdentifier &&
    shown.subscriberId === facts.subscriberId &&
    shown.contextKeys.join() === facts.contextKeys.join() &&
    shown.workspace?.id === facts.workspaceId
  );
}
