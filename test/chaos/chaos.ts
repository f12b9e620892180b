import { setTimeout as delay } from 'node:timers/promises';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { type Answer, type Call, documents, readAnswer } from './calls.ts';
import { attribute, countFaults, tellFinding, type Told } from './evidence.ts';
import { type GatewayProcess, startGateways } from './gateways.ts';
import { judge } from './judge.ts';
import { createRandom } from './random.ts';
import { type Desk, type Facts, live, type Order, type Settled } from './story.ts';
import { makeWeather, type WeatherOptions } from './weather.ts';

export type ChaosOptions = WeatherOptions & {
  /** Creates, updates and deletes, each counted once however often it is called. */
  writes: number;
  /** Stories that are told at the same time. */
  concurrency: number;
  /** Whether Novu honours idempotency keys. */
  idempotency: boolean;
  /** One of the gateways is killed and started again after that many calls, again and again. */
  killEvery: number;
  /** No new story begins after that time. */
  maxMs: number;
  /** One story alone, by its number. */
  only?: number | undefined;
};

export type Report = {
  options: ChaosOptions;
  seconds: number;
  stories: number;
  writes: Record<'create' | 'update' | 'delete', number>;
  reads: number;
  calls: number;
  /** Answers to calls of writes. */
  answers: Record<'acknowledged' | 'refused' | 'NOT_APPLIED' | 'UNKNOWN' | 'nothing', number>;
  /** Writes of which some call was left open, of those how many were settled by calling again, and how many nobody could. */
  open: { writes: number; resolved: number; keyless: number };
  requests: number;
  faults: Record<string, number>;
  restarts: number;
  kills: number;
  leaks: string[];
  findings: Told[];
};

const secretKey = 'canary-novu-secret-key';
const isSecret = (text: string) => text.includes('canary-');

/** Tells stories through two gateways, in front of a Novu that fails; then judges what the callers were told. */
export async function runChaos(
  options: ChaosOptions,
  onProgress?: (writes: number) => void,
): Promise<Report> {
  const beganAt = performance.now();
  const sandbox = createSandbox({
    secretKey,
    idempotency: options.idempotency,
    knowsEverySubscriber: true,
    maxRows: 1e6,
    maxRecords: 1e7,
  });
  const novu = { url: await sandbox.listen(), secretKey };
  const gateways = await startGateways(novu, options.upstreamTimeoutMs, isSecret);
  const weather = makeWeather(sandbox, options);
  const random = createRandom(options.seed);
  const leaks: string[] = [];
  let calls = 0;
  let kills = 0;

  const makeDesk = (index: number): Desk => {
    let count = 0;
    return {
      pause: (ms) => delay(ms),
      async call(order, gateway, leavesAfterMs) {
        calls += 1;
        if (calls % options.killEvery === 0) {
          kills += 1;
          gateways.kill(random.int(0, 1));
        }
        count += 1;
        const name = `S${index}_${count}`;
        const { kind, purpose, key, identifier, puts } = order;
        const asked = { name, kind, purpose, key, identifier, puts, gateway };
        const began = { from: sandbox.journal.length, startedAt: performance.now() };
        const answer = await ask(gateways.get(gateway), name, order, leavesAfterMs, leaks);
        return { ...asked, ...began, to: sandbox.journal.length, endedAt: performance.now(), answer };
      },
    };
  };

  const told: { facts: Facts; settled: Settled[] }[] = [];
  const writes = { create: 0, update: 0, delete: 0 };
  const sumOfWrites = () => writes.create + writes.update + writes.delete;
  let reads = 0;
  let next = options.only ?? 0;
  const isWanted = () =>
    options.only === undefined
      ? sumOfWrites() < options.writes && performance.now() - beganAt < options.maxMs
      : next === options.only;
  const tell = async () => {
    while (isWanted()) {
      const index = next++;
      const story = await live(makeDesk(index), options.seed, index);
      told.push(story);
      for (const { order } of story.settled) {
        if (order.kind === 'read') reads += 1;
        else writes[order.kind] += 1;
      }
      onProgress?.(sumOfWrites());
    }
  };
  try {
    await Promise.all(Array.from({ length: options.concurrency }, tell));
    weather.clear();
  } finally {
    await gateways.stop();
    // What Novu is still slow with ends now.
    await delay(options.upstreamTimeoutMs * 1.3);
    await sandbox.close();
  }

  const { log } = gateways;
  const findings = attribute(told, sandbox, log).flatMap((story) =>
    judge(story).map((finding) => tellFinding(finding, story, sandbox, log)),
  );
  const all = told.flatMap(({ settled }) => settled.filter(({ order }) => order.kind !== 'read'));
  const open = all.filter((each) => each.calls.some(isOpen));
  const answers: Report['answers'] = { acknowledged: 0, refused: 0, NOT_APPLIED: 0, UNKNOWN: 0, nothing: 0 };
  for (const call of all.flatMap((each) => each.calls)) answers[nameOf(call.answer)] += 1;
  return {
    options,
    seconds: Math.round((performance.now() - beganAt) / 100) / 10,
    stories: told.length,
    writes,
    reads,
    calls,
    answers,
    open: {
      writes: open.length,
      resolved: countOutcome(open, 'known'),
      keyless: countOutcome(open, 'keyless'),
    },
    requests: sandbox.requests.length,
    faults: countFaults(sandbox.requests),
    restarts: weather.restarts(),
    kills,
    leaks: [...leaks, ...log.suspicious],
    findings,
  };
}

const countOutcome = (all: Settled[], outcome: Settled['outcome']) =>
  all.filter((each) => each.outcome === outcome).length;

const isOpen = ({ answer }: Call) =>
  answer.is === 'nothing' || (answer.is === 'failed' && answer.outcome === 'UNKNOWN');

function nameOf(answer: Answer): keyof Report['answers'] {
  if (answer.is === 'done') return 'acknowledged';
  if (answer.is === 'failed') return answer.outcome === 'UNKNOWN' ? 'UNKNOWN' : 'NOT_APPLIED';
  return answer.is;
}

async function ask(
  gateway: GatewayProcess,
  name: string,
  { kind, identifier, input, key }: Order,
  leavesAfterMs: number | null,
  leaks: string[],
): Promise<Answer> {
  const variables =
    kind === 'create' ? { input, key } : kind === 'update' ? { identifier, input, key } : { identifier };
  const left = leavesAfterMs === null ? undefined : AbortSignal.timeout(leavesAfterMs);
  try {
    const { text } = await gateway.post({ query: documents[kind](name), variables }, left);
    if (isSecret(text)) leaks.push(`${name}: ${text}`);
    return readAnswer(kind, text);
  } catch {
    return { is: 'nothing' };
  }
}
