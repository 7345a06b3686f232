import type { CallbackBody } from "../../protocol/body.ts";
import {
  idProblem,
  MAX_FIELD_BYTES,
  MAX_FIELD_KEY_BYTES,
  MAX_GROUP_ID_BYTES,
  MAX_TEXT_BYTES,
  MAX_USER_ID_BYTES,
  MAX_WORD_BYTES,
  textProblem,
} from "./bounds.ts";
import type {
  DirectoryChange,
  FieldChange,
  MemberChange,
  Presence,
} from "./change.ts";
import { leaveOut, type Omissions } from "./omissions.ts";

/** A body while it is read, or an object in it. */
export interface BodyReader {
  readonly body: CallbackBody;
  /** What of it is left out. */
  readonly odd: Omissions;
  /** Where in the body this object is, such as `MemberList.3`. */
  readonly path?: string;
}

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
export function typeChange(wire: BodyReader): DirectoryChange[] {
  const type = wordIn(wire, "Type");
  return type === undefined || type === "" ? [] : [field("type", type)];
}

/** Those parts of the profile that are there. */
export function profileChanges(wire: BodyReader): FieldChange[] {
  return PROFILE.flatMap(([name, part]) => {
    const value = textIn(wire, name);
    return value === undefined ? [] : [field(part, value)];
  });
}

/** Custom fields, by key. */
export function customChanges(
  wire: BodyReader,
  { maxBytes = MAX_FIELD_BYTES }: { readonly maxBytes?: number } = {},
): FieldChange[] {
  return listIn(wire, "UserDefinedDataList").flatMap((entry) => {
    const key = fieldKeyIn(entry, "Key");
    const value = fieldTextIn(entry, "Value", { maxBytes });
    if (key === undefined || value === undefined) return [];
    return [field(`custom:${key}`, value)];
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
export function hasNoMembers({ body }: BodyReader): boolean {
  return body.Type === "AVChatRoom";
}

/** Events of a topic name the community's members, not those of a group of its own. */
export function isOfTopic({ body: { TopicId: topicId } }: BodyReader): boolean {
  return typeof topicId === "string" && topicId !== "";
}

/** The user IDs of a list; entries without one are passed over, a user named twice is there once. */
export function accountsOf(wire: BodyReader, name: string): string[] {
  const userIds = listIn(wire, name).flatMap((entry) =>
    userOf(entry, "Member_Account") ?? []
  );
  return [...new Set(userIds)];
}

/** Without its list, who came or went cannot be told. */
export function checkList(wire: BodyReader, name: string): void {
  if (!Array.isArray(wire.body[name])) {
    leaveOut(wire, `${name}: expected a list`);
  }
}

/** The objects of a list; empty where there is none. */
export function listIn(
  { body, odd, path }: BodyReader,
  name: string,
): BodyReader[] {
  const value: unknown = body[name];
  if (!Array.isArray(value)) return [];
  const prefix = path === undefined ? name : `${path}.${name}`;
  return value.flatMap((entry: unknown, index) =>
    isObject(entry) ? [{ body: entry, odd, path: `${prefix}.${index}` }] : []
  );
}

/** A user ID; undefined where there is none that can be part of a key. */
export function userOf(wire: BodyReader, name: string): string | undefined {
  return idIn(wire, name, { maxBytes: MAX_USER_ID_BYTES });
}

/** Notes that none of these texts is there; one that is there and odd has been noted. */
export function noteMissing(wire: BodyReader, names: readonly string[]): void {
  const isThere = names.some((name) =>
    typeof wire.body[name] === "string" && wire.body[name] !== ""
  );
  if (!isThere) leaveOut(wire, `${names[0]}: expected a non-empty string`);
}

/** A topic ID; undefined where there is none that can be part of a key. */
export function topicOf(wire: BodyReader, name: string): string | undefined {
  return idIn(wire, name, { maxBytes: MAX_GROUP_ID_BYTES });
}

/** The key of a custom field or attribute; undefined where there is none that can be part of a key. */
export function fieldKeyIn(wire: BodyReader, name: string): string | undefined {
  const key = wire.body[name];
  if (key === "") return leaveOut(wire, `${name}: expected a non-empty string`);
  return idIn(wire, name, { maxBytes: MAX_FIELD_KEY_BYTES });
}

/**
 * The value of a custom field or attribute. A number counts as its digits: Tencent promises a text, and
 * what is there must not look as if it had been taken away. Null where nothing is there, undefined where
 * nothing can be said of what is.
 */
export function fieldTextIn(
  wire: BodyReader,
  name: string,
  { maxBytes }: { readonly maxBytes: number },
): string | null | undefined {
  const value = wire.body[name];
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return shortIn(wire, name, { maxBytes });
  if (typeof value === "number" && isExact(value)) return String(value);
  return leaveOut(wire, `${name}: expected a string`);
}

/** A text of a sentence or so; undefined where there is none. */
export function textIn(wire: BodyReader, name: string): string | undefined {
  return shortIn(wire, name, { maxBytes: MAX_TEXT_BYTES });
}

/** One word; undefined where there is none. */
export function wordIn(wire: BodyReader, name: string): string | undefined {
  return shortIn(wire, name, { maxBytes: MAX_WORD_BYTES });
}

function shortIn(
  wire: BodyReader,
  name: string,
  { maxBytes }: { readonly maxBytes: number },
): string | undefined {
  const value = wire.body[name];
  if (typeof value !== "string") return undefined;
  const problem = textProblem(value, maxBytes);
  return problem === undefined ? value : leaveOut(wire, `${name}: ${problem}`);
}

function idIn(
  wire: BodyReader,
  name: string,
  { maxBytes }: { readonly maxBytes: number },
): string | undefined {
  const id = wire.body[name];
  if (typeof id !== "string" || id === "") return undefined;
  const problem = idProblem(id, maxBytes);
  return problem === undefined ? id : leaveOut(wire, `${name}: ${problem}`);
}

/** Whether parsing has kept all its digits: of larger numbers it drops some. */
function isExact(value: number): boolean {
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}

function isObject(value: unknown): value is CallbackBody {
  return typeof value === "object" && value !== null;
}
