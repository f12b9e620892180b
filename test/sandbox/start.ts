import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';

export type Json = Record<string, unknown>;

export type Answer = { status: number; headers: Headers; text: string; json: Json; data: Json };

export type Started = AsyncDisposable & {
  sandbox: Sandbox;
  url: string;
  /** Sends JSON with the sandbox's key. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
};

export async function start(options: SandboxOptions = {}): Promise<Started> {
  const sandbox = createSandbox(options);
  const url = await sandbox.listen();
  return {
    sandbox,
    url,
    [Symbol.asyncDispose]: () => sandbox.close(),
    async call(method, path, body, headers = {}) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          Authorization: `ApiKey ${sandbox.options.secretKey}`,
          'Content-Type': 'application/json',
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const json = asJson(text);
      return { status: response.status, headers: response.headers, text, json, data: asRecord(json['data']) };
    },
  };
}

function asJson(text: string): Json {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return {};
  }
}

export const asRecord = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? { ...value } : {};

export const CONNECTIONS = '/v1/channel-connections';
export const ENDPOINTS = '/v1/channel-endpoints';

/** A connection of user-1, unless told otherwise. */
export const connection = (changes: Json = {}): Json => ({
  integrationIdentifier: 'slack-prod',
  subscriberId: 'user-1',
  workspace: { id: 'T1', name: 'Acme' },
  auth: { accessToken: 'xoxb-1' },
  ...changes,
});

export const slackUser = (changes: Json = {}): Json => ({
  integrationIdentifier: 'slack-prod',
  subscriberId: 'user-1',
  type: 'slack_user',
  endpoint: { userId: 'U1' },
  ...changes,
});
