import { type GroupState, textOf } from "./group.ts";

/** User ID of the owner. */
export function ownerOf(group: GroupState): string | undefined {
  return textOf(group, "owner") || undefined;
}
