import { disbandedAtMs, type GroupState, textOf } from "./group.ts";
import type { MemberState } from "./member.ts";
import { timeMsOf } from "./stamp.ts";

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
  const { ownerLeft, fields: { owner } } = group;
  const hasLeft = ownerLeft !== undefined && ownerLeft > (owner?.[1] ?? "") &&
    timeMsOf(ownerLeft) < (disbandedAtMs(group) ?? Infinity);
  return hasLeft ? undefined : namedOwnerOf(group);
}

/** Notes what is known of who is named as the owner; the same object when that says nothing new. */
export function notingOwner(
  group: GroupState,
  member: MemberState | undefined,
): GroupState {
  const { ownerLeft, fields: { owner } } = group;
  const left = member?.left;
  const isSince = left !== undefined && left > (owner?.[1] ?? "");
  if (!isSince && ownerLeft === undefined) return group;
  if (isSince && left === ownerLeft) return group;
  return { ...group, ownerLeft: isSince ? left : undefined };
}
