import { z } from 'zod';
import { anyText, identifier, optionalText, requiredText } from '../common/row-input.ts';
import { contextEntries, toContextMap } from '../common/contexts.ts';
import type { AddressBody, CreateChannelEndpointBody, EndpointBodies, EndpointType } from './wire.ts';

const region = z.enum(['US', 'EU'], 'must be US or EU').transform((value) => (value === 'US' ? 'us' : 'eu'));
const userId = z.object({ userId: requiredText });

const headers = z
  .array(z.object({ name: requiredText, value: anyText }))
  .superRefine((list, ctx) => {
    const seen = new Set<string>();
    for (const [index, { name }] of list.entries()) {
      if (seen.has(name)) ctx.addIssue({ code: 'custom', message: 'is there twice', path: [index, 'name'] });
      seen.add(name);
    }
  })
  // fromEntries defines properties, so that a header named __proto__ stays a key.
  .transform(
    (list): Record<string, string> => Object.fromEntries(list.map(({ name, value }) => [name, value])),
  );

/** The fields of the one-of input: the type of endpoint that each means, and its rules. */
const forms: { [name: string]: Form } = {
  slackChannel: form('slack_channel', z.object({ channelId: requiredText })),
  slackUser: form('slack_user', userId),
  webhook: form(
    'webhook',
    z
      .object({ url: requiredText, channel: optionalText })
      .transform(({ url, channel }) => ({ url, ...(channel != null && { channel }) })),
  ),
  phone: form('phone', z.object({ phoneNumber: requiredText })),
  msTeamsChannel: form('ms_teams_channel', z.object({ teamId: requiredText, channelId: requiredText })),
  msTeamsUser: form('ms_teams_user', userId),
  telegramChat: form('telegram_chat', z.object({ chatId: requiredText })),
  webexRoom: form(
    'webex_room',
    z
      .object({ roomId: requiredText, parentId: requiredText.nullish() })
      .transform(({ roomId, parentId }) => ({ roomId, ...(parentId != null && { parentId }) })),
  ),
  webexPerson: form(
    'webex_person',
    z
      .object({ personId: requiredText.nullish(), personEmail: requiredText.nullish() })
      .refine(
        ({ personId, personEmail }) => (personId == null) !== (personEmail == null),
        'needs either personId or personEmail',
      )
      .transform(({ personId, personEmail }) => ({
        ...(personId != null && { personId }),
        ...(personEmail != null && { personEmail }),
      })),
  ),
  lineUser: form('line_user', userId),
  pagerDutyService: form('pagerduty_service', z.object({ routingKey: requiredText, region })),
  opsgenieIntegration: form('opsgenie_integration', z.object({ apiKey: requiredText, region })),
  grafanaOnCallIntegration: form(
    'grafana_oncall_integration',
    z
      .object({ url: requiredText, authToken: optionalText })
      .transform(({ url, authToken }) => ({ url, ...(authToken != null && { authToken }) })),
  ),
  toolWebhook: form(
    'tool_webhook',
    z
      .object({
        url: requiredText,
        headers: headers.nullish(),
        method: z.enum(['POST', 'PUT', 'PATCH'], 'must be POST, PUT or PATCH').nullish(),
      })
      .transform(({ url, headers, method }) => ({
        url,
        ...(headers != null && { headers }),
        ...(method != null && { method }),
      })),
  ),
};

type Form = (value: unknown) => z.ZodSafeParseResult<AddressBody>;

/** Tied to the type by the compiler: what the rules let through is what Novu takes for it. */
function form<T extends EndpointType>(type: T, endpoint: z.ZodType<EndpointBodies[T]>): Form {
  const schema = endpoint.transform((value) => ({ type, endpoint: value }) as AddressBody);
  return (value) => schema.safeParse(value);
}

/** The address under the name that it had in the input, for the paths of what Novu finds wrong with it. */
export type NamedAddress = AddressBody & { name: string };

const address = z.record(z.string(), z.unknown()).transform((input, ctx): NamedAddress => {
  const [[name, value] = []] = Object.entries(input);
  const parsed = name === undefined ? undefined : forms[name]?.(value);
  if (name !== undefined && parsed?.success) return { ...parsed.data, name };
  for (const { message, path } of parsed?.error?.issues ?? [{ message: 'must not be empty', path: [] }])
    ctx.addIssue({ code: 'custom', message, path: name === undefined ? path : [name, ...path] });
  return z.NEVER;
});

/** Checks the input by Novu's rules, before Novu is asked. */
export const createBody = z
  .object({
    identifier: identifier.nullish(),
    subscriberId: requiredText,
    createSubscriberIfMissing: z.boolean().nullish(),
    context: contextEntries.nullish(),
    integrationIdentifier: requiredText,
    connectionIdentifier: requiredText.nullish(),
    address,
  })
  .transform((input) => {
    const { name, ...typed } = input.address;
    const body: CreateChannelEndpointBody = {
      ...(input.identifier != null && { identifier: input.identifier }),
      subscriberId: input.subscriberId,
      ...(input.createSubscriberIfMissing != null && {
        createSubscriberIfMissing: input.createSubscriberIfMissing,
      }),
      ...(input.context != null && { context: toContextMap(input.context) }),
      integrationIdentifier: input.integrationIdentifier,
      ...(input.connectionIdentifier != null && { connectionIdentifier: input.connectionIdentifier }),
      ...typed,
    };
    return { body, addressName: name };
  });

export const updateBody = z.object({ address });

/** The values in an address that no answer may repeat. */
export function secretsOf({ endpoint }: AddressBody): string[] {
  const { url, routingKey, apiKey, authToken, headers } = endpoint as {
    url?: string;
    routingKey?: string;
    apiKey?: string;
    authToken?: string;
    headers?: Record<string, string>;
  };
  return [url, routingKey, apiKey, authToken, ...Object.values(headers ?? {})].filter(
    (value) => value !== undefined,
  );
}
