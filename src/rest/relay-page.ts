import { noFacts, type RateLimitFacts, type ResponseFacts } from '../upstream/facts.ts';
import type { ListValue } from '../graphql/relay.ts';
import { formatCursor, type ListName } from './cursor.ts';
import { cursorAt, type Direction, type Strip } from './strip.ts';

export type PageParts<T> = {
  strip: Strip<T>;
  direction: Direction;
  list: ListName;
  idOf: (row: T) => string;
  /** Which rows of the strip are shown, in its order; all from `first` on where none is hidden. */
  shown: { first: number; count: number } | readonly number[];
  /** The last row that was looked at: from its cursor on the next page goes on. Undefined when there is none. */
  last: number | undefined;
  hasMore: boolean;
  cameFromCursor: boolean;
  totalCount: number;
  totalCountCapped: boolean;
};

/**
 * A page as a Relay connection. Edges are made, and cursors are signed, when they are asked for: by getters of
 * a class, since an object literal with getters costs more than it saves.
 */
export class RelayPage<T> implements ListValue<T> {
  readonly totalCount: number;
  readonly totalCountCapped: boolean;
  /** What Novu said beside the rows. */
  facts: ResponseFacts = noFacts;
  readonly #parts: PageParts<T>;
  #nodes: readonly T[] | undefined;
  #edges: RelayEdge<T>[] | undefined;

  constructor(parts: PageParts<T>) {
    this.#parts = parts;
    this.totalCount = parts.totalCount;
    this.totalCountCapped = parts.totalCountCapped;
  }

  get nodes(): readonly T[] {
    this.#nodes ??= this.#toNodes();
    return this.#nodes;
  }

  get edges(): readonly RelayEdge<T>[] {
    this.#edges ??= this.nodes.map((node, index) => new RelayEdge(this, node, index));
    return this.#edges;
  }

  get pageInfo(): RelayPageInfo {
    return new RelayPageInfo(this);
  }

  get rateLimit(): RateLimitFacts | null {
    return this.facts.rateLimit;
  }

  get hasNextPage(): boolean {
    const { direction, hasMore, cameFromCursor } = this.#parts;
    return direction === 'after' ? hasMore : cameFromCursor;
  }

  get hasPreviousPage(): boolean {
    const { direction, hasMore, cameFromCursor } = this.#parts;
    return direction === 'after' ? cameFromCursor : hasMore;
  }

  get startCursor(): string | null {
    return this.#parts.direction === 'after' ? this.#nearCursor() : this.#farCursor();
  }

  get endCursor(): string | null {
    return this.#parts.direction === 'after' ? this.#farCursor() : this.#nearCursor();
  }

  /** The cursor of a node by its index. */
  cursorOf(index: number): string {
    const { direction } = this.#parts;
    return this.#cursorAt(this.#placeOf(direction === 'after' ? index : this.nodes.length - 1 - index));
  }

  /** Of the row where the page begins, in its direction. */
  #nearCursor(): string | null {
    return this.nodes.length === 0 ? this.#farCursor() : this.#cursorAt(this.#placeOf(0));
  }

  #farCursor(): string | null {
    const { last } = this.#parts;
    return last === undefined ? null : this.#cursorAt(last);
  }

  #cursorAt(place: number): string {
    const { strip, direction, list, idOf } = this.#parts;
    return formatCursor(cursorAt(strip, place, direction, idOf), list);
  }

  #placeOf(step: number): number {
    const { shown } = this.#parts;
    return 'first' in shown ? shown.first + step : (shown[step] ?? 0);
  }

  #toNodes(): readonly T[] {
    const { strip, direction, shown } = this.#parts;
    const { rows } = strip;
    const nodes =
      'first' in shown
        ? shown.count === rows.length
          ? rows
          : rows.slice(shown.first, shown.first + shown.count)
        : shown.map((at) => rows[at] as T);
    return direction === 'after' ? nodes : nodes.toReversed();
  }
}

class RelayEdge<T> {
  readonly node: T;
  readonly #page: RelayPage<T>;
  readonly #index: number;

  constructor(page: RelayPage<T>, node: T, index: number) {
    this.#page = page;
    this.node = node;
    this.#index = index;
  }

  get cursor(): string {
    return this.#page.cursorOf(this.#index);
  }
}

class RelayPageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly #page: Pick<RelayPage<never>, 'startCursor' | 'endCursor'>;

  constructor(page: Pick<RelayPage<never>, 'hasNextPage' | 'hasPreviousPage' | 'startCursor' | 'endCursor'>) {
    this.#page = page;
    this.hasNextPage = page.hasNextPage;
    this.hasPreviousPage = page.hasPreviousPage;
  }

  get startCursor(): string | null {
    return this.#page.startCursor;
  }

  get endCursor(): string | null {
    return this.#page.endCursor;
  }
}
