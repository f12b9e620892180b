import { readFileSync } from 'node:fs';
import { schema } from '../../src/schema/schema.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { positionsOf } from '../security/inputs.ts';
import { worstDocuments } from '../security/worst-documents.ts';
import { novuKey } from '../support/harness.ts';
import { startProcess } from '../support/process.ts';

export type SoakOptions = {
  requests: number;
  /** Requests of one caller at a time; there are ten callers. */
  parallel: number;
  seed: number;
};

export type SoakReport = {
  requests: number;
  /** By status; 0 is a connection that was closed, which only what is no HTTP request may be. */
  statuses: Record<number, number>;
  /** Reads of a polite caller beside them, one after the other, and how many were not answered with a 200. */
  polite: { asked: number; failed: number };
  /** Megabytes of the process after a tenth of the requests, and at the end. */
  rssMb: { early: number; late: number };
  /** What a secret of the run was found in. */
  leaks: string[];
  isAlive: boolean;
};

const secret = 'SecretCanaryOfTheSoak7Xq';
const callers = 10;

/** A small generator that is the same for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Random requests, valid, invalid and hostile, by ten callers against a process of the gateway, and a polite one beside. */
export async function runSoak({ requests, parallel, seed }: SoakOptions): Promise<SoakReport> {
  await using sandbox = createSandbox({ secretKey: novuKey, knowsEverySubscriber: true });
  const novuUrl = await sandbox.listen();
  const keys = Array.from({ length: callers + 1 }, (_, index) => `key-of-caller-${index}-0123456789`);
  await using gateway = startProcess({
    NOVU_API_URL: novuUrl,
    NOVU_SECRET_KEY: novuKey,
    GATEWAY_API_KEYS: keys.map((key, index) => `caller-${index}:${key}`).join(','),
    APQ: 'on',
  });
  const url = await gateway.url;
  const positions = positionsOf(schema);
  const random = createRandom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const statuses: Record<number, number> = {};
  const leaks: string[] = [];
  const pid = gateway.pid ?? 0;

  const wrongValues: readonly unknown[] = [
    null,
    5,
    -1,
    Number.POSITIVE_INFINITY,
    '',
    ' ',
    [],
    {},
    true,
    'x'.repeat(5_000),
    [[[]]],
    '\ud800',
  ];
  let unique = 0;
  const bodies: readonly (() => string)[] = [
    () => JSON.stringify(pick(positions).request(undefined)),
    () => {
      const position = pick(positions);
      return JSON.stringify(position.request(position.isSecret ? secret : pick(wrongValues)));
    },
    () => JSON.stringify(pick(positions).request(secret, { literal: JSON.stringify(secret) })),
    () => JSON.stringify({ query: pick(worstDocuments)[1] }),
    // Documents that never come again, valid and not.
    () =>
      JSON.stringify({
        query: `{ a${(unique += 1)}: channelConnection(identifier: "x${unique}") { identifier } }`,
      }),
    () => JSON.stringify({ query: `{ a${(unique += 1)}: channelConnection(identifier: 5.5) { nothing } }` }),
    () => JSON.stringify({ query: `query Q${(unique += 1)} { __typename }`, operationName: 'Q' }),
    () => `{"query":"{ __typename }","variables":${'['.repeat(200)}`,
    () => JSON.stringify([{ query: '{ __typename }' }]),
    () => JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: secret } } }),
    () => 'x'.repeat(200_000),
  ];

  async function ask(key: string, body: string): Promise<void> {
    let status = 0;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-api-key': key,
          'idempotency-key': `soak-${random()}`,
        },
        body,
      });
      status = response.status;
      const text = await response.text();
      if (!body.includes(`"idempotencyKey":"${secret}"`) && isLeak(body, text))
        leaks.push(text.slice(0, 300));
    } catch {
      // Counted below: a refusal may close a connection whose body nobody reads.
    }
    statuses[status] = (statuses[status] ?? 0) + 1;
  }

  /** What is no secret by its place (an identifier, say) may be shown where the contract shows it. */
  const isLeak = (body: string, text: string) =>
    text.includes(secret) &&
    /"(?:accessToken|refreshToken|url|routingKey|apiKey|authToken|contextHash)":"SecretCanary/.test(body);

  let left = requests;
  let early = 0;
  async function work(index: number): Promise<void> {
    while (left > 0) {
      left -= 1;
      if (early === 0 && left < requests * 0.9) early = rssOf(pid);
      await ask(keys[index] as string, pick(bodies)());
    }
  }
  const polite = { asked: 0, failed: 0 };
  const over = new AbortController();
  async function bePolite(): Promise<void> {
    while (!over.signal.aborted) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': keys[callers] as string },
        body: JSON.stringify({ query: '{ channelConnections(first: 1) { totalCount } }' }),
      });
      polite.asked += 1;
      const { errors } = (await response.json()) as { errors?: unknown };
      if (response.status !== 200 || errors !== undefined) polite.failed += 1;
    }
  }
  const politely = bePolite();
  await Promise.all(Array.from({ length: callers * parallel }, (_, index) => work(index % callers)));
  over.abort();
  await politely;

  const late = rssOf(pid);
  const output = gateway.output() + gateway.errorOutput();
  if (output.includes(secret)) leaks.push('the log');
  const isAlive = (await fetch(new URL('/health', url))).status === 200;
  return { requests, statuses, polite, rssMb: { early, late }, leaks, isAlive };
}

/** Megabytes of memory that a process holds (Linux), or 0 where that is not told. */
function rssOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}
