import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import type { QuarantineItem } from "../../base/event.ts";
import type { RevalidateStore } from "../../ingest/revalidate.ts";
import {
  deleteQuarantined,
  getQuarantined,
  listQuarantine,
} from "../../store/quarantine/quarantine.ts";
import {
  DEFAULT_LIMIT,
  FILTER,
  LIMIT,
  NUMBER,
  wholeNumber,
} from "../edge/params.ts";
import { RAW_ANSWER, rawResponse } from "../edge/responses.ts";
import { type Route, route } from "../edge/route.ts";
import { QuarantineItemSchema, QuarantinePageSchema } from "../edge/schemas.ts";
import { missingItem, revalidationRoutes } from "./revalidation.ts";

const ID = v.strictObject({ id: NUMBER });
/** What was authentic but could not be journaled. */
export function quarantineRoutes(store: RevalidateStore): readonly Route[] {
  return [
    listRoute(store),
    getRoute(store),
    rawRoute(store),
    deleteRoute(store),
    ...revalidationRoutes(store),
  ];
}

function listRoute({ reader }: RevalidateStore): Route {
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
      sdkAppId: FILTER.sdkAppId,
      code: v.optional(
        wholeNumber({ min: 42200, max: 42202 }, "Set aside with this code"),
      ),
    }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "Items in order; with a filter a page may be short, or " +
        "empty, and yet not the last: go on until `next` stays the same",
      schema: QuarantinePageSchema,
    }],
    handle: async ({ query }) => {
      const { after = 0, limit = DEFAULT_LIMIT, sdkAppId: app, code } = query;
      const page = await listQuarantine(reader, { after, limit, app, code });
      return Response.json({
        items: page.items.map(itemJson),
        next: String(page.next),
      });
    },
  });
}

function getRoute(store: RevalidateStore): Route {
  return route({
    method: "GET",
    pattern: "/v1/quarantine/:id",
    id: "getQuarantined",
    summary: "Read one item",
    params: ID,
    answers: [{
      status: STATUS_CODE.OK,
      description: "The item",
      schema: QuarantineItemSchema,
    }],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params }) =>
      Response.json(itemJson(await itemAt(store, params.id))),
  });
}

function rawRoute(store: RevalidateStore): Route {
  return route({
    method: "GET",
    pattern: "/v1/quarantine/:id/raw",
    id: "getRawQuarantined",
    summary: "Read an item's bytes as they were received",
    params: ID,
    answers: [RAW_ANSWER],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params }) => {
      const { number, body } = await itemAt(store, params.id);
      return rawResponse(body, `quarantine-${number}.bin`);
    },
  });
}

function deleteRoute(store: RevalidateStore): Route {
  return route({
    method: "DELETE",
    pattern: "/v1/quarantine/:id",
    id: "deleteQuarantined",
    summary: "Remove an item for good",
    params: ID,
    answers: [{ status: STATUS_CODE.NoContent, description: "It is gone" }],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params }) => {
      if (!await deleteQuarantined(store, params.id)) {
        throw missingItem(params.id);
      }
      return new Response(null, { status: STATUS_CODE.NoContent });
    },
  });
}

async function itemAt(
  { reader }: RevalidateStore,
  number: number,
): Promise<QuarantineItem> {
  const item = await getQuarantined(reader, number);
  if (item === null) throw missingItem(number);
  return item;
}

function itemJson(
  item: QuarantineItem,
): v.InferInput<typeof QuarantineItemSchema> {
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
