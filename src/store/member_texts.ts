import { decodeMember, encodeMember } from "../directory/fold/codec.ts";
import type { MemberState } from "../directory/fold/member.ts";
import { ROW_MAX_MEMBER_BYTES } from "./kv/limits.ts";
import { valueBytes } from "./kv/size.ts";

/** Members as a group's row holds them: user IDs and texts in turn. Undefined where they take more than it may. */
export function memberTexts(
  members: ReadonlyMap<string, MemberState>,
): readonly string[] | undefined {
  const texts: string[] = [];
  for (const [userId, member] of members) {
    texts.push(userId, encodeMember(member));
  }
  return valueBytes(texts) <= ROW_MAX_MEMBER_BYTES ? texts : undefined;
}

/** The members that a row holds so. */
export function membersOf(texts: readonly string[]): Map<string, MemberState> {
  const members = new Map<string, MemberState>();
  for (let at = 0; at + 1 < texts.length; at += 2) {
    members.set(texts[at] ?? "", decodeMember(texts[at + 1] ?? ""));
  }
  return members;
}
