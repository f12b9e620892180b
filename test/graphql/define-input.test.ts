import { type GraphQLInputObjectType, getNamedType, isNonNullType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { builder } from '../../src/graphql/builder.ts';
import '../../src/graphql/scalars.ts';
import { defineInput } from '../../src/graphql/define-input.ts';
import {
  anyText,
  choice,
  dateTime,
  id,
  list,
  nested,
  secret,
  string,
  toName,
} from '../../src/graphql/input-fields.ts';

const Colour = builder.enumType('TestColour', { values: ['RED', 'BLUE', 'UNRECOGNIZED'] as const });
const colour = choice(Colour, { RED: 'red', BLUE: 'blue' });

const PartInput = defineInput('TestPartInput', undefined, {
  name: string({ required: true }),
  code: secret({ rule: anyText }),
});

const WholeInput = defineInput(
  'TestWholeInput',
  'A whole.',
  {
    id: id({ required: true, description: 'Its id.' }),
    part: nested(PartInput),
    colour,
    at: dateTime(),
    token: secret(),
    parts: list(PartInput, {
      called: ['part', 'parts'],
      atLeast: 1,
      atMost: 2,
      unique: 'name',
      write: (parts) => parts.map(({ name }) => name).join(),
    }),
  },
  {
    rule({ colour, at }, fault) {
      if (colour === 'RED' && at == null) fault('is required when red', 'at');
    },
  },
);

const OneInput = defineInput(
  'TestOneInput',
  undefined,
  { a: nested(PartInput), b: string() },
  { isOneOf: true },
);

builder.queryField('test', (t) =>
  t.boolean({
    nullable: true,
    novu: { asks: 'nothing' },
    args: { whole: t.arg({ type: WholeInput }), one: t.arg({ type: OneInput }) },
    resolve: () => null,
  }),
);
const schema = builder.toSchema();

describe('an input that is declared once', () => {
  it('is a type of the schema', () => {
    const type = schema.getType('TestWholeInput') as GraphQLInputObjectType;
    const fields = Object.values(type.getFields()).map(({ name, type }) => [
      name,
      getNamedType(type).name,
      isNonNullType(type),
    ]);
    expect(Object.fromEntries(fields.map(([name, ...rest]) => [name, rest]))).toEqual({
      id: ['ID', true],
      part: ['TestPartInput', false],
      colour: ['TestColour', false],
      at: ['DateTime', false],
      token: ['NovuSecret', false],
      parts: ['TestPartInput', false],
    });
    expect(type.description).toBe('A whole.');
    expect(type.getFields()['id']?.description).toBe('Its id.');
    expect((schema.getType('TestOneInput') as GraphQLInputObjectType).isOneOf).toBe(true);
    expect(WholeInput.fieldNames).toEqual(new Set(['id', 'part', 'colour', 'at', 'token', 'parts']));
  });

  it('becomes the body in the order of the shape, without what is null or left out, and its secrets', () => {
    const checked = WholeInput.check({
      parts: [{ name: 'a', code: 'c-1' }, { name: 'b' }],
      token: 't',
      at: new Date(0),
      colour: 'BLUE',
      part: { code: 'c-2', name: 'x', more: 1 },
      id: 'i',
    });
    expect(checked).toEqual({
      body: {
        id: 'i',
        part: { name: 'x', code: 'c-2' },
        colour: 'blue',
        at: '1970-01-01T00:00:00.000Z',
        token: 't',
        parts: 'a,b',
      },
      secrets: ['c-2', 't', 'c-1'],
    });
    expect('body' in checked && Object.keys(checked.body)).toEqual([
      'id',
      'part',
      'colour',
      'at',
      'token',
      'parts',
    ]);
    expect(WholeInput.check({ id: 'i', part: null, token: undefined })).toEqual({
      body: { id: 'i' },
      secrets: [],
    });
  });

  it.each<[string, object, object[]]>([
    ['an empty string', { id: '' }, [{ message: 'must not be empty', path: ['id'] }]],
    [
      'a field of a nested input',
      { id: 'i', part: { name: '\ud800' } },
      [{ message: 'must be valid Unicode', path: ['part', 'name'] }],
    ],
    [
      'an item of a list',
      { id: 'i', parts: [{ name: 'a' }, { name: '' }] },
      [{ message: 'must not be empty', path: ['parts', 1, 'name'] }],
    ],
    [
      'what is there twice',
      { id: 'i', parts: [{ name: 'a' }, { name: 'a' }] },
      [{ message: 'is there twice', path: ['parts', 1, 'name'] }],
    ],
    ['too few', { id: 'i', parts: [] }, [{ message: 'must hold at least one part', path: ['parts'] }]],
    [
      'too many, whatever they are',
      { id: 'i', parts: [{ name: '' }, { name: '' }, { name: '' }] },
      [{ message: 'must hold at most 2 parts', path: ['parts'] }],
    ],
    [
      'a name without a spelling',
      { id: 'i', colour: 'UNRECOGNIZED' },
      [{ message: 'must be RED or BLUE', path: ['colour'] }],
    ],
    ['fields together', { id: 'i', colour: 'RED' }, [{ message: 'is required when red', path: ['at'] }]],
    [
      'several at once',
      { id: '', colour: 'RED', token: '' },
      [
        { message: 'must not be empty', path: ['id'] },
        { message: 'must not be empty', path: ['token'] },
        { message: 'is required when red', path: ['at'] },
      ],
    ],
    ['no object', { id: 'i', part: 'x' }, [{ message: 'must be an object', path: ['part'] }]],
  ])('says what is wrong and where: %s', (_name, input, issues) => {
    expect(WholeInput.check(input)).toEqual({ issues });
  });

  it('of one field of several needs one', () => {
    expect(OneInput.check({})).toEqual({ issues: [{ message: 'must not be empty', path: [] }] });
    expect(OneInput.check({ b: 'x' })).toEqual({ body: { b: 'x' }, secrets: [] });
  });
});

describe('a choice', () => {
  it('is shown by its name, and as UNRECOGNIZED where there is none', () => {
    expect(['red', 'blue', 'green', null].map((spelling) => toName(colour, spelling, 'Colour'))).toEqual([
      'RED',
      'BLUE',
      'UNRECOGNIZED',
      null,
    ]);
  });
});
