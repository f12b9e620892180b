import type { RecordedRequest, Sandbox } from '../../src/sandbox/sandbox.ts';
import type { GatewayLog } from './gateways.ts';
import type { Finding, Story, Write } from './judge.ts';
import type { Facts, Settled } from './story.ts';
import { storyOf } from './weather.ts';

/** A finding with all that is needed to understand it: the story's calls and its requests to Novu, in their order. */
export type Told = Finding & { requests: string[]; calls: string[] };

const requestIdOf = ({ headers }: RecordedRequest) => String(headers['x-request-id']);

function putsOf({ body }: RecordedRequest): string | null {
  if (body === undefined || body === '') return null;
  const { workspace } = JSON.parse(body) as { workspace?: { name?: string } };
  return workspace?.name ?? null;
}

/** Gives every story the writes that Novu did for it. */
export function attribute(
  told: { facts: Facts; settled: Settled[] }[],
  sandbox: Sandbox,
  log: GatewayLog,
): Story[] {
  const byStory = new Map<number, Write[]>();
  const byIndex = new Map(sandbox.requests.map((request) => [request.index, request]));
  const byRequestId = Map.groupBy(sandbox.requests, requestIdOf);
  const ends = new Map(
    told.flatMap(({ settled }) => settled.flatMap(({ calls }) => calls)).map((call) => [call.name, call]),
  );
  for (const [at, entry] of sandbox.journal.entries()) {
    const request = byIndex.get(entry.requestIndex)!;
    const requestId = requestIdOf(request);
    const by = log.operations.get(requestId) ?? null;
    const call = ends.get(by ?? '');
    const hasLeft = call === undefined || call.answer.is === 'nothing';
    const isAfter = call === undefined || at >= call.to;
    // A call has one request to Novu at a time: a later one says that this one had been given up.
    const isGivenUp = byRequestId
      .get(requestId)!
      .some((other) => other.index > request.index && other.at <= entry.at);
    const story = storyOf(request, sandbox);
    const writes = byStory.get(story) ?? [];
    byStory.set(story, writes);
    writes.push({
      at,
      kind: entry.kind,
      identifier: entry.identifier,
      by,
      puts: putsOf(request),
      late: isGivenUp ? 'novu' : !isAfter ? null : hasLeft ? 'caller' : 'novu',
    });
  }
  const rows = Map.groupBy(sandbox.connections(), (row) => row.workspace['id']);
  return told.map((story) => ({
    ...story,
    writes: byStory.get(story.facts.index) ?? [],
    rows: (rows.get(story.facts.workspaceId) ?? []).map((row) => row.identifier),
  }));
}

export function countFaults(requests: readonly RecordedRequest[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { fault } of requests) if (fault !== null) counts[fault] = (counts[fault] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).toSorted(([one], [other]) => one.localeCompare(other)));
}

export function tellFinding(finding: Finding, story: Story, sandbox: Sandbox, log: GatewayLog): Told {
  const requests = sandbox.requests.filter((request) => storyOf(request, sandbox) === finding.story);
  return {
    ...finding,
    calls: story.settled
      .flatMap(({ calls }) => calls)
      .toSorted((one, other) => one.startedAt - other.startedAt)
      .map(
        ({ name, kind, purpose, gateway, key, puts, from, to, startedAt, endedAt, answer }) =>
          `${name} ${kind} ${purpose} gateway ${gateway} key ${key} puts ${puts} writes ${from}..${to} ms ${Math.round(startedAt)}..${Math.round(endedAt)}: ${JSON.stringify(answer)}`,
      ),
    requests: requests.map((request) => {
      const writes = sandbox.journal
        .map((entry, at) => ({ ...entry, at, time: entry.at }))
        .filter(({ requestIndex }) => requestIndex === request.index)
        .map(({ kind, at, time }) => `${kind} at ${at} after ${time - request.at} ms`);
      return [
        `#${request.index}`,
        new Date(request.at).toISOString().slice(14, 23),
        log.operations.get(requestIdOf(request)) ?? 'nobody',
        request.method,
        request.method === 'POST' ? '' : decodeURIComponent(request.path.split('/')[3] ?? ''),
        `key ${String(request.headers['idempotency-key'] ?? '-')}`,
        request.status ?? 'no answer',
        request.fault ?? '',
        ...writes,
      ].join(' ');
    }),
  };
}
