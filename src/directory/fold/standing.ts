// The standing of a group: its lives, times, type and owner.
import { fieldIn, type GroupState, textOf } from "./group.ts";
import { lifeEndMs, lifeSpan, lifeStartMs, livesOf } from "./life.ts";
import type { MemberSpan, MemberState } from "./member.ts";
import { timeMsOf, valueIn } from "./stamp.ts";

/** Life of a group: partial until its creation is known. */
export type GroupStanding = "partial" | "active" | "disbanded";

/** Creation time of the newest life from its callback, Unix ms; undefined without one. */
export function toldAtMs({ told, life }: GroupState): number | undefined {
  const timeMs = told === undefined ? -1 : timeMsOf(told);
  return timeMs >= lifeStartMs(life) ? timeMs : undefined;
}

/** Creation time of the newest life, Unix ms; undefined if unknown. */
export function createdAtMs(group: GroupState): number | undefined {
  return toldAtMs(group) ??
    valueIn(group.observed, lifeSpan(group.life))?.[0];
}

/** Since when the newest life is known, Unix ms: the order of lists. */
export function sinceMs(group: GroupState): number {
  return createdAtMs(group) ?? (lifeStartMs(group.life) || group.earliestMs);
}

/** Time of the last change, Unix ms. */
export function changedAtMs({ seenMs, life }: GroupState): number {
  return Math.min(seenMs, lifeEndMs(life) ?? Infinity);
}

/** Time when the newest life ended, Unix ms; undefined while it lasts. */
export function disbandedAtMs({ life }: GroupState): number | undefined {
  return lifeEndMs(life);
}

/** Judges whether a group lives, and whether its creation is known. */
export function groupStateOf(group: GroupState): GroupStanding {
  if (disbandedAtMs(group) !== undefined) return "disbanded";
  return createdAtMs(group) === undefined ? "partial" : "active";
}

/** The number of the newest life; the first is 1. */
export function lifeOf({ life }: GroupState): number {
  return livesOf(life);
}

/** True when a callback has told of the newest life, not a reconciliation alone. */
export function isCalled({ calledMs, life }: GroupState): boolean {
  return calledMs > 0 && calledMs >= lifeStartMs(life);
}

/** The time, and the list of members, that decide who is in a group. */
export function memberSpan({ life, listed }: GroupState): MemberSpan {
  const span = lifeSpan(life);
  return { ...span, listed: valueIn(listed, span)?.[1] ?? "" };
}

/** User ID of who was last named as the owner, be they still in the group or not. */
export function namedOwnerOf(group: GroupState): string | undefined {
  return textOf(group, "owner") || undefined;
}

/**
 * User ID of the owner. The owner of a Work group may quit, and then there is none: who left after they
 * were named owns it no more, even when they come again. A leave that is told of after the disband changes
 * nothing: a group that is gone shows who owned it.
 */
export function ownerOf(group: GroupState): string | undefined {
  const named = fieldIn(group, "owner")?.[1] ?? "";
  const left = valueIn(group.ownerLeft, lifeSpan(group.life))?.[1] ?? "";
  return left > named ? undefined : namedOwnerOf(group);
}

/** Notes what is known of who is named as the owner; the same object when that says nothing new. */
export function notingOwner(
  group: GroupState,
  owner: MemberState | undefined,
): GroupState {
  const ownerLeft = owner?.left;
  return ownerLeft === group.ownerLeft ? group : { ...group, ownerLeft };
}

/** Public, Private, ChatRoom, AVChatRoom, Community, … as it was told. */
export function typeOf(group: GroupState): string | undefined {
  return textOf(group, "type") || undefined;
}

/** True when nobody keeps a list of its members: Tencent keeps none of an AVChatRoom. */
export function isMemberless(group: GroupState): boolean {
  return typeOf(group) === "AVChatRoom";
}

/** Old and new names of a type. */
const SAME_TYPE: ReadonlyMap<string, string> = new Map([
  ["Work", "Private"],
  ["Meeting", "ChatRoom"],
]);

/** True when two names mean one type: Work is Private, Meeting is ChatRoom. */
export function isSameType(one: string | undefined, other: string): boolean {
  if (one === undefined) return false;
  return (SAME_TYPE.get(one) ?? one) === (SAME_TYPE.get(other) ?? other);
}

/** Types that Tencent documents, in both spellings of each. */
const TYPES: ReadonlySet<string> = new Set([
  "Private",
  "Work",
  "Public",
  "ChatRoom",
  "Meeting",
  "AVChatRoom",
  "BChatRoom",
  "Community",
  "Live",
]);

/** The type that a group is counted under: there are few, whatever callbacks say. */
export function countedType(type: string | undefined): string {
  if (type === undefined || type === "unknown") return "unknown";
  return TYPES.has(type) ? type : "other";
}
