#!/usr/bin/env node
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { pino } from 'pino';
import { createApp } from './app.ts';
import { type Config, ConfigError, parseConfig } from './config.ts';
import { parsePersistedOperations } from './operations/persisted-operations.ts';
import { createLineWriter } from './telemetry/line-writer.ts';
import { describeError, type Log } from './telemetry/log.ts';

async function main(): Promise<void> {
  // What V8 expects to live long it puts beside the old at once, where it keeps whole requests alive that have ended:
  // a third more of CPU for each (docs/performance.md).
  setFlagsFromString('--no-allocation-site-pretenuring');
  const config = parseConfig(process.env);
  const lines = createLineWriter(1);
  process.on('exit', () => lines.flushSync());
  const log = pino({ level: config.logLevel, base: null }, lines);

  let sandboxUrl: string | undefined;
  if (config.novu === null) {
    const { createSandbox } = await import('./sandbox/sandbox.ts');
    const secretKey = crypto.randomUUID();
    sandboxUrl = await createSandbox({ secretKey }).listen();
    config.novu = { url: new URL(sandboxUrl), secretKey };
  }

  const { server, close } = createApp(config, { log, ...readPersisted(config) });
  const url = await server.listen(config.port, config.host);

  if (sandboxUrl === undefined) log.info({ url: `${url}/graphql` }, 'listening');
  else
    console.log(
      `novu-graphql runs on its embedded sandbox, for callers on this machine only: open ${url}/graphql`,
    );

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
  endAtOnceWhenInsisted(ending, log);
  log.info({ signal: ending }, 'draining');
  await server.drain(config.shutdownGraceMs);
  await close();
  process.exit(ending === 'crashed' ? 1 : 0);
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

main().catch((error: unknown) => {
  if (error instanceof ConfigError) console.error(error.message);
  else if (error instanceof Error && 'code' in error)
    console.error(`The gateway could not start: ${String(error.code)}`);
  else console.error('The gateway could not start.');
  process.exit(1);
});
