import { isRecord } from '../../upstream/json.ts';
import { type Time, toText, toTime } from '../../upstream/tolerant.ts';

/** Something that several subscribers share, for example a tenant: Novu's GetContextResponseDto. */
export type Context = {
  __typename: 'Context';
  type: string;
  id: string;
  data: Record<string, unknown> | null;
  createdAt: Time | null;
  updatedAt: Time | null;
  /** `type:id`, as writes name what they are about, and as rows refer to it. */
  identifier: string;
  /** It is nobody's own, and of those who have it in their token. */
  subscriberId: null;
  contextKeys: readonly string[];
};

export const toKey = (type: string, id: string): string => `${type}:${id}`;

/** The parts of `type:id`, or undefined when it is none. Ids have no colon. */
export function splitKey(key: string): Pick<Context, 'type' | 'id'> | undefined {
  const at = key.lastIndexOf(':');
  return at <= 0 || at === key.length - 1 ? undefined : { type: key.slice(0, at), id: key.slice(at + 1) };
}

/** The context, or undefined when the body lacks even its key. */
export function parseContext(body: unknown): Context | undefined {
  if (!isRecord(body)) return undefined;
  const [type, id] = [toText(body['type']), toText(body['id'])];
  if (!type || !id) return undefined;
  const identifier = toKey(type, id);
  return {
    __typename: 'Context',
    type,
    id,
    data: isRecord(body['data']) ? body['data'] : null,
    createdAt: toTime(body['createdAt']),
    updatedAt: toTime(body['updatedAt']),
    identifier,
    subscriberId: null,
    contextKeys: [identifier],
  };
}
