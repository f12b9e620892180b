/** What a caller may do. `write` does not imply `read`. */
export const scopes = [
  'channel-connections:read',
  'channel-connections:write',
  'channel-connections:read-secrets',
  'channel-endpoints:read',
  'channel-endpoints:write',
  'integrations:read',
] as const;
export type Scope = (typeof scopes)[number];

/** A backend or a federation router, known by its key. It may touch everything in the environment. */
export type ServiceCaller = {
  kind: 'service';
  /** Tells callers apart wherever something is kept per caller. */
  id: string;
  /** For the log. */
  name: string;
  scopes: ReadonlySet<Scope>;
};

/** A person behind a verified token. Sees and changes what is theirs, see access.ts; never a stored token. */
export type UserCaller = {
  kind: 'user';
  id: string;
  name: string;
  scopes: ReadonlySet<Scope>;
  subscriberId: string;
  /** The contexts of the token's claim, as `type:id`. */
  contextKeys: ReadonlySet<string>;
};

export type Caller = ServiceCaller | UserCaller;

export function serviceCaller(name: string, readsSecrets: boolean): ServiceCaller {
  const granted = scopes.filter((scope) => readsSecrets || scope !== 'channel-connections:read-secrets');
  return { kind: 'service', id: `service:${name}`, name, scopes: new Set(granted) };
}
