import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { KEY_CURSOR, keyAt, keyCursor } from "../edge/page_cursor.ts";
import { DEFAULT_LIMIT, LIMIT, text } from "../edge/params.ts";
import { portableResponse } from "../edge/responses.ts";
import { type Route, route } from "../edge/route.ts";
import { GROUP, refOf, unknownGroup } from "./group.ts";
import { MemberPageSchema, TopicPageSchema } from "./schemas.ts";
import { memberView, topicView } from "../../directory/fold/view.ts";
import {
  listMembers,
  listTopics,
  type PartQuery,
} from "../../directory/rows/parts.ts";
import type { Store } from "../../store/open.ts";

/** Dependencies of the routes of members and topics. */
export interface GroupPartsOptions {
  readonly store: Pick<Store, "reader">;
}

const PAGE = { cursor: KEY_CURSOR, limit: LIMIT };

/** Routes of a group's members and topics. */
export function groupPartRoutes(options: GroupPartsOptions): readonly Route[] {
  return [membersRoute(options), topicsRoute(options)];
}

function membersRoute({ store: { reader } }: GroupPartsOptions): Route {
  return route({
    method: "GET",
    pattern: "/v1/groups/:sdkAppId/:groupId/members",
    id: "listMembers",
    summary: "List who is known to be in a group, by user ID",
    params: GROUP,
    query: v.strictObject({
      ...PAGE,
      prefix: v.optional(text("How the user ID begins")),
    }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "Members in order",
      schema: MemberPageSchema,
    }],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params, query }) => {
      const { prefix } = query;
      const wanted = { ...partQuery(params, query), prefix };
      const page = await listMembers(reader, wanted);
      if (page === null) throw unknownGroup(params);
      const { group, next } = page;
      const items = page.items.map(({ id, state }) =>
        memberView(id, state, group)
      );
      return portableResponse({ items, next: nextOf(next) });
    },
  });
}

function topicsRoute({ store: { reader } }: GroupPartsOptions): Route {
  return route({
    method: "GET",
    pattern: "/v1/groups/:sdkAppId/:groupId/topics",
    id: "listTopics",
    summary: "List the topics of a community, by topic ID",
    params: GROUP,
    query: v.strictObject(PAGE),
    answers: [{
      status: STATUS_CODE.OK,
      description: "Topics in order",
      schema: TopicPageSchema,
    }],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params, query }) => {
      const page = await listTopics(reader, partQuery(params, query));
      if (page === null) throw unknownGroup(params);
      const { group, next } = page;
      const items = page.items.map(({ id, state }) =>
        topicView(id, state, group)
      );
      return portableResponse({ items, next: nextOf(next) });
    },
  });
}

function partQuery(
  params: v.InferOutput<typeof GROUP>,
  { cursor, limit = DEFAULT_LIMIT }: {
    readonly cursor?: string | undefined;
    readonly limit?: number | undefined;
  },
): PartQuery {
  const after = cursor === undefined ? undefined : keyAt(cursor);
  return { ...refOf(params), after, limit };
}

function nextOf(next: string | undefined): string | undefined {
  return next === undefined ? undefined : keyCursor(next);
}
