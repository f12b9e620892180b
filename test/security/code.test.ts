import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { backendKey, connectionInput, createDocument, startHarness } from '../support/harness.ts';

/** Literals that an executor which writes documents into source code would run (a graphql-jit 0.8 marker, and ends of strings). */
const code = 'globalThis.codeOfADocument = true';
const literals = [
  `"__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d${code}"`,
  `"__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d;${code};"`,
  `"'+(${code})+'"`,
  `"\\"+(${code})+\\""`,
  `"\${${code}}"`,
  `"\\u2028;${code}//"`,
  `"""\`;${code};\`"""`,
];

describe('a document', () => {
  it.each(literals)('is never run as code, however often it comes: %s', async (literal) => {
    await using harness = await startHarness();
    const url = await harness.listen();
    await harness.execute(createDocument, { input: connectionInput(), key: 'one' });
    const query = `{ channelConnection(identifier: ${literal}) { identifier } a: channelConnections(filter: { integrationIdentifier: ${literal} }) { totalCount } }`;
    for (let times = 0; times < 60; times += 1) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': backendKey },
        body: JSON.stringify({ query }),
      });
      expect(await response.json()).toEqual({ data: { channelConnection: null, a: { totalCount: 0 } } });
    }
    expect(globalThis).not.toHaveProperty('codeOfADocument');
  });
});

describe('code from strings', () => {
  it('is refused in the process of the tests, of the start script and of the image', () => {
    // oxlint-disable-next-line no-new-func, no-implied-eval, typescript/no-implied-eval -- shows that it is refused
    expect(() => new Function('return 1')).toThrow(EvalError);
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    expect(manifest.scripts['start']).toContain('--disallow-code-generation-from-strings');
    expect(readFileSync('deploy/Dockerfile', 'utf8')).toMatch(
      /^ENTRYPOINT .*"--disallow-code-generation-from-strings"/m,
    );
  });

  it('has no library for it among the dependencies of production', () => {
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { dev?: boolean }>;
    };
    const production = Object.entries(lock.packages).filter(([, { dev }]) => dev !== true);
    const names = production.map(([path]) => path.replace(/^.*node_modules\//, ''));
    for (const name of ['graphql-jit', 'generate-function', 'fast-json-stringify', 'ajv'])
      expect(names).not.toContain(name);
  });
});
