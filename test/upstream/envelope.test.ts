import { describe, expect, it } from 'vitest';
import { parsePage, unwrap } from '../../src/upstream/envelope.ts';
import { parseJson } from '../../src/upstream/json.ts';

describe('unwrap', () => {
  it.each([
    [{ data: { identifier: 'a' } }, { identifier: 'a' }],
    [{ data: [1, 2] }, [1, 2]],
    [{ data: false }, false],
    [{ data: null }, null],
    [{ identifier: 'a' }, { identifier: 'a' }],
    [
      { data: [1], next: null },
      { data: [1], next: null },
    ],
    [
      { data: 'a field', identifier: 'a' },
      { data: 'a field', identifier: 'a' },
    ],
    [[{ data: 1 }], [{ data: 1 }]],
    ['text', 'text'],
    [null, null],
    [undefined, undefined],
  ])('turns %j into %j', (body, value) => {
    expect(unwrap(body)).toEqual(value);
  });
});

describe('parsePage', () => {
  const row = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const page = { data: ['a', 'b'], next: 'n', previous: 'p', totalCount: 12, totalCountCapped: true };
  const read = {
    items: ['a', 'b'],
    next: 'n',
    previous: 'p',
    totalCount: 12,
    totalCountCapped: true,
  };

  it.each([
    ['bare', page],
    ['wrapped once more', { data: page }],
  ])('reads a page that is %s', (_name, body) => {
    expect(parsePage(body, row)).toEqual(read);
  });

  it('reads a plain array as the whole list', () => {
    expect(parsePage(['a'], row)).toEqual({
      items: ['a'],
      next: null,
      previous: null,
      totalCount: 1,
      totalCountCapped: false,
    });
  });

  it('leaves out rows that cannot be read, not the page', () => {
    expect(parsePage({ ...page, data: ['a', 7, null, 'b'] }, row)?.items).toEqual(['a', 'b']);
  });

  it.each([
    [
      { next: 7, previous: '' },
      { next: null, previous: null },
    ],
    [{ totalCount: '12' }, { totalCount: 2 }],
    [{ totalCount: -1 }, { totalCount: 2 }],
    [{ totalCount: 1.5 }, { totalCount: 2 }],
    [{ totalCount: 2 ** 40 }, { totalCount: 2 ** 31 - 1 }],
    [{ totalCountCapped: 'true' }, { totalCountCapped: false }],
  ])('says of %j what is still true', (odd, facts) => {
    expect(parsePage({ ...page, ...odd }, row)).toMatchObject(facts);
  });

  it.each([[undefined], [null], ['text'], [{}], [{ data: 'x' }], [{ data: { data: 1 } }]])(
    'finds no list in %j',
    (body) => {
      expect(parsePage(body, row)).toBeUndefined();
    },
  );
});

describe('parseJson', () => {
  it.each([
    ['{"a":1}', { a: 1 }],
    ['\uFEFF{"a":1}', { a: 1 }],
    ['null', null],
    ['', undefined],
    ['<html>', undefined],
    ['{"a":', undefined],
  ])('reads %j as %j', (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });
});
