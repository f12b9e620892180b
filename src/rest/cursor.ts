import { createHmac, hash, type KeyObject, timingSafeEqual } from 'node:crypto';
import { parseJson } from '../upstream/json.ts';

/** A row's _id, or null for the end of the list. */
export type Anchor = string | null;

/** Named places on one side of a row: the nearest, how many rows away it was, and the next one beyond. */
export type Side = { near: Anchor; distance: number; far?: string };

/** A row whose _id is not known, with the named places before and after it in the list. */
export type RowCursor = { row: string; before: Side; after: Side };

export type Cursor = { id: string } | RowCursor;

/** What cursors belong to. */
export type ListName = {
  /** Names the list: resource, order and filter. A cursor made under another name is refused. */
  scope: string;
  /** What cursors are signed with, so that callers can't make one. */
  key: KeyObject;
};

const version = 1;
const signatureLength = 22;
const rowLength = 22;
const maxCursorLength = 288;

export function formatCursor(cursor: Cursor, list: ListName): string {
  const places = 'id' in cursor ? [cursor.id] : [cursor.row, toWire(cursor.before), toWire(cursor.after)];
  return toBase64url(JSON.stringify([version, sign(places, list), ...places]));
}

/** The cursor, or undefined when it was not made by `formatCursor` for this list. */
export function parseCursor(text: string, list: ListName): Cursor | undefined {
  if (text.length > maxCursorLength) return undefined;
  const json = Buffer.from(text, 'base64url').toString();
  if (toBase64url(json) !== text) return undefined;
  const wire = parseJson(json);
  if (!Array.isArray(wire) || JSON.stringify(wire) !== json) return undefined;
  const [made, signature, ...places] = wire as unknown[];
  if (made !== version || typeof signature !== 'string' || !isEqual(signature, sign(places, list)))
    return undefined;
  // What is signed is of our making, so that it has one of the two forms.
  const [first, before, after] = places as [string, WireSide, WireSide];
  return places.length === 1
    ? { id: first }
    : { row: first, before: fromWire(before), after: fromWire(after) };
}

/** What a cursor holds of a row's id: ids have no limit of their own, cursors must. */
export function digestRow(id: string): string {
  return hash('sha256', id, 'base64url').slice(0, rowLength);
}

type WireSide = [Anchor, number, string?];

const toWire = ({ near, distance, far }: Side): WireSide =>
  far === undefined ? [near, distance] : [near, distance, far];

const fromWire = ([near, distance, far]: WireSide): Side => ({
  near,
  distance,
  ...(far !== undefined && { far }),
});

function sign(places: readonly unknown[], { scope, key }: ListName): string {
  return createHmac('sha256', key)
    .update(JSON.stringify([scope, places]))
    .digest('base64url')
    .slice(0, signatureLength);
}

function toBase64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
