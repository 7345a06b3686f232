import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import type { QuarantineItem } from "../../base/event.ts";
import { isoOf } from "../../base/iso_time.ts";
import {
  getQuarantined,
  listQuarantine,
} from "../../store/quarantine/quarantine.ts";
import { DEFAULT_LIMIT, LIMIT, wholeNumber } from "../edge/params.ts";
import { RAW_ANSWER, rawResponse } from "../edge/responses.ts";
import { type Route, route } from "../edge/route.ts";
import {
  QUARANTINE_FILTER,
  QUARANTINE_ID,
  quarantineRemovalRoutes,
} from "./quarantine_removal.ts";
import { QuarantineItemSchema, QuarantinePageSchema } from "./schemas.ts";
import {
  missingItem,
  type QuarantineSource,
  revalidationRoutes,
} from "./revalidation.ts";

const ORDER = v.pipe(
  v.picklist(["oldest", "newest"], "oldest or newest"),
  v.description("Which items come first; the newest by default"),
);

/** Routes of the quarantine: authentic callbacks that could not become events. */
export function quarantineRoutes(store: QuarantineSource): readonly Route[] {
  return [
    listRoute(store),
    reasonsRoute(store),
    getRoute(store),
    rawRoute(store),
    ...quarantineRemovalRoutes(store),
    ...revalidationRoutes(store),
  ];
}

function listRoute(store: QuarantineSource): Route {
  return route({
    method: "GET",
    pattern: "/v1/quarantine",
    id: "listQuarantine",
    summary: "Read what was set aside, newest first or oldest first",
    query: v.strictObject({
      order: v.optional(ORDER),
      after: v.optional(
        wholeNumber(
          { min: 0 },
          "Only items behind this number in the order asked for; 0 is the first page",
        ),
      ),
      before: v.optional(
        wholeNumber({ min: 1 }, "Only items with lower numbers"),
      ),
      limit: LIMIT,
      ...QUARANTINE_FILTER,
      code: v.optional(
        wholeNumber({ min: 42200, max: 42202 }, "Set aside with this code"),
      ),
    }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "Items in order; with a filter a page may be short, or " +
        "empty, and yet not the last: go on while there is a `next`",
      schema: QuarantinePageSchema,
    }],
    handle: async ({ query }) => {
      const { sdkAppId: app, limit = DEFAULT_LIMIT, ...rest } = query;
      const options = { ...rest, ...rangeOf(query), app, limit };
      const page = await listQuarantine(store, options);
      return Response.json({
        items: page.items.map(itemJson),
        next: page.next?.toString(),
      });
    },
  });
}

/** The numbers that a page is taken from: `after` goes on in the order asked for. */
function rangeOf(
  { order = "newest", after = 0, before = Infinity }: {
    readonly order?: "oldest" | "newest" | undefined;
    readonly after?: number | undefined;
    readonly before?: number | undefined;
  },
) {
  if (order === "oldest") return { order, after, before };
  return { order, after: 0, before: Math.min(before, after || Infinity) };
}

const ReasonsSchema = v.strictObject({
  items: v.array(v.strictObject({
    sdkAppId: QuarantineItemSchema.entries.sdkAppId,
    code: QuarantineItemSchema.entries.code,
    reason: QuarantineItemSchema.entries.reason,
    count: v.pipe(v.number(), v.integer()),
    newest: QuarantineItemSchema.entries.id,
    newestAt: QuarantineItemSchema.entries.receivedAt,
  })),
});

function reasonsRoute({ quarantineIndex }: QuarantineSource): Route {
  return route({
    method: "GET",
    pattern: "/v1/quarantine/reasons",
    id: "listQuarantineReasons",
    summary: "Count what was set aside, by app and reason, most first",
    query: v.strictObject({ limit: LIMIT }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "A row for each app and reason, with its newest item",
      schema: ReasonsSchema,
    }],
    handle: ({ query: { limit = DEFAULT_LIMIT } }) => {
      const totals = quarantineIndex.totals().slice(0, limit);
      const items = totals.map((total): ReasonJson => ({
        sdkAppId: total.app,
        code: total.code,
        reason: total.reason,
        count: total.count,
        newest: String(total.number),
        newestAt: isoOf(total.receivedAtMs),
      }));
      return Promise.resolve(Response.json({ items }));
    },
  });
}

type ReasonJson = v.InferInput<typeof ReasonsSchema>["items"][number];

function getRoute(store: QuarantineSource): Route {
  return route({
    method: "GET",
    pattern: "/v1/quarantine/:id",
    id: "getQuarantined",
    summary: "Read one item",
    params: QUARANTINE_ID,
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

function rawRoute(store: QuarantineSource): Route {
  return route({
    method: "GET",
    pattern: "/v1/quarantine/:id/raw",
    id: "getRawQuarantined",
    summary: "Read an item's bytes as they were received",
    params: QUARANTINE_ID,
    answers: [RAW_ANSWER],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params }) => {
      const { number, body } = await itemAt(store, params.id);
      return rawResponse(body, `quarantine-${number}.bin`);
    },
  });
}

async function itemAt(
  { reader }: QuarantineSource,
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
    sdkAppId: app,
    receivedAt: isoOf(receivedAtMs),
    code: meta.code,
    reason: meta.reason,
    query: meta.query,
    size: body.length,
    raw: body.toBase64(),
  };
}
