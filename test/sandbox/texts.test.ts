import { expect, test } from 'vitest';
import { type NovuText, novuTexts } from '../support/novu-texts.ts';
import { type Answer, asRecord, start, type Started } from './start.ts';

/** Follows a row up to its answer. */
async function ask(novu: Started, { setup = [], request }: NovuText): Promise<Answer> {
  for (const step of setup) {
    if ('add' in step) novu.sandbox.addIntegration(step.add);
    else if ('remove' in step) expect(novu.sandbox.removeIntegration(step.remove)).toBe(true);
    else if ('fault' in step) novu.sandbox.fail(step.fault);
    // What a setup's request is answered is no matter: some are refused on purpose, some get no answer.
    else await novu.call(step.method, step.path, step.body, step.headers).catch(() => undefined);
  }
  return novu.call(request.method, request.path, request.body, request.headers);
}

const messagesOf = ({ json }: Answer): unknown[] =>
  Object.values(asRecord(json['errors'])).flatMap((entry) => asRecord(entry)['messages']);

test.each(novuTexts.map((row) => [row.id, row] as const))('%s is said as Novu says it', async (_id, row) => {
  await using novu = await start(row.options);
  const answer = await ask(novu, row);
  expect(answer.status).toBe(row.status);
  if (row.isIn === 'errors') expect(messagesOf(answer)).toContain(row.text);
  else expect(answer.json['message']).toBe(row.text);
});

test('every text has an id of its own', () => {
  expect(new Set(novuTexts.map(({ id }) => id)).size).toBe(novuTexts.length);
});
