import { expect, test } from 'vitest';
import { type EndpointType, endpointTypes, kindOf } from '../../src/resources/channel-endpoints/kinds.ts';
import { type Harness, novuKey, startHarness } from '../support/harness.ts';
import { type NovuText, novuTexts, type Said, type Sent } from '../support/novu-texts.ts';

type Fields = Record<string, unknown>;
type Operation = { query: string; variables: Fields };

const rest = 'userErrors { code path message }';
const mutations: Readonly<Record<string, readonly [field: string, input: string]>> = {
  'POST /v1/channel-connections': ['createChannelConnection', 'CreateChannelConnectionInput'],
  'PATCH /v1/channel-connections': ['updateChannelConnection', 'UpdateChannelConnectionInput'],
  'POST /v1/channel-endpoints': ['createChannelEndpoint', 'CreateChannelEndpointInput'],
  'PATCH /v1/channel-endpoints': ['updateChannelEndpoint', 'UpdateChannelEndpointInput'],
  'POST /v1/integrations/channel-connections/oauth': [
    'generateConnectOAuthUrl',
    'GenerateConnectOAuthUrlInput',
  ],
  'POST /v1/integrations/channel-endpoints/oauth': [
    'generateLinkUserOAuthUrl',
    'GenerateLinkUserOAuthUrlInput',
  ],
  'POST /v1/integrations/channel-endpoints/link': ['linkChannelEndpoint', 'LinkChannelEndpointInput'],
};

/** The operation of the gateway that sends this request to Novu. */
function toOperation({ method, path, body, headers }: Sent, harness: Harness): Operation {
  const [, resource = '', identifier, action] =
    /^(\/v1\/(?:channel-connections|channel-endpoints))(?:\/([a-z]+)(\/verify)?)?$/.exec(
      path.replace(/\?.*$/, ''),
    ) ?? [];
  const mutation = mutations[`${method} ${path}`] ?? mutations[`${method} ${resource}`];
  const name = resource.endsWith('endpoints') ? 'Endpoint' : 'Connection';
  if (mutation !== undefined && action === undefined) {
    const [field, type] = mutation;
    const isUpdate = method === 'PATCH';
    return {
      query: `mutation ($input: ${type}!, $key: String${isUpdate ? ', $identifier: ID!' : ''}) {
        it: ${field}(input: $input, idempotencyKey: $key${isUpdate ? ', identifier: $identifier' : ''}) { ${rest} }
      }`,
      variables: {
        input: toInput(
          isUpdate ? { type: typeOf(harness, identifier), ...(body as Fields) } : (body as Fields),
        ),
        key: headers?.['Idempotency-Key'],
        ...(isUpdate && { identifier }),
      },
    };
  }
  if (method === 'GET') {
    return identifier === undefined
      ? { query: `{ it: channel${name}s { nodes { identifier } } }`, variables: {} }
      : { query: `{ it: channel${name}(identifier: "${identifier}") { identifier } }`, variables: {} };
  }
  const verb = method === 'DELETE' ? 'delete' : 'verify';
  return {
    query: `mutation { it: ${verb}Channel${name}(identifier: "${identifier}") { ${rest} } }`,
    variables: {},
  };
}

/** Novu's body as the input of the schema: contexts as a list, `type` and `endpoint` as an address, enums in capitals. */
function toInput({ context, connectionMode, type, endpoint, ...fields }: Fields): Fields {
  return {
    ...fields,
    ...(context !== undefined && {
      context: Object.entries(context as Fields).map(([type, value]) => ({
        type,
        ...(typeof value === 'string' ? { id: value } : (value as Fields)),
      })),
    }),
    ...(typeof connectionMode === 'string' && { connectionMode: connectionMode.toUpperCase() }),
    ...(endpoint !== undefined && { address: toAddress(type, endpoint as Fields) }),
  };
}

/** A PATCH names no type. */
const typeOf = ({ sandbox }: Harness, identifier: string | undefined): unknown =>
  sandbox.endpoints().find((row) => row.identifier === identifier)?.type;

/** The address of the type, or of the first one that has these fields. */
function toAddress(type: unknown, { region, ...endpoint }: Fields): Fields {
  const names = Object.keys(endpoint);
  const has = (known: EndpointType) => names.every((name) => name in kindOf(known).fields);
  const found = endpointTypes.find((known) => known === type && has(known)) ?? endpointTypes.find(has);
  if (found === undefined) throw new Error(`No type has ${names.join()}`);
  return {
    [kindOf(found).input]: {
      ...endpoint,
      ...(typeof region === 'string' && { region: region.toUpperCase() }),
    },
  };
}

/** Brings about what comes before: as the sandbox's own test does, but what has a key goes through another gateway. */
async function prepare({ setup = [] }: NovuText, harness: Harness, url: string): Promise<void> {
  for (const step of setup) {
    if ('add' in step) harness.sandbox.addIntegration(step.add);
    else if ('remove' in step) harness.sandbox.removeIntegration(step.remove);
    else if ('fault' in step) harness.sandbox.fail(step.fault);
    else if (step.headers?.['Idempotency-Key'] !== undefined) {
      await using other = await startHarness({ novuUrl: url });
      const { query, variables } = toOperation(step, harness);
      await other.execute(query, variables);
    } else {
      const response = await fetch(`${url}${step.path}`, {
        method: step.method,
        headers: { authorization: `ApiKey ${novuKey}`, 'content-type': 'application/json' },
        ...(step.body !== undefined && { body: JSON.stringify(step.body) }),
      });
      await response.arrayBuffer();
    }
  }
}

const reachable = novuTexts.flatMap(({ means, ...row }) =>
  typeof means === 'object' && 'unreachable' in means ? [] : [[row.id, { ...row, means }] as const],
);

test.concurrent.each(reachable)('%s is told as the table says', async (_id, row) => {
  await using harness = await startHarness({
    ...(row.options && { sandbox: row.options }),
    upstream: { ...row.gateway },
  });
  await prepare(row, harness, harness.sandbox.url);
  const { query, variables } = toOperation(row.request, harness);
  const { data, errors, text } = await harness.execute(query, variables, { once: true });
  const said: Said[] | null = data?.it?.userErrors ?? (data?.it === null ? null : []);
  const thrown = errors.map(({ extensions, message }) => ({ code: extensions['code'], path: null, message }));
  if (row.means === 'null') expect([said, thrown]).toEqual([null, []]);
  else expect([...(said ?? []), ...thrown]).toEqual([row.means]);
  // Novu's words are not repeated, nor what it refused.
  expect(text).not.toContain(row.text);
  expect(text).not.toContain('too-short-secret');
});

test('what a command refused, which Novu repeats in a replay, is in no answer and no log line', async () => {
  const row = novuTexts.find(({ id }) => id === 'replay-of-a-command-refusal');
  if (row === undefined) throw new Error('The table has the row');
  const lines: string[] = [];
  const keep = (fields: object, message: string) => void lines.push(JSON.stringify([fields, message]));
  const log = { debug: keep, info: keep, warn: keep, error: keep, isLevelEnabled: () => true };
  await using harness = await startHarness({ log });
  await prepare(row, harness, harness.sandbox.url);
  const { query, variables } = toOperation(row.request, harness);
  const { data, text } = await harness.execute(query, variables);
  expect(data.it.userErrors).toEqual([row.means]);
  // The first call's refusal, its replay, and the answer under a fresh key.
  expect(harness.sandbox.requests.map(({ status }) => status)).toEqual([422, 400, 422]);
  expect(lines.length).toBeGreaterThan(0);
  expect(text + lines.join('')).not.toMatch(/too-short-secret|constraintsViolated|Command/);
});

test("a bot token that the provider refused is Novu's last word: no second call", async () => {
  const row = novuTexts.find(({ id }) => id === 'link-with-a-refused-bot-token');
  if (row === undefined) throw new Error('The table has the row');
  await using harness = await startHarness();
  await prepare(row, harness, harness.sandbox.url);
  const { query, variables } = toOperation(row.request, harness);
  await harness.execute(query, variables);
  expect(harness.sandbox.requests.map(({ status }) => status)).toEqual([502]);
});
