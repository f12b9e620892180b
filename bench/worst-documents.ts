/** Prints what the documents of attackers cost: CPU milliseconds to read, check and answer each, the median of nine. */
import { createSecretKey } from 'node:crypto';
import { parseConfig } from '../src/config.ts';
import { createGateway } from '../src/app.ts';
import type { Novu } from '../src/upstream/client.ts';
import { noFacts } from '../src/upstream/facts.ts';
import { worstDocuments } from '../test/security/worst-documents.ts';
import { callerKey, novuKey } from './operations.ts';

const rounds = 9;
const wantedMs = 10;

const novu: Novu = {
  reachable: true,
  load: { inFlight: 0, waiting: 0 },
  cursorKey: createSecretKey(Buffer.alloc(0)),
  identifierKeys: [createSecretKey(Buffer.alloc(32))],
  earliestAt: () => null,
  readTimeoutMs: 1000,
  writeTimeoutMs: 1000,
  request: async () => ({ status: 200, body: { data: [] }, facts: noFacts, uncertain: false }),
  close: async () => undefined,
};
const config = parseConfig({ NOVU_SECRET_KEY: novuKey, GATEWAY_API_KEYS: `bench:${callerKey}` });
const gateway = createGateway(config, { novu });

async function ask(query: string): Promise<string> {
  const response = await gateway.fetch('http://bench/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': callerKey },
    body: JSON.stringify({ query }),
  });
  const { errors = [] } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
  return `${response.status} ${errors[0]?.extensions.code ?? 'answered'}`;
}

/** No two documents are equal, so that nothing is remembered. */
let asked = 0;
const vary = (query: string) => `${query}#${(asked += 1)}`;

for (let round = 0; round < 20; round += 1)
  for (const [, document] of worstDocuments) if (document.length < 20_000) await ask(vary(document));

const rows: { document: string; 'CPU ms': number; 'most, ms': number; answer: string }[] = [];
for (const [name, document] of worstDocuments) {
  const times: number[] = [];
  let answer = '';
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    answer = await ask(vary(document));
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  times.sort((one, other) => one - other);
  rows.push({
    document: name,
    'CPU ms': Number(times[Math.floor(rounds / 2)]?.toFixed(2)),
    'most, ms': Number(times.at(-1)?.toFixed(2)),
    answer,
  });
}
rows.sort((one, other) => other['CPU ms'] - one['CPU ms']);
console.table(rows);
const dear = rows.filter((row) => row['CPU ms'] > wantedMs);
console.log(
  dear.length === 0 ? `None costs more than ${wantedMs} ms.` : `More than ${wantedMs} ms: ${dear.length}.`,
);
