import * as v from "valibot";
import { PLACE_CURSOR, placeAt } from "./edge/page_cursor.ts";
import type { Directory } from "./groups/source.ts";
import { GROUP_PAGE_ANSWER, groupsResponse, STATE } from "./groups/list.ts";
import { DEFAULT_LIMIT, LIMIT, SDK_APP_ID, text } from "./edge/params.ts";
import { type Route, route } from "./edge/route.ts";

/** The groups that a user is in. */
export function userGroupsRoute(
  { directory }: { readonly directory: Pick<Directory, "listGroups"> },
): Route {
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
    handle: async ({ params, query }) => {
      const { state, cursor, limit = DEFAULT_LIMIT } = query;
      return groupsResponse(
        await directory.listGroups({
          app: params.sdkAppId,
          member: params.userId,
          state,
          notState: state === undefined ? "disbanded" : undefined,
          before: cursor === undefined ? undefined : placeAt(cursor),
          limit,
        }),
      );
    },
  });
}
