import type { Fold } from "../fold/fold.ts";
import { type GroupState, seenAt } from "../fold/group.ts";
import { lifeStartMs, sinceMs } from "../life.ts";
import type { Place } from "../../store/kv/keys.ts";

/** What an event means for a group's life. */
export interface Sight {
  readonly group: GroupState;
  readonly isNewLife: boolean;
  /** Whether members with keys of their own get another place by it. */
  readonly isMove: boolean;
}

/** What an event means for a group's life; undefined when it says nothing new. */
export function sightOf(
  fold: Fold,
  { group: before, place, isInline }: {
    readonly group: GroupState;
    /** Where the group is; undefined for a new one. */
    readonly place: Place | undefined;
    /** Whether the group's row holds its members. */
    readonly isInline: boolean;
  },
): Sight | undefined {
  const group = seenAt(before, fold);
  if (group === before) return undefined;
  const isMoved = place !== undefined && sinceMs(group) !== sinceMs(before);
  const isNewLife = lifeStartMs(group) > lifeStartMs(before);
  return { group, isNewLife, isMove: !isInline && (isMoved || isNewLife) };
}
