import { parseArgs } from 'node:util';
import { configSecrets, configVariables, describeVariable, fileVariables, nearestName } from '../config.ts';

export const commands = {
  start:
    'run the gateway (the default): in front of your Novu, or of the sandbox where nothing is configured',
  sandbox: 'run the gateway on its embedded sandbox, whatever is configured',
  check: 'check the configuration, print it, and ask Novu once whether the key works; starts nothing',
  schema: 'print the GraphQL schema',
} as const;
export type Command = keyof typeof commands;

export type CommandLine =
  | { command: Command; variables: Record<string, string> }
  /** What to print instead of doing anything. */
  | { prints: 'help' | 'version' }
  | { faults: readonly string[] };

/** `--novu-api-url` for `NOVU_API_URL`. */
const flagOf = (variable: string) => variable.toLowerCase().replaceAll('_', '-');

const isSecret: ReadonlySet<string> = new Set(configSecrets);
/** Other users of the machine see arguments: secrets come from the environment or from files alone. */
const flags = new Map(
  configVariables.filter((name) => !isSecret.has(name)).map((name) => [flagOf(name), name]),
);
const secretFlags = new Map(configSecrets.map((name) => [flagOf(name), name]));
for (const name of fileVariables) flags.set(flagOf(`${name}_FILE`), `${name}_FILE`);

/** Reads the arguments after the program's name. Repeats no value. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const options = Object.fromEntries([
    ...[...flags.keys()].map((flag) => [flag, { type: 'string' }] as const),
    ['help', { type: 'boolean', short: 'h' }] as const,
    ['version', { type: 'boolean', short: 'v' }] as const,
  ]);
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const faults: string[] = [];
  const variables: Record<string, string> = {};
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    if (token.name === 'help' || token.name === 'version') return { prints: token.name };
    const variable = flags.get(token.name);
    const secret = secretFlags.get(token.name);
    if (secret !== undefined)
      faults.push(
        `${token.rawName}: secrets are not taken as arguments, which others can see: set ${secret} or ${secret}_FILE`,
      );
    else if (variable === undefined) faults.push(unknownOption(token.rawName, token.name));
    else if (typeof token.value !== 'string' || token.value === '')
      faults.push(`${token.rawName}: needs a value`);
    else variables[variable] = token.value;
  }
  const [command = 'start', ...others] = positionals;
  // What follows an option that is not one of ours may be its value.
  if (faults.length > 0) return { faults };
  if (!isCommand(command)) faults.push(`the command must be one of ${Object.keys(commands).join(', ')}`);
  else if (others.length > 0) faults.push('there can be one command only');
  if (faults.length > 0 || !isCommand(command)) return { faults };
  return { command, variables };
}

function unknownOption(rawName: string, name: string): string {
  const meant = nearestName(name, [...flags.keys()]);
  return `${rawName}: there is no such option${meant === undefined ? '' : `: is --${meant} meant?`}`;
}

const isCommand = (text: string): text is Command => Object.hasOwn(commands, text);

/** What --help prints. */
export function printHelp(): string {
  const rows = [...flags].map(([flag, name]) => {
    const isFile = name.endsWith('_FILE') && fileVariables.includes(name.slice(0, -5));
    const description = isFile ? `file that holds ${name.slice(0, -5)}` : describeVariable(name);
    return `  --${flag.padEnd(34)} ${description}`;
  });
  return [
    'Usage: novu-graphql [command] [options]',
    '',
    'Commands:',
    ...Object.entries(commands).map(([name, what]) => `  ${name.padEnd(8)} ${what}`),
    '',
    'Options (each is an environment variable too: --port is PORT; an option wins):',
    '  -h, --help                           print this',
    '  -v, --version                        print the version',
    ...rows,
    '',
    `Secrets are read from the environment or from files: ${configSecrets.join(', ')}.`,
    'A file .env in the working directory is read as well; what the environment has wins.',
  ].join('\n');
}
