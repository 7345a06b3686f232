import type { CallbackBody } from "../protocol/body.ts";
import type { Change, MemberChange } from "./change.ts";
import type { Counts } from "./fold.ts";
import type { LifeSign } from "./group.ts";
import {
  readTopicCreate,
  readTopicDestroy,
  readTopicInfo,
} from "./topic_changes.ts";
import {
  accountsOf,
  checkList,
  customChanges,
  field,
  hasNoMembers,
  isOfTopic,
  listIn,
  presences,
  profileChanges,
  textIn,
  typeChange,
  userOf,
} from "./wire.ts";

/** What the body of an event changes. */
export interface EventChanges {
  /** @default {"alive"} */
  readonly sign?: LifeSign;
  readonly counts?: Partial<Counts>;
  readonly changes: readonly Change[];
}

/** Reads a body; throws what a person can read when it makes no sense. */
export type EventReader = (body: CallbackBody) => EventChanges;

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

function readCreate(body: CallbackBody): EventChanges {
  const owner = userOf(body, "Owner_Account");
  const by = userOf(body, "Operator_Account");
  const listed = hasNoMembers(body) ? [] : accountsOf(body, "MemberList");
  const members = hasNoMembers(body) || owner === undefined
    ? listed
    : [owner, ...listed.filter((userId) => userId !== owner)];
  return {
    sign: "created",
    counts: { created: 1 },
    changes: [
      ...typeChange(body),
      ...(owner === undefined ? [] : [field("owner", owner)]),
      ...(by === undefined ? [] : [field("creator", by)]),
      ...profileChanges(body),
      ...customChanges(body),
      ...presences(members, { isIn: true, how: "Create", by }),
    ],
  };
}

function readJoin(body: CallbackBody): EventChanges {
  if (isOfTopic(body)) return { sign: "none", changes: [] };
  checkList(body, "NewMemberList");
  const userIds = accountsOf(body, "NewMemberList");
  const how = textIn(body, "JoinType");
  const by = userOf(body, "Operator_Account");
  const kept = hasNoMembers(body) ? [] : userIds;
  return {
    counts: { joined: userIds.length },
    changes: [
      ...typeChange(body),
      ...presences(kept, { isIn: true, how, by }),
    ],
  };
}

/** Leaving is no sign of life: members may be told off after the group is gone. */
function readExit(body: CallbackBody): EventChanges {
  if (isOfTopic(body)) return { sign: "none", changes: [] };
  checkList(body, "ExitMemberList");
  const userIds = accountsOf(body, "ExitMemberList");
  const how = textIn(body, "ExitType");
  const by = userOf(body, "Operator_Account");
  const kept = hasNoMembers(body) ? [] : userIds;
  return {
    sign: "none",
    counts: { left: userIds.length },
    changes: [
      ...typeChange(body),
      field("isFull", false),
      ...presences(kept, { isIn: false, how, by }),
    ],
  };
}

/** A delta: what is not there has not changed. */
function readInfo(body: CallbackBody): EventChanges {
  return {
    changes: [
      ...typeChange(body),
      ...profileChanges(body),
      ...customChanges(body),
    ],
  };
}

function readOwner(body: CallbackBody): EventChanges {
  const owner = userOf(body, "NewOwner_Account");
  if (owner === undefined) {
    throw new TypeError("NewOwner_Account: expected a non-empty string");
  }
  return { changes: [...typeChange(body), field("owner", owner)] };
}

/** Names what the group was; the members stay those that are known, so that it is one write. */
function readDestroy(body: CallbackBody): EventChanges {
  const owner = userOf(body, "Owner_Account");
  return {
    sign: "ended",
    counts: { disbanded: 1 },
    changes: [
      ...typeChange(body),
      ...profileChanges(body),
      ...(owner === undefined ? [] : [field("owner", owner)]),
    ],
  };
}

function readMemberField(body: CallbackBody): EventChanges {
  const userId = userOf(body, "Member_Account") ??
    userOf(body, "Modified_Account");
  if (userId === undefined) {
    throw new TypeError("Member_Account: expected a non-empty string");
  }
  const changes: MemberChange[] = [];
  for (const [wire, part] of [["Role", "role"], ["NameCard", "nameCard"]]) {
    const value = textIn(body, wire ?? "");
    if (value === undefined || part === undefined) continue;
    changes.push({ kind: "member", userId, part, value });
  }
  return {
    changes: [...typeChange(body), ...(hasNoMembers(body) ? [] : changes)],
  };
}

function readFull(): EventChanges {
  return { sign: "none", changes: [field("isFull", true)] };
}

/** `set` replaces all, `modify` some, `delete` takes some away, `clear` all. */
function readAttributes(body: CallbackBody): EventChanges {
  const option = (textIn(body, "OptionType") ?? "modify").toLowerCase();
  const isGone = option === "delete" || option === "clear";
  const changes: Change[] = [];
  if (option === "set" || option === "clear") changes.push({ kind: "clear" });
  for (const entry of option === "clear" ? [] : listIn(body, "GroupAttr")) {
    const key = textIn(entry, "key");
    const value = textIn(entry, "value") ?? null;
    if (key === undefined) continue;
    changes.push(field(`attribute:${key}`, isGone ? null : value));
  }
  return { changes: [...typeChange(body), ...changes] };
}
