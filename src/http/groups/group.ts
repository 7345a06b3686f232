import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { groupView } from "../../directory/fold/view.ts";
import { getGroup } from "../../directory/rows/groups.ts";
import type { GroupRef } from "../../directory/rows/keys.ts";
import type { Store } from "../../store/open.ts";
import { GroupSchema } from "./schemas.ts";
import { HttpError } from "../edge/errors.ts";
import { ETAG, IF_NONE_MATCH, taggedJson } from "../edge/responses.ts";
import { SDK_APP_ID, text } from "../edge/params.ts";
import { type Route, route } from "../edge/route.ts";

/** The path parameters that name a group. */
export const GROUP = v.strictObject({
  sdkAppId: SDK_APP_ID,
  groupId: text("Group, percent-encoded"),
});

/** One group. */
export function groupRoute(
  { store: { reader } }: { readonly store: Pick<Store, "reader"> },
): Route {
  return route({
    method: "GET",
    pattern: "/v1/groups/:sdkAppId/:groupId",
    id: "getGroup",
    summary: "Read a group; If-None-Match with its ETag is answered with 304",
    params: GROUP,
    headers: IF_NONE_MATCH,
    answers: [
      {
        status: STATUS_CODE.OK,
        description: "The group",
        schema: GroupSchema,
        headers: ETAG,
      },
      {
        status: STATUS_CODE.NotModified,
        description: "It is as If-None-Match says",
        headers: ETAG,
      },
    ],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ request, params }) => {
      const found = await getGroup(reader, refOf(params));
      if (found === null) throw unknownGroup(params);
      const { group, versionstamp: version } = found;
      return taggedJson(groupView(group, found), { request, version });
    },
  });
}

/** The group that a path means. */
export function refOf(
  { sdkAppId: app, groupId }: v.InferOutput<typeof GROUP>,
): GroupRef {
  return { app, groupId };
}

/** The 404 for an unknown group. */
export function unknownGroup(
  { sdkAppId, groupId }: v.InferOutput<typeof GROUP>,
): HttpError {
  return new HttpError(
    STATUS_CODE.NotFound,
    `No callback of app ${sdkAppId} has told of group "${groupId}"`,
  );
}
