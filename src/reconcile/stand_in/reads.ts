// The calls that read what the stand-in of Tencent holds.
import {
  bodyText,
  numberIn,
  type StandInBody,
  type StandInCall,
  type StandInGroups,
  StandInRefusal,
  type StandInResult,
} from "./groups.ts";

const SERVICE = "group_open_http_svc";
/** Number of the first page: beyond what a double holds exactly. */
const FIRST_NEXT = 2n ** 60n + 1n;
const LIST_MAX_IDS = 10_000;
const INFO_MAX_GROUPS = 50;
const COMMUNITY_PAGE = 100;
const MEMBERS_PER_PAGE = 200;

/** The calls, by their paths. */
export const STAND_IN_READS: ReadonlyMap<string, StandInCall> = new Map([
  [`${SERVICE}/get_appid_group_list`, list],
  [`${SERVICE}/get_group_info`, info],
  [`${SERVICE}/get_group_member_info`, memberInfo],
  ["million_group_open_http_svc/get_topic", topics],
  ["ConfigSvc/GetIPList", addresses],
]);

function list(groups: StandInGroups, body: StandInBody): StandInResult {
  const limit = numberIn(body, "Limit") ?? LIST_MAX_IDS;
  if (limit > LIST_MAX_IDS) throw new StandInRefusal(10004, "Limit");
  const type = bodyText(body, "GroupType");
  const from = startOf(body.Next);
  const ids: string[] = [];
  let at = from;
  for (; at < groups.order.length && ids.length < limit; at++) {
    const group = groups.groups.get(groups.order[at] ?? "");
    if (group === undefined) continue;
    if (type === undefined || group.type === type) ids.push(group.groupId);
  }
  const isEnd = at >= groups.order.length;
  return {
    answer: {
      TotalCount: groups.groups.size,
      GroupIdList: ids.map((GroupId) => ({ GroupId })),
      // As digits: the front writes them without quotes.
      Next: isEnd ? 0 : BigInt(at) + FIRST_NEXT,
    },
  };
}

function startOf(next: unknown): number {
  if (next === undefined || next === 0) return 0;
  if (typeof next !== "bigint" || next < FIRST_NEXT) {
    throw new StandInRefusal(10004, "Next: not a number of ours");
  }
  return Number(next - FIRST_NEXT);
}

function info(groups: StandInGroups, body: StandInBody): StandInResult {
  const ids = body.GroupIdList;
  if (!Array.isArray(ids) || ids.length > INFO_MAX_GROUPS) {
    throw new StandInRefusal(10004, "GroupIdList: at most 50");
  }
  return { answer: { GroupInfo: ids.map((id) => infoOf(groups, String(id))) } };
}

function infoOf(
  groups: StandInGroups,
  groupId: string,
): Record<string, unknown> {
  const group = groups.groups.get(groupId);
  if (group === undefined) {
    return {
      GroupId: groupId,
      ErrorCode: 10010,
      ErrorInfo: "group not exist",
    };
  }
  return {
    GroupId: groupId,
    ErrorCode: 0,
    ErrorInfo: "",
    Type: group.type,
    Name: group.name,
    Owner_Account: group.owner,
    Introduction: group.introduction,
    Notification: group.notification,
    FaceUrl: group.faceUrl,
    CreateTime: group.createdAtSec,
    LastInfoTime: group.changedAtSec,
    MemberNum: group.members.size,
  };
}

function memberInfo(groups: StandInGroups, body: StandInBody): StandInResult {
  const group = groups.find(body);
  if (group.type === "AVChatRoom") {
    throw new StandInRefusal(10007, "not for AVChatRoom");
  }
  const isCommunity = group.type === "Community";
  const most = isCommunity ? COMMUNITY_PAGE : MEMBERS_PER_PAGE;
  const limit = Math.min(numberIn(body, "Limit") ?? most, most);
  const from = isCommunity
    ? Number(bodyText(body, "Next") || 0)
    : numberIn(body, "Offset") ?? 0;
  const page = [...group.members].slice(from, from + limit);
  const isEnd = from + page.length >= group.members.size;
  return {
    answer: {
      MemberNum: group.members.size,
      MemberList: page.map(([userId, { role, joinedAtSec, nameCard }]) => ({
        Member_Account: userId,
        // A sample of the documentation has the blank.
        Role: `${userId === group.owner ? "Owner" : role} `,
        JoinTime: joinedAtSec,
        NameCard: nameCard,
      })),
      ...isCommunity && { Next: isEnd ? "" : String(from + page.length) },
    },
  };
}

function topics(groups: StandInGroups, body: StandInBody): StandInResult {
  const group = groups.find(body);
  return {
    answer: {
      TopicAndSelfInfo: Array.from(group.topics, ([TopicId, TopicName]) => ({
        ErrorCode: 0,
        TopicInfo: { TopicId, TopicName, GroupID: group.groupId },
      })),
    },
  };
}

function addresses(groups: StandInGroups): StandInResult {
  return { answer: { IPList: groups.addresses } };
}
