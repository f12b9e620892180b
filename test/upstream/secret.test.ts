import { format, inspect } from 'node:util';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { StoredSecret } from '../../src/upstream/secret.ts';

const value = 'xoxb-a-stored-token';

it('shows itself as [secret] to whoever prints, logs, inspects, copies or serialises it', () => {
  const row = { auth: { accessToken: new StoredSecret(value) } };
  let logged = '';
  const log = pino({ level: 'trace' }, { write: (line: string) => void (logged += line) });
  log.info(row, 'a row');
  log.error(new Error('failed', { cause: row }), 'an error');
  const shown = [
    inspect(row, { depth: 10, showHidden: true }),
    format('%s %o %O %j', row.auth.accessToken, row, row, row),
    JSON.stringify(row),
    String(row.auth.accessToken),
    ['token:', row.auth.accessToken].join(' '),
    JSON.stringify(structuredClone(JSON.parse(JSON.stringify(row)) as object)),
    inspect(Object.assign({}, row.auth.accessToken), { showHidden: true }),
    logged,
  ];
  for (const text of shown) expect(text).not.toContain(value);
  expect(shown.join()).toContain('[secret]');
});

it('gives its value to who asks for it by name', () => {
  expect(new StoredSecret(value).reveal()).toBe(value);
});
