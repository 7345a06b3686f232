import type { CallbackBody } from "../protocol/body.ts";
import type { Change, FieldChange, MemberChange, Presence } from "./change.ts";
import {
  checkId,
  MAX_GROUP_ID_BYTES,
  MAX_USER_ID_BYTES,
} from "./directory_id.ts";

const PROFILE: readonly (readonly [wire: string, name: string])[] = [
  ["Name", "name"],
  ["Introduction", "introduction"],
  ["Notification", "notification"],
  ["FaceUrl", "faceUrl"],
];

/** A field of the group, or of a topic, gets a value. */
export function field(
  name: string,
  value: string | boolean | null,
): FieldChange {
  return { kind: "field", name, value };
}

/** The type, which nearly every event names. */
export function typeChange(body: CallbackBody): Change[] {
  const type = textIn(body, "Type");
  return type === undefined || type === "" ? [] : [field("type", type)];
}

/** Those parts of the profile that are there. */
export function profileChanges(body: CallbackBody): FieldChange[] {
  return PROFILE.flatMap(([wire, name]) => {
    const value = textIn(body, wire);
    return value === undefined ? [] : [field(name, value)];
  });
}

/** Custom fields, by key. */
export function customChanges(body: CallbackBody): FieldChange[] {
  return listIn(body, "UserDefinedDataList").flatMap((entry) => {
    const key = textIn(entry, "Key");
    const value = textIn(entry, "Value") ?? null;
    return key === undefined ? [] : [field(`custom:${key}`, value)];
  });
}

/** Users who came or went alike. */
export function presences(
  userIds: readonly string[],
  presence: Presence,
): MemberChange[] {
  return userIds.map((userId) => ({ kind: "member", userId, presence }));
}

/** Audio-video rooms: members come and go by the thousands, and Tencent keeps no list of them. */
export function hasNoMembers(body: CallbackBody): boolean {
  return body.Type === "AVChatRoom";
}

/** Events of a topic name the community's members, not those of a group of its own. */
export function isOfTopic(body: CallbackBody): boolean {
  return (textIn(body, "TopicId") ?? "") !== "";
}

/** The user IDs of a list; entries without one are passed over, a user named twice is there once. */
export function accountsOf(body: CallbackBody, name: string): string[] {
  const userIds = listIn(body, name).flatMap((entry) =>
    userOf(entry, "Member_Account") ?? []
  );
  return [...new Set(userIds)];
}

/** Without its list, who came or went cannot be told. */
export function checkList(body: CallbackBody, name: string): void {
  if (!Array.isArray(body[name])) {
    throw new TypeError(`${name}: expected a list`);
  }
}

/** The objects of a list; empty where there is none. */
export function listIn(body: CallbackBody, name: string): CallbackBody[] {
  const value = body[name];
  if (!Array.isArray(value)) return [];
  return value.filter((entry: unknown): entry is CallbackBody =>
    typeof entry === "object" && entry !== null
  );
}

/** A user ID; throws when it is too long to be a key. */
export function userOf(body: CallbackBody, name: string): string | undefined {
  const userId = textIn(body, name);
  if (userId === undefined || userId === "") return undefined;
  checkId(userId, { name, maxBytes: MAX_USER_ID_BYTES });
  return userId;
}

/** A topic ID; throws when it is too long to be a key. */
export function topicOf(topicId: string | undefined): string | undefined {
  if (topicId === undefined || topicId === "") return undefined;
  checkId(topicId, { name: "TopicId", maxBytes: MAX_GROUP_ID_BYTES });
  return topicId;
}

/** A text; undefined where there is none. */
export function textIn(body: CallbackBody, name: string): string | undefined {
  const value = body[name];
  return typeof value === "string" ? value : undefined;
}
