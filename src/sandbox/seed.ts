import type { StoredIntegration } from './rows.ts';

export const ENVIRONMENT_ID = '6863a0c2e4b0a1b2c3d4e5f6';
export const ORGANIZATION_ID = '6863a0c2e4b0a1b2c3d4e5f0';

const OTHER_ENVIRONMENT_ID = '6863a0c2e4b0a1b2c3d4e5f7';

/** Fields left out: active, not primary, no credentials. */
export type IntegrationSeed = Pick<StoredIntegration, 'identifier' | 'providerId' | 'channel'> &
  Partial<Pick<StoredIntegration, 'credentials' | 'active' | 'primary'>>;

/** Every credential value contains the word "sandbox-secret", so that a leak of one is easy to find. */
const SEEDS: readonly IntegrationSeed[] = [
  {
    identifier: 'slack-prod',
    providerId: 'slack',
    channel: 'chat',
    primary: true,
    credentials: {
      applicationId: 'A0SANDBOX',
      clientId: '1234567890.sandbox',
      secretKey: 'sandbox-secret-slack',
    },
  },
  // Without credentials and not active: OAuth and token rotation are refused.
  { identifier: 'slack-dev', providerId: 'slack', channel: 'chat', active: false },
  // Asks for a contextHash on OAuth and link routes.
  {
    identifier: 'slack-hmac',
    providerId: 'slack',
    channel: 'chat',
    credentials: { clientId: '0987654321.sandbox', secretKey: 'sandbox-secret-slack-hmac', hmac: true },
  },
  {
    identifier: 'teams-prod',
    providerId: 'msteams',
    channel: 'chat',
    credentials: { clientId: 'teams-sandbox', secretKey: 'sandbox-secret-teams', tenantId: 'tenant-sandbox' },
  },
  { identifier: 'discord-prod', providerId: 'discord', channel: 'chat' },
  {
    identifier: 'telegram-prod',
    providerId: 'telegram',
    channel: 'chat',
    credentials: { apiToken: '123456:sandbox-secret-telegram', botUsername: 'SandboxBot' },
  },
  {
    identifier: 'webex-prod',
    providerId: 'webex-messaging',
    channel: 'chat',
    credentials: { clientId: 'webex-sandbox', secretKey: 'sandbox-secret-webex' },
  },
  {
    identifier: 'line-prod',
    providerId: 'line',
    channel: 'chat',
    credentials: { apiToken: 'sandbox-secret-line' },
  },
  {
    identifier: 'whatsapp-prod',
    providerId: 'whatsapp-business',
    channel: 'chat',
    credentials: { apiToken: 'sandbox-secret-whatsapp', phoneNumberIdentification: '100000000000001' },
  },
  { identifier: 'pagerduty-prod', providerId: 'pagerduty', channel: 'tool' },
  { identifier: 'opsgenie-prod', providerId: 'opsgenie', channel: 'tool' },
  { identifier: 'grafana-prod', providerId: 'grafana', channel: 'tool' },
  {
    identifier: 'tool-webhook-prod',
    providerId: 'tool-webhook',
    channel: 'tool',
    credentials: { routingMode: 'dynamic', secretKey: 'sandbox-secret-tool-webhook' },
  },
  {
    identifier: 'sendgrid-prod',
    providerId: 'sendgrid',
    channel: 'email',
    primary: true,
    credentials: {
      apiKey: 'SG.sandbox-secret-sendgrid',
      from: 'no-reply@example.com',
      senderName: 'Sandbox',
    },
  },
  {
    identifier: 'twilio-prod',
    providerId: 'twilio',
    channel: 'sms',
    primary: true,
    credentials: { accountSid: 'ACsandbox', token: 'sandbox-secret-twilio', from: '+15550100' },
  },
];

export const toIntegration = (seed: IntegrationSeed, index: number): StoredIntegration => ({
  _id: seedId(0xa000 + index),
  _environmentId: ENVIRONMENT_ID,
  _organizationId: ORGANIZATION_ID,
  name: seed.identifier,
  identifier: seed.identifier,
  providerId: seed.providerId,
  channel: seed.channel,
  kind: 'delivery',
  ...(seed.credentials && { credentials: { ...seed.credentials } }),
  configurations: {},
  active: seed.active ?? true,
  deleted: false,
  primary: seed.primary ?? false,
  conditions: [],
});

export const seedId = (number: number): string => `6863a0c2e4b0a1b2c3d4${number.toString(16)}`;

export const seedIntegrations = (): StoredIntegration[] => SEEDS.map(toIntegration);

/** One with an identifier that this environment has too, and one that it has not. */
export const seedForeignIntegrations = (): StoredIntegration[] =>
  [
    {
      identifier: 'slack-prod',
      providerId: 'slack',
      channel: 'chat',
      credentials: { clientId: 'other.sandbox', secretKey: 'sandbox-secret-other' },
    },
    { identifier: 'discord-other', providerId: 'discord', channel: 'chat' },
  ].map((seed, index) => ({ ...toIntegration(seed, 0x100 + index), _environmentId: OTHER_ENVIRONMENT_ID }));
