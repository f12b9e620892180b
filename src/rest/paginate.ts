import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { ConnectionArgs, RelayConnection } from '../graphql/relay.ts';

/** One page of Novu's list: `next` is the _id of its last row when more follow, `previous` that of its first when any precede. */
export type NovuPage<T> = {
  items: readonly T[];
  next: string | null;
  previous: string | null;
  totalCount: number;
  totalCountCapped: boolean;
};

export type PageRequest = {
  /** 1 to 100 rows. */
  limit: number;
  /** Exclusive, the _id of a row. */
  after?: string;
  /** Exclusive, the _id of a row; the page still comes in the list's order. */
  before?: string;
  /** Read the list in the opposite order, which is its exact mirror: Novu breaks ties by _id in the same direction. */
  reverse?: boolean;
};

export type FetchPage<T> = (request: PageRequest) => Promise<NovuPage<T>>;

export type PaginateOptions = {
  /** Names the list: resource, order and filter. A cursor made under another name is refused. @default '' */
  scope?: string;
  /** What cursors are signed with, so that nobody can make one up. @default none: signed all the same, with an empty key */
  key?: Buffer;
};

/** The cursor is not one of this list's, or its row has left the list. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError';
  readonly argument: 'after' | 'before';

  constructor(argument: 'after' | 'before') {
    super(`Argument "${argument}" is not a cursor of this list, or its row is no longer in it.`);
    this.argument = argument;
  }
}

export class PageArgumentError extends Error {
  override readonly name = 'PageArgumentError';
  readonly argument: keyof ConnectionArgs;

  constructor(argument: keyof ConnectionArgs, rule: string) {
    super(`Argument "${argument}" ${rule}.`);
    this.argument = argument;
  }
}

const defaultPageSize = 10;
/** Both the most that Novu gives at once and the most that is asked of us. */
const maxPageSize = 100;

/**
 * Relay paging over Novu's pages, which name only their first and their last row.
 *
 * A row whose _id Novu has told is its own cursor, and going on from it is one call: so is every step of a walk by
 * `endCursor` or `startCursor`. Any other row is found again by its identifier, near the named rows around it: one or
 * two calls as a rule, and never more than four.
 *
 * Limit: a row whose _id is not known is refused although it is still there when the three rows nearest to it whose
 * _id is known are gone, or over a hundred rows away by now, and so is the end of the list that the page goes towards.
 * The page is then refused, never shifted.
 */
export async function paginate<T extends { identifier: string }>(
  args: ConnectionArgs,
  fetchPage: FetchPage<T>,
  options: PaginateOptions = {},
): Promise<RelayConnection<T>> {
  const { direction, size, text } = parseArgs(args);
  const sign = createSign(options.scope ?? '', options.key ?? Buffer.alloc(0));
  const cursor = text === undefined ? undefined : parseCursor(text, sign);
  if (cursor === 'invalid') throw new InvalidCursorError(direction);

  let count = { totalCount: 0, totalCountCapped: false };
  const read: Read<T> = async (towards, from, limit) => {
    const page = await fetchPage(toRequest(towards, from, limit));
    // Novu answers a cursor whose row is deleted as if the list were empty; with that row in it, the list is not.
    if (from !== null && page.items.length === 0 && page.totalCount === 0) return undefined;
    count = { totalCount: page.totalCount, totalCountCapped: page.totalCountCapped };
    return toStrip(page, from, towards === 'before' && from !== null);
  };

  const found = await walk(read, direction, size, cursor);
  if (found === undefined) throw new InvalidCursorError(direction);

  const strip = direction === 'after' ? found.strip : found.strip.toReversed();
  const edges = strip.flatMap((slot, index) => {
    const steps = direction === 'after' ? index - found.at : strip.length - 1 - index - found.at;
    if (slot.row === undefined || steps < 1 || steps > size) return [];
    return [{ cursor: formatCursor(cursorAt(strip, index), sign), node: slot.row }];
  });
  const onwards = !isEnd(found.strip[found.at + edges.length + 1]);
  const backwards = cursor !== undefined;
  return {
    nodes: edges.map(({ node }) => node),
    edges,
    pageInfo: {
      hasNextPage: direction === 'after' ? onwards : backwards,
      hasPreviousPage: direction === 'after' ? backwards : onwards,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    ...count,
  };
}

type Direction = 'after' | 'before';

function parseArgs({ first, after, last, before }: ConnectionArgs) {
  if (first != null && last != null) throw new PageArgumentError('last', 'cannot be given with "first"');
  if (after != null && before != null) throw new PageArgumentError('before', 'cannot be given with "after"');
  if (first != null && before != null) throw new PageArgumentError('before', 'goes with "last", not "first"');
  if (last != null && after != null) throw new PageArgumentError('after', 'goes with "first", not "last"');
  const size = first ?? last ?? defaultPageSize;
  if (!Number.isInteger(size) || size < 1 || size > maxPageSize) {
    throw new PageArgumentError(first == null ? 'last' : 'first', `must be from 1 to ${maxPageSize}`);
  }
  const direction: Direction = last != null || before != null ? 'before' : 'after';
  return { direction, size, text: after ?? before ?? undefined };
}

/** A row's _id, or null for the end of the list. */
type Anchor = string | null;

/** A place in the list of which we know the row, the anchor, or both; the ends of the list have a place too. */
type Slot<T> = { row?: T; anchor?: Anchor };

/** Neighbouring places. */
type Strip<T> = readonly Slot<T>[];

/** Reads away from an anchor, which is the strip's first place; undefined when the anchor's row is gone. */
type Read<T> = (towards: Direction, from: Anchor, limit: number) => Promise<Strip<T> | undefined>;

function toRequest(towards: Direction, from: Anchor, limit: number): PageRequest {
  if (from === null) return towards === 'after' ? { limit } : { limit, reverse: true };
  return towards === 'after' ? { limit, after: from } : { limit, before: from };
}

function toStrip<T>(page: NovuPage<T>, from: Anchor, flipped: boolean): Strip<T> {
  const rows = (flipped ? page.items.toReversed() : page.items).map((row): Slot<T> => ({ row }));
  const near = flipped ? page.next : page.previous;
  const far = flipped ? page.previous : page.next;
  const [head, tail] = [rows.at(0), rows.at(-1)];
  if (head !== undefined && near !== null) head.anchor = near;
  if (tail !== undefined && far !== null) tail.anchor = far;
  // A row without neighbours on the anchor's side: the anchor's row exists, but this list does not hold it.
  const start = head !== undefined && near === null ? null : from;
  return [{ anchor: start }, ...rows, ...(far === null ? [{ anchor: null }] : [])];
}

/** The places in walking order around the cursor's own, `at`: the page is the next `size` rows. */
async function walk<T extends { identifier: string }>(
  read: Read<T>,
  direction: Direction,
  size: number,
  cursor: Cursor | undefined,
): Promise<{ strip: Strip<T>; at: number } | undefined> {
  if (cursor === undefined || 'id' in cursor) {
    const from = cursor?.id ?? null;
    const strip = await read(direction, from, size);
    return strip?.[0]?.anchor === from ? { strip, at: 0 } : undefined;
  }
  for await (const strip of search(read, direction, size, cursor)) {
    const at = strip.findIndex(
      ({ row }) => row !== undefined && digest(row.identifier, rowLength) === cursor.row,
    );
    if (at < 0) continue;
    const missing = size - strip.slice(at + 1).filter(({ row }) => row !== undefined).length;
    if (missing <= 0 || isEnd(strip.at(-1))) return { strip, at };
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
  const readBack = async (from: Anchor) =>
    (await read(direction === 'after' ? 'before' : 'after', from, maxPageSize))?.toReversed();

  // Just as far as the page goes, so that Novu names its last row and the next page is one call.
  const first = await read(direction, behind.near, Math.min(maxPageSize, behind.distance + size));
  if (first !== undefined) yield first;
  if (isWhole(first)) return;

  const second = await readBack(ahead.near);
  if (second !== undefined) yield second;
  if (isWhole(second)) return;

  let third: Strip<T> | undefined;
  if (first !== undefined && !isEnd(first.at(-1))) {
    third = await extend(read, direction, first, maxPageSize);
  } else if (behind.far === undefined && ahead.far !== undefined) {
    third = await readBack(ahead.far);
  } else {
    third = await read(direction, behind.far ?? null, maxPageSize);
  }
  if (third !== undefined) yield third;
  if (isWhole(third)) return;

  // What is found here has a full page after it, or the list's end.
  const beyond = second?.[0]?.anchor ?? null;
  const fourth = await readBack(beyond);
  if (fourth !== undefined) yield beyond === null ? fourth : [...fourth.slice(0, -1), ...(second ?? [])];
}

/** Reads on from the strip's last row; undefined when that row is gone. */
async function extend<T>(read: Read<T>, direction: Direction, strip: Strip<T>, limit: number) {
  const known = strip.slice(0, strip.findLastIndex(({ row }) => row !== undefined) + 1);
  const from = known.at(-1)?.anchor;
  const more = from == null ? undefined : await read(direction, from, limit);
  return more && [...known, ...more.slice(1)];
}

function isEnd<T>(slot: Slot<T> | undefined): boolean {
  return slot?.anchor === null;
}

function isWhole<T>(strip: Strip<T> | undefined): boolean {
  return isEnd(strip?.at(0)) && isEnd(strip?.at(-1));
}

/** Named places on one side of a row: the nearest, how many rows away it was, and the next one beyond. */
type Side = { near: Anchor; distance: number; far?: string };

type RowCursor = { row: string; before: Side; after: Side };

type Cursor = { id: string } | RowCursor;

function cursorAt<T extends { identifier: string }>(strip: Strip<T>, index: number): Cursor {
  const slot = strip[index];
  if (slot?.anchor != null) return { id: slot.anchor };
  return {
    row: digest(slot?.row?.identifier ?? '', rowLength),
    before: toSide(strip.slice(0, index).toReversed()),
    after: toSide(strip.slice(index + 1)),
  };
}

function toSide<T>(outwards: Strip<T>): Side {
  const nearest = outwards.findIndex((slot) => slot.anchor !== undefined);
  const near = outwards[nearest]?.anchor ?? null;
  const far = outwards.slice(nearest + 1).find((slot) => slot.anchor !== undefined)?.anchor;
  return { near, distance: nearest + 1, ...(far == null ? {} : { far }) };
}

const signatureLength = 22;
const rowLength = 22;
const maxCursorLength = 288;

const anchor = z.string().regex(/^[0-9a-f]{24}$/);
const distance = z.int().min(1).max(maxPageSize);
const side = z.union([z.tuple([anchor.nullable(), distance]), z.tuple([anchor, distance, anchor])]);
const version = z.literal(1);
const wireCursor = z.union([
  z.tuple([version, z.string(), anchor]),
  z.tuple([version, z.string(), z.string().length(rowLength), side, side]),
]);

/** The signature of what a cursor holds, for this list. */
type Sign = (places: readonly unknown[]) => string;

function createSign(scope: string, key: Buffer): Sign {
  return (places) =>
    createHmac('sha256', key)
      .update(JSON.stringify([scope, places]))
      .digest('base64url')
      .slice(0, signatureLength);
}

function formatCursor(cursor: Cursor, sign: Sign): string {
  const toWire = ({ near, distance, far }: Side) =>
    far === undefined ? [near, distance] : [near, distance, far];
  const places = 'id' in cursor ? [cursor.id] : [cursor.row, toWire(cursor.before), toWire(cursor.after)];
  return toBase64url(JSON.stringify([1, sign(places), ...places]));
}

function parseCursor(text: string, sign: Sign): Cursor | 'invalid' {
  if (text.length > maxCursorLength) return 'invalid';
  const json = Buffer.from(text, 'base64url').toString();
  if (toBase64url(json) !== text) return 'invalid';
  const { success, data } = wireCursor.safeParse(parseJson(json));
  if (!success || JSON.stringify(data) !== json) return 'invalid';
  const [, signature, ...places] = data;
  if (!isEqual(signature, sign(places))) return 'invalid';
  if (data.length === 3) return { id: data[2] };
  return { row: data[2], before: fromWire(data[3]), after: fromWire(data[4]) };
}

function fromWire([near, distance, far]: z.infer<typeof side>): Side {
  return { near, distance, ...(far === undefined ? {} : { far }) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toBase64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Identifiers have no length limit of their own; cursors must. */
function digest(text: string, length: number): string {
  return hash('sha256', text, 'base64url').slice(0, length);
}
