import type { Fold } from "../fold/fold.ts";
import {
  type GroupState,
  lifeStartMs,
  seenAt,
  sinceMs,
} from "../fold/group.ts";
import type { DirectoryKeys, Place } from "../rows/keys.ts";
import type { KeptRow } from "../rows/row.ts";
import type { Mutation } from "../rows/writer.ts";

/** What an event means for a group's life. */
export interface LifeChange {
  readonly group: GroupState;
  readonly isNewLife: boolean;
  /** Whether members with keys of their own get another place by it. */
  readonly isMove: boolean;
}

/** What an event means for a group's life; undefined when it says nothing new. */
export function lifeChangeOf(
  fold: Fold,
  { group: before, place, isInline }: {
    readonly group: GroupState;
    /** Where the group is; undefined for a new one. */
    readonly place: Place | undefined;
    /** Whether the group's row holds its members. */
    readonly isInline: boolean;
  },
): LifeChange | undefined {
  const group = seenAt(before, fold);
  if (group === before) return undefined;
  const isMoved = place !== undefined && sinceMs(group) !== sinceMs(before);
  const isNewLife = lifeStartMs(group) > lifeStartMs(before);
  return { group, isNewLife, isMove: !isInline && (isMoved || isNewLife) };
}

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
