import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { describeError } from '../../src/telemetry/log.ts';
import { connectionInput, createDocument, startHarness } from '../support/harness.ts';

async function start(level = 'info') {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level, base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const harness = await startHarness({ log });
  return { harness, lines, [Symbol.asyncDispose]: () => harness[Symbol.asyncDispose]() };
}

describe('the log', () => {
  it('has one line for each operation: who, what it is called, how it ended', async () => {
    await using started = await start();
    await started.harness.execute(createDocument, { input: connectionInput() });
    expect(started.lines).toEqual([
      {
        level: 30,
        time: expect.any(Number),
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        caller: 'backend',
        operation: 'Create',
        kind: 'mutation',
        ms: expect.any(Number),
        msg: 'operation',
      },
    ]);
  });

  it('has the name that the document declares, not the one that was sent beside it', async () => {
    await using started = await start();
    const two = 'query First { __typename } query Second { a: __typename }';
    await started.harness.execute(two, {}, { operationName: 'Second', once: true });
    await started.harness.execute('{ __typename }', {}, { once: true });
    await started.harness.execute(two, {}, { operationName: 'Third', once: true });
    expect(started.lines.map(({ operation }) => operation)).toEqual(['Second', null]);
  });

  it('has neither aliases nor names of variables and fragments, nor values', async () => {
    await using started = await start('trace');
    await started.harness.execute(
      'query Read($variableName: ID! = "default-value") { aliasName: channelConnection(identifier: $variableName) { ...FragmentName } other: channelConnection(identifier: "literal-value") { id } } fragment FragmentName on ChannelConnection { identifier }',
      { variableName: 'variable-value' },
      { once: true },
    );
    expect(started.lines).toHaveLength(1);
    expect(JSON.stringify(started.lines)).not.toMatch(/aliasName|variableName|FragmentName|-value/);
  });

  it('has the codes of errors, not their words', async () => {
    await using started = await start();
    await started.harness.execute('{ channelConnections(first: 1000) { totalCount } }');
    await started.harness.execute('query ($n: Int!) { channelConnections(first: $n) { totalCount } }', {
      n: 'x',
    });
    expect(started.lines.map(({ errors }) => errors)).toEqual([['BAD_USER_INPUT'], ['BAD_USER_INPUT']]);
    expect(JSON.stringify(started.lines)).not.toContain('1000');
  });

  it('is silent above info', async () => {
    await using started = await start('warn');
    await started.harness.execute('{ __typename }');
    expect(started.lines).toEqual([]);
  });
});

describe('what is said of an exception', () => {
  it('is its name and where it happened', () => {
    const { error, at } = describeError(new TypeError('with a token in it'));
    expect(error).toBe('TypeError');
    expect(at?.[0]).toMatch(/operation-log\.test\.ts:\d+:\d+/);
  });

  it.each<[string, unknown, string]>([
    ['a text', 'token', 'string'],
    ['nothing', undefined, 'undefined'],
    ['an object', { message: 'token' }, 'object'],
  ])('is its type when it is %s', (_name, thrown, error) => {
    expect(describeError(thrown)).toEqual({ error });
  });

  it.each([
    ['a message of several lines', new Error('a\n    at token (/token:1:1)\n    at /token:1:2')],
    ['a stack of its own', Object.assign(new Error('a'), { stack: 'Error: b\n    at /token:1:1' })],
    ['a message that was changed later', Object.assign(new Error('\n    at /token:1:1'), { message: 'b' })],
    ['a cause', new Error('a', { cause: new Error('token') })],
    ['a stack that is no text', Object.assign(new Error('token'), { stack: ['token'] })],
  ])('holds nothing of %s', (_name, thrown) => {
    expect(JSON.stringify(describeError(thrown))).not.toContain('token');
  });
});
