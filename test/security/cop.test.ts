import { describe, expect, it } from 'vitest';
import { backendKey, type Harness, novuKey, startHarness } from '../support/harness.ts';
import { startProcess } from '../support/process.ts';

type Severity = 'HIGH' | 'MEDIUM' | 'LOW' | 'INFO';
type Json = {
  data?: Record<string, unknown>;
  errors?: { message: string; extensions?: Record<string, unknown> }[];
};
type Target = { url: string; headers: Record<string, string> };
/** The probes of graphql-cop 1.15 (github.com/dolevf/graphql-cop), with its own test of whether something was found. */
type Probe = [title: string, severity: Severity, isFound: (target: Target) => Promise<boolean>];

async function query({ url, headers }: Target, text: string, batch = false): Promise<Json | Json[]> {
  const body = batch
    ? Array.from({ length: 10 }, () => ({ query: text }))
    : { query: text, operationName: 'cop' };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Json;
}
const single = async (target: Target, text: string) => (await query(target, text)) as Json;
const isIn = (value: unknown, ...keys: string[]) =>
  JSON.stringify(value).includes(keys.map((key) => `"${key}":`).join('{'));

const probes: Probe[] = [
  [
    'Alias Overloading',
    'HIGH',
    async (target) => {
      const aliases = Array.from({ length: 101 }, (_, index) => `alias${index}:__typename \n`).join('');
      return Boolean((await single(target, `query cop { ${aliases} }`)).data?.['alias100']);
    },
  ],
  [
    'Array-based Query Batching',
    'HIGH',
    async (target) => {
      const answer = await query(target, 'query cop { __typename }', true);
      return Array.isArray(answer) && answer.length >= 10;
    },
  ],
  [
    'Directive Overloading',
    'HIGH',
    async (target) =>
      (await single(target, `query cop { __typename ${'@aa'.repeat(10)} }`)).errors?.length === 10,
  ],
  [
    'Introspection-based Circular Query',
    'HIGH',
    async (target) => {
      const { data } = await single(
        target,
        'query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }',
      );
      return ((data?.['__schema'] as { types: unknown[] } | undefined)?.types.length ?? 0) > 25;
    },
  ],
  [
    'Circular Fragments',
    'HIGH',
    async (target) => {
      const { data } = await single(
        target,
        'query cop { ...A } fragment A on Query { __typename ...B } fragment B on Query { __typename ...A }',
      );
      return Boolean(data?.['__typename']);
    },
  ],
  [
    'Field Duplication',
    'HIGH',
    async (target) =>
      Boolean((await single(target, `query cop { ${'__typename \n'.repeat(500)} } `)).data?.['__typename']),
  ],
  [
    'Introspection',
    'HIGH',
    async (target) =>
      Boolean(
        (await single(target, 'query cop { __schema { types { name fields { name } } } }')).data?.[
          '__schema'
        ],
      ),
  ],
  [
    'GET Method Query Support',
    'MEDIUM',
    ({ url, headers }) =>
      fetch(`${url}?query=${encodeURIComponent('query cop {__typename}')}`, { headers }).then(hasTypename),
  ],
  [
    'Mutation is allowed over GET (possible CSRF)',
    'MEDIUM',
    ({ url, headers }) =>
      fetch(`${url}?query=${encodeURIComponent('mutation cop {__typename}')}`, { headers }).then(hasTypename),
  ],
  [
    'POST based url-encoded query (possible CSRF)',
    'MEDIUM',
    ({ url, headers }) =>
      fetch(url, {
        method: 'POST',
        headers,
        body: new URLSearchParams({ query: 'query cop { __typename }' }),
      }).then(hasTypename),
  ],
  [
    'Field Suggestions',
    'LOW',
    async (target) =>
      (await single(target, 'query cop { __schema { directive } }')).errors?.[0]?.message.includes(
        'Did you mean',
      ) === true,
  ],
  [
    'GraphQL IDE',
    'LOW',
    async ({ url, headers }) => {
      const text = await fetch(url, { headers: { ...headers, accept: 'text/html' } }).then((response) =>
        response.text(),
      );
      return ['graphiql.min.css', 'GraphQL Playground', 'GraphiQL', 'graphql-playground'].some((word) =>
        text.includes(word),
      );
    },
  ],
  [
    'Trace Mode',
    'INFO',
    async (target) => isIn(await query(target, 'query cop { __typename }'), 'extensions', 'tracing'),
  ],
  [
    'Unhandled Errors Detection',
    'INFO',
    async (target) => {
      const { errors } = await single(target, 'qwerty cop { abc }');
      return errors?.[0]?.extensions?.['exception'] !== undefined || isIn(errors, 'extensions', 'exception');
    },
  ],
];

async function hasTypename(response: Response): Promise<boolean> {
  const answer = (await response.json().catch(() => ({}))) as Json;
  return Boolean(answer.data?.['__typename']);
}

/** As it stands in production: Novu's key and a caller's key are all that is set. */
async function startProduction(harness: Harness) {
  return startProcess({
    NOVU_API_URL: harness.sandbox.url,
    NOVU_SECRET_KEY: novuKey,
    GATEWAY_API_KEYS: `backend:${backendKey}`,
  });
}

describe.each([
  ['with a key', { 'x-api-key': backendKey }],
  ['without one', {}],
])("graphql-cop's probes of the gateway in production, %s,", (_name, headers) => {
  it.each(probes)('find no %s (%s)', async (_title, _severity, isFound) => {
    await using harness = await startHarness();
    await using gateway = await startProduction(harness);
    const target = { url: await gateway.url, headers: headers as Record<string, string> };
    if ('x-api-key' in headers)
      expect((await single(target, 'query cop { __typename }')).data).toEqual({ __typename: 'Query' });
    expect(await isFound(target)).toBe(false);
  });
});

describe("graphql-cop's probes", () => {
  it('find what is there in a gateway that is opened on purpose', async () => {
    await using harness = await startHarness({
      env: {
        INTROSPECTION: 'on',
        LIMIT_BATCH: '10',
        LIMIT_TOKENS: '10000',
      },
    });
    const target = { url: await harness.listen(), headers: { 'x-api-key': backendKey } };
    const found = [];
    for (const [title, , isFound] of probes) if (await isFound(target)) found.push(title);
    expect(found).toEqual(['Array-based Query Batching', 'Introspection']);
  });
});
