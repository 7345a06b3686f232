import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { isoOf, msOf } from "../../base/iso_time.ts";
import { PLACE_CURSOR, placeAt, placeCursor } from "../edge/page_cursor.ts";
import {
  DEFAULT_LIMIT,
  FILTER,
  LIMIT,
  SDK_APP_ID,
  text,
  timeSchema,
} from "../edge/params.ts";
import { portableResponse } from "../edge/responses.ts";
import { type Route, route } from "../edge/route.ts";
import { GROUP_STATES, GroupPageSchema } from "./schemas.ts";
import { groupView } from "../../directory/fold/view.ts";
import { listGroups } from "../../directory/rows/groups.ts";
import type { GroupQuery } from "../../directory/rows/query.ts";
import type { Store } from "../../store/open.ts";

/** The query parameter `state`. */
export const STATE = v.optional(
  v.pipe(
    v.picklist(GROUP_STATES, "partial, active or disbanded"),
    v.description("Only groups in this state"),
  ),
);

/** The 200 answer with a page of groups. */
export const GROUP_PAGE_ANSWER = {
  status: STATUS_CODE.OK,
  description: "Groups, newest first; a page may be short and yet have a next",
  schema: GroupPageSchema,
} as const;

const QUERY = v.strictObject({
  sdkAppId: FILTER.sdkAppId,
  owner: v.optional(text("Only groups that this user owns")),
  member: v.optional(text("Only groups that this user is known to be in")),
  type: v.optional(text("Only groups of this type, such as Public")),
  name: v.optional(text("How the name begins, in capitals or not")),
  text: v.optional(text("A part of the name or the ID, in capitals or not")),
  state: STATE,
  createdAfter: v.optional(timeSchema("Groups that began then or later")),
  createdBefore: v.optional(timeSchema("Groups that began before then")),
  changedAfter: v.optional(timeSchema("Groups that changed then or later")),
  cursor: PLACE_CURSOR,
  limit: LIMIT,
});

/** Source of a list of groups. */
interface GroupListOptions {
  readonly store: Pick<Store, "reader">;
}

/** The groups. */
export function groupsRoute({ store }: GroupListOptions): Route {
  return route({
    method: "GET",
    pattern: "/v1/groups",
    id: "listGroups",
    summary: "List the groups, newest first",
    query: QUERY,
    answers: [GROUP_PAGE_ANSWER],
    handle: ({ query }) => groupsResponse(store, queryOf(query)),
  });
}

/** A page of groups as it is answered. It may be short, or empty, and yet have a next one. */
async function groupsResponse(
  { reader }: GroupListOptions["store"],
  query: GroupQuery,
): Promise<Response> {
  const { groups, next, through } = await listGroups(reader, query);
  return portableResponse({
    items: groups.map((one) => groupView(one.group, one)),
    next: next && placeCursor(next),
    reached: next && isoOf(next.sinceMs),
    through: String(through),
  });
}

function queryOf(query: v.InferOutput<typeof QUERY>): GroupQuery {
  const { owner, member, type, name, text, state } = query;
  return {
    app: query.sdkAppId,
    owner,
    member,
    type,
    name,
    text,
    state,
    createdAfterMs: sinceMs(query.createdAfter),
    createdBeforeMs: sinceMs(query.createdBefore),
    changedAfterMs: sinceMs(query.changedAfter),
    before: query.cursor === undefined ? undefined : placeAt(query.cursor),
    limit: query.limit ?? DEFAULT_LIMIT,
  };
}

function sinceMs(time: string | undefined): number | undefined {
  return time === undefined ? undefined : msOf(time);
}

/** The groups that a user is in. */
export function userGroupsRoute({ store }: GroupListOptions): Route {
  return route({
    method: "GET",
    pattern: "/v1/users/:sdkAppId/:userId/groups",
    id: "listUserGroups",
    summary:
      "List the groups that a user is known to be in; without `state`, those that are not disbanded",
    params: v.strictObject({ sdkAppId: SDK_APP_ID, userId: text("User") }),
    query: v.strictObject({
      state: STATE,
      cursor: PLACE_CURSOR,
      limit: LIMIT,
    }),
    answers: [GROUP_PAGE_ANSWER],
    handle: ({ params, query }) => {
      const { state, cursor, limit = DEFAULT_LIMIT } = query;
      return groupsResponse(store, {
        app: params.sdkAppId,
        member: params.userId,
        state,
        notState: state === undefined ? "disbanded" : undefined,
        before: cursor === undefined ? undefined : placeAt(cursor),
        limit,
      });
    },
  });
}
