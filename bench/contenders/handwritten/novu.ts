/** What the schema written by hand knows of Novu: one call, the mapping there and back. */
import { Pool } from 'undici';
import { novuKey } from '../../requests/novu.ts';
import { novuUrl } from '../control.ts';

export type Row = Record<string, unknown>;
type Headers = Record<string, string | string[] | undefined>;
export type Call = { requestId: string; keyHeader: string | undefined };
export type Input = Row & {
  context?: { type: string; id: string }[];
  connectionMode?: string;
  auth: Row & { accessToken: string };
};

const pool = new Pool(novuUrl, { connections: 64, pipelining: 1, allowH2: false });
const authorization = `ApiKey ${novuKey}`;

/** One call to Novu; rejects when Novu answers anything but a 2xx. */
export function ask(method: 'GET' | 'POST', path: string, call: Call, key?: string, body?: string) {
  const { promise, resolve, reject } = Promise.withResolvers<{ answer: Row; headers: Headers }>();
  const headers = [
    'authorization',
    authorization,
    'accept',
    'application/json',
    'x-request-id',
    call.requestId,
  ];
  if (body !== undefined) headers.push('content-type', 'application/json');
  if (key !== undefined) headers.push('idempotency-key', key);
  const chunks: Buffer[] = [];
  let status = 0;
  let received: Headers = {};
  pool.dispatch(
    { method, path, headers, body: body ?? null, headersTimeout: 10_000, bodyTimeout: 10_000 },
    {
      onRequestStart: () => undefined,
      onResponseStart(_controller, statusCode, responseHeaders) {
        status = statusCode;
        received = responseHeaders;
      },
      onResponseData: (_controller, chunk) => void chunks.push(chunk),
      onResponseEnd() {
        const answer = JSON.parse(Buffer.concat(chunks).toString()) as Row;
        if (status >= 200 && status < 300) resolve({ answer, headers: received });
        else reject(new Error(`Novu answered ${status}`));
      },
      onResponseError: (_controller, error) => reject(error),
    },
  );
  return promise;
}

const text = (value: unknown) => (typeof value === 'string' ? value : null);
const time = (value: unknown) => (typeof value === 'string' ? new Date(value) : null);
const channels = new Set(['in_app', 'email', 'sms', 'chat', 'push', 'tool']);
const providers = new Map([
  ['slack', 'SLACK'],
  ['msteams', 'MSTEAMS'],
  ['discord', 'DISCORD'],
]);

export function toConnection(data: Row): Row {
  const channel = text(data['channel']);
  const providerId = text(data['providerId']);
  const subscriberId = text(data['subscriberId']);
  const auth = (data['auth'] ?? {}) as Row;
  if (typeof data['identifier'] !== 'string') throw new Error('not a connection');
  return {
    id: data['identifier'],
    identifier: data['identifier'],
    channel: channel === null ? null : channels.has(channel) ? channel.toUpperCase() : 'UNRECOGNIZED',
    providerId,
    provider: providerId === null ? null : (providers.get(providerId) ?? 'UNRECOGNIZED'),
    integrationIdentifier: text(data['integrationIdentifier']),
    subscriberId,
    subscriber: subscriberId === null ? null : { subscriberId },
    contextKeys: Array.isArray(data['contextKeys']) ? data['contextKeys'] : [],
    workspace: data['workspace'] ?? null,
    auth: {
      hasAccessToken: auth['hasAccessToken'] ?? Boolean(auth['accessToken']),
      hasRefreshToken:
        auth['hasRefreshToken'] ?? ('refreshToken' in auth ? Boolean(auth['refreshToken']) : null),
      expiresAt: time(auth['expiresAt']),
      refreshTokenExpiresAt: time(auth['refreshTokenExpiresAt']),
    },
    createdAt: time(data['createdAt']),
    updatedAt: time(data['updatedAt']),
  };
}

export function toPage({ data, next, totalCount, totalCountCapped }: Row): Row {
  const nodes = (data as Row[]).map(toConnection);
  const endCursor = Buffer.from(String(nodes.at(-1)?.['identifier'])).toString('base64url');
  return { nodes, pageInfo: { hasNextPage: next !== null, endCursor }, totalCount, totalCountCapped };
}

const hidden = new Set(['set-cookie', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']);
const count = (value: unknown) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : null);

export const toPayload = (row: Row, headers: Headers, key: string, source: string) => ({
  channelConnection: row,
  userErrors: [],
  idempotency: {
    key,
    source,
    replayed: headers['idempotency-replay'] === 'true',
    honouredUpstream: headers['idempotency-key'] !== undefined,
  },
  rateLimit: {
    limit: count(headers['ratelimit-limit']),
    remaining: count(headers['ratelimit-remaining']),
    resetSeconds: count(headers['ratelimit-reset']),
    policy: headers['ratelimit-policy'],
  },
  headers: Object.entries(headers)
    .filter(([name]) => !hidden.has(name))
    .map(([name, value]) => ({ name, values: [value].flat() })),
});

export const toBody = ({ context, connectionMode, ...input }: Input) =>
  JSON.stringify({
    ...input,
    ...(context && { context: Object.fromEntries(context.map(({ type, id }) => [type, id])) }),
    ...(connectionMode && { connectionMode: connectionMode.toLowerCase() }),
  });
