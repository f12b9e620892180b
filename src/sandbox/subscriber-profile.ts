import type { StoredSubscriber } from './rows.ts';
import { type Checks, isRecord, type Json } from './validation.ts';

type Profile = Pick<
  StoredSubscriber,
  'firstName' | 'lastName' | 'email' | 'phone' | 'avatar' | 'locale' | 'timezone'
> & { data?: StoredSubscriber['data'] };

const EMAIL = /^[^\s@"(),:;<>[\\\]]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i;
const LOCALE = /^[A-Za-z]{2,4}(?:[_-](?:[A-Za-z]{4}|\d{3}))?(?:[_-](?:[A-Za-z]{2}|\d{3}))?$/;

function isTimeZone(value: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: value }));
  } catch {
    return false;
  }
}

const STRINGS = ['firstName', 'lastName', 'phone', 'avatar'] as const;

/** Each with class-validator's message for a value of another format. */
const FORMATS: readonly [
  field: 'email' | 'locale' | 'timezone',
  isValid: (value: string) => boolean,
  message: string,
][] = [
  ['email', (value) => EMAIL.test(value), 'must be an email'],
  ['locale', (value) => LOCALE.test(value), 'must be locale'],
  ['timezone', isTimeZone, 'must be a valid IANA time-zone'],
];

/** Every field may be left out or null. */
export function checkProfile(checks: Checks, body: Json): void {
  for (const field of STRINGS) checks.optionalString(body[field], field);
  for (const [field, isValid, message] of FORMATS) {
    const value = body[field] ?? undefined;
    if (value !== undefined && !(typeof value === 'string' && isValid(value))) {
      checks.fail(`${field} ${message}`);
    }
  }
  const data = body['data'] ?? undefined;
  if (data !== undefined && !isRecord(data)) checks.fail('data must be an object');
}

/** The checked fields that a body names; null takes a value away. */
export function profileOf(body: Json): Profile {
  const profile: Profile = {};
  for (const field of [...STRINGS, ...FORMATS.map(([name]) => name)]) {
    const value = body[field];
    if (value === null || typeof value === 'string') profile[field] = value;
  }
  const { data } = body;
  if (data === null || isRecord(data)) profile.data = data;
  return profile;
}
