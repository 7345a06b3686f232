// Reads the body of each command that changes a group.
import { RECONCILED_COMMAND } from "../../protocol/commands.ts";
import {
  idProblem,
  MAX_FIELD_BYTES,
  MAX_GROUP_ID_BYTES,
  MAX_TOPIC_FIELD_BYTES,
} from "./bounds.ts";
import {
  accountsOf,
  type BodyReader,
  customChanges,
  field,
  fieldIf,
  fieldKeyIn,
  fieldTextIn,
  hasNoMembers,
  listIn,
  memberIdIn,
  noteMissing,
  presences,
  profileChanges,
  topicOf,
  typeChange,
  userIdIn,
  wordIn,
} from "./body_reader.ts";
import { leaveOut } from "./omissions.ts";
import { CLEARED, type EventChanges, type FieldChange } from "./change.ts";
import {
  readExit,
  readJoin,
  readMemberField,
  readOwner,
} from "./member_changes.ts";
import { readReconciled } from "./reconcile_changes.ts";

/** Reads a body. Total: what it cannot use is left out and noted, and the rest counts. */
export type EventReader = (wire: BodyReader) => EventChanges;

/** The reader of each command that changes a group. */
export const READERS: ReadonlyMap<string, EventReader> = new Map([
  ["Group.CallbackAfterCreateGroup", readCreate],
  ["Group.CallbackAfterNewMemberJoin", readJoin],
  ["Group.CallbackAfterMemberExit", readExit],
  ["Group.CallbackAfterGroupInfoChanged", readInfo],
  ["Group.CallbackAfterChangeGroupOwner", readOwner],
  ["Group.CallbackAfterGroupDestroyed", readDestroy],
  ["Group.CallbackAfterMemberFieldChanged", readMemberField],
  ["Group.CallbackAfterGroupFull", readFull],
  ["Group.CallbackAfterGroupAttrChanged", readAttributes],
  ["Group.CallbackAfterCreateTopic", readTopicCreate],
  ["Group.CallbackAfterTopicDestroyed", readTopicDestroy],
  ["Group.CallbackAfterTopicInfoChanged", readTopicInfo],
  [RECONCILED_COMMAND, readReconciled],
]);

/**
 * Time before its create at which a community may have begun, ms: Tencent sends that create 3 s late (269/1663), so
 * that after a disband the first topics and joins of the next life come before it.
 */
const COMMUNITY_LEEWAY_MS = 5_000;

function readCreate(wire: BodyReader): EventChanges {
  const owner = memberIdIn(wire, "Owner_Account");
  const by = userIdIn(wire, "Operator_Account");
  const listed = hasNoMembers(wire) ? [] : accountsOf(wire, "MemberList");
  const members = hasNoMembers(wire) || owner === undefined
    ? listed
    : [owner, ...listed.filter((userId) => userId !== owner)];
  const isCommunity = wire.body.Type === "Community";
  return {
    sign: "created",
    leewayMs: isCommunity ? COMMUNITY_LEEWAY_MS : 0,
    counts: { created: 1 },
    changes: [
      ...typeChange(wire),
      ...fieldIf("owner", owner),
      ...fieldIf("creator", by),
      ...profileChanges(wire),
      ...customChanges(wire),
      ...presences(members, { isIn: true, how: "Create", by }),
    ],
  };
}

/** A delta: what is not there has not changed. */
function readInfo(wire: BodyReader): EventChanges {
  return {
    changes: [
      ...typeChange(wire),
      ...profileChanges(wire),
      ...customChanges(wire),
    ],
  };
}

/** Names what the group was; the members stay those that are known, so that it is one write. */
function readDestroy(wire: BodyReader): EventChanges {
  return {
    sign: "ended",
    counts: { disbanded: 1 },
    changes: [
      ...typeChange(wire),
      ...profileChanges(wire),
      ...fieldIf("owner", memberIdIn(wire, "Owner_Account")),
    ],
  };
}

function readFull(): EventChanges {
  return { changes: [field("isFull", true)] };
}

/** `set` replaces all attributes, `modify` some; `delete` takes some away, `clear` all. */
function readAttributes(wire: BodyReader): EventChanges {
  const option = (wordIn(wire, "OptionType") || "modify").toLowerCase();
  const cleared = field(CLEARED, true);
  const entries = option === "clear" ? [] : attributeChanges(wire, option);
  const isClear = option === "clear" || option === "set";
  const type = typeChange(wire);
  return { changes: [...type, ...(isClear ? [cleared] : []), ...entries] };
}

function attributeChanges(wire: BodyReader, option: string): FieldChange[] {
  return listIn(wire, "GroupAttr").flatMap((entry) => {
    const key = fieldKeyIn(entry);
    const value = option === "delete"
      ? null
      : fieldTextIn(entry, { maxBytes: MAX_FIELD_BYTES });
    return key === undefined ? [] : fieldIf(`attribute:${key}`, value);
  });
}

/** A topic is new. */
function readTopicCreate(wire: BodyReader): EventChanges {
  const topicId = topicOf(wire, "TopicId");
  noteMissing(wire, ["TopicId"]);
  if (topicId === undefined) return { changes: typeChange(wire) };
  const owner = userIdIn(wire, "Owner_Account");
  const fields = [
    ...profileChanges(wire),
    ...customChanges(wire, { maxBytes: MAX_TOPIC_FIELD_BYTES }),
    ...fieldIf("owner", owner),
  ];
  return {
    changes: [
      ...typeChange(wire),
      { kind: "topic", topicId, exists: true },
      ...fields.map(({ name, value }) => ({
        kind: "topic" as const,
        topicId,
        name,
        value,
      })),
    ],
  };
}

/** Topics are gone. */
function readTopicDestroy(wire: BodyReader): EventChanges {
  return {
    changes: topicIdsOf(wire).map((topicId) => ({
      kind: "topic",
      topicId,
      exists: false,
    })),
  };
}

/**
 * A topic has another profile. Tencent documents no TopicId here; without one it cannot be told which topic
 * changed.
 */
function readTopicInfo(wire: BodyReader): EventChanges {
  const topicId = topicOf(wire, "TopicId");
  if (topicId === undefined) return { changes: [] };
  return {
    changes: profileChanges(wire).map(({ name, value }) => ({
      kind: "topic",
      topicId,
      name,
      value,
    })),
  };
}

/** The list is a text in Tencent's table and an array in its sample. */
function topicIdsOf(wire: BodyReader): string[] {
  const { TopicIdList: list } = wire.body;
  const ids: unknown[] = Array.isArray(list) ? list : [list];
  return ids.flatMap((id, index) => {
    const problem = typeof id === "string"
      ? idProblem(id, MAX_GROUP_ID_BYTES)
      : "expected a string";
    if (typeof id === "string" && problem === undefined) return [id];
    return leaveOut(wire, `TopicIdList.${index}: ${problem}`) ?? [];
  });
}
