// How an event changes a group's life, and where the group's row lies.
import { type GroupState, type LifeSighting, seenAt } from "../fold/group.ts";
import type { MemberSpan } from "../fold/member.ts";
import { memberSpan, sinceMs } from "../fold/standing.ts";
import type { DirectoryKeys, Place } from "../rows/keys.ts";
import type { KeptRow } from "../rows/row.ts";
import type { Mutation } from "../rows/writer.ts";

/** A group after an event was seen, and what that means for its parts. */
export interface LifeChange {
  readonly group: GroupState;
  readonly isNewLife: boolean;
  /** Whether another span decides who is a member. */
  readonly isNewSpan: boolean;
  /** Whether members with keys of their own must be looked at, as they get another place or count otherwise. */
  readonly isMove: boolean;
}

/** The change that an event makes to a group's life; undefined when it says nothing new. */
export function lifeChangeOf(
  sighting: LifeSighting,
  { group: before, place, members: { isInline, newestMs } }: {
    readonly group: GroupState;
    /** The place of the group; undefined for a new one. */
    readonly place: Place | undefined;
    readonly members: {
      /** Whether the group's row holds them. */
      readonly isInline: boolean;
      readonly newestMs: number;
    };
  },
): LifeChange | undefined {
  const group = seenAt(before, sighting);
  if (group === before) return undefined;
  const [was, is] = [memberSpan(before), memberSpan(group)];
  const isNewLife = is.startMs > was.startMs;
  const isNewSpan = isNewLife || is.endMs !== was.endMs ||
    is.listed !== was.listed;
  const isMoved = place !== undefined && sinceMs(group) !== sinceMs(before);
  const isMove = isMoved || isNewLife || isRecount(was, is, newestMs);
  return { group, isNewLife, isNewSpan, isMove: !isInline && isMove };
}

/** Whether members may count otherwise: a list of all was told, or the end lies before something told of them. */
function isRecount(
  was: MemberSpan,
  is: MemberSpan,
  newestMs: number,
): boolean {
  return is.listed !== was.listed ||
    (is.endMs !== was.endMs && newestMs > Math.min(is.endMs, was.endMs));
}

/** The mutations that keep a group's row at its place, and the key that leads there. */
export function rowMutations(
  keys: DirectoryKeys,
  { was, place, row }: {
    /** The former place of the row; undefined for a new group. */
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
