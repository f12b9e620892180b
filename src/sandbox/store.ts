import { randomBytes } from 'node:crypto';

type Row = { _id: string; identifier: string; subscriberId: string | null };

export type Table<R extends Row> = {
  readonly size: number;
  /** In the order of insertion. */
  all: () => Iterable<R>;
  byId: (id: string) => R | undefined;
  /** The oldest row with it: without unique indexes there may be several. */
  byIdentifier: (identifier: string) => R | undefined;
  /** The oldest row in a uniqueness slot. */
  inSlot: (slot: string) => R | undefined;
  of: (subscriberId: string | null) => Iterable<R>;
  insert: (row: R) => void;
  /** Changes a row's values; its _id, identifier and subscriberId stay. */
  change: (row: R, values: Partial<R>) => void;
  remove: (row: R) => void;
  clear: () => void;
};

/** `slotOf` names the uniqueness slot that a row takes; rows without one return undefined. */
export function createTable<R extends Row>(slotOf: (row: R) => string | undefined): Table<R> {
  const ids = new Map<string, R>();
  const identifiers = new Map<string, Set<R>>();
  const slots = new Map<string, Set<R>>();
  const owners = new Map<string | null, Set<R>>();

  return {
    get size() {
      return ids.size;
    },
    all: () => ids.values(),
    byId: (id) => ids.get(id),
    byIdentifier: (identifier) => identifiers.get(identifier)?.values().next().value,
    inSlot: (slot) => slots.get(slot)?.values().next().value,
    of: (subscriberId) => owners.get(subscriberId) ?? [],
    insert(row) {
      ids.set(row._id, row);
      add(identifiers, row.identifier, row);
      add(owners, row.subscriberId, row);
      const slot = slotOf(row);
      if (slot !== undefined) add(slots, slot, row);
    },
    change(row, values) {
      const before = slotOf(row);
      Object.assign(row, values);
      const after = slotOf(row);
      if (before === after) return;
      if (before !== undefined) drop(slots, before, row);
      if (after !== undefined) add(slots, after, row);
    },
    remove(row) {
      ids.delete(row._id);
      drop(identifiers, row.identifier, row);
      drop(owners, row.subscriberId, row);
      const slot = slotOf(row);
      if (slot !== undefined) drop(slots, slot, row);
    },
    clear() {
      for (const index of [ids, identifiers, slots, owners]) index.clear();
    },
  };
}

function add<K, V>(index: Map<K, Set<V>>, key: K, value: V): void {
  const set = index.get(key);
  if (set) set.add(value);
  else index.set(key, new Set([value]));
}

function drop<K, V>(index: Map<K, Set<V>>, key: K, value: V): void {
  const set = index.get(key);
  set?.delete(value);
  if (set?.size === 0) index.delete(key);
}

/** 24 hex digits like a Mongo ObjectId: seconds, five random bytes, a counter; later ids are greater. */
export function createIds(clock: () => number): () => string {
  const machine = randomBytes(5).toString('hex');
  let counter = 0;
  return () => {
    const seconds = Math.floor(clock() / 1000) % 0x1_0000_0000;
    counter = (counter + 1) % 0x100_0000;
    return hex(seconds, 8) + machine + hex(counter, 6);
  };
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

export const shortId = (length: number): string =>
  Array.from(randomBytes(length), (byte) => ALPHABET[byte % ALPHABET.length]).join('');

/** As Novu generates one that a create leaves out. */
export const generateIdentifier = (
  prefix: 'chconn' | 'chendp',
  { generatedIdentifiers }: { generatedIdentifiers: 'long' | 'short' },
): string => (generatedIdentifiers === 'long' ? `${prefix}_${shortId(12)}` : `${prefix}-${shortId(6)}`);

/** Appends and keeps the array within `limit` by dropping the oldest tenth at once. */
export function remember<T>(list: T[], item: T, limit: number): void {
  if (list.length >= limit) list.splice(0, Math.max(1, Math.ceil(limit / 10), list.length - limit + 1));
  list.push(item);
}
