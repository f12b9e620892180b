/**
 * Holds the structure of src/ (docs/architecture.md): which folder may import which, no circles, and how long the code
 * is. Every import counts, also `import type` and dynamic ones. `node scripts/structure.ts` prints what it found and
 * ends with 1 when something is against the rules.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

type Rule = { may: readonly string[]; why: string };

/** Each folder (or file of the top level) and what of ours it may import, itself apart. Everything points down. */
const rules: Readonly<Record<string, Rule>> = {
  executor: { may: [], why: 'The executor knows graphql-js and nothing of ours.' },
  upstream: { may: [], why: 'upstream/ is HTTP to Novu: pass in what it needs.' },
  sandbox: {
    may: [],
    why: "sandbox/ is a second reading of Novu's API: shared code would share its mistakes.",
  },
  callers: { may: [], why: 'callers/ is pure and knows no GraphQL.' },
  telemetry: { may: ['callers', 'upstream'], why: 'telemetry/ is told what happened, it asks nobody.' },
  graphql: {
    may: ['callers', 'upstream', 'telemetry'],
    why: 'graphql/ is what resources are built with: it knows no resource, no write and no list.',
  },
  rest: { may: ['graphql', 'callers', 'upstream'], why: 'rest/ is how rows are read, of whatever resource.' },
  writes: {
    may: ['rest', 'graphql', 'callers', 'upstream'],
    why: 'writes/ is how a write travels, of whatever resource.',
  },
  'resources/common': {
    may: ['rest', 'writes', 'graphql', 'callers', 'upstream'],
    why: 'resources/common/ is what several resources share: it knows none of them.',
  },
  resources: {
    may: ['resources/common', 'rest', 'writes', 'graphql', 'callers', 'upstream'],
    why: 'A resource lies above rest/ and writes/ and below schema/.',
  },
  schema: { may: ['resources', 'graphql', 'callers'], why: 'schema/ only imports the resources and builds.' },
  operations: {
    may: ['executor', 'graphql', 'callers', 'telemetry'],
    why: 'operations/ prepares and runs documents of whatever schema.',
  },
  'config.ts': {
    may: ['callers', 'operations', 'upstream'],
    why: 'config.ts reads an environment and nothing else.',
  },
  server: {
    may: ['operations', 'graphql', 'callers', 'telemetry', 'upstream', 'config.ts'],
    why: 'server/ is HTTP: what an operation does lies below.',
  },
  'app.ts': {
    may: [
      'server',
      'operations',
      'schema',
      'graphql',
      'writes',
      'callers',
      'upstream',
      'telemetry',
      'config.ts',
    ],
    why: 'app.ts composes, and nothing else composes.',
  },
  'embed.ts': {
    may: ['app.ts', 'config.ts', 'server'],
    why: 'embed.ts composes for who embeds the gateway, with Yoga loaded.',
  },
  'index.ts': {
    may: [
      'embed.ts',
      'app.ts',
      'server',
      'operations',
      'schema',
      'graphql',
      'writes',
      'callers',
      'upstream',
      'telemetry',
      'config.ts',
      'sandbox',
    ],
    why: 'index.ts is the public API.',
  },
  cli: {
    may: ['config.ts', 'callers', 'upstream', 'telemetry'],
    why: 'cli/ is what the command reads and prints: main.ts does it.',
  },
  'main.ts': {
    may: ['app.ts', 'cli', 'config.ts', 'telemetry', 'sandbox', 'server', 'callers', 'schema', 'operations'],
    why: 'main.ts is the process.',
  },
};

/** Of another resource only these files may be imported: its types, and the one way to its data. */
const openFiles = new Set(['types.ts', 'find.ts']);

const source = new URL('../src/', import.meta.url).pathname;
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort();

const roomOf = (file: string): string => {
  const [first = '', second = ''] = file.split('/');
  if (first !== 'resources') return first;
  return second === 'common' ? 'resources/common' : 'resources';
};

const imports = new Map<string, string[]>();
const lines = new Map<string, number>();
for (const file of files) {
  const text = readFileSync(join(source, file), 'utf8');
  const found = [...text.matchAll(/(?:from|import\(?)\s*'(\.[^']+\.ts)'/g)].map(([, path = '']) =>
    relative(source, normalize(join(source, dirname(file), path))),
  );
  imports.set(
    file,
    found.filter((target) => files.includes(target)),
  );
  const room = roomOf(file);
  lines.set(room, (lines.get(room) ?? 0) + text.split('\n').length - 1);
}

const faults: string[] = [];
for (const [file, targets] of imports) {
  const room = roomOf(file);
  const rule = rules[room];
  if (rule === undefined) {
    faults.push(`${file}: ${room} is not in the list of scripts/structure.ts`);
    continue;
  }
  for (const target of targets) {
    const targetRoom = roomOf(target);
    if (targetRoom !== room && !rule.may.includes(targetRoom))
      faults.push(`${file} imports ${target}. ${rule.why}`);
    const [, resource] = file.split('/');
    const [, other, name = ''] = target.split('/');
    if (room === 'resources' && targetRoom === 'resources' && resource !== other && !openFiles.has(name))
      faults.push(`${file} imports ${target}. Of another resource only types.ts and find.ts are open.`);
  }
}

/** Tarjan's strongly connected components, over files. */
function findCircles(): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string) => {
    index.set(file, index.size);
    low.set(file, index.get(file) ?? 0);
    stack.push(file);
    for (const target of imports.get(file) ?? []) {
      if (!index.has(target)) visit(target);
      if (stack.includes(target)) low.set(file, Math.min(low.get(file) ?? 0, low.get(target) ?? 0));
    }
    if (low.get(file) !== index.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) circles.push(circle);
  };
  for (const file of files) if (!index.has(file)) visit(file);
  return circles;
}

const circles = findCircles();
for (const circle of circles) faults.push(`a circle: ${circle.join(' -> ')}`);

const count = (pick: (room: string) => boolean) =>
  [...lines].filter(([room]) => pick(room)).reduce((sum, [, one]) => sum + one, 0);
console.log(
  `${files.length} files, ${count((room) => room !== 'sandbox')} lines without the sandbox, ` +
    `${count((room) => room === 'sandbox')} in it; ${circles.length} circles, ${faults.length - circles.length} imports against the rules`,
);
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
