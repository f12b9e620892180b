import type { StoredSubscriber } from './rows.ts';
import { seedId } from './seed.ts';

const SEEDED_AT = '2026-01-01T00:00:00.000Z';

type Person = Pick<StoredSubscriber, 'subscriberId'> & Partial<StoredSubscriber>;

const PEOPLE: readonly Person[] = [
  {
    subscriberId: 'subscriber-123',
    firstName: 'Ada',
    lastName: 'Lovelace',
    email: 'ada@example.com',
    phone: '+15550101',
    avatar: 'https://example.com/ada.png',
    locale: 'en_GB',
    timezone: 'Europe/London',
    data: { plan: 'pro' },
    channels: [
      {
        _integrationId: seedId(0xa000),
        providerId: 'slack',
        integrationIdentifier: 'slack-prod',
        credentials: { webhookUrl: 'https://hooks.example.com/sandbox-secret-webhook' },
      },
      {
        _integrationId: seedId(0xa0ff),
        providerId: 'fcm',
        integrationIdentifier: 'fcm-prod',
        credentials: { deviceTokens: ['sandbox-secret-device-token'] },
      },
    ],
    isOnline: false,
    lastOnlineAt: SEEDED_AT,
  },
  { subscriberId: 'subscriber-456', firstName: 'Grace', lastName: 'Hopper', email: 'grace@example.com' },
  { subscriberId: 'subscriber-789' },
  { subscriberId: 'user-1', firstName: 'Alan', email: 'alan@example.com' },
  { subscriberId: 'user-2' },
  { subscriberId: 'user-3' },
  { subscriberId: 'user-4' },
  { subscriberId: 'user-5' },
];

/** Every credential value contains the word "sandbox-secret", as those of integrations do. */
export const seedSubscribers = (): StoredSubscriber[] =>
  PEOPLE.map((person, index) => ({
    _id: seedId(0xb000 + index),
    data: {},
    channels: [],
    topics: [],
    isOnline: null,
    lastOnlineAt: null,
    createdAt: SEEDED_AT,
    updatedAt: SEEDED_AT,
    ...structuredClone(person),
  }));
