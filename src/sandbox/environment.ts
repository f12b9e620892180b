import type { AuthShape, NovuVersion, SandboxOptions, Tier } from './options.ts';

export type Environment = { port: number; options: SandboxOptions } | { faults: string[] };

const TIERS: readonly Tier[] = ['free', 'pro', 'business', 'unlimited'];
const AUTH_SHAPES: readonly AuthShape[] = [
  'full',
  'accessToken',
  'hasAccessToken',
  'empty',
  'redacted',
  'missing',
];
const VERSIONS: readonly NovuVersion[] = ['3.15', '3.19'];
const CONSENT_PAGES = ['provider', 'sandbox'] as const;
const SWITCHES = ['on', 'off'] as const;

/** Options of the command, every fault reported at once by the variable's name; an empty value is absent. */
export function parseEnvironment(env: Record<string, string | undefined>): Environment {
  const faults: string[] = [];

  function number(name: string, fallback: number, max: number): number {
    const value = env[name];
    if (!value) return fallback;
    if (/^\d+$/.test(value) && Number(value) <= max) return Number(value);
    faults.push(`${name}: a whole number from 0 to ${max}`);
    return fallback;
  }

  function choice<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = env[name];
    if (!value) return fallback;
    const found = allowed.find((item) => item === value);
    if (found === undefined) faults.push(`${name}: one of ${allowed.join(', ')}`);
    return found ?? fallback;
  }

  const secretKey = env['SANDBOX_SECRET_KEY'];
  if (secretKey && /\s/.test(secretKey)) faults.push('SANDBOX_SECRET_KEY: no white space');
  const port = number('SANDBOX_PORT', 3000, 65_535);
  const options: SandboxOptions = {
    idempotency: choice('SANDBOX_IDEMPOTENCY', SWITCHES, 'on') === 'on',
    tier: choice('SANDBOX_TIER', TIERS, 'unlimited'),
    latencyMs: number('SANDBOX_LATENCY_MS', 0, 600_000),
    novuVersion: choice('SANDBOX_NOVU_VERSION', VERSIONS, '3.19'),
    consentPages: choice('SANDBOX_CONSENT_PAGES', CONSENT_PAGES, 'provider'),
    ...(env['SANDBOX_AUTH_SHAPE'] && {
      authShape: choice('SANDBOX_AUTH_SHAPE', AUTH_SHAPES, 'accessToken'),
    }),
    ...(secretKey && { secretKey }),
  };
  return faults.length > 0 ? { faults } : { port, options };
}
