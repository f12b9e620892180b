import { isRecord } from '../../upstream/json.ts';
import type { CallContext, Novu } from '../../upstream/client.ts';
import { endpoints } from './api.ts';
import { type EndpointType, kindOf } from './kinds.ts';
import type { ChannelEndpoint } from './wire.ts';

const pageSize = 100;
/** The newest thousand endpoints of an integration: who is further back is not found. */
const maxPages = 10;

type Wanted = {
  identifier: string;
  type: EndpointType;
  endpoint: unknown;
  integrationIdentifier?: string | null;
  subscriberId?: string | null;
};

/**
 * Looks for the endpoint that leaves no place for the wanted one, by Novu's unique indexes; Novu itself answers with a
 * failure or a conflict that names none. The wanted one itself comes before any other. Undefined for types without such
 * a rule.
 */
export function occupantFinder(
  novu: Novu,
  { identifier, type, endpoint, integrationIdentifier, subscriberId }: Wanted,
): ((call: CallContext) => Promise<string | null>) | undefined {
  const { isTool = false, isChatUser = false } = kindOf(type);
  if ((!isTool && !isChatUser) || integrationIdentifier == null) return undefined;
  if (isTool && subscriberId == null) return undefined;
  const query = {
    limit: pageSize,
    integrationIdentifier,
    ...(isTool && subscriberId != null && { subscriberId }),
  };
  const userId = isRecord(endpoint) ? endpoint['userId'] : undefined;
  const isInTheWay = (row: ChannelEndpoint) =>
    row.type === type && (isTool || ('userId' in row.address && row.address.userId === userId));
  return async (call) => {
    let after: string | undefined;
    for (let pages = 0; pages < maxPages; pages += 1) {
      const { page } = await endpoints.listNow(
        novu,
        { ...query, ...(after !== undefined && { after }) },
        call,
      );
      const found = page.items.filter(isInTheWay);
      const occupant = found.find((row) => row.identifier === identifier) ?? found[0];
      if (occupant !== undefined) return occupant.identifier;
      if (page.next === null) return null;
      after = page.next;
    }
    return null;
  };
}
