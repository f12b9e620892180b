import { type Config, configSecrets, configVariables, defaultOf } from '../config.ts';
import { createNovu, type Novu, type NovuAnswer } from '../upstream/client.ts';
import { Deadline } from '../upstream/deadline.ts';
import { NovuError } from '../upstream/errors.ts';
import type { Environment } from './files.ts';

/** What `check` prints, and whether all is well. */
export type Checked = { lines: string[]; isGood: boolean };

const isSecret: ReadonlySet<string> = new Set(configSecrets);

/** The effective configuration: each variable as it is read, or what stands in for it; of secrets only that they are set. */
export function listVariables(env: Environment): string[] {
  return configVariables.flatMap((name) => {
    const value = env[name]?.trim() ?? '';
    const from = env[`${name}_FILE`] === undefined ? '' : `, from ${name}_FILE`;
    const standard = defaultOf(name);
    if (value === '') return standard === null ? [] : [`  ${name.padEnd(28)} ${standard} (default)`];
    return [
      `  ${name.padEnd(28)} ${isSecret.has(name) ? `(secret, set${from})` : `${value}${from.replace(', from', ' (from')}${from === '' ? '' : ')'}`}`,
    ];
  });
}

/** Asks Novu whether it is there, which version it is, whether the key works, and whether rows look as if it had no unique indexes. */
export async function checkNovu({ novu: target, readTimeoutMs }: Config): Promise<Checked> {
  if (target === null) return { lines: ['  none: the sandbox is used'], isGood: true };
  const novu = createNovu({ ...target, readTimeoutMs });
  try {
    const version = await askVersion(novu);
    const answer = await ask(novu, '/v1/channel-connections?limit=100');
    const lines = [
      `  ${target.url.origin} answers, and takes the key`,
      `  version: ${version ?? 'it does not say'}`,
    ];
    const repeated = countRepeated(answer.body);
    if (repeated > 0)
      lines.push(
        `  ${repeated} of the newest 100 connections have an identifier that another one has, too: this Novu seems to lack`,
        '  its unique indexes (MONGO_AUTO_CREATE_INDEXES=true makes them), so that creates in parallel may be done twice',
      );
    return { lines, isGood: repeated === 0 };
  } catch (error) {
    return { lines: [`  ${target.url.origin}: ${toWords(error)}`], isGood: false };
  } finally {
    await novu.close();
  }
}

const ask = (novu: Novu, path: string): Promise<NovuAnswer> =>
  novu.request(
    { method: 'GET', path },
    { deadline: new Deadline(novu.readTimeoutMs), caller: { id: 'check', kind: 'service' } },
  );

/** Novu's health check names it; null where it does not, or where a proxy keeps it from us. */
async function askVersion(novu: Novu): Promise<string | null> {
  try {
    const { body } = await ask(novu, '/v1/health-check');
    const found = /"apiVersion":\{[^{}]*"version":"(\d{1,4}\.\d{1,4}\.\d{1,6}[\w.-]{0,20})"/.exec(
      JSON.stringify(body),
    );
    return found?.[1] ?? null;
  } catch (error) {
    if (error instanceof NovuError && error.status !== null) return null;
    throw error;
  }
}

function countRepeated(body: unknown): number {
  const { data } = (body ?? {}) as { data?: unknown };
  if (!Array.isArray(data)) return 0;
  const identifiers = data.map((row) => (row as { identifier?: unknown } | null)?.identifier);
  return identifiers.length - new Set(identifiers).size;
}

const words: Partial<Record<NovuError['kind'], string>> = {
  auth: 'refuses the key (NOVU_SECRET_KEY), or the key is of another region (NOVU_API_URL)',
  unsupported: 'answers, but has no channel connections: it is older than 3.15, or they are not enabled',
  'not-found': 'answers, but not as Novu does: is the path of NOVU_API_URL right?',
  'not-sent': 'cannot be reached',
  timeout: 'does not answer in time (READ_TIMEOUT_MS)',
  'rate-limited': 'answers, but its rate limit is used up: try again in a few seconds',
  redirect: 'answers with a redirect: NOVU_API_URL must be the address that it leads to',
};

function toWords(error: unknown): string {
  if (!(error instanceof NovuError)) return 'the check failed';
  return (
    words[error.kind] ?? `failed (${error.kind}${error.status === null ? '' : `, HTTP ${error.status}`})`
  );
}
