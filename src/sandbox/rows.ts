export type StoredConnection = {
  _id: string;
  identifier: string;
  channel: string;
  providerId: string;
  integrationIdentifier: string;
  /** null makes the connection a shared one. */
  subscriberId: string | null;
  contextKeys: string[];
  workspace: Record<string, unknown>;
  auth: Record<string, unknown>;
  createdAt: string;
  updatedAt: string;
};

export type StoredEndpoint = {
  _id: string;
  identifier: string;
  channel: string;
  providerId: string;
  integrationIdentifier: string;
  connectionIdentifier: string | null;
  subscriberId: string;
  contextKeys: string[];
  type: string;
  endpoint: Record<string, unknown>;
  createdAt: string;
  updatedAt: string;
};

export type StoredIntegration = {
  _id: string;
  _environmentId: string;
  _organizationId: string;
  name: string;
  identifier: string;
  providerId: string;
  channel: string;
  kind: 'delivery' | 'agent';
  credentials?: Record<string, unknown>;
  configurations: Record<string, unknown>;
  active: boolean;
  deleted: boolean;
  primary: boolean;
  conditions: unknown[];
};

export type StoredSubscriber = {
  _id: string;
  subscriberId: string;
  firstName?: string | null;
  lastName?: string | null;
  email?: string | null;
  phone?: string | null;
  avatar?: string | null;
  locale?: string | null;
  timezone?: string | null;
  data: Record<string, unknown> | null;
  /** Credentials of chat and push providers; secrets. */
  channels: {
    _integrationId: string;
    providerId: string;
    integrationIdentifier?: string;
    credentials: object;
  }[];
  topics: string[];
  isOnline: boolean | null;
  lastOnlineAt: string | null;
  createdAt: string;
  updatedAt: string;
};

export type StoredContext = {
  _id: string;
  type: string;
  id: string;
  /** `type:id` */
  key: string;
  data: Record<string, unknown>;
  createdAt: string;
  updatedAt: string;
};
