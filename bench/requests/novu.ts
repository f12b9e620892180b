/** What the stand-in for Novu knows and answers. */
export const novuKey = 'novu-secret-key-of-the-benchmark';
export const collection = '/v1/channel-connections';
/** Novu's own OpenAPI document leaves the envelope out: who goes by it asks below this path. */
export const unwrapped = '/unwrapped';
export const pageSize = 100;

/** Novu's GetChannelConnectionResponseDto. */
export const connection = {
  identifier: 'slack-prod-user123-abc4',
  channel: 'chat',
  providerId: 'slack',
  integrationIdentifier: 'slack-prod',
  subscriberId: 'subscriber-123',
  contextKeys: ['key:org-acme'],
  workspace: { id: 'T123456', name: 'Acme HQ' },
  auth: { accessToken: 'xoxb-example' },
  createdAt: '2026-01-31T12:00:00.000Z',
  updatedAt: '2026-01-31T12:00:00.000Z',
};

/** Novu's ListChannelConnectionsResponseDto. */
export const page = {
  data: Array.from({ length: pageSize }, (_, index) => ({
    ...connection,
    identifier: `slack-prod-user${String(index).padStart(3, '0')}-abc4`,
  })),
  next: '65b9f0c2a4d3e1f0a1b2c3d4',
  previous: null,
  totalCount: 1234,
  totalCountCapped: false,
};

/** Those of Novu's headers that a gateway has work with. The limits are high enough to hold nothing back. */
export const novuHeaders = {
  'content-type': 'application/json; charset=utf-8',
  date: 'Sat, 31 Jan 2026 12:00:00 GMT',
  'ratelimit-limit': '10000000',
  'ratelimit-remaining': '11000000',
  'ratelimit-reset': '1',
  'ratelimit-policy':
    '10000000;w=5;burst=11000000;comment="token bucket";category="configuration";cost="single";serviceLevel="unlimited"',
};

/** Novu's CreateChannelConnectionRequestDto, without the context. */
export const input = {
  identifier: connection.identifier,
  subscriberId: connection.subscriberId,
  integrationIdentifier: connection.integrationIdentifier,
  workspace: connection.workspace,
  auth: connection.auth,
};
