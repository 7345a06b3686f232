import { type GroupState, textOf } from "./group.ts";

/** Those that Tencent documents, in both spellings of each. */
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

/** Public, Private, ChatRoom, AVChatRoom, Community, … as it was told. */
export function typeOf(group: GroupState): string | undefined {
  return textOf(group, "type") || undefined;
}

/** Under which type a group is counted: there are few, whatever callbacks say. */
export function countedType(type: string | undefined): string {
  if (type === undefined || type === "unknown") return "unknown";
  return TYPES.has(type) ? type : "other";
}

/** Whether nobody keeps a list of its members: Tencent tells of none. */
export function isMemberless(group: GroupState): boolean {
  return typeOf(group) === "AVChatRoom";
}
