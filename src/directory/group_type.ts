import { type GroupState, textOf } from "./group.ts";

/** Public, Private, ChatRoom, AVChatRoom, Community, … */
export function typeOf(group: GroupState): string | undefined {
  return textOf(group, "type") || undefined;
}

/** Whether nobody keeps a list of its members: Tencent tells of none. */
export function isMemberless(group: GroupState): boolean {
  return typeOf(group) === "AVChatRoom";
}
