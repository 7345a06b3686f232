// The lists that texts of codec.ts hold, and those that version 2 of the directory wrote.
import { CLEARED, type FieldValue } from "./change.ts";
import { type Life, UNKNOWN_LIFE } from "./life.ts";
import { type Stamp, timeMsOf } from "./stamp.ts";

/** The values of a register with their stamps, the newest first; a stamp is its place in a list of stamps. */
export type Packed = readonly (FieldValue | number)[];

/** A life: the newest create, the latest begin, and ends. */
export type PackedLife = readonly [
  born: number,
  fromMs: number,
  ends: readonly number[],
];

/** A group. */
export type GroupText = [
  stamps: Stamp[],
  app: number,
  groupId: string,
  fields: Record<string, Packed>,
  life: PackedLife,
  told: number,
  seenMs: number,
  calledMs: number,
  earliestMs: number,
  observed?: Packed,
  listed?: Packed,
  ownerLeft?: Packed,
];

/** A group as version 2 of the directory kept it: a base may still hold such texts. */
export type OldGroupText = [
  stamps: Stamp[],
  app: number,
  groupId: string,
  fields: Record<string, Packed>,
  born: number,
  cleared: number,
  ends: number[],
  latestMs: number,
  seenMs: number,
  earliestMs: number,
  ownerLeft?: number,
];

/** True when version 2 wrote a group. */
export function isOldGroup(
  kept: GroupText | OldGroupText,
): kept is OldGroupText {
  return typeof kept[4] === "number";
}

/** A group of version 2 as it is kept now. */
export function renewedGroup(kept: OldGroupText): GroupText {
  const [list, app, groupId, fields, born, cleared, ends, ...rest] = kept;
  const [, seenMs, earliestMs, ownerLeft = -1] = rest;
  const bornMs = born < 0 ? 0 : timeMsOf(list[born] ?? "");
  const all = cleared < 0 ? fields : { ...fields, [CLEARED]: [true, cleared] };
  const left = ownerLeft < 0 ? [] : [null, ownerLeft];
  const life: PackedLife = [born, bornMs, ends];
  const times = [seenMs, -1, earliestMs] as const;
  return [list, app, groupId, all, life, born, ...times, [], [], left];
}

/** The life of a topic that version 2 kept as created or destroyed. */
export function oldTopicLife(stamp: Stamp | undefined, isThere: boolean): Life {
  if (stamp === undefined) return UNKNOWN_LIFE;
  const timeMs = timeMsOf(stamp);
  return isThere
    ? { born: stamp, fromMs: timeMs, ends: [] }
    : { fromMs: 0, ends: [timeMs] };
}
