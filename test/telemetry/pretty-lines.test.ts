import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { toPretty } from '../../src/telemetry/pretty-lines.ts';

const time = new Date(2026, 0, 2, 3, 4, 5).getTime();
const pretty = (fields: object) =>
  stripVTControlCharacters(toPretty(JSON.stringify({ level: 30, time, ...fields })));

it('shows a request in a terminal with what is asked for most in front', () => {
  expect(
    pretty({
      requestId: 'r1',
      caller: 'backend',
      method: 'POST',
      status: 200,
      outcome: 'ok',
      ms: 12.5,
      operation: 'Create',
      kind: 'mutation',
      document: '0123456789abcdef',
      novu: { calls: 1 },
      msg: 'request',
    }),
  ).toBe('03:04:05 POST 200 ok mutation Create 12.5 ms requestId=r1 caller=backend novu={"calls":1}\n');
});

it('shows any other line as its words and what belongs to them', () => {
  expect(pretty({ msg: 'draining', signal: 'SIGTERM' })).toBe('03:04:05 draining signal=SIGTERM\n');
});
