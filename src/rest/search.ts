import { type Anchor, type Cursor, digestRow, type RowCursor } from './cursor.ts';
import { anchorAt, type Direction, isWhole, join, reachesEnd, type Strip, turn } from './strip.ts';

/** Both the most that Novu gives at once and the most that is asked of us. */
export const maxPageSize = 100;

/** Reads away from an anchor, whose place is the one before the first row; undefined when the anchor's row is gone. */
export type Read<T> = (towards: Direction, from: Anchor, limit: number) => Promise<Strip<T> | undefined>;

/** Rows in the page's direction around the place of the cursor, `at`: the page is the next `size` of them. */
export async function walk<T>(
  read: Read<T>,
  direction: Direction,
  size: number,
  cursor: Cursor | undefined,
  idOf: (row: T) => string,
): Promise<{ strip: Strip<T>; at: number } | undefined> {
  if (cursor === undefined || 'id' in cursor) {
    const from = cursor?.id ?? null;
    const strip = await read(direction, from, size);
    return strip !== undefined && anchorAt(strip, -1) === from ? { strip, at: -1 } : undefined;
  }
  for await (const strip of search(read, direction, size, cursor)) {
    const at = strip.rows.findIndex((row) => digestRow(idOf(row)) === cursor.row);
    if (at < 0) continue;
    const missing = size - (strip.rows.length - at - 1);
    if (missing <= 0 || reachesEnd(strip)) return { strip, at };
    const longer = await extend(read, direction, strip, missing);
    if (longer !== undefined) return { strip: longer, at };
    // The last row went away between the two calls: a short page, unless that was the cursor's row.
    return missing < size ? { strip, at } : undefined;
  }
  return undefined;
}

/** Up to four calls, each a place to look for a row whose _id is not known; any but the fourth leaves one to fill the page. */
async function* search<T>(
  read: Read<T>,
  direction: Direction,
  size: number,
  cursor: RowCursor,
): AsyncGenerator<Strip<T>, void> {
  const [behind, ahead] =
    direction === 'after' ? [cursor.before, cursor.after] : [cursor.after, cursor.before];
  const readBack = async (from: Anchor) => {
    const strip = await read(direction === 'after' ? 'before' : 'after', from, maxPageSize);
    return strip && turn(strip);
  };

  // Just as far as the page goes, so that Novu names its last row and the next page is one call.
  const first = await read(direction, behind.near, Math.min(maxPageSize, behind.distance + size));
  if (first !== undefined) yield first;
  if (first !== undefined && isWhole(first)) return;

  const second = await readBack(ahead.near);
  if (second !== undefined) yield second;
  if (second !== undefined && isWhole(second)) return;

  let third: Strip<T> | undefined;
  if (first !== undefined && !reachesEnd(first)) {
    third = await extend(read, direction, first, maxPageSize);
  } else if (behind.far === undefined && ahead.far !== undefined) {
    third = await readBack(ahead.far);
  } else {
    third = await read(direction, behind.far ?? null, maxPageSize);
  }
  if (third !== undefined) yield third;
  if (third !== undefined && isWhole(third)) return;

  // What is found here has a full page after it, or the list's end.
  const [nearest] = second?.places ?? [];
  const beyond = nearest !== undefined && nearest.at <= 0 ? nearest.anchor : null;
  const fourth = await readBack(beyond);
  if (fourth !== undefined) yield beyond === null || second === undefined ? fourth : join(fourth, second);
}

/** Reads on from the strip's last row; undefined when that row is gone. */
export async function extend<T>(
  read: Read<T>,
  direction: Direction,
  strip: Strip<T>,
  limit: number,
): Promise<Strip<T> | undefined> {
  const last = strip.rows.length - 1;
  const from = last < 0 ? undefined : anchorAt(strip, last);
  const more = from == null ? undefined : await read(direction, from, limit);
  return more && join(strip, more);
}
