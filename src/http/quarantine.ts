import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import type { QuarantineItem } from "../event.ts";
import type { Store } from "../store/open.ts";
import { listQuarantine } from "../store/quarantine.ts";
import { DEFAULT_LIMIT, LIMIT, wholeNumber } from "./params.ts";
import { type Route, route } from "./route.ts";
import { QuarantinePageSchema } from "./schemas.ts";

/** What was authentic but could not be journaled. */
export function quarantineRoutes(
  store: Pick<Store, "reader">,
): readonly Route[] {
  return [listRoute(store)];
}

function listRoute({ reader }: Pick<Store, "reader">): Route {
  return route({
    method: "GET",
    pattern: "/v1/quarantine",
    id: "listQuarantine",
    summary: "Read what was set aside, oldest first",
    query: v.strictObject({
      after: v.optional(
        wholeNumber({ min: 0 }, "The last number already seen"),
      ),
      limit: LIMIT,
    }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "Items in order",
      schema: QuarantinePageSchema,
    }],
    handle: async ({ query }) => {
      const { after = 0, limit = DEFAULT_LIMIT } = query;
      const page = await listQuarantine(reader, { after, limit });
      return Response.json({
        items: page.items.map(itemJson),
        next: String(page.next),
      });
    },
  });
}

function itemJson(
  item: QuarantineItem,
): v.InferInput<typeof QuarantinePageSchema>["items"][number] {
  const { number, app, receivedAtMs, meta, body } = item;
  return {
    id: String(number),
    sdkappid: app,
    recordedtime: new Date(receivedAtMs).toISOString(),
    code: meta.code,
    reason: meta.reason,
    query: meta.query,
    size: body.length,
    raw: body.toBase64(),
  };
}
