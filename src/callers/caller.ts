/** What a caller may do. `write` does not imply `read`. */
export const scopes = [
  'channel-connections:read',
  'channel-connections:write',
  'channel-connections:read-secrets',
  'channel-endpoints:read',
  'channel-endpoints:write',
  'integrations:read',
  'subscribers:read',
  'subscribers:write',
  'contexts:read',
  'contexts:write',
] as const;
export type Scope = (typeof scopes)[number];

/** For services alone, whatever a token claims: stored tokens, and contexts, which several subscribers share. */
const serviceScopes: ReadonlySet<Scope> = new Set(['channel-connections:read-secrets', 'contexts:write']);

/** The scopes that the token of an end user may claim. */
export const userScopes: readonly Scope[] = scopes.filter((scope) => !serviceScopes.has(scope));

/** A backend or a federation router, known by its key. It may touch everything in the environment. */
export type ServiceCaller = {
  readonly kind: 'service';
  /** Tells callers apart wherever something is kept per caller. */
  readonly id: string;
  /** For the log. */
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  /** Known by a signature of document and variables, see `namesItsOperation`. @default false */
  readonly isKnownBySignature?: boolean;
};

/** A person behind a verified token. Sees and changes what is theirs, see access.ts; never a stored token. */
export type UserCaller = {
  readonly kind: 'user';
  readonly id: string;
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly subscriberId: string;
  /** The contexts of the token's claim, as `type:id`. */
  readonly contextKeys: ReadonlySet<string>;
};

/** The same object may stand for several requests: it is never changed. */
export type Caller = ServiceCaller | UserCaller;

export function serviceCaller(name: string, readsSecrets: boolean): ServiceCaller {
  const granted = scopes.filter((scope) => readsSecrets || scope !== 'channel-connections:read-secrets');
  return { kind: 'service', id: `service:${name}`, name, scopes: new Set(granted) };
}

const serviceWeight = 8;

/** The caller's share where callers wait for the same thing: a service, which acts for many, has that of 8 end users. */
export const fairWeight = ({ kind }: Caller): number => (kind === 'service' ? serviceWeight : 1);
