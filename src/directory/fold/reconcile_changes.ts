// Changes to a group from a reconciliation with Tencent's own list.
import {
  type BodyReader,
  customChange,
  field,
  fieldIf,
  listIn,
  memberIdIn,
  textIn,
  wordIn,
} from "./body_reader.ts";
import {
  type EventChanges,
  type FieldChange,
  type FieldValue,
  type MemberChange,
  MEMBERS_UNSURE,
} from "./change.ts";
import { leaveOut, namingMembers } from "./omissions.ts";

/**
 * Reads what Tencent holds of a group: `{ reason, observedAt, group, members? }`.
 *
 * `reason` is `missing`, `differs` or `gone`; `observedAt` a time (RFC 3339): what callbacks told later wins.
 * `group` is `{ groupId, type, name, owner, introduction, notification, faceUrl, createdAt, customFields }`,
 * each but the first optional; an empty `owner` says that there is none. `members` is the list of all members,
 * `{ userId, role, joinedAt, nameCard }`: who is not in it is no member. Without it members stay.
 */
export function readReconciled(wire: BodyReader): EventChanges {
  const atMs = timeIn(wire, "observedAt");
  const group = objectIn(wire, "group");
  if (wire.body.reason === "gone") {
    const observed = { atMs, hasMembers: false };
    return { sign: "ended", counts: { disbanded: 1 }, changes: [], observed };
  }
  const members = membersIn(wire);
  const createdMs = group && timeIn(group, "createdAt");
  return {
    // That Tencent has the group shows that it lives, whatever was told of it before.
    sign: "created",
    changes: [
      ...(group ? groupChanges(group) : []),
      ...(members === undefined ? [] : [field(MEMBERS_UNSURE, false)]),
      ...(members ?? []),
    ],
    observed: { atMs, createdMs, hasMembers: members !== undefined },
  };
}

const TEXTS = ["name", "introduction", "notification", "faceUrl"];

function groupChanges(group: BodyReader): FieldChange[] {
  return [
    ...fieldIf("type", wordIn(group, "type") || undefined),
    ...fieldIf(
      "owner",
      group.body.owner === "" ? "" : memberIdIn(group, "owner"),
    ),
    ...TEXTS.flatMap((name) => fieldIf(name, textIn(group, name))),
    ...customFields(group),
  ];
}

/** Custom fields, an object of texts by key. */
function customFields(group: BodyReader): FieldChange[] {
  const fields = objectIn(group, "customFields");
  return Object.entries(fields?.body ?? {}).flatMap(([Key, Value]) =>
    customChange({ ...group, body: { Key, Value }, path: "customFields" })
  );
}

/** The list of all members; undefined where there is none. */
function membersIn(wire: BodyReader): MemberChange[] | undefined {
  if (!Array.isArray(wire.body.members)) return undefined;
  return namingMembers(wire, () => listIn(wire, "members").flatMap(memberIn));
}

function memberIn(entry: BodyReader): MemberChange[] {
  const userId = memberIdIn(entry, "userId");
  if (userId === undefined) return [];
  const parts: Readonly<Record<string, FieldValue | undefined>> = {
    role: wordIn(entry, "role") ?? "Member",
    nameCard: textIn(entry, "nameCard"),
    joinedMs: timeIn(entry, "joinedAt"),
  };
  return Object.entries(parts).flatMap(([part, value]) =>
    value === undefined ? [] : [{ kind: "member", userId, part, value }]
  );
}

/** A time in Unix ms; undefined where there is none. */
function timeIn(wire: BodyReader, name: string): number | undefined {
  const text = textIn(wire, name);
  if (text === undefined) return undefined;
  const timeMs = Date.parse(text);
  if (Number.isFinite(timeMs) && timeMs >= 0) return timeMs;
  return leaveOut(wire, `${name}: expected a time`);
}

function objectIn(wire: BodyReader, name: string): BodyReader | undefined {
  const value = wire.body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "object" || Array.isArray(value)) {
    return leaveOut(wire, `${name}: expected an object`);
  }
  // An object of JSON has string keys.
  return { ...wire, body: value as BodyReader["body"], path: name };
}
