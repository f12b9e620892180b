import { scopes } from '../callers/caller.ts';
import { type Config, parseConfig } from '../config.ts';

/** What a person at a terminal is told when the gateway has started. No secret: names, addresses and limits. */
export function printSummary(config: Config, url: string, sandboxUrl: string | undefined): string {
  const lines = sandboxUrl === undefined ? productionLines(config, url) : sandboxLines(url, sandboxUrl);
  return ['', ...lines.map((line) => `  ${line}`.trimEnd()), ''].join('\n');
}

const row = (name: string, text: string) => `${name.padEnd(14)}${text}`;

function productionLines(config: Config, url: string): string[] {
  return [
    row('novu-graphql', 'is up'),
    '',
    row('Address', `${url}/graphql`),
    row('Novu', config.novu?.url.host ?? ''),
    ...callerLines(config),
    ...limitLines(config),
  ];
}

/** Who may come in, and what they may do. */
export function callerLines(config: Config): string[] {
  const names = [...new Set(config.apiKeys.map(({ name }) => name))];
  const readers = new Set(config.secretReaders);
  const may = scopes.filter((scope) => scope !== 'channel-connections:read-secrets').length;
  return [
    ...names.map((name) =>
      row(
        'Caller',
        `${name}, with a key: everything${readers.has(name) ? ', stored tokens too' : ' but stored tokens'}`,
      ),
    ),
    ...(config.routerSecret === null ? [] : [row('Caller', 'a router, with Router-Authorization')]),
    ...(config.hmacSecret === null ? [] : [row('Caller', 'Hive Gateway, with signed requests')]),
    ...(config.jwt === null
      ? []
      : [
          row(
            'Caller',
            `end users with tokens of ${config.jwt.issuer}: what is theirs, by up to ${may} scopes`,
          ),
        ]),
  ];
}

/** Limits that differ from the default. */
export function limitLines(config: Config): string[] {
  const standard = parseConfig({}).limits as Record<string, number>;
  return Object.entries(config.limits)
    .filter(([name, value]) => standard[name] !== value)
    .map(([name, value]) => row('Limit', `${name} ${value} (default ${standard[name]})`));
}

function sandboxLines(url: string, sandboxUrl: string): string[] {
  return [
    row('novu-graphql', 'is up, on its embedded sandbox: nothing leaves this machine'),
    '',
    row('Playground', `${url}/graphql`),
    row(
      'Seeded',
      'integrations slack-prod, slack-dev, slack-hmac, teams-prod, discord-prod, telegram-prod, …',
    ),
    row('', 'subscribers subscriber-123, …; no connection yet: create one with the first tab'),
    row('Sandbox', `${sandboxUrl}/sandbox/state shows what it holds`),
    row('', `${sandboxUrl}/sandbox/faults lists how it can misbehave, and takes one by POST`),
    row('Your Novu', 'NOVU_SECRET_KEY=… GATEWAY_API_KEYS=backend:… (novu-graphql --help lists all)'),
  ];
}
