// deno-lint-ignore-file camelcase -- Tencent's spelling on the wire
// The calls that change what the stand-in of Tencent holds, and the callbacks that they cause.
import {
  accounts,
  bodyText,
  numberIn,
  objectsIn,
  type StandInBody,
  type StandInCall,
  type StandInCallback,
  type StandInGroup,
  type StandInGroups,
  type StandInResult,
} from "./groups.ts";

const SERVICE = "group_open_http_svc";
const ADMIN = "administrator";
const EVENTS = "Group.CallbackAfter";

/** The calls, by their paths. */
export const STAND_IN_CHANGES: ReadonlyMap<string, StandInCall> = new Map([
  [`${SERVICE}/create_group`, create],
  [`${SERVICE}/import_group`, importGroup],
  [`${SERVICE}/import_group_member`, importMembers],
  [`${SERVICE}/destroy_group`, destroy],
  [`${SERVICE}/modify_group_base_info`, modify],
  [`${SERVICE}/change_group_owner`, changeOwner],
  [`${SERVICE}/add_group_member`, addMembers],
  [`${SERVICE}/delete_group_member`, deleteMembers],
  ["million_group_open_http_svc/create_topic", createTopic],
]);

function create(groups: StandInGroups, body: StandInBody): StandInResult {
  const group = groups.add(body, groups.nowSec);
  const { groupId, type, owner, name, members } = group;
  return {
    answer: { GroupId: groupId, Type: type },
    callbacks: [event(groups, "CreateGroup", group, {
      Operator_Account: ADMIN,
      Owner_Account: owner,
      Name: name,
      MemberList: type === "AVChatRoom" ? [] : accounts(members.keys()),
    })],
  };
}

/** An import may lie in the past, and no callback tells of it. */
function importGroup(groups: StandInGroups, body: StandInBody): StandInResult {
  const atSec = numberIn(body, "CreateTime") ?? groups.nowSec;
  return { answer: { GroupId: groups.add(body, atSec).groupId } };
}

function importMembers(
  groups: StandInGroups,
  body: StandInBody,
): StandInResult {
  const group = groups.find(body);
  groups.join(group, objectsIn(body, "MemberList"));
  return { answer: {} };
}

function destroy(groups: StandInGroups, body: StandInBody): StandInResult {
  const group = groups.find(body);
  groups.groups.delete(group.groupId);
  return {
    answer: {},
    callbacks: [event(groups, "GroupDestroyed", group, {
      Owner_Account: group.owner,
      Name: group.name,
      MemberList: accounts(group.members.keys()),
    })],
  };
}

function modify(groups: StandInGroups, body: StandInBody): StandInResult {
  const group = groups.find(body);
  const changed: Record<string, string> = {};
  const set = (wire: string, put: (text: string) => void) => {
    const text = bodyText(body, wire);
    if (text === undefined) return;
    put(text);
    changed[wire] = text;
  };
  set("Name", (text) => group.name = text);
  set("Introduction", (text) => group.introduction = text);
  set("Notification", (text) => group.notification = text);
  set("FaceUrl", (text) => group.faceUrl = text);
  group.changedAtSec = groups.nowSec;
  const operator = { Operator_Account: ADMIN, ...changed };
  return {
    answer: {},
    callbacks: [event(groups, "GroupInfoChanged", group, operator)],
  };
}

function changeOwner(groups: StandInGroups, body: StandInBody): StandInResult {
  const group = groups.find(body);
  const owner = bodyText(body, "NewOwner_Account") ?? "";
  const old = group.owner;
  group.owner = owner;
  groups.join(group, [{ Member_Account: owner }]);
  return {
    answer: {},
    callbacks: [event(groups, "ChangeGroupOwner", group, {
      Operator_Account: ADMIN,
      OldOwner_Account: old,
      NewOwner_Account: owner,
    })],
  };
}

function addMembers(groups: StandInGroups, body: StandInBody): StandInResult {
  const group = groups.find(body);
  const joined = groups.join(group, objectsIn(body, "MemberList"));
  return {
    answer: {},
    callbacks: joined.length === 0 ? [] : [
      event(groups, "NewMemberJoin", group, {
        Operator_Account: ADMIN,
        JoinType: "Invited",
        NewMemberList: accounts(joined),
      }),
    ],
  };
}

function deleteMembers(
  groups: StandInGroups,
  body: StandInBody,
): StandInResult {
  const group = groups.find(body);
  const listed = body.MemberToDel_Account;
  const leaving = (Array.isArray(listed) ? listed : []).filter((userId) =>
    group.members.delete(userId)
  );
  return {
    answer: {},
    callbacks: leaving.length === 0 ? [] : [
      event(groups, "MemberExit", group, {
        Operator_Account: ADMIN,
        ExitType: "Kicked",
        ExitMemberList: accounts(leaving),
      }),
    ],
  };
}

function createTopic(groups: StandInGroups, body: StandInBody): StandInResult {
  const group = groups.find(body);
  const name = bodyText(body, "TopicName") ?? "topic";
  const topicId = `${group.groupId}@TOPIC#_${group.topics.size + 1}`;
  group.topics.set(topicId, name);
  const fields = { TopicId: topicId, Operator_Account: ADMIN, Name: name };
  return {
    answer: { TopicId: topicId },
    callbacks: [event(groups, "CreateTopic", group, fields)],
  };
}

function event(
  groups: StandInGroups,
  word: string,
  group: StandInGroup,
  fields: StandInBody,
): StandInCallback {
  const command = `${EVENTS}${word}`;
  return {
    command,
    body: {
      CallbackCommand: command,
      GroupId: group.groupId,
      Type: group.type,
      ...fields,
      EventTime: groups.now(),
    },
  };
}
