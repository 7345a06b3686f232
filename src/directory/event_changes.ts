import type { CallbackBody } from "../protocol/body.ts";
import type { Change, MemberChange, Presence } from "./change.ts";
import {
  checkId,
  MAX_GROUP_ID_BYTES,
  MAX_USER_ID_BYTES,
} from "./directory_id.ts";
import type { Counts } from "./fold.ts";
import type { LifeSign } from "./group.ts";

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

const PROFILE: readonly (readonly [wire: string, name: string])[] = [
  ["Name", "name"],
  ["Introduction", "introduction"],
  ["Notification", "notification"],
  ["FaceUrl", "faceUrl"],
];

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

/** Topic events have no time of their own: late ones must not bring a group back to life. */
function readTopicCreate(body: CallbackBody): EventChanges {
  const topicId = topicOf(textIn(body, "TopicId"));
  if (topicId === undefined) {
    throw new TypeError("TopicId: expected a non-empty string");
  }
  const owner = userOf(body, "Owner_Account");
  const fields = [
    ...profileChanges(body),
    ...customChanges(body),
    ...(owner === undefined ? [] : [field("owner", owner)]),
  ];
  return {
    sign: "none",
    changes: [
      ...typeChange(body),
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

function readTopicDestroy(body: CallbackBody): EventChanges {
  const { TopicIdList: list } = body;
  const ids: unknown[] = Array.isArray(list) ? list : [list];
  return {
    sign: "none",
    changes: ids.flatMap((id) => {
      const topicId = typeof id === "string" ? topicOf(id) : undefined;
      return topicId === undefined
        ? []
        : [{ kind: "topic", topicId, exists: false }];
    }),
  };
}

/** Tencent documents no TopicId here; without one it cannot be told which topic changed. */
function readTopicInfo(body: CallbackBody): EventChanges {
  const topicId = topicOf(textIn(body, "TopicId"));
  if (topicId === undefined) return { sign: "none", changes: [] };
  return {
    sign: "none",
    changes: profileChanges(body).map(({ name, value }) => ({
      kind: "topic",
      topicId,
      name,
      value,
    })),
  };
}

function field(name: string, value: string | boolean | null) {
  return { kind: "field", name, value } as const;
}

function typeChange(body: CallbackBody): Change[] {
  const type = textIn(body, "Type");
  return type === undefined || type === "" ? [] : [field("type", type)];
}

function profileChanges(body: CallbackBody): ReturnType<typeof field>[] {
  return PROFILE.flatMap(([wire, name]) => {
    const value = textIn(body, wire);
    return value === undefined ? [] : [field(name, value)];
  });
}

function customChanges(body: CallbackBody): ReturnType<typeof field>[] {
  return listIn(body, "UserDefinedDataList").flatMap((entry) => {
    const key = textIn(entry, "Key");
    const value = textIn(entry, "Value") ?? null;
    return key === undefined ? [] : [field(`custom:${key}`, value)];
  });
}

function presences(
  userIds: readonly string[],
  presence: Presence,
): MemberChange[] {
  return userIds.map((userId) => ({ kind: "member", userId, presence }));
}

/** Audio-video rooms: members come and go by the thousands, and Tencent keeps no list of them. */
function hasNoMembers(body: CallbackBody): boolean {
  return body.Type === "AVChatRoom";
}

/** Events of a topic name the community's members, not those of a group of its own. */
function isOfTopic(body: CallbackBody): boolean {
  return (textIn(body, "TopicId") ?? "") !== "";
}

/** The user IDs of a list; entries without one are passed over, a user named twice is there once. */
function accountsOf(body: CallbackBody, name: string): string[] {
  const userIds = listIn(body, name).flatMap((entry) =>
    userOf(entry, "Member_Account") ?? []
  );
  return [...new Set(userIds)];
}

/** Without its list, who came or went cannot be told. */
function checkList(body: CallbackBody, name: string): void {
  if (!Array.isArray(body[name])) {
    throw new TypeError(`${name}: expected a list`);
  }
}

function listIn(body: CallbackBody, name: string): CallbackBody[] {
  const value = body[name];
  if (!Array.isArray(value)) return [];
  return value.filter((entry: unknown): entry is CallbackBody =>
    typeof entry === "object" && entry !== null
  );
}

function userOf(body: CallbackBody, name: string): string | undefined {
  const userId = textIn(body, name);
  if (userId === undefined || userId === "") return undefined;
  checkId(userId, { name, maxBytes: MAX_USER_ID_BYTES });
  return userId;
}

function topicOf(topicId: string | undefined): string | undefined {
  if (topicId === undefined || topicId === "") return undefined;
  checkId(topicId, { name: "TopicId", maxBytes: MAX_GROUP_ID_BYTES });
  return topicId;
}

function textIn(body: CallbackBody, name: string): string | undefined {
  const value = body[name];
  return typeof value === "string" ? value : undefined;
}
