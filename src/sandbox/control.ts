import type { Incoming } from './app.ts';
import { consentPage, isConsentPath } from './consent-page.ts';
import type { Engine } from './engine.ts';
import { COMMON_FIELDS, FAULT_DOCS, FAULT_KINDS } from './fault-docs.ts';
import type { Fault } from './faults.ts';
import { JSON_TYPE, type Reply } from './http.ts';
import { isRecord } from './validation.ts';

const MAX_SHOWN = 1000;

/**
 * For a sandbox that runs as a command of its own; no key is asked for.
 * - `GET /sandbox/faults` lists the kinds of faults in JSON, each with its fields and an example
 * - `POST /sandbox/faults` queues a fault given as JSON, e.g.
 *   `{"kind":"error-after","match":{"method":"POST","path":"/v1/channel-connections"},"times":2}`
 * - `DELETE /sandbox/faults` removes all that are queued
 * - `GET /sandbox/state` shows counts and the newest 1000 rows of each table, without tokens, credentials and endpoint values
 * - `DELETE /sandbox/integrations/{identifier}` removes an integration, whose connections stay
 * - `GET /sandbox/oauth/authorize` is the page that plays the provider's consent
 * - `POST /sandbox/reset` goes back to the seed
 */
export function answerControl(engine: Engine, { method, path, search, body }: Incoming): Reply {
  if (method === 'GET' && isConsentPath(path)) return consentPage(search, engine.state.url);
  const removed = /^\/sandbox\/integrations\/([^/]+)$/.exec(path)?.[1];
  if (method === 'DELETE' && removed !== undefined) {
    const { integrations } = engine.state;
    const identifier = [...integrations.keys()].find((key) => encodeURIComponent(key) === removed);
    if (identifier === undefined) return json(404, { message: 'No integration has this identifier' });
    integrations.delete(identifier);
    return { status: 204, headers: {}, body: null };
  }
  switch (`${method} ${path}`) {
    case 'GET /sandbox/faults':
      return json(200, {
        usage: 'POST one as JSON to queue it, DELETE to remove all that are queued',
        queued: engine.faults.size,
        fields: COMMON_FIELDS,
        kinds: FAULT_DOCS,
      });
    case 'POST /sandbox/faults': {
      const fault = parseFault(body);
      if (typeof fault === 'string') return json(400, { message: fault });
      engine.faults.add(fault);
      return json(201, { queued: engine.faults.size });
    }
    case 'DELETE /sandbox/faults':
      engine.faults.clear();
      return { status: 204, headers: {}, body: null };
    case 'GET /sandbox/state':
      return json(200, describe(engine));
    case 'POST /sandbox/reset':
      engine.reset();
      return { status: 204, headers: {}, body: null };
    default:
      return json(404, { message: `The sandbox has no ${method} ${path}` });
  }
}

function describe({ state, faults, journal, requests }: Engine): object {
  const newest = <R extends object>(rows: Iterable<R>, secret: keyof R): object[] =>
    [...rows].slice(-MAX_SHOWN).map((row) => ({ ...row, [secret]: undefined }));
  return {
    counts: {
      connections: state.connections.size,
      endpoints: state.endpoints.size,
      contexts: state.contexts.size,
      subscribers: state.subscribers.size,
      requests: requests.length,
      writes: journal.length,
      faults: faults.size,
    },
    connections: newest(state.connections.all(), 'auth'),
    endpoints: newest(state.endpoints.all(), 'endpoint'),
    subscribers: newest(state.subscribers.values(), 'channels'),
    contexts: newest(state.contexts.values(), 'data'),
  };
}

const NUMBERS = ['status', 'delayMs', 'retryAfterSeconds', 'times'];

/** A fault, or what is wrong with it. */
function parseFault(body: string | undefined): Fault | string {
  let value: unknown;
  try {
    value = JSON.parse(body ?? '');
  } catch {
    return 'A fault is sent as JSON';
  }
  if (!isFault(value)) return `kind is one of ${FAULT_KINDS.join(', ')}`;
  const fields: Record<string, unknown> = { ...value };
  for (const name of NUMBERS) {
    const number = fields[name] ?? 0;
    if (typeof number !== 'number' || !(number >= 0)) return `${name} is a number, not negative`;
  }
  const { status } = fields;
  if (status !== undefined && !(Number(status) >= 200 && Number(status) <= 599))
    return 'status is 200 to 599';
  if (value.kind === 'status' && status === undefined) return 'status is required';
  if (value.kind === 'body' && value.body === undefined) return 'body is required';
  if (value.kind === 'headers' && !isRecord(value.headers)) return 'headers is required';
  if (value.kind === 'proxy-error' && !['never', 'before', 'late'].includes(value.work ?? 'never')) {
    return 'work is never, before or late';
  }
  if (fields['match'] !== undefined && !isRecord(fields['match'])) return 'match is an object';
  const { method = '', path = '' } = isRecord(fields['match']) ? fields['match'] : {};
  if (typeof method !== 'string' || typeof path !== 'string')
    return 'match.method and match.path are strings';
  if (path.startsWith('^') && !isPattern(path)) return 'match.path is no valid pattern';
  return value;
}

function isPattern(value: string): boolean {
  try {
    return RegExp(value) instanceof RegExp;
  } catch {
    return false;
  }
}

const isFault = (value: unknown): value is Fault =>
  isRecord(value) && FAULT_KINDS.some((kind) => kind === value['kind']);

const json = (status: number, value: object): Reply => ({
  status,
  headers: { 'Content-Type': JSON_TYPE },
  body: JSON.stringify(value),
});
