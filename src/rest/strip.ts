import type { Page } from '../upstream/envelope.ts';
import { type Anchor, type Cursor, digestRow, type Side } from './cursor.ts';

/** Towards which end of the list a page goes: what `after` and `before` mean. */
export type Direction = 'after' | 'before';

type Place = { at: number; anchor: Anchor };

/**
 * Rows that follow each other in the direction of the page, with the places whose anchor is known, in order: rows by
 * their index, -1 for the place before the first, `rows.length` for the one after the last.
 */
export type Strip<T> = { rows: readonly T[]; places: readonly Place[] };

/** A page of Novu's that was read away from an anchor; `flipped` when it came against the direction. */
export function toStrip<T>(page: Page<T>, from: Anchor, flipped: boolean): Strip<T> {
  const rows = flipped ? page.items.toReversed() : page.items;
  const near = flipped ? page.next : page.previous;
  const far = flipped ? page.previous : page.next;
  const last = rows.length - 1;
  const places: Place[] = [];
  // Rows without a neighbour on the anchor's side: the anchor's row exists, but this list does not hold it.
  places.push({ at: -1, anchor: last >= 0 && near === null ? null : from });
  if (last >= 0 && near !== null && (last > 0 || far === null)) places.push({ at: 0, anchor: near });
  if (last >= 0 && far !== null) places.push({ at: last, anchor: far });
  if (far === null) places.push({ at: rows.length, anchor: null });
  return { rows, places };
}

/** The same places in the opposite direction. */
export function turn<T>({ rows, places }: Strip<T>): Strip<T> {
  const turned = places.map(({ at, anchor }) => ({ at: rows.length - 1 - at, anchor }));
  return { rows: rows.toReversed(), places: turned.toReversed() };
}

/** The rows of both as neighbours: what each knows of places beyond its rows on that side is left out. */
export function join<T>(one: Strip<T>, other: Strip<T>): Strip<T> {
  const { length } = one.rows;
  return {
    rows: [...one.rows, ...other.rows],
    places: [
      ...one.places.filter(({ at }) => at < length),
      ...other.places.filter(({ at }) => at >= 0).map(({ at, anchor }) => ({ at: at + length, anchor })),
    ],
  };
}

/** The anchor of a place, or undefined when it is not known. */
export function anchorAt<T>({ places }: Strip<T>, at: number): Anchor | undefined {
  for (const place of places) if (place.at === at) return place.anchor;
  return undefined;
}

/** Whether the list ends behind the last row. */
export const reachesEnd = <T>(strip: Strip<T>): boolean => anchorAt(strip, strip.rows.length) === null;

/** Whether these are all rows of the list. */
export const isWhole = <T>(strip: Strip<T>): boolean => reachesEnd(strip) && anchorAt(strip, -1) === null;

/** The cursor of a row. */
export function cursorAt<T>(
  strip: Strip<T>,
  at: number,
  direction: Direction,
  idOf: (row: T) => string,
): Cursor {
  const id = anchorAt(strip, at);
  if (id != null) return { id };
  const [behind, ahead] = [toSide(strip, at, -1), toSide(strip, at, 1)];
  const row = digestRow(idOf(strip.rows[at] as T));
  return direction === 'after'
    ? { row, before: behind, after: ahead }
    : { row, before: ahead, after: behind };
}

function toSide<T>({ places }: Strip<T>, at: number, step: 1 | -1): Side {
  let nearest: Place | undefined;
  for (let index = step === 1 ? 0 : places.length - 1; ; index += step) {
    const place = places[index];
    if (place === undefined) break;
    if ((place.at - at) * step <= 0) continue;
    if (nearest === undefined) nearest = place;
    else return { ...toNear(nearest, at), ...(place.anchor !== null && { far: place.anchor }) };
  }
  return nearest === undefined ? { near: null, distance: 1 } : toNear(nearest, at);
}

const toNear = ({ at, anchor }: Place, from: number) => ({ near: anchor, distance: Math.abs(at - from) });
