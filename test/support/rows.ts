import { connectionInput, type Execution, type Harness, novuKey } from './harness.ts';
import type { Signer } from './tokens.ts';

type Fields = Record<string, unknown>;

async function seed({ sandbox }: Harness, path: string, body: Fields): Promise<void> {
  const response = await fetch(sandbox.url + path, {
    method: 'POST',
    headers: { authorization: `ApiKey ${novuKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
}

/** A connection that is in Novu, past the gateway; `context` as Novu's map. */
export async function seedConnection(harness: Harness, changes: Fields = {}): Promise<void> {
  const { context: _, ...input } = connectionInput();
  await seed(harness, '/v1/channel-connections', { ...input, context: { key: 'org-acme' }, ...changes });
}

/** An endpoint that is in Novu, past the gateway; a Slack user of its own, since Novu takes each only once. */
export async function seedEndpoint(harness: Harness, changes: Fields = {}): Promise<void> {
  const { identifier } = changes;
  await seed(harness, '/v1/channel-endpoints', {
    identifier: 'ada',
    subscriberId: 'subscriber-123',
    integrationIdentifier: 'slack-prod',
    type: 'slack_user',
    endpoint: { userId: typeof identifier === 'string' ? `U-${identifier}` : 'U1' },
    ...changes,
  });
}

/** The calls to Novu that the work takes, as `GET /v1/…?…`. */
export async function callsOf<T>(
  { sandbox }: Harness,
  work: () => Promise<T>,
): Promise<{ result: T; calls: string[] }> {
  const from = sandbox.requests.length;
  const result = await work();
  const calls = sandbox.requests.slice(from).map(({ method, path, query }) => {
    const pairs = Object.entries(query).flatMap(([name, value]) =>
      [value].flat().map((one): [string, string] => [name, one ?? '']),
    );
    return `${method} ${path}${pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : ''}`;
  });
  return { result, calls };
}

/** Executes as the end user of a token: subscriber-123 with every scope unless the claims say otherwise. */
export const asUser =
  (harness: Harness, signer: Signer, claims?: Parameters<Signer['sign']>[0]) =>
  async (query: string, variables?: Fields): Promise<Execution> =>
    harness.execute(query, variables, {
      key: null,
      headers: { authorization: `Bearer ${await signer.sign(claims)}` },
    });

/** The codes of the top-level errors. */
export const codesOf = ({ errors }: Execution) => errors.map(({ extensions }) => extensions['code']);
