// The calls of Tencent's REST API that imhook makes (tencentcloud.com 1047/34960 and following).
import type * as v from "valibot";
import type { RestAnswer, RestCall, RestClient } from "./rest.ts";
import { RestError } from "./rest_error.ts";
import {
  AddressesSchema,
  GroupInfoSchema,
  IdListSchema,
  LIST_MAX_IDS,
  MembersSchema,
} from "./rest_schemas.ts";

/** A page of an app's group IDs. */
export interface IdPage {
  /** Groups of the app in all. */
  readonly total: number;
  readonly groupIds: readonly string[];
  /** Start of the next page, in digits; "0" at the end. */
  readonly next: string;
}

/** The base facts of one group, or why there are none. */
export interface GroupFacts {
  readonly groupId: string;
  /** Tencent's code for this group alone; 0 when it exists. */
  readonly code: number;
  readonly type: string;
  readonly name: string | undefined;
  readonly owner: string | undefined;
  readonly introduction: string | undefined;
  readonly notification: string | undefined;
  readonly faceUrl: string | undefined;
  /** Unix seconds. */
  readonly createdAtSec: number | undefined;
  readonly memberCount: number | undefined;
  /** Time of the last change of its profile, Unix seconds. */
  readonly changedAtSec: number | undefined;
}

/** A member as Tencent lists it. */
export interface ListedMember {
  readonly userId: string;
  readonly role: string;
  /** Unix seconds. */
  readonly joinedAtSec: number | undefined;
  readonly nameCard: string | undefined;
}

/** Tencent's limit is one list a second; below 80 % of it its alarm stays silent. */
const LIST_EVERY_MS = 1_300;

/** Members that one call lists: more is refused for a Community. */
const MEMBERS_PER_CALL = 100;

/** A list of more members than any group has does not end. */
const MAX_MEMBER_CALLS = 10_000;

const GROUPS = "group_open_http_svc";

const LIST: RestCall<v.InferOutput<typeof IdListSchema>> = {
  path: `${GROUPS}/get_appid_group_list`,
  schema: IdListSchema,
  everyMs: LIST_EVERY_MS,
};
const INFO: RestCall<v.InferOutput<typeof GroupInfoSchema>> = {
  path: `${GROUPS}/get_group_info`,
  schema: GroupInfoSchema,
  countsAlone: "GroupInfo",
};
const MEMBERS: RestCall<v.InferOutput<typeof MembersSchema>> = {
  path: `${GROUPS}/get_group_member_info`,
  schema: MembersSchema,
};

/** A page of the app's group IDs, from `next` in digits. */
export async function listGroupIds(
  client: RestClient,
  { next, limit = LIST_MAX_IDS, type }: {
    readonly next: string;
    readonly limit?: number;
    readonly type?: string | undefined;
  },
  signal: AbortSignal,
): Promise<RestAnswer<IdPage>> {
  const rest = { Limit: limit, ...type !== undefined && { GroupType: type } };
  // 64 bits do not fit a number: the digits go back as they came, without quotes.
  const body = `{"Next":${next},${JSON.stringify(rest).slice(1)}`;
  const answer = await client.call(LIST, body, signal);
  const { TotalCount: total, GroupIdList: groups, Next } = answer.value;
  const groupIds = groups.map(({ GroupId: id }) => id);
  return { ...answer, value: { total, groupIds, next: Next } };
}

/** The base facts of at most INFO_MAX_GROUPS groups; one that Tencent passes over is absent. */
export async function getGroupFacts(
  client: RestClient,
  groupIds: readonly string[],
  signal: AbortSignal,
): Promise<RestAnswer<GroupFacts[]>> {
  const body = JSON.stringify({
    GroupIdList: groupIds,
    // Without a filter every member would come as well.
    ResponseFilter: {
      GroupBaseInfoFilter: [
        "Type",
        "Name",
        "Introduction",
        "Notification",
        "FaceUrl",
        "Owner_Account",
        "CreateTime",
        "LastInfoTime",
        "MemberNum",
      ],
    },
  });
  try {
    const answer = await client.call(INFO, body, signal);
    const asked = new Set(groupIds);
    const facts = answer.value.GroupInfo.map(factsOf);
    return {
      ...answer,
      value: facts.filter(({ groupId }) => asked.has(groupId)),
    };
  } catch (error) {
    if (groupIds.length < 2 || !isTooLarge(error)) throw error;
    return await inHalves(client, groupIds, signal);
  }
}

/** Answers of two halves; the older of their times counts for both. */
async function inHalves(
  client: RestClient,
  groupIds: readonly string[],
  signal: AbortSignal,
): Promise<RestAnswer<GroupFacts[]>> {
  const middle = groupIds.length >> 1;
  const one = await getGroupFacts(client, groupIds.slice(0, middle), signal);
  const other = await getGroupFacts(client, groupIds.slice(middle), signal);
  return { ...one, value: [...one.value, ...other.value] };
}

/** Members of a group, page by page, and how many it had when the last page came. */
export async function* fetchMembers(
  client: RestClient,
  { groupId, isCommunity }: {
    readonly groupId: string;
    readonly isCommunity: boolean;
  },
  signal: AbortSignal,
): AsyncGenerator<RestAnswer<{ total: number; members: ListedMember[] }>> {
  let next = "";
  let offset = 0;
  for (let page = 0; page < MAX_MEMBER_CALLS; page++) {
    const answer = await client.call(
      MEMBERS,
      JSON.stringify({
        GroupId: groupId,
        Limit: MEMBERS_PER_CALL,
        ...isCommunity ? { Next: next } : { Offset: offset },
        MemberInfoFilter: ["Role", "JoinTime", "NameCard"],
      }),
      signal,
    );
    const { MemberNum: total, MemberList: list, Next } = answer.value;
    yield { ...answer, value: { total, members: list.map(memberOf) } };
    offset += list.length;
    next = Next;
    const isLast = isCommunity ? next === "" : offset >= total;
    if (isLast || list.length === 0) return;
  }
}

/** Addresses and CIDR blocks from which Tencent sends callbacks, inside China and outside. */
export async function listEgressAddresses(
  client: RestClient,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const lists: string[] = [];
  for (const kind of [5, 6]) {
    const call = {
      path: "ConfigSvc/GetIPList",
      schema: AddressesSchema,
      query: `&nettype=${kind}`,
    };
    lists.push(...(await client.call(call, "{}", signal)).value.IPList);
  }
  return [...new Set(lists)];
}

function isTooLarge(error: unknown): boolean {
  return error instanceof RestError && error.reaction === "smaller";
}

function factsOf(
  info: v.InferOutput<typeof GroupInfoSchema>["GroupInfo"][number],
): GroupFacts {
  return {
    groupId: info.GroupId,
    code: info.ErrorCode,
    type: info.Type,
    name: info.Name,
    owner: info.Owner_Account,
    introduction: info.Introduction,
    notification: info.Notification,
    faceUrl: info.FaceUrl,
    createdAtSec: info.CreateTime,
    memberCount: info.MemberNum,
    changedAtSec: info.LastInfoTime,
  };
}

/** A sample of the documentation has a role with a blank behind it. */
function memberOf(
  member: v.InferOutput<typeof MembersSchema>["MemberList"][number],
): ListedMember {
  return {
    userId: member.Member_Account,
    role: member.Role.trim(),
    joinedAtSec: member.JoinTime,
    nameCard: member.NameCard,
  };
}
