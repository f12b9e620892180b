import type { StoredEndpoint } from './rows.ts';

/** Novu allows one connection for each integration, owner and exact set of contexts. */
export const slotOf = (
  integrationIdentifier: string,
  subscriberId: string | null,
  contextKeys: readonly string[],
): string => JSON.stringify([integrationIdentifier, subscriberId, ...contextKeys.toSorted()]);

export const TOOL_TYPES: Readonly<Record<string, string>> = {
  pagerduty_service: 'PagerDuty',
  opsgenie_integration: 'Opsgenie',
  grafana_oncall_integration: 'Grafana',
  tool_webhook: 'Tool webhook',
};

const USER_TYPES: ReadonlySet<string> = new Set(['slack_user', 'ms_teams_user']);

/** The unique index that an endpoint falls under, if any: one tool per subscriber, one endpoint per chat user. */
export function endpointSlot(
  row: Pick<StoredEndpoint, 'integrationIdentifier' | 'subscriberId' | 'type' | 'endpoint'>,
): string | undefined {
  const { integrationIdentifier, subscriberId, type, endpoint } = row;
  if (type in TOOL_TYPES) return JSON.stringify(['tool', integrationIdentifier, subscriberId]);
  return USER_TYPES.has(type)
    ? JSON.stringify(['user', integrationIdentifier, type, endpoint['userId']])
    : undefined;
}
