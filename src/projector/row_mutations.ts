import type { Mutation } from "../directory/rows/writer.ts";
import type { KeptRow } from "../directory/rows/row.ts";
import type { DirectoryKeys, Place } from "../store/kv/keys.ts";

/** What keeps a group's row at its place, and leads there. */
export function rowMutations(
  keys: DirectoryKeys,
  { was, place, row }: {
    /** Where the row lay; undefined for a new group. */
    readonly was: Place | undefined;
    readonly place: Place;
    readonly row: KeptRow;
  },
): Mutation[] {
  const kept = { key: keys.group(place), value: row };
  if (was?.sinceMs === place.sinceMs) return [kept];
  const point = { key: keys.place(place), value: place.sinceMs };
  return was === undefined
    ? [point, kept]
    : [point, { key: keys.group(was) }, kept];
}
