import type { PageRequest } from '../../src/rest/paginate.ts';
import type { Page } from '../../src/upstream/envelope.ts';

/** A stored row: `sortBy` is the value of the orderBy field, which rows may share. */
export type StoredRow = { id: string; identifier: string; sortBy: number };

/** What Novu sends of it: never the _id. */
export type ListedRow = { identifier: string };

export type NovuListOptions = {
  /** @default 'DESC' */
  direction?: 'ASC' | 'DESC';
  /** Rows outside the filter can still be cursors. @default all rows */
  filter?: (row: StoredRow) => boolean;
};

/** Novu's cursor list in memory: sorted by a field, then by _id in the same direction; a cursor names a row. */
export function createNovuList(rows: Iterable<StoredRow> = [], options: NovuListOptions = {}) {
  const stored = new Map<string, StoredRow>();
  for (const row of rows) stored.set(row.identifier, row);
  const filter = options.filter ?? (() => true);
  const sign = options.direction === 'ASC' ? 1 : -1;
  const compare = (a: StoredRow, b: StoredRow) =>
    sign * (a.sortBy - b.sortBy || (a.id < b.id ? -1 : Number(a.id > b.id)));
  const listed = () => [...stored.values()].filter(filter).sort(compare);
  const requests: (PageRequest & { includeCursor?: boolean })[] = [];

  async function fetchPage(request: PageRequest & { includeCursor?: boolean }): Promise<Page<ListedRow>> {
    requests.push(request);
    const { after, before, includeCursor = false } = request;
    if (after !== undefined && before !== undefined) throw new Error('400: both cursors');
    if (!Number.isInteger(request.limit) || request.limit < 0 || request.limit > 100)
      throw new Error('422: limit');
    const limit = request.limit || 10;
    const order = request.reverse ? (a: StoredRow, b: StoredRow) => compare(b, a) : compare;
    const all = listed().sort(order);

    const cursorId = after ?? before;
    if (cursorId !== undefined && !/^[0-9a-f]{24}$/.test(cursorId)) throw new Error('500: CastError');
    const cursor = [...stored.values()].find((row) => row.id === cursorId);
    if (cursorId !== undefined && cursor === undefined) {
      return { items: [], next: null, previous: null, totalCount: 0, totalCountCapped: false };
    }

    const within = all.filter((row) => {
      if (cursor === undefined) return true;
      if (includeCursor && row.sortBy === cursor.sortBy) return true;
      return after === undefined ? order(row, cursor) < 0 : order(row, cursor) > 0;
    });
    const page = before === undefined ? within.slice(0, limit) : within.slice(-limit);
    const [first, last] = [page.at(0), page.at(-1)];
    return {
      items: page.map(({ identifier }) => ({ identifier })),
      next: last !== undefined && all.at(-1) !== last ? last.id : null,
      previous: first !== undefined && all[0] !== first ? first.id : null,
      totalCount: all.length,
      totalCountCapped: false,
    };
  }

  return {
    fetchPage,
    requests,
    /** The identifiers of the list, in order. */
    order: () => listed().map((row) => row.identifier),
    get: (identifier: string) => stored.get(identifier),
    put: (row: StoredRow) => stored.set(row.identifier, row),
    remove: (identifier: string) => stored.delete(identifier),
  };
}

/** A row whose _id and identifier say nothing of where it sorts. */
export function storedRow(seed: number, sortBy: number): StoredRow {
  const id = (BigInt(seed + 1) * 0x9e3779b97f4a7c15f39cc0605cedn).toString(16).padStart(24, '0').slice(-24);
  return { id, identifier: `connection "${seed}"`, sortBy };
}
