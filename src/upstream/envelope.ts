import { isRecord } from './json.ts';

/**
 * Novu wraps single values as `{ data: value }` and sends lists and (by its own reference) some objects bare:
 * an object whose only key is `data` is unwrapped, everything else stands for itself.
 */
export function unwrap(body: unknown): unknown {
  if (!isRecord(body) || !('data' in body)) return body;
  for (const key in body) if (key !== 'data') return body;
  return body['data'];
}

/** A page of one of Novu's cursor lists; counts that are missing or odd become what can still be said truthfully. */
export type Page<T> = {
  items: T[];
  next: string | null;
  previous: string | null;
  totalCount: number;
  totalCountCapped: boolean;
};

/**
 * Reads `{ data: [...], next, previous, totalCount, totalCountCapped }`, wrapped or not. Rows that `parseRow`
 * can't read (undefined) are left out. Undefined when there is no list at all.
 */
export function parsePage<T>(body: unknown, parseRow: (row: unknown) => T | undefined): Page<T> | undefined {
  const page = isRecord(body) && isRecord(body['data']) ? body['data'] : body;
  const rows = Array.isArray(page) ? page : isRecord(page) ? page['data'] : undefined;
  if (!Array.isArray(rows)) return undefined;
  const facts = isRecord(page) ? page : {};
  const items: T[] = [];
  for (const row of rows) {
    const item = parseRow(row);
    if (item !== undefined) items.push(item);
  }
  const total = facts['totalCount'];
  return {
    items,
    next: toCursor(facts['next']),
    previous: toCursor(facts['previous']),
    totalCount:
      typeof total === 'number' && Number.isSafeInteger(total) && total >= 0
        ? Math.min(total, 2 ** 31 - 1)
        : items.length,
    totalCountCapped: facts['totalCountCapped'] === true,
  };
}

function toCursor(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
