import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { type Logger, pino } from 'pino';
import { composeApp, type Parts } from './app.ts';
import { parseCommandLine, printHelp } from './cli/arguments.ts';
import { checkNovu, listVariables } from './cli/check.ts';
import { findPortOwner } from './cli/port-owner.ts';
import { type Environment, FileWatcher, readFiles, withDotEnv } from './cli/files.ts';
import { printSummary } from './cli/summary.ts';
import {
  type Config,
  ConfigError,
  configVariables,
  parseConfig,
  productionVariables,
  rotatingVariables,
} from './config.ts';
import { parsePersistedOperations } from './operations/persisted-operations.ts';
import { printSchema } from './schema/print.ts';
import type { Gateway, GatewayOptions } from './server/gateway.ts';
import { createLineWriter } from './telemetry/line-writer.ts';
import { describeError, type Log } from './telemetry/log.ts';
import { prettyLines } from './telemetry/pretty-lines.ts';

/** How often `.env` and the files of variables are looked at. */
const filesMs = 1_000;

type App = Parts<Promise<Gateway>>;

const loadGateway = async (options: GatewayOptions) =>
  (await import('./server/gateway.ts')).createGateway(options);

/** Reads the environment anew: the process's own, what `.env` adds to it, and what the options say. */
type ReadEnvironment = () => Environment;

async function main(): Promise<void> {
  const asked = parseCommandLine(process.argv.slice(2));
  if ('faults' in asked) return fail(`${asked.faults.join('\n')}\nnovu-graphql --help lists what there is.`);
  if ('prints' in asked) {
    console.log(asked.prints === 'help' ? printHelp() : readVersion());
    return;
  }
  if (asked.command === 'schema') {
    process.stdout.write(printSchema());
    return;
  }
  const { command, variables } = asked;
  const read: ReadEnvironment = () => {
    const env = withDotEnv({ ...process.env, ...variables });
    return command === 'sandbox' ? withoutNovu(env) : env;
  };
  if (command === 'check') await check(read());
  else await start(read);
}

async function check(env: Environment): Promise<void> {
  const read = readFiles(env);
  const config = parseConfig(read);
  readPersisted(config);
  const { lines, isGood } = await checkNovu(config);
  const notes = config.notes.map((note) => `  ${note}`);
  console.log(['Configuration', ...listVariables(read), ...notes, '', 'Novu', ...lines].join('\n'));
  if (!isGood) process.exitCode = 1;
}

async function start(readEnvironment: ReadEnvironment): Promise<void> {
  // What V8 expects to live long it puts beside the old at once, where it keeps whole requests alive that have ended:
  // a third more of CPU for each (docs/performance.md).
  setFlagsFromString('--no-allocation-site-pretenuring');
  const env = readFiles(readEnvironment());
  const config = parseConfig(env);
  const log = createLog(config);
  for (const note of config.notes) log.warn(note);

  let sandboxUrl: string | undefined;
  if (config.novu === null) {
    const { createSandbox } = await import('./sandbox/sandbox.ts');
    const secretKey = crypto.randomUUID();
    sandboxUrl = await createSandbox({ secretKey }).listen();
    config.novu = { url: new URL(sandboxUrl), secretKey };
  }

  const app = composeApp(config, { log, ...readPersisted(config) }, loadGateway);
  const url = await listen(app, config);
  const stopWatching = followFiles(app, env, readEnvironment, log);
  announce(config, url, sandboxUrl, log);

  const crashed = Promise.withResolvers<'crashed'>();
  // Name and place, never the message: it may hold anything. What is in progress is ended before the process is.
  const onCrash = (error: unknown) => {
    log.fatal(describeError(error), 'unexpected error: the process ends');
    crashed.resolve('crashed');
  };
  process.on('uncaughtException', onCrash);
  process.on('unhandledRejection', onCrash);

  const ending = await Promise.race([
    once(process, 'SIGTERM').then(() => 'SIGTERM'),
    once(process, 'SIGINT').then(() => 'SIGINT'),
    crashed.promise,
  ]);
  stopWatching();
  endAtOnceWhenInsisted(ending, log);
  log.info({ signal: ending }, 'draining');
  await app.server.drain(config.shutdownGraceMs);
  await app.close();
  process.exit(ending === 'crashed' ? 1 : 0);
}

function createLog(config: Config): Logger {
  const lines = createLineWriter(1);
  process.on('exit', () => lines.flushSync());
  return pino({ level: config.logLevel, base: null }, process.stdout.isTTY ? prettyLines(lines) : lines);
}

async function listen(app: App, config: Config): Promise<string> {
  try {
    return await app.server.listen(config.port, config.host);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      const owner = findPortOwner(config.port);
      throw new StartError(
        `PORT: ${config.port} on ${config.host} is taken${owner === null ? '' : ` by ${owner}`}. Stop that, or choose another port: PORT=4001, --port 4001, or 0 for any that is free.`,
      );
    }
    if (code === 'EACCES')
      throw new StartError(`PORT: ${config.port} may not be opened by this user. Choose one above 1023.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new StartError('HOST: is not an address of this machine.');
    throw error;
  }
}

function announce(config: Config, url: string, sandboxUrl: string | undefined, log: Log): void {
  if (process.stdout.isTTY) console.log(printSummary(config, url, sandboxUrl));
  else if (sandboxUrl === undefined) log.info({ url: `${url}/graphql` }, 'listening');
  else
    console.log(
      `novu-graphql runs on its embedded sandbox, for callers on this machine only: open ${url}/graphql`,
    );
}

/**
 * Reads the environment again whenever `.env` or a file of a variable has changed: who may call changes at once, what
 * can't be used leaves all as it is. Returns how to stop.
 */
function followFiles(app: App, first: Environment, readEnvironment: ReadEnvironment, log: Log): () => void {
  let current = first;
  const onChange = () => {
    try {
      const env = readFiles(readEnvironment());
      app.reload(parseConfig(env));
      const changed = configVariables.filter((name) => env[name] !== current[name]);
      current = env;
      const isRotated = (name: string) => rotatingVariables.includes(name);
      log.info({ changed: changed.filter(isRotated) }, 'who may call was read again');
      const needRestart = changed.filter((name) => !isRotated(name));
      if (needRestart.length > 0)
        log.warn({ changed: needRestart }, 'variables have changed that a restart takes over');
    } catch (error) {
      const faults = error instanceof ConfigError ? error.faults : [];
      log.error({ faults }, 'files of variables have changed and cannot be used: the earlier values stay');
    }
    watcher.follow(current);
  };
  const watcher = new FileWatcher(filesMs, onChange);
  watcher.follow(current);
  return () => watcher.stop();
}

/** The environment without what is for a gateway in front of a real Novu. */
function withoutNovu(env: Environment): Environment {
  const names = new Set(productionVariables.flatMap((name) => [name, `${name}_FILE`]));
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !names.has(name) && !name.startsWith('NOVU_')),
  );
}

function readVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/**
 * Whoever sends SIGTERM three times, or SIGINT twice, does not want to wait. A second SIGTERM is no such wish: what
 * stops containers often sends one to the group and one to the process.
 */
function endAtOnceWhenInsisted(first: string, log: Log): void {
  const patience: Record<string, number> = { SIGTERM: 2, SIGINT: 1 };
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    let left = (patience[name] ?? 0) + (first === name ? 0 : 1);
    process.on(name, () => {
      left -= 1;
      if (left === 0) process.exit(1);
      log.warn({ signal: name, endsAtOnceAfter: left }, 'still draining');
    });
  }
}

/** Throws a ConfigError when the file can't be used. */
function readPersisted({ persistedOperations: { mode, file } }: Config): {
  persistedOperations?: Map<string, string>;
} {
  if (mode === 'off' || file === null) return {};
  try {
    return { persistedOperations: parsePersistedOperations(readFileSync(file, 'utf8')) };
  } catch (error) {
    const reason =
      error instanceof Error && 'code' in error
        ? `can't be read (${String(error.code)})`
        : error instanceof Error
          ? error.message
          : '';
    throw new ConfigError([`PERSISTED_OPERATIONS_FILE: ${reason}`]);
  }
}

/** Why it does not start, in words that hold no secret. */
class StartError extends Error {}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError || error instanceof StartError) fail(error.message);
  if (error instanceof Error && 'code' in error) fail(`The gateway could not start: ${String(error.code)}`);
  fail('The gateway could not start.');
});
