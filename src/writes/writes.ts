import type { Novu } from '../upstream/client.ts';
import { CreateOnce } from './create-once.ts';
import { UsedKeys } from './used-keys.ts';

/** What all writes through one client of Novu share: the calls in flight and the keys that were used. */
export type Writes = { readonly creates: CreateOnce; readonly usedKeys: UsedKeys };

const known = new WeakMap<Novu, Writes>();

export function writesOf(novu: Novu): Writes {
  let writes = known.get(novu);
  if (writes === undefined) {
    writes = { creates: new CreateOnce(), usedKeys: new UsedKeys() };
    known.set(novu, writes);
  }
  return writes;
}
