import type { ConnectionArgs } from '../graphql/relay.ts';
import type { Page } from '../upstream/envelope.ts';
import { type Anchor, type ListName, parseCursor } from './cursor.ts';
import { RelayPage } from './relay-page.ts';
import { extend, maxPageSize, type Read, walk } from './search.ts';
import { anchorAt, type Direction, reachesEnd, type Strip, toStrip } from './strip.ts';

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

/** One page of Novu's list: `next` is the _id of its last row when more follow, `previous` that of its first when any precede. */
export type FetchPage<T> = (request: PageRequest) => Promise<Page<T>>;

export type PaginateOptions<T> = ListName & {
  /** What tells a row from the others of the list. */
  idOf: (row: T) => string;
  /** Whether the caller may see a row of the list. @default every row */
  isVisible?: ((row: T) => boolean) | undefined;
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
/** Calls that one page may cost. */
const maxCalls = 4;

/**
 * Relay paging over Novu's pages, which name only their first and their last row.
 *
 * A row whose _id Novu has told is its own cursor, and going on from it is one call: so is every step of a walk by
 * `endCursor` or `startCursor`. Any other row is found again by its identifier, near the named rows around it: one or
 * two calls as a rule, and never more than four. Where rows of the list are hidden from the caller, reading goes on
 * until the page is full, the list ends, or four calls are made; a page that is short for the last reason says that
 * there is more, and its cursor is that of the last row that was looked at.
 *
 * Limit: a row whose _id is not known is refused although it is still there when the three rows nearest to it whose
 * _id is known are gone, or over a hundred rows away by now, and so is the end of the list that the page goes towards.
 * The page is then refused, never shifted.
 */
export async function paginate<T>(
  args: ConnectionArgs,
  fetchPage: FetchPage<T>,
  options: PaginateOptions<T>,
): Promise<RelayPage<T>> {
  const { isVisible, idOf } = options;
  const { direction, size, text } = parseArgs(args);
  const cursor = text === undefined ? undefined : parseCursor(text, options);
  if (text !== undefined && cursor === undefined) throw new InvalidCursorError(direction);

  let calls = 0;
  let [totalCount, totalCountCapped] = [0, false];
  const read: Read<T> = async (towards, from, limit) => {
    calls += 1;
    const page = await fetchPage(toRequest(towards, from, limit));
    // Novu answers a cursor whose row is deleted as if the list were empty; with that row in it, the list is not.
    if (from !== null && page.items.length === 0 && page.totalCount === 0) return undefined;
    ({ totalCount, totalCountCapped } = page);
    return toStrip(page, from, towards === 'before' && from !== null);
  };

  const found = await walk(read, direction, size, cursor, idOf);
  if (found === undefined) throw new InvalidCursorError(direction);
  let { strip } = found;
  const first = found.at + 1;
  if (isVisible !== undefined) {
    const lacksRows = () =>
      calls < maxCalls && !reachesEnd(strip) && countVisible(strip, first, isVisible) < size;
    while (lacksRows()) {
      const longer = await extend(read, direction, strip, maxPageSize);
      if (longer === undefined) break;
      strip = longer;
    }
  }
  return new RelayPage({
    ...(isVisible === undefined ? toPage(strip, first, size) : toVisiblePage(strip, first, size, isVisible)),
    strip,
    direction,
    list: options,
    idOf,
    cameFromCursor: cursor !== undefined,
    totalCount,
    totalCountCapped,
  });
}

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

function toPage<T>(strip: Strip<T>, first: number, size: number) {
  const count = Math.min(size, strip.rows.length - first);
  return {
    shown: { first, count },
    last: count === 0 ? undefined : first + count - 1,
    hasMore: anchorAt(strip, first + count) !== null,
  };
}

function toVisiblePage<T>(strip: Strip<T>, first: number, size: number, isVisible: (row: T) => boolean) {
  const shown: number[] = [];
  for (const [at, row] of strip.rows.entries()) {
    if (at < first || !isVisible(row)) continue;
    // One more than fits: there is a next page.
    if (shown.length === size) return { shown, last: shown.at(-1), hasMore: true };
    shown.push(at);
  }
  const hasMore = !reachesEnd(strip);
  const isShort = shown.length < size && strip.rows.length > first;
  return { shown, last: hasMore && isShort ? strip.rows.length - 1 : shown.at(-1), hasMore };
}

function countVisible<T>({ rows }: Strip<T>, first: number, isVisible: (row: T) => boolean): number {
  let count = 0;
  for (let at = first; at < rows.length; at += 1) if (isVisible(rows[at] as T)) count += 1;
  return count;
}

function toRequest(towards: Direction, from: Anchor, limit: number): PageRequest {
  if (from === null) return towards === 'after' ? { limit } : { limit, reverse: true };
  return towards === 'after' ? { limit, after: from } : { limit, before: from };
}
