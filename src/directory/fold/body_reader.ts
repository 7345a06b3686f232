// Reads the parts of a callback's body that the directory keeps; what cannot be used is left out and noted.
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
  FieldValue,
  MemberChange,
  Presence,
} from "./change.ts";
import { leaveOut, namingMembers, type Omissions } from "./omissions.ts";

/** A body while it is read, or an object in it. */
export interface BodyReader {
  readonly body: CallbackBody;
  readonly omissions: Omissions;
  /** The path of this object in the body, such as `MemberList.3`. */
  readonly path?: string;
}

const PROFILE: readonly (readonly [wire: string, name: string])[] = [
  ["Name", "name"],
  ["Introduction", "introduction"],
  ["Notification", "notification"],
  ["FaceUrl", "faceUrl"],
];

/** A change of one field of a group or topic. */
export function field(name: string, value: FieldValue): FieldChange {
  return { kind: "field", name, value };
}

/** A change of one field, or none where there is no value. */
export function fieldIf(
  name: string,
  value: FieldValue | undefined,
): FieldChange[] {
  return value === undefined ? [] : [field(name, value)];
}

/** The type, which nearly every event names. */
export function typeChange(wire: BodyReader): DirectoryChange[] {
  return fieldIf("type", wordIn(wire, "Type") || undefined);
}

/** The parts of the profile that are there. */
export function profileChanges(wire: BodyReader): FieldChange[] {
  return PROFILE.flatMap(([name, part]) => fieldIf(part, textIn(wire, name)));
}

/** Custom fields, by key. */
export function customChanges(
  wire: BodyReader,
  { maxBytes = MAX_FIELD_BYTES }: { readonly maxBytes?: number } = {},
): FieldChange[] {
  return listIn(wire, "UserDefinedDataList").flatMap((entry) =>
    customChange(entry, { maxBytes })
  );
}

/** The custom field of an entry with its key and value. */
export function customChange(
  entry: BodyReader,
  { maxBytes = MAX_FIELD_BYTES }: { readonly maxBytes?: number } = {},
): FieldChange[] {
  const key = fieldKeyIn(entry);
  const value = fieldTextIn(entry, { maxBytes });
  return key === undefined ? [] : fieldIf(`custom:${key}`, value);
}

/** Users who came or went alike. */
export function presences(
  userIds: readonly string[],
  presence: Presence,
): MemberChange[] {
  return userIds.map((userId) => ({ kind: "member", userId, presence }));
}

/** True when the body is of an AVChatRoom: members come and go by the thousands, and Tencent keeps no list of them. */
export function hasNoMembers({ body }: BodyReader): boolean {
  return body.Type === "AVChatRoom";
}

/** True when the event is of a topic: it names the community's members, not those of a group of its own. */
export function isOfTopic({ body: { TopicId: topicId } }: BodyReader): boolean {
  return typeof topicId === "string" && topicId !== "";
}

/** The user IDs of a list, each once. */
export function accountsOf(wire: BodyReader, name: string): string[] {
  return namingMembers(wire, () => {
    const userIds = listIn(wire, name).flatMap((entry) => {
      noteMissing(entry, ["Member_Account"]);
      return memberIdIn(entry, "Member_Account") ?? [];
    });
    return [...new Set(userIds)];
  });
}

/** Notes that a list without which nobody can be told is not there. */
export function noteMissingList(wire: BodyReader, name: string): void {
  if (isThere(wire.body[name])) return;
  namingMembers(wire, () => leaveOut(wire, `${name}: expected a list`));
}

/** The objects of a list; empty where there is none. */
export function listIn(wire: BodyReader, name: string): BodyReader[] {
  const { body, omissions, path } = wire;
  const value: unknown = body[name];
  if (!isThere(value)) return [];
  if (!Array.isArray(value)) {
    leaveOut(wire, `${name}: expected a list`);
    return [];
  }
  const prefix = path === undefined ? name : `${path}.${name}`;
  return value.flatMap((entry: unknown, index) => {
    if (isObject(entry)) {
      return [{ body: entry, omissions, path: `${prefix}.${index}` }];
    }
    return leaveOut(wire, `${name}.${index}: expected an object`) ?? [];
  });
}

/** The user ID of a member; undefined where there is none that can be part of a key. */
export function memberIdIn(wire: BodyReader, name: string): string | undefined {
  return namingMembers(wire, () => userIdIn(wire, name));
}

/** The user ID of somebody who need not be a member. */
export function userIdIn(wire: BodyReader, name: string): string | undefined {
  return idIn(wire, name, { maxBytes: MAX_USER_ID_BYTES });
}

/** Notes that none of these texts is there; one that is there and odd is noted where it is read. */
export function noteMissing(wire: BodyReader, names: readonly string[]): void {
  const isMissing = names.every((name) =>
    !isThere(wire.body[name]) || wire.body[name] === ""
  );
  if (isMissing) leaveOut(wire, `${names[0]}: expected a non-empty string`);
}

/** A topic ID; undefined where there is none that can be part of a key. */
export function topicOf(wire: BodyReader, name: string): string | undefined {
  return idIn(wire, name, { maxBytes: MAX_GROUP_ID_BYTES });
}

/** The key of a custom field or attribute, in either spelling; undefined where there is none that can be part of a key. */
export function fieldKeyIn(wire: BodyReader): string | undefined {
  const name = spellingOf(wire, ["Key", "key"]);
  noteMissing(wire, [name]);
  return idIn(wire, name, { maxBytes: MAX_FIELD_KEY_BYTES });
}

/**
 * The value of a custom field or attribute, in either spelling. Null where nothing is there; undefined where
 * nothing can be said of what is.
 */
export function fieldTextIn(
  wire: BodyReader,
  { maxBytes }: { readonly maxBytes: number },
): string | null | undefined {
  const name = spellingOf(wire, ["Value", "value"]);
  if (!isThere(wire.body[name])) return null;
  return shortIn(wire, name, { maxBytes });
}

/** The spelling of a field that is there; the first of them where none is. */
function spellingOf(
  { body }: BodyReader,
  [first, other]: readonly [string, string],
): string {
  return !isThere(body[first]) && isThere(body[other]) ? other : first;
}

/** A text of a sentence or so; undefined where there is none. */
export function textIn(wire: BodyReader, name: string): string | undefined {
  return shortIn(wire, name, { maxBytes: MAX_TEXT_BYTES });
}

/** One word, without blanks around it; undefined where there is none. */
export function wordIn(wire: BodyReader, name: string): string | undefined {
  return shortIn(wire, name, { maxBytes: MAX_WORD_BYTES })?.trim();
}

function shortIn(
  wire: BodyReader,
  name: string,
  { maxBytes }: { readonly maxBytes: number },
): string | undefined {
  const value = wire.body[name];
  if (!isThere(value)) return undefined;
  if (typeof value !== "string") {
    return leaveOut(wire, `${name}: expected a string`);
  }
  const problem = textProblem(value, maxBytes);
  return problem === undefined ? value : leaveOut(wire, `${name}: ${problem}`);
}

function idIn(
  wire: BodyReader,
  name: string,
  { maxBytes }: { readonly maxBytes: number },
): string | undefined {
  const id = wire.body[name];
  if (!isThere(id) || id === "") return undefined;
  if (typeof id !== "string") {
    return leaveOut(wire, `${name}: expected a string`);
  }
  const problem = idProblem(id, maxBytes);
  return problem === undefined ? id : leaveOut(wire, `${name}: ${problem}`);
}

/** Null counts as missing. */
function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isObject(value: unknown): value is CallbackBody {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
