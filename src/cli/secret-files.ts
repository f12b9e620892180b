import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { ConfigError, configSecrets } from '../config.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const given = (value: string | undefined): value is string => value !== undefined && value.trim() !== '';

/** The files of `NAME_FILE` variables by the variable they stand for. */
function filesOf(env: Environment): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of configSecrets) {
    const file = env[`${name}_FILE`];
    if (given(file)) files.set(name, file.trim());
  }
  return files;
}

/**
 * The environment with each secret read from the file that `NAME_FILE` names. Throws a ConfigError when a file can't be
 * read, or when a secret is set as well.
 */
export function readSecretFiles(env: Environment): Environment {
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

/** Calls when one of the files has changed: its contents, or the file that a link leads to. Returns how to stop. */
export function watchSecretFiles(env: Environment, everyMs: number, onChange: () => void): () => void {
  const files = new Set(filesOf(env).values());
  for (const file of files) watchFile(file, { interval: everyMs, persistent: false }, onChange);
  return () => {
    for (const file of files) unwatchFile(file, onChange);
  };
}
