import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compare, readDeclared } from '../scripts/drift.ts';

const read = (name: string) =>
  readDeclared(
    readFileSync(
      new URL(`../node_modules/@novu/api/models/components/${name}.d.ts`, import.meta.url),
      'utf8',
    ),
  );

test("the SDK's declarations are read: the fields of a type and the values of an enum", () => {
  expect(read('authdto').get('AuthDto')).toContain('accessToken: string');
  expect(read('providersidenum').get('ProvidersIdEnum')).toContain('Slack: "slack"');
});

test('what is the same says nothing', () => {
  expect(compare(read('authdto'), read('authdto'))).toEqual([]);
});

test('a new, a lost and a changed field, and a new type, are told', () => {
  const before = new Map([['AuthDto', ['accessToken: string', 'scope?: string', 'expiresAt?: Date']]]);
  const after = new Map([
    ['AuthDto', ['accessToken: string', 'expiresAt?: Date | undefined', 'tokenType: string']],
    ['Discord', ['id: string']],
  ]);
  expect(compare(before, after)).toEqual([
    '- AuthDto: scope?: string',
    '- AuthDto: expiresAt?: Date',
    '+ AuthDto: expiresAt?: Date | undefined',
    '+ AuthDto: tokenType: string',
    '+ Discord',
  ]);
});
