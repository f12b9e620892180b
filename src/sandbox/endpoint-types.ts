import { commandError, type FieldErrors } from './errors.ts';
import { contextFault, isRecord, type Json, textOf } from './validation.ts';

type Rule = (endpoint: Json) => boolean;

const isString = (value: unknown): value is string => typeof value === 'string';
const isFilled = (value: unknown): boolean => isString(value) && value.length > 0;
const isRegion = (value: unknown): boolean => value === 'us' || value === 'eu';
const isAbsentOr = (value: unknown, rule: (value: unknown) => boolean): boolean =>
  value === undefined || rule(value);

const hasExactly = (endpoint: Json, ...keys: string[]): boolean =>
  Object.keys(endpoint).length === keys.length && keys.every((key) => isString(endpoint[key]));

const hasOnly = (endpoint: Json, ...keys: string[]): boolean =>
  Object.keys(endpoint).every((key) => keys.includes(key));

const isWebUrl = (value: unknown): boolean =>
  isString(value) && /^https?:$/.test(URL.parse(value)?.protocol ?? '');

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The keys that each type takes; any other key is refused. */
const RULES: Readonly<Record<string, Rule>> = {
  slack_channel: (endpoint) => hasExactly(endpoint, 'channelId'),
  slack_user: (endpoint) => hasExactly(endpoint, 'userId'),
  webhook: (endpoint) =>
    isString(endpoint['url']) &&
    hasOnly(endpoint, 'url', 'channel') &&
    isAbsentOr(endpoint['channel'], isString),
  phone: (endpoint) => hasExactly(endpoint, 'phoneNumber'),
  ms_teams_channel: (endpoint) => hasExactly(endpoint, 'teamId', 'channelId'),
  ms_teams_user: (endpoint) => hasExactly(endpoint, 'userId'),
  telegram_chat: (endpoint) => hasExactly(endpoint, 'chatId'),
  webex_room: (endpoint) =>
    isFilled(endpoint['roomId']) &&
    hasOnly(endpoint, 'roomId', 'parentId') &&
    isAbsentOr(endpoint['parentId'], isFilled),
  webex_person: (endpoint) =>
    Object.keys(endpoint).length === 1 &&
    (isFilled(endpoint['personId']) || isFilled(endpoint['personEmail'])),
  line_user: (endpoint) => hasExactly(endpoint, 'userId'),
  pagerduty_service: (endpoint) =>
    hasExactly(endpoint, 'routingKey', 'region') &&
    /^[a-zA-Z0-9]{32}$/.test(String(endpoint['routingKey'])) &&
    isRegion(endpoint['region']),
  opsgenie_integration: (endpoint) =>
    hasExactly(endpoint, 'apiKey', 'region') &&
    UUID.test(String(endpoint['apiKey'])) &&
    isRegion(endpoint['region']),
  grafana_oncall_integration: (endpoint) =>
    isWebUrl(endpoint['url']) &&
    hasOnly(endpoint, 'url', 'authToken') &&
    isAbsentOr(endpoint['authToken'], isString),
  tool_webhook: (endpoint) =>
    isWebUrl(endpoint['url']) &&
    hasOnly(endpoint, 'url', 'headers', 'method') &&
    isAbsentOr(
      endpoint['headers'],
      (headers) => isRecord(headers) && Object.values(headers).every(isString),
    ) &&
    isAbsentOr(endpoint['method'], (method) => method === 'POST' || method === 'PUT' || method === 'PATCH'),
};

export const hasShape = (type: string, endpoint: Json): boolean =>
  Object.hasOwn(RULES, type) && RULES[type]?.(endpoint) === true;

/** Validated in the command, not in the pipe: one entry per field, with the refused value. */
export function checkCreateCommand(body: Json): { type: string; endpoint: Json; subscriberId: string } {
  const errors: FieldErrors = {};
  const fail = (field: string, ...messages: string[]): void => {
    errors[field] = { messages, value: body[field] };
  };
  for (const field of ['identifier', 'connectionIdentifier']) {
    const value = body[field] ?? '';
    if (!isString(value)) fail(field, `${field} must be a string`);
  }
  for (const field of ['integrationIdentifier', 'subscriberId']) {
    const value = body[field] ?? undefined;
    if (value === undefined)
      fail(field, `${field} should not be null or undefined`, `${field} must be a string`);
    else if (!isString(value)) fail(field, `${field} must be a string`);
  }
  const { type, endpoint, subscriberId, createSubscriberIfMissing } = body;
  const fault = contextFault(body['context']);
  if (fault) fail('context', fault);
  if (!isAbsentOr(createSubscriberIfMissing ?? undefined, (value) => typeof value === 'boolean')) {
    fail('createSubscriberIfMissing', 'createSubscriberIfMissing must be a boolean value');
  }
  // The allowed values are given as an array, which class-validator leaves out of its message.
  const notListed = 'type must be one of the following values: ';
  if (type === undefined || type === null) fail('type', 'type should not be null or undefined', notListed);
  else if (!isString(type) || !Object.hasOwn(RULES, type)) fail('type', notListed);

  const isMissing = endpoint === undefined || endpoint === null;
  // Without a type no format is asked for.
  const isWrong = Boolean(type) && !(isRecord(endpoint) && hasShape(textOf(type), endpoint));
  if (isMissing || isWrong) {
    const defined = isMissing ? ['endpoint should not be null or undefined'] : [];
    fail(
      'endpoint',
      ...defined,
      ...(isWrong ? [`Endpoint must match the required format for type "${textOf(type)}"`] : []),
    );
  }
  if (Object.keys(errors).length > 0 || !isRecord(endpoint) || !isString(type) || !isString(subscriberId)) {
    throw commandError('CreateChannelEndpointCommand', errors);
  }
  return { type, endpoint, subscriberId };
}
