import { attributeChanges } from "./attribute_changes.ts";
import {
  accountsOf,
  type BodyReader,
  customChanges,
  field,
  hasNoMembers,
  noteMissing,
  presences,
  profileChanges,
  typeChange,
  userOf,
} from "./body_reader.ts";
import { EventChanges } from "./change.ts";
import { readExit, readJoin, readMemberField } from "./member_changes.ts";
import {
  readTopicCreate,
  readTopicDestroy,
  readTopicInfo,
} from "./topic_changes.ts";

/** Reads a body. Total: what it cannot take is left out and noted, and the rest counts. */
export type EventReader = (wire: BodyReader) => EventChanges;

/** How each command that changes a group is read. */
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
]);

function readCreate(wire: BodyReader): EventChanges {
  const owner = userOf(wire, "Owner_Account");
  const by = userOf(wire, "Operator_Account");
  const listed = hasNoMembers(wire) ? [] : accountsOf(wire, "MemberList");
  const members = hasNoMembers(wire) || owner === undefined
    ? listed
    : [owner, ...listed.filter((userId) => userId !== owner)];
  return {
    sign: "created",
    counts: { created: 1 },
    changes: [
      ...typeChange(wire),
      ...(owner === undefined ? [] : [field("owner", owner)]),
      ...(by === undefined ? [] : [field("creator", by)]),
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

function readOwner(wire: BodyReader): EventChanges {
  const owner = userOf(wire, "NewOwner_Account");
  noteMissing(wire, ["NewOwner_Account"]);
  return {
    changes: [
      ...typeChange(wire),
      ...(owner === undefined ? [] : [field("owner", owner)]),
    ],
  };
}

/** Names what the group was; the members stay those that are known, so that it is one write. */
function readDestroy(wire: BodyReader): EventChanges {
  const owner = userOf(wire, "Owner_Account");
  return {
    sign: "ended",
    counts: { disbanded: 1 },
    changes: [
      ...typeChange(wire),
      ...profileChanges(wire),
      ...(owner === undefined ? [] : [field("owner", owner)]),
    ],
  };
}

function readFull(): EventChanges {
  return { sign: "none", changes: [field("isFull", true)] };
}

function readAttributes(wire: BodyReader): EventChanges {
  return { changes: [...typeChange(wire), ...attributeChanges(wire)] };
}
