import { describe, expect, it } from 'vitest';
import { checkNovu, listVariables } from '../../src/cli/check.ts';
import { parseConfig } from '../../src/config.ts';
import { createSandbox, type Fault, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { backendKey, novuKey } from '../support/harness.ts';

async function check(
  options: SandboxOptions = {},
  answer: (path: string) => Fault | undefined = () => undefined,
) {
  await using sandbox = createSandbox({ secretKey: novuKey, ...options });
  const url = await sandbox.listen();
  sandbox.onRequest = ({ path }) => answer(path);
  const config = parseConfig({
    NOVU_API_URL: url,
    NOVU_SECRET_KEY: novuKey,
    GATEWAY_API_KEYS: `backend:${backendKey}`,
    READ_TIMEOUT_MS: '2000',
  });
  const { lines, isGood } = await checkNovu(config);
  return { text: lines.join('\n'), isGood };
}

const ok = (body: object): Fault => ({ kind: 'status', status: 200, body });

describe('the check of Novu', () => {
  it('says that it answers and takes the key', async () => {
    expect(await check()).toEqual({
      text: expect.stringMatching(/answers, and takes the key\n.*it does not say/),
      isGood: true,
    });
  });

  it('says the version that its health check names', async () => {
    const info = { apiVersion: { status: 'up', version: '3.19.1' } };
    const answer = (path: string) =>
      path === '/v1/health-check' ? ok({ data: { status: 'ok', info } }) : undefined;
    expect((await check({}, answer)).text).toContain('version: 3.19.1');
  });

  it('hints at unique indexes that are missing', async () => {
    const rows = ['a', 'b', 'a'].map((identifier) => ({ identifier }));
    const answer = (path: string) =>
      path === '/v1/channel-connections' ? ok({ data: rows, next: null, previous: null }) : undefined;
    expect(await check({}, answer)).toEqual({
      text: expect.stringContaining('MONGO_AUTO_CREATE_INDEXES'),
      isGood: false,
    });
  });

  it.each<[string, SandboxOptions, string]>([
    ['refuses the key', { secretKey: 'another-key-of-novu' }, 'refuses the key'],
    ['lacks channel connections', { featureEnabled: false }, 'has no channel connections'],
  ])('says that it %s', async (_name, options, words) => {
    expect(await check(options)).toEqual({ text: expect.stringContaining(words), isGood: false });
  });

  it('says that it cannot be reached', async () => {
    const config = parseConfig({
      NOVU_API_URL: 'http://127.0.0.1:1',
      NOVU_SECRET_KEY: novuKey,
      GATEWAY_API_KEYS: `backend:${backendKey}`,
    });
    expect(await checkNovu(config)).toEqual({
      lines: [expect.stringContaining('cannot be reached')],
      isGood: false,
    });
  });
});

describe('the list of variables', () => {
  it('shows what is set and what stands in for the rest, and of secrets that they are set', () => {
    const lines = listVariables({
      PORT: '4001',
      NOVU_SECRET_KEY: novuKey,
      GATEWAY_API_KEYS: `a:${backendKey}`,
      OTHER: 'x',
    });
    const shown = Object.fromEntries(lines.map((line) => line.trim().split(/\s{2,}/)));
    expect(shown).toMatchObject({
      PORT: '4001',
      HOST: '127.0.0.1 (default)',
      NOVU_SECRET_KEY: '(secret, set)',
      GATEWAY_API_KEYS: '(secret, set)',
    });
    expect(shown).not.toHaveProperty('OTHER');
    expect(lines.join('\n')).not.toContain(novuKey);
    expect(lines.join('\n')).not.toContain(backendKey);
  });
});
