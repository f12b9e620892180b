/**
 * `npm run drift`: what the newest @novu/api on the registry has that the one of this repository has not, or the other
 * way round: providers, and the fields of the types that this gateway's operations are made of. Ends with 0 when there
 * is nothing, with 1 when something changed, with 2 when the registry can't be reached.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the types of a version declare: the name of each type with its lines, one for each field or value. */
export type Declared = ReadonlyMap<string, readonly string[]>;

/** Types whose change concerns the gateway: of these resources, and what they hold. */
const concerns =
  /^(?:providersidenum|channeltypeenum|auth|workspace|.*(?:channelconnection|channelendpoint|endpoint(?:request)?dto|oauthurl|integrationresponse|linkchannel|subscriberrequestdto|subscriberresponsedto|contextrequestdto|contextresponsedto).*)/;

/** The fields and values in a declaration file of the SDK; what is for parsing alone is left out. */
export function readDeclared(text: string): Declared {
  const found = new Map<string, string[]>();
  const blocks = text.matchAll(
    /^export (?:declare const|type|declare enum|interface) (\w+)(?::| =| ) ?\{\n([\s\S]*?)^\};?$/gm,
  );
  for (const [, name = '', body = ''] of blocks) {
    if (/\$|^internal/i.test(name) || name.endsWith('Outbound')) continue;
    const lines = body.matchAll(/^ {4}(?:readonly )?("?[\w$-]+"?\??: .+);$/gm);
    found.set(
      name,
      [...lines].map(([, line = '']) => line),
    );
  }
  return found;
}

/** What changed from one version to the other, a line each; `+` and `-` as in a diff. */
export function compare(ours: Declared, newest: Declared): string[] {
  const names = [...new Set([...ours.keys(), ...newest.keys()])].toSorted();
  return names.flatMap((name) => {
    const before = ours.get(name);
    const after = newest.get(name);
    if (before === undefined) return [`+ ${name}`];
    if (after === undefined) return [`- ${name}`];
    return [
      ...before.filter((line) => !after.includes(line)).map((line) => `- ${name}: ${line}`),
      ...after.filter((line) => !before.includes(line)).map((line) => `+ ${name}: ${line}`),
    ];
  });
}

/** All of a package's types that concern the gateway. */
function readPackage(folder: string): Declared {
  const all = new Map<string, readonly string[]>();
  for (const part of ['components', 'operations']) {
    const path = join(folder, 'models', part);
    for (const file of readdirSync(path).toSorted())
      if (file.endsWith('.d.ts') && concerns.test(file))
        for (const [name, lines] of readDeclared(readFileSync(join(path, file), 'utf8')))
          all.set(name, lines);
  }
  if (all.size === 0) throw new Error('The package has none of the types: its layout has changed.');
  return all;
}

const versionOf = (folder: string): string =>
  (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;

const run = (command: string, args: readonly string[], cwd: string): string =>
  execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: 120_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });

/** Downloads what the registry calls latest, and unpacks it. */
function fetchNewest(into: string): { folder: string; version: string } | null {
  try {
    const version = run('npm', ['view', '@novu/api', 'version'], into).trim();
    run('npm', ['pack', `@novu/api@${version}`, '--silent', '--pack-destination', into], into);
    const archive = readdirSync(into).find((name) => name.endsWith('.tgz'));
    if (archive === undefined) return null;
    run('tar', ['-xzf', archive], into);
    const folder = join(into, 'package');
    return existsSync(folder) ? { folder, version } : null;
  } catch {
    return null;
  }
}

function main(): number {
  const ours = fileURLToPath(new URL('../node_modules/@novu/api', import.meta.url));
  const into = mkdtempSync(join(tmpdir(), 'novu-drift-'));
  try {
    const newest = fetchNewest(into);
    if (newest === null) {
      console.error('The newest @novu/api could not be fetched: is the npm registry reachable from here?');
      return 2;
    }
    const changes = compare(readPackage(ours), readPackage(newest.folder));
    const versions = `@novu/api ${versionOf(ours)} here, ${newest.version} on the registry`;
    if (changes.length === 0) {
      console.log(`${versions}: nothing that concerns the gateway has changed.`);
      return 0;
    }
    console.log(`${versions}:\n\n${changes.join('\n')}`);
    return 1;
  } finally {
    rmSync(into, { recursive: true, force: true });
  }
}

if (import.meta.main) process.exitCode = main();
