import { readFileSync, type Stats, unwatchFile, watchFile } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError, fileVariables } from '../config.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** In the working directory. */
const dotEnvFile = '.env';

const given = (value: string | undefined): value is string => value !== undefined && value.trim() !== '';

/** The files of `NAME_FILE` variables by the variable they stand for. */
function filesOf(env: Environment): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of fileVariables) {
    const file = env[`${name}_FILE`];
    if (given(file)) files.set(name, file.trim());
  }
  return files;
}

/** The environment with what `.env` adds, where there is one: what the environment has already wins. */
export function withDotEnv(env: Environment): Environment {
  try {
    return { ...parseEnv(readFileSync(dotEnvFile, 'utf8')), ...env };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT') return env;
    throw new ConfigError([`.env: can't be read (${code})`]);
  }
}

/**
 * The environment with each variable read from the file that `NAME_FILE` names. Throws a ConfigError when a file can't
 * be read, or when the variable is set as well.
 */
export function readFiles(env: Environment): Environment {
  const read: Record<string, string> = {};
  const faults: string[] = [];
  for (const [name, file] of filesOf(env)) {
    if (given(env[name])) faults.push(`${name}_FILE: must not be set beside ${name}`);
    try {
      read[name] = readFileSync(file, 'utf8').trim();
      if (read[name] === '') faults.push(`${name}_FILE: the file is empty`);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
      faults.push(`${name}_FILE: can't be read${code}`);
    }
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return { ...env, ...read };
}

/**
 * Calls when `.env` or one of the files that `NAME_FILE` variables name has changed: its contents, or the file that a
 * link leads to.
 */
export class FileWatcher {
  readonly #everyMs: number;
  readonly #listener: (now: Stats, before: Stats) => void;
  readonly #files = new Set<string>();

  constructor(everyMs: number, onChange: () => void) {
    this.#everyMs = everyMs;
    // A file that is not there is told of once, as if it had changed.
    this.#listener = (now, before) => {
      if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino) onChange();
    };
  }

  /** Watches the files of this environment, too. One that is named no more is watched in vain. */
  follow(env: Environment): void {
    for (const file of [dotEnvFile, ...filesOf(env).values()]) {
      if (this.#files.has(file)) continue;
      this.#files.add(file);
      watchFile(file, { interval: this.#everyMs, persistent: false }, this.#listener);
    }
  }

  stop(): void {
    for (const file of this.#files) unwatchFile(file, this.#listener);
  }
}
